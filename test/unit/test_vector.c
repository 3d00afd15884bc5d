/*
 * test_vector.c
 *		Products of short rows and of tiles, by the kernels for every register that
 *		this processor has, against plain loops.
 */
#include <math.h>
#include <stdlib.h>

#include "support.h"
#include "core/linalg/vector.h"

#define MOST_PADDED 48
#define ROWS 40
#define MOST_TILE_WIDTH 70
#define TOLERANCE (sizeof(GaeReal) == 4 ? 3e-6 : 1e-14)

static GaeReal
value_at(int64_t i)
{
	return (GaeReal) sin(0.7 * (double) i + 0.3);
}

static GaeReal *
some_values(GaeEnv *env, int64_t count, int64_t first)
{
	GaeReal    *values = gae_alloc(env, count, sizeof(GaeReal));

	for (int64_t i = 0; i < count; i++)
		values[i] = value_at(first + i);
	return values;
}

/* A group of rows with the columns of a tile: scores, and both products with them. */
static void
check_loss_tile(GaeEnv *env, const GaeVectorKernels *kernels, int64_t width, int64_t padded)
{
	int			group = kernels->group;
	GaeReal    *rows = some_values(env, GAE_MAX_GROUP * padded, 1);
	GaeReal    *columns = some_values(env, GAE_LOSS_TILE * padded, 1000);
	GaeReal    *columns_transposed = gae_alloc(env, width * GAE_LOSS_TILE, sizeof(GaeReal));
	GaeReal    *x = gae_alloc(env, GAE_MAX_GROUP * GAE_LOSS_TILE, sizeof(GaeReal));
	GaeReal    *d_rows = some_values(env, GAE_MAX_GROUP * padded, 2000);
	GaeReal    *d_rows_again = some_values(env, GAE_MAX_GROUP * padded, 2000);
	GaeReal    *d_columns = some_values(env, GAE_LOSS_TILE * padded, 3000);

	for (int64_t c = 0; c < GAE_LOSS_TILE; c++)
		for (int64_t k = 0; k < width; k++)
			columns_transposed[k * GAE_LOSS_TILE + c] = columns[c * padded + k];
	kernels->scores(width, padded, rows, columns_transposed, x);
	for (int r = 0; r < group; r++)
		for (int64_t c = 0; c < GAE_LOSS_TILE; c++)
		{
			double		sum = 0;

			for (int64_t k = 0; k < width; k++)
				sum += (double) rows[r * padded + k] * columns[c * padded + k];
			assert_near(x[r * GAE_LOSS_TILE + c], sum, TOLERANCE, 10);
		}

	kernels->fold(padded, x, columns, d_rows);
	kernels->fold_both(padded, x, rows, columns, d_rows_again, d_columns);
	for (int r = 0; r < group; r++)
		for (int64_t k = 0; k < padded; k++)
		{
			double		sum = value_at(2000 + r * padded + k);

			for (int64_t c = 0; c < GAE_LOSS_TILE; c++)
				sum += (double) x[r * GAE_LOSS_TILE + c] * columns[c * padded + k];
			assert_near(d_rows[r * padded + k], sum, TOLERANCE, 10);
			assert_true(d_rows_again[r * padded + k] == d_rows[r * padded + k]);
		}
	for (int64_t c = 0; c < GAE_LOSS_TILE; c++)
		for (int64_t k = 0; k < padded; k++)
		{
			double		sum = value_at(3000 + c * padded + k);

			for (int r = 0; r < group; r++)
				sum += (double) x[r * GAE_LOSS_TILE + c] * rows[r * padded + k];
			assert_near(d_columns[c * padded + k], sum, TOLERANCE, 10);
		}
}

static void
test_loss_tiles(void **state)
{
	const GaeVectorKernels *kernels;

	for (int number = 0; (kernels = gae_vector_kernels_number(number)) != NULL; number++)
		for (int64_t width = 1; width <= MOST_PADDED; width += width < 5 ? 1 : 7)
			check_loss_tile(*state, kernels, width,
						(width + GAE_VECTOR_PADDING - 1) / GAE_VECTOR_PADDING * GAE_VECTOR_PADDING);
}

