/*
 * test_matmul.c
 *		Matrix products against plain loops, at sizes around the blocks'.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/linalg/column_sums.h"
#include "core/linalg/matmul.h"
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

/* Around the sizes at which products are cut, and odd ones. */
static const int64_t product_sizes[][3] = {
	{0, 3, 4}, {4, 0, 3}, {4, 3, 0}, {1, 1, 1}, {1, 700, 900}, {700, 1, 900}, {255, 6, 9}, {256, 6, 9}, {257, 6, 9}, {1000, 6, 9},
	{23, 17, 2000}, {24, 16, 2048}, {25, 33, 2049}, {1, 257, 2000}, {445, 130, 100}, {257, 300, 33},
	{48, 1000, 7}, {1000, 49, 60}, {5000, 32, 128}, {3001, 17, 70}, {700, 64, 65}, {90, 40, 1100}
};

#define PRODUCTS ((int) (sizeof(product_sizes) / sizeof(product_sizes[0])))

static void
test_multiply(void **state)
{
	(void) state;
	for (int s = 0; s < PRODUCTS; s++)
	{
		int64_t		m = product_sizes[s][0];
		int64_t		n = product_sizes[s][1];
		int64_t		k = product_sizes[s][2];
		int64_t		ldc = n + 2;
		size_t		bytes = (size_t) (m * ldc) * sizeof(GaeReal);
		GaeReal    *first[2];
		GaeEnv	   *envs[3];

		for (int threads = 1; threads <= 3; threads++)
		{
			GaeEnv	   *env = envs[threads - 1] = test_env_create(threads);
			GaeReal    *a = random_matrix(env, 1, m, k, k + 1);
			GaeReal    *b[2];
			GaeReal    *before = random_matrix(env, 3, m, n, ldc);

			b[0] = random_matrix(env, 2, k, n, n);
			b[1] = random_matrix(env, 2, n, k, k + 3);
			assert_ok(env, gae_openblas_load(env));
			for (int t = 0; t < 2; t++)
			{
				GaeReal    *c = random_matrix(env, 3, m, n, ldc);
				int64_t		ldb = t == 0 ? n : k + 3;

				assert_ok(env, gae_matmul(env, m, n, k, a, k + 1, t, b[t], ldb, 1 - t, c, ldc));
				if (threads == 1)
					check(c, before, m, n, k, 1, a, k + 1, false, b[t], ldb, t, 1 - t, ldc);
				if (threads == 1)
					first[t] = c;
				assert_memory_equal(c, first[t], bytes);
			}
		}
		for (int e = 0; e < 3; e++)
			test_env_destroy(envs[e]);
	}
}

/*
 * Sums over few rows, for which c is cut, and over many: rows, where c is small, or
 * again c, where it is large.
 */
static void
test_multiply_tall(void **state)
{
	static const int64_t sizes[][3] = {
		{0, 4, 3}, {1, 4, 3}, {2047, 4, 3}, {2048, 4, 3}, {2049, 4, 3}, {10000, 4, 3}, {32 * 2048 + 5, 4, 3},
		{1, 1, 1}, {1, 500, 300}, {257, 1, 1}, {445, 150, 100}, {257, 33, 500}, {2100, 300, 230}, {4100, 128, 32},
		{500, 300, 24}
	};

	(void) state;
	for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++)
	{
		int64_t		rows = sizes[s][0];
		int64_t		m = sizes[s][1];
		int64_t		n = sizes[s][2];
		size_t		bytes = (size_t) (m * n) * sizeof(GaeReal);
		GaeReal    *first = NULL;
		GaeEnv	   *envs[3];

		for (int threads = 1; threads <= 3; threads++)
		{
			GaeEnv	   *env = envs[threads - 1] = test_env_create(threads);
			GaeReal    *a = random_matrix(env, 1, rows, m, m + 1);
			GaeReal    *b = random_matrix(env, 2, rows, n, n + 1);
			GaeReal    *c = random_matrix(env, 3, m, n, n);

			assert_ok(env, gae_openblas_load(env));
			assert_ok(env, gae_matmul_tall(env, rows, m, n, a, m + 1, b, n + 1, c));
			if (threads == 1)
			{
				check(c, c, m, n, rows, 1, a, m + 1, true, b, n + 1, false, 0, n);
				first = c;
			}
			assert_memory_equal(c, first, bytes);
		}
		for (int e = 0; e < 3; e++)
			test_env_destroy(envs[e]);
	}
}

