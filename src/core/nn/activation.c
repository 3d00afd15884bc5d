/*
 * activation.c
 *		Bias, ReLU and dropout, a block of whole rows at a time.
 */
#include "core/nn/activation.h"

#include "core/base/parallel.h"
#include "core/base/random.h"
#include "core/base/range.h"
#include "core/base/simd.h"

/* Values of a block: some microseconds of one core. */
#define BLOCK_VALUES 16384

const GaeDropout gae_no_dropout = {0};

typedef struct ActivateTask
{
	GaeReal    *h;
	int64_t		rows;
	int64_t		width;
	int64_t		block_rows;
	const GaeReal *bias;		/* or NULL */
	bool		relu;
	GaeDropout	dropout;
	int			layer;
} ActivateTask;

static GaeStream
dropout_stream(const ActivateTask *t, int64_t block)
{
	return gae_stream(t->dropout.seed, GAE_RANDOM_DROPOUT, t->dropout.step,
					  (uint64_t) (t->layer + 1) << 40 | (uint64_t) block);
}

GAE_VECTORISED static void
activate_block(void *arg, int64_t block, int worker)
{
	const ActivateTask *t = arg;
	GaeRange	range = gae_block_range(block, t->block_rows, t->rows);

	(void) worker;
	for (int64_t i = range.first; i < range.end; i++)
	{
		GaeReal    *h = t->h + i * t->width;

		if (t->bias != NULL)
			for (int64_t j = 0; j < t->width; j++)
				h[j] += t->bias[j];
		if (t->relu)
			for (int64_t j = 0; j < t->width; j++)
				h[j] = h[j] > 0 ? h[j] : 0;
	}
	if (t->dropout.rate > 0)
	{
		GaeStream	stream = dropout_stream(t, block);
		double		drop_below = t->dropout.rate * 0x1p32;
		GaeReal		scale = (GaeReal) (1 / (1 - t->dropout.rate));

		for (int64_t i = range.first * t->width; i < range.end * t->width; i++)
			t->h[i] = gae_random_word(&stream) >= drop_below ? t->h[i] * scale : 0;
	}
}

static GaeStatus
activate(GaeEnv *env, ActivateTask task)
{
	task.block_rows = gae_blocks(BLOCK_VALUES, task.width);
	return gae_parallel(env, gae_blocks(task.rows, task.block_rows), activate_block, &task);
}

GaeStatus
gae_activate_hidden(GaeEnv *env, int layer, int64_t rows, int64_t width, const GaeReal *bias,
					const GaeDropout *dropout, GaeReal *h)
{
	return activate(env, (ActivateTask) {
		.h = h, .rows = rows, .width = width, .bias = bias, .relu = true, .dropout = *dropout,
		.layer = layer
	});
}

GaeStatus
gae_activate_output(GaeEnv *env, int64_t rows, int64_t width, const GaeReal *bias, GaeReal *h)
{
	if (bias == NULL)
		return GAE_OK;
	return activate(env, (ActivateTask) {.h = h, .rows = rows, .width = width, .bias = bias});
}

typedef struct BackwardTask
{
	const GaeReal *h;
	GaeReal    *d;
	int64_t		count;
	GaeReal		scale;			/* 1 / (1 - dropout rate) */
} BackwardTask;

/* ReLU and dropout have set h to 0 where the gradient does not pass; elsewhere h is positive. */
GAE_VECTORISED static void
backward_block(void *arg, int64_t block, int worker)
{
	const BackwardTask *t = arg;
	GaeRange	range = gae_block_range(block, BLOCK_VALUES, t->count);
	const GaeReal *restrict h = t->h + range.first;
	GaeReal    *restrict d = t->d + range.first;
	int64_t		count = range.end - range.first;
	GaeReal		scale = t->scale;

	(void) worker;
	for (int64_t i = 0; i < count; i++)
	{
		GaeReal		passed = d[i] * scale;

		d[i] = h[i] > 0 ? passed : 0;
	}
}

GaeStatus
gae_activate_backward(GaeEnv *env, int64_t rows, int64_t width, const GaeReal *h,
					  const GaeDropout *dropout, GaeReal *d)
{
	BackwardTask task = {h, d, rows * width, (GaeReal) (1 / (1 - dropout->rate))};

	return gae_parallel(env, gae_blocks(task.count, BLOCK_VALUES), backward_block, &task);
}
