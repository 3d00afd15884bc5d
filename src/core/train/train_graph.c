/*
 * train_graph.c
 *		Training on a graph: one step an epoch, on all nodes.
 */
#include "core/train/train_graph.h"

#include <math.h>

#include "core/base/parallel.h"
#include "core/base/range.h"
#include "core/model/bfloat.h"
#include "core/train/link_calibration.h"
#include "core/train/node_weights.h"

/* Edges whose masks come from one random stream. */
#define MASK_BLOCK 8192

typedef struct MaskTask
{
	const GaeGraphTrainer *trainer;
	uint32_t	epoch;
	_Atomic bool any;			/* is an edge hidden? */
} MaskTask;

static void
mask_block(void *arg, int64_t block, int worker)
{
	MaskTask   *t = arg;
	const GaeGraphTrainer *trainer = t->trainer;
	const GaeConfig *config = trainer->base.plan->config;
	GaeRange	edges = gae_block_range(block, MASK_BLOCK, trainer->graph->edges);
	GaeStream	stream = gae_stream(config->seed, GAE_RANDOM_MASK, t->epoch, (uint64_t) block);
	bool		any = false;

	(void) worker;
	for (int64_t e = edges.first; e < edges.end; e++)
	{
		trainer->masked[e] = gae_random_uniform(&stream) < config->edge_mask &&
			trainer->base.plan->part[e] == GAE_PART_TRAINING;
		any |= trainer->masked[e];
	}
	if (any)
		t->any = true;
}

/* Draw the training edges that this epoch hides from Â and predicts: at least one. */
static GaeStatus
draw_mask(GaeEnv *env, GaeGraphTrainer *trainer, uint32_t epoch)
{
	const GaePlan *plan = trainer->base.plan;
	int64_t		edges = trainer->graph->edges;
	MaskTask	task = {.trainer = trainer, .epoch = epoch};
	GaeStream	stream;
	int64_t		skip;

	GAE_TRY(gae_parallel(env, gae_blocks(edges, MASK_BLOCK), mask_block, &task));
	if (task.any)
		return GAE_OK;
	stream = gae_stream(plan->config->seed, GAE_RANDOM_MASK, epoch,
						(uint64_t) gae_blocks(edges, MASK_BLOCK));
	skip = (int64_t) gae_random_below(&stream, (uint64_t) plan->training);
	for (int64_t e = 0; e < edges; e++)
	{
		if (e % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(env));
		if (trainer->base.plan->part[e] == GAE_PART_TRAINING && skip-- == 0)
			trainer->masked[e] = true;
	}
	return GAE_OK;
}

static GaeStatus
run_epoch(GaeEnv *env, GaeTrainer *base, uint32_t epoch, GaeHistoryRow *row)
{
	GaeGraphTrainer *trainer = (GaeGraphTrainer *) base;
	double		nodes = trainer->graph->nodes;

	if (trainer->masked != NULL)
	{
		GAE_TRY(draw_mask(env, trainer, epoch));
		GAE_TRY(gae_propagation_weigh(env, &trainer->propagation, trainer->graph, trainer->masked));
		base->encoded = false;
	}

	/* Kipf & Welling's code: 1/n times the mean over nodes of the divergence. */
	GAE_TRY(gae_trainer_step(env, base, &trainer->input, NULL, trainer->masked, 1 / (nodes * nodes),
							 row));
	if (trainer->masked != NULL)
		GAE_TRY(gae_propagation_weigh(env, &trainer->propagation, trainer->graph, NULL));
	return GAE_OK;
}

/* Encode an input by these parameters, and make the factors of the means. */
static GaeStatus
encode_means(GaeEnv *env, GaeGraphTrainer *trainer, const GaeEncoderInput *input)
{
	GaeTrainer *base = &trainer->base;
	int64_t		d = base->plan->config->latent_dim;

	GAE_TRY(gae_trainer_encode(env, base, base->parameter, input));
	return trainer->means.kind->forward(env, &trainer->means, base->parameter, trainer->graph->nodes,
										base->e, base->latent->heads * d);
}

static GaeStatus
validate(GaeEnv *env, GaeTrainer *base, GaeHistoryRow *row, double *score)
{
	GaeGraphTrainer *trainer = (GaeGraphTrainer *) base;

	GAE_TRY(encode_means(env, trainer, &trainer->input));
	base->encoded = true;
	GAE_TRY(gae_score_held_out(env, &trainer->means, &trainer->validation, &row->validation_auc,
							   &row->validation_ap, &row->validation_loss));

	/* A graph with no non-edges has no ranking. */
	*score = isnan(row->validation_auc) ? -row->validation_loss
		: (row->validation_auc + row->validation_ap) / 2;
	return GAE_OK;
}

/*
 * What the encoder makes of the graph with the weights that training began with,
 * or would have without a warm start.  The gradient is no longer needed: its memory holds them.
 */