/* Rows of 0, 1, 2, … entries, with a diagonal and without. */
static void
check_csr(GaeEnv *env, const GaeVectorKernels *kernels, const int32_t *index, const GaeReal *value,
		  int64_t n)
{
	static const int64_t offset[] = {0, 0, 1, 3, 6, 10, 25, 25, ROWS};
	const int64_t rows = sizeof(offset) / sizeof(offset[0]) - 1;
	GaeReal    *b = some_values(env, ROWS * n, 40);
	GaeReal    *out = some_values(env, rows * n, 900);

	for (int diagonal = 0; diagonal < 2; diagonal++)
	{
		kernels->multiply_csr(1, rows, offset, index, value, diagonal ? value : NULL, n, b, out);
		for (int64_t j = 0; j < n; j++)
			assert_true(out[j] == value_at(900 + j));
		for (int64_t i = 1; i < rows; i++)
			for (int64_t j = 0; j < n; j++)
			{
				double		sum = diagonal ? (double) value[i] * b[i * n + j] : 0;

				for (int64_t k = offset[i]; k < offset[i + 1]; k++)
					sum += (double) value[k] * b[index[k] * n + j];
				assert_near(out[i * n + j], sum, TOLERANCE, 10);
			}
	}
	gae_free(env, b);
	gae_free(env, out);
}

/* Rows gathered from anywhere, of every length up to beyond several registers. */
static void
test_gathered_rows(void **state)
{
	GaeEnv	   *env = *state;
	const GaeVectorKernels *kernels;
	int32_t		index[ROWS];

	for (int k = 0; k < ROWS; k++)
		index[k] = k * 17 % ROWS;
	for (int number = 0; (kernels = gae_vector_kernels_number(number)) != NULL; number++)
		for (int64_t n = 1; n <= 150; n++)
			for (int count = 0; count <= ROWS; count += 13)
			{
				int64_t		stride = n + number;
				GaeReal    *b = some_values(env, ROWS * stride, 1);
				GaeReal    *own = some_values(env, n, 500);
				GaeReal    *value = some_values(env, ROWS, 700);
				GaeReal    *out = some_values(env, n + 1, 900);
				GaeReal		x[ROWS];

				kernels->add_rows(count, ROWS, index, value, n, stride, b, out);
				for (int64_t j = 0; j < n; j++)
				{
					double		sum = value_at(900 + j);

					for (int k = 0; k < count; k++)
						sum += (double) value[k] * b[index[k] * stride + j];
					assert_near(out[j], sum, TOLERANCE, 10);
				}
				assert_true(out[n] == value_at(900 + n));

				check_csr(env, kernels, index, value, n);
				kernels->dot_rows(count, count, index, own, n, stride, b, x);
				for (int k = 0; k < count; k++)
				{
					double		sum = 0;

					for (int64_t j = 0; j < n; j++)
						sum += (double) own[j] * b[index[k] * stride + j];
					assert_near(x[k], sum, TOLERANCE, 10);
				}
				gae_free(env, b);
				gae_free(env, own);
				gae_free(env, value);
				gae_free(env, out);
			}
}

/* Memory of any alignment: one number past an aligned address, and before the next. */
typedef struct Tile
{
	GaeReal		a[MOST_TILE_WIDTH * GAE_TILE_ROWS + 1];
	GaeReal		b[MOST_TILE_WIDTH * GAE_TILE_COLUMNS + 1];
	GaeReal		bound[GAE_TILE_ROWS + 1];
	GaeReal		excess[GAE_TILE_ROWS * GAE_TILE_COLUMNS + 1];
} Tile;

