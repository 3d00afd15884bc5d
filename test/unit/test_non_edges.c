/*
 * test_non_edges.c
 *		Lists of pairs: the edges of a part, and random non-edges, as many as asked for,
 *		different, and uniform.
 */
#include <math.h>
#include <string.h>

#include "core/graph/non_edges.h"
#include "core/graph/split.h"
#include "support.h"

static void
check_pairs(const GaeAdjacency *known, const GaePairs *pairs)
{
	for (int64_t k = 0; k < pairs->count; k++)
	{
		int32_t		i = pairs->src[k];
		int32_t		j = pairs->dst[k];

		assert_uint_in_range(i, 0, known->nodes - 1);
		assert_uint_in_range(j, 0, known->nodes - 1);
		assert_true(known->directed ? i != j : i < j);
		assert_false(gae_adjacency_has(known, i, j));
		if (k > 0)
			assert_true(i > pairs->src[k - 1] || (i == pairs->src[k - 1] && j > pairs->dst[k - 1]));
	}
}

/* From sparse to complete graphs, and from few non-edges to all of them and more. */
static void
test_non_edges(void **state)
{
	static const int64_t rows[] = {1, 40, 300, 2000, 20000};
	GaeEnv	   *env = *state;

	for (int r = 0; r < 10; r++)
	{
		GaeGraph	graph;
		GaeAdjacency known;
		double		non_edges;

		test_random_graph(env, (uint64_t) r, 24, rows[r / 2], r % 2, false, &graph);
		assert_ok(env, gae_adjacency_build(env, &graph, NULL, 0, false, &known));
		non_edges = gae_non_edges(&graph);
		for (int64_t count = 0; count < (int64_t) non_edges + 3; count += 1 + count / 5)
		{
			GaePairs	pairs;

			assert_ok(env, gae_sample_non_edges(env, &known, non_edges, count,
												gae_stream(r, GAE_RANDOM_HELD_OUT, 0, 0), &pairs));
			assert_int_equal(pairs.count, count < non_edges ? count : (int64_t) non_edges);
			check_pairs(&known, &pairs);
		}
	}
}

static void
test_non_edges_uniform(void **state)
{
	static int64_t seen[12][12];
	GaeEnv	   *env = *state;
	const int	draws = 6000;
	GaeGraph	graph;
	GaeAdjacency known;

	/* A few: drawn.  Half of them: listed and thinned out. */
	for (int variant = 0; variant < 4; variant++)
	{
		int64_t		count = variant / 2 == 0 ? 9 : 30;
		double		chi2 = 0;
		double		non_edges;

		memset(seen, 0, sizeof(seen));
		test_random_graph(env, 1, 12, 20, variant % 2, false, &graph);
		assert_ok(env, gae_adjacency_build(env, &graph, NULL, 0, false, &known));
		non_edges = gae_non_edges(&graph);
		for (int d = 0; d < draws; d++)
		{
			GaePairs	pairs;

			assert_ok(env, gae_sample_non_edges(env, &known, non_edges, count,
												gae_stream(d, GAE_RANDOM_HELD_OUT, 0, 0), &pairs));
			for (int64_t k = 0; k < pairs.count; k++)
				seen[pairs.src[k]][pairs.dst[k]]++;
			gae_free(env, pairs.src);
			gae_free(env, pairs.dst);
		}
		for (int i = 0; i < 12; i++)
		{
			for (int j = 0; j < 12; j++)
			{
				double		expected = draws * (double) count / non_edges;

				if (seen[i][j] > 0)
					chi2 += (seen[i][j] - expected) * (seen[i][j] - expected) / expected;
			}
		}
		/* Without repetition in a draw the spread is smaller still. */
		assert_true(chi2 < non_edges + 5 * sqrt(2 * non_edges));
	}
}

static void
test_pairs_of_parts(void **state)
{
	GaeEnv	   *env = *state;
	GaeGraph	graph;
	GaePairs	pairs;
	GaePairs	taken;
	GaeSplit	split = {0.2, 0.1, 1};
	uint8_t    *part;
	int64_t		count[GAE_PARTS];
	static const int32_t order[] = {2, 0};

	test_random_graph(env, 1, 20, 80, false, false, &graph);
	assert_ok(env, gae_split_edges(env, &split, &graph, test_key_hashes(env, 20), &part, count));
	assert_ok(env, gae_pairs_of_part(env, &graph, part, GAE_PART_VALIDATION,
									 count[GAE_PART_VALIDATION], &pairs));
	assert_int_equal(pairs.count, count[GAE_PART_VALIDATION]);
	for (int64_t e = 0, k = 0; e < graph.edges; e++)
	{
		if (part[e] != GAE_PART_VALIDATION)
			continue;
		assert_true(pairs.src[k] == graph.src[e] && pairs.dst[k] == graph.dst[e]);
		k++;
	}
	assert_ok(env, gae_pairs_take(env, &pairs, order, 2, &taken));
	assert_true(taken.count == 2 && taken.src[0] == pairs.src[2] && taken.dst[1] == pairs.dst[0]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_non_edges),
		TEST(test_non_edges_uniform),
		TEST(test_pairs_of_parts),
	};

	return cmocka_run_group_tests_name("non_edges", tests, NULL, NULL);
}
