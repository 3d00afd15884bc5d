/*
 * train_rows.c
 *		Training on rows: steps on mini-batches, in random order.
 */
#include "core/train/train_rows.h"

#include <math.h>

#include "core/base/range.h"

/* The batch's features, of the first "rows" rows of batch_row, and what is to be rebuilt of them. */
static GaeStatus
gather_batch(GaeEnv *env, GaeRowsTrainer *trainer, int64_t rows)
{
	GaeFeatures *batch = &trainer->batch;
	int64_t		features = trainer->base.plan->columns.features;

	batch->rows = rows;
	GAE_TRY(gae_features_gather(env, &trainer->base.features, trainer->batch_row, rows, batch->dense));
	if (trainer->target == batch->dense)
		return GAE_OK;
	for (int64_t i = 0; i < rows; i++)
		GAE_TRY(gae_copy(env, trainer->target + i * features, batch->dense + i * batch->columns,
						 (size_t) features * sizeof(GaeReal)));
	return GAE_OK;
}

static GaeStatus
run_epoch(GaeEnv *env, GaeTrainer *base, uint32_t epoch, GaeHistoryRow *row)
{
	GaeRowsTrainer *trainer = (GaeRowsTrainer *) base;
	int64_t		training = base->plan->training;
	GaeEncoderInput input = {.x = &trainer->batch};
	int32_t    *order;

	GAE_ALLOC(env, order, training);
	GAE_TRY(gae_random_order(env, gae_stream(base->plan->config->seed, GAE_RANDOM_BATCH, epoch, 0),
							 training, order));
	row->loss = row->reconstruction = row->kl = 0;
	for (int64_t first = 0; first < training; first += base->step_rows)
	{
		int64_t		rows = gae_min(training - first, base->step_rows);
		double		share = (double) rows / (double) training;
		GaeHistoryRow step;

		for (int64_t i = 0; i < rows; i++)
			trainer->batch_row[i] = trainer->training_rows[order[first + i]];
		GAE_TRY(gather_batch(env, trainer, rows));
		GAE_TRY(gae_trainer_step(env, base, &input, trainer->target, NULL, 1 / (double) rows,
								 &step));
		row->loss += share * step.loss;
		row->reconstruction += share * step.reconstruction;
		row->kl += share * step.kl;
	}
	gae_free(env, order);
	return GAE_OK;
}

/* The loss of the batch's rows, summed, by the codes of their means in base->z. */
static GaeStatus
add_batch_loss(GaeEnv *env, GaeRowsTrainer *trainer, double *sum)
{
	GaeTrainer *base = &trainer->base;
	int64_t		rows = trainer->batch.rows;
	double		of_batch;
	double		divergence = 0;

	GAE_TRY(gae_row_loss(env, &trainer->decoder, base->parameter, rows, base->z,
						 trainer->target, &of_batch));
	if (base->latent->divergence != NULL)
		GAE_TRY(base->latent->divergence(env, rows, base->plan->config->latent_dim, base->e,
										 &divergence));
	*sum += of_batch * (double) rows + base->plan->config->kl_weight * divergence;
	return GAE_OK;
}

/*
 * Encode the rows of one part (or all: part < 0), batch by batch, by their means:
 * their mean loss or, if loss is NULL, their codes in mu and log_std (which may be NULL).
 */
static GaeStatus
encode_part(GaeEnv *env, GaeRowsTrainer *trainer, int part, double *loss, GaeReal *mu, GaeReal *log_std)
{
	GaeTrainer *base = &trainer->base;
	int64_t		d = base->plan->config->latent_dim;
	int64_t		nodes = base->plan->input->nodes;
	GaeEncoderInput input = {.x = &trainer->batch};
	int64_t		seen = 0;
	int64_t		rows = 0;
	double		sum = 0;

	for (int64_t i = 0; i <= nodes; i++)
	{
		if (i < nodes && (part < 0 || base->plan->part[i] == part))
			trainer->batch_row[rows++] = (int32_t) i;
		if (rows == 0 || (i < nodes && rows < base->step_rows))
			continue;
		GAE_TRY(gather_batch(env, trainer, rows));
		GAE_TRY(gae_trainer_encode(env, base, base->parameter, &input));
		GAE_TRY(base->latent->store(env, rows, d, base->e, mu != NULL ? mu + seen * d : base->z,
									log_std != NULL ? log_std + seen * d : NULL));
		if (loss != NULL)
			GAE_TRY(add_batch_loss(env, trainer, &sum));
		seen += rows;
		rows = 0;
	}
	if (loss != NULL)
		*loss = sum / (double) seen;
	return GAE_OK;
}

