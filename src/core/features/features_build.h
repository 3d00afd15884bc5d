/*
 * features_build.h
 *		The feature matrix put together from columns.
 */
#ifndef GAE_FEATURES_BUILD_H
#define GAE_FEATURES_BUILD_H

#include "core/features/features.h"
#include "core/features/scaler.h"

/*
 * X = the features of the "count" feature columns side by side, brought to scale, then the
 * indicators of those that have one.  A missing value takes the mean; a row that gives no
 * value at all of sparse features has zeros there.  Columns have "rows" rows as read; row i
 * becomes row rank[i] of X (NULL: row i).
 * X is dense or sparse, whichever makes its products cheaper.
 * Errors: GAE_TOO_LARGE for more than 2^31 - 1 columns of X or above the limit of memory.
 */
extern GaeStatus gae_features_build(GaeEnv *env, const GaeFeatureColumn *columns, int count,
									int64_t rows, const int32_t *rank, const GaeScaler *scaler,
									GaeFeatures *features);

#endif							/* GAE_FEATURES_BUILD_H */
