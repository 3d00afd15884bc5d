/*
 * features_build.h
 *		The feature matrix put together from columns.
 */
#ifndef GAE_FEATURES_BUILD_H
#define GAE_FEATURES_BUILD_H

#include "core/features/features.h"
#include "core/features/scaler.h"

/*
 * X = the "count" feature columns side by side, each of "rows" rows as read; row i becomes
 * row rank[i] of X (NULL: row i).  Triplets of the same cell add up, whatever their order.
 * X is dense or sparse, whichever makes its products cheaper.
 * Errors: GAE_TOO_LARGE for more than 2^31 - 1 columns of X or above the limit of memory;
 * GAE_INVALID_ARGUMENT when triplets add up to more than a real can hold.
 */
extern GaeStatus gae_features_build(GaeEnv *env, const GaeFeatureColumn *columns, int count,
									int64_t rows, const int32_t *rank, const GaeScaler *scaler,
									GaeFeatures *features);

#endif							/* GAE_FEATURES_BUILD_H */
