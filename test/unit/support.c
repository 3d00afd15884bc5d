/*
 * support.c
 *		An environment for tests, comparisons, and random inputs.
 */
#include "support.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/parallel.h"
#include "core/search/topk.h"

/* How much of fresh memory is filled: all of it would take more time than the tests. */
#define FILLED_BYTES 65536

/* ---- the environment ---- */

static void *
allocate(void *context, size_t bytes)
{
	TestContext *test = context;
	void	   *memory;

	if (++test->allocations == test->fail_at)
		return NULL;
	memory = malloc(bytes);
	if (memory == NULL)
		return NULL;

	/* All bits set are NaN, or -1: what uses it uninitialised shows. */
	memset(memory, 0xFF, bytes < FILLED_BYTES ? bytes : FILLED_BYTES);
	if (test->pieces == test->room)
	{
		test->room = 2 * test->room + 64;
		test->memory = realloc(test->memory, (size_t) test->room * sizeof(void *));
		test->bytes = realloc(test->bytes, (size_t) test->room * sizeof(size_t));
	}
	test->memory[test->pieces] = memory;
	test->bytes[test->pieces++] = bytes;
	test->bytes_now += bytes;
	if (test->bytes_now > test->bytes_peak)
		test->bytes_peak = test->bytes_now;
	return memory;
}

static void
release(void *context, void *memory)
{
	TestContext *test = context;
	int64_t		i = test->pieces - 1;

	while (i >= 0 && test->memory[i] != memory)
		i--;
	if (i < 0)
	{
		fprintf(stderr, "released what was not allocated, or was released before\n");
		abort();
	}
	free(memory);
	test->bytes_now -= test->bytes[i];
	test->pieces--;
	test->memory[i] = test->memory[test->pieces];
	test->bytes[i] = test->bytes[test->pieces];
}

static int64_t
held(void *context)
{
	TestContext *test = context;

	return (int64_t) test->bytes_now;
}

static bool
pending(void *context)
{
	TestContext *test = context;

	test->polls++;
	return test->interrupt_at > 0 && test->polls >= test->interrupt_at;
}

static bool
interrupted(void *context)
{
	TestContext *test = context;

	if (test->interrupt_ends)
		return true;
	test->served++;
	test->interrupt_at += 3;	/* and soon the next one */
	return false;
}

GaeEnv *
test_env_create(int threads)
{
	TestContext *test = calloc(1, sizeof(TestContext));

	assert_non_null(test);
	test->interrupt_ends = true;
	test->env.allocate = allocate;
	test->env.release = release;
	test->env.held = held;
	test->env.pending = pending;
	test->env.interrupted = interrupted;
	test->env.context = test;
	test->env.threads = threads;
	return &test->env;
}

void
test_env_destroy(GaeEnv *env)
{
	TestContext *test = test_context(env);

	gae_pool_stop(env);
	for (int64_t i = 0; i < test->pieces; i++)
		free(test->memory[i]);
	free(test->memory);
	free(test->bytes);
	free(test);
}

TestContext *
test_context(GaeEnv *env)
{
	return env->context;
}

int
test_setup(void **state)
{
	*state = test_env_create(1);
	return 0;
}

int
test_teardown(void **state)
{
	test_env_destroy(*state);
	return 0;
}

bool
test_quick(void)
{
	return getenv("UNIT_QUICK") != NULL;
}

/* ---- comparisons ---- */

void
test_assert_ok(GaeEnv *env, GaeStatus status, const char *call, const char *file, int line)
{
	if (status == GAE_OK)
		return;
	print_error("%s: status %d: %s (%s)\n", call, status, env->error.message, env->error.detail);
	_fail(file, line);
}

double
test_relative_error(double a, double b, double scale)
{
	double		error = fabs(a - b) / fmax(fabs(b), scale);

	return isnan(error) ? INFINITY : error;
}

void
test_assert_near(double actual, double expected, double tolerance, double scale,
				 const char *what, const char *file, int line)
{
	if (actual == expected || test_relative_error(actual, expected, scale) <= tolerance)
		return;
	print_error("%s is %.17g; expected %.17g within %g\n", what, actual, expected,
				tolerance * fmax(fabs(expected), scale));
	_fail(file, line);
}

double
test_array_error(const GaeReal *a, const double *b, int64_t count)
{
	double		largest = 0;
	double		error = 0;

	for (int64_t i = 0; i < count; i++)
	{
		largest = fmax(largest, fabs(b[i]));
		if (!(fabs(a[i] - b[i]) <= error))
			error = fabs(a[i] - b[i]);
		if (isnan(a[i]) || isnan(b[i]))
			return INFINITY;
	}
	return largest > 0 ? error / largest : error;
}

/* ---- random inputs ---- */

