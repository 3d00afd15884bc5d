/*
 * score.c
 *		Scores and probabilities of links.
 */
#include "core/infer/score.h"

#include "core/base/simd.h"
#include "core/infer/sample.h"
#include "core/linalg/elementwise.h"
#include "core/model/bfloat.h"

double
gae_link_score(const GaeModel *model, int32_t src, int32_t dst)
{
	return gae_link_factors_score(&model->factors, src, dst);
}

double
gae_latent_score(const GaeModel *model, const GaeReal *source, const GaeReal *target)
{
	return model->factors.kind->score(&model->config, &model->params, model->parameter,
									  source, target);
}

void
gae_link_prefetch(const GaeModel *model, int32_t src)
{
	const GaeLinkFactors *factors = &model->factors;

	gae_prefetch_row(factors->left + src * factors->stride, factors->width);
}

double
gae_calibrated(const GaeCalibration *calibration, double score)
{
	return gae_sigmoid(calibration->scale * score + calibration->offset);
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
		gae_sample_posterior(model, src, s, seed, source);
		gae_sample_posterior(model, dst, s, seed, target);
		sum += gae_calibrated(&model->calibration, gae_latent_score(model, source, target));
		if (s % poll_every == 0)
			GAE_TRY(gae_poll(env));
	}
	gae_free(env, target);
	gae_free(env, source);
	*probability = sum / samples;
	return GAE_OK;
}

/* The parameters that a training with this seed begins with, for decoders that have some. */
static GaeStatus
initial_parameters(GaeEnv *env, const GaeModel *model, GaeReal **parameter)
{
	*parameter = NULL;
	if (model->params.decoder_layers == 0)
		return GAE_OK;
	GAE_ALLOC(env, *parameter, model->params.count);
	return gae_params_init(env, &model->params, model->config.seed, *parameter);
}

GaeStatus
gae_untrained_factors(GaeEnv *env, const GaeModel *model, GaeLinkFactors *factors)
{
	const GaeLinkFactorsKind *kind = model->factors.kind;
	int64_t		d = model->config.latent_dim;
	int64_t		values = model->nodes * d;
	GaeReal    *parameter;
	GaeReal    *code;

	GAE_TRY(gae_memory_expect(env, (double) values * sizeof(GaeReal) +
							  gae_link_factors_bytes(kind, &model->config, model->nodes, false) +
							  (model->params.decoder_layers > 0 ?
							   (double) model->params.count * sizeof(GaeReal) : 0),
							  "the evaluation", "Raise vgae.memory_limit."));
	GAE_TRY(initial_parameters(env, model, &parameter));
	GAE_ALLOC(env, code, values);
	for (int64_t i = 0; i < values; i++)
	{
		if (i % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(env));
		code[i] = gae_float_of_bfloat(model->untrained[i]);
	}
	GAE_TRY(gae_link_factors_create(env, kind, &model->config, &model->params, model->nodes, false,
									factors));
	return kind->forward(env, factors, parameter, model->nodes, code, d);
}
