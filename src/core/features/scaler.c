/*
 * scaler.c
 *		Standardisation of features.
 */
#include "core/features/scaler.h"

#include <math.h>

/* The least exponent of the unit of deviations: its inverse is still finite. */
#define SMALLEST_EXPONENT (-1000)

/* A deviation below this part of the mean is what rounding leaves of a constant column. */
#define ROUNDING 1e-12

/*
 * ordered (count) = the values of the nodes to learn from, in the order of the nodes, so
 * that sums do not depend on the order in which rows were read.
 */
static GaeStatus
take_ordered(GaeEnv *env, const double *value, int64_t rows, const int32_t *rank,
			 const uint8_t *part, uint8_t last_part, double *ordered, int64_t *count)
{
	for (int64_t i = 0; i < rows; i++)
	{
		if (i % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(env));
		ordered[rank != NULL ? rank[i] : i] = value[i];
	}
	*count = 0;
	for (int64_t i = 0; i < rows; i++)
	{
		if (i % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(env));
		if (part == NULL || part[i] <= last_part)
			ordered[(*count)++] = ordered[i];
	}
	return GAE_OK;
}

static GaeStatus
mean_of(GaeEnv *env, const double *value, int64_t count, double *mean)
{
	*mean = 0;
	for (int64_t i = 0; i < count; i++)
	{
		if (i % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(env));
		*mean += value[i] / (double) count;
	}
	return GAE_OK;
}

/*
 * The standard deviation of values with the given mean.  The squares of small deviations
 * would be 0, so deviations are divided first by the power of two above the largest of
 * them, which rounds nothing.
 */
static GaeStatus
standard_deviation(GaeEnv *env, const double *value, int64_t count, double mean, double *result)
{
	double		largest = 0;
	double		variance = 0;
	double		per_unit;
	int			exponent;		/* of the unit of deviations */

	for (int64_t i = 0; i < count; i++)
	{
		if (i % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(env));
		largest = fmax(largest, fabs(value[i] - mean));
	}
	(void) frexp(largest, &exponent);
	if (exponent < SMALLEST_EXPONENT)
		exponent = SMALLEST_EXPONENT;
	per_unit = ldexp(1, -exponent);
	for (int64_t i = 0; i < count; i++)
	{
		double		deviation = (value[i] - mean) * per_unit;

		if (i % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(env));
		variance += deviation * deviation / (double) count;
	}
	*result = ldexp(sqrt(variance), exponent);
	return GAE_OK;
}

GaeStatus
gae_scaler_learn(GaeEnv *env, const GaeFeatureColumn *columns, int count,
				 int64_t rows, const int32_t *rank,
				 const uint8_t *part, uint8_t last_part, GaeScaler *scaler)
{
	double	   *ordered;
	int64_t		used;
	int64_t		first = 0;

	scaler->columns = 0;
	for (int c = 0; c < count; c++)
		scaler->columns += columns[c].width;
	GAE_ALLOC(env, scaler->center, scaler->columns);
	GAE_ALLOC(env, scaler->scale, scaler->columns);
	GAE_ALLOC(env, ordered, rows);

	for (int c = 0; c < count; c++)
	{
		const GaeFeatureColumn *column = &columns[c];

		for (int64_t j = 0; j < column->width; j++)
		{
			scaler->center[first + j] = 0;
			scaler->scale[first + j] = 1;
		}
		if (column->form == GAE_FEATURE_COLUMN_SCALAR && column->standardise && rows > 0)
		{
			double		mean;
			double		deviation;

			GAE_TRY(take_ordered(env, column->scalar, rows, rank, part, last_part, ordered, &used));
			GAE_TRY(mean_of(env, ordered, used, &mean));
			GAE_TRY(standard_deviation(env, ordered, used, mean, &deviation));
			scaler->center[first] = mean;
			scaler->scale[first] = deviation > fabs(mean) * ROUNDING ? deviation : 0;
		}
		first += column->width;
	}
	gae_free(env, ordered);
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
		x[j] = (GaeReal) (scaled[j] * scaler->scale[j] + scaler->center[j]);
}
