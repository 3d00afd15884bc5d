/*
 * test_topk.c
 *		The best links against a list of all of them, sorted.
 */
#include <math.h>

#include "core/infer/score.h"
#include "pairs.h"

#define LENGTH(array) ((int) (sizeof(array) / sizeof((array)[0])))

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

			pairs_make_model(env, (uint64_t) (10 * n + variant), nodes[n], 4, variant % 2, variant / 2, &model);
			for (int k = 0; k < LENGTH(ks); k++)
			{
				for (int p = 0; p < LENGTH(probabilities); p++)
				{
					GaeTopkOptions options = {ks[k], probabilities[p], (k + p) % 2};

					if (nodes[n] < 1000 || (k == p && !test_quick()))
						pairs_check_topk(env, &model, &options);
				}
			}
			test_env_destroy(env);
		}
	}
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

		pairs_make_model(env, 7, nodes, 16, false, false, &model);
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

/*
 * Without features, isolated nodes have no links, neither from them nor to them, even where
 * their vectors are the longest.
 */
static void
test_isolated(void **state)
{
	static const int32_t nodes[] = {2, 20, 64, 300, 1100};

	(void) state;
	for (int n = 0; n < LENGTH(nodes); n++)
	{
		for (int variant = 0; variant < 8; variant++)
		{
			GaeEnv	   *env = test_env_create(1 + variant % 3);
			int64_t		rows = variant / 2 * nodes[n] / 4;
			GaeTopkOptions options = {variant < 4 ? 7 : INT64_MAX, 0, variant % 4 == 3};
			GaeModel	model;

			pairs_make_sparse_model(env, (uint64_t) n, nodes[n], rows, 6, variant % 2, &model);
			assert_true(model.isolated_nodes > 0 || nodes[n] < 20);
			assert_int_equal(gae_nodes_without_links(&model), model.isolated_nodes);
			for (int32_t i = 0; i < nodes[n]; i++)
				for (int j = 0; j < 6 && !gae_can_have_links(&model, i); j++)
					model.mu[6 * i + j] *= variant < 6 ? 1000 : (GaeReal) 1e30;
			if (nodes[n] < 1000 || (variant % 4 == 2 && !test_quick()))
				pairs_check_topk(env, &model, &options);
			test_env_destroy(env);
		}
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
		pairs_make_model(env[t], 11, 2000, 4, false, false, &model);
		before = (int64_t) test_context(env[t])->bytes_now;
		test_context(env[t])->bytes_peak = (size_t) before;
		options.min_probability = 1;
		assert_ok(env[t], gae_predict_links(env[t], &model, &options, &links[t], &count[t]));
		assert_int_equal(count[t], 0);
		assert_true((int64_t) test_context(env[t])->bytes_peak - before < (1 + 2 * threads[t]) << 20);

		options.min_probability = 0;
		assert_ok(env[t], gae_predict_links(env[t], &model, &options, &links[t], &count[t]));
		assert_true(count[t] > 1900000);
		pairs_assert_same(links[t], count[t], links[0], count[0], "threads");
	}
	for (int t = 0; t < LENGTH(threads); t++)
		test_env_destroy(env[t]);
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

	pairs_make_model(env, 12, 1000, 4, false, false, &model);
	for (int enough = 0; enough < 2; enough++)
	{
		GaeStatus	expected = enough ? GAE_OK : GAE_TOO_LARGE;

		pairs_set_limit(env, 998 + enough);
		assert_status(expected, gae_recommend(env, &model, 1, &options, &links, &count));
	}
	pairs_set_limit(env, 9990);
	assert_status(GAE_TOO_LARGE, gae_recommender_create(env, &model, &options, 100, &recommender));
	assert_string_equal(env->error.message, "the list of links would need too much memory");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_against_all_links),
		TEST(test_many_nodes),
		TEST(test_isolated),
		TEST(test_growing_lists),
		TEST(test_limit),
	};

	return cmocka_run_group_tests_name("topk", tests, NULL, NULL);
}
