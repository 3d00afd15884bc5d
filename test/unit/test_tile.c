/*
 * test_tile.c
 *		Every version of the tile product that this machine can run.
 */
#include <math.h>

#include "support.h"
#include "tile.h"

#define ROWS GAE_TILE_ROWS
#define COLUMNS GAE_TILE_COLUMNS
#define MAX_WIDTH 70

/* Memory of any alignment: one number past an aligned address, and before the next. */
typedef struct Tile
{
	GaeReal		a[MAX_WIDTH * ROWS + 1];
	GaeReal		b[MAX_WIDTH * COLUMNS + 1];
	GaeReal		bound[ROWS + 1];
	GaeReal		excess[ROWS * COLUMNS + 1];
} Tile;

static void
check_tile(GaeTileProduct product, int64_t width, TestRandom *random, double bound)
{
	Tile		tile;
	GaeReal    *a = tile.a + 1;
	GaeReal    *b = tile.b + 1;
	unsigned	expected = 0;
	unsigned	rows;

	for (int64_t i = 0; i < width * ROWS; i++)
		a[i] = (GaeReal) test_random_normal(random);
	for (int64_t i = 0; i < width * COLUMNS; i++)
		b[i] = (GaeReal) test_random_normal(random);
	for (int r = 0; r < ROWS; r++)
		tile.bound[r + 1] = (GaeReal) (bound * test_random_normal(random));

	rows = product(width, a, b, tile.bound + 1, tile.excess + 1);
	for (int r = 0; r < ROWS; r++)
	{
		for (int c = 0; c < COLUMNS; c++)
		{
			double		sum = -(double) tile.bound[r + 1];
			GaeReal		excess = tile.excess[1 + r * COLUMNS + c];

			for (int64_t k = 0; k < width; k++)
				sum += (double) a[k * ROWS + r] * b[k * COLUMNS + c];
			assert_near(excess, sum, TEST_TOLERANCE, 10 + fabs(bound));
			if (!signbit(excess))
				expected |= 1U << r;
		}
	}

	/* Where none has passed, that is all there is to know. */
	assert_int_equal(rows, expected);
}

static void
test_products(void **state)
{
	static const double bounds[] = {0, 3, 30, 1000};
	static const int64_t widths[] = {1, 2, 3, 8, 16, 17, MAX_WIDTH};
	GaeTileProduct product[GAE_TILE_PRODUCTS];
	int			products = gae_tile_products(product);

	(void) state;
	assert_in_range(products, 1, GAE_TILE_PRODUCTS);
	assert_ptr_equal(gae_tile_product(), product[products - 1]);
	for (int p = 0; p < products; p++)
	{
		TestRandom	random = {(uint64_t) p};

		for (int b = 0; b < 4; b++)
			for (int w = 0; w < 7; w++)
				for (int round = 0; round < 20; round++)
					check_tile(product[p], widths[w], &random, bounds[b]);
	}
}

/* One product in any place is found; one that equals the bound has no sign either. */
static void
test_one_passes(void **state)
{
	GaeTileProduct product[GAE_TILE_PRODUCTS];
	int			products = gae_tile_products(product);

	(void) state;
	for (int p = 0; p < products; p++)
	{
		for (int place = 0; place < ROWS * COLUMNS; place++)
		{
			Tile		tile = {0};
			int			r = place / COLUMNS;
			int			c = place % COLUMNS;

			for (int i = 0; i < ROWS; i++)
				tile.bound[i] = 6;
			assert_int_equal(product[p](2, tile.a, tile.b, tile.bound, tile.excess), 0);
			tile.a[ROWS + r] = 2;
			tile.b[COLUMNS + c] = 3;
			assert_int_equal(product[p](2, tile.a, tile.b, tile.bound, tile.excess), 1U << r);
			assert_true(tile.excess[place] == 0);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_products),
		TEST(test_one_passes),
	};

	return cmocka_run_group_tests_name("tile", tests, NULL, NULL);
}
