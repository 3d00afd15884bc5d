/*
 * test_graph.c
 *		Canonical edges and adjacency against a matrix of weights, and Â.
 */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/graph/adjacency.h"
#include "core/graph/non_edges.h"
#include "core/graph/propagation.h"
#include "support.h"

#define NODES 30

/* What the rows say, as a matrix: weights, and how many rows there were. */
typedef struct Expected
{
	double		weight[NODES][NODES];
	int			rows[NODES][NODES];
	int64_t		self_loops;
	int64_t		zero_weights;
	int64_t		edges;
	int64_t		duplicates;
} Expected;

static void
expect(const TestRows *rows, bool directed, Expected *expected)
{
	memset(expected, 0, sizeof(*expected));
	for (int64_t r = 0; r < rows->count; r++)
	{
		int32_t		i = rows->src[r];
		int32_t		j = rows->dst[r];

		if (i == j)
			expected->self_loops++;
		else if (rows->weight != NULL && rows->weight[r] == 0)
			expected->zero_weights++;
		else
		{
			if (!directed && i > j)
			{
				int32_t		other = i;

				i = j;
				j = other;
			}
			expected->weight[i][j] += rows->weight != NULL ? rows->weight[r] : 1;
			if (expected->rows[i][j]++ == 0)
				expected->edges++;
			else
				expected->duplicates++;
		}
	}
}

static void
check_edges(const GaeGraph *graph, const Expected *expected, bool weighted)
{
	int64_t		e = 0;

	assert_int_equal(graph->nodes, NODES);
	assert_int_equal(graph->edges, expected->edges);
	assert_int_equal(graph->duplicate_edges, expected->duplicates);
	assert_int_equal(graph->self_loops, expected->self_loops);
	assert_int_equal(graph->zero_weight_edges, expected->zero_weights);
	assert_true((graph->weight != NULL) == weighted);
	for (int32_t i = 0; i < NODES; i++)
	{
		for (int32_t j = 0; j < NODES; j++)
		{
			if (expected->rows[i][j] == 0)
				continue;
			assert_int_equal(graph->src[e], i);
			assert_int_equal(graph->dst[e], j);
			if (weighted)
				assert_near(graph->weight[e], expected->weight[i][j], 1e-6, 0);
			e++;
		}
	}
	assert_true(gae_non_edges(graph) ==
				(graph->directed ? NODES * (NODES - 1) : NODES * (NODES - 1) / 2) - (double) graph->edges);
}

/* Entries of a row: first edges into the node, then out of it, each sorted. */
static void
check_adjacency(const GaeGraph *graph, const GaeAdjacency *adjacency, const Expected *expected)
{
	int64_t		entry = 0;

	for (int32_t i = 0; i < NODES; i++)
	{
		assert_int_equal(adjacency->offset[i], entry);
		for (int side = 0; side < 2; side++)
		{
			if (side == 1)
				assert_int_equal(adjacency->out[i], entry);
			for (int32_t j = 0; j < NODES; j++)
			{
				int32_t		src = side == 0 ? j : i;
				int32_t		dst = side == 0 ? i : j;

				if (expected->rows[src][dst] == 0)
					continue;
				assert_int_equal(adjacency->neighbor[entry], j);
				assert_int_equal(graph->src[adjacency->edge[entry]], src);
				assert_int_equal(graph->dst[adjacency->edge[entry]], dst);
				entry++;
			}
		}
		for (int32_t j = 0; j < NODES; j++)
			assert_int_equal(gae_adjacency_has(adjacency, i, j),
							 expected->rows[i][j] > 0 ||
							 (!graph->directed && expected->rows[j][i] > 0));
	}
	assert_int_equal(adjacency->offset[NODES], entry);
	assert_int_equal(entry, 2 * graph->edges);
}

static void
check_graph(GaeEnv *env, uint64_t seed, int64_t row_count, bool directed, bool weighted)
{
	static Expected expected;
	TestRows	rows;
	GaeGraph	graph;
	GaeGraph	again;
	GaeAdjacency adjacency;

	test_random_rows(env, seed, NODES, row_count, weighted, &rows);
	for (int64_t r = 0; r < row_count && weighted; r += 9)
		rows.weight[r] = r % 2 == 0 ? 0.0f : -0.0f;
	expect(&rows, directed, &expected);
	assert_ok(env, gae_graph_build(env, NODES, NULL, directed, row_count, rows.src, rows.dst,
								   rows.weight, &graph));
	assert_true(graph.directed == directed);
	check_edges(&graph, &expected, weighted);

	assert_ok(env, gae_adjacency_build(env, &graph, NULL, 0, true, &adjacency));
	check_adjacency(&graph, &adjacency, &expected);

	assert_ok(env, gae_graph_of_adjacency(env, &adjacency, &again));
	assert_true(again.nodes == NODES && again.directed == directed && again.edges == graph.edges);
	assert_memory_equal(again.src, graph.src, (size_t) graph.edges * sizeof(int32_t));
	assert_memory_equal(again.dst, graph.dst, (size_t) graph.edges * sizeof(int32_t));
}