static GaeStatus
encode_untrained(GaeEnv *env, GaeTrainer *trainer, const GaeEncoderInput *input, uint16_t **untrained)
{
	int64_t		d = trainer->plan->config->latent_dim;
	int64_t		width = trainer->latent->heads * d;
	int64_t		nodes = input->x->rows;
	int64_t		poll_nodes = 1 + GAE_POLL_ITEMS / d;

	GAE_ALLOC(env, *untrained, nodes * d);
	GAE_TRY(gae_params_init(env, &trainer->plan->params, trainer->plan->config->seed,
							trainer->gradient));
	GAE_TRY(gae_trainer_encode(env, trainer, trainer->gradient, input));
	for (int64_t i = 0; i < nodes; i++)
	{
		if (i % poll_nodes == 0)
			GAE_TRY(gae_poll(env));
		for (int64_t j = 0; j < d; j++)
			(*untrained)[i * d + j] = gae_bfloat((float) trainer->e[i * width + j]);
	}
	return GAE_OK;
}

/* Encode the graph once more, with the validation edges, which have done their work, in Â. */
static GaeStatus
encode_with_validation_edges(GaeEnv *env, GaeGraphTrainer *trainer, GaeModel *model)
{
	GaeTrainer *base = &trainer->base;
	const GaeGraph *graph = trainer->graph;
	GaeAdjacency edges;
	GaePropagation propagation;
	GaeEncoderInput input = {.x = &base->features, .propagation = &propagation};

	GAE_TRY(gae_adjacency_build(env, graph, base->plan->part, GAE_PART_VALIDATION, graph->weight != NULL,
								&edges));
	GAE_TRY(gae_propagation_create(env, &edges, &propagation));
	GAE_TRY(gae_propagation_weigh(env, &propagation, graph, NULL));
	GAE_TRY(encode_untrained(env, base, &input, &model->untrained));
	GAE_TRY(encode_means(env, trainer, &input));
	GAE_TRY(gae_trainer_allocate_codes(env, base, model));
	return base->latent->store(env, graph->nodes, base->plan->config->latent_dim, base->e,
							   model->mu, model->log_std);
}

static GaeStatus
describe_graph(GaeEnv *env, const GaeGraphTrainer *trainer, GaeModel *model)
{
	const GaeGraph *graph = trainer->graph;

	model->weighted = graph->weight != NULL;
	model->edges = graph->edges;
	model->duplicate_edges = graph->duplicate_edges;
	model->self_loops = graph->self_loops;
	model->zero_weight_edges = graph->zero_weight_edges;
	model->known = trainer->known;
	model->negatives_used = trainer->base.plan->negatives;
	return gae_isolated_nodes(env, &trainer->known, &model->isolated_nodes);
}

static GaeStatus
finish(GaeEnv *env, GaeTrainer *base, GaeModel *model)
{
	GaeGraphTrainer *trainer = (GaeGraphTrainer *) base;
	const GaePlan *plan = base->plan;
	GaePairs	non_edges;

	gae_trainer_phase(env, base, GAE_PHASE_CALIBRATING);
	GAE_TRY(gae_sample_non_edges(env, &trainer->known, gae_non_edges(trainer->graph),
								 plan->calibration_non_edges,
								 gae_stream(plan->config->seed, GAE_RANDOM_CALIBRATION, 0, 0),
								 &non_edges));
	GAE_TRY(encode_means(env, trainer, &trainer->input));
	GAE_TRY(gae_calibrate_links(env, plan, &trainer->validation.edges, &non_edges,
								&trainer->means, &model->calibration));
	GAE_TRY(encode_with_validation_edges(env, trainer, model));
	GAE_TRY(gae_calibrate_offset(env, plan, &non_edges, &trainer->means,
								 &model->calibration));
	if (plan->test > 0)
		GAE_TRY(gae_score_held_out(env, &trainer->means, &trainer->test, &model->test_auc,
								   &model->test_ap, &model->test_loss));
	return describe_graph(env, trainer, model);
}

/* What steps encode. */
static GaeStatus
make_input(GaeEnv *env, GaeGraphTrainer *trainer)
{
	const GaePlan *plan = trainer->base.plan;
	const GaeFeatures *features = &trainer->base.features;

	trainer->x = *features;
	trainer->input = (GaeEncoderInput) {
		.x = &trainer->x, .propagation = &trainer->propagation, .propagated = plan->input_propagated
	};
	if (!plan->input_propagated)
		return GAE_OK;
	GAE_ALLOC(env, trainer->x.dense, features->rows * features->columns);
	return gae_propagate(env, &trainer->propagation, features->columns, features->dense,
						 trainer->x.dense);
}

