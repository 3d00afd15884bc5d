/*
 * train_graph.c
 *		What training on a graph is made of: one step an epoch, on all nodes.
 */
#include "core/train/trainer.h"

#include <math.h>
#include <string.h>

#include "core/model/bfloat.h"
#include "core/base/parallel.h"

/*
 * Up to this many nodes the loss of all pairs is computed exactly when the
 * argument negatives is NULL: 12.5 million undirected pairs are some 15 ms of one core an epoch.
 */
#define EXACT_NODES 5000

/* Above it, non-edges for each edge; see the argument negatives. */
#define SAMPLED_NEGATIVES 5

/* Edges whose masks come from one random stream. */
#define MASK_BLOCK 8192

/*
 * As many non-edges as held-out edges: never a known edge, and none for both
 * validation and test, because they are drawn together.
 */
static GaeStatus
hold_out(GaeEnv *env, GaeTrainer *trainer)
{
	const GaeConfig *config = trainer->config;
	const GaeGraph *graph = trainer->input->graph;
	GaePairs	drawn;
	int32_t    *order;
	int64_t		for_validation;

	GAE_TRY(gae_split(env, graph->edges, config->validation_fraction, config->test_fraction,
					  config->seed, &trainer->part, &trainer->validation, &trainer->test));
	GAE_TRY(gae_pairs_of_part(env, graph, trainer->part, GAE_PART_VALIDATION, trainer->validation,
							  &trainer->validation_pairs.edges));
	GAE_TRY(gae_pairs_of_part(env, graph, trainer->part, GAE_PART_TEST, trainer->test,
							  &trainer->test_pairs.edges));
	GAE_TRY(gae_sample_non_edges(env, &trainer->known, gae_non_edges(graph),
								 trainer->validation + trainer->test,
								 gae_stream(config->seed, GAE_RANDOM_HELD_OUT, 0, 0), &drawn));

	/* They come sorted: deal them out in random order, in proportion. */
	GAE_ALLOC(env, order, drawn.count);
	GAE_TRY(gae_random_order(env, gae_stream(config->seed, GAE_RANDOM_HELD_OUT, 1, 0),
							 drawn.count, order));
	for_validation = trainer->validation + trainer->test == 0 ? 0 :
		drawn.count * trainer->validation / (trainer->validation + trainer->test);
	GAE_TRY(gae_pairs_take(env, &drawn, order, for_validation, &trainer->validation_pairs.non_edges));
	GAE_TRY(gae_pairs_take(env, &drawn, order + for_validation, drawn.count - for_validation,
						   &trainer->test_pairs.non_edges));
	gae_free(env, order);
	gae_free(env, drawn.src);
	gae_free(env, drawn.dst);
	return GAE_OK;
}

double
gae_negatives_used(const GaeConfig *config, int32_t nodes)
{
	if (!isnan(config->negatives))
		return config->negatives;
	return nodes <= EXACT_NODES ? INFINITY : SAMPLED_NEGATIVES;
}

/*
 * Where neither Â nor X changes between epochs, and X is dense already, Â · X is
 * computed once for all; not where the first map is normalised before Â.
 */
bool
gae_input_propagated(const GaeConfig *config, const GaeFeatures *features)
{
	return gae_has_links(config->kind) && features->form == GAE_FEATURES_DENSE &&
		!(config->dropout > 0) && !(config->edge_mask > 0) &&
		!(config->hidden_layers == 0 && !isnan(config->latent_scale));
}

/* What steps encode. */
static GaeStatus
prepare_x(GaeEnv *env, GaeTrainer *trainer)
{
	const GaeFeatures *features = &trainer->features;

	trainer->x = *features;
	if (!gae_input_propagated(trainer->config, features))
		return GAE_OK;
	GAE_ALLOC(env, trainer->x.dense, features->rows * features->columns);
	trainer->encoder.input_propagated = true;
	return gae_propagate(env, &trainer->propagation, features->columns, features->dense,
						 trainer->x.dense);
}

