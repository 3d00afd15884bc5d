/*
 * test_split.c
 *		Held-out parts: about as large as asked for, of the keys and the seed alone.
 */
#include <math.h>
#include <string.h>

#include "core/graph/split.h"
#include "support.h"

#define LENGTH(array) ((int) (sizeof(array) / sizeof((array)[0])))

#define NODES 60

/* Within five standard deviations of what was asked for. */
static void
assert_share(int64_t found, int64_t count, double fraction)
{
	double		n = (double) count;

	assert_true(fabs((double) found - n * fraction) <= 5 * sqrt(n * fraction * (1 - fraction)));
}

static void
test_shares(void **state)
{
	static const GaeSplit cases[] = {
		{0, 0, 1}, {0.05, 0, 0}, {0.05, 0.1, -3}, {0.5, 0.499, 7}, {0, 0.9, INT64_MIN}
	};
	static const int64_t counts[] = {5278, 100000};

	for (int c = 0; c < LENGTH(cases) * LENGTH(counts); c++)
	{
		const GaeSplit *split = &cases[c / LENGTH(counts)];
		int64_t		rows = counts[c % LENGTH(counts)];
		int64_t		found[GAE_PARTS] = {0};
		int64_t		count[GAE_PARTS];
		uint8_t    *part;

		assert_ok(*state, gae_split_rows(*state, split, rows, test_key_hashes(*state, rows), &part,
										 count));
		for (int64_t i = 0; i < rows; i++)
			found[part[i]]++;
		assert_memory_equal(found, count, sizeof(count));
		assert_share(found[GAE_PART_VALIDATION], rows, split->validation_fraction);
		assert_share(found[GAE_PART_TEST], rows, split->test_fraction);
	}
}

/* Where no row would be left to train on, none is held out. */
static void
test_nothing_left(void **state)
{
	GaeSplit	split = {0.5, 0.499999, 1};
	int64_t		count[GAE_PARTS];
	uint8_t    *part;

	for (int64_t rows = 0; rows < 20; rows++)
	{
		assert_ok(*state, gae_split_rows(*state, &split, rows, test_key_hashes(*state, rows), &part,
										 count));
		assert_int_equal(count[GAE_PART_TRAINING], rows);
		for (int64_t i = 0; i < rows; i++)
			assert_int_equal(part[i], GAE_PART_TRAINING);
	}
}

/* The test part is the same whatever the validation part, and depends on the seed. */
static void
test_parts_and_seeds(void **state)
{
	uint64_t   *hash = test_key_hashes(*state, 500);
	GaeSplit	splits[] = {{0.1, 0.2, 1}, {0, 0.2, 1}, {0.1, 0.2, 2}};
	uint8_t    *part[3];
	int64_t		count[GAE_PARTS];
	int			differ = 0;

	for (int s = 0; s < 3; s++)
		assert_ok(*state, gae_split_rows(*state, &splits[s], 500, hash, &part[s], count));
	for (int i = 0; i < 500; i++)
	{
		assert_int_equal(part[0][i] == GAE_PART_TEST, part[1][i] == GAE_PART_TEST);
		differ += part[0][i] != part[2][i];
	}
	assert_true(differ > 50);
}

/* side[i * NODES + j] = the part of the edge between the nodes i and j, 255 where there is none. */
static void
sides_of(GaeEnv *env, const GaeGraph *graph, const uint64_t *hash, uint8_t *side)
{
	GaeSplit	split = {0.2, 0.3, 5};
	int64_t		count[GAE_PARTS];
	uint8_t    *part;

	memset(side, 255, NODES * NODES);
	assert_ok(env, gae_split_edges(env, &split, graph, hash, &part, count));
	for (int64_t e = 0; e < graph->edges; e++)
		side[graph->src[e] * NODES + graph->dst[e]] = part[e];
}

/* An edge stays on its side when edges and nodes come and go, and so does its reverse. */
static void
test_edges_stay(void **state)
{
	static uint8_t before[NODES * NODES];
	static uint8_t after[NODES * NODES];
	GaeEnv	   *env = *state;
	uint64_t   *hash = test_key_hashes(env, NODES);
	GaeGraph	graph;
	GaeGraph	shifted;
	int			reversed = 0;

	test_random_graph(env, 3, NODES, 900, true, false, &graph);
	sides_of(env, &graph, hash, before);
	for (int i = 0; i < NODES; i++)
	{
		for (int j = 0; j < i; j++)
		{
			if (before[i * NODES + j] == 255 || before[j * NODES + i] == 255)
				continue;
			assert_int_equal(before[i * NODES + j], before[j * NODES + i]);
			reversed++;
		}
	}
	assert_true(reversed > 50);

	/* The first ten nodes and every third edge are gone: all other nodes have another number. */
	shifted = graph;
	shifted.edges = 0;
	for (int64_t e = 0; e < graph.edges; e++)
	{
		if (e % 3 == 0 || graph.src[e] < 10 || graph.dst[e] < 10)
			continue;
		shifted.src[shifted.edges] = graph.src[e] - 10;
		shifted.dst[shifted.edges++] = graph.dst[e] - 10;
	}
	sides_of(env, &shifted, hash + 10, after);
	for (int i = 10; i < NODES; i++)
		for (int j = 10; j < NODES; j++)
			if (after[(i - 10) * NODES + j - 10] != 255)
				assert_int_equal(after[(i - 10) * NODES + j - 10], before[i * NODES + j]);
}

/* Models of format 1: exact counts, and never all items. */
static void
test_format_1(void **state)
{
	static const GaeSplit cases[] = {
		{0.1, 0.1, 1}, {0.5, 0.4, 1}, {0, 0, 1}, {0.05, 0.1, 1}, {0.5, 0.499, 1}
	};
	static const int64_t counts[] = {0, 1, 7, 20, 5278};

	for (int c = 0; c < LENGTH(cases); c++)
	{
		int64_t		found[GAE_PARTS] = {0};
		uint8_t    *part;

		assert_ok(*state, gae_split_of_format_1(*state, &cases[c], counts[c], &part));
		for (int64_t i = 0; i < counts[c]; i++)
			found[part[i]]++;
		assert_true(found[GAE_PART_VALIDATION] == floor((double) counts[c] * cases[c].validation_fraction));
		assert_true(found[GAE_PART_TEST] == floor((double) counts[c] * cases[c].test_fraction));
		assert_true(counts[c] == 0 || found[GAE_PART_TRAINING] > 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_shares),
		TEST(test_nothing_left),
		TEST(test_parts_and_seeds),
		TEST(test_edges_stay),
		TEST(test_format_1),
	};

	return cmocka_run_group_tests_name("split", tests, NULL, NULL);
}
