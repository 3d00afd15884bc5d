/*
 * score.h
 *		How likely a trained model finds links.
 */
#ifndef GAE_SCORE_H
#define GAE_SCORE_H

#include "core/model/model.h"

/* The score of a pair of nodes, the logit before calibration; and of any two latents. */
extern double gae_link_score(const GaeModel *model, int32_t src, int32_t dst);
extern double gae_latent_score(const GaeModel *model, const GaeReal *source, const GaeReal *target);

/* Have the factor of a source, which a score will ask for soon, fetched into the cache. */
extern void gae_link_prefetch(const GaeModel *model, int32_t src);

/* σ(scale · score + offset) */
extern double gae_calibrated(const GaeCalibration *calibration, double score);

/*
 * The probability of a link, averaged over samples of both posteriors where the model has
 * them; for samples = 0 that of the means.
 */
extern GaeStatus gae_link_probability(GaeEnv *env, const GaeModel *model, int32_t src, int32_t dst,
									  int32_t samples, int64_t seed, double *probability);

/*
 * The factors of what the encoder made of the graph before it was trained: to compare with.
 * Errors: GAE_TOO_LARGE.
 */
extern GaeStatus gae_untrained_factors(GaeEnv *env, const GaeModel *model, GaeLinkFactors *factors);

#endif							/* GAE_SCORE_H */
