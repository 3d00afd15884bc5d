/*
 * link_factors.h
 *		How a decoder of links reads latents: as a left factor of each node, for when it is the
 *		source of a pair, and a right one, for when it is the target.  The inner product of the
 *		two is the score of the pair.
 *
 * What a latent holds is known here only.  Losses, scores, search, calibration and generation
 * work on factors.  A decoder is a table of operations; a new one is a file that
 * fills in the table, a line here that names it, and a line of architecture.c.
 */
#ifndef GAE_LINK_FACTORS_H
#define GAE_LINK_FACTORS_H

#include "core/nn/params.h"

typedef struct GaeLinkFactorsKind GaeLinkFactorsKind;

/* The factors of some nodes, and where the gradients of a loss by them are added up. */
typedef struct GaeLinkFactors
{
	const GaeLinkFactorsKind *kind;
	const GaeConfig *config;
	const GaeParams *params;
	int64_t		nodes;			/* at most, as made */
	int64_t		width;			/* values of a factor */
	bool		same;			/* has each node one factor for both? */

	/* After forward.  Node i's factors begin at left + i · stride and right + i · stride. */
	int64_t		stride;
	const GaeReal *left;
	const GaeReal *right;

	/* After begin_gradient; of the same stride.  d_right is NULL where the factors are the same. */
	GaeReal    *d_left;
	GaeReal    *d_right;

	/* Of kinds whose factors are computed, not found in the latents. */
	GaeReal    *computed;
} GaeLinkFactors;

struct GaeLinkFactorsKind
{
	/* Add the decoder's layers to the parameters; NULL: it has none. */
	void		(*layout) (const GaeConfig *config, GaeParams *params);

	/* The width of factors, and whether left and right ones are the same. */
	void		(*shape) (const GaeConfig *config, int64_t *width, bool *same);

	/*
	 * Make the memory for the factors of at most "nodes" nodes; with their gradients if
	 * "gradients".  bytes: how much that is.  NULL: they are found in the latents.
	 */
	GaeStatus	(*create) (GaeEnv *env, int64_t nodes, bool gradients, GaeLinkFactors *factors);
	double		(*bytes) (const GaeConfig *config, double nodes, bool gradients);

	/* The factors of z, whose rows begin z_stride values apart and have latent_dim values. */
	GaeStatus	(*forward) (GaeEnv *env, GaeLinkFactors *factors, const GaeReal *parameter,
							int64_t nodes, const GaeReal *z, int64_t z_stride);

	/*
	 * Gradients of 0, before they are added up: d_z (nodes x latent_dim) is the memory for
	 * those that are found in the latents'.
	 */
	GaeStatus	(*begin_gradient) (GaeEnv *env, GaeLinkFactors *factors, int64_t nodes, GaeReal *d_z);

	/*
	 * From the gradient of the factors of z (nodes x latent_dim) to that of z and of the
	 * decoder's parameters, whose part of "gradient" is set.  NULL: that is done already.
	 */
	GaeStatus	(*backward) (GaeEnv *env, GaeLinkFactors *factors, const GaeReal *parameter,
							 int64_t nodes, const GaeReal *z, GaeReal *d_z, GaeReal *gradient);

	/* The score of a pair by its two latents: the same as the product of their factors. */
	double		(*score) (const GaeConfig *config, const GaeParams *params, const GaeReal *parameter,
						  const GaeReal *source, const GaeReal *target);
};

/* Make the factors of the decoder that the model has. */
extern GaeStatus gae_link_factors_create(GaeEnv *env, const GaeLinkFactorsKind *kind,
										 const GaeConfig *config, const GaeParams *params,
										 int64_t nodes, bool gradients, GaeLinkFactors *factors);

/* Bytes that this takes. */
extern double gae_link_factors_bytes(const GaeLinkFactorsKind *kind, const GaeConfig *config,
									 double nodes, bool gradients);

/* The score of the pair (i, j). */
extern double gae_link_factors_score(const GaeLinkFactors *factors, int64_t i, int64_t j);

/*
 * z_i · z_j (Kipf & Welling, arXiv:1611.07308, equation 2); in a directed model the source half
 * of z_i, the first, with the target half of z_j.
 */
extern const GaeLinkFactorsKind gae_link_factors_inner;

#endif							/* GAE_LINK_FACTORS_H */