static void
test_random_rows_of_edges(void **state)
{
	static const int64_t row_counts[] = {0, 1, 2, 15, 100, 1000};

	for (int c = 0; c < 6; c++)
		for (int variant = 0; variant < 4; variant++)
			check_graph(*state, (uint64_t) (10 * c + variant), row_counts[c], variant % 2, variant / 2);
}

/* One row of a large graph, in canonical form. */
typedef struct Row
{
	int32_t		src;
	int32_t		dst;
	float		weight;
} Row;

static int
compare_rows(const void *left, const void *right)
{
	const Row  *a = left;
	const Row  *b = right;

	if (a->src != b->src)
		return a->src < b->src ? -1 : 1;
	if (a->dst != b->dst)
		return a->dst < b->dst ? -1 : 1;
	return a->weight < b->weight ? -1 : a->weight > b->weight;
}

/* Against a sort of all rows, which go to many buckets; "hub" rows begin at one node. */
static void
check_large_graph(int threads, int32_t nodes, int64_t rows, int64_t hub, bool directed, bool weighted)
{
	GaeEnv	   *env = test_env_create(threads);
	TestRandom	random = {(uint64_t) rows};
	int32_t    *src = gae_alloc(env, rows, sizeof(int32_t));
	int32_t    *dst = gae_alloc(env, rows, sizeof(int32_t));
	float	   *weight = weighted ? gae_alloc(env, rows, sizeof(float)) : NULL;
	Row		   *expected = gae_alloc(env, rows, sizeof(Row));
	GaeGraph	graph;
	int64_t		kept = 0;
	int64_t		e = 0;

	for (int64_t r = 0; r < rows; r++)
	{
		Row		   *row = &expected[kept];

		src[r] = r < hub ? nodes / 2 : (int32_t) (test_random_word(&random) % (uint64_t) nodes);
		dst[r] = (int32_t) (test_random_word(&random) % (uint64_t) nodes);
		if (weighted)
			weight[r] = (float) (test_random_word(&random) % 1000) / 7;
		row->src = directed || src[r] < dst[r] ? src[r] : dst[r];
		row->dst = directed || src[r] < dst[r] ? dst[r] : src[r];
		row->weight = weighted ? weight[r] : 1;
		kept += src[r] != dst[r] && row->weight > 0;
	}
	qsort(expected, (size_t) kept, sizeof(Row), compare_rows);

	assert_ok(env, gae_graph_build(env, nodes, NULL, directed, rows, src, dst, weight, &graph));
	for (int64_t r = 0; r < kept; e++)
	{
		double		sum = 0;

		assert_true(e < graph.edges);
		assert_int_equal(graph.src[e], expected[r].src);
		assert_int_equal(graph.dst[e], expected[r].dst);
		do
			sum += expected[r++].weight;
		while (r < kept && expected[r].src == graph.src[e] && expected[r].dst == graph.dst[e]);
		if (weighted)
			assert_true(graph.weight[e] == (float) sum);
	}
	assert_int_equal(graph.edges, e);
	assert_int_equal(graph.duplicate_edges, kept - e);
	assert_int_equal(graph.self_loops + graph.zero_weight_edges, rows - kept);
	test_env_destroy(env);
}

static void
test_large_graphs(void **state)
{
	(void) state;
	for (int variant = 0; variant < 4; variant++)
	{
		check_large_graph(1 + variant, 3000, 200000, 0, variant % 2, variant / 2);
		check_large_graph(1 + variant, 70000, 100000, 0, variant % 2, variant / 2);
		check_large_graph(3, 1000, 1200000, 1150000, variant % 2, variant / 2);
	}
}

/* Edges of later parts take no part. */
static void
test_parts(void **state)
{
	GaeEnv	   *env = *state;
	GaeGraph	graph;
	uint8_t    *part;

	for (int directed = 0; directed < 2; directed++)
	{
		test_random_graph(env, 3, NODES, 100, directed, false, &graph);
		part = gae_alloc(env, graph.edges, 1);
		for (int64_t e = 0; e < graph.edges; e++)
			part[e] = (uint8_t) (e % 3);
		for (uint8_t last = 0; last < 3; last++)
		{
			GaeAdjacency adjacency;
			int64_t		kept = 0;
			int32_t		isolated = 0;
			int32_t		counted;

			assert_ok(env, gae_adjacency_build(env, &graph, part, last, false, &adjacency));
			assert_true(adjacency.edge == NULL);
			for (int64_t e = 0; e < graph.edges; e++)
			{
				assert_int_equal(gae_adjacency_has(&adjacency, graph.src[e], graph.dst[e]), part[e] <= last);
				kept += part[e] <= last;
			}
			for (int32_t i = 0; i < NODES; i++)
				isolated += adjacency.offset[i + 1] == adjacency.offset[i];
			assert_int_equal(adjacency.offset[NODES], 2 * kept);
			assert_ok(env, gae_isolated_nodes(env, &adjacency, &counted));
			assert_int_equal(counted, isolated);
		}
	}
}

