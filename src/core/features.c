/*
 * features.c
 *		Products with the feature matrix, dropout on it, and its rows.
 */
#include "features.h"

#include <string.h>

#include "dense.h"
#include "parallel.h"

/* Values of a dropout block: one random stream each. */
#define DROP_BLOCK 4096

void
gae_features_identity(int64_t rows, GaeFeatures *features)
{
	memset(features, 0, sizeof(*features));
	features->form = GAE_FEATURES_IDENTITY;
	features->rows = rows;
	features->columns = rows;
}

GaeStatus
gae_features_prepare(GaeEnv *env, GaeFeatures *features)
{
	if (features->form == GAE_FEATURES_SPARSE && features->transposed.offset == NULL)
		return gae_csr_transpose(env, &features->sparse, &features->transposed);
	return GAE_OK;
}

/* The values that dropout acts on: all of a dense X, the non-zeros otherwise. */
static int64_t
value_count(const GaeFeatures *features)
{
	switch (features->form)
	{
		case GAE_FEATURES_DENSE:
			return features->rows * features->columns;
		case GAE_FEATURES_SPARSE:
			return features->sparse.offset[features->rows];
		case GAE_FEATURES_IDENTITY:
			break;
	}
	return features->rows;		/* the diagonal */
}

GaeStatus
gae_features_droppable(GaeEnv *env, const GaeFeatures *features, GaeFeatures *dropped)
{
	int64_t		count = value_count(features);

	*dropped = *features;
	switch (features->form)
	{
		case GAE_FEATURES_DENSE:
		case GAE_FEATURES_IDENTITY:
			GAE_ALLOC(env, dropped->dense, count);
			break;
		case GAE_FEATURES_SPARSE:
			GAE_ALLOC(env, dropped->sparse.value, count);
			GAE_ALLOC(env, dropped->transposed.value, count);
			break;
	}
	return GAE_OK;
}

typedef struct DropTask
{
	const GaeReal *value;		/* NULL: all are 1 */
	GaeReal    *dropped;
	int64_t		count;
	double		rate;
	int64_t		seed;
	uint32_t	step;
} DropTask;

static void
drop_block(void *arg, int64_t block, int worker)
{
	const DropTask *t = arg;
	int64_t		first = block * DROP_BLOCK;
	int64_t		end = first + DROP_BLOCK < t->count ? first + DROP_BLOCK : t->count;
	GaeStream	stream = gae_stream(t->seed, GAE_RANDOM_DROPOUT, t->step, (uint64_t) block);
	double		drop_below = t->rate * 0x1p32;
	GaeReal		scale = (GaeReal) (1 / (1 - t->rate));

	(void) worker;
	for (int64_t i = first; i < end; i++)
	{
		bool		kept = gae_random_word(&stream) >= drop_below;

		t->dropped[i] = kept ? scale * (t->value != NULL ? t->value[i] : 1) : 0;
	}
}

GaeStatus
gae_features_drop(GaeEnv *env, const GaeFeatures *features, double rate,
				  int64_t seed, uint32_t step, GaeFeatures *dropped)
{
	DropTask	task = {features->dense, dropped->dense, value_count(features), rate, seed, step};

	/* The last mini-batch has fewer rows than "dropped" was made for. */
	dropped->rows = features->rows;
	if (features->form == GAE_FEATURES_SPARSE)
	{
		task.value = features->sparse.value;
		task.dropped = dropped->sparse.value;
	}
	GAE_TRY(gae_parallel(env, gae_blocks(task.count, DROP_BLOCK), drop_block, &task));
	if (features->form == GAE_FEATURES_SPARSE)
		for (int64_t e = 0; e < task.count; e++)
			dropped->transposed.value[e] = dropped->sparse.value[dropped->transposed.origin[e]];
	return GAE_OK;
}

/* out = D · w for the diagonal matrix D that dropout makes of the identity. */
static void
multiply_diagonal(const GaeReal *diagonal, int64_t rows, int64_t n, const GaeReal *w, GaeReal *out)
{
	if (diagonal == NULL)
	{
		memcpy(out, w, (size_t) (rows * n) * sizeof(GaeReal));
		return;
	}
	for (int64_t i = 0; i < rows; i++)
		for (int64_t j = 0; j < n; j++)
			out[i * n + j] = diagonal[i] * w[i * n + j];
}

GaeStatus
gae_features_multiply(GaeEnv *env, const GaeFeatures *features, int64_t n,
					  const GaeReal *w, GaeReal *out)
{
	switch (features->form)
	{
		case GAE_FEATURES_DENSE:
			return gae_multiply(env, features->rows, n, features->columns,
								features->dense, features->columns,
								GAE_PLAIN, w, n, 0, out, n);
		case GAE_FEATURES_SPARSE:
			return gae_csr_multiply(env, &features->sparse, n, w, out);
		case GAE_FEATURES_IDENTITY:
			break;
	}
	multiply_diagonal(features->dense, features->rows, n, w, out);
	return gae_poll(env);
}

GaeStatus
gae_features_multiply_transposed(GaeEnv *env, const GaeFeatures *features, int64_t n,
								 const GaeReal *g, GaeReal *gradient)
{
	switch (features->form)
	{
		case GAE_FEATURES_DENSE:
			return gae_multiply_tall(env, features->rows, features->columns, n,
									 features->dense, features->columns, g, n, gradient);
		case GAE_FEATURES_SPARSE:
			return gae_csr_multiply(env, &features->transposed, n, g, gradient);
		case GAE_FEATURES_IDENTITY:
			break;
	}
	multiply_diagonal(features->dense, features->rows, n, g, gradient);
	return gae_poll(env);
}

void
gae_features_gather(const GaeFeatures *features, const int32_t *rows, int64_t count, GaeReal *out)
{
	int64_t		columns = features->columns;

	for (int64_t i = 0; i < count; i++)
	{
		GaeReal    *row = out + i * columns;

		if (features->form == GAE_FEATURES_DENSE)
		{
			memcpy(row, features->dense + rows[i] * columns, (size_t) columns * sizeof(GaeReal));
			continue;
		}
		memset(row, 0, (size_t) columns * sizeof(GaeReal));
		for (int64_t e = features->sparse.offset[rows[i]]; e < features->sparse.offset[rows[i] + 1]; e++)
			row[features->sparse.index[e]] = features->sparse.value[e];
	}
}

bool
gae_features_outside_unit(const GaeFeatures *features, int64_t *row, int64_t *column, GaeReal *value)
{
	bool		dense = features->form == GAE_FEATURES_DENSE;

	for (int64_t i = 0; i < features->rows && features->form != GAE_FEATURES_IDENTITY; i++)
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
			return true;
		}
	}
	return false;
}
