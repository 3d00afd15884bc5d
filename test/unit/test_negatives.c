/*
 * test_negatives.c
 *		Non-edges drawn for an epoch.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "negatives.h"
#include "support.h"

#define NODES 15

/* Every non-edge of a source is drawn as often as the others, and every source in turn. */
static void
test_uniform(void **state)
{
	static int64_t seen[NODES][NODES];
	GaeEnv	   *env = *state;
	const int64_t count = 100000;

	for (int directed = 0; directed < 2; directed++)
	{
		GaeGraph	graph;
		GaeIncidence known;
		GaeNegatives negatives;

		memset(seen, 0, sizeof(seen));
		test_random_graph(env, 2, NODES, 60, directed, false, &graph);
		assert_ok(env, gae_incidence_build(env, &graph, NULL, 0, false, &known));
		assert_ok(env, gae_negatives_create(env, NODES, count, &negatives));
		assert_ok(env, gae_negatives_draw(env, &known, count, 1, 1, &negatives));
		assert_int_equal(negatives.count, count);
		assert_int_equal(gae_negatives_first(&negatives, 0), 0);
		assert_int_equal(gae_negatives_first(&negatives, NODES), count);
		for (int i = 0; i < NODES; i++)
		{
			int64_t		first = gae_negatives_first(&negatives, i);
			int64_t		end = gae_negatives_first(&negatives, i + 1);
			double		kinds = 0;
			double		chi2 = 0;

			assert_true(llabs(end - first - count / NODES) <= 1);
			for (int64_t k = first; k < end; k++)
			{
				assert_true(negatives.dst[k] != i);
				assert_false(gae_incidence_has(&known, i, negatives.dst[k]));
				seen[i][negatives.dst[k]]++;
			}
			for (int j = 0; j < NODES; j++)
				kinds += j != i && !gae_incidence_has(&known, i, j);
			for (int j = 0; j < NODES; j++)
				if (j != i && !gae_incidence_has(&known, i, j))
					chi2 += pow((double) seen[i][j] - (double) (end - first) / kinds, 2) /
						((double) (end - first) / kinds);
			assert_true(chi2 < kinds + 6 * sqrt(2 * kinds));
		}

		/* Grouped by target, each sample once. */
		assert_int_equal(negatives.dst_offset[NODES], count);
		for (int j = 0; j < NODES; j++)
		{
			for (int64_t e = negatives.dst_offset[j]; e < negatives.dst_offset[j + 1]; e++)
			{
				const GaePlacedSample *placed = &negatives.by_dst[e];

				assert_int_equal(negatives.dst[placed->number], j);
				assert_true(placed->number >= gae_negatives_first(&negatives, placed->src));
				assert_true(placed->number < gae_negatives_first(&negatives, placed->src + 1));
				assert_true(e == negatives.dst_offset[j] || placed[-1].number < placed->number);
			}
		}
	}
}

/* In a complete graph sources get themselves; where one pair is missing, its ends get it. */
static void
test_dense_graphs(void **state)
{
	GaeEnv	   *env = *state;
	int32_t		src[190];
	int32_t		dst[190];
	int			count = 0;

	for (int32_t i = 0; i < 20; i++)
		for (int32_t j = i + 1; j < 20; j++)
		{
			src[count] = i;
			dst[count++] = j;
		}
	for (int missing = 0; missing < 2; missing++)
	{
		GaeGraph	graph;
		GaeIncidence known;
		GaeNegatives negatives;

		assert_ok(env, gae_graph_build(env, 20, NULL, false, count - missing, src, dst, NULL, &graph));
		assert_ok(env, gae_incidence_build(env, &graph, NULL, 0, false, &known));
		assert_ok(env, gae_negatives_create(env, 20, 500, &negatives));
		assert_ok(env, gae_negatives_draw(env, &known, 500, 1, 1, &negatives));
		for (int32_t i = 0; i < 20; i++)
			for (int64_t k = gae_negatives_first(&negatives, i); k < gae_negatives_first(&negatives, i + 1); k++)
				assert_int_equal(negatives.dst[k], missing && i >= 18 ? 18 + 19 - i : i);
	}
}

/* Fewer samples than nodes: each node is a source in its share of the draws. */
static void
test_few_samples(void **state)
{
	GaeEnv	   *env = *state;
	GaeGraph	graph;
	GaeIncidence known;
	GaeNegatives negatives;
	int64_t		times[NODES] = {0};
	const int	draws = 3000;

	test_random_graph(env, 2, NODES, 20, false, false, &graph);
	assert_ok(env, gae_incidence_build(env, &graph, NULL, 0, false, &known));
	assert_ok(env, gae_negatives_create(env, NODES, 4, &negatives));
	for (int draw = 0; draw < draws; draw++)
	{
		assert_ok(env, gae_negatives_draw(env, &known, 4, 1, (uint32_t) draw, &negatives));
		for (int i = 0; i < NODES; i++)
			times[i] += gae_negatives_first(&negatives, i + 1) - gae_negatives_first(&negatives, i);
	}
	for (int i = 0; i < NODES; i++)
		assert_true(fabs((double) times[i] - draws * 4.0 / NODES) < 5 * sqrt(draws * 4.0 / NODES));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_uniform),
		TEST(test_dense_graphs),
		TEST(test_few_samples),
	};

	return cmocka_run_group_tests_name("negatives", tests, NULL, NULL);
}