static void
test_rank(void **state)
{
	static const int32_t src[] = {0, 1, 2};
	static const int32_t dst[] = {1, 2, 0};
	static const int32_t rank[] = {2, 0, 1};
	GaeGraph	graph;

	assert_ok(*state, gae_graph_build(*state, 3, rank, true, 3, src, dst, NULL, &graph));
	assert_int_equal(graph.edges, 3);
	assert_true(graph.src[0] == 0 && graph.dst[0] == 1);	/* was 1, 2 */
	assert_true(graph.src[1] == 1 && graph.dst[1] == 2);	/* was 2, 0 */
	assert_true(graph.src[2] == 2 && graph.dst[2] == 0);	/* was 0, 1 */
}

/* Sums of weights do not depend on the order of the rows, and must stay finite. */
static void
test_sums_of_weights(void **state)
{
	GaeEnv	   *env = *state;
	int32_t		src[6] = {0, 1, 0, 0, 1, 0};
	int32_t		dst[6] = {1, 0, 1, 1, 0, 1};
	/* In double the smallest are lost one by one, but not together. */
	float		weight[6] = {1, 0x1p-24f, 0x1p-54f, 0x1p-54f, 0x1p-54f, 0x1p-54f};
	float		turned[6];
	GaeGraph	graph;
	GaeGraph	other;

	for (int i = 0; i < 6; i++)
		turned[i] = weight[5 - i];
	assert_ok(env, gae_graph_build(env, 2, NULL, false, 6, src, dst, weight, &graph));
	assert_ok(env, gae_graph_build(env, 2, NULL, false, 6, src, dst, turned, &other));
	assert_int_equal(graph.edges, 1);
	assert_true(graph.weight[0] == other.weight[0]);
	assert_true(graph.weight[0] >= 1);
	weight[0] = weight[1] = FLT_MAX;
	assert_status(GAE_INVALID_ARGUMENT, gae_graph_build(env, 2, NULL, false, 6, src, dst, weight, &graph));
	assert_string_equal(env->error.message, "edge weights are too large");
}

/* Â of a weighted graph, with and without hidden edges, entry by entry. */
static void
check_propagation(GaeEnv *env, bool directed, bool weighted, bool hide)
{
	static double a[NODES][NODES];
	double		degree[NODES];
	GaeGraph	graph;
	GaeAdjacency adjacency;
	GaePropagation propagation;
	bool	   *hidden = NULL;
	GaeReal    *unit = gae_alloc(env, NODES * NODES, sizeof(GaeReal));
	GaeReal    *out = gae_alloc(env, NODES * NODES, sizeof(GaeReal));

	test_random_graph(env, 5, NODES, 60, directed, weighted, &graph);
	memset(a, 0, sizeof(a));
	if (hide)
		hidden = gae_alloc_zero(env, graph.edges, sizeof(bool));
	for (int64_t e = 0; e < graph.edges; e++)
	{
		double		weight = weighted ? graph.weight[e] : 1;

		if (hide && e % 3 == 0)
		{
			hidden[e] = true;
			continue;
		}
		a[graph.src[e]][graph.dst[e]] += weight;
		a[graph.dst[e]][graph.src[e]] += weight;
	}
	for (int i = 0; i < NODES; i++)
	{
		degree[i] = 1;
		a[i][i] = 1;
		for (int j = 0; j < NODES; j++)
			degree[i] += i != j ? a[i][j] : 0;
	}

	assert_ok(env, gae_adjacency_build(env, &graph, NULL, 0, true, &adjacency));
	assert_ok(env, gae_propagation_create(env, &adjacency, &propagation));
	assert_ok(env, gae_propagation_weigh(env, &propagation, &graph, hidden));
	for (int i = 0; i < NODES * NODES; i++)
		unit[i] = i % (NODES + 1) == 0;
	assert_ok(env, gae_propagate(env, &propagation, NODES, unit, out));
	for (int i = 0; i < NODES; i++)
		for (int j = 0; j < NODES; j++)
			assert_near(out[i * NODES + j], a[i][j] / sqrt(degree[i] * degree[j]), 4 * TEST_EPSILON, 0);
}

static void
test_propagation(void **state)
{
	for (int variant = 0; variant < 8; variant++)
		check_propagation(*state, variant % 2, variant / 2 % 2, variant / 4);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_random_rows_of_edges),
		TEST(test_large_graphs),
		TEST(test_parts),
		TEST(test_rank),
		TEST(test_sums_of_weights),
		TEST(test_propagation),
	};

	return cmocka_run_group_tests_name("graph", tests, NULL, NULL);
}
