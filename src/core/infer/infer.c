/*
 * infer.c
 *		Scores, encodings, samples and decodings of a trained model.
 */
#include "core/infer/infer.h"

#include <math.h>
#include <string.h>

#include "core/model/bfloat.h"
#include "core/nn/decoder_rows.h"
#include "core/linalg/matmul.h"
#include "core/linalg/openblas.h"
#include "core/linalg/elementwise.h"
#include "core/nn/latent.h"
#include "core/base/simd.h"
#include "core/nn/layers.h"

/* Rows that are encoded or decoded at a time. */
#define BATCH_ROWS 1024

double
gae_latent_score(const GaeModel *model, const GaeReal *source, const GaeReal *target)
{
	int64_t		d = model->config.latent_dim;

	if (model->config.directed)
		return gae_dot(source, target + d / 2, d / 2);
	return gae_dot(source, target, d);
}

double
gae_link_score(const GaeModel *model, int32_t src, int32_t dst)
{
	int64_t		d = model->config.latent_dim;

	return gae_latent_score(model, model->mu + src * d, model->mu + dst * d);
}

double
gae_untrained_score(const GaeModel *model, int32_t src, int32_t dst)
{
	int64_t		d = model->config.latent_dim;
	int64_t		width = model->config.directed ? d / 2 : d;
	const uint16_t *source = model->untrained + src * d;
	const uint16_t *target = model->untrained + dst * d + (d - width);
	double		sum = 0;

	for (int64_t j = 0; j < width; j++)
		sum += (double) gae_float_of_bfloat(source[j]) * gae_float_of_bfloat(target[j]);
	return sum;
}

void
gae_link_prefetch(const GaeModel *model, int32_t node)
{
	int64_t		d = model->config.latent_dim;

	gae_prefetch_row(model->mu + node * d, d);
}

double
gae_calibrated(const GaeCalibration *calibration, double score)
{
	return gae_sigmoid(calibration->scale * score + calibration->offset);
}

static void
posterior_sample(const GaeModel *model, int32_t node, GaeStream stream, GaeReal *latent)
{
	int64_t		d = model->config.latent_dim;
	const GaeReal *mu = model->mu + node * d;
	const GaeReal *log_std = model->log_std + node * d;

	gae_random_normal(&stream, latent, d);
	for (int64_t j = 0; j < d; j++)
		latent[j] = (GaeReal) (mu[j] + exp(log_std[j]) * latent[j]);
}

void
gae_sample_posterior(const GaeModel *model, int32_t node, int32_t sample, int64_t seed,
					 GaeRandomUse use, GaeReal *latent)
{
	posterior_sample(model, node,
					 gae_stream(seed, use, (uint32_t) sample, (uint64_t) node), latent);
}

GaeStatus
gae_link_probability(GaeEnv *env, const GaeModel *model, int32_t src, int32_t dst,
					 int32_t samples, int64_t seed, double *probability)
{
	int64_t		d = model->config.latent_dim;
	GaeReal    *source;
	GaeReal    *target;
	double		sum = 0;
	int32_t		poll_every = (int32_t) (1 + 65536 / d);	/* about a millisecond */

	if (samples == 0)
	{
		*probability = gae_calibrated(&model->calibration, gae_link_score(model, src, dst));
		return GAE_OK;
	}
	GAE_ALLOC(env, source, d);
	GAE_ALLOC(env, target, d);
	for (int32_t s = 0; s < samples; s++)
	{
		/*
		 * A node's sample is the same in every pair: a joint sample of the
		 * graph, so that probabilities of pairs can be compared.
		 */
		gae_sample_posterior(model, src, s, seed, GAE_RANDOM_POSTERIOR, source);
		gae_sample_posterior(model, dst, s, seed, GAE_RANDOM_POSTERIOR, target);
		sum += gae_calibrated(&model->calibration, gae_latent_score(model, source, target));
		if (s % poll_every == 0)
			GAE_TRY(gae_poll(env));
	}
	gae_free(env, target);
	gae_free(env, source);
	*probability = sum / samples;
	return GAE_OK;
}

void
gae_sample_prior(const GaeModel *model, int32_t sample, int64_t seed, GaeReal *latent)
{
	GaeStream	stream = gae_stream(seed, GAE_RANDOM_PRIOR, 0, (uint64_t) sample);

	gae_random_normal(&stream, latent, model->config.latent_dim);
}

/* What encoding "rows" rows at a time needs. */
typedef struct Encoder
{
	const GaeModel *model;
	GaeLayers	stack;
	GaeReal    *e;				/* rows x heads · latent_dim */
} Encoder;

static GaeStatus
encoder_create(GaeEnv *env, const GaeModel *model, const GaePropagation *propagation, int64_t rows,
			   Encoder *encoder)
{
	int64_t		d = model->config.latent_dim;
	int64_t		codes = rows * gae_latent_of(model->config.kind)->heads * d;
	const GaeLayer *layer = model->params.layer;
	int			layers = model->params.encoder_layers;
	double		latent_scale = model->config.latent_scale;

	encoder->model = model;
	GAE_TRY(gae_memory_expect(env, (double) codes * sizeof(GaeReal) +
							  gae_layers_bytes(layer, layers, (double) rows, propagation != NULL,
											  latent_scale, d),
							  "encoding", "Raise vgae.memory_limit, or give fewer nodes."));
	GAE_ALLOC(env, encoder->e, codes);
	return gae_layers_create(env, layer, layers, rows, propagation, latent_scale, d, NULL,
							&encoder->stack);
}