static GaeStatus
validate(GaeEnv *env, GaeTrainer *base, GaeHistoryRow *row, double *score)
{
	GAE_TRY(encode_part(env, (GaeRowsTrainer *) base, GAE_PART_VALIDATION, &row->validation_loss, NULL,
						NULL));
	*score = -row->validation_loss;
	return GAE_OK;
}

static GaeStatus
finish(GaeEnv *env, GaeTrainer *base, GaeModel *model)
{
	GaeRowsTrainer *trainer = (GaeRowsTrainer *) base;

	gae_trainer_phase(env, base, GAE_PHASE_ENCODING);
	GAE_TRY(gae_trainer_allocate_codes(env, base, model));
	GAE_TRY(encode_part(env, trainer, -1, NULL, model->mu, model->log_std));
	if (base->plan->test > 0)
		GAE_TRY(encode_part(env, trainer, GAE_PART_TEST, &model->test_loss, NULL, NULL));
	model->negatives_used = NAN;
	model->calibration = (GaeCalibration) {NAN, NAN, GAE_FITTED_ON_NOTHING};
	return GAE_OK;
}

/* List the rows to train on. */
static GaeStatus
list_training_rows(GaeEnv *env, GaeRowsTrainer *trainer)
{
	GaeTrainer *base = &trainer->base;
	int64_t		rows = base->plan->input->nodes;
	int64_t		training = 0;

	GAE_ALLOC(env, trainer->training_rows, base->plan->training);
	for (int64_t i = 0; i < rows; i++)
	{
		if (i % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(env));
		if (base->plan->part[i] == GAE_PART_TRAINING)
			trainer->training_rows[training++] = (int32_t) i;
	}
	return GAE_OK;
}

GaeStatus
gae_train_rows_create(GaeEnv *env, const GaePlan *plan, GaeTrainer **created)
{
	static const GaeTrainerKind kind = {run_epoch, validate, finish};
	int64_t		rows = plan->batch_rows;
	GaeRowsTrainer *trainer;
	GaeTrainer *base;

	GAE_ALLOC_ZERO(env, trainer, 1);
	base = &trainer->base;
	GAE_TRY(gae_trainer_begin(env, plan, &kind, base));
	GAE_TRY(list_training_rows(env, trainer));
	trainer->batch = (GaeFeatures) {
		.form = GAE_FEATURES_DENSE, .rows = rows, .columns = base->features.columns
	};
	GAE_ALLOC(env, trainer->batch.dense, rows * base->features.columns);
	GAE_ALLOC(env, trainer->batch_row, rows);
	trainer->target = trainer->batch.dense;
	if (plan->columns.indicators > 0)
		GAE_ALLOC(env, trainer->target, rows * plan->columns.features);
	GAE_TRY(gae_trainer_workspace(env, base, rows, &trainer->batch));
	GAE_TRY(gae_row_decoder_create(env, &plan->params, plan->config->reconstruction, rows,
								   &trainer->decoder));
	base->decoder = &trainer->decoder.base;
	*created = base;
	return GAE_OK;
}

double
gae_train_rows_bytes(const GaePlan *plan, double model_bytes)
{
	const GaeParams *params = &plan->params;
	double		index = sizeof(int32_t);
	double		rows = (double) plan->batch_rows;
	double		held = sizeof(GaeRowsTrainer) + gae_trainer_weights_bytes(plan->config, params) +
		gae_split_bytes(plan->input->nodes) + (double) plan->training * index;
	double		batch = rows * sizeof(GaeReal) * (double) plan->features.columns;
	double		target = plan->columns.indicators == 0 ? 0
		: rows * sizeof(GaeReal) * (double) plan->columns.features;

	/* The batch, dropped out perhaps */
	held += rows * index + batch * (plan->config->dropout > 0 ? 2 : 1) + target +
		gae_trainer_workspace_bytes(plan, rows) + gae_row_decoder_bytes(params, rows);
	return fmax(held + index * (double) plan->training,
				held + gae_trainer_codes_bytes(plan) + model_bytes -
				(plan->config->patience > 0 ? sizeof(GaeReal) * (double) params->count : 0));
}
