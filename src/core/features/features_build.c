/*
 * features_build.c
 *		Standardisation, and the feature matrix put together from columns.
 */
#include "core/features/features.h"

#include <math.h>
#include <string.h>

#include "core/base/sort.h"
#include "core/graph/split.h"

/*
 * A sparse product costs about this many times a dense one for each value it
 * touches: X is kept sparse while it is emptier than that.
 */
#define SPARSE_COST 4

/* Of the unit of deviations: its inverse is finite. */
#define SMALLEST_EXPONENT (-1000)

/* Values put into X between two looks at interrupts: a few milliseconds' work. */
#define POLL_VALUES (1 << 16)

/*
 * Values in the order of the nodes, so that sums do not depend on how the rows came:
 * those of the part that is trained on.
 */
static GaeStatus
take_ordered(GaeEnv *env, const double *value, int64_t rows, const int32_t *rank,
			 const uint8_t *part, double *ordered, int64_t *count)
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
		if (part == NULL || part[i] == GAE_PART_TRAINING)
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
 * The standard deviation of values with that mean.  Deviations are taken in units
 * of the power of two above the largest one, which is exact, since the squares of
 * small ones would be 0.
 */
static GaeStatus
standard_deviation(GaeEnv *env, const double *value, int64_t count, double mean, double *result)
{
	double		largest = 0;
	double		variance = 0;
	double		per_unit;
	int			exponent;

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
gae_scaler_learn(GaeEnv *env, const GaeFeatureColumn *columns, int count, int64_t rows,
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

			GAE_TRY(take_ordered(env, column->scalar, rows, rank, part, ordered, &used));
			GAE_TRY(mean_of(env, ordered, used, &mean));
			GAE_TRY(standard_deviation(env, ordered, used, mean, &deviation));
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
static GaeStatus
filled_cells(GaeEnv *env, const GaeFeatureColumn *column, int64_t rows, double *filled)
{
	int64_t		cells = 0;

	switch (column->form)
	{
		case GAE_FEATURE_COLUMN_TRIPLETS:
			cells = column->triplets;
			break;
		case GAE_FEATURE_COLUMN_ARRAY:
			for (int64_t i = 0; i < rows * column->width; i++)
			{
				if (i % GAE_POLL_ITEMS == 0)
					GAE_TRY(gae_poll(env));
				cells += column->array[i] != 0;
			}
			break;
		case GAE_FEATURE_COLUMN_CATEGORY:
		case GAE_FEATURE_COLUMN_SCALAR:
			cells = rows;
			break;
	}
	*filled += (double) cells;
	return GAE_OK;
}

/*
 * One value of a sparse X while it is put together: the cell by row and column, and
 * the value as a number that orders like it.
 */
typedef struct Cell
{
	uint64_t	place;
	uint64_t	value;
} Cell;

/* Where values of X go: called once for each cell that is not 0, in no particular order. */
typedef struct Sink
{
	GaeReal    *dense;			/* or: */
	Cell	   *cell;
	int64_t		count;
	int64_t		columns;
} Sink;

static Cell
cell_of(int64_t row, int64_t column, double value)
{
	return (Cell) {(uint64_t) row << 32 | (uint64_t) column, gae_sort_key_double(value)};
}

static int64_t
row_of(const Cell *cell)
{
	return (int64_t) (cell->place >> 32);
}

static int32_t
column_of(const Cell *cell)
{
	return (int32_t) (uint32_t) cell->place;
}

static void
sink_put(Sink *sink, int64_t row, int64_t column, double value)
{
	if (sink->dense != NULL)
		sink->dense[row * sink->columns + column] += (GaeReal) value;
	else if (value != 0)
		sink->cell[sink->count++] = cell_of(row, column, value);
}

/*
 * Sort cells, and make one of those that are repeated.  They are summed in double in
 * the order of their values, so that the order of the rows does not matter.
 */
static GaeStatus
merge_cells(GaeEnv *env, Cell *cell, int64_t *count)
{
	Cell	   *spare;
	int64_t		merged = 0;

	GAE_ALLOC(env, spare, *count);
	GAE_TRY(gae_sort_records(env, &cell->place, &spare->place, *count, 2));
	gae_free(env, spare);
	for (int64_t i = 0; i < *count;)
	{
		uint64_t	place = cell[i].place;
		double		sum = 0;

		for (; i < *count && cell[i].place == place; i++)
		{
			if (i % GAE_POLL_ITEMS == 0)
				GAE_TRY(gae_poll(env));
			sum += gae_sort_double_of_key(cell[i].value);
		}
		if (!isfinite((GaeReal) sum))
		{
			gae_fail(env, GAE_INVALID_ARGUMENT, "feature values are too large");
			gae_error_detail(env, "The values of a repeated feature add up to %g, beyond the range of real.", sum);
			gae_error_hint(env, "Divide all values by a constant.");
			return GAE_INVALID_ARGUMENT;
		}
		if (sum != 0)
			cell[merged++] = (Cell) {place, gae_sort_key_double(sum)};
	}
	*count = merged;
	return GAE_OK;
}

static GaeStatus
cells_of_triplets(GaeEnv *env, const GaeFeatureColumn *column, int64_t first, const int32_t *rank,
				  Cell *cell)
{
	for (int64_t i = 0; i < column->triplets; i++)
	{
		int32_t		row = column->triplet_row[i];

		if (i % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(env));
		cell[i] = cell_of(rank != NULL ? rank[row] : row, first + column->triplet_column[i],
						  column->triplet_value[i]);
	}
	return GAE_OK;
}

/* A sparse X merges all its cells in the end; of a dense one only these may be repeated. */
static GaeStatus
put_triplets(GaeEnv *env, const GaeFeatureColumn *column, int64_t first, const int32_t *rank, Sink *sink)
{
	int64_t		count = column->triplets;
	Cell	   *cell;

	if (sink->dense == NULL)
	{
		GAE_TRY(cells_of_triplets(env, column, first, rank, sink->cell + sink->count));
		sink->count += count;
		return GAE_OK;
	}
	GAE_ALLOC(env, cell, count);
	GAE_TRY(cells_of_triplets(env, column, first, rank, cell));
	GAE_TRY(merge_cells(env, cell, &count));
	for (int64_t i = 0; i < count; i++)
	{
		if (i % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(env));
		sink_put(sink, row_of(&cell[i]), column_of(&cell[i]), gae_sort_double_of_key(cell[i].value));
	}
	gae_free(env, cell);
	return GAE_OK;
}

static GaeStatus
put_column(GaeEnv *env, const GaeFeatureColumn *column, int64_t first, int64_t rows,
		   const int32_t *rank, const GaeScaler *scaler, Sink *sink)
{
	int64_t		poll_rows = 1 + POLL_VALUES / (column->width + 1);

	if (column->form == GAE_FEATURE_COLUMN_TRIPLETS)
		return put_triplets(env, column, first, rank, sink);
	for (int64_t i = 0; i < rows; i++)
	{
		int64_t		row = rank != NULL ? rank[i] : i;

		if (i % poll_rows == 0)
			GAE_TRY(gae_poll(env));
		if (column->form == GAE_FEATURE_COLUMN_SCALAR)
			sink_put(sink, row, first, scaled_value(scaler, first, column->scalar[i]));
		else if (column->form == GAE_FEATURE_COLUMN_ARRAY)
			for (int64_t j = 0; j < column->width; j++)
				sink_put(sink, row, first + j, column->array[i * column->width + j]);
		else if (column->category[i] >= 0)
			sink_put(sink, row, first + column->category[i], 1);
	}
	return GAE_OK;
}

/* The cells in the sink as CSR. */
static GaeStatus
sink_to_csr(GaeEnv *env, Sink *sink, int64_t rows, GaeCsr *csr)
{
	GAE_TRY(merge_cells(env, sink->cell, &sink->count));
	csr->rows = rows;
	csr->columns = sink->columns;
	GAE_ALLOC_ZERO(env, csr->offset, rows + 1);
	GAE_ALLOC(env, csr->index, sink->count);
	GAE_ALLOC(env, csr->value, sink->count);
	for (int64_t e = 0; e < sink->count; e++)
	{
		if (e % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(env));
		csr->offset[row_of(&sink->cell[e]) + 1]++;
		csr->index[e] = column_of(&sink->cell[e]);
		csr->value[e] = (GaeReal) gae_sort_double_of_key(sink->cell[e].value);
	}
	for (int64_t i = 0; i < rows; i++)
	{
		if (i % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(env));
		csr->offset[i + 1] += csr->offset[i];
	}
	return GAE_OK;
}

GaeStatus
gae_features_build(GaeEnv *env, const GaeFeatureColumn *columns, int count, int64_t rows,
				   const int32_t *rank, const GaeScaler *scaler, GaeFeatures *features)
{
	Sink		sink = {0};
	double		filled = 0;
	double		triplets = 0;
	double		cells;
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
	{
		GAE_TRY(filled_cells(env, &columns[c], rows, &filled));
		triplets = fmax(triplets, (double) columns[c].triplets);
	}
	cells = (double) rows * (double) scaler->columns;
	features->form = filled * SPARSE_COST < cells ? GAE_FEATURES_SPARSE : GAE_FEATURES_DENSE;

	/* Cells are sorted, with as much spare room. */
	GAE_TRY(gae_memory_expect(env, features->form == GAE_FEATURES_SPARSE ?
							  2 * filled * sizeof(Cell) :
							  cells * sizeof(GaeReal) + 2 * triplets * sizeof(Cell),
							  "the matrix of features",
							  "Raise vgae.memory_limit, or give fewer features."));
	if (features->form == GAE_FEATURES_SPARSE)
	{
		GAE_ALLOC(env, sink.cell, (int64_t) filled);
	}
	else
	{
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
		gae_free(env, sink.cell);
	}
	return GAE_OK;
}
