/*
 * latent.h
 *		Between encoder and decoder: a point, or a Gaussian held near N(0, I).
 *
 * The encoder's output e (rows x heads·d) holds mu in the first d columns and, for
 * a Gaussian, log σ in the next d.
 */
#ifndef GAE_LATENT_H
#define GAE_LATENT_H

#include "core/nn/config.h"
#include "core/base/random.h"

/* log σ is clamped to this, as usual, so that σ² stays far from overflow. */
#define GAE_MAX_LOG_STD 10

typedef struct GaeLatent
{
	int			heads;

	/* z (rows x d) from e, with the noise of the seed and step. */
	GaeStatus	(*forward) (GaeEnv *env, int64_t rows, int64_t d, const GaeReal *e,
							int64_t seed, uint32_t step, GaeReal *z);

	/* KL divergence from N(0, I), summed over rows and dimensions; 0 for a point. */
	GaeStatus	(*divergence) (GaeEnv *env, int64_t rows, int64_t d, const GaeReal *e,
							   double *divergence);

	/*
	 * Gradient of e (rows x heads·d) from that of z, plus kl_scale times that of
	 * the divergence.
	 */
	GaeStatus	(*backward) (GaeEnv *env, int64_t rows, int64_t d, const GaeReal *e,
							 const GaeReal *z, const GaeReal *d_z, double kl_scale, GaeReal *d_e);
} GaeLatent;

extern const GaeLatent *gae_latent_of(GaeModelKind kind);

/* mu, and log σ clamped (unless log_std is NULL), from e. */
extern GaeStatus gae_latent_split(GaeEnv *env, const GaeLatent *latent, int64_t rows, int64_t d,
								  const GaeReal *e, GaeReal *mu, GaeReal *log_std);

#endif							/* GAE_LATENT_H */
