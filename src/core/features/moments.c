/*
 * moments.c
 *		Mean and standard deviation of many features, in three passes over their values.
 *
 * The squares of small deviations would be 0, so deviations are divided first by a unit, the
 * power of two above the largest of them, which rounds nothing.
 */
#include "core/features/moments.h"

/* The least exponent of the unit of deviations: its inverse is still finite. */
#define SMALLEST_EXPONENT (-1000)

/* The unit is 2 to this exponent. */
static int
unit_exponent(const GaeMoments *moments, int64_t j)
{
	const GaeValueRange *range = &moments->range[j];
	double		mean = moments->mean[j];
	int			exponent;

	(void) frexp(fmax(fabs(range->most - mean), fabs(range->least - mean)), &exponent);
	return exponent < SMALLEST_EXPONENT ? SMALLEST_EXPONENT : exponent;
}

GaeStatus
gae_moments_begin_deviations(GaeEnv *env, GaeMoments *moments)
{
	for (int64_t j = 0; j < moments->width; j++)
	{
		GaeValueRange *range = &moments->range[j];

		if (j % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(env));
		if (range->least == range->most)
			moments->mean[j] = range->least;
		range->per_unit = ldexp(1, -unit_exponent(moments, j));
	}
	return GAE_OK;
}

GaeStatus
gae_moments_end_deviations(GaeEnv *env, GaeMoments *moments)
{
	for (int64_t j = 0; j < moments->width; j++)
	{
		if (j % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(env));
		moments->deviation[j] = ldexp(sqrt(moments->deviation[j]), unit_exponent(moments, j));
	}
	return GAE_OK;
}
