/*
 * pairs.c
 *		Models with random latents, and the best links by a list of all pairs.
 */
#include "pairs.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/range.h"
#include "core/infer/score.h"

static void
make_model(GaeEnv *env, uint64_t seed, int32_t nodes, int64_t rows, int32_t d, bool directed,
		   bool ties, GaeModel *model)
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
	test_random_graph(env, seed, nodes, rows, directed, false, &graph);
	model->edges = graph.edges;
	assert_ok(env, gae_adjacency_build(env, &graph, NULL, 0, false, &model->known));
	assert_ok(env, gae_isolated_nodes(env, &model->known, &model->isolated_nodes));
	assert_ok(env, gae_model_make_factors(env, model));
}

void
pairs_make_model(GaeEnv *env, uint64_t seed, int32_t nodes, int32_t d, bool directed, bool ties,
				 GaeModel *model)
{
	make_model(env, seed, nodes, 3 * (int64_t) nodes, d, directed, ties, model);
	model->columns.features = 1;
	model->features_used = true;
}

void
pairs_make_sparse_model(GaeEnv *env, uint64_t seed, int32_t nodes, int64_t rows, int32_t d,
						bool directed, GaeModel *model)
{
	make_model(env, seed, nodes, rows, d, directed, false, model);
}

/* Is the node an end of no edge, in a model without features? */
static bool
without_links(const GaeModel *model, int32_t node)
{
	bool		isolated = true;

	for (int64_t e = 0; e < 2 * model->edges; e++)
		isolated &= model->known.neighbor[e] != node;
	return isolated && !model->features_used;
}

GaeLink *
pairs_all_links(GaeEnv *env, const GaeModel *model, const GaeTopkOptions *options, int32_t source,
				int64_t *count)
{
	GaeLink    *links = gae_alloc(env, (int64_t) model->nodes * (source < 0 ? model->nodes : 1),
								  sizeof(GaeLink));
	bool	   *left_out = gae_alloc(env, model->nodes, sizeof(bool));

	for (int32_t i = 0; i < model->nodes; i++)
		left_out[i] = without_links(model, i);
	*count = 0;
	for (int32_t i = 0; i < model->nodes; i++)
	{
		for (int32_t j = 0; j < model->nodes && (source < 0 || i == source); j++)
		{
			GaeLink		link = {i, j, gae_link_score(model, i, j)};

			if (left_out[i] || left_out[j])
				continue;
			if (i == j || (source < 0 && !model->config.directed && i > j))
				continue;
			if (!options->include_known && gae_adjacency_has(&model->known, i, j))
				continue;
			if (gae_calibrated(&model->calibration, link.score) < options->min_probability)
				continue;
			links[(*count)++] = link;
		}
	}
	gae_free(env, left_out);
	qsort(links, (size_t) *count, sizeof(GaeLink), test_compare_links);
	return links;
}

void
pairs_assert_same(const GaeLink *links, int64_t count, const GaeLink *expected, int64_t expected_count,
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

void
pairs_check_topk(GaeEnv *env, const GaeModel *model, const GaeTopkOptions *options)
{
	GaeLink    *links;
	int64_t		count;
	int64_t		expected_count;
	GaeLink    *expected = pairs_all_links(env, model, options, -1, &expected_count);
	int64_t		range_count;
	const GaeLink *range_links;
	GaeRecommender *recommender;
	int64_t		at = 0;
	int32_t		first = model->nodes / 3;
	int32_t		range = gae_min(model->nodes - first, 150);

	assert_ok(env, gae_predict_links(env, model, options, &links, &count));
	pairs_assert_same(links, count, expected, gae_min(expected_count, options->k), "predict_links");
	gae_free(env, expected);
	gae_free(env, links);

	/* It forgets the range before. */
	assert_ok(env, gae_recommender_create(env, model, options, range, &recommender));
	assert_ok(env, gae_recommend_range(env, recommender, 0, 1, &range_links, &range_count));
	assert_ok(env, gae_recommend_range(env, recommender, first, range, &range_links, &range_count));
	for (int32_t i = first; i < first + range; i++)
	{
		int64_t		wanted;

		expected = pairs_all_links(env, model, options, i, &expected_count);
		wanted = gae_min(expected_count, options->k);
		assert_ok(env, gae_recommend(env, model, i, options, &links, &count));
		pairs_assert_same(links, count, expected, wanted, "recommend");
		pairs_assert_same(range_links + at, gae_min(range_count - at, wanted), expected, wanted,
						  "recommend_range");
		at += wanted;
		gae_free(env, expected);
		gae_free(env, links);
	}
	assert_int_equal(at, range_count);
}

void
pairs_set_limit(GaeEnv *env, int64_t links)
{
	env->memory_limit = env->held(env->context) + links * (int64_t) sizeof(GaeLink);
}
