/*
 * test_topk.c
 *		The best links against a list of all of them, sorted; and the heap.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dense.h"
#include "heap.h"
#include "infer.h"
#include "support.h"
#include "topk.h"

#define LENGTH(array) ((int) (sizeof(array) / sizeof((array)[0])))

/* A model of a graph with random latents, some of them alike: scores with ties. */
static void
make_model(GaeEnv *env, uint64_t seed, int32_t nodes, bool directed, bool ties, GaeModel *model)
{
	TestRandom	random = {seed};
	GaeGraph	graph;
	int64_t		d = 4;

	memset(model, 0, sizeof(*model));
	gae_config_default(&model->config);
	model->config.directed = directed;
	model->config.latent_dim = (int32_t) d;
	model->nodes = nodes;
	model->calibration = (GaeCalibration) {0.8, -2, GAE_FITTED_ON_VALIDATION};
	model->mu = gae_alloc(env, nodes * d, sizeof(GaeReal));
	for (int64_t i = 0; i < nodes * d; i++)
		model->mu[i] = ties ? (GaeReal) (test_random_below(&random, 3) - 1)
			: (GaeReal) test_random_normal(&random);
	test_random_graph(env, seed, nodes, 3 * (int64_t) nodes, directed, false, &graph);
	model->edges = graph.edges;
	assert_ok(env, gae_incidence_build(env, &graph, NULL, 0, false, &model->known));
}

static int
compare_links(const void *left, const void *right)
{
	const GaeLink *a = left;
	const GaeLink *b = right;

	if (a->score != b->score)
		return a->score > b->score ? -1 : 1;
	if (a->src != b->src)
		return a->src < b->src ? -1 : 1;
	return a->dst < b->dst ? -1 : a->dst > b->dst;
}

/* All links that the options allow, best first; of one source unless it is -1. */
static GaeLink *
all_links(GaeEnv *env, const GaeModel *model, const GaeTopkOptions *options, int32_t source,
		  int64_t *count)
{
	GaeLink    *links = gae_alloc(env, (int64_t) model->nodes * (source < 0 ? model->nodes : 1),
								  sizeof(GaeLink));

	*count = 0;
	for (int32_t i = 0; i < model->nodes; i++)
	{
		for (int32_t j = 0; j < model->nodes && (source < 0 || i == source); j++)
		{
			GaeLink		link = {i, j, gae_link_score(model, i, j)};

			if (i == j || (source < 0 && !model->config.directed && i > j))
				continue;
			if (!options->include_known && gae_incidence_has(&model->known, i, j))
				continue;
			if (gae_calibrated(&model->calibration, link.score) < options->min_probability)
				continue;
			links[(*count)++] = link;
		}
	}
	qsort(links, (size_t) *count, sizeof(GaeLink), compare_links);
	return links;
}

static void
assert_same_links(const GaeLink *links, int64_t count, const GaeLink *expected, int64_t expected_count,
				  const char *what)
{
	if (count != expected_count)
		fail_msg("%s: %lld links, expected %lld", what, (long long) count, (long long) expected_count);
	for (int64_t l = 0; l < count; l++)
		if (links[l].src != expected[l].src || links[l].dst != expected[l].dst ||
			links[l].score != expected[l].score)
			fail_msg("%s: link %lld is (%d, %d, %.17g), expected (%d, %d, %.17g)", what, (long long) l,
					 links[l].src, links[l].dst, links[l].score,
					 expected[l].src, expected[l].dst, expected[l].score);
}

