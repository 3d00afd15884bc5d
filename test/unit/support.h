/*
 * support.h
 *		What all unit tests share: an environment on malloc that can be told to
 *		fail, comparisons of numbers, and random inputs.
 */
#ifndef UNIT_SUPPORT_H
#define UNIT_SUPPORT_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#ifndef assert_uint_in_range	/* before cmocka 2.0 */
#define assert_uint_in_range assert_in_range
#endif

#include "core/base/env.h"
#include "core/features/features_build.h"
#include "core/features/scaler_learn.h"
#include "core/graph/graph_build.h"
#include "random_words.h"

/* What one environment has seen, and what is to happen to it. */
typedef struct TestContext
{
	GaeEnv		env;			/* first: a GaeEnv of ours is a TestContext */
	void	  **memory;			/* pieces not yet released */
	size_t	   *bytes;			/* and their sizes */
	int64_t		pieces;
	int64_t		room;
	size_t		bytes_now;
	size_t		bytes_peak;
	int64_t		allocations;
	int64_t		fail_at;		/* this allocation, counted from 1, fails; 0: none */
	int64_t		polls;			/* calls of pending() */
	int64_t		interrupt_at;	/* from this one on an interrupt is pending; 0: never */
	bool		interrupt_ends; /* does it end the call, or is it served once? */
	int64_t		served;			/* interrupts that did not end the call */
} TestContext;

extern GaeEnv *test_env_create(int threads);
extern void test_env_destroy(GaeEnv *env);
extern TestContext *test_context(GaeEnv *env);

/* Tests get an environment of one thread as *state, and need not destroy it. */
extern int	test_setup(void **state);
extern int	test_teardown(void **state);
#define TEST(function) cmocka_unit_test_setup_teardown(function, test_setup, test_teardown)

/* Shorter, where a tool makes everything slow (UNIT_QUICK in the environment). */
extern bool test_quick(void);

#define assert_ok(env, call) test_assert_ok((env), (call), #call, __FILE__, __LINE__)
#define assert_status(expected, call) assert_int_equal(call, expected)
extern void test_assert_ok(GaeEnv *env, GaeStatus status, const char *call,
						   const char *file, int line);

/* |actual - expected| <= tolerance · max(|expected|, scale) */
#define assert_near(actual, expected, tolerance, scale) \
	test_assert_near((actual), (expected), (tolerance), (scale), #actual, __FILE__, __LINE__)
extern void test_assert_near(double actual, double expected, double tolerance, double scale,
							 const char *what, const char *file, int line);

/* |a - b| / max(|b|, scale) */
extern double test_relative_error(double a, double b, double scale);

/* The largest |a[i] - b[i]|, relative to the largest |b[i]|. */
extern double test_array_error(const GaeReal *a, const double *b, int64_t count);

/* GaeReal's precision, and a tolerance for sums of some hundred terms. */
#ifdef GAE_DOUBLE
#define TEST_EPSILON 2.2e-16
#define TEST_TOLERANCE 1e-12
#else
#define TEST_EPSILON 1.2e-7
#define TEST_TOLERANCE 2e-5
#endif

extern double test_random_uniform(TestRandom *random);
extern double test_random_normal(TestRandom *random);

/* For qsort: which of two GaeLinks is the better one, by plain comparisons. */
extern int	test_compare_links(const void *left, const void *right);

/* Rows of edges as a user might give them: with duplicates and self-loops. */
typedef struct TestRows
{
	int64_t		count;
	int32_t    *src;
	int32_t    *dst;
	float	   *weight;			/* NULL: unweighted */
} TestRows;

/* Hashes of the keys 0 … count - 1. */
extern uint64_t *test_key_hashes(GaeEnv *env, int64_t count);

extern void test_random_rows(GaeEnv *env, uint64_t seed, int32_t nodes, int64_t count,
							 bool weighted, TestRows *rows);
extern void test_random_graph(GaeEnv *env, uint64_t seed, int32_t nodes, int64_t rows,
							  bool directed, bool weighted, GaeGraph *graph);

/* X of a form, with values in [0, 1] if "unit". */
extern void test_random_features(GaeEnv *env, uint64_t seed, GaeFeatureForm form, int64_t rows,
								 int64_t columns, bool unit, GaeFeatures *features);

/* X[row][column] of any form. */
extern double test_feature(const GaeFeatures *features, int64_t row, int64_t column);

#endif							/* UNIT_SUPPORT_H */
