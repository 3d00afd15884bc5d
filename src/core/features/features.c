/*
 * features.c
 *		Products with the feature matrix, dropout on it, and its rows.
 */
#include "core/features/features.h"

#include <string.h>

#include "core/linalg/matmul.h"
#include "core/base/parallel.h"
#include "core/base/simd.h"

/* Values of a block of dropout: each block has a random stream of its own. */
#define DROP_BLOCK 4096

/* Dropout of the identity beside X has streams of its own: X has fewer blocks than this. */
#define BESIDE_X (UINT64_C(1) << 39)

/*
 * Rows of a block that copies rows of X; where they are wide, fewer, or some columns of one:
 * below a millisecond.
 */
#define GATHER_ROWS 32
#define GATHER_VALUES (1 << 18)

void
gae_features_identity(int64_t rows, GaeFeatures *features)
{
	memset(features, 0, sizeof(*features));
	features->rows = rows;
	features->identity = true;
}

int64_t
gae_features_inputs(const GaeFeatures *features)
{
	return features->columns + (features->identity ? features->rows : 0);
}

GaeStatus
gae_features_prepare(GaeEnv *env, GaeFeatures *features)
{
	if (features->form == GAE_FEATURES_SPARSE && features->transposed.offset == NULL)
		return gae_csr_transpose(env, &features->sparse, &features->transposed);
	return GAE_OK;
}

double
gae_features_prepare_bytes(const GaeFeatures *features)
{
	return features->form == GAE_FEATURES_SPARSE ? gae_csr_transpose_bytes(&features->sparse) : 0;
}

/* How many values of X dropout acts on: all of a dense X, else the non-zeros. */
static int64_t
value_count(const GaeFeatures *features)
{
	switch (features->form)
	{
		case GAE_FEATURES_DENSE:
			return features->rows * features->columns;
		case GAE_FEATURES_SPARSE:
			return features->sparse.offset[features->rows];
		case GAE_FEATURES_NONE:
			break;
	}
	return 0;
}

GaeStatus
gae_features_droppable(GaeEnv *env, const GaeFeatures *features, GaeDropRates rates,
					   GaeFeatures *dropped)
{
	int64_t		count = value_count(features);

	*dropped = *features;
	if (features->identity && rates.identity > 0)
		GAE_ALLOC(env, dropped->diagonal, features->rows);
	if (rates.x == 0)
		return GAE_OK;
	if (features->form == GAE_FEATURES_DENSE)
		GAE_ALLOC(env, dropped->dense, count);
	else if (features->form == GAE_FEATURES_SPARSE)
	{
		GAE_ALLOC(env, dropped->sparse.value, count);
		GAE_ALLOC(env, dropped->transposed.value, count);
	}
	return GAE_OK;
}

double
gae_features_droppable_bytes(const GaeFeatures *features, GaeDropRates rates)
{
	int			copies = features->form == GAE_FEATURES_SPARSE ? 2 : 1;
	double		values = rates.x > 0 ? (double) value_count(features) * copies : 0;

	if (features->identity && rates.identity > 0)
		values += (double) features->rows;
	return values * sizeof(GaeReal);
}

typedef struct DropTask
{
	const GaeReal *value;		/* NULL: all are 1 */
	GaeReal    *dropped;
	int64_t		count;
	double		rate;
	int64_t		seed;
	uint32_t	step;
	uint64_t	first_stream;
} DropTask;

/* A GaeBlock */
static void
drop_block(void *arg, int64_t block, int worker)
{
	const DropTask *t = arg;
	GaeRange	values = gae_block_range(block, DROP_BLOCK, t->count);
	GaeStream	stream = gae_stream(t->seed, GAE_RANDOM_DROPOUT, t->step,
									 t->first_stream + (uint64_t) block);
	double		drop_below = t->rate * 0x1p32;
	GaeReal		scale = (GaeReal) (1 / (1 - t->rate));

	(void) worker;
	for (int64_t i = values.first; i < values.end; i++)
	{
		bool		kept = gae_random_word(&stream) >= drop_below;

		t->dropped[i] = kept ? scale * (t->value != NULL ? t->value[i] : 1) : 0;
	}
}

/* A GaeBlock: the values of Xᵀ, which are those of X in another order. */
static void
transpose_block(void *arg, int64_t block, int worker)
{
	GaeFeatures *dropped = arg;
	int64_t		count = dropped->sparse.offset[dropped->rows];
	GaeRange	entries = gae_block_range(block, DROP_BLOCK, count);

	(void) worker;
	for (int64_t e = entries.first; e < entries.end; e++)
		dropped->transposed.value[e] = dropped->sparse.value[dropped->transposed.origin[e]];
}