static int64_t
lesser(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static void
check_options(GaeEnv *env, const GaeModel *model, const GaeTopkOptions *options)
{
	GaeLink    *links;
	int64_t		count;
	int64_t		expected_count;
	GaeLink    *expected = all_links(env, model, options, -1, &expected_count);
	int64_t		range_count;
	const GaeLink *range_links;
	GaeRecommender *recommender;
	int64_t		at = 0;
	int32_t		first = model->nodes / 3;
	int32_t		range = lesser(model->nodes - first, 40);

	assert_ok(env, gae_predict_links(env, model, options, &links, &count));
	assert_same_links(links, count, expected, lesser(expected_count, options->k), "predict_links");
	gae_free(env, expected);
	gae_free(env, links);

	assert_ok(env, gae_recommender_create(env, model, options, range, &recommender));
	assert_ok(env, gae_recommend_range(env, recommender, first, range, &range_links, &range_count));
	for (int32_t i = first; i < first + range; i++)
	{
		int64_t		wanted;

		expected = all_links(env, model, options, i, &expected_count);
		wanted = lesser(expected_count, options->k);
		assert_ok(env, gae_recommend(env, model, i, options, &links, &count));
		assert_same_links(links, count, expected, wanted, "recommend");
		assert_same_links(range_links + at, lesser(range_count - at, wanted), expected, wanted,
						  "recommend_range");
		at += wanted;
		gae_free(env, expected);
		gae_free(env, links);
	}
	assert_int_equal(at, range_count);
}

static void
test_against_all_links(void **state)
{
	static const int32_t nodes[] = {2, 3, 20, 255, 257, 1100};
	static const int64_t ks[] = {1, 7, 100, INT64_MAX};
	static const double probabilities[] = {0, 0.3, 0.9, 1};

	(void) state;
	for (int n = 0; n < LENGTH(nodes); n++)
	{
		for (int variant = 0; variant < 4; variant++)
		{
			GaeEnv	   *env = test_env_create(1 + variant);
			GaeModel	model;

			make_model(env, (uint64_t) (10 * n + variant), nodes[n], variant % 2, variant / 2, &model);
			for (int k = 0; k < LENGTH(ks); k++)
			{
				for (int p = 0; p < LENGTH(probabilities); p++)
				{
					GaeTopkOptions options = {ks[k], probabilities[p], (k + p) % 2};

					if (nodes[n] < 1000 || (k == p && !test_quick()))
						check_options(env, &model, &options);
				}
			}
			test_env_destroy(env);
		}
	}
}

static void
test_anomalies(void **state)
{
	GaeEnv	   *env = *state;

	for (int variant = 0; variant < 4; variant++)
	{
		GaeModel	model;
		GaeLink    *expected;
		int64_t		edges = 0;

		make_model(env, (uint64_t) variant, 50, variant % 2, variant / 2, &model);
		expected = gae_alloc(env, model.edges, sizeof(GaeLink));
		for (int32_t i = 0; i < 50; i++)
		{
			for (int64_t e = model.known.out[i]; e < model.known.offset[i + 1]; e++)
			{
				int32_t		j = model.known.neighbor[e];

				assert_true(variant % 2 == 1 || i < j);
				expected[edges++] = (GaeLink) {i, j, -gae_link_score(&model, i, j)};
			}
		}
		assert_int_equal(edges, model.edges);
		qsort(expected, (size_t) edges, sizeof(GaeLink), compare_links);
		for (int64_t e = 0; e < edges; e++)
			expected[e].score = -expected[e].score;
		for (int64_t k = 1; k < edges + 10; k += 11)
		{
			GaeLink    *links;
			int64_t		count;

			assert_ok(env, gae_anomalies(env, &model, k, &links, &count));
			assert_same_links(links, count, expected, lesser(k, edges), "anomalies");
		}
	}
}

/* The heap keeps the best of what it is offered, in any order, with ties. */
static void
test_heap(void **state)
{
	GaeEnv	   *env = *state;
	TestRandom	random = {1};
	GaeLink		offered[200];
	GaeLink		room[200];

	for (int round = 0; round < 500; round++)
	{
		int64_t		count = test_random_below(&random, 200);
		GaeHeap		heap = {room, test_random_below(&random, 50), 0};
		int64_t		kept;

		for (int64_t l = 0; l < count; l++)
		{
			offered[l] = (GaeLink) {
				(int32_t) test_random_below(&random, 5), (int32_t) l, (double) test_random_below(&random, 30)
			};
			gae_heap_offer(&heap, offered[l]);
			if (heap.capacity > 0)
				assert_true(gae_heap_threshold(&heap) ==
							(heap.count < heap.capacity ? -INFINITY : heap.link[0].score));
		}
		kept = lesser(count, heap.capacity);
		assert_int_equal(heap.count, kept);
		assert_ok(env, gae_heap_sort(env, &heap));
		qsort(offered, (size_t) count, sizeof(GaeLink), compare_links);
		assert_same_links(heap.link, heap.count, offered, kept, "heap");
	}
}

/* A rounding product must not lose a link that is among the best by a hair. */
static void
test_close_scores(void **state)
{
	GaeEnv	   *env = *state;
	GaeModel	model;
	GaeTopkOptions options = {50, 0, true};

	make_model(env, 3, 300, false, false, &model);
	for (int64_t i = 0; i < 300 * 4; i++)
		model.mu[i] = (GaeReal) (1000 + 1e-4 * model.mu[i]);
	check_options(env, &model, &options);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_against_all_links),
		TEST(test_anomalies),
		TEST(test_heap),
		TEST(test_close_scores),
	};

	return cmocka_run_group_tests_name("topk", tests, NULL, NULL);
}
