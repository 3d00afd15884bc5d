/*
 * scaler.h
 *		How the features of a model are brought to scale: applied to rows, and undone.
 */
#ifndef GAE_SCALER_H
#define GAE_SCALER_H

#include <math.h>

#include "core/features/feature_column.h"

/*
 * For each feature what X holds, and the mean and the standard deviation of its values:
 * in double, so that numbers far from 0, such as a time in seconds, keep their differences.
 * Of a constant feature the mean is its value.
 */
typedef struct GaeScaler
{
	int64_t		columns;		/* features */
	uint8_t    *scaling;		/* columns: a GaeScaling */
	double	   *mean;			/* columns */
	double	   *deviation;		/* columns */
} GaeScaler;

/* x = center + scale · (the value of X) */
static inline double
gae_scaler_center(const GaeScaler *scaler, int64_t column)
{
	switch ((GaeScaling) scaler->scaling[column])
	{
		case GAE_SCALING_STANDARD:
		case GAE_SCALING_CONSTANT:
			return scaler->mean[column];
		case GAE_SCALING_NONE:
		case GAE_SCALING_ROOT_MEAN_SQUARE:
			break;
	}
	return 0;
}

static inline double
gae_scaler_scale(const GaeScaler *scaler, int64_t column)
{
	double		mean = scaler->mean[column];
	double		deviation = scaler->deviation[column];

	switch ((GaeScaling) scaler->scaling[column])
	{
		case GAE_SCALING_STANDARD:
			return deviation;
		case GAE_SCALING_ROOT_MEAN_SQUARE:
			return sqrt(mean * mean + deviation * deviation);
		case GAE_SCALING_CONSTANT:
			return 0;
		case GAE_SCALING_NONE:
			break;
	}
	return 1;
}

/* The value of X for the value x of the given column; a missing one (NaN) takes the mean. */
static inline GaeReal
gae_scaled(const GaeScaler *scaler, int64_t column, double x)
{
	double		mean = scaler->mean[column];

	if (isnan(x))
		x = mean;
	switch ((GaeScaling) scaler->scaling[column])
	{
		case GAE_SCALING_NONE:
			return (GaeReal) x;
		case GAE_SCALING_STANDARD:
			return (GaeReal) ((x - mean) / scaler->deviation[column]);
		case GAE_SCALING_ROOT_MEAN_SQUARE:
			return (GaeReal) (x / gae_scaler_scale(scaler, column));
		case GAE_SCALING_CONSTANT:
			break;
	}
	return 0;
}

/* Allocate a scaler's arrays. */
extern GaeStatus gae_scaler_create(GaeEnv *env, int64_t columns, GaeScaler *scaler);

/* One row: scaled (columns) = what X has for x (columns), and back. */
extern void gae_scaler_apply(const GaeScaler *scaler, const GaeReal *x, GaeReal *scaled);
extern void gae_scaler_revert(const GaeScaler *scaler, const GaeReal *scaled, GaeReal *x);

#endif							/* GAE_SCALER_H */
