/*
 * memory.c
 *		Estimates of memory and of the size of a model.
 *
 * Each part of a training tells beside its X_create, as X_bytes, what it takes; trainings of
 * graphs and of rows add that up.  The unit test compares the estimate with what is allocated.
 */
#include "core/train/memory.h"

#include "core/model/format.h"
#include "core/nn/config_check.h"
#include "core/train/train_graph.h"
#include "core/train/train_rows.h"

#define TRAINING "training"
#define TRAINING_HINT "Raise vgae.memory_limit, or use a smaller latent_dim or hidden_dims."

/*
 * View the graph as an adjacency that is just complete enough to measure the known edges of a
 * model: the format stores the targets of each node's canonical edges, which lie together in it.
 */
static GaeStatus
known_edges_of_graph(GaeEnv *env, const GaeGraph *graph, GaeAdjacency *known)
{
	int64_t    *start;

	GAE_ALLOC_ZERO(env, start, (int64_t) graph->nodes + 1);
	for (int64_t e = 0; e < graph->edges; e++)
	{
		if (e % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(env));
		start[graph->src[e] + 1]++;
	}
	for (int32_t i = 0; i < graph->nodes; i++)
	{
		if (i % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(env));
		start[i + 1] += start[i];
	}
	*known = (GaeAdjacency) {
		.nodes = graph->nodes, .directed = graph->directed,
		.offset = start, .out = start, .neighbor = graph->dst
	};
	return GAE_OK;
}

/* Measure a model that has the sizes of the one to be trained, but no values. */
static GaeStatus
measure_model(GaeEnv *env, const GaePlan *plan, int64_t *bytes)
{
	const GaeTrainingInput *input = plan->input;
	GaeModel	model = {
		.config = *plan->config,
		.nodes = input->nodes,
		.columns = plan->columns,
		.params = plan->params,
		.keys.length = input->blob_bytes,
	};

	if (input->graph != NULL)
		GAE_TRY(known_edges_of_graph(env, input->graph, &model.known));
	GAE_TRY(gae_model_size(env, &model, bytes));
	gae_free(env, model.known.offset);

	/* If training stops early, the history is shorter. */
	*bytes += plan->config->epochs * (int64_t) sizeof(GaeHistoryRow);
	if (*bytes > GAE_MODEL_MAX_BYTES)
		return gae_model_too_large(env, *bytes);
	return GAE_OK;
}

GaeStatus
gae_memory_check_arguments(GaeEnv *env, const GaeConfig *config)
{
	GaeParams	params;
	double		least;

	GAE_TRY(gae_config_check(env, config));
	GAE_TRY(gae_architecture_layout(env, config, (GaeColumns) {.features = 1}, &params));
	least = (double) sizeof(GaeReal) * (double) params.count +
		config->epochs * (double) sizeof(GaeHistoryRow);
	if (least > (double) GAE_MODEL_MAX_BYTES)
		return gae_model_too_large(env, (int64_t) least);
	return gae_memory_expect(env, gae_trainer_weights_bytes(config, &params) + least,
							 TRAINING, TRAINING_HINT);
}

GaeStatus
gae_memory_estimate(GaeEnv *env, const GaePlan *plan, GaeEstimate *estimate)
{
	double		model_bytes;

	GAE_TRY(measure_model(env, plan, &estimate->model_bytes));
	model_bytes = (double) estimate->model_bytes;
	estimate->memory_bytes = plan->architecture->links != NULL
		? gae_train_graph_bytes(env, plan, model_bytes)
		: gae_train_rows_bytes(plan, model_bytes);
	return GAE_OK;
}

GaeStatus
gae_memory_check(GaeEnv *env, const GaePlan *plan)
{
	GaeEstimate estimate;

	GAE_TRY(gae_memory_estimate(env, plan, &estimate));
	return gae_memory_expect(env, estimate.memory_bytes, TRAINING, TRAINING_HINT);
}
