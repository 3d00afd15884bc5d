/*
 * test_pca.c
 *		Principal components against data made from known ones.
 */
#include <math.h>
#include <string.h>

#include "core/linalg/pca.h"
#include "support.h"

#define ROWS 500
#define PI 3.14159265358979

/*
 * Rows whose components are known exactly: coordinates along directions, both cosines
 * (of the discrete cosine transform), which are orthogonal and have a mean of 0.
 * Returns the first two in "score", of either sign.
 */
static GaeReal *
make_rows(GaeEnv *env, int64_t rows, int64_t columns, int directions, double center, double scale,
		  double *score[2])
{
	GaeReal    *a = gae_alloc(env, rows * columns, sizeof(GaeReal));

	for (int64_t i = 0; i < rows; i++)
	{
		for (int64_t j = 0; j < columns; j++)
		{
			double		sum = center;

			for (int d = 1; d <= directions; d++)
			{
				double		spread = scale * (d == 1 ? 3 : d == 2 ? 2 : 1.0 / d);
				double		coordinate = spread * cos(PI * d * ((double) i + 0.5) / (double) rows);

				if (d <= 2)
					score[d - 1][i] = coordinate;
				sum += coordinate * sqrt(2.0 / (double) columns) *
					cos(PI * d * ((double) j + 0.5) / (double) columns);
			}
			a[i * columns + j] = (GaeReal) sum;
		}
	}
	return a;
}

/* How much two series differ when their signs are made equal, relative to the first one. */
static double
difference(const double *a, const double *b, int64_t count)
{
	double		product = 0;
	double		square = 0;
	double		sum = 0;

	for (int64_t i = 0; i < count; i++)
		product += a[i] * b[i];
	for (int64_t i = 0; i < count; i++)
	{
		double		other = product < 0 ? -b[i] : b[i];

		sum += (a[i] - other) * (a[i] - other);
		square += a[i] * a[i];
	}
	return sqrt(sum / square);
}

/* Few columns, and many; far from the origin; of any magnitude. */
static void
test_known_components(void **state)
{
	static const struct
	{
		int64_t		columns;
		double		center;
		double		scale;
	}			cases[] = {
		{3, 0, 1}, {16, 0, 1}, {16, 100, 1}, {256, 0, 1}, {257, 0, 1}, {2000, 3, 1},
		{16, 0, 1e-30}, {16, 0, 1e36}, {300, 0, 1e36}
	};

	(void) state;
	for (size_t c = 0; c < sizeof(cases) / sizeof(cases[0]); c++)
	{
		GaeEnv	   *env = test_env_create(1);
		int64_t		columns = cases[c].columns;
		double		total = columns == 3 ? 9 + 4 : 9 + 4 + 1 / 9.0 + 1 / 16.0 + 1 / 25.0 + 1 / 36.0;
		double		room[2][ROWS];
		double	   *exact[2] = {room[0], room[1]};
		GaeReal    *a = make_rows(env, ROWS, columns, columns == 3 ? 2 : 6, cases[c].center,
								  cases[c].scale, exact);
		GaePca found;

		assert_ok(env, gae_pca(env, ROWS, columns, a, &found));
		assert_true(difference(exact[0], found.score[0], ROWS) < 1e-4);
		assert_true(difference(exact[1], found.score[1], ROWS) < 1e-4);
		assert_near(found.share[0], 9 / total, 1e-4, 1);
		assert_near(found.share[1], 4 / total, 1e-4, 1);
		test_env_destroy(env);
	}
}

