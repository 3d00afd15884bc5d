/*
 * column_sums.c
 *		Sums over many rows: of parts of the rows, and then of the parts in their order.
 */
#include "core/linalg/column_sums.h"

#include <string.h>

#include "core/base/parallel.h"
#include "core/base/simd.h"

/* Parts, at most. */
#define MOST_PARTS 32

int64_t
gae_sum_part_rows(int64_t rows, int64_t least)
{
	int64_t		parts = gae_blocks(rows, least);

	if (parts <= 1)
		return least;
	return gae_blocks(rows, gae_min(parts, MOST_PARTS));
}

/* Values of a block of sums of parts: some microseconds of one core. */
#define ADD_VALUES 16384

typedef struct AddTask
{
	const GaeReal *parts;		/* parts x count */
	int64_t		part_count;
	int64_t		count;
	GaeReal    *sum;
} AddTask;

/* A GaeBlock */
GAE_VECTORISED static void
add_block(void *arg, int64_t block, int worker)
{
	const AddTask *t = arg;
	GaeRange	values = gae_block_range(block, ADD_VALUES, t->count);
	int64_t		count = values.end - values.first;
	GaeReal    *restrict sum = t->sum + values.first;

	(void) worker;
	memset(sum, 0, (size_t) count * sizeof(GaeReal));
	for (int64_t part = 0; part < t->part_count; part++)
	{
		const GaeReal *restrict values_of_part = t->parts + part * t->count + values.first;

		for (int64_t i = 0; i < count; i++)
			sum[i] += values_of_part[i];
	}
}

GaeStatus
gae_sum_add_parts(GaeEnv *env, const GaeReal *parts, int64_t part_count, int64_t count,
				  GaeReal *sum)
{
	AddTask		task = {parts, part_count, count, sum};

	return gae_parallel(env, gae_blocks(count, ADD_VALUES), add_block, &task);
}

/*
 * Rows of a part of a sum of columns, at least; and columns of a block, at most, which has
 * the rows of one part: its sums fit a first-level cache.
 */
#define SUM_ROWS 64
#define SUM_COLUMNS 4096

typedef struct SumTask
{
	int64_t		rows;
	int64_t		part_rows;
	int64_t		n;
	int64_t		across;			/* blocks side by side */
	const GaeReal *a;
	int64_t		lda;
	GaeReal    *parts;			/* parts x n: the sums of each part */
} SumTask;

/* A GaeBlock: the sums of some columns over the rows of one part. */
GAE_VECTORISED static void
sum_block(void *arg, int64_t block, int worker)
{
	const SumTask *t = arg;
	int64_t		part = block / t->across;
	GaeRange	rows = gae_block_range(part, t->part_rows, t->rows);
	GaeRange	columns = gae_block_range(block % t->across, SUM_COLUMNS, t->n);
	int64_t		count = columns.end - columns.first;
	GaeReal    *restrict sum = t->parts + part * t->n + columns.first;

	(void) worker;
	memset(sum, 0, (size_t) count * sizeof(GaeReal));
	for (int64_t i = rows.first; i < rows.end; i++)
	{
		const GaeReal *restrict row = t->a + i * t->lda + columns.first;

		for (int64_t j = 0; j < count; j++)
			sum[j] += row[j];
	}
}

GaeStatus
gae_column_sums(GaeEnv *env, int64_t rows, int64_t n, const GaeReal *a, int64_t lda, GaeReal *sums)
{
	int64_t		part_rows = gae_sum_part_rows(rows, SUM_ROWS);
	int64_t		parts = gae_blocks(rows, part_rows);
	SumTask		task = {
		.rows = rows, .part_rows = part_rows, .n = n, .across = gae_blocks(n, SUM_COLUMNS),
		.a = a, .lda = lda
	};

	GAE_ALLOC(env, task.parts, parts * n);
	GAE_TRY(gae_parallel(env, parts * task.across, sum_block, &task));
	GAE_TRY(gae_sum_add_parts(env, task.parts, parts, n, sums));
	gae_free(env, task.parts);
	return GAE_OK;
}
