/*
 * train.c
 *		The training loop of all four models.
 */
#include "core/train/train.h"

#include <math.h>
#include <string.h>

#include "core/linalg/openblas.h"
#include "core/train/memory.h"
#include "core/base/simd.h"
#include "core/train/trainer.h"

GaeStatus
gae_trainer_workspace(GaeEnv *env, GaeTrainer *trainer, int64_t rows,
					  const GaePropagation *propagation, const GaeFeatures *form)
{
	const GaeConfig *config = trainer->config;
	int64_t		d = config->latent_dim;
	int64_t		width = trainer->latent->heads * d;

	trainer->step_rows = rows;
	GAE_ALLOC(env, trainer->e, rows * width);
	GAE_ALLOC(env, trainer->z, rows * d);
	GAE_ALLOC(env, trainer->d_e, rows * width);
	GAE_ALLOC(env, trainer->d_z, rows * d);
	return gae_layers_create(env, trainer->params.layer, trainer->params.encoder_layers, rows,
							propagation, config->latent_scale, d,
							config->dropout > 0 ? form : NULL, &trainer->encoder);
}

GaeStatus
gae_trainer_step(GaeEnv *env, GaeTrainer *trainer, const GaeFeatures *x, const GaeReal *target,
				 const bool *masked, double kl_scale, GaeHistoryRow *row)
{
	const GaeConfig *config = trainer->config;
	const GaeLatent *latent = trainer->latent;
	int64_t		d = config->latent_dim;
	GaeDropout	dropout = {config->dropout, config->seed, trainer->step};
	GaeDecoderStep decoding = {
		.step = trainer->step, .rows = x->rows, .target = target, .masked = masked,
		.parameter = trainer->parameter, .gradient = trainer->gradient
	};
	double		divergence;

	/* Validation may have encoded x by these very weights. */
	if (!trainer->encoded || config->dropout > 0)
		GAE_TRY(gae_layers_forward(env, &trainer->encoder, trainer->parameter, x, &dropout, trainer->e));
	trainer->encoded = false;
	GAE_TRY(latent->forward(env, x->rows, d, trainer->e, config->seed, trainer->step, trainer->z));
	GAE_TRY(trainer->decoder->loss(env, trainer->decoder, &decoding, trainer->z, trainer->d_z,
								   &row->reconstruction));
	GAE_TRY(latent->divergence(env, x->rows, d, trainer->e, &divergence));
	row->kl = kl_scale * divergence;
	row->loss = row->reconstruction + config->kl_weight * row->kl;
	if (!gae_has_posterior(config->kind))
		row->kl = NAN;			/* not a divergence of 0: it has none */

	GAE_TRY(latent->backward(env, x->rows, d, trainer->e, trainer->z, trainer->d_z,
							 config->kl_weight * kl_scale, trainer->d_e));
	GAE_TRY(gae_layers_backward(env, &trainer->encoder, trainer->parameter, x, &dropout,
							   trainer->d_e, trainer->gradient, NULL));
	GAE_TRY(gae_adam_step(env, &trainer->adam, trainer->gradient, trainer->parameter));
	trainer->step++;
	return GAE_OK;
}

GaeStatus
gae_trainer_encode(GaeEnv *env, GaeTrainer *trainer, const GaeFeatures *x)
{
	static const GaeDropout no_dropout = {0, 0, 0};

	return gae_layers_forward(env, &trainer->encoder, trainer->parameter, x, &no_dropout, trainer->e);
}

GaeStatus
gae_train_check(GaeEnv *env, const GaeConfig *config, const GaeTrainingInput *input)
{
	const GaeGraph *graph = input->graph;
	int64_t		items = graph != NULL ? graph->edges : input->nodes;
	int64_t		validation;
	int64_t		test;
	int64_t		sampled;

	GAE_TRY(gae_config_check(env, config));
	gae_split_counts(items, config->validation_fraction, config->test_fraction, &validation, &test);
	if (config->patience > 0 && validation == 0)
	{
		gae_fail(env, GAE_INVALID_ARGUMENT, "argument \"patience\" needs held-out data");
		gae_error_detail(env, "A validation_fraction of %g of so few %s holds out none.",
						 config->validation_fraction, graph != NULL ? "edges" : "rows");
		gae_error_hint(env, "Raise validation_fraction, or leave patience NULL.");
		return GAE_INVALID_ARGUMENT;
	}
	if (graph == NULL)
		return GAE_OK;
	GAE_TRY(gae_adjacency_check(env, graph));
	return gae_sampled_pairs(env, graph->nodes, gae_negatives_used(config, graph->nodes),
							 (double) (items - validation - test), &sampled);
}

