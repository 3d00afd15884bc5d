/*
 * sample.c
 *		Latents drawn from a node's posterior, or from the prior.
 */
#include "core/infer/sample.h"

#include "core/nn/architecture.h"

void
gae_sample_posterior(const GaeModel *model, int32_t node, int32_t sample, int64_t seed,
					 GaeReal *latent)
{
	int64_t		d = model->config.latent_dim;
	GaeStream	stream = gae_stream(seed, GAE_RANDOM_POSTERIOR, (uint32_t) sample, (uint64_t) node);

	gae_architecture(model->config.kind)->latent->sample_posterior(d, model->mu + node * d,
																   model->log_std + node * d,
																   &stream, latent);
}

void
gae_sample_prior(const GaeModel *model, int32_t sample, int64_t seed, GaeReal *latent)
{
	GaeStream	stream = gae_stream(seed, GAE_RANDOM_PRIOR, 0, (uint64_t) sample);

	gae_architecture(model->config.kind)->latent->sample_prior(model->config.latent_dim, &stream,
															   latent);
}
