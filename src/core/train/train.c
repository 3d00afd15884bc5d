/*
 * train.c
 *		The training loop of all models.
 */
#include "core/train/train.h"

#include <math.h>
#include <string.h>

#include "core/base/range.h"
#include "core/base/simd.h"
#include "core/train/memory.h"
#include "core/train/train_graph.h"
#include "core/train/train_rows.h"

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
		if (!all_finite(values + first, gae_min(count - first, GAE_POLL_ITEMS)))
			return diverged(env, epoch);
	}
	return GAE_OK;
}

/* The best weights so far, by the validation score. */
typedef struct Best
{
	GaeReal    *parameter;		/* NULL without patience */
	double		score;
} Best;

/* One epoch, its validation and what is told of it. */
static GaeStatus
train_epoch(GaeEnv *env, GaeTrainer *trainer, int32_t epoch, GaeHistoryRow *row, double *score)
{
	*row = (GaeHistoryRow) {NAN, NAN, NAN, NAN, NAN, NAN};
	*score = NAN;
	GAE_TRY(trainer->kind->epoch(env, trainer, (uint32_t) epoch, row));
	if (!isfinite(row->loss))
		return diverged(env, epoch);
	GAE_TRY(require_finite(env, trainer->parameter, trainer->plan->params.count, epoch));
	if (trainer->plan->validation > 0)
		GAE_TRY(trainer->kind->validate(env, trainer, row, score));
	if (isinf(row->validation_loss))
		return diverged(env, epoch);
	trainer->progress.epoch = epoch;
	trainer->progress.loss = row->loss;
	trainer->progress.validation_score = *score;
	gae_trainer_report(env, trainer);
	return GAE_OK;
}

/*
 * Run the epochs.  With patience, the weights at the end are those of the best
 * epoch; without, those of the last.
 */
static GaeStatus
run_epochs(GaeEnv *env, GaeTrainer *trainer, GaeModel *model)
{
	const GaeConfig *config = trainer->plan->config;
	int64_t		parameters = trainer->plan->params.count;
	size_t		parameter_bytes = (size_t) parameters * sizeof(GaeReal);
	Best		best = {NULL, -INFINITY};

	GAE_ALLOC(env, model->history, config->epochs);
	if (config->patience > 0)
		GAE_ALLOC(env, best.parameter, parameters);

	for (int32_t epoch = 1; epoch <= config->epochs; epoch++)
	{
		double		score;

		GAE_TRY(train_epoch(env, trainer, epoch, &model->history[epoch - 1], &score));
		model->epochs_run = epoch;
		if (config->patience == 0)
			model->best_epoch = epoch;
		else if (model->best_epoch == 0 || score > best.score)
		{
			best.score = score;
			model->best_epoch = epoch;
			GAE_TRY(gae_copy(env, best.parameter, trainer->parameter, parameter_bytes));
		}
		else if (epoch - model->best_epoch >= config->patience)
			break;
	}
	if (best.parameter != NULL && model->best_epoch > 0)
		GAE_TRY(gae_copy(env, trainer->parameter, best.parameter, parameter_bytes));
	gae_free(env, best.parameter);
	return GAE_OK;
}

static void
copy_results(const GaeTrainer *trainer, const GaeHistoryRow *row, GaeModel *model)
{
	model->params = trainer->plan->params;
	model->parameter = trainer->parameter;
	model->loss = row->loss;
	model->reconstruction = row->reconstruction;
	model->kl = row->kl;
	model->validation_auc = row->validation_auc;
	model->validation_ap = row->validation_ap;
	model->validation_loss = row->validation_loss;
}

bool
gae_same_held_out(const GaeConfig *config, const GaeModel *former)
{
	const GaeConfig *then = &former->config;

	return former->format_version != 1 && former->held_out_unseen &&
		then->seed == config->seed && then->test_fraction == config->test_fraction &&
		then->validation_fraction == config->validation_fraction;
}

/* What is computed from infinite or absurd numbers is no model. */
static GaeStatus
require_finite_model(GaeEnv *env, const GaeModel *model)
{
	int64_t		values = (int64_t) model->nodes * model->config.latent_dim;

	GAE_TRY(require_finite(env, model->mu, values, model->best_epoch));
	if (model->log_std != NULL)
		GAE_TRY(require_finite(env, model->log_std, values, model->best_epoch));
	if (isinf(model->validation_loss) || isinf(model->test_loss))
		return diverged(env, model->best_epoch);
	return GAE_OK;
}

GaeStatus
gae_train(GaeEnv *env, const GaeConfig *config, const GaeTrainingInput *input, GaeModel *model)
{
	GaePlan		plan;
	GaeTrainer *trainer;
	GaeHistoryRow untrained = {NAN, NAN, NAN, NAN, NAN, NAN};
	const GaeHistoryRow *kept = &untrained;
	double		score;

	memset(model, 0, sizeof(*model));
	model->config = *config;
	model->nodes = input->nodes;
	model->scaler = input->scaler;
	model->test_auc = model->test_ap = model->test_loss = NAN;

	GAE_TRY(gae_plan(env, config, input, &plan));
	model->columns = plan.columns;
	model->features_used = plan.features.form != GAE_FEATURES_NONE;
	model->validation_items = plan.validation;
	model->test_items = plan.test;
	model->held_out_unseen = input->warm_start == NULL || gae_same_held_out(config, input->warm_start);
	GAE_TRY(gae_memory_check(env, &plan));
	if (plan.architecture->links != NULL)
		GAE_TRY(gae_train_graph_create(env, &plan, &trainer));
	else
		GAE_TRY(gae_train_rows_create(env, &plan, &trainer));

	GAE_TRY(run_epochs(env, trainer, model));
	if (model->best_epoch > 0)
		kept = &model->history[model->best_epoch - 1];
	else if (plan.validation > 0)
		GAE_TRY(trainer->kind->validate(env, trainer, &untrained, &score));
	copy_results(trainer, kept, model);
	GAE_TRY(trainer->kind->finish(env, trainer, model));
	GAE_TRY(require_finite_model(env, model));
	return gae_model_make_factors(env, model);
}
