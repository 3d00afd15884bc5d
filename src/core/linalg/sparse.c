/*
 * sparse.c
 *		Products with sparse matrices.
 */
#include "core/linalg/sparse.h"

#include <string.h>

#include "core/base/parallel.h"
#include "core/linalg/vector.h"

/* Rows of a block, at most: few enough that threads share a small matrix evenly. */
#define BLOCK_ROWS 128

/* Entries put at places all over memory between two looks at interrupts: some milliseconds. */
#define SCATTERED_ITEMS (1 << 16)

typedef struct MultiplyTask
{
	const GaeCsr *a;
	int64_t		block_rows;
	int64_t		n;
	const GaeReal *b;
	GaeReal    *out;
} MultiplyTask;

/* A GaeBlock */
static void
multiply_rows(void *arg, int64_t block, int worker)
{
	const MultiplyTask *t = arg;
	const GaeCsr *a = t->a;
	GaeRange	rows = gae_block_range(block, t->block_rows, a->rows);

	(void) worker;
	gae_vector_kernels()->multiply_csr(rows.first, rows.end, a->offset, a->index, a->value, NULL,
									   t->n, t->b, t->out);
}

GaeStatus
gae_csr_multiply(GaeEnv *env, const GaeCsr *a, int64_t n, const GaeReal *b, GaeReal *out)
{
	int64_t		block_rows = gae_block_rows(a->rows, (double) a->offset[a->rows], n, BLOCK_ROWS);
	MultiplyTask task = {a, block_rows, n, b, out};

	return gae_parallel(env, gae_blocks(a->rows, block_rows), multiply_rows, &task);
}

double
gae_csr_transpose_bytes(const GaeCsr *a)
{
	double		entries = (double) a->offset[a->rows];

	return (double) a->columns * sizeof(int64_t) +
		entries * (sizeof(int32_t) + sizeof(GaeReal) + sizeof(int64_t));
}

GaeStatus
gae_csr_transpose(GaeEnv *env, const GaeCsr *a, GaeCsr *transposed)
{
	int64_t		entries = a->offset[a->rows];
	int64_t    *offset;

	memset(transposed, 0, sizeof(*transposed));
	transposed->rows = a->columns;
	transposed->columns = a->rows;
	GAE_ALLOC_ZERO(env, offset, transposed->rows + 1);
	GAE_ALLOC(env, transposed->index, entries);
	GAE_ALLOC(env, transposed->value, entries);
	GAE_ALLOC(env, transposed->origin, entries);

	/* offset[c] is where the next entry of row c goes; in the end that is where c + 1 begins. */
	for (int64_t e = 0; e < entries; e++)
	{
		if (e % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(env));
		if (a->index[e] + 1 < transposed->rows)
			offset[a->index[e] + 1]++;
	}
	for (int64_t c = 1; c < transposed->rows; c++)
	{
		if (c % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(env));
		offset[c] += offset[c - 1];
	}
	for (int64_t i = 0; i < a->rows; i++)
	{
		if (i % BLOCK_ROWS == 0)
			GAE_TRY(gae_poll(env));
		for (int64_t e = a->offset[i]; e < a->offset[i + 1]; e++)
		{
			int64_t		to = offset[a->index[e]]++;

			if (e % SCATTERED_ITEMS == 0)
				GAE_TRY(gae_poll(env));
			transposed->index[to] = (int32_t) i;
			transposed->value[to] = a->value[e];
			transposed->origin[to] = e;
		}
	}

	/* What is where the next entry goes, is where the next row begins. */
	for (int64_t c = transposed->rows; c > 0; c--)
	{
		if (c % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(env));
		offset[c] = offset[c - 1];
	}
	offset[0] = 0;
	transposed->offset = offset;
	return GAE_OK;
}