static void
encoder_free(GaeEnv *env, Encoder *encoder)
{
	gae_layers_free(env, &encoder->stack);
	gae_free(env, encoder->e);
}

static GaeStatus
encode(GaeEnv *env, Encoder *encoder, const GaeFeatures *x, GaeReal *mu, GaeReal *log_std)
{
	static const GaeDropout no_dropout = {0, 0, 0};
	const GaeModel *model = encoder->model;
	const GaeLatent *latent = gae_latent_of(model->config.kind);

	GAE_TRY(gae_layers_forward(env, &encoder->stack, model->parameter, x, &no_dropout, encoder->e));
	return gae_latent_split(env, latent, x->rows, model->config.latent_dim, encoder->e, mu,
							latent->heads > 1 ? log_std : NULL);
}

static GaeStatus
encode_rows(GaeEnv *env, const GaeModel *model, const GaeFeatures *x, GaeReal *mu, GaeReal *log_std)
{
	int64_t		d = model->config.latent_dim;
	int64_t		batch_rows = x->rows < BATCH_ROWS ? x->rows : BATCH_ROWS;
	bool		dense = x->form == GAE_FEATURES_DENSE;
	GaeFeatures batch = {.form = GAE_FEATURES_DENSE, .columns = x->columns};
	GaeReal    *gathered = NULL;
	int32_t    *row = NULL;
	Encoder		encoder;

	if (!dense)
	{
		GAE_ALLOC(env, gathered, batch_rows * x->columns);
		GAE_ALLOC(env, row, batch_rows);
	}
	GAE_TRY(encoder_create(env, model, NULL, batch_rows, &encoder));
	for (int64_t first = 0; first < x->rows; first += BATCH_ROWS)
	{
		batch.rows = x->rows - first < BATCH_ROWS ? x->rows - first : BATCH_ROWS;
		batch.dense = dense ? x->dense + first * x->columns : gathered;
		for (int64_t i = 0; i < batch.rows && !dense; i++)
			row[i] = (int32_t) (first + i);
		if (!dense)
			GAE_TRY(gae_features_gather(env, x, row, batch.rows, batch.dense));
		GAE_TRY(encode(env, &encoder, &batch, mu + first * d,
					   log_std != NULL ? log_std + first * d : NULL));
	}
	encoder_free(env, &encoder);
	gae_free(env, row);
	gae_free(env, gathered);
	return GAE_OK;
}

GaeStatus
gae_encode(GaeEnv *env, const GaeModel *model, const GaeGraph *graph, GaeFeatures *features,
		   GaeReal *mu, GaeReal *log_std)
{
	GaeAdjacency adjacency;
	GaePropagation propagation;
	Encoder		encoder;

	GAE_TRY(gae_openblas_load(env));
	if (graph == NULL)
		return encode_rows(env, model, features, mu, log_std);
	GAE_TRY(gae_adjacency_build(env, graph, NULL, 0, graph->weight != NULL, &adjacency));
	GAE_TRY(gae_propagation_create(env, &adjacency, &propagation));
	GAE_TRY(gae_propagation_weigh(env, &propagation, graph, NULL));
	GAE_TRY(encoder_create(env, model, &propagation, features->rows, &encoder));
	GAE_TRY(encode(env, &encoder, features, mu, log_std));
	encoder_free(env, &encoder);
	return GAE_OK;
}

GaeStatus
gae_decode(GaeEnv *env, const GaeModel *model, int64_t count, const GaeReal *latent, GaeReal *features)
{
	int64_t		d = model->config.latent_dim;
	int64_t		columns = model->features;
	GaeRowDecoder decoder;
	int64_t		batch = count < BATCH_ROWS ? count : BATCH_ROWS;

	GAE_TRY(gae_openblas_load(env));
	GAE_TRY(gae_row_decoder_create(env, &model->params, model->config.reconstruction, batch, &decoder));
	for (int64_t first = 0; first < count; first += batch)
	{
		int64_t		rows = count - first < batch ? count - first : batch;
		GaeReal    *out = features + first * columns;

		GAE_TRY(gae_row_decode(env, &decoder, model->parameter, rows, latent + first * d, out));
		for (int64_t i = 0; i < rows; i++)
			gae_scaler_revert(&model->scaler, out + i * columns, out + i * columns);
	}
	gae_layers_free(env, &decoder.stack);
	gae_free(env, decoder.output);
	return GAE_OK;
}

int64_t
gae_row_work(const GaeModel *model)
{
	int64_t		widest = 0;

	for (int l = 0; l < model->params.encoder_layers + model->params.decoder_layers; l++)
		if (model->params.layer[l].out > widest)
			widest = model->params.layer[l].out;
	return 2 * widest;
}

void
gae_encode_row(const GaeModel *model, const GaeReal *x, GaeReal *work, GaeReal *mu)
{
	gae_layers_row(model->params.layer, model->params.encoder_layers, model->parameter,
				  model->config.latent_scale, model->config.latent_dim, x, work, mu);
}

void
gae_decode_row(const GaeModel *model, const GaeReal *latent, GaeReal *work, GaeReal *features)
{
	const GaeLayer *layer = &model->params.layer[model->params.encoder_layers];

	gae_layers_row(layer, model->params.decoder_layers, model->parameter, NAN, model->features,
				  latent, work, features);
	if (model->config.reconstruction == GAE_RECONSTRUCTION_BCE)
		gae_sigmoid_softplus(features, model->features);
	gae_scaler_revert(&model->scaler, features, features);
}