/* Columns of zeros change nothing: so the way for many columns agrees with that for few. */
static void
test_many_columns(void **state)
{
	GaeEnv	   *env = *state;
	double		room[2][ROWS];
	double	   *exact[2] = {room[0], room[1]};
	GaeReal    *few = make_rows(env, ROWS, 40, 39, 0, 1, exact);
	GaeReal    *many = gae_alloc_zero(env, ROWS * 700, sizeof(GaeReal));
	GaePca direct;
	GaePca found;

	for (int64_t i = 0; i < ROWS; i++)
		for (int64_t j = 0; j < 40; j++)
			many[i * 700 + 17 * j] = few[i * 40 + j];
	assert_ok(env, gae_pca(env, ROWS, 40, few, &direct));
	assert_ok(env, gae_pca(env, ROWS, 700, many, &found));
	for (int which = 0; which < 2; which++)
	{
		assert_near(found.share[which], direct.share[which], 1e-4, 1);
		assert_true(difference(direct.score[which], found.score[which], ROWS) < 1e-3);
	}
}

/* The column that weighs most weighs positively, in each component. */
static void
test_sign(void **state)
{
	static const GaeReal a[] = {0, 0, 2, 0, 4, 0, 2, 1, 2, -1};
	GaeReal		turned[10];
	GaePca found;

	for (int v = 0; v < 10; v++)
		turned[v] = -a[v];
	assert_ok(*state, gae_pca(*state, 5, 2, a, &found));
	assert_near(found.score[0][2], 2, 1e-6, 1);
	assert_near(found.score[1][3], 1, 1e-6, 1);
	assert_near(found.share[0], 0.8, 1e-6, 1);
	assert_ok(*state, gae_pca(*state, 5, 2, turned, &found));
	assert_near(found.score[0][2], -2, 1e-6, 1);
	assert_near(found.score[1][3], -1, 1e-6, 1);
}

/* One column, one row, equal rows: what there is no variance of is 0. */
static void
test_degenerate(void **state)
{
	GaeEnv	   *env = *state;
	GaeReal		equal[600];
	GaePca found;

	assert_ok(env, gae_pca(env, 3, 1, (GaeReal[]) {4, 5, 9}, &found));
	assert_near(found.score[0][0], -2, 1e-6, 1);
	assert_near(found.score[0][2], 3, 1e-6, 1);
	assert_true(found.score[1][0] == 0 && found.score[1][2] == 0);
	assert_near(found.share[0], 1, 1e-6, 1);
	assert_true(found.share[1] == 0);

	for (int v = 0; v < 600; v++)
		equal[v] = 7;
	for (int columns = 1; columns <= 600; columns *= 600)
	{
		assert_ok(env, gae_pca(env, 600 / columns, columns, equal, &found));
		assert_true(found.score[0][0] == 0 && found.score[1][0] == 0);
		assert_true(found.share[0] == 0 && found.share[1] == 0);
	}

	/* Two rows in many columns: there is one direction. */
	equal[5] = 9;
	assert_ok(env, gae_pca(env, 2, 300, equal, &found));
	assert_near(fabs(found.score[0][0]), 1, 1e-5, 1);
	assert_near(found.share[0], 1, 1e-5, 1);
	assert_near(found.score[1][0], 0, 1e-4, 1);
}

/* The same bytes for any number of threads */
static void
test_threads(void **state)
{
	static const int64_t columns[] = {16, 300};

	(void) state;
	for (int c = 0; c < 2; c++)
	{
		double		first[2][ROWS];

		for (int threads = 1; threads <= 3; threads++)
		{
			GaeEnv	   *env = test_env_create(threads);
			double		room[2][ROWS];
			double	   *exact[2] = {room[0], room[1]};
			GaeReal    *a = make_rows(env, ROWS, columns[c], 6, 0, 1, exact);
			GaePca found;

			assert_ok(env, gae_pca(env, ROWS, columns[c], a, &found));
			for (int which = 0; which < 2; which++)
			{
				if (threads == 1)
					memcpy(first[which], found.score[which], sizeof(first[which]));
				assert_memory_equal(found.score[which], first[which], sizeof(first[which]));
			}
			test_env_destroy(env);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_known_components),
		TEST(test_many_columns),
		TEST(test_sign),
		TEST(test_degenerate),
		TEST(test_threads),
	};

	return cmocka_run_group_tests_name("pca", tests, NULL, NULL);
}
