/*
 * problem.c
 *		Inputs and trainers for tests.
 */
#include "problem.h"

#include <math.h>
#include <string.h>

#include "core/linalg/openblas.h"
#include "core/model/format.h"

/* Names the mask of problem_loss. */
#define LOSS_EPOCH 3

static void
problem_config(const ProblemSpec *spec, GaeConfig *config)
{
	gae_config_default(config);
	config->kind = spec->kind;
	config->hidden_layers = spec->hidden_layers;
	memcpy(config->hidden_dims, spec->hidden_dims, sizeof(spec->hidden_dims));
	config->latent_dim = spec->latent_dim;
	config->epochs = spec->epochs;
	config->dropout = spec->dropout;
	config->kl_weight = spec->kl_weight > 0 ? spec->kl_weight : 1;
	config->latent_scale = spec->latent_scale > 0 ? spec->latent_scale : NAN;
	config->edge_mask = spec->edge_mask;
	config->directed = spec->directed;
	config->negatives = spec->negatives > 0 ? spec->negatives : NAN;
	config->reconstruction = spec->reconstruction;
	config->batch_size = spec->batch_size;
	config->validation_fraction = spec->validation_fraction;
	config->test_fraction = spec->test_fraction;
	config->patience = spec->patience;
	config->seed = (int64_t) spec->seed;
	config->node_weights = spec->node_weights;
	if (spec->node_weights == GAE_CHOOSE && !spec->compare && gae_has_links(spec->kind) &&
		spec->form != GAE_FEATURES_NONE)
		config->node_weights = GAE_NO;
}

void
problem_make(GaeEnv *env, const ProblemSpec *spec, Problem *problem)
{
	bool		graph = gae_has_links(spec->kind);

	memset(problem, 0, sizeof(*problem));
	problem_config(spec, &problem->config);
	problem->input.nodes = spec->nodes;
	problem->input.key_hash = test_key_hashes(env, spec->nodes);
	if (graph)
	{
		test_random_graph(env, spec->seed + 1, spec->nodes,
						  spec->edge_rows > 0 ? spec->edge_rows : 4 * (int64_t) spec->nodes,
						  spec->directed, spec->weighted, &problem->graph);
		problem->input.graph = &problem->graph;
	}
	if (spec->form == GAE_FEATURES_NONE)
		return;
	test_random_features(env, spec->seed + 2, spec->form, spec->nodes, spec->columns + spec->indicators,
						 spec->reconstruction == GAE_RECONSTRUCTION_BCE, &problem->features);
	problem->input.features = &problem->features;
	problem->input.informative = spec->columns + spec->indicators;
	problem->input.indicators = spec->indicators;
	assert_ok(env, gae_scaler_create(env, spec->columns, &problem->input.scaler));
}

GaeTrainer *
problem_trainer(GaeEnv *env, Problem *problem)
{
	GaeTrainer *trainer;

	assert_ok(env, gae_plan(env, &problem->config, &problem->input, &problem->plan));
	if (gae_has_links(problem->config.kind))
		assert_ok(env, gae_train_graph_create(env, &problem->plan, &trainer));
	else
		assert_ok(env, gae_train_rows_create(env, &problem->plan, &trainer));
	return trainer;
}

GaeGraphTrainer *
problem_graph_trainer(GaeEnv *env, Problem *problem)
{
	assert_true(gae_has_links(problem->config.kind));
	return (GaeGraphTrainer *) problem_trainer(env, problem);
}

double
problem_loss(GaeEnv *env, GaeTrainer *trainer)
{
	GaeHistoryRow row;

	/* A learning rate of 0 makes Adam's step an empty one. */
	trainer->adam.learning_rate = trainer->adam.weight_decay = 0;
	trainer->step = PROBLEM_LOSS_STEP;
	assert_ok(env, trainer->kind->epoch(env, trainer, LOSS_EPOCH, &row));
	return row.loss;
}

void
problem_train(GaeEnv *env, Problem *problem, GaeModel *model)
{
	assert_ok(env, gae_train(env, &problem->config, &problem->input, model));
	strcpy(model->library_version, "0.0.0");
	model->keys = (GaeBlob) {(const uint8_t *) "keys", 4};
	model->schema = (GaeBlob) {(const uint8_t *) "schema", 6};
}

uint8_t *
problem_bytes(GaeEnv *env, const GaeModel *model, int64_t *bytes)
{
	uint8_t    *buffer;

	assert_ok(env, gae_model_size(env, model, bytes));
	buffer = gae_alloc(env, *bytes, 1);
	assert_ok(env, gae_model_write(env, model, buffer, *bytes));
	return buffer;
}
