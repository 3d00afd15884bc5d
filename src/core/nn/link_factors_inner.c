/*
 * link_factors_inner.c
 *		The inner-product decoder, whose factors are the latents or, in a directed model, their
 *		halves: nothing is copied.
 */
#include "core/nn/link_factors.h"

#include "core/linalg/matmul.h"

/* Where the right factor begins in a latent: 0, or at its second half. */
static int64_t
right_place(const GaeConfig *config)
{
	return config->directed ? config->latent_dim / 2 : 0;
}

static void
shape(const GaeConfig *config, int64_t *width, bool *same)
{
	*width = config->latent_dim - right_place(config);
	*same = right_place(config) == 0;
}

static GaeStatus
forward(GaeEnv *env, GaeLinkFactors *factors, const GaeReal *parameter, int64_t nodes,
		const GaeReal *z, int64_t z_stride)
{
	(void) env;
	(void) parameter;
	(void) nodes;
	factors->stride = z_stride;
	factors->left = z;
	factors->right = z + right_place(factors->config);
	return GAE_OK;
}

/* The gradient of the factors is that of the latents, part by part. */
static GaeStatus
begin_gradient(GaeEnv *env, GaeLinkFactors *factors, int64_t nodes, GaeReal *d_z)
{
	factors->d_left = d_z;
	factors->d_right = factors->same ? NULL : d_z + right_place(factors->config);
	return gae_zero(env, d_z, (size_t) (nodes * factors->config->latent_dim) * sizeof(GaeReal));
}

static double
score(const GaeConfig *config, const GaeParams *params, const GaeReal *parameter,
	  const GaeReal *source, const GaeReal *target)
{
	int64_t		place = right_place(config);

	(void) params;
	(void) parameter;
	return gae_dot(source, target + place, config->latent_dim - place);
}

const GaeLinkFactorsKind gae_link_factors_inner = {
	.shape = shape,
	.forward = forward,
	.begin_gradient = begin_gradient,
	.score = score
};
