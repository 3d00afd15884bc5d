/*
 * scaler.c
 *		How the features of a model are brought to scale: applied to rows, and undone.
 */
#include "core/features/scaler.h"

GaeStatus
gae_scaler_create(GaeEnv *env, int64_t columns, GaeScaler *scaler)
{
	scaler->columns = columns;
	GAE_ALLOC_ZERO(env, scaler->scaling, columns);
	GAE_ALLOC_ZERO(env, scaler->mean, columns);
	GAE_ALLOC_ZERO(env, scaler->deviation, columns);
	return GAE_OK;
}

void
gae_scaler_apply(const GaeScaler *scaler, const GaeReal *x, GaeReal *scaled)
{
	for (int64_t j = 0; j < scaler->columns; j++)
		scaled[j] = gae_scaled(scaler, j, x[j]);
}

void
gae_scaler_revert(const GaeScaler *scaler, const GaeReal *scaled, GaeReal *x)
{
	for (int64_t j = 0; j < scaler->columns; j++)
		x[j] = (GaeReal) (scaled[j] * gae_scaler_scale(scaler, j) + gae_scaler_center(scaler, j));
}