static GaeStatus
start(GaeEnv *env, const GaeConfig *config, GaeTrainingInput *input, GaeTrainer *trainer)
{
	bool		graph = gae_has_links(config->kind);

	memset(trainer, 0, sizeof(*trainer));
	trainer->config = config;
	trainer->input = input;
	trainer->kind = graph ? &gae_train_graph : &gae_train_rows;
	trainer->latent = gae_latent_of(config->kind);
	if (input->features != NULL)
		trainer->features = *input->features;
	else
		gae_features_identity(input->nodes, &trainer->features);

	trainer->progress = (GaeProgress) {
		.epochs = config->epochs, .loss = NAN, .validation_score = NAN
	};
	gae_trainer_phase(env, trainer, GAE_PHASE_TRAINING);

	GAE_TRY(gae_memory_check(env, config, input));
	GAE_TRY(gae_params_layout(env, config, trainer->features.columns, &trainer->params));
	GAE_TRY(gae_openblas_load(env));
	GAE_ALLOC(env, trainer->parameter, trainer->params.count);
	GAE_ALLOC_ZERO(env, trainer->gradient, trainer->params.count);
	GAE_TRY(gae_adam_create(env, config->learning_rate, config->weight_decay,
							trainer->params.count, &trainer->adam));
	GAE_TRY(gae_params_init(env, &trainer->params, config, trainer->parameter));
	if (input->warm_start != NULL)
		GAE_TRY(gae_params_adopt(env, &trainer->params, trainer->parameter,
								 &input->warm_start->params, input->warm_start->parameter,
								 input->column_map));
	return trainer->kind->prepare(env, trainer);
}

static GaeStatus
diverged(GaeEnv *env, int32_t epoch)
{
	gae_fail(env, GAE_DIVERGED, "training diverged");
	if (epoch > 0)
		gae_error_detail(env, "The loss or a weight was no longer finite in epoch %ld.", (long) epoch);
	else
		gae_error_detail(env, "Before the first epoch the embeddings are not finite.");
	gae_error_hint(env, "Lower learning_rate (or weight_decay, kl_weight or latent_scale, where they "
				   "are large), or bring features and weights to a common scale.");
	return GAE_DIVERGED;
}

GAE_VECTORISED static bool
all_finite(const GaeReal *values, int64_t count)
{
	GaeReal		lane[GAE_LANES] = {0};
	int64_t		i = 0;

	/* 0 · x is 0 for finite x, and NaN otherwise. */
	for (; i + GAE_LANES <= count; i += GAE_LANES)
		for (int l = 0; l < GAE_LANES; l++)
			lane[l] += 0 * values[i + l];
	for (; i < count; i++)
		lane[0] += 0 * values[i];
	for (int l = 1; l < GAE_LANES; l++)
		lane[0] += lane[l];
	return lane[0] == 0;
}

/* Fail unless all are finite, after that epoch. */
static GaeStatus
require_finite(GaeEnv *env, const GaeReal *values, int64_t count, int32_t epoch)
{
	for (int64_t first = 0; first < count; first += GAE_POLL_ITEMS)
	{
		GAE_TRY(gae_poll(env));
		if (!all_finite(values + first,
						count - first < GAE_POLL_ITEMS ? count - first : GAE_POLL_ITEMS))
			return diverged(env, epoch);
	}
	return GAE_OK;
}

static void
report_progress(GaeEnv *env, const GaeTrainer *trainer)
{
	if (env->progress != NULL)
		env->progress(env->context, &trainer->progress);
}

