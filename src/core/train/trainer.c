/*
 * trainer.c
 *		Parameters and workspace of a training, and one step.
 */
#include "core/train/trainer.h"

#include <math.h>

#include "core/linalg/openblas.h"

double
gae_trainer_weights_bytes(const GaeConfig *config, const GaeParams *params)
{
	/* Weights and their gradient; the best weights, with patience; the history. */
	return (double) sizeof(GaeReal) * (double) params->count * (config->patience > 0 ? 3 : 2) +
		gae_adam_bytes(params->count) + config->epochs * (double) sizeof(GaeHistoryRow);
}

double
gae_trainer_workspace_bytes(const GaePlan *plan, double rows)
{
	const GaeConfig *config = plan->config;
	const GaeEncoderKind *encoder = plan->architecture->encoder;
	double		d = config->latent_dim;

	/* e, z, and their gradients */
	return rows * sizeof(GaeReal) * 2 * (plan->architecture->latent->heads * d + d) +
		encoder->bytes(encoder, config, &plan->params, rows);
}

static GaeStatus
make_parameters(GaeEnv *env, GaeTrainer *trainer)
{
	const GaePlan *plan = trainer->plan;
	const GaeTrainingInput *input = plan->input;
	const GaeParams *params = &plan->params;
	int32_t    *column_map;

	GAE_ALLOC(env, trainer->parameter, params->count);
	GAE_ALLOC_ZERO(env, trainer->gradient, params->count);
	GAE_TRY(gae_adam_create(env, plan->config->learning_rate, plan->config->weight_decay,
							params->count, &trainer->adam));
	GAE_TRY(gae_params_init(env, params, plan->config->seed, trainer->parameter));
	if (input->warm_start == NULL)
		return GAE_OK;
	GAE_TRY(gae_model_column_map(env, input->warm_start, plan->columns, input->column_map,
								 input->node_map, &column_map));
	GAE_TRY(gae_params_adopt(env, params, trainer->parameter, &input->warm_start->params,
							 input->warm_start->parameter, column_map));
	gae_free(env, column_map);
	return GAE_OK;
}

GaeStatus
gae_trainer_begin(GaeEnv *env, const GaePlan *plan, const GaeTrainerKind *kind, GaeTrainer *trainer)
{
	trainer->kind = kind;
	trainer->plan = plan;
	trainer->latent = plan->architecture->latent;
	trainer->features = plan->features;
	trainer->progress = (GaeProgress) {
		.epochs = plan->config->epochs, .loss = NAN, .validation_score = NAN
	};
	gae_trainer_phase(env, trainer, GAE_PHASE_TRAINING);
	GAE_TRY(gae_openblas_load(env));
	return make_parameters(env, trainer);
}

GaeStatus
gae_trainer_workspace(GaeEnv *env, GaeTrainer *trainer, int64_t rows, const GaeFeatures *encoded)
{
	const GaePlan *plan = trainer->plan;
	const GaeEncoderKind *encoder = plan->architecture->encoder;
	int64_t		d = plan->config->latent_dim;
	int64_t		width = trainer->latent->heads * d;

	trainer->step_rows = rows;
	GAE_ALLOC(env, trainer->e, rows * width);
	GAE_ALLOC(env, trainer->z, rows * d);
	GAE_ALLOC(env, trainer->d_e, rows * width);
	GAE_ALLOC(env, trainer->d_z, rows * d);
	return encoder->create(env, encoder, plan->config, &plan->params, rows,
						   encoded, plan->drop_rates, &trainer->encoder);
}

void
gae_trainer_report(GaeEnv *env, const GaeTrainer *trainer)
{
	if (env->progress != NULL)
		env->progress(env->context, &trainer->progress);
}

void
gae_trainer_phase(GaeEnv *env, GaeTrainer *trainer, GaePhase phase)
{
	trainer->progress.phase = phase;
	gae_trainer_report(env, trainer);
}

/* The loss of a step and its gradient by e, from trainer->e: through latent and decoder. */
static GaeStatus
loss_and_gradient(GaeEnv *env, GaeTrainer *trainer, const GaeDecoderStep *step, double kl_scale,
				  GaeHistoryRow *row)
{
	const GaeConfig *config = trainer->plan->config;
	const GaeLatent *latent = trainer->latent;
	int64_t		rows = step->rows;
	int64_t		d = config->latent_dim;
	double		divergence = 0;

	GAE_TRY(latent->forward(env, rows, d, trainer->e, config->seed, trainer->step, trainer->z));
	GAE_TRY(trainer->decoder->loss(env, trainer->decoder, step, trainer->z, trainer->d_z,
								   &row->reconstruction));
	if (latent->divergence != NULL)
		GAE_TRY(latent->divergence(env, rows, d, trainer->e, &divergence));
	row->loss = row->reconstruction + config->kl_weight * (kl_scale * divergence);
	row->kl = latent->divergence != NULL ? kl_scale * divergence : NAN;
	return latent->backward(env, rows, d, trainer->e, trainer->z, trainer->d_z,
							config->kl_weight * kl_scale, trainer->d_e);
}

GaeStatus
gae_trainer_step(GaeEnv *env, GaeTrainer *trainer, const GaeEncoderInput *input,
				 const GaeReal *target, const bool *masked, double kl_scale, GaeHistoryRow *row)
{
	const GaeConfig *config = trainer->plan->config;
	const GaeEncoderKind *encoder = trainer->encoder->kind;
	GaeDropRates rates = trainer->plan->drop_rates;
	GaeDropout	dropout = {rates.x, rates.identity, config->seed, trainer->step};
	GaeDecoderStep step = {
		.step = trainer->step, .rows = input->x->rows, .target = target, .masked = masked,
		.parameter = trainer->parameter, .gradient = trainer->gradient
	};

	/* Validation may have encoded this input by these very weights. */
	if (!trainer->encoded || rates.x > 0 || rates.identity > 0)
		GAE_TRY(encoder->forward(env, trainer->encoder, trainer->parameter, input, &dropout,
								 trainer->e));
	trainer->encoded = false;
	GAE_TRY(loss_and_gradient(env, trainer, &step, kl_scale, row));
	GAE_TRY(encoder->backward(env, trainer->encoder, trainer->parameter, input, &dropout,
							  trainer->d_e, trainer->gradient));
	GAE_TRY(gae_adam_step(env, &trainer->adam, trainer->gradient, trainer->parameter));
	trainer->step++;
	return GAE_OK;
}

GaeStatus
gae_trainer_encode(GaeEnv *env, GaeTrainer *trainer, const GaeReal *parameter,
				   const GaeEncoderInput *input)
{
	return trainer->encoder->kind->forward(env, trainer->encoder, parameter, input, &gae_no_dropout,
										   trainer->e);
}

GaeStatus
gae_trainer_allocate_codes(GaeEnv *env, const GaeTrainer *trainer, GaeModel *model)
{
	int64_t		values = (int64_t) trainer->plan->input->nodes * trainer->plan->config->latent_dim;

	GAE_ALLOC(env, model->mu, values);
	if (gae_has_log_std(trainer->plan->config->kind))
		GAE_ALLOC(env, model->log_std, values);
	return GAE_OK;
}

double
gae_trainer_codes_bytes(const GaePlan *plan)
{
	return (double) plan->input->nodes * plan->config->latent_dim *
		plan->architecture->latent->heads * sizeof(GaeReal);
}
