/*
 * test_topk.c
 *		The best links against a list of all of them, sorted.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/search/heap.h"
#include "core/infer/score.h"
#include "support.h"
#include "core/search/topk.h"

#define LENGTH(array) ((int) (sizeof(array) / sizeof((array)[0])))

/* A model of a graph with random latents, some of them alike: scores with ties. */
static void
make_model(GaeEnv *env, uint64_t seed, int32_t nodes, int32_t d, bool directed, bool ties,
		   GaeModel *model)
{
	TestRandom	random = {seed};
	GaeGraph	graph;

	memset(model, 0, sizeof(*model));
	gae_config_default(&model->config);
	model->config.directed = directed;
	model->config.latent_dim = d;
	model->nodes = nodes;
	model->calibration = (GaeCalibration) {0.8, -2, GAE_FITTED_ON_VALIDATION};
	model->mu = gae_alloc(env, (int64_t) nodes * d, sizeof(GaeReal));
	for (int64_t i = 0; i < (int64_t) nodes * d; i++)
		model->mu[i] = ties ? (GaeReal) (test_random_below(&random, 3) - 1)
			: (GaeReal) test_random_normal(&random);
	test_random_graph(env, seed, nodes, 3 * (int64_t) nodes, directed, false, &graph);
	model->edges = graph.edges;
	assert_ok(env, gae_adjacency_build(env, &graph, NULL, 0, false, &model->known));
	assert_ok(env, gae_model_make_factors(env, model));
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
			if (!options->include_known && gae_adjacency_has(&model->known, i, j))
				continue;
			if (gae_calibrated(&model->calibration, link.score) < options->min_probability)
				continue;
			links[(*count)++] = link;
		}
	}
	qsort(links, (size_t) *count, sizeof(GaeLink), test_compare_links);
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
	int32_t		range = lesser(model->nodes - first, 150);

	assert_ok(env, gae_predict_links(env, model, options, &links, &count));
	assert_same_links(links, count, expected, lesser(expected_count, options->k), "predict_links");
	gae_free(env, expected);
	gae_free(env, links);

	/* It forgets the range before. */
	assert_ok(env, gae_recommender_create(env, model, options, range, &recommender));
	assert_ok(env, gae_recommend_range(env, recommender, 0, 1, &range_links, &range_count));
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

			make_model(env, (uint64_t) (10 * n + variant), nodes[n], 4, variant % 2, variant / 2, &model);
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

		make_model(env, (uint64_t) variant, 50, 4, variant % 2, variant / 2, &model);
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
		qsort(expected, (size_t) edges, sizeof(GaeLink), test_compare_links);
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

/* A rounding product must not lose a link that is among the best by a hair. */
static void
test_close_scores(void **state)
{
	GaeEnv	   *env = *state;
	GaeModel	model;
	GaeTopkOptions options = {50, 0, true};

	make_model(env, 3, 300, 4, false, false, &model);
	for (int64_t i = 0; i < 300 * 4; i++)
		model.mu[i] = (GaeReal) (1000 + 1e-4 * model.mu[i]);
	check_options(env, &model, &options);
}

/* Nor must one whose terms are large and cancel. */
static void
test_cancellation(void **state)
{
	GaeEnv	   *env = *state;
	GaeModel	model;
	GaeTopkOptions options = {10, 0, true};

	make_model(env, 4, 300, 16, true, false, &model);
	for (int64_t i = 0; i < 300 * 16; i++)
		model.mu[i] = (GaeReal) ((i % 16 >= 8 && i % 2 == 1 ? -1e5 : 1e5) + model.mu[i]);
	for (; options.k < 300; options.k += 10)
		check_options(env, &model, &options);
}

/*
 * Many nodes: each link is what it should be, in order, and just as many pairs as
 * links do not come after the last one.
 */
