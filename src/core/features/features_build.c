/*
 * features_build.c
 *		The feature matrix put together from columns.
 */
#include "core/features/features_build.h"

#include <string.h>

/*
 * A product with a sparse matrix takes about this many times as long, for each non-zero,
 * as one with a dense matrix takes for each value: X is kept sparse while fewer than one
 * in SPARSE_COST of its values may be non-zero.
 */
#define SPARSE_COST 4

/* Values put into X between two looks at interrupts: a few milliseconds' work. */
#define POLL_VALUES (1 << 16)

/* What to do when there is not enough memory. */
#define MEMORY_HINT "Raise vgae.memory_limit, or give fewer features."

/*
 * X while values are put into it, those of a row in the order of their columns.  A sparse X
 * is gone through twice: first its values are counted by row, then they are put in place.
 */
typedef struct Sink
{
	GaeReal    *dense;			/* rows x columns; NULL when X is to be sparse */
	int64_t		columns;
	int64_t    *next;			/* by row: the values so far, then the place of the next one */
	int32_t    *index;			/* NULL while values are counted */
	GaeReal    *value;
} Sink;

static void
sink_put(Sink *sink, int64_t row, int64_t column, GaeReal value)
{
	if (sink->dense != NULL)
		sink->dense[row * sink->columns + column] = value;
	else if (value != 0)
	{
		int64_t		place = sink->next[row]++;

		if (sink->index == NULL)
			return;
		sink->index[place] = (int32_t) column;
		sink->value[place] = value;
	}
}

/* The values that sparse features have. */
static GaeStatus
put_cells(GaeEnv *env, const GaeFeatureCells *cells, int64_t first, const GaeScaler *scaler,
		  Sink *sink)
{
	for (int64_t i = 0; i < cells->count; i++)
	{
		const GaeFeatureCell *cell = &cells->cell[i];
		int64_t		column = first + gae_cell_column(cell);
		double		value = gae_cell_missing(cell) ? NAN : gae_cell_value(cell);

		if (i % POLL_VALUES == 0)
			GAE_TRY(gae_poll(env));
		sink_put(sink, gae_cell_row(cell), column, gae_scaled(scaler, column, value));
	}
	return GAE_OK;
}

/* A category as one-hot numbers; those of a missing one are the frequencies of all. */
static void
put_category(const GaeFeatureColumn *column, int32_t category, int64_t row, int64_t first,
			 const GaeScaler *scaler, Sink *sink)
{
	if (category >= 0)
		sink_put(sink, row, first + category, gae_scaled(scaler, first + category, 1));
	for (int64_t j = 0; category == GAE_CATEGORY_MISSING && j < column->width; j++)
		sink_put(sink, row, first + j, gae_scaled(scaler, first + j, NAN));
}

/* The elements of an array. */
static GaeStatus
put_elements(GaeEnv *env, const float *element, int64_t width, int64_t row, int64_t first,
			 const GaeScaler *scaler, Sink *sink)
{
	for (int64_t j = 0; j < width; j++)
	{
		if (j > 0 && j % POLL_VALUES == 0)
			GAE_TRY(gae_poll(env));
		sink_put(sink, row, first + j, gae_scaled(scaler, first + j, element[j]));
	}
	return GAE_OK;
}

/* Put a column into the columns of X from "first" on. */
static GaeStatus
put_column(GaeEnv *env, const GaeFeatureColumn *column, int64_t first, int64_t rows,
		   const int32_t *rank, const GaeScaler *scaler, Sink *sink)
{
	int64_t		poll_rows = 1 + POLL_VALUES / (column->width + 1);

	if (column->form == GAE_FEATURE_COLUMN_CELLS)
		return put_cells(env, column->cells, first, scaler, sink);
	for (int64_t i = 0; i < rows; i++)
	{
		int64_t		row = rank != NULL ? rank[i] : i;

		if (i % poll_rows == 0)
			GAE_TRY(gae_poll(env));
		if (column->form == GAE_FEATURE_COLUMN_SCALAR)
			sink_put(sink, row, first, gae_scaled(scaler, first, column->scalar[i]));
		else if (column->form == GAE_FEATURE_COLUMN_ARRAY)
			GAE_TRY(put_elements(env, column->array + i * column->width, column->width, row, first,
								 scaler, sink));
		else
			put_category(column, column->category[i], row, first, scaler, sink);
	}
	return GAE_OK;
}

/* Does row i, as read, which is this row of X, miss a value of the column? */
static bool
misses_value(const GaeFeatureColumn *column, int64_t i, int64_t row)
{
	switch (column->form)
	{
		case GAE_FEATURE_COLUMN_SCALAR:
			return isnan(column->scalar[i]);
		case GAE_FEATURE_COLUMN_ARRAY:
			for (int64_t j = 0; j < column->width; j++)
				if (isnan(column->array[i * column->width + j]))
					return true;
			return false;
		case GAE_FEATURE_COLUMN_CATEGORY:
			return column->category[i] == GAE_CATEGORY_MISSING;
		case GAE_FEATURE_COLUMN_CELLS:
			return !column->cells->row_given[row];
	}
	return false;
}

/* Put the column's indicator into X. */
static GaeStatus
put_indicator(GaeEnv *env, const GaeFeatureColumn *column, int64_t place, int64_t rows,
			  const int32_t *rank, Sink *sink)
{
	int64_t		poll_rows = 1 + POLL_VALUES / (column->width + 1);

	for (int64_t i = 0; i < rows; i++)
	{
		int64_t		row = rank != NULL ? rank[i] : i;

		if (i % poll_rows == 0)
			GAE_TRY(gae_poll(env));
		if (misses_value(column, i, row))
			sink_put(sink, row, place, 1);
	}
	return GAE_OK;
}

