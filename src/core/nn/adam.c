/*
 * adam.c
 *		Adam, a block of values at a time.
 */
#include "core/nn/adam.h"

#include <math.h>

#include "core/base/parallel.h"
#include "core/base/range.h"
#include "core/base/simd.h"

/* The authors' settings. */
#define BETA1 0.9
#define BETA2 0.999
#define EPSILON 1e-8

#define BLOCK_VALUES 4096

GaeStatus
gae_adam_create(GaeEnv *env, double learning_rate, double weight_decay, int64_t count, GaeAdam *adam)
{
	adam->learning_rate = learning_rate;
	adam->weight_decay = weight_decay;
	adam->count = count;
	adam->step = 0;
	GAE_ALLOC_ZERO(env, adam->first_moment, count);
	GAE_ALLOC_ZERO(env, adam->second_moment, count);
	return GAE_OK;
}

double
gae_adam_bytes(int64_t count)
{
	return 2 * (double) count * sizeof(GaeReal);
}

typedef struct StepTask
{
	GaeAdam    *adam;
	const GaeReal *gradient;
	GaeReal    *parameter;
	GaeReal		rate;			/* learning rate over the first bias correction */
	GaeReal		inverse_root;	/* 1 / sqrt(second bias correction) */
} StepTask;

GAE_VECTORISED static void
step_block(void *arg, int64_t block, int worker)
{
	const StepTask *t = arg;
	GaeReal    *restrict m = t->adam->first_moment;
	GaeReal    *restrict v = t->adam->second_moment;
	GaeReal    *restrict w = t->parameter;
	const GaeReal *restrict gradient = t->gradient;
	GaeReal		decay = (GaeReal) t->adam->weight_decay;
	GaeRange	values = gae_block_range(block, BLOCK_VALUES, t->adam->count);

	(void) worker;
	for (int64_t i = values.first; i < values.end; i++)
	{
		GaeReal		g = gradient[i] + decay * w[i];

		m[i] = (GaeReal) BETA1 * m[i] + (GaeReal) (1 - BETA1) * g;
		v[i] = (GaeReal) BETA2 * v[i] + (GaeReal) (1 - BETA2) * g * g;
		w[i] -= t->rate * m[i] / (gae_real_sqrt(v[i]) * t->inverse_root + (GaeReal) EPSILON);
	}
}

GaeStatus
gae_adam_step(GaeEnv *env, GaeAdam *adam, const GaeReal *gradient, GaeReal *parameter)
{
	StepTask	task = {.adam = adam, .gradient = gradient, .parameter = parameter};
	double		step = (double) ++adam->step;

	task.rate = (GaeReal) (adam->learning_rate / (1 - pow(BETA1, step)));
	task.inverse_root = (GaeReal) (1 / sqrt(1 - pow(BETA2, step)));
	return gae_parallel(env, gae_blocks(adam->count, BLOCK_VALUES), step_block, &task);
}
