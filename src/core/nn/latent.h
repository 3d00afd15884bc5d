/*
 * latent.h
 *		Between encoder and decoder: a point, or a Gaussian held near N(0, I).
 *
 * Every encoder puts out, and every latent takes, e (rows x heads · d): mu in the first d columns
 * of a row, which scores and validation read there, and with two heads log_std in the next d.  A latent is a table of operations; a new one is a
 * file that fills in the table, a line here that names it, and a line of architecture.c.
 */
#ifndef GAE_LATENT_H
#define GAE_LATENT_H

#include "core/base/random.h"

/* log_std is clamped to this, as usual, so that the variance stays far from overflow. */
#define GAE_MAX_LOG_STD 10

typedef struct GaeLatent
{
	int			heads;			/* 1: mu; 2: mu and log_std */

	/* z (rows x d) from e, with the noise of the seed and step. */
	GaeStatus	(*forward) (GaeEnv *env, int64_t rows, int64_t d, const GaeReal *e,
							int64_t seed, uint32_t step, GaeReal *z);

	/*
	 * The KL term: the divergence from the prior, summed over rows and dimensions.  NULL for a
	 * point, which has no prior.
	 */
	GaeStatus	(*divergence) (GaeEnv *env, int64_t rows, int64_t d, const GaeReal *e,
							   double *divergence);

	/*
	 * Gradient of e (rows x heads·d) from that of z, plus kl_scale times that of
	 * the divergence.
	 */
	GaeStatus	(*backward) (GaeEnv *env, int64_t rows, int64_t d, const GaeReal *e,
							 const GaeReal *z, const GaeReal *d_z, double kl_scale, GaeReal *d_e);

	/*
	 * What a model stores of e: mu (rows x d) and, with two heads and unless it is NULL,
	 * log_std (rows x d).
	 */
	GaeStatus	(*store) (GaeEnv *env, int64_t rows, int64_t d, const GaeReal *e,
						  GaeReal *mu, GaeReal *log_std);

	/*
	 * One latent (d values) drawn for a node from what is stored of it, or from the prior.
	 * NULL for a point, which has neither.
	 */
	void		(*sample_posterior) (int64_t d, const GaeReal *mu, const GaeReal *log_std,
									 GaeStream *stream, GaeReal *latent);
	void		(*sample_prior) (int64_t d, GaeStream *stream, GaeReal *latent);
} GaeLatent;

extern const GaeLatent gae_latent_point;
extern const GaeLatent gae_latent_gaussian;

#endif							/* GAE_LATENT_H */
