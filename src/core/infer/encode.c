/*
 * encode.c
 *		Encoding and decoding by a trained model.
 */
#include "core/infer/encode.h"

#include "core/base/range.h"
#include "core/linalg/openblas.h"
#include "core/nn/architecture.h"
#include "core/nn/decoder_rows.h"

/* Rows that are encoded or decoded at a time. */
#define BATCH_ROWS 1024

/* What encoding "rows" rows at a time needs. */
typedef struct Encoding
{
	const GaeModel *model;
	const GaeLatent *latent;
	GaeEncoder *encoder;
	GaeReal    *e;				/* rows x heads · latent_dim */
} Encoding;

static GaeStatus
begin_encoding(GaeEnv *env, const GaeModel *model, int64_t rows, Encoding *encoding)
{
	const GaeArchitecture *architecture = gae_architecture(model->config.kind);
	const GaeEncoderKind *kind = architecture->encoder;
	int64_t		values = rows * architecture->latent->heads * model->config.latent_dim;

	encoding->model = model;
	encoding->latent = architecture->latent;
	GAE_TRY(gae_memory_expect(env, (double) values * sizeof(GaeReal) +
							  kind->bytes(kind, &model->config, &model->params, (double) rows),
							  "encoding", "Raise vgae.memory_limit, or give fewer nodes."));
	GAE_ALLOC(env, encoding->e, values);
	return kind->create(env, kind, &model->config, &model->params, rows, NULL,
						(GaeDropRates) {0}, &encoding->encoder);
}

static void
end_encoding(GaeEnv *env, Encoding *encoding)
{
	encoding->encoder->kind->destroy(env, encoding->encoder);
	gae_free(env, encoding->e);
}

static GaeStatus
encode(GaeEnv *env, Encoding *encoding, const GaeFeatures *x, const GaePropagation *propagation,
	   GaeReal *mu, GaeReal *log_std)
{
	GaeEncoderInput input = {.x = x, .propagation = propagation};

	GAE_TRY(encoding->encoder->kind->forward(env, encoding->encoder, encoding->model->parameter,
											 &input, &gae_no_dropout, encoding->e));
	return encoding->latent->store(env, x->rows, encoding->model->config.latent_dim, encoding->e,
								   mu, log_std);
}

/* Rows that stand alone, a batch at a time. */
static GaeStatus
encode_rows(GaeEnv *env, const GaeModel *model, const GaeFeatures *x, GaeReal *mu, GaeReal *log_std)
{
	int64_t		d = model->config.latent_dim;
	int64_t		batch_rows = gae_min(x->rows, BATCH_ROWS);
	bool		dense = x->form == GAE_FEATURES_DENSE;
	GaeFeatures batch = {.form = GAE_FEATURES_DENSE, .columns = x->columns};
	GaeReal    *gathered = NULL;
	int32_t    *row = NULL;
	Encoding	encoding;

	if (!dense)
	{
		GAE_ALLOC(env, gathered, batch_rows * x->columns);
		GAE_ALLOC(env, row, batch_rows);
	}
	GAE_TRY(begin_encoding(env, model, batch_rows, &encoding));
	for (int64_t first = 0; first < x->rows; first += BATCH_ROWS)
	{
		batch.rows = gae_min(x->rows - first, BATCH_ROWS);
		batch.dense = dense ? x->dense + first * x->columns : gathered;
		for (int64_t i = 0; i < batch.rows && !dense; i++)
			row[i] = (int32_t) (first + i);
		if (!dense)
			GAE_TRY(gae_features_gather(env, x, row, batch.rows, batch.dense));
		GAE_TRY(encode(env, &encoding, &batch, NULL, mu + first * d,
					   log_std != NULL ? log_std + first * d : NULL));
	}
	end_encoding(env, &encoding);
	gae_free(env, row);
	gae_free(env, gathered);
	return GAE_OK;
}

/*
 * adapted = the model with own weights for other nodes: those that it has for the nodes that it
 * knows, and none for new ones.
 */
