/*
 * use_model.c
 *		Every function of inference, of top-k and of pictures, one after the other.
 */
#include "use_model.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/model/format.h"
#include "problem.h"

#define NEW_NODES 5
#define MOST_EDGES 20

/* Nodes of the largest graph of which all links are asked for, not only a few. */
#define SMALL_GRAPH 64
#define MANY_LINKS 100000

static bool
edge_found(void *context, int32_t src, int32_t dst, double probability)
{
	int		   *edges = context;

	assert_true(src >= 0 && src < NEW_NODES && dst >= 0 && dst < NEW_NODES && src != dst);
	(void) probability;
	return ++*edges < MOST_EDGES;
}

/* Links name nodes of the model, and are no known edges unless these were asked for. */
static void
check_links(const GaeModel *model, const GaeLink *links, int64_t count, int known)
{
	for (int64_t l = 0; l < count; l++)
	{
		assert_uint_in_range(links[l].src, 0, model->nodes - 1);
		assert_uint_in_range(links[l].dst, 0, model->nodes - 1);
		if (known >= 0)
			assert_int_equal(gae_adjacency_has(&model->known, links[l].src, links[l].dst), known);
	}
}

static GaeStatus
use_topk(GaeEnv *env, const GaeModel *model)
{
	static const double min_probabilities[] = {0, 0.5, 1};
	GaeRecommender *recommender;
	const GaeLink *range_links;
	GaeLink    *links;
	int64_t		count;

	for (int variant = 0; variant < (model->nodes <= SMALL_GRAPH ? 6 : 3); variant++)
	{
		GaeTopkOptions options = {
			variant < 3 ? 4 : MANY_LINKS, min_probabilities[variant % 3], variant % 2
		};
		int			known = options.include_known ? -1 : 0;

		GAE_TRY(gae_predict_links(env, model, &options, &links, &count));
		check_links(model, links, count, known);
		GAE_TRY(gae_recommend(env, model, model->nodes - 1, &options, &links, &count));
		check_links(model, links, count, known);
		GAE_TRY(gae_recommender_create(env, model, &options, model->nodes, &recommender));
		GAE_TRY(gae_recommend_range(env, recommender, 0, model->nodes, &range_links, &count));
		check_links(model, range_links, count, known);
	}
	GAE_TRY(gae_anomalies(env, model, 3, &links, &count));
	check_links(model, links, count, 1);
	return GAE_OK;
}

static GaeStatus
use_links(GaeEnv *env, const GaeModel *model, bool generate)
{
	int32_t		last = model->nodes - 1;
	double		probability = gae_calibrated(&model->calibration, gae_link_score(model, 0, last));
	int			edges = 0;

	(void) probability;
	GAE_TRY(gae_link_probability(env, model, 0, last, 0, 1, &probability));
	if (gae_has_posterior(model->config.kind))
	{
		GAE_TRY(gae_link_probability(env, model, 0, last, 3, 1, &probability));
		if (generate)
			GAE_TRY(gae_generate_graph(env, model, NEW_NODES, 1, edge_found, &edges));
	}
	return use_topk(env, model);
}

/* Encode a new input of a few rows. */
static GaeStatus
use_encoder(GaeEnv *env, const GaeModel *model)
{
	static const int32_t src[] = {0, 1, 2};
	static const int32_t dst[] = {1, 2, 4};
	static const int32_t node_map[NEW_NODES] = {-1, 0, -1};
	int64_t		d = model->config.latent_dim;
	GaeGraph	graph;
	GaeFeatures features = {
		.form = GAE_FEATURES_DENSE, .rows = NEW_NODES,
		.columns = model->columns.features + model->columns.indicators
	};
	GaeReal    *mu;
	GaeReal    *log_std;

	if (model->columns.features == 0)
		return GAE_OK;			/* featureless: there is nothing to encode */
	GAE_ALLOC(env, features.dense, NEW_NODES * features.columns);
	for (int64_t v = 0; v < NEW_NODES * features.columns; v++)
		features.dense[v] = (GaeReal) (v % 7) / 7;
	for (int64_t i = 0; i < NEW_NODES; i++)
		gae_scaler_apply(&model->scaler, features.dense + i * features.columns,
						 features.dense + i * features.columns);
	GAE_TRY(gae_graph_build(env, NEW_NODES, NULL, model->config.directed, 3, src, dst, NULL, &graph));
	GAE_ALLOC(env, mu, NEW_NODES * d);
	GAE_ALLOC(env, log_std, NEW_NODES * d);
	GAE_TRY(gae_encode(env, model, gae_has_links(model->config.kind) ? &graph : NULL,
					   &features, node_map, mu, log_std));
	gae_free(env, log_std);
	gae_free(env, mu);
	return GAE_OK;
}

