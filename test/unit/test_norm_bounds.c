/*
 * test_norm_bounds.c
 *		The order of vectors by norm, and how they are packed.
 */
#include <math.h>

#include "core/search/norm_bounds.h"
#include "support.h"

#define STRIDE 5

static void
check_order(const GaeNormBounds *bounds, const GaeReal *x, int64_t width)
{
	const GaeNormOrder *order = &bounds->order;

	for (int32_t place = 0; place < bounds->nodes; place++)
	{
		const GaeReal *vector = x + order->node[place] * STRIDE;
		double		square = 0;

		for (int64_t k = 0; k < width; k++)
			square += (double) vector[k] * vector[k];
		assert_near(order->norm[place], sqrt(square) * order->scale, 1e-12, 0);
		assert_true(order->norm[place] <= 1);
		if (place == 0)
			continue;
		assert_true(order->norm[place - 1] >= order->norm[place]);
		if (order->norm[place - 1] == order->norm[place])
			assert_true(order->node[place - 1] < order->node[place]);
	}
}

static void
check_packing(const GaeNormBounds *bounds, const GaeReal *x, int64_t width)
{
	assert_int_equal((uintptr_t) bounds->value % GAE_CACHE_LINE, 0);
	for (int64_t b = 0; b < bounds->column_blocks; b++)
	{
		for (int64_t c = 0; c < GAE_TILE_COLUMNS; c++)
		{
			int64_t		place = b * GAE_TILE_COLUMNS + c;

			for (int64_t k = 0; k < width; k++)
			{
				GaeReal		value = bounds->value[(b * width + k) * GAE_TILE_COLUMNS + c];

				if (place < bounds->nodes)
					assert_true(value == (GaeReal) (x[bounds->order.node[place] * STRIDE + k] *
													bounds->order.scale));
				else
					assert_true(value == 0);
			}
		}
	}
}

static void
check_runs(const GaeNormBounds *bounds, const GaeReal *x, int64_t width)
{
	for (int32_t place = 0; place < bounds->nodes; place++)
	{
		int32_t		end = place;
		bool		same = true;

		while (same && ++end < bounds->nodes)
			for (int64_t k = 0; k < width; k++)
				same = same && x[bounds->order.node[place] * STRIDE + k] ==
					x[bounds->order.node[end] * STRIDE + k];
		assert_int_equal(bounds->run_end[place], end);
	}
}

/* Every node is in the order, once, where it belongs. */
static void
check_bounds(const GaeNormBounds *bounds, const GaeReal *x, int64_t width)
{
	bool		seen[1000] = {false};

	for (int32_t place = 0; place < bounds->nodes; place++)
	{
		assert_false(seen[bounds->order.node[place]]);
		seen[bounds->order.node[place]] = true;
	}
	check_order(bounds, x, width);
	check_packing(bounds, x, width);
	check_runs(bounds, x, width);
}

static void
test_norm_bounds(void **state)
{
	static const int32_t nodes[] = {0, 1, 31, 32, 33, 1000};

	(void) state;
	for (int n = 0; n < 6; n++)
	{
		for (int variant = 0; variant < 4; variant++)
		{
			GaeEnv	   *env = test_env_create(2);
			TestRandom	random = {(uint64_t) n};
			GaeReal    *x = gae_alloc(env, (int64_t) nodes[n] * STRIDE, sizeof(GaeReal));
			GaeNormBounds bounds;
			int64_t		width = 1 + variant;
			int32_t    *third = gae_alloc(env, nodes[n], sizeof(int32_t));
			int32_t		thirds = 0;

			/* Many alike; of any length; or nothing but zeros, of either sign. */
			for (int64_t i = 0; i < (int64_t) nodes[n] * STRIDE; i++)
				x[i] = (GaeReal) (variant == 0 ? (double) test_random_below(&random, 3) :
								  variant == 1 ? 1e30 * test_random_normal(&random) :
								  variant == 2 ? 1e-40 * test_random_normal(&random) :
								  i % 3 == 0 ? -0.0 : 0.0);
			assert_ok(env, gae_norm_bounds_build(env, nodes[n], NULL, width, x, STRIDE, &bounds));
			assert_int_equal(bounds.nodes, nodes[n]);
			check_bounds(&bounds, x, width);

			/* The same of some of the nodes */
			for (int32_t i = 1; i < nodes[n]; i += 3)
				third[thirds++] = i;
			assert_ok(env, gae_norm_bounds_build(env, thirds, third, width, x, STRIDE, &bounds));
			assert_int_equal(bounds.nodes, thirds);
			for (int32_t place = 0; place < thirds; place++)
				assert_int_equal(bounds.order.node[place] % 3, 1);
			check_bounds(&bounds, x, width);
			test_env_destroy(env);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_norm_bounds),
	};

	return cmocka_run_group_tests_name("norm_bounds", tests, NULL, NULL);
}
