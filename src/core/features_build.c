/*
 * features_build.c
 *		Standardisation, and the feature matrix put together from columns.
 */
#include "features.h"

#include <math.h>
#include <string.h>

#include "sort.h"
#include "split.h"

/*
 * A sparse product costs about this many times a dense one for each value it
 * touches: X is kept sparse while it is emptier than that.
 */
#define SPARSE_COST 4

/* Of the unit of deviations: its inverse is finite. */
#define SMALLEST_EXPONENT (-1000)

/*
 * The standard deviation of values with that mean.  Deviations are taken in units
 * of the power of two above the largest one, which is exact, since the squares of
 * small ones would be 0.
 */
static double
standard_deviation(const double *values, int64_t count, double mean)
{
	double		largest = 0;
	double		variance = 0;
	double		per_unit;
	int			exponent;

	for (int64_t i = 0; i < count; i++)
		largest = fmax(largest, fabs(values[i] - mean));
	(void) frexp(largest, &exponent);
	if (exponent < SMALLEST_EXPONENT)
		exponent = SMALLEST_EXPONENT;
	per_unit = ldexp(1, -exponent);
	for (int64_t i = 0; i < count; i++)
	{
		double		deviation = (values[i] - mean) * per_unit;

		variance += deviation * deviation / (double) count;
	}
	return ldexp(sqrt(variance), exponent);
}

GaeStatus
gae_scaler_learn(GaeEnv *env, const GaeColumn *columns, int count, int64_t rows,
				 const int32_t *rank, const uint8_t *part, GaeScaler *scaler)
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
		const GaeColumn *column = &columns[c];
		double		mean = 0;
		double		deviation;

		for (int64_t j = 0; j < column->width; j++)
		{
			scaler->center[first + j] = 0;
			scaler->scale[first + j] = 1;
		}
		if (column->form == GAE_COLUMN_SCALAR && column->standardise && rows > 0)
		{
			/* In the order of the nodes: sums do not depend on how rows came. */
			GAE_TRY(gae_poll(env));
			for (int64_t i = 0; i < rows; i++)
				ordered[rank != NULL ? rank[i] : i] = column->scalar[i];
			GAE_TRY(gae_poll(env));
			used = 0;
			for (int64_t i = 0; i < rows; i++)
				if (part == NULL || part[i] == GAE_PART_TRAINING)
					ordered[used++] = ordered[i];
			GAE_TRY(gae_poll(env));
			for (int64_t i = 0; i < used; i++)
				mean += ordered[i] / (double) used;
			GAE_TRY(gae_poll(env));
			deviation = standard_deviation(ordered, used, mean);
			scaler->center[first] = mean;

			/* What rounding leaves of a constant column is not a spread. */
			scaler->scale[first] = deviation > fabs(mean) * 1e-12 ? deviation : 0;
		}
		first += column->width;
	}
	gae_free(env, ordered);
	return GAE_OK;
}

static GaeReal
scaled_value(const GaeScaler *scaler, int64_t column, double x)
{
	if (scaler->scale[column] == 0)
		return 0;
	return (GaeReal) ((x - scaler->center[column]) / scaler->scale[column]);
}

void
gae_scaler_apply(const GaeScaler *scaler, const GaeReal *x, GaeReal *scaled)
{
	for (int64_t j = 0; j < scaler->columns; j++)
		scaled[j] = scaled_value(scaler, j, x[j]);
}

void
gae_scaler_revert(const GaeScaler *scaler, const GaeReal *scaled, GaeReal *x)
{
	for (int64_t j = 0; j < scaler->columns; j++)
		x[j] = (GaeReal) (scaled[j] * scaler->scale[j] + scaler->center[j]);
}

/* The cells that a column may fill, for the choice between dense and sparse. */
static double
filled_cells(const GaeColumn *column, int64_t rows)
{
	double		filled = 0;

	switch (column->form)
	{
		case GAE_COLUMN_TRIPLETS:
			return (double) column->triplets;
		case GAE_COLUMN_ARRAY:
			for (int64_t i = 0; i < rows * column->width; i++)
				filled += column->array[i] != 0;
			return filled;
		case GAE_COLUMN_CATEGORY:
		case GAE_COLUMN_SCALAR:
			break;
	}
	return (double) rows;
}

/*
 * One value of X at (row, column): called once for each non-zero cell, in no
 * particular order, but for a cell's repeated triplets, which add up.
 */
typedef struct Sink
{
	GaeReal    *dense;			/* or: */
	GaeSortItem *item;			/* key: row, column; value: index into cell_value */
	double	   *cell_value;
	int64_t		count;
	int64_t		columns;
} Sink;

static void
sink_put(Sink *sink, int64_t row, int64_t column, double value)
{
	if (sink->dense != NULL)
	{
		sink->dense[row * sink->columns + column] += (GaeReal) value;
		return;
	}
	if (value == 0)
		return;
	sink->item[sink->count].key = (uint64_t) row << 32 | (uint64_t) column;
	sink->item[sink->count].value = (uint64_t) sink->count;
	sink->cell_value[sink->count] = value;
	sink->count++;
}

/*
 * Repeated triplets, summed in double in the order of their values, so that the
 * order of the rows does not matter.
 */
