/*
 * test_dense.c
 *		Matrix products against plain loops, at sizes around the blocks'.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dense.h"
#include "support.h"

/* A random matrix of rows x columns in rows of "stride" values; the gaps are NaN. */
static GaeReal *
random_matrix(GaeEnv *env, uint64_t seed, int64_t rows, int64_t columns, int64_t stride)
{
	TestRandom	random = {seed};
	GaeReal    *a = gae_alloc(env, rows * stride, sizeof(GaeReal));

	for (int64_t i = 0; i < rows; i++)
		for (int64_t j = 0; j < stride; j++)
			a[i * stride + j] = (GaeReal) (j < columns ? test_random_normal(&random) : NAN);
	return a;
}

/* The largest error of c (m x n, stride ldc) against alpha op(a) op(b) + beta before. */
static void
check(const GaeReal *c, const GaeReal *before, int64_t m, int64_t n, int64_t k, double alpha,
	  const GaeReal *a, int64_t lda, bool transpose_a, const GaeReal *b, int64_t ldb, bool transpose_b,
	  double beta, int64_t ldc)
{
	for (int64_t i = 0; i < m; i++)
	{
		for (int64_t j = 0; j < n; j++)
		{
			double		sum = beta == 0 ? 0 : beta * before[i * ldc + j];

			for (int64_t l = 0; l < k; l++)
				sum += alpha * a[transpose_a ? l * lda + i : i * lda + l] *
					b[transpose_b ? j * ldb + l : l * ldb + j];
			assert_near(c[i * ldc + j], sum, TEST_TOLERANCE, sqrt((double) k));
		}
	}
}

static void
test_gemm(void **state)
{
	static const int64_t sizes[][3] = {
		{1, 1, 1}, {3, 5, 2}, {16, 16, 16}, {17, 33, 8}, {256, 256, 16}, {255, 257, 13}, {1, 100, 64}
	};
	GaeEnv	   *env = *state;

	for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++)
	{
		for (int variant = 0; variant < 8; variant++)
		{
			int64_t		m = sizes[s][0];
			int64_t		n = sizes[s][1];
			int64_t		k = sizes[s][2];
			bool		transpose_a = variant % 2;
			bool		transpose_b = variant / 2 % 2;
			double		beta = variant / 4 == 0 ? 0 : 0.5;
			int64_t		lda = (transpose_a ? m : k) + 3;
			int64_t		ldb = (transpose_b ? k : n) + 1;
			int64_t		ldc = n + 2;
			GaeReal    *a = random_matrix(env, 1, transpose_a ? k : m, transpose_a ? m : k, lda);
			GaeReal    *b = random_matrix(env, 2, transpose_b ? n : k, transpose_b ? k : n, ldb);
			GaeReal    *c = random_matrix(env, 3, m, n, ldc);
			GaeReal    *before = random_matrix(env, 3, m, n, ldc);

			gae_gemm(transpose_a, transpose_b, m, n, k, (GaeReal) 1.5, a, lda, b, ldb,
					 (GaeReal) beta, c, ldc);
			check(c, before, m, n, k, 1.5, a, lda, transpose_a, b, ldb, transpose_b, beta, ldc);
			for (int64_t i = 0; i < m; i++)
				assert_true(isnan(c[i * ldc + n]) && isnan(c[i * ldc + n + 1]));
		}
	}
}

static void
test_multiply(void **state)
{
	static const int64_t rows[] = {1, 255, 256, 257, 1000};

	(void) state;
	for (int threads = 1; threads <= 3; threads += 2)
	{
		GaeEnv	   *env = test_env_create(threads);

		for (int r = 0; r < 5; r++)
		{
			GaeReal    *a = random_matrix(env, 1, rows[r], 9, 9);
			GaeReal    *b = random_matrix(env, 2, 9, 6, 6);
			GaeReal    *b_turned = random_matrix(env, 2, 6, 9, 9);
			GaeReal    *c = random_matrix(env, 3, rows[r], 6, 8);
			GaeReal    *before = random_matrix(env, 3, rows[r], 6, 8);

			assert_ok(env, gae_multiply(env, rows[r], 6, 9, a, 9, GAE_PLAIN, b, 6, 1, c, 8));
			check(c, before, rows[r], 6, 9, 1, a, 9, false, b, 6, false, 1, 8);
			assert_ok(env, gae_multiply(env, rows[r], 6, 9, a, 9, GAE_TRANSPOSED, b_turned, 9, 0, c, 8));
			check(c, before, rows[r], 6, 9, 1, a, 9, false, b_turned, 9, true, 0, 8);
		}
		test_env_destroy(env);
	}
}

/* Up to one block, several, and more rows than blocks of the least size. */
static void
test_multiply_tall(void **state)
{
	static const int64_t rows[] = {1, 2047, 2048, 2049, 10000, 32 * 2048 + 5};

	(void) state;
	for (int threads = 1; threads <= 3; threads += 2)
	{
		GaeEnv	   *env = test_env_create(threads);

		for (int r = 0; r < 6; r++)
		{
			GaeReal    *a = random_matrix(env, 1, rows[r], 4, 5);
			GaeReal    *b = random_matrix(env, 2, rows[r], 3, 4);
			GaeReal    *c = random_matrix(env, 3, 4, 3, 3);

			assert_ok(env, gae_multiply_tall(env, rows[r], 4, 3, a, 5, b, 4, c));
			check(c, c, 4, 3, rows[r], 1, a, 5, true, b, 4, false, 0, 3);
		}
		test_env_destroy(env);
	}
}

static void
test_sums_and_products(void **state)
{
	GaeEnv	   *env = *state;
	GaeReal    *a = random_matrix(env, 1, 100, 7, 9);
	GaeReal		sums[8] = {9, 9, 9, 9, 9, 9, 9, 9};

	gae_column_sums(100, 7, a, 9, sums);
	for (int j = 0; j < 7; j++)
	{
		double		expected = 0;

		for (int i = 0; i < 100; i++)
			expected += a[i * 9 + j];
		assert_near(sums[j], expected, TEST_TOLERANCE, 10);
	}
	assert_true(sums[7] == 9);
	for (int n = 0; n <= 7; n++)
	{
		double		expected = 0;

		for (int j = 0; j < n; j++)
			expected += (double) a[j] * a[9 + j];
		assert_near(gae_dot(a, a + 9, n), expected, 1e-14, 1);
	}
}

/* Loading leaves the environment as it was. */
static void
test_load(void **state)
{
	assert_int_equal(setenv("OPENBLAS_NUM_THREADS", "5", 1), 0);
	assert_ok(*state, gae_dense_load(*state));
	assert_string_equal(getenv("OPENBLAS_NUM_THREADS"), "5");
	assert_ok(*state, gae_dense_load(*state));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_load),		/* first: the others need it */
		TEST(test_gemm),
		TEST(test_multiply),
		TEST(test_multiply_tall),
		TEST(test_sums_and_products),
	};

	return cmocka_run_group_tests_name("dense", tests, NULL, NULL);
}