double
test_random_uniform(TestRandom *random)
{
	return (double) (test_random_word(random) >> 11) * 0x1p-53;
}

double
test_random_normal(TestRandom *random)
{
	double		radius = sqrt(-2 * log(1 - test_random_uniform(random)));

	return radius * cos(2 * M_PI * test_random_uniform(random));
}

void
test_random_rows(GaeEnv *env, uint64_t seed, int32_t nodes, int64_t count, bool weighted,
				 TestRows *rows)
{
	TestRandom	random = {seed};

	rows->count = count;
	rows->src = gae_alloc(env, count, sizeof(int32_t));
	rows->dst = gae_alloc(env, count, sizeof(int32_t));
	rows->weight = weighted ? gae_alloc(env, count, sizeof(float)) : NULL;
	for (int64_t i = 0; i < count; i++)
	{
		/* Some nodes have many edges, and the last ones hardly any. */
		rows->src[i] = (int32_t) test_random_below(&random, 1 + test_random_below(&random, nodes));
		rows->dst[i] = (int32_t) test_random_below(&random, nodes);
		if (weighted)
			rows->weight[i] = (float) (0.25 + 2 * test_random_uniform(&random));
	}
}

uint64_t *
test_key_hashes(GaeEnv *env, int64_t count)
{
	uint64_t   *hash = gae_alloc(env, count, sizeof(uint64_t));

	for (int64_t i = 0; i < count; i++)
		hash[i] = gae_mix((uint64_t) i);
	return hash;
}

void
test_random_graph(GaeEnv *env, uint64_t seed, int32_t nodes, int64_t rows, bool directed,
				  bool weighted, GaeGraph *graph)
{
	TestRows	r;

	test_random_rows(env, seed, nodes, rows, weighted, &r);
	assert_ok(env, gae_graph_build(env, nodes, NULL, directed, rows, r.src, r.dst, r.weight, graph));
}

void
test_random_features(GaeEnv *env, uint64_t seed, GaeFeatureForm form, int64_t rows,
					 int64_t columns, bool unit, GaeFeatures *features)
{
	TestRandom	random = {seed};
	GaeReal    *dense;
	int64_t		entries = 0;

	if (form == GAE_FEATURES_NONE)
	{
		gae_features_identity(rows, features);
		return;
	}
	memset(features, 0, sizeof(*features));
	features->form = form;
	features->rows = rows;
	features->columns = columns;
	dense = gae_alloc(env, rows * columns, sizeof(GaeReal));
	for (int64_t i = 0; i < rows * columns; i++)
	{
		bool		kept = form == GAE_FEATURES_DENSE || test_random_uniform(&random) < 0.3;
		double		x = unit ? test_random_uniform(&random) : test_random_normal(&random);

		dense[i] = kept ? (GaeReal) x : 0;
		entries += dense[i] != 0;
	}
	if (form == GAE_FEATURES_DENSE)
	{
		features->dense = dense;
		return;
	}
	features->sparse.rows = rows;
	features->sparse.columns = columns;
	features->sparse.offset = gae_alloc(env, rows + 1, sizeof(int64_t));
	features->sparse.index = gae_alloc(env, entries, sizeof(int32_t));
	features->sparse.value = gae_alloc(env, entries, sizeof(GaeReal));
	entries = 0;
	for (int64_t i = 0; i < rows; i++)
	{
		features->sparse.offset[i] = entries;
		for (int64_t j = 0; j < columns; j++)
		{
			if (dense[i * columns + j] == 0)
				continue;
			features->sparse.index[entries] = (int32_t) j;
			features->sparse.value[entries++] = dense[i * columns + j];
		}
	}
	features->sparse.offset[rows] = entries;
	gae_free(env, dense);
}

double
test_feature(const GaeFeatures *features, int64_t row, int64_t column)
{
	if (column >= features->columns)
		return row != column - features->columns ? 0
			: features->diagonal != NULL ? (double) features->diagonal[row] : 1;
	switch (features->form)
	{
		case GAE_FEATURES_NONE:
			break;
		case GAE_FEATURES_DENSE:
			return features->dense[row * features->columns + column];
		case GAE_FEATURES_SPARSE:
			for (int64_t e = features->sparse.offset[row]; e < features->sparse.offset[row + 1]; e++)
				if (features->sparse.index[e] == column)
					return features->sparse.value[e];
	}
	return 0;
}

int
test_compare_links(const void *left, const void *right)
{
	const GaeLink *a = left;
	const GaeLink *b = right;

	if (a->score != b->score)
		return a->score > b->score ? -1 : 1;
	if (a->src != b->src)
		return a->src < b->src ? -1 : 1;
	return a->dst < b->dst ? -1 : a->dst > b->dst;
}