static void
check_best(const GaeModel *model, int32_t source, const GaeLink *links, int64_t count, int64_t k)
{
	int64_t		not_after = 0;

	assert_int_equal(count, k);
	for (int64_t l = 0; l < count; l++)
	{
		assert_true(links[l].score == gae_link_score(model, links[l].src, links[l].dst));
		assert_false(gae_adjacency_has(&model->known, links[l].src, links[l].dst));
		assert_true(source < 0 ? links[l].src < links[l].dst :
					links[l].src == source && links[l].dst != source);
		if (l > 0)
			assert_true(gae_link_before(&links[l - 1], &links[l]));
	}
	for (int32_t i = source < 0 ? 0 : source; i < (source < 0 ? model->nodes : source + 1); i++)
	{
		for (int32_t j = source < 0 ? i + 1 : 0; j < model->nodes; j++)
		{
			GaeLink		link = {i, j, gae_link_score(model, i, j)};

			not_after += i != j && !gae_link_before(&links[count - 1], &link) &&
				!gae_adjacency_has(&model->known, i, j);
		}
	}
	assert_int_equal(not_after, k);
}

static void
test_many_nodes(void **state)
{
	int32_t		nodes = test_quick() ? 1000 : 5000;

	(void) state;
	for (int heavy = 0; heavy < 2; heavy++)
	{
		GaeEnv	   *env = test_env_create(2);
		TestRandom	random = {1};
		GaeTopkOptions options = {100, 0, false};
		GaeModel	model;
		GaeRecommender *recommender;
		const GaeLink *range_links;
		GaeLink    *links;
		int64_t		count;

		make_model(env, 7, nodes, 16, false, false, &model);
		for (int32_t i = 0; i < nodes && heavy; i++)
		{
			double		length = exp(2 * test_random_normal(&random));

			for (int j = 0; j < 16; j++)
				model.mu[16 * i + j] *= (GaeReal) length;
		}
		assert_ok(env, gae_predict_links(env, &model, &options, &links, &count));
		check_best(&model, -1, links, count, 100);
		assert_ok(env, gae_recommender_create(env, &model, &options, nodes, &recommender));
		assert_ok(env, gae_recommend_range(env, recommender, 0, nodes, &range_links, &count));
		assert_int_equal(count, 100 * (int64_t) nodes);
		for (int32_t i = 0; i < nodes; i += 7)
			check_best(&model, i, range_links + 100 * (int64_t) i, 100, 100);
		test_env_destroy(env);
	}
}

/* Embeddings of any width. */
static void
test_widths(void **state)
{
	static const int32_t widths[] = {1, 2, 6, 7, 8, 16, 30, 33, 130};

	(void) state;
	for (int w = 0; w < LENGTH(widths); w++)
	{
		for (int directed = 0; directed <= (widths[w] % 2 == 0); directed++)
		{
			GaeEnv	   *env = test_env_create(2);
			GaeTopkOptions options = {20, 0, false};
			GaeModel	model;

			make_model(env, (uint64_t) w, 200, widths[w], directed, false, &model);
			check_options(env, &model, &options);
			test_env_destroy(env);
		}
	}
}

/*
 * Lengths that differ by powers of ten, so that most panels are skipped; and such
 * that products underflow or overflow in float, though not in double.
 */
static void
test_magnitudes(void **state)
{
	static const double magnitudes[][2] = {
		{0, 1}, {0, 4}, {-30, 0}, {30, 0}, {37, 0.5}, {-43, 1}, {0, 37}
	};

	(void) state;
	for (int m = 0; m < LENGTH(magnitudes); m++)
	{
		for (int directed = 0; directed < 2; directed++)
		{
			GaeEnv	   *env = test_env_create(2);
			GaeModel	model;
			TestRandom	random = {(uint64_t) m};

			make_model(env, (uint64_t) m, 300, 6, directed, false, &model);
			for (int32_t i = 0; i < 300; i++)
			{
				double		exponent = magnitudes[m][0] +
					magnitudes[m][1] * (2 * test_random_uniform(&random) - 1);

				for (int j = 0; j < 6; j++)
					model.mu[6 * i + j] = (GaeReal) (0.1 * model.mu[6 * i + j] * pow(10, exponent));
			}
			for (int k = 1; k < 2000; k *= 10)
			{
				GaeTopkOptions options = {k, 0, k % 3 == 0};

				check_options(env, &model, &options);
			}
			test_env_destroy(env);
		}
	}
}

