/*
 * test_features.c
 *		Products with X and Xᵀ, dropout, and rows and cells of X.
 */
#include <math.h>
#include <string.h>

#include "core/features/features.h"
#include "core/linalg/openblas.h"
#include "support.h"

#define ROWS 37

static const GaeFeatureForm forms[] = {GAE_FEATURES_NONE, GAE_FEATURES_DENSE, GAE_FEATURES_SPARSE};

/* Dropout of X alone, of the identity alone, of both, and of neither. */
static const GaeDropRates all_rates[] = {{0.4, 0}, {0, 0.3}, {0.4, 0.3}, {0, 0}};

static void
check_products(GaeEnv *env, const GaeFeatures *x, const char *what)
{
	TestRandom	random = {9};
	int64_t		n = 7;
	int64_t		inputs = gae_features_inputs(x);
	GaeReal    *w = gae_alloc(env, inputs * n, sizeof(GaeReal));
	GaeReal    *g = gae_alloc(env, x->rows * n, sizeof(GaeReal));
	GaeReal    *out = gae_alloc(env, x->rows * n, sizeof(GaeReal));
	GaeReal    *gradient = gae_alloc(env, inputs * n, sizeof(GaeReal));
	double	   *expected = gae_alloc_zero(env, x->rows * n, sizeof(double));
	double	   *expected_gradient = gae_alloc_zero(env, inputs * n, sizeof(double));

	for (int64_t i = 0; i < inputs * n; i++)
		w[i] = (GaeReal) test_random_normal(&random);
	for (int64_t i = 0; i < x->rows * n; i++)
		g[i] = (GaeReal) test_random_normal(&random);
	for (int64_t i = 0; i < x->rows; i++)
	{
		for (int64_t j = 0; j < inputs; j++)
		{
			double		value = test_feature(x, i, j);

			for (int64_t c = 0; c < n && value != 0; c++)
			{
				expected[i * n + c] += value * w[j * n + c];
				expected_gradient[j * n + c] += value * g[i * n + c];
			}
		}
	}
	assert_ok(env, gae_features_multiply(env, x, n, w, out));
	assert_ok(env, gae_features_multiply_transposed(env, x, n, g, gradient));
	if (test_array_error(out, expected, x->rows * n) > TEST_TOLERANCE)
		fail_msg("%s, form %d: wrong product", what, x->form);
	if (test_array_error(gradient, expected_gradient, inputs * n) > TEST_TOLERANCE)
		fail_msg("%s, form %d: wrong transposed product", what, x->form);
}

static void
test_products(void **state)
{
	GaeEnv	   *env = *state;

	assert_ok(env, gae_openblas_load(env));
	for (int f = 0; f < 3; f++)
	{
		for (int beside = f == 0; beside < 2; beside++)
		{
			GaeFeatures x;

			test_random_features(env, 4, forms[f], 700, 50, false, &x);
			x.identity = beside;
			assert_ok(env, gae_features_prepare(env, &x));
			check_products(env, &x, "X");
			for (int r = 0; r < (int) (sizeof(all_rates) / sizeof(all_rates[0])); r++)
			{
				GaeFeatures dropped;

				assert_ok(env, gae_features_droppable(env, &x, all_rates[r], &dropped));
				assert_ok(env, gae_features_drop(env, &x, all_rates[r], 1, 1, &dropped));
				check_products(env, &dropped, "X with dropout");
			}
		}
	}
}

/* The share that is dropped, what is kept, and that steps differ. */
static void
test_dropout(void **state)
{
	GaeEnv	   *env = *state;
	const double rate = 0.3;
	const GaeDropRates rates = {rate, rate};

	for (int f = 0; f < 3; f++)
	{
		GaeFeatures x;
		GaeFeatures dropped;
		int64_t		values;
		int64_t		zeros = 0;
		GaeReal    *first;

		test_random_features(env, 5, forms[f], f == 0 ? 20000 : 400, 60, false, &x);
		assert_ok(env, gae_features_prepare(env, &x));
		assert_ok(env, gae_features_droppable(env, &x, rates, &dropped));
		assert_ok(env, gae_features_drop(env, &x, rates, 1, 1, &dropped));
		values = f == 0 ? x.rows : f == 1 ? x.rows * x.columns : x.sparse.offset[x.rows];
		first = f == 2 ? dropped.sparse.value : f == 1 ? dropped.dense : dropped.diagonal;
		for (int64_t v = 0; v < values; v++)
		{
			double		original = f == 0 ? 1 : f == 1 ? x.dense[v] : x.sparse.value[v];

			zeros += first[v] == 0;
			if (first[v] != 0)
				assert_near(first[v], original / (1 - rate), 2 * TEST_EPSILON, 0);
		}
		assert_near((double) zeros / (double) values, rate,
					5 * sqrt(rate * (1 - rate) / (double) values), 1);
		if (f == 2)
			for (int64_t e = 0; e < values; e++)
				assert_true(dropped.transposed.value[e] ==
							dropped.sparse.value[dropped.transposed.origin[e]]);

		/* The same step drops the same; another does not. */
		{
			GaeReal    *copy = gae_alloc(env, values, sizeof(GaeReal));

			memcpy(copy, first, (size_t) values * sizeof(GaeReal));
			assert_ok(env, gae_features_drop(env, &x, rates, 1, 2, &dropped));
			assert_memory_not_equal(copy, first, (size_t) values * sizeof(GaeReal));
			assert_ok(env, gae_features_drop(env, &x, rates, 1, 1, &dropped));
			assert_memory_equal(copy, first, (size_t) values * sizeof(GaeReal));
		}
	}
}

static void
test_gather(void **state)
{
	static const int32_t rows[] = {3, 0, 36, 3};
	GaeEnv	   *env = *state;

	for (int f = 1; f < 3; f++)
	{
		GaeFeatures x;
		GaeReal		out[4 * 11];

		test_random_features(env, 6, forms[f], ROWS, 11, false, &x);
		assert_ok(env, gae_features_gather(env, &x, rows, 4, out));
		for (int i = 0; i < 4; i++)
			for (int j = 0; j < 11; j++)
				assert_true(out[i * 11 + j] == (GaeReal) test_feature(&x, rows[i], j));
	}
}

static void
test_outside_unit(void **state)
{
	GaeEnv	   *env = *state;
	int64_t		row;
	int64_t		column;
	GaeReal		value;

	for (int f = 0; f < 3; f++)
	{
		GaeFeatures x;
		GaeReal    *cell;

		test_random_features(env, 7, forms[f], ROWS, 11, true, &x);
		assert_ok(env, gae_features_outside_unit(env, &x, &row, &column, &value));
		assert_int_equal(row, -1);
		if (f == 0)
			continue;
		cell = f == 1 ? &x.dense[5 * 11 + 4] : &x.sparse.value[x.sparse.offset[6] - 1];
		*cell = (GaeReal) -0.001;
		assert_ok(env, gae_features_outside_unit(env, &x, &row, &column, &value));
		assert_int_equal(row, 5);
		assert_int_equal(column, f == 1 ? 4 : x.sparse.index[x.sparse.offset[6] - 1]);
		assert_true(value == *cell);
		*cell = (GaeReal) NAN;
		assert_ok(env, gae_features_outside_unit(env, &x, &row, &column, &value));
		assert_int_equal(row, 5);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_products),
		TEST(test_dropout),
		TEST(test_gather),
		TEST(test_outside_unit),
	};

	return cmocka_run_group_tests_name("features", tests, NULL, NULL);
}