void
gae_trainer_phase(GaeEnv *env, GaeTrainer *trainer, GaePhase phase)
{
	trainer->progress.phase = phase;
	report_progress(env, trainer);
}

/*
 * Run the epochs.  With patience, the weights at the end are those of the best
 * epoch; without, those of the last.
 */
static GaeStatus
run_epochs(GaeEnv *env, GaeTrainer *trainer, GaeModel *model)
{
	const GaeConfig *config = trainer->config;
	size_t		parameter_bytes = (size_t) trainer->params.count * sizeof(GaeReal);
	GaeReal    *best = NULL;
	double		best_score = -INFINITY;

	GAE_ALLOC(env, model->history, config->epochs);
	if (config->patience > 0)
		GAE_ALLOC(env, best, trainer->params.count);

	for (int32_t epoch = 1; epoch <= config->epochs; epoch++)
	{
		GaeHistoryRow *row = &model->history[epoch - 1];
		double		score = NAN;

		*row = (GaeHistoryRow) {NAN, NAN, NAN, NAN, NAN, NAN};
		GAE_TRY(trainer->kind->epoch(env, trainer, (uint32_t) epoch, row));
		if (!isfinite(row->loss))
			return diverged(env, epoch);
		GAE_TRY(require_finite(env, trainer->parameter, trainer->params.count, epoch));
		if (trainer->validation > 0)
			GAE_TRY(trainer->kind->validate(env, trainer, row, &score));
		if (isinf(row->validation_loss))
			return diverged(env, epoch);
		model->epochs_run = epoch;
		trainer->progress.epoch = epoch;
		trainer->progress.loss = row->loss;
		trainer->progress.validation_score = score;
		report_progress(env, trainer);

		if (config->patience == 0)
			model->best_epoch = epoch;
		else if (model->best_epoch == 0 || score > best_score)
		{
			best_score = score;
			model->best_epoch = epoch;
			GAE_TRY(gae_copy(env, best, trainer->parameter, parameter_bytes));
		}
		else if (epoch - model->best_epoch >= config->patience)
			break;
	}
	if (best != NULL && model->best_epoch > 0)
		GAE_TRY(gae_copy(env, trainer->parameter, best, parameter_bytes));
	gae_free(env, best);
	return GAE_OK;
}

static void
copy_results(const GaeTrainer *trainer, const GaeHistoryRow *row, GaeModel *model)
{
	model->params = trainer->params;
	model->parameter = trainer->parameter;
	model->loss = row->loss;
	model->reconstruction = row->reconstruction;
	model->kl = row->kl;
	model->validation_auc = row->validation_auc;
	model->validation_ap = row->validation_ap;
	model->validation_loss = row->validation_loss;
}

GaeStatus
gae_train(GaeEnv *env, const GaeConfig *config, GaeTrainingInput *input, GaeModel *model)
{
	GaeTrainer	trainer;
	GaeHistoryRow untrained = {NAN, NAN, NAN, NAN, NAN, NAN};
	const GaeHistoryRow *kept = &untrained;
	int64_t		values;
	double		score;

	memset(model, 0, sizeof(*model));
	GAE_TRY(start(env, config, input, &trainer));
	model->config = *config;
	model->nodes = input->nodes;
	model->features = input->features != NULL ? input->features->columns : 0;
	model->scaler = input->scaler;

	GAE_TRY(run_epochs(env, &trainer, model));
	if (model->best_epoch > 0)
		kept = &model->history[model->best_epoch - 1];
	else if (trainer.validation > 0)
		GAE_TRY(trainer.kind->validate(env, &trainer, &untrained, &score));
	copy_results(&trainer, kept, model);
	GAE_TRY(trainer.kind->finish(env, &trainer, model));
	values = (int64_t) model->nodes * config->latent_dim;
	GAE_TRY(require_finite(env, model->mu, values, model->best_epoch));
	if (model->log_std != NULL)
		GAE_TRY(require_finite(env, model->log_std, values, model->best_epoch));
	if (isinf(model->validation_loss) || isinf(model->test_loss))
		return diverged(env, model->best_epoch);
	return GAE_OK;
}