/* All scores alike: only the order of the nodes counts, even where zeros have a sign. */
static void
test_equal_scores(void **state)
{
	(void) state;
	for (int variant = 0; variant < 6; variant++)
	{
		GaeEnv	   *env = test_env_create(2);
		GaeModel	model;
		GaeTopkOptions options = {1, 0, false};

		make_model(env, 1, 300, 4, variant % 2, false, &model);
		for (int i = 0; i < 300 * 4; i++)
			model.mu[i] = variant / 2 == 0 ? (i / 4 % 2 == 0 ? (GaeReal) -0.0 : 0) :
				variant / 2 == 1 ? (GaeReal) 0.3 + i % 4 : (GaeReal) (i % 8 < 4);
		for (; options.k < 100000; options.k *= 7)
			check_options(env, &model, &options);
		test_env_destroy(env);
	}
}

/* Probabilities so close to 1 that many scores share one. */
static void
test_high_probabilities(void **state)
{
	static const double probabilities[] = {1 - 1e-9, 1 - 1e-13, 1 - 1e-15, 1 - 2.3e-16, 1};
	GaeEnv	   *env = *state;
	GaeModel	model;

	make_model(env, 5, 200, 4, false, false, &model);
	for (int i = 0; i < 200 * 4; i++)
		model.mu[i] *= 4;
	for (int p = 0; p < LENGTH(probabilities); p++)
	{
		GaeTopkOptions options = {INT64_MAX, probabilities[p], true};

		check_options(env, &model, &options);
	}
}

/* Of a large k only what is found takes memory, with many threads as with one. */
static void
test_growing_lists(void **state)
{
	static const int threads[] = {1, 2, 3, 16};
	GaeLink    *links[LENGTH(threads)];
	int64_t		count[LENGTH(threads)];
	GaeEnv	   *env[LENGTH(threads)];
	GaeTopkOptions options = {INT64_MAX, 0, false};

	(void) state;
	for (int t = 0; t < LENGTH(threads); t++)
	{
		GaeModel	model;
		int64_t		before;

		env[t] = test_env_create(threads[t]);
		make_model(env[t], 11, 2000, 4, false, false, &model);
		before = (int64_t) test_context(env[t])->bytes_now;
		test_context(env[t])->bytes_peak = (size_t) before;
		options.min_probability = 1;
		assert_ok(env[t], gae_predict_links(env[t], &model, &options, &links[t], &count[t]));
		assert_int_equal(count[t], 0);
		assert_true((int64_t) test_context(env[t])->bytes_peak - before < (1 + 2 * threads[t]) << 20);

		options.min_probability = 0;
		assert_ok(env[t], gae_predict_links(env[t], &model, &options, &links[t], &count[t]));
		assert_true(count[t] > 1900000);
		assert_same_links(links[t], count[t], links[0], count[0], "threads");
	}
	for (int t = 0; t < LENGTH(threads); t++)
		test_env_destroy(env[t]);
}

/* Allow so many links beside what is held. */
static void
set_limit(GaeEnv *env, int64_t links)
{
	env->memory_limit = env->held(env->context) + links * (int64_t) sizeof(GaeLink);
}

/* The memory limit is asked before the memory for a list is taken. */
static void
test_limit(void **state)
{
	GaeEnv	   *env = *state;
	GaeTopkOptions options = {999, 0, false};
	GaeModel	model;
	GaeRecommender *recommender;
	GaeLink    *links;
	int64_t		count;

	make_model(env, 12, 1000, 4, false, false, &model);
	for (int enough = 0; enough < 2; enough++)
	{
		GaeStatus	expected = enough ? GAE_OK : GAE_TOO_LARGE;

		set_limit(env, 998 + enough);
		assert_status(expected, gae_recommend(env, &model, 1, &options, &links, &count));
		set_limit(env, 998 + enough);
		assert_status(expected, gae_anomalies(env, &model, 999, &links, &count));
	}
	set_limit(env, 9990);
	assert_status(GAE_TOO_LARGE, gae_recommender_create(env, &model, &options, 100, &recommender));
	assert_string_equal(env->error.message, "the list of links would need too much memory");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_against_all_links),
		TEST(test_anomalies),
		TEST(test_close_scores),
		TEST(test_cancellation),
		TEST(test_many_nodes),
		TEST(test_widths),
		TEST(test_magnitudes),
		TEST(test_equal_scores),
		TEST(test_high_probabilities),
		TEST(test_growing_lists),
		TEST(test_limit),
	};

	return cmocka_run_group_tests_name("topk", tests, NULL, NULL);
}
