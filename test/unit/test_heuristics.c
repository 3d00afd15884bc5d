/*
 * test_heuristics.c
 *		Scores of pairs without training, against their definitions on a matrix.
 */
#include <math.h>
#include <string.h>

#include "core/graph/heuristics.h"
#include "support.h"

#define NODES 60

static bool adjacent[NODES][NODES];

static void
make_graph(GaeEnv *env, uint64_t seed, int64_t row_count, bool directed, GaeAdjacency *adjacency)
{
	TestRows	rows;
	GaeGraph	graph;

	test_random_rows(env, seed, NODES, row_count, false, &rows);

	/* A hub, so that lists of very different lengths meet. */
	for (int64_t r = 0; r < row_count; r += 4)
		rows.src[r] = 7;
	memset(adjacent, 0, sizeof(adjacent));
	for (int64_t r = 0; r < row_count; r++)
	{
		if (rows.src[r] == rows.dst[r])
			continue;
		adjacent[rows.src[r]][rows.dst[r]] = true;
		if (!directed)
			adjacent[rows.dst[r]][rows.src[r]] = true;
	}
	assert_ok(env, gae_graph_build(env, NODES, NULL, directed, row_count, rows.src, rows.dst, NULL,
								   &graph));
	assert_ok(env, gae_adjacency_build(env, &graph, NULL, 0, false, adjacency));
}

/* Edges at a node, each direction for itself. */
static int
degree(int w, bool directed)
{
	int			sum = 0;

	for (int i = 0; i < NODES; i++)
		sum += adjacent[w][i] + (directed && adjacent[i][w]);
	return sum;
}

static void
test_definitions(void **state)
{
	GaeEnv	   *env = *state;

	for (int k = 0; k < 8; k++)
	{
		bool		directed = k % 2 == 1;
		GaeAdjacency adjacency;

		make_graph(env, (uint64_t) k, 30 * (k + 1), directed, &adjacency);
		for (int i = 0; i < NODES; i++)
			for (int j = 0; j < NODES; j++)
			{
				double		common = 0;
				double		adamic_adar = 0;
				double		out = 0;
				double		into = 0;

				for (int w = 0; w < NODES && i != j; w++)
				{
					out += adjacent[i][w];
					into += adjacent[w][j];
					if (!adjacent[i][w] || !adjacent[w][j])
						continue;
					common++;
					adamic_adar += 1 / log(degree(w, directed));
				}
				if (i == j)
					continue;
				assert_true(gae_common_neighbours(&adjacency, i, j) == common);
				assert_near(gae_adamic_adar(&adjacency, i, j), adamic_adar, 1e-12, 1);
				assert_true(gae_preferential_attachment(&adjacency, i, j) == out * into);
			}
	}
}

/* A hub of many thousands: the long list is searched, not walked. */
static void
test_hub(void **state)
{
	GaeEnv	   *env = *state;
	const int32_t leaves = 50000;
	int32_t    *src = gae_alloc(env, leaves + 2, sizeof(int32_t));
	int32_t    *dst = gae_alloc(env, leaves + 2, sizeof(int32_t));
	GaeGraph	graph;
	GaeAdjacency adjacency;

	for (int32_t i = 0; i < leaves; i++)
	{
		src[i] = 0;
		dst[i] = i + 2;
	}
	src[leaves] = 1;
	dst[leaves] = 2;
	src[leaves + 1] = 1;
	dst[leaves + 1] = leaves + 1;
	assert_ok(env, gae_graph_build(env, leaves + 2, NULL, false, leaves + 2, src, dst, NULL, &graph));
	assert_ok(env, gae_adjacency_build(env, &graph, NULL, 0, false, &adjacency));
	assert_true(gae_common_neighbours(&adjacency, 0, 1) == 2);
	assert_true(gae_common_neighbours(&adjacency, 1, 0) == 2);
	assert_near(gae_adamic_adar(&adjacency, 0, 1), 2 / log(2), 1e-12, 1);
	assert_true(gae_common_neighbours(&adjacency, 0, 2) == 0);
	assert_true(gae_preferential_attachment(&adjacency, 0, 1) == 2.0 * leaves);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_definitions),
		TEST(test_hub),
	};

	return cmocka_run_group_tests_name("heuristics", tests, NULL, NULL);
}