static GaeStatus
prepare(GaeEnv *env, GaeTrainer *trainer)
{
	const GaeConfig *config = trainer->config;
	const GaeGraph *graph = trainer->input->graph;

	trainer->negatives = gae_negatives_used(config, graph->nodes);
	GAE_TRY(gae_features_prepare(env, &trainer->features));
	GAE_TRY(gae_adjacency_build(env, graph, NULL, 0, false, &trainer->known));
	GAE_TRY(hold_out(env, trainer));
	GAE_TRY(gae_adjacency_build(env, graph, trainer->part, GAE_PART_TRAINING, true,
								&trainer->training_edges));
	GAE_TRY(gae_propagation_create(env, &trainer->training_edges, &trainer->propagation));
	GAE_TRY(gae_propagation_weigh(env, &trainer->propagation, graph, NULL));
	if (config->edge_mask > 0)
		GAE_ALLOC(env, trainer->masked, graph->edges);
	GAE_TRY(gae_trainer_workspace(env, trainer, graph->nodes, &trainer->propagation,
								  &trainer->features));
	GAE_TRY(prepare_x(env, trainer));
	GAE_TRY(gae_link_decoder_create(env, graph, &trainer->training_edges, config->latent_dim,
									trainer->negatives, config->seed, &trainer->pair_decoder));
	trainer->decoder = &trainer->pair_decoder.base;
	return GAE_OK;
}

typedef struct MaskTask
{
	GaeTrainer *trainer;
	uint32_t	epoch;
	_Atomic bool any;			/* is an edge hidden? */
} MaskTask;

static void
mask_block(void *arg, int64_t block, int worker)
{
	MaskTask   *t = arg;
	const GaeTrainer *trainer = t->trainer;
	const GaeConfig *config = trainer->config;
	int64_t		edges = trainer->input->graph->edges;
	int64_t		first = block * MASK_BLOCK;
	int64_t		end = first + MASK_BLOCK < edges ? first + MASK_BLOCK : edges;
	GaeStream	stream = gae_stream(config->seed, GAE_RANDOM_MASK, t->epoch, (uint64_t) block);
	bool		any = false;

	(void) worker;
	for (int64_t e = first; e < end; e++)
	{
		trainer->masked[e] = gae_random_uniform(&stream) < config->edge_mask &&
			trainer->part[e] == GAE_PART_TRAINING;
		any |= trainer->masked[e];
	}
	if (any)
		t->any = true;
}

/* Draw the training edges that this epoch hides from Â and predicts: at least one. */
static GaeStatus
draw_mask(GaeEnv *env, GaeTrainer *trainer, uint32_t epoch)
{
	int64_t		edges = trainer->input->graph->edges;
	int64_t		training = edges - trainer->validation - trainer->test;
	MaskTask	task = {.trainer = trainer, .epoch = epoch};
	GaeStream	stream;
	int64_t		skip;

	GAE_TRY(gae_parallel(env, gae_blocks(edges, MASK_BLOCK), mask_block, &task));
	if (task.any)
		return GAE_OK;
	stream = gae_stream(trainer->config->seed, GAE_RANDOM_MASK, epoch,
						(uint64_t) gae_blocks(edges, MASK_BLOCK));
	skip = (int64_t) gae_random_below(&stream, (uint64_t) training);
	for (int64_t e = 0; e < edges; e++)
	{
		if (e % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(env));
		if (trainer->part[e] == GAE_PART_TRAINING && skip-- == 0)
			trainer->masked[e] = true;
	}
	return GAE_OK;
}

static GaeStatus
run_epoch(GaeEnv *env, GaeTrainer *trainer, uint32_t epoch, GaeHistoryRow *row)
{
	const GaeGraph *graph = trainer->input->graph;
	double		nodes = graph->nodes;

	if (trainer->masked != NULL)
	{
		GAE_TRY(draw_mask(env, trainer, epoch));
		GAE_TRY(gae_propagation_weigh(env, &trainer->propagation, graph, trainer->masked));
		trainer->encoded = false;
	}

	/* Kipf & Welling's code: 1/n times the mean over nodes of the divergence. */
	GAE_TRY(gae_trainer_step(env, trainer, &trainer->x, NULL, trainer->masked,
							 1 / (nodes * nodes), row));
	if (trainer->masked != NULL)
		GAE_TRY(gae_propagation_weigh(env, &trainer->propagation, graph, NULL));
	return GAE_OK;
}