static void
check_tile(const GaeVectorKernels *kernels, int64_t width, TestRandom *random, double bound)
{
	Tile		tile;
	GaeReal    *a = tile.a + 1;
	GaeReal    *b = tile.b + 1;
	unsigned	expected = 0;
	unsigned	rows;

	for (int64_t i = 0; i < width * GAE_TILE_ROWS; i++)
		a[i] = (GaeReal) test_random_normal(random);
	for (int64_t i = 0; i < width * GAE_TILE_COLUMNS; i++)
		b[i] = (GaeReal) test_random_normal(random);
	for (int r = 0; r < GAE_TILE_ROWS; r++)
		tile.bound[r + 1] = (GaeReal) (bound * test_random_normal(random));

	rows = kernels->tile_product(width, a, b, tile.bound + 1, tile.excess + 1);
	for (int r = 0; r < GAE_TILE_ROWS; r++)
	{
		for (int c = 0; c < GAE_TILE_COLUMNS; c++)
		{
			double		sum = -(double) tile.bound[r + 1];
			GaeReal		excess = tile.excess[1 + r * GAE_TILE_COLUMNS + c];

			for (int64_t k = 0; k < width; k++)
				sum += (double) a[k * GAE_TILE_ROWS + r] * b[k * GAE_TILE_COLUMNS + c];
			assert_near(excess, sum, TEST_TOLERANCE, 10 + fabs(bound));
			if (!signbit(excess))
				expected |= 1U << r;
		}
	}

	/* Where none has passed, that is all there is to know. */
	assert_int_equal(rows, expected);
}

static void
test_tile_products(void **state)
{
	static const double bounds[] = {0, 3, 30, 1000};
	static const int64_t widths[] = {1, 2, 3, 8, 16, 17, MOST_TILE_WIDTH};
	const GaeVectorKernels *kernels;

	(void) state;
	for (int number = 0; (kernels = gae_vector_kernels_number(number)) != NULL; number++)
	{
		TestRandom	random = {(uint64_t) number};

		for (int b = 0; b < 4; b++)
			for (int w = 0; w < 7; w++)
				for (int round = 0; round < 20; round++)
					check_tile(kernels, widths[w], &random, bounds[b]);
	}
}

/* One product in any place is found; one that equals the bound has no sign either. */
static void
test_one_of_a_tile_passes(void **state)
{
	const GaeVectorKernels *kernels;

	(void) state;
	for (int number = 0; (kernels = gae_vector_kernels_number(number)) != NULL; number++)
	{
		for (int place = 0; place < GAE_TILE_ROWS * GAE_TILE_COLUMNS; place++)
		{
			Tile		tile = {0};
			int			r = place / GAE_TILE_COLUMNS;
			int			c = place % GAE_TILE_COLUMNS;

			for (int i = 0; i < GAE_TILE_ROWS; i++)
				tile.bound[i] = 6;
			assert_int_equal(kernels->tile_product(2, tile.a, tile.b, tile.bound, tile.excess), 0);
			tile.a[GAE_TILE_ROWS + r] = 2;
			tile.b[GAE_TILE_COLUMNS + c] = 3;
			assert_int_equal(kernels->tile_product(2, tile.a, tile.b, tile.bound, tile.excess),
							 1U << r);
			assert_true(tile.excess[place] == 0);
		}
	}
}

/* There are some for any machine, and the best come last. */
static void
test_choice(void **state)
{
	int			kinds = 0;

	(void) state;
	while (gae_vector_kernels_number(kinds) != NULL)
		kinds++;
	assert_uint_in_range(kinds, 1, 3);
	assert_ptr_equal(gae_vector_kernels(), gae_vector_kernels_number(kinds - 1));
#if defined(__x86_64__)
	assert_int_equal(kinds > 1, __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"));
	assert_int_equal(kinds > 2, kinds > 1 && __builtin_cpu_supports("avx512f"));
#endif
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_loss_tiles),
		TEST(test_gathered_rows),
		TEST(test_tile_products),
		TEST(test_one_of_a_tile_passes),
		TEST(test_choice),
	};

	return cmocka_run_group_tests_name("vector", tests, NULL, NULL);
}
