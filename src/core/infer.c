/*
 * infer.c
 *		Scores, encodings, samples and decodings of a trained model.
 */
#include "infer.h"

#include <math.h>
#include <string.h>

#include "decoder_rows.h"
#include "dense.h"
#include "kernels.h"
#include "latent.h"
#include "stack.h"

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

/* Encode all rows at once: what a propagation needs. */
static GaeStatus
encode_whole(GaeEnv *env, const GaeModel *model, const GaePropagation *propagation,
			 const GaeFeatures *x, GaeReal *mu, GaeReal *log_std)
{
	static const GaeDropout no_dropout = {0, 0, 0};
	const GaeLatent *latent = gae_latent_of(model->config.kind);
	int64_t		d = model->config.latent_dim;
	GaeStack	stack;
	GaeReal    *e;

	GAE_TRY(gae_stack_create(env, model->params.layer, model->params.encoder_layers, x->rows,
							 propagation, model->config.latent_scale, d, NULL, &stack));
	GAE_ALLOC(env, e, x->rows * latent->heads * d);
	GAE_TRY(gae_stack_forward(env, &stack, model->parameter, x, &no_dropout, e));
	gae_latent_split(latent, x->rows, d, e, mu, latent->heads > 1 ? log_std : NULL);
	gae_free(env, e);
	gae_stack_free(env, &stack);
	return GAE_OK;
}

static GaeStatus
encode_rows(GaeEnv *env, const GaeModel *model, const GaeFeatures *x, GaeReal *mu, GaeReal *log_std)
{
	int64_t		d = model->config.latent_dim;
	int64_t		batch_rows = x->rows < BATCH_ROWS ? x->rows : BATCH_ROWS;
	GaeFeatures batch = {.form = GAE_FEATURES_DENSE, .columns = x->columns};
	int32_t    *row;

	GAE_ALLOC(env, batch.dense, batch_rows * x->columns);
	GAE_ALLOC(env, row, batch_rows);
	for (int64_t first = 0; first < x->rows; first += BATCH_ROWS)
	{
		batch.rows = x->rows - first < BATCH_ROWS ? x->rows - first : BATCH_ROWS;
		for (int64_t i = 0; i < batch.rows; i++)
			row[i] = (int32_t) (first + i);
		gae_features_gather(x, row, batch.rows, batch.dense);
		GAE_TRY(encode_whole(env, model, NULL, &batch, mu + first * d,
							 log_std != NULL ? log_std + first * d : NULL));
	}
	gae_free(env, row);
	gae_free(env, batch.dense);
	return GAE_OK;
}

GaeStatus
gae_encode(GaeEnv *env, const GaeModel *model, const GaeGraph *graph, GaeFeatures *features,
		   GaeReal *mu, GaeReal *log_std)
{
	GaeIncidence incidence;
	GaePropagation propagation;

	GAE_TRY(gae_dense_load(env));
	if (graph == NULL)
		return encode_rows(env, model, features, mu, log_std);
	GAE_TRY(gae_incidence_build(env, graph, NULL, 0, graph->weight != NULL, &incidence));
	GAE_TRY(gae_propagation_create(env, &incidence, &propagation));
	GAE_TRY(gae_propagation_weigh(env, &propagation, graph, NULL));
	return encode_whole(env, model, &propagation, features, mu, log_std);
}

GaeStatus
gae_decode(GaeEnv *env, const GaeModel *model, int64_t count, const GaeReal *latent, GaeReal *features)
{
	int64_t		d = model->config.latent_dim;
	int64_t		columns = model->features;
	GaeRowDecoder decoder;
	int64_t		batch = count < BATCH_ROWS ? count : BATCH_ROWS;

	GAE_TRY(gae_dense_load(env));
	GAE_TRY(gae_row_decoder_create(env, &model->params, model->config.reconstruction, batch, &decoder));
	for (int64_t first = 0; first < count; first += batch)
	{
		int64_t		rows = count - first < batch ? count - first : batch;
		GaeReal    *out = features + first * columns;

		GAE_TRY(gae_row_decode(env, &decoder, model->parameter, rows, latent + first * d, out));
		for (int64_t i = 0; i < rows; i++)
			gae_scaler_revert(&model->scaler, out + i * columns, out + i * columns);
	}
	gae_stack_free(env, &decoder.stack);
	gae_free(env, decoder.output);
	return GAE_OK;
}