/* Both pictures; its nodes have no names. */
static GaeStatus
use_pictures(GaeEnv *env, const GaeModel *model)
{
	GaeTexts	names = {.count = model->nodes, .bytes = ""};
	uint64_t   *offset;
	char	   *svg;
	int64_t		length;

	GAE_ALLOC_ZERO(env, offset, model->nodes + INT64_C(1));
	names.offset = offset;
	GAE_TRY(gae_plot_latent(env, model, &names, NULL, &svg, &length));
	gae_free(env, svg);
	GAE_TRY(gae_plot_history(env, model, &svg, &length));
	gae_free(env, svg);
	gae_free(env, offset);
	return GAE_OK;
}

static GaeStatus
use_decoder(GaeEnv *env, const GaeModel *model)
{
	GaeReal    *features;

	GAE_ALLOC(env, features, model->nodes * model->columns.features);
	GAE_TRY(gae_decode(env, model, model->nodes, model->mu, features));
	gae_free(env, features);
	return GAE_OK;
}

GaeStatus
use_model(GaeEnv *env, const GaeModel *model, bool generate)
{
	GaeReal    *latent;

	GAE_ALLOC(env, latent, model->config.latent_dim);
	if (gae_has_posterior(model->config.kind))
	{
		gae_sample_posterior(model, model->nodes - 1, 1, 1, latent);
		gae_sample_prior(model, 1, 1, latent);
	}
	gae_free(env, latent);
	GAE_TRY(use_pictures(env, model));
	GAE_TRY(use_encoder(env, model));
	if (gae_has_links(model->config.kind))
		return use_links(env, model, generate);
	return use_decoder(env, model);
}

static void
check_refusal(const GaeEnv *env, GaeStatus status)
{
	assert_int_equal(status, GAE_INVALID_MODEL);
	assert_int_equal(env->error.status, GAE_INVALID_MODEL);
	assert_string_equal(env->error.message, "invalid vgae model");
	assert_true(env->error.detail[0] != '\0');
}

/* What the first bytes tell, as the planner sees them, is what all of them do. */
static void
glance(const uint8_t *buffer, int64_t bytes, bool is_model, int32_t nodes)
{
	GaeEnv	   *env = test_env_create(1);
	int64_t		first = bytes < GAE_MODEL_GLANCE_BYTES ? bytes : GAE_MODEL_GLANCE_BYTES;
	uint8_t    *exact = malloc((size_t) (first > 0 ? first : 1));
	GaeModel	model;
	GaeStatus	status;

	assert_non_null(exact);
	memcpy(exact, buffer, (size_t) first);
	status = gae_model_glance(env, exact, first, &model);
	if (status != GAE_OK)
	{
		check_refusal(env, status);
		assert_false(is_model);
	}
	else if (is_model)
		assert_int_equal(model.nodes, nodes);
	free(exact);
	test_env_destroy(env);
}

bool
use_bytes(const uint8_t *buffer, int64_t bytes, bool generate)
{
	GaeEnv	   *env = test_env_create(1);
	uint8_t    *exact = malloc((size_t) (bytes > 0 ? bytes : 1));
	GaeModel	model;
	GaeStatus	status;

	assert_non_null(exact);
	memcpy(exact, buffer, (size_t) bytes);
	status = gae_model_read(env, exact, bytes, &model);
	if (status == GAE_OK)
	{
		int64_t		again_bytes;
		uint8_t    *again = problem_bytes(env, &model, &again_bytes);

		/* Models of earlier formats are written in the present one. */
		if (model.format_version == GAE_FORMAT_VERSION)
		{
			assert_int_equal(again_bytes, bytes);
			assert_memory_equal(again, exact, (size_t) bytes);
		}
		assert_ok(env, use_model(env, &model, generate));
	}
	else
		check_refusal(env, status);
	glance(exact, bytes, status == GAE_OK, model.nodes);
	free(exact);
	test_env_destroy(env);
	return status == GAE_OK;
}