static GaeStatus
validate(GaeEnv *env, GaeTrainer *trainer, GaeHistoryRow *row, double *score)
{
	GAE_TRY(gae_trainer_encode(env, trainer, &trainer->x));
	trainer->encoded = true;
	GAE_TRY(gae_score_held_out(env, trainer, &trainer->validation_pairs, &row->validation_auc,
						   &row->validation_ap, &row->validation_loss));

	/* A graph with no non-edges has no ranking. */
	*score = isnan(row->validation_auc) ? -row->validation_loss
		: (row->validation_auc + row->validation_ap) / 2;
	return GAE_OK;
}

/*
 * What the encoder makes of the graph with the weights that training began with,
 * or would have without a warm start.  They take the gradient's place.
 */
static GaeStatus
encode_untrained(GaeEnv *env, GaeTrainer *trainer, uint16_t **untrained)
{
	static const GaeDropout no_dropout = {0, 0, 0};
	int64_t		d = trainer->config->latent_dim;
	int64_t		width = trainer->latent->heads * d;
	int64_t		nodes = trainer->input->graph->nodes;
	int64_t		poll_nodes = 1 + GAE_POLL_ITEMS / d;

	GAE_ALLOC(env, *untrained, nodes * d);
	GAE_TRY(gae_params_init(env, &trainer->params, trainer->config, trainer->gradient));
	GAE_TRY(gae_layers_forward(env, &trainer->encoder, trainer->gradient, &trainer->features,
							  &no_dropout, trainer->e));
	for (int64_t i = 0; i < nodes; i++)
	{
		if (i % poll_nodes == 0)
			GAE_TRY(gae_poll(env));
		for (int64_t j = 0; j < d; j++)
			(*untrained)[i * d + j] = gae_bfloat((float) trainer->e[i * width + j]);
	}
	return GAE_OK;
}

static GaeStatus
finish(GaeEnv *env, GaeTrainer *trainer, GaeModel *model)
{
	const GaeConfig *config = trainer->config;
	const GaeGraph *graph = trainer->input->graph;
	int64_t		values = (int64_t) graph->nodes * config->latent_dim;
	GaePairs	non_edges;
	GaeAdjacency final_edges;
	GaePropagation final;

	gae_trainer_phase(env, trainer, GAE_PHASE_CALIBRATING);
	GAE_TRY(gae_sample_non_edges(env, &trainer->known, gae_non_edges(graph),
								 (int64_t) fmin(GAE_CALIBRATION_PAIRS, gae_non_edges(graph)),
								 gae_stream(config->seed, GAE_RANDOM_CALIBRATION, 0, 0), &non_edges));
	GAE_TRY(gae_calibrate_scale(env, trainer, &non_edges, &model->calibration));

	/* Validation edges have done their work: now they join Â. */
	GAE_TRY(gae_adjacency_build(env, graph, trainer->part, GAE_PART_VALIDATION,
								graph->weight != NULL, &final_edges));
	GAE_TRY(gae_propagation_create(env, &final_edges, &final));
	GAE_TRY(gae_propagation_weigh(env, &final, graph, NULL));
	trainer->encoder.propagation = &final;
	trainer->encoder.input_propagated = false;
	GAE_TRY(encode_untrained(env, trainer, &model->untrained));
	GAE_TRY(gae_trainer_encode(env, trainer, &trainer->features));

	GAE_ALLOC(env, model->mu, values);
	if (trainer->latent->heads > 1)
		GAE_ALLOC(env, model->log_std, values);
	GAE_TRY(gae_latent_split(env, trainer->latent, graph->nodes, config->latent_dim, trainer->e,
							 model->mu, model->log_std));
	GAE_TRY(gae_calibrate_offset(env, trainer, &non_edges, &model->calibration));
	model->test_auc = model->test_ap = model->test_loss = NAN;
	if (trainer->test > 0)
		GAE_TRY(gae_score_held_out(env, trainer, &trainer->test_pairs, &model->test_auc,
							   &model->test_ap, &model->test_loss));

	model->weighted = graph->weight != NULL;
	model->edges = graph->edges;
	model->duplicate_edges = graph->duplicate_edges;
	model->self_loops = graph->self_loops;
	model->zero_weight_edges = graph->zero_weight_edges;
	model->known = trainer->known;
	GAE_TRY(gae_isolated_nodes(env, &trainer->known, &model->isolated_nodes));
	model->negatives_used = trainer->negatives;
	return GAE_OK;
}

const GaeTrainerKind gae_train_graph = {prepare, run_epoch, validate, finish};