static GaeStatus
drop_identity(GaeEnv *env, const GaeFeatures *features, double rate, int64_t seed, uint32_t step,
			  GaeFeatures *dropped)
{
	DropTask	task = {
		NULL, dropped->diagonal, features->rows, rate, seed, step,
		features->form == GAE_FEATURES_NONE ? 0 : BESIDE_X
	};

	return gae_parallel(env, gae_blocks(task.count, DROP_BLOCK), drop_block, &task);
}

GaeStatus
gae_features_drop(GaeEnv *env, const GaeFeatures *features, GaeDropRates rates, int64_t seed,
				  uint32_t step, GaeFeatures *dropped)
{
	DropTask	task = {features->dense, dropped->dense, value_count(features), rates.x, seed, step, 0};

	/* A last mini-batch may have fewer rows than "dropped" was made for. */
	dropped->rows = features->rows;
	if (features->identity && rates.identity > 0)
		GAE_TRY(drop_identity(env, features, rates.identity, seed, step, dropped));
	if (rates.x == 0 || features->form == GAE_FEATURES_NONE)
		return GAE_OK;
	if (features->form == GAE_FEATURES_SPARSE)
	{
		task.value = features->sparse.value;
		task.dropped = dropped->sparse.value;
	}
	GAE_TRY(gae_parallel(env, gae_blocks(task.count, DROP_BLOCK), drop_block, &task));
	if (features->form == GAE_FEATURES_SPARSE)
		GAE_TRY(gae_parallel(env, gae_blocks(task.count, DROP_BLOCK), transpose_block, dropped));
	return GAE_OK;
}

/* Values of a block of a product with the identity, which copies or scales them. */
#define DIAGONAL_BLOCK 16384

typedef struct DiagonalTask
{
	const GaeReal *diagonal;	/* NULL: all are 1 */
	int64_t		rows;
	int64_t		block_rows;
	int64_t		n;
	const GaeReal *w;
	GaeReal    *out;
	bool		add;			/* to out */
} DiagonalTask;

/* A GaeBlock */
GAE_VECTORISED static void
diagonal_block(void *arg, int64_t block, int worker)
{
	const DiagonalTask *t = arg;
	int64_t		n = t->n;
	GaeRange	rows = gae_block_range(block, t->block_rows, t->rows);

	(void) worker;
	if (t->diagonal == NULL && !t->add)
	{
		memcpy(t->out + rows.first * n, t->w + rows.first * n,
			   (size_t) ((rows.end - rows.first) * n) * sizeof(GaeReal));
		return;
	}
	for (int64_t i = rows.first; i < rows.end; i++)
	{
		GaeReal		scale = t->diagonal != NULL ? t->diagonal[i] : 1;
		const GaeReal *w = t->w + i * n;
		GaeReal    *out = t->out + i * n;

		if (t->add)
			for (int64_t j = 0; j < n; j++)
				out[j] += scale * w[j];
		else
			for (int64_t j = 0; j < n; j++)
				out[j] = scale * w[j];
	}
}

/* out = D · w, or that is added, for the identity, or the diagonal matrix D that dropout makes of it. */
static GaeStatus
multiply_diagonal(GaeEnv *env, const GaeFeatures *features, int64_t n, const GaeReal *w,
				  bool add, GaeReal *out)
{
	int64_t		block_rows = gae_blocks(DIAGONAL_BLOCK, n);
	DiagonalTask task = {features->diagonal, features->rows, block_rows, n, w, out, add};

	return gae_parallel(env, gae_blocks(task.rows, block_rows), diagonal_block, &task);
}

/* out = X · w */
static GaeStatus
multiply_x(GaeEnv *env, const GaeFeatures *features, int64_t n, const GaeReal *w, GaeReal *out)
{
	if (features->form == GAE_FEATURES_SPARSE)
		return gae_csr_multiply(env, &features->sparse, n, w, out);
	return gae_matmul(env, features->rows, n, features->columns, features->dense, features->columns,
					  GAE_PLAIN, w, n, 0, out, n);
}

GaeStatus
gae_features_multiply(GaeEnv *env, const GaeFeatures *features, int64_t n,
					  const GaeReal *w, GaeReal *out)
{
	bool		has_x = features->form != GAE_FEATURES_NONE;

	if (has_x)
		GAE_TRY(multiply_x(env, features, n, w, out));
	if (!features->identity)
		return GAE_OK;
	return multiply_diagonal(env, features, n, w + features->columns * n, has_x, out);
}

