/*
 * link_factors.c
 *		What factors of all kinds have in common.
 */
#include "core/nn/link_factors.h"

#include "core/linalg/matmul.h"

GaeStatus
gae_link_factors_create(GaeEnv *env, const GaeLinkFactorsKind *kind, const GaeConfig *config,
						const GaeParams *params, int64_t nodes, bool gradients,
						GaeLinkFactors *factors)
{
	*factors = (GaeLinkFactors) {
		.kind = kind, .config = config, .params = params, .nodes = nodes
	};
	kind->shape(config, &factors->width, &factors->same);
	return kind->create != NULL ? kind->create(env, nodes, gradients, factors) : GAE_OK;
}

double
gae_link_factors_bytes(const GaeLinkFactorsKind *kind, const GaeConfig *config, double nodes,
					   bool gradients)
{
	return kind->bytes != NULL ? kind->bytes(config, nodes, gradients) : 0;
}

double
gae_link_factors_score(const GaeLinkFactors *factors, int64_t i, int64_t j)
{
	return gae_dot(factors->left + i * factors->stride, factors->right + j * factors->stride,
				   factors->width);
}
