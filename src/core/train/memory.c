/*
 * memory.c
 *		Estimates of memory and of the size of a model.
 *
 * Each part of a training tells what it takes.  A training allocates little that it gives back
 * before its end; what it does give back is counted where that may be the most: so the estimate
 * follows the training, step by step.  The unit test compares it with what is allocated.
 */
#include "core/train/memory.h"

#include <math.h>

#include "core/model/format.h"
#include "core/nn/config_check.h"
#include "core/train/link_calibration.h"
#include "core/train/train_graph.h"
#include "core/train/train_rows.h"

#define TRAINING "training"
#define TRAINING_HINT "Raise vgae.memory_limit, or use a smaller latent_dim or hidden_dims."

/* Xᵀ of sparse features; with dropout, the values of a second X; else perhaps Â · X. */
static double
features_bytes(const GaePlan *plan)
{
	const GaeFeatures *x = &plan->features;
	double		bytes = gae_features_prepare_bytes(x);

	if (plan->config->dropout > 0)
		bytes += gae_features_droppable_bytes(x);
	else if (plan->input_propagated)
		bytes += (double) sizeof(GaeReal) * (double) x->rows * (double) x->columns;
	return bytes;
}

/* The embeddings that a model stores, and those before training as bfloat16 where wanted. */
static double
codes_bytes(const GaePlan *plan, bool untrained)
{
	double		values = (double) plan->input->nodes * plan->config->latent_dim;

	return values * plan->architecture->latent->heads * sizeof(GaeReal) +
		(untrained ? values * sizeof(uint16_t) : 0);
}

/* Beside what is held when it begins: the graph, the features and the keys. */
static double
graph_training_bytes(const GaeEnv *env, const GaePlan *plan, double model_bytes)
{
	const GaeConfig *config = plan->config;
	const GaeGraph *graph = plan->input->graph;
	const GaeLinkFactorsKind *links = plan->architecture->links;
	bool		dense_input = plan->features.form == GAE_FEATURES_DENSE;
	bool		directed = graph->directed;
	double		nodes = graph->nodes;
	double		edges = (double) graph->edges;
	double		non_edges = gae_non_edges(graph);
	double		training = (double) plan->training;
	double		held_out = (double) (plan->validation + plan->test);
	double		sample = (double) plan->calibration_non_edges;
	double		filling = gae_adjacency_build_bytes(nodes);
	double		held = sizeof(GaeGraphTrainer) + gae_trainer_weights_bytes(config, &plan->params) +
		features_bytes(plan);
	double		drawing;
	double		most;

	/* Holding out, and Â */
	held += gae_adjacency_bytes(nodes, edges, false) + gae_split_bytes(edges);
	drawing = gae_non_edges_bytes(nodes, directed, non_edges, held_out) +
		gae_non_edges_build_bytes(nodes, directed, non_edges, held_out);
	most = held + fmax(fmax(filling, gae_split_build_bytes(edges)),
					   gae_pairs_bytes(held_out) + drawing);
	held += gae_pairs_bytes(2 * held_out) + gae_adjacency_bytes(nodes, training, true);
	most = fmax(most, held + filling);
	held += gae_propagation_bytes(nodes, training) + (config->edge_mask > 0 ? edges : 0);

	/* The epochs */
	held += gae_trainer_workspace_bytes(plan, nodes) +
		gae_link_decoder_bytes(env, links, config, nodes, edges, plan->negatives) +
		gae_link_factors_bytes(links, config, nodes, false);
	most = fmax(most, held +
				fmax(plan->architecture->encoder->backward_bytes(&plan->params, graph->nodes, dense_input),
					 gae_score_held_out_bytes((double) plan->validation)));
	if (config->patience > 0)
		held -= (double) sizeof(GaeReal) * (double) plan->params.count;

	/* The final embeddings, calibration, and the model while all is still there */
	held += gae_non_edges_bytes(nodes, directed, non_edges, sample);
	most = fmax(most, held + gae_non_edges_build_bytes(nodes, directed, non_edges, sample));
	held += gae_adjacency_bytes(nodes, edges - (double) plan->test, graph->weight != NULL);
	most = fmax(most, held + filling);
	held += gae_propagation_bytes(nodes, edges - (double) plan->test) + codes_bytes(plan, true) +
		gae_pairs_bytes((double) plan->calibration_edges);
	most = fmax(most, held + fmax(gae_link_calibration_bytes(plan),
								  gae_score_held_out_bytes((double) plan->test)));
	return fmax(most, held + model_bytes);
}

/* Beside what is held when it begins: the features and the keys. */
static double
rows_training_bytes(const GaePlan *plan, double model_bytes)
{
	const GaeParams *params = &plan->params;
	double		index = sizeof(int32_t);
	double		rows = (double) plan->batch_rows;
	double		held = sizeof(GaeRowsTrainer) + gae_trainer_weights_bytes(plan->config, params) +
		gae_split_bytes(plan->input->nodes) + plan->input->nodes * index;
	double		batch = rows * sizeof(GaeReal) * (double) plan->features.columns;

	/* The batch, dropped out perhaps */
	held += rows * index + batch * (plan->config->dropout > 0 ? 2 : 1) +
		gae_trainer_workspace_bytes(plan, rows) + gae_row_decoder_bytes(params, rows);
	return fmax(held + index * (double) plan->training,
				held + codes_bytes(plan, false) + model_bytes -
				(plan->config->patience > 0 ? sizeof(GaeReal) * (double) params->count : 0));
}

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
		.features = input->features != NULL ? input->features->columns : 0,
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
	GAE_TRY(gae_architecture_layout(env, config, 1, &params));
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
	estimate->memory_bytes = plan->input->graph != NULL
		? graph_training_bytes(env, plan, model_bytes)
		: rows_training_bytes(plan, model_bytes);
	return GAE_OK;
}

GaeStatus
gae_memory_check(GaeEnv *env, const GaePlan *plan)
{
	GaeEstimate estimate;

	GAE_TRY(gae_memory_estimate(env, plan, &estimate));
	return gae_memory_expect(env, estimate.memory_bytes, TRAINING, TRAINING_HINT);
}
