/*
 * moments.h
 *		Mean and standard deviation of many features, in three passes over their values:
 *		the range, the mean, and the deviation.
 */
#ifndef GAE_MOMENTS_H
#define GAE_MOMENTS_H

#include <math.h>

#include "core/base/env.h"

/* Of the values of one feature, beside their mean and deviation. */
typedef struct GaeValueRange
{
	int32_t		count;
	bool		everywhere;		/* the learner's: do the values of all rows count? */
	double		least;
	double		most;
	double		per_unit;		/* 1 / the unit of deviations: see moments.c */
} GaeValueRange;

typedef enum GaeMomentsPass
{
	GAE_PASS_RANGE,
	GAE_PASS_MEAN,
	GAE_PASS_DEVIATION
} GaeMomentsPass;

typedef struct GaeMoments
{
	int64_t		width;			/* features */
	GaeValueRange *range;		/* width */
	double	   *mean;			/* width; 0 before the passes */
	double	   *deviation;		/* likewise; in the last pass the variance, in units² */
} GaeMoments;

/* Take a value of feature j into account. */
static inline void
gae_moments_add(GaeMoments *moments, int64_t j, double value, GaeMomentsPass pass)
{
	GaeValueRange *range = &moments->range[j];
	double		deviation;

	switch (pass)
	{
		case GAE_PASS_RANGE:
			range->least = range->count > 0 ? fmin(range->least, value) : value;
			range->most = range->count > 0 ? fmax(range->most, value) : value;
			range->count++;
			break;
		case GAE_PASS_MEAN:
			moments->mean[j] += value / range->count;
			break;
		case GAE_PASS_DEVIATION:
			deviation = (value - moments->mean[j]) * range->per_unit;
			moments->deviation[j] += deviation * deviation / range->count;
			break;
	}
}

/* Between the passes for the mean and for the deviation: a mean of equal values is their value. */
extern GaeStatus gae_moments_begin_deviations(GaeEnv *env, GaeMoments *moments);

/* After the last pass: variances become deviations. */
extern GaeStatus gae_moments_end_deviations(GaeEnv *env, GaeMoments *moments);

#endif							/* GAE_MOMENTS_H */