static void
test_multiply_row(void **state)
{
	static const int64_t sizes[][2] = {{1, 1}, {3, 17}, {4, 5}, {7, 1}, {784, 33}, {33, 784}};
	GaeEnv	   *env = *state;

	for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++)
	{
		int64_t		k = sizes[s][0];
		int64_t		n = sizes[s][1];
		GaeReal    *x = random_matrix(env, 1, 1, k, k);
		GaeReal    *w = random_matrix(env, 2, k, n, n + 3);
		GaeReal    *y = random_matrix(env, 3, 1, n, n + 1);

		gae_matmul_row(k, n, x, w, n + 3, y);
		check(y, y, 1, n, k, 1, x, k, false, w, n + 3, false, 0, n + 1);
		assert_true(isnan(y[n]));
	}
}

/* Sums of one block of rows, and of several, the last of them short. */
static void
test_column_sums(void **state)
{
	static const int64_t rows[] = {0, 1, 63, 64, 65, 445, 5000};

	(void) state;
	for (size_t r = 0; r < sizeof(rows) / sizeof(rows[0]); r++)
	{
		GaeReal		first[8];

		for (int threads = 1; threads <= 3; threads++)
		{
			GaeEnv	   *env = test_env_create(threads);
			GaeReal    *a = random_matrix(env, 1, rows[r], 7, 9);
			GaeReal		sums[8] = {9, 9, 9, 9, 9, 9, 9, 9};

			assert_ok(env, gae_column_sums(env, rows[r], 7, a, 9, sums));
			for (int j = 0; j < 7 && threads == 1; j++)
			{
				double		expected = 0;

				for (int64_t i = 0; i < rows[r]; i++)
					expected += a[i * 9 + j];
				assert_near(sums[j], expected, TEST_TOLERANCE, sqrt((double) rows[r]));
			}
			assert_true(sums[7] == 9);
			if (threads == 1)
				memcpy(first, sums, sizeof(first));
			assert_memory_equal(sums, first, sizeof(first));
			test_env_destroy(env);
		}
	}
}

static void
test_dot(void **state)
{
	GaeEnv	   *env = *state;
	GaeReal    *a = random_matrix(env, 1, 2, 40, 40);

	for (int n = 0; n <= 40; n++)
	{
		double		expected = 0;

		for (int j = 0; j < n; j++)
			expected += (double) a[j] * (double) a[40 + j];
		assert_near(gae_dot(a, a + 40, n), expected, 1e-14, 1);
	}
}

/* Eigenvalues ascend; eigenvectors are orthonormal, and what they should be. */
static void
test_eigen(void **state)
{
	static const int sizes[] = {1, 2, 5, 32, 100};
	GaeEnv	   *env = *state;

	for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++)
	{
		int			n = sizes[s];
		GaeReal    *random = random_matrix(env, 4, n, n, n);
		double	   *a = gae_alloc(env, n * n, sizeof(double));
		double	   *vector = gae_alloc(env, n * n, sizeof(double));
		double	   *value = gae_alloc(env, n, sizeof(double));

		for (int i = 0; i < n; i++)
			for (int j = 0; j < n; j++)
				vector[i * n + j] = a[i * n + j] = random[i * n + j] + random[j * n + i];
		assert_ok(env, gae_eigen_symmetric(env, n, vector, value));
		for (int e = 0; e < n; e++)
		{
			const double *v = vector + e * n;

			assert_true(e == 0 || value[e - 1] <= value[e]);
			for (int f = 0; f <= e; f++)
			{
				double		product = 0;

				for (int j = 0; j < n; j++)
					product += v[j] * vector[f * n + j];
				assert_near(product, e == f, 1e-12, 1);
			}
			for (int i = 0; i < n; i++)
			{
				double		image = 0;

				for (int j = 0; j < n; j++)
					image += a[i * n + j] * v[j];
				assert_near(image, value[e] * v[i], 1e-11, sqrt(n));
			}
		}
	}
}

/* Loading leaves the environment as it was. */
static void
test_load(void **state)
{
	assert_int_equal(setenv("OPENBLAS_NUM_THREADS", "5", 1), 0);
	assert_ok(*state, gae_openblas_load(*state));
	assert_string_equal(getenv("OPENBLAS_NUM_THREADS"), "5");
	assert_ok(*state, gae_openblas_load(*state));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_load),		/* first: the others need it */
		TEST(test_gemm),
		TEST(test_multiply),
		TEST(test_multiply_tall),
		TEST(test_multiply_row),
		TEST(test_column_sums),
		TEST(test_dot),
		TEST(test_eigen),
	};

	return cmocka_run_group_tests_name("matmul", tests, NULL, NULL);
}