/* gradient = Xᵀ · g */
static GaeStatus
multiply_x_transposed(GaeEnv *env, const GaeFeatures *features, int64_t n, const GaeReal *g,
					  GaeReal *gradient)
{
	if (features->form == GAE_FEATURES_SPARSE)
		return gae_csr_multiply(env, &features->transposed, n, g, gradient);
	return gae_matmul_tall(env, features->rows, features->columns, n, features->dense,
						   features->columns, g, n, gradient);
}

GaeStatus
gae_features_multiply_transposed(GaeEnv *env, const GaeFeatures *features, int64_t n,
								 const GaeReal *g, GaeReal *gradient)
{
	if (features->form != GAE_FEATURES_NONE)
		GAE_TRY(multiply_x_transposed(env, features, n, g, gradient));
	if (!features->identity)
		return GAE_OK;
	return multiply_diagonal(env, features, n, g, false, gradient + features->columns * n);
}

typedef struct GatherTask
{
	const GaeFeatures *features;
	const int32_t *rows;
	int64_t		count;
	int64_t		block_rows;
	int64_t		across;			/* blocks side by side */
	GaeReal    *out;
} GatherTask;

/* The first entry of a row of X, whose columns rise, at that column or behind it. */
static int64_t
entry_from(const GaeCsr *x, int64_t row, int64_t column)
{
	int64_t		first = x->offset[row];
	int64_t		end = x->offset[row + 1];

	while (first < end)
	{
		int64_t		middle = first + (end - first) / 2;

		if (x->index[middle] < column)
			first = middle + 1;
		else
			end = middle;
	}
	return first;
}

/* A GaeBlock */
static void
gather_block(void *arg, int64_t block, int worker)
{
	const GatherTask *t = arg;
	const GaeFeatures *features = t->features;
	const GaeCsr *sparse = &features->sparse;
	GaeRange	taken = gae_block_range(block / t->across, t->block_rows, t->count);
	GaeRange	columns = gae_block_range(block % t->across, GATHER_VALUES, features->columns);
	size_t		bytes = (size_t) (columns.end - columns.first) * sizeof(GaeReal);

	(void) worker;
	for (int64_t i = taken.first; i < taken.end; i++)
	{
		GaeReal    *row = t->out + i * features->columns;
		int64_t		from = t->rows[i];

		if (features->form == GAE_FEATURES_DENSE)
		{
			memcpy(row + columns.first, features->dense + from * features->columns + columns.first,
				   bytes);
			continue;
		}
		memset(row + columns.first, 0, bytes);
		for (int64_t e = entry_from(sparse, from, columns.first);
			 e < sparse->offset[from + 1] && sparse->index[e] < columns.end; e++)
			row[sparse->index[e]] = sparse->value[e];
	}
}

GaeStatus
gae_features_gather(GaeEnv *env, const GaeFeatures *features, const int32_t *rows, int64_t count,
					GaeReal *out)
{
	int64_t		fitting = gae_max(1, GATHER_VALUES / gae_max(1, features->columns));
	int64_t		across = gae_max(1, gae_blocks(features->columns, GATHER_VALUES));
	GatherTask	task = {features, rows, count, gae_min(GATHER_ROWS, fitting), across, out};

	return gae_parallel(env, gae_blocks(count, task.block_rows) * across, gather_block, &task);
}

GaeStatus
gae_features_outside_unit(GaeEnv *env, const GaeFeatures *features, int64_t *row, int64_t *column,
						  GaeReal *value)
{
	bool		dense = features->form == GAE_FEATURES_DENSE;
	int64_t		polled = 0;

	*row = -1;
	for (int64_t i = 0; i < features->rows && features->form != GAE_FEATURES_NONE; i++)
	{
		int64_t		first = dense ? i * features->columns : features->sparse.offset[i];
		int64_t		end = dense ? first + features->columns : features->sparse.offset[i + 1];
		const GaeReal *x = dense ? features->dense : features->sparse.value;

		for (int64_t e = first; e < end; e++)
		{
			if (x[e] >= 0 && x[e] <= 1)
				continue;
			*row = i;
			*column = dense ? e - first : features->sparse.index[e];
			*value = x[e];
			return GAE_OK;
		}
		if (end + i - polled < GAE_POLL_ITEMS)
			continue;
		polled = end + i;
		GAE_TRY(gae_poll(env));
	}
	return GAE_OK;
}