static GaeStatus
adapt(GaeEnv *env, const GaeModel *model, int32_t nodes, const int32_t *node_map, GaeModel *adapted)
{
	int32_t    *column_map;

	*adapted = *model;
	adapted->columns.nodes = nodes;
	GAE_TRY(gae_architecture_layout(env, &model->config, adapted->columns, &adapted->params));
	GAE_TRY(gae_memory_expect(env, (double) adapted->params.count * sizeof(GaeReal), "encoding",
							  "Raise vgae.memory_limit, or give fewer nodes."));
	GAE_ALLOC_ZERO(env, adapted->parameter, adapted->params.count);
	GAE_TRY(gae_model_column_map(env, model, adapted->columns, NULL, node_map, &column_map));
	GAE_TRY(gae_params_adopt(env, &adapted->params, adapted->parameter, &model->params,
							 model->parameter, column_map));
	gae_free(env, column_map);
	return GAE_OK;
}

GaeStatus
gae_encode(GaeEnv *env, const GaeModel *model, const GaeGraph *graph, const GaeFeatures *features,
		   const int32_t *node_map, GaeReal *mu, GaeReal *log_std)
{
	GaeAdjacency adjacency;
	GaePropagation propagation;
	GaeFeatures x = *features;
	GaeModel	adapted;
	Encoding	encoding;

	GAE_TRY(gae_openblas_load(env));
	if (graph == NULL)
		return encode_rows(env, model, features, mu, log_std);
	if (model->columns.nodes > 0)
	{
		x.identity = true;
		GAE_TRY(adapt(env, model, graph->nodes, node_map, &adapted));
		model = &adapted;
	}
	GAE_TRY(gae_adjacency_build(env, graph, NULL, 0, graph->weight != NULL, &adjacency));
	GAE_TRY(gae_propagation_create(env, &adjacency, &propagation));
	GAE_TRY(gae_propagation_weigh(env, &propagation, graph, NULL));
	GAE_TRY(begin_encoding(env, model, features->rows, &encoding));
	GAE_TRY(encode(env, &encoding, &x, &propagation, mu, log_std));
	end_encoding(env, &encoding);
	return GAE_OK;
}

GaeStatus
gae_decode(GaeEnv *env, const GaeModel *model, int64_t count, const GaeReal *latent, GaeReal *features)
{
	int64_t		d = model->config.latent_dim;
	int64_t		columns = model->columns.features;
	int64_t		poll_rows = 1 + GAE_POLL_ITEMS / columns;
	GaeRowDecoder decoder;
	int64_t		batch = gae_min(count, BATCH_ROWS);

	GAE_TRY(gae_openblas_load(env));
	GAE_TRY(gae_row_decoder_create(env, &model->params, model->config.reconstruction, batch, &decoder));
	for (int64_t first = 0; first < count; first += batch)
	{
		int64_t		rows = gae_min(count - first, batch);
		GaeReal    *out = features + first * columns;

		GAE_TRY(gae_row_decode(env, &decoder, model->parameter, rows, latent + first * d, out));
		for (int64_t i = 0; i < rows; i++)
		{
			if (i % poll_rows == 0)
				GAE_TRY(gae_poll(env));
			gae_scaler_revert(&model->scaler, out + i * columns, out + i * columns);
		}
	}
	gae_row_decoder_free(env, &decoder);
	return GAE_OK;
}

int64_t
gae_row_work(const GaeModel *model)
{
	int64_t		widest = 0;

	for (int l = 0; l < model->params.encoder_layers + model->params.decoder_layers; l++)
		widest = gae_max(widest, model->params.layer[l].out);
	return 2 * widest;
}

void
gae_encode_row(const GaeModel *model, const GaeReal *x, GaeReal *work, GaeReal *mu)
{
	gae_architecture(model->config.kind)->encoder->row(&model->config, &model->params,
													   model->parameter, x, work, mu);
}

void
gae_decode_row(const GaeModel *model, const GaeReal *latent, GaeReal *work, GaeReal *features)
{
	gae_row_decode_one(&model->params, model->config.reconstruction, model->parameter, latent, work,
					   features);
	gae_scaler_revert(&model->scaler, features, features);
}
