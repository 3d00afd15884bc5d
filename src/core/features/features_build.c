/*
 * features_build.c
 *		The feature matrix put together from columns.
 */
#include "core/features/features_build.h"

#include <math.h>
#include <string.h>

#include "core/base/sort.h"

/*
 * A product with a sparse matrix takes about this many times as long, for each non-zero,
 * as one with a dense matrix takes for each value: X is kept sparse while fewer than one
 * in SPARSE_COST of its values may be non-zero.
 */
#define SPARSE_COST 4

/* Values put into X between two looks at interrupts: a few milliseconds' work. */
#define POLL_VALUES (1 << 16)

/* Add to "filled" how many values of X the column may make other than 0. */
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

/* One value of X, as two numbers to sort by. */
typedef struct Cell
{
	uint64_t	place;			/* row << 32 | column */
	uint64_t	value;			/* gae_sort_key_double of the value */
} Cell;

/* X while values are put into it, in any order: a dense matrix, or a list of cells. */
typedef struct Sink
{
	GaeReal    *dense;			/* rows x columns; NULL when X is to be sparse */
	Cell	   *cell;			/* count: some perhaps for the same place */
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
 * Sort the cells, and make one cell, with the sum of the values, of those that have the
 * same place.  The sum is in double and in the order of the values, so that it does not
 * depend on the order in which rows were read.  Sums of 0 are dropped.
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
			gae_error_detail(env, "The values of a repeated feature add up to %g, beyond the range of real.",
							 sum);
			gae_error_hint(env, "Divide all values by a constant.");
			return GAE_INVALID_ARGUMENT;
		}
		if (sum != 0)
			cell[merged++] = (Cell) {place, gae_sort_key_double(sum)};
	}
	*count = merged;
	return GAE_OK;
}

/* cell (column->triplets) = the column's triplets; "first" is the column's first in X. */
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

/*
 * Put triplets into X.  They are what may name a cell more than once: so those of a dense
 * X are merged here, as a sparse X merges all its cells in the end.
 */
static GaeStatus
put_triplets(GaeEnv *env, const GaeFeatureColumn *column, int64_t first, const int32_t *rank,
			 Sink *sink)
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

/* Put a column into the columns of X from "first" on. */
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
			sink_put(sink, row, first, gae_scaled(scaler, first, column->scalar[i]));
		else if (column->form == GAE_FEATURE_COLUMN_ARRAY)
			for (int64_t j = 0; j < column->width; j++)
				sink_put(sink, row, first + j, column->array[i * column->width + j]);
		else if (column->category[i] >= 0)
			sink_put(sink, row, first + column->category[i], 1);
	}
	return GAE_OK;
}

/* csr = the cells of the sink, merged. */
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

/*
 * Choose the form of X, and make the sink for it.  Errors: GAE_TOO_LARGE,
 * GAE_OUT_OF_MEMORY.
 */
static GaeStatus
begin_sink(GaeEnv *env, const GaeFeatureColumn *columns, int count, GaeFeatures *features,
		   Sink *sink)
{
	double		cells = (double) features->rows * (double) features->columns;
	double		filled = 0;
	double		triplets = 0;	/* of the column that has most */

	for (int c = 0; c < count; c++)
	{
		GAE_TRY(filled_cells(env, &columns[c], features->rows, &filled));
		triplets = fmax(triplets, (double) columns[c].triplets);
	}
	features->form = filled * SPARSE_COST < cells ? GAE_FEATURES_SPARSE : GAE_FEATURES_DENSE;

	/* Cells are sorted, with as much spare room. */
	GAE_TRY(gae_memory_expect(env, features->form == GAE_FEATURES_SPARSE ?
							  2 * filled * sizeof(Cell) :
							  cells * sizeof(GaeReal) + 2 * triplets * sizeof(Cell),
							  "the matrix of features",
							  "Raise vgae.memory_limit, or give fewer features."));
	*sink = (Sink) {.columns = features->columns};
	if (features->form == GAE_FEATURES_SPARSE)
	{
		GAE_ALLOC(env, sink->cell, (int64_t) filled);
		return GAE_OK;
	}
	if (features->columns > 0 && features->rows > INT64_MAX / 16 / features->columns)
		return gae_fail(env, GAE_OUT_OF_MEMORY, "out of memory");
	GAE_ALLOC_ZERO(env, features->dense, features->rows * features->columns);
	sink->dense = features->dense;
	return GAE_OK;
}

GaeStatus
gae_features_build(GaeEnv *env, const GaeFeatureColumn *columns, int count,
				   int64_t rows, const int32_t *rank, const GaeScaler *scaler,
				   GaeFeatures *features)
{
	Sink		sink;
	int64_t		first = 0;

	memset(features, 0, sizeof(*features));
	features->rows = rows;
	features->columns = scaler->columns;
	if (features->columns > INT32_MAX)
	{
		gae_fail(env, GAE_TOO_LARGE, "too many features");
		gae_error_detail(env, "There are %lld feature columns.", (long long) features->columns);
		return GAE_TOO_LARGE;
	}
	GAE_TRY(begin_sink(env, columns, count, features, &sink));
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
