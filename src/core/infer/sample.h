/*
 * sample.h
 *		Latents drawn from a node's posterior, or from the prior.
 */
#ifndef GAE_SAMPLE_H
#define GAE_SAMPLE_H

#include "core/model/model.h"

/*
 * One sample of a node's posterior (latent_dim values); "sample" counts from 0.  For models that
 * have a posterior.
 */
extern void gae_sample_posterior(const GaeModel *model, int32_t node, int32_t sample, int64_t seed,
								 GaeReal *latent);

/* One sample of the prior. */
extern void gae_sample_prior(const GaeModel *model, int32_t sample, int64_t seed, GaeReal *latent);

#endif							/* GAE_SAMPLE_H */
