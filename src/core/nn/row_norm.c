/*
 * row_norm.c
 *		Rows brought to one length, and the gradient of that.
 */
#include "core/nn/row_norm.h"

#include <math.h>

#include "core/base/parallel.h"
#include "core/base/range.h"
#include "core/base/simd.h"
#include "core/linalg/matmul.h"

/* Values of a block: some microseconds of one core. */
#define BLOCK_VALUES 16384

/* Shorter vectors are not normalised but divided by this (as torch's normalize). */
#define SMALLEST_NORM 1e-12

double
gae_row_norm_bytes(double scale, int64_t columns, double rows)
{
	return isnan(scale) ? 0 : rows * (1 + (double) columns) * sizeof(GaeReal);
}

GaeStatus
gae_row_norm_create(GaeEnv *env, double scale, int64_t columns, int64_t rows, GaeRowNorm *norm)
{
	*norm = (GaeRowNorm) {.scale = scale, .columns = columns};
	if (isnan(scale))
		return GAE_OK;
	GAE_ALLOC(env, norm->norm, rows);
	GAE_ALLOC(env, norm->direction, rows * columns);
	return GAE_OK;
}

void
gae_row_norm_free(GaeEnv *env, GaeRowNorm *norm)
{
	gae_free(env, norm->norm);
	gae_free(env, norm->direction);
}

/* The length that a vector is divided by. */
static double
divisor_of(const GaeReal *h, int64_t n)
{
	return fmax(sqrt(gae_dot(h, h, n)), SMALLEST_NORM);
}

typedef struct NormTask
{
	const GaeRowNorm *norm;
	int64_t		rows;
	int64_t		width;			/* of a row of h */
	int64_t		block_rows;
	GaeReal    *h;				/* or its gradient */
} NormTask;

/* t = s · h / |h|, in place. */
GAE_VECTORISED static void
forward_block(void *arg, int64_t block, int worker)
{
	const NormTask *t = arg;
	GaeRange	range = gae_block_range(block, t->block_rows, t->rows);
	int64_t		n = t->norm->columns;
	GaeReal		scale = (GaeReal) t->norm->scale;

	(void) worker;
	for (int64_t i = range.first; i < range.end; i++)
	{
		GaeReal    *restrict h = t->h + i * t->width;
		GaeReal    *restrict u = t->norm->direction + i * n;
		double		divisor = divisor_of(h, n);
		GaeReal		inverse = (GaeReal) (1 / divisor);

		t->norm->norm[i] = (GaeReal) divisor;
		for (int64_t j = 0; j < n; j++)
		{
			u[j] = h[j] * inverse;
			h[j] = scale * u[j];
		}
	}
}

/* dh = s / |h| · (dt - u (u · dt)), in place. */
GAE_VECTORISED static void
backward_block(void *arg, int64_t block, int worker)
{
	const NormTask *t = arg;
	GaeRange	range = gae_block_range(block, t->block_rows, t->rows);
	int64_t		n = t->norm->columns;

	(void) worker;
	for (int64_t i = range.first; i < range.end; i++)
	{
		GaeReal    *restrict d = t->h + i * t->width;
		const GaeReal *restrict u = t->norm->direction + i * n;
		GaeReal		along = (GaeReal) gae_dot(u, d, n);
		GaeReal		factor = (GaeReal) (t->norm->scale / t->norm->norm[i]);

		for (int64_t j = 0; j < n; j++)
			d[j] = factor * (d[j] - u[j] * along);
	}
}

static GaeStatus
run_blocks(GaeEnv *env, const GaeRowNorm *norm, int64_t rows, int64_t width, GaeReal *h,
		   GaeBlock block)
{
	NormTask	task = {norm, rows, width, gae_blocks(BLOCK_VALUES, width), h};

	if (isnan(norm->scale))
		return GAE_OK;
	return gae_parallel(env, gae_blocks(rows, task.block_rows), block, &task);
}

GaeStatus
gae_row_norm_forward(GaeEnv *env, const GaeRowNorm *norm, int64_t rows, int64_t width, GaeReal *h)
{
	return run_blocks(env, norm, rows, width, h, forward_block);
}

GaeStatus
gae_row_norm_backward(GaeEnv *env, const GaeRowNorm *norm, int64_t rows, int64_t width, GaeReal *d)
{
	return run_blocks(env, norm, rows, width, d, backward_block);
}

void
gae_row_norm_one(double scale, int64_t columns, GaeReal *h)
{
	GaeReal		inverse;

	if (isnan(scale))
		return;
	inverse = (GaeReal) (1 / divisor_of(h, columns));
	for (int64_t j = 0; j < columns; j++)
		h[j] = (GaeReal) scale * (h[j] * inverse);
}
