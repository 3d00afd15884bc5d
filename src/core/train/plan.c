/*
 * plan.c
 *		Every decision that is taken before a training begins.
 */
#include "core/train/plan.h"

#include <math.h>
#include <string.h>

#include "core/base/parallel.h"
#include "core/base/range.h"
#include "core/graph/negatives.h"
#include "core/graph/non_edges.h"
#include "core/nn/config_check.h"
#include "core/train/node_weights.h"

/*
 * Up to this many nodes the loss of all pairs is computed exactly when the
 * argument negatives is NULL: 12.5 million undirected pairs are some 15 ms of one core an epoch.
 */
#define EXACT_NODES 5000

/* Above it, non-edges for each edge; see the argument negatives. */
#define SAMPLED_NEGATIVES 5

/*
 * How many of the nodes' own weights a step hides, so that features learn to do without them.
 * More would serve new nodes better, and those that were trained on worse.
 */
#define OWN_DROPOUT 0.1

/* Edges, and non-edges, that calibration looks at; of edges, less than twice as many. */
#define CALIBRATION_PAIRS 100000

/*
 * Rows a step when the argument batch_size is NULL: large enough for matrix
 * products at full speed, small enough for some hundred steps an epoch.
 */
#define SMALLEST_BATCH 128
#define LARGEST_BATCH 1024
#define STEPS_AN_EPOCH 128

static double
choose_negatives(const GaeConfig *config, int32_t nodes)
{
	if (!isnan(config->negatives))
		return config->negatives;
	return nodes <= EXACT_NODES ? INFINITY : SAMPLED_NEGATIVES;
}

/* Where neither Â nor X changes between epochs, and X is dense already. */
static bool
propagates_once(const GaePlan *plan)
{
	const GaeEncoderKind *encoder = plan->architecture->encoder;

	return plan->features.form == GAE_FEATURES_DENSE && !plan->features.identity &&
		!(plan->config->dropout > 0) && !(plan->config->edge_mask > 0) &&
		encoder->takes_propagated != NULL && encoder->takes_propagated(plan->config);
}

static int64_t
choose_batch_rows(const GaeConfig *config, int64_t rows)
{
	int64_t		size = config->batch_size;

	if (size == 0)
		size = gae_min(gae_max(rows / STEPS_AN_EPOCH, SMALLEST_BATCH), LARGEST_BATCH);
	return gae_min(size, rows);
}

static GaeStatus
refuse_patience(GaeEnv *env, const GaePlan *plan)
{
	gae_fail(env, GAE_INVALID_ARGUMENT, "argument \"patience\" needs held-out data");
	gae_error_detail(env, "A validation_fraction of %g of so few %s holds out none.",
					 plan->config->validation_fraction,
					 plan->architecture->links != NULL ? "edges" : "rows");
	gae_error_hint(env, "Raise validation_fraction, or leave patience NULL.");
	return GAE_INVALID_ARGUMENT;
}

static GaeStatus
plan_graph(GaeEnv *env, GaePlan *plan)
{
	const GaeGraph *graph = plan->input->graph;
	int64_t		sampled;

	GAE_TRY(gae_adjacency_check(env, graph));
	plan->negatives = choose_negatives(plan->config, graph->nodes);
	GAE_TRY(gae_sampled_pairs(env, graph->nodes, plan->negatives, (double) plan->training, &sampled));
	plan->input_propagated = propagates_once(plan);
	plan->calibration_step = gae_max(graph->edges / CALIBRATION_PAIRS, 1);
	plan->calibration_edges = gae_blocks(graph->edges, plan->calibration_step);
	plan->calibration_non_edges = (int64_t) fmin(CALIBRATION_PAIRS, gae_non_edges(graph));
	return GAE_OK;
}

static GaeStatus
hold_out(GaeEnv *env, GaePlan *plan)
{
	const GaeTrainingInput *input = plan->input;
	const GaeConfig *config = plan->config;
	GaeSplit	split = {config->validation_fraction, config->test_fraction, config->seed};
	int64_t		count[GAE_PARTS];

	if (input->graph != NULL)
		GAE_TRY(gae_split_edges(env, &split, input->graph, input->key_hash, &plan->part, count));
	else
		GAE_TRY(gae_split_rows(env, &split, input->nodes, input->key_hash, &plan->part, count));
	plan->training = count[GAE_PART_TRAINING];
	plan->validation = count[GAE_PART_VALIDATION];
	plan->test = count[GAE_PART_TEST];
	return GAE_OK;
}

static GaeStatus
refuse_nothing(GaeEnv *env)
{
	gae_fail(env, GAE_INVALID_ARGUMENT, "there is nothing to encode");
	gae_error_detail(env, "There are no features, and argument \"node_weights\" is false.");
	gae_error_hint(env, "Give features, or leave node_weights NULL.");
	return GAE_INVALID_ARGUMENT;
}

/* What is encoded: the features, and the nodes' own columns beside them or in place of them. */
static GaeStatus
plan_columns(GaeEnv *env, GaePlan *plan)
{
	const GaeTrainingInput *input = plan->input;
	double		dropout = plan->config->dropout;
	GaeNodeInput choice = GAE_NODE_FEATURES;

	plan->drop_rates = (GaeDropRates) {dropout, dropout};
	if (input->features == NULL)
	{
		if (plan->config->node_weights == GAE_NO && input->graph != NULL)
			return refuse_nothing(env);
		gae_features_identity(input->nodes, &plan->features);
		plan->columns.nodes = input->nodes;
		return GAE_OK;
	}
	plan->features = *input->features;
	plan->columns.features = input->features->columns - input->indicators;
	plan->columns.indicators = input->indicators;
	if (input->graph != NULL)
		GAE_TRY(gae_choose_node_weights(env, plan->config, input, plan->part, plan->training, &choice));
	if (choice == GAE_NODE_FEATURES)
		return GAE_OK;
	plan->features.identity = true;
	plan->columns.nodes = input->nodes;
	if (choice == GAE_NODE_BOTH)
		plan->drop_rates.identity = fmax(dropout, OWN_DROPOUT);
	else
		plan->features.form = GAE_FEATURES_NONE;
	return GAE_OK;
}

GaeStatus
gae_plan(GaeEnv *env, const GaeConfig *config, const GaeTrainingInput *input, GaePlan *plan)
{
	GAE_TRY(gae_config_check(env, config));
	memset(plan, 0, sizeof(*plan));
	plan->config = config;
	plan->input = input;
	plan->architecture = gae_architecture(config->kind);
	GAE_TRY(hold_out(env, plan));
	GAE_TRY(plan_columns(env, plan));
	if (config->patience > 0 && plan->validation == 0)
		return refuse_patience(env, plan);
	if (plan->architecture->links != NULL)
		GAE_TRY(plan_graph(env, plan));
	else
		plan->batch_rows = choose_batch_rows(config, plan->training);
	GAE_TRY(gae_architecture_layout(env, config, plan->columns, &plan->params));
	if (plan->features.form == GAE_FEATURES_NONE)
		plan->params.layer[0].unused = plan->features.columns;
	return GAE_OK;
}