static GaeStatus
put_triplets(GaeEnv *env, const GaeColumn *column, int64_t first, const int32_t *rank, Sink *sink)
{
	GaeSortItem *items;
	GaeSortItem *spare;
	int64_t		count = column->triplets;

	GAE_ALLOC(env, items, count);
	GAE_ALLOC(env, spare, count);
	for (int64_t i = 0; i < count; i++)
	{
		items[i].key = gae_sort_key_double(column->triplet_value[i]);
		items[i].value = (uint64_t) i;
	}
	GAE_TRY(gae_sort(env, items, spare, count));
	for (int64_t i = 0; i < count; i++)
	{
		int64_t		triplet = (int64_t) items[i].value;
		int32_t		row = column->triplet_row[triplet];

		items[i].key = (uint64_t) (rank != NULL ? rank[row] : row) << 32
			| (uint32_t) column->triplet_column[triplet];
	}
	GAE_TRY(gae_sort(env, items, spare, count));
	for (int64_t i = 0; i < count;)
	{
		uint64_t	cell = items[i].key;
		double		sum = 0;

		for (; i < count && items[i].key == cell; i++)
			sum += column->triplet_value[items[i].value];
		if (!isfinite((GaeReal) sum))
		{
			gae_fail(env, GAE_INVALID_ARGUMENT, "feature values are too large");
			gae_error_detail(env, "The values of a repeated feature add up to %g, beyond the range of real.", sum);
			gae_error_hint(env, "Divide all values by a constant.");
			return GAE_INVALID_ARGUMENT;
		}
		sink_put(sink, (int64_t) (cell >> 32), first + (int64_t) (uint32_t) cell, sum);
	}
	gae_free(env, spare);
	gae_free(env, items);
	return GAE_OK;
}

static GaeStatus
put_column(GaeEnv *env, const GaeColumn *column, int64_t first, int64_t rows,
		   const int32_t *rank, const GaeScaler *scaler, Sink *sink)
{
	if (column->form == GAE_COLUMN_TRIPLETS)
		return put_triplets(env, column, first, rank, sink);
	for (int64_t i = 0; i < rows; i++)
	{
		int64_t		row = rank != NULL ? rank[i] : i;

		if (column->form == GAE_COLUMN_SCALAR)
			sink_put(sink, row, first, scaled_value(scaler, first, column->scalar[i]));
		else if (column->form == GAE_COLUMN_ARRAY)
			for (int64_t j = 0; j < column->width; j++)
				sink_put(sink, row, first + j, column->array[i * column->width + j]);
		else if (column->category[i] >= 0)
			sink_put(sink, row, first + column->category[i], 1);
		if (i % 4096 == 0)
			GAE_TRY(gae_poll(env));
	}
	return GAE_OK;
}

/* The cells in the sink, sorted, as CSR. */
static GaeStatus
sink_to_csr(GaeEnv *env, Sink *sink, int64_t rows, GaeCsr *csr)
{
	GaeSortItem *spare;

	GAE_ALLOC(env, spare, sink->count);
	GAE_TRY(gae_sort(env, sink->item, spare, sink->count));
	gae_free(env, spare);
	csr->rows = rows;
	csr->columns = sink->columns;
	GAE_ALLOC_ZERO(env, csr->offset, rows + 1);
	GAE_ALLOC(env, csr->index, sink->count);
	GAE_ALLOC(env, csr->value, sink->count);
	for (int64_t e = 0; e < sink->count; e++)
	{
		csr->offset[(sink->item[e].key >> 32) + 1]++;
		csr->index[e] = (int32_t) (uint32_t) sink->item[e].key;
		csr->value[e] = (GaeReal) sink->cell_value[sink->item[e].value];
	}
	for (int64_t i = 0; i < rows; i++)
		csr->offset[i + 1] += csr->offset[i];
	return GAE_OK;
}

GaeStatus
gae_features_build(GaeEnv *env, const GaeColumn *columns, int count, int64_t rows,
				   const int32_t *rank, const GaeScaler *scaler, GaeFeatures *features)
{
	Sink		sink = {0};
	double		filled = 0;
	int64_t		first = 0;

	memset(features, 0, sizeof(*features));
	features->rows = rows;
	features->columns = sink.columns = scaler->columns;
	if (scaler->columns > INT32_MAX)
	{
		gae_fail(env, GAE_TOO_LARGE, "too many features");
		gae_error_detail(env, "There are %lld feature columns.", (long long) scaler->columns);
		return GAE_TOO_LARGE;
	}
	for (int c = 0; c < count; c++)
		filled += filled_cells(&columns[c], rows);
	if (filled * SPARSE_COST < (double) rows * (double) scaler->columns)
	{
		features->form = GAE_FEATURES_SPARSE;
		GAE_ALLOC(env, sink.item, (int64_t) filled);
		GAE_ALLOC(env, sink.cell_value, (int64_t) filled);
	}
	else
	{
		features->form = GAE_FEATURES_DENSE;
		if (scaler->columns > 0 && rows > INT64_MAX / 16 / scaler->columns)
			return gae_fail(env, GAE_OUT_OF_MEMORY, "out of memory");
		GAE_ALLOC_ZERO(env, features->dense, rows * scaler->columns);
		sink.dense = features->dense;
	}

	for (int c = 0; c < count; c++)
	{
		GAE_TRY(put_column(env, &columns[c], first, rows, rank, scaler, &sink));
		first += columns[c].width;
	}
	if (features->form == GAE_FEATURES_SPARSE)
	{
		GAE_TRY(sink_to_csr(env, &sink, rows, &features->sparse));
		gae_free(env, sink.cell_value);
		gae_free(env, sink.item);
	}
	return GAE_OK;
}