/* Hold out edges, and make Â of those that remain. */
static GaeStatus
make_graphs(GaeEnv *env, GaeGraphTrainer *trainer)
{
	const GaePlan *plan = trainer->base.plan;
	const GaeGraph *graph = trainer->graph;

	GAE_TRY(gae_adjacency_build(env, graph, NULL, 0, false, &trainer->known));
	GAE_TRY(gae_hold_out(env, plan, &trainer->known, &trainer->validation, &trainer->test));
	GAE_TRY(gae_adjacency_build(env, graph, trainer->base.plan->part, GAE_PART_TRAINING, true,
								&trainer->training_edges));
	GAE_TRY(gae_propagation_create(env, &trainer->training_edges, &trainer->propagation));
	GAE_TRY(gae_propagation_weigh(env, &trainer->propagation, graph, NULL));
	if (plan->config->edge_mask > 0)
		GAE_ALLOC(env, trainer->masked, graph->edges);
	return GAE_OK;
}

GaeStatus
gae_train_graph_create(GaeEnv *env, const GaePlan *plan, GaeTrainer **created)
{
	static const GaeTrainerKind kind = {run_epoch, validate, finish};
	const GaeLinkFactorsKind *links = plan->architecture->links;
	int64_t		nodes = plan->input->graph->nodes;
	GaeGraphTrainer *trainer;
	GaeTrainer *base;

	GAE_ALLOC_ZERO(env, trainer, 1);
	base = &trainer->base;
	trainer->graph = plan->input->graph;
	GAE_TRY(gae_trainer_begin(env, plan, &kind, base));
	GAE_TRY(gae_features_prepare(env, &base->features));
	GAE_TRY(make_graphs(env, trainer));
	GAE_TRY(gae_trainer_workspace(env, base, nodes, &base->features));
	GAE_TRY(make_input(env, trainer));
	GAE_TRY(gae_link_decoder_create(env, links, plan->config, &plan->params, trainer->graph,
									&trainer->training_edges, plan->negatives, &trainer->decoder));
	GAE_TRY(gae_link_factors_create(env, links, plan->config, &plan->params, nodes, false,
									&trainer->means));
	base->decoder = &trainer->decoder.base;
	*created = base;
	return GAE_OK;
}

/* Xᵀ of sparse features; with dropout, the values of a second X; else perhaps Â · X. */
static double
features_bytes(const GaePlan *plan)
{
	const GaeFeatures *x = &plan->features;
	double		bytes = gae_features_prepare_bytes(x);

	bytes += gae_features_droppable_bytes(x, plan->drop_rates);
	if (plan->input_propagated)
		bytes += (double) sizeof(GaeReal) * (double) x->rows * (double) x->columns;
	return bytes;
}

/* What the encoder made of the graph before training, as bfloat16. */
static double
untrained_bytes(const GaePlan *plan)
{
	return (double) plan->input->nodes * plan->config->latent_dim * sizeof(uint16_t);
}

/*
 * A training allocates little that it gives back before its end; what it does give back is
 * counted where that may be the most: so this follows the training, step by step.
 */
double
gae_train_graph_bytes(const GaeEnv *env, const GaePlan *plan, double model_bytes)
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
	double		compared = fmin(held_out, non_edges);	/* non-edges for them */
	double		compared_each = held_out > 0 ? compared / held_out : 0;
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
	most = held + fmax(filling, gae_pairs_bytes(held_out) + drawing);
	held += gae_pairs_bytes(held_out + compared) + gae_adjacency_bytes(nodes, training, true);
	most = fmax(most, held + filling);
	held += gae_propagation_bytes(nodes, training) + (config->edge_mask > 0 ? edges : 0);

	/* The epochs */
	held += gae_trainer_workspace_bytes(plan, nodes) +
		gae_link_decoder_bytes(env, links, config, nodes, training, plan->negatives) +
		gae_link_factors_bytes(links, config, nodes, false);
	most = fmax(most, held +
				fmax(plan->architecture->encoder->backward_bytes(&plan->params, graph->nodes, dense_input),
					 gae_score_held_out_bytes((double) plan->validation, compared_each)));
	if (config->patience > 0)
		held -= (double) sizeof(GaeReal) * (double) plan->params.count;

	/* The final embeddings, calibration, and the model while all is still there */
	held += gae_non_edges_bytes(nodes, directed, non_edges, sample);
	most = fmax(most, held + gae_non_edges_build_bytes(nodes, directed, non_edges, sample));
	held += gae_adjacency_bytes(nodes, edges - (double) plan->test, graph->weight != NULL);
	most = fmax(most, held + filling);
	held += gae_propagation_bytes(nodes, edges - (double) plan->test) + gae_trainer_codes_bytes(plan) +
		untrained_bytes(plan) +
		gae_pairs_bytes((double) plan->calibration_edges);
	most = fmax(most, held + fmax(gae_link_calibration_bytes(plan),
								  gae_score_held_out_bytes((double) plan->test, compared_each)));
	most = fmax(most, held + model_bytes);

	/* Before all that */
	return fmax(most, gae_split_bytes(edges) + gae_choose_node_weights_bytes(config, plan->input, plan->training));
}