/* Put all columns into X, then the indicators. */
static GaeStatus
put_all(GaeEnv *env, const GaeFeatureColumn *columns, int count, int64_t rows, const int32_t *rank,
		const GaeScaler *scaler, Sink *sink)
{
	int64_t		first = 0;

	for (int c = 0; c < count; c++)
	{
		GAE_TRY(put_column(env, &columns[c], first, rows, rank, scaler, sink));
		first += columns[c].width;
	}
	for (int c = 0; c < count; c++)
		if (columns[c].indicator)
			GAE_TRY(put_indicator(env, &columns[c], first++, rows, rank, sink));
	return GAE_OK;
}

/* Add to "filled" how many values of X the column may make other than 0. */
static GaeStatus
filled_values(GaeEnv *env, const GaeFeatureColumn *column, int64_t rows, bool standardised,
			  double *filled)
{
	int64_t		values = 0;

	switch (column->form)
	{
		case GAE_FEATURE_COLUMN_CELLS:
			values = column->cells->count;
			break;
		case GAE_FEATURE_COLUMN_ARRAY:
			if (standardised)
				values = rows * column->width;
			for (int64_t i = 0; !standardised && i < rows * column->width; i++)
			{
				if (i % GAE_POLL_ITEMS == 0)
					GAE_TRY(gae_poll(env));
				values += column->array[i] != 0;
			}
			break;
		case GAE_FEATURE_COLUMN_CATEGORY:
			for (int64_t i = 0; i < rows; i++)
			{
				if (i % GAE_POLL_ITEMS == 0)
					GAE_TRY(gae_poll(env));
				values += column->category[i] == GAE_CATEGORY_MISSING ? column->width : 1;
			}
			break;
		case GAE_FEATURE_COLUMN_SCALAR:
			values = rows;
			break;
	}
	*filled += (double) values;
	return GAE_OK;
}

/* Are values of the column standardised, so that those that are 0 may become others? */
static bool
is_standardised(const GaeFeatureColumn *column, int64_t first, const GaeScaler *scaler)
{
	for (int64_t j = 0; j < column->width; j++)
		if (scaler->scaling[first + j] == GAE_SCALING_STANDARD)
			return true;
	return false;
}

/* Count the columns of X, and choose its form.  Errors: GAE_TOO_LARGE. */
static GaeStatus
choose_form(GaeEnv *env, const GaeFeatureColumn *columns, int count, const GaeScaler *scaler,
			GaeFeatures *features)
{
	double		filled = 0;
	int64_t		first = 0;

	features->columns = scaler->columns;
	for (int c = 0; c < count; c++)
	{
		features->columns += columns[c].indicator;
		GAE_TRY(filled_values(env, &columns[c], features->rows,
							  is_standardised(&columns[c], first, scaler), &filled));
		first += columns[c].width;
	}
	if (features->columns > INT32_MAX)
	{
		gae_fail(env, GAE_TOO_LARGE, "too many features");
		gae_error_detail(env, "There are %lld feature columns.", (long long) features->columns);
		return GAE_TOO_LARGE;
	}
	features->form = filled * SPARSE_COST < (double) features->rows * (double) features->columns
		? GAE_FEATURES_SPARSE : GAE_FEATURES_DENSE;
	return GAE_OK;
}

static GaeStatus
make_dense(GaeEnv *env, GaeFeatures *features)
{
	GAE_TRY(gae_memory_expect(env, (double) features->rows * (double) features->columns * sizeof(GaeReal),
							  "the matrix of features", MEMORY_HINT));
	if (features->columns > 0 && features->rows > INT64_MAX / 16 / features->columns)
		return gae_fail(env, GAE_OUT_OF_MEMORY, "out of memory");
	GAE_ALLOC_ZERO(env, features->dense, features->rows * features->columns);
	return GAE_OK;
}

/* The counts of values by row become the places of their first ones; make room for all. */
static GaeStatus
make_sparse(GaeEnv *env, GaeCsr *csr)
{
	int64_t		values = 0;

	for (int64_t i = 0; i < csr->rows; i++)
	{
		int64_t		of_row = csr->offset[i + 1];

		if (i % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(env));
		csr->offset[i + 1] = values;
		values += of_row;
	}
	GAE_TRY(gae_memory_expect(env, (double) values * (sizeof(int32_t) + sizeof(GaeReal)),
							  "the matrix of features", MEMORY_HINT));
	GAE_ALLOC(env, csr->index, values);
	GAE_ALLOC(env, csr->value, values);
	return GAE_OK;
}

GaeStatus
gae_features_build(GaeEnv *env, const GaeFeatureColumn *columns, int count,
				   int64_t rows, const int32_t *rank, const GaeScaler *scaler,
				   GaeFeatures *features)
{
	GaeCsr	   *csr = &features->sparse;
	Sink		sink = {0};

	memset(features, 0, sizeof(*features));
	features->rows = rows;
	GAE_TRY(choose_form(env, columns, count, scaler, features));
	if (features->form == GAE_FEATURES_DENSE)
	{
		GAE_TRY(make_dense(env, features));
		sink = (Sink) {.dense = features->dense, .columns = features->columns};
		return put_all(env, columns, count, rows, rank, scaler, &sink);
	}

	/* next[i] is offset[i + 1]: at first the values of row i, then its start, and then its end. */
	*csr = (GaeCsr) {.rows = rows, .columns = features->columns};
	GAE_ALLOC_ZERO(env, csr->offset, rows + 1);
	sink.next = csr->offset + 1;
	GAE_TRY(put_all(env, columns, count, rows, rank, scaler, &sink));
	GAE_TRY(make_sparse(env, csr));
	sink.index = csr->index;
	sink.value = csr->value;
	return put_all(env, columns, count, rows, rank, scaler, &sink);
}
