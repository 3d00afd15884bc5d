/*
 * test_known_edges.c
 *		Known edges as bytes and back: the adjacency that was built from the edges.
 */
#include <string.h>

#include "core/model/known_edges.h"
#include "support.h"

/* More edges than pass between two looks at interrupts, at one node and in all. */
#define NODES 90000
#define ROWS 300000
#define AT_HUB 80000

/* Random edges, and those of a node that knows nearly all others. */
static void
build(GaeEnv *env, bool directed, GaeGraph *graph, GaeAdjacency *known)
{
	TestRandom	random = {17};
	int32_t    *src = gae_alloc(env, ROWS, sizeof(int32_t));
	int32_t    *dst = gae_alloc(env, ROWS, sizeof(int32_t));

	for (int64_t row = 0; row < ROWS; row++)
	{
		src[row] = row < AT_HUB ? 7 : (int32_t) test_random_below(&random, NODES);
		dst[row] = row < AT_HUB ? (int32_t) row : (int32_t) test_random_below(&random, NODES);
	}
	assert_ok(env, gae_graph_build(env, NODES, NULL, directed, ROWS, src, dst, NULL, graph));
	assert_ok(env, gae_adjacency_build(env, graph, NULL, 0, false, known));
}

static uint8_t *
write_edges(GaeEnv *env, GaeAdjacency *known, int64_t *bytes)
{
	int32_t		nodes = known->nodes;

	GaeCodec	measure = {.mode = GAE_CODEC_MEASURE, .env = env};
	GaeCodec	write = {.mode = GAE_CODEC_WRITE, .env = env};

	gae_code_known_edges(&measure, nodes, known->directed, 0, known);
	assert_int_equal(measure.status, GAE_OK);
	*bytes = measure.position;
	write.out = gae_alloc(env, *bytes, 1);
	gae_code_known_edges(&write, nodes, known->directed, 0, known);
	assert_int_equal(write.position, *bytes);
	return write.out;
}

static void
test_round_trip(void **state)
{
	for (int directed = 0; directed <= 1; directed++)
	{
		GaeGraph	graph;
		GaeAdjacency known;
		GaeAdjacency read;
		GaeCodec	codec = {.mode = GAE_CODEC_READ, .env = *state};

		build(*state, directed, &graph, &known);
		codec.in = write_edges(*state, &known, &codec.end);
		gae_code_known_edges(&codec, NODES, directed, graph.edges, &read);
		assert_int_equal(codec.status, GAE_OK);
		assert_int_equal(codec.position, codec.end);
		assert_int_equal(read.nodes, NODES);
		assert_true(read.directed == (bool) directed && read.edge == NULL);
		assert_memory_equal(read.offset, known.offset, (NODES + 1) * sizeof(int64_t));
		assert_memory_equal(read.out, known.out, NODES * sizeof(int64_t));
		assert_memory_equal(read.neighbor, known.neighbor, 2 * (size_t) graph.edges * sizeof(int32_t));
	}
}

/* Other numbers of edges or nodes than the bytes have, and bytes cut short */
static void
test_refused(void **state)
{
	GaeGraph	graph;
	GaeAdjacency known;
	GaeAdjacency read;
	int64_t		bytes;
	uint8_t    *buffer;

	build(*state, false, &graph, &known);
	buffer = write_edges(*state, &known, &bytes);
	for (int wrong = 0; wrong < 4; wrong++)
	{
		GaeCodec	codec = {.mode = GAE_CODEC_READ, .env = *state, .in = buffer};
		int32_t		nodes = NODES - (wrong == 1) * 1000;
		int64_t		edges = graph.edges + (wrong == 2) - (wrong == 3);

		codec.end = bytes - (wrong == 0);
		gae_code_known_edges(&codec, nodes, false, edges, &read);
		assert_int_equal(codec.status, GAE_INVALID_MODEL);
	}
}

/* Every look at interrupts may be the last, in both directions. */
static void
test_interrupted(void **state)
{
	GaeGraph	graph;
	GaeAdjacency known;
	GaeAdjacency read;
	int64_t		bytes;
	uint8_t    *buffer;
	TestContext *context = test_context(*state);
	int			interrupted = 0;

	build(*state, false, &graph, &known);
	buffer = write_edges(*state, &known, &bytes);
	context->interrupt_ends = true;
	for (int64_t after = 1;; after++)
	{
		GaeCodec	codec = {.mode = GAE_CODEC_READ, .env = *state, .in = buffer, .end = bytes};

		context->interrupt_at = context->polls + after;
		gae_code_known_edges(&codec, NODES, false, graph.edges, &read);
		if (codec.status == GAE_OK)
			break;
		assert_int_equal(codec.status, GAE_INTERRUPTED);
		interrupted++;
	}
	/* Each edge is met twice. */
	assert_true(interrupted >= 2 * (graph.edges / (1 << 17)));
}

/* Nodes without edges take their time, too: to write, to read, and to count. */
static void
test_isolated(void **state)
{
	enum {nodes = 1000000};
	static const int32_t src[] = {17};
	static const int32_t dst[] = {nodes - 1};
	GaeGraph	graph;
	GaeAdjacency known;
	GaeCodec	codec = {.mode = GAE_CODEC_READ, .env = *state};
	TestContext *context = test_context(*state);
	int64_t		polls;
	int32_t		isolated;

	assert_ok(*state, gae_graph_build(*state, nodes, NULL, false, 1, src, dst, NULL, &graph));
	assert_ok(*state, gae_adjacency_build(*state, &graph, NULL, 0, false, &known));
	polls = context->polls;
	codec.in = write_edges(*state, &known, &codec.end);
	assert_true(context->polls - polls >= 2 * (nodes >> 17));

	polls = context->polls;
	gae_code_known_edges(&codec, nodes, false, 1, &known);
	assert_int_equal(codec.status, GAE_OK);
	assert_true(context->polls - polls >= 3 * (nodes >> 17));

	polls = context->polls;
	assert_ok(*state, gae_isolated_nodes(*state, &known, &isolated));
	assert_int_equal(isolated, nodes - 2);
	assert_true(context->polls > polls + 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_round_trip),
		TEST(test_refused),
		TEST(test_interrupted),
		TEST(test_isolated),
	};

	return cmocka_run_group_tests_name("known_edges", tests, NULL, NULL);
}
