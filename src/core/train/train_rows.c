/*
 * train_rows.c
 *		What training on rows is made of: steps on mini-batches, in random order.
 */
#include "core/train/trainer.h"

#include <math.h>
#include <string.h>

/*
 * Rows a step when the argument batch_size is NULL: large enough for matrix
 * products at full speed, small enough for some hundred steps an epoch.
 */
#define SMALLEST_BATCH 128
#define LARGEST_BATCH 1024
#define STEPS_AN_EPOCH 128

int64_t
gae_batch_rows(const GaeConfig *config, int64_t rows)
{
	int64_t		asked = config->batch_size;
	int64_t		size = asked > 0 ? asked : rows / STEPS_AN_EPOCH;

	if (asked == 0 && size < SMALLEST_BATCH)
		size = SMALLEST_BATCH;
	if (asked == 0 && size > LARGEST_BATCH)
		size = LARGEST_BATCH;
	return size < rows ? size : rows;
}

static GaeStatus
prepare(GaeEnv *env, GaeTrainer *trainer)
{
	const GaeConfig *config = trainer->config;
	int64_t		rows = trainer->input->nodes;
	int64_t		training = 0;
	int64_t		batch_size;

	GAE_TRY(gae_split(env, rows, config->validation_fraction, config->test_fraction,
					  config->seed, &trainer->part, &trainer->validation, &trainer->test));
	batch_size = gae_batch_rows(config, rows - trainer->validation - trainer->test);
	trainer->batch = (GaeFeatures) {
		.form = GAE_FEATURES_DENSE, .rows = batch_size, .columns = trainer->features.columns
	};
	GAE_ALLOC(env, trainer->batch.dense, batch_size * trainer->features.columns);
	GAE_ALLOC(env, trainer->batch_row, batch_size);
	GAE_ALLOC(env, trainer->training_rows, rows);
	for (int64_t i = 0; i < rows; i++)
	{
		if (i % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(env));
		if (trainer->part[i] == GAE_PART_TRAINING)
			trainer->training_rows[training++] = (int32_t) i;
	}
	GAE_TRY(gae_trainer_workspace(env, trainer, batch_size, NULL, &trainer->batch));
	GAE_TRY(gae_row_decoder_create(env, &trainer->params, config->reconstruction, batch_size,
								   &trainer->row_decoder));
	trainer->decoder = &trainer->row_decoder.base;
	return GAE_OK;
}

static GaeStatus
run_epoch(GaeEnv *env, GaeTrainer *trainer, uint32_t epoch, GaeHistoryRow *row)
{
	const GaeConfig *config = trainer->config;
	int64_t		training = trainer->input->nodes - trainer->validation - trainer->test;
	int32_t    *order;

	GAE_ALLOC(env, order, training);
	GAE_TRY(gae_random_order(env, gae_stream(config->seed, GAE_RANDOM_BATCH, epoch, 0),
							 training, order));
	*row = (GaeHistoryRow) {0, 0, 0, NAN, NAN, NAN};
	for (int64_t first = 0; first < training; first += trainer->step_rows)
	{
		int64_t		rows = training - first < trainer->step_rows ? training - first : trainer->step_rows;
		double		share = (double) rows / (double) training;
		GaeHistoryRow step;

		for (int64_t i = 0; i < rows; i++)
			trainer->batch_row[i] = trainer->training_rows[order[first + i]];
		trainer->batch.rows = rows;
		GAE_TRY(gae_features_gather(env, &trainer->features, trainer->batch_row, rows,
									trainer->batch.dense));
		GAE_TRY(gae_trainer_step(env, trainer, &trainer->batch, trainer->batch.dense, NULL,
								 1 / (double) rows, &step));
		row->loss += share * step.loss;
		row->reconstruction += share * step.reconstruction;
		row->kl += share * step.kl;
	}
	gae_free(env, order);
	return GAE_OK;
}

/*
 * Encode the rows of one part (or all: part < 0), batch by batch, by their means:
 * their mean loss, and their codes in mu and log_std (which may be NULL).
 */
static GaeStatus
encode_part(GaeEnv *env, GaeTrainer *trainer, int part, double *loss, GaeReal *mu, GaeReal *log_std)
{
	const GaeConfig *config = trainer->config;
	int64_t		d = config->latent_dim;
	int64_t		nodes = trainer->input->nodes;
	int64_t		seen = 0;
	int64_t		rows = 0;
	double		sum = 0;

	for (int64_t i = 0; i <= nodes; i++)
	{
		if (i < nodes && (part < 0 || trainer->part[i] == part))
			trainer->batch_row[rows++] = (int32_t) i;
		if (rows == 0 || (i < nodes && rows < trainer->step_rows))
			continue;
		trainer->batch.rows = rows;
		GAE_TRY(gae_features_gather(env, &trainer->features, trainer->batch_row, rows,
									trainer->batch.dense));
		GAE_TRY(gae_trainer_encode(env, trainer, &trainer->batch));
		GAE_TRY(gae_latent_split(env, trainer->latent, rows, d, trainer->e,
								 mu != NULL ? mu + seen * d : trainer->z,
								 log_std != NULL ? log_std + seen * d : NULL));
		if (loss != NULL)
		{
			double		of_batch;
			double		divergence;

			GAE_TRY(gae_row_loss(env, &trainer->row_decoder, trainer->parameter, rows,
								 trainer->z, trainer->batch.dense, &of_batch));
			GAE_TRY(trainer->latent->divergence(env, rows, d, trainer->e, &divergence));
			sum += of_batch * (double) rows + config->kl_weight * divergence;
		}
		seen += rows;
		rows = 0;
	}
	if (loss != NULL)
		*loss = sum / (double) seen;
	return GAE_OK;
}

static GaeStatus
validate(GaeEnv *env, GaeTrainer *trainer, GaeHistoryRow *row, double *score)
{
	GAE_TRY(encode_part(env, trainer, GAE_PART_VALIDATION, &row->validation_loss, NULL, NULL));
	*score = -row->validation_loss;
	return GAE_OK;
}

static GaeStatus
finish(GaeEnv *env, GaeTrainer *trainer, GaeModel *model)
{
	int64_t		values = (int64_t) trainer->input->nodes * trainer->config->latent_dim;

	gae_trainer_phase(env, trainer, GAE_PHASE_ENCODING);
	GAE_ALLOC(env, model->mu, values);
	if (trainer->latent->heads > 1)
		GAE_ALLOC(env, model->log_std, values);
	GAE_TRY(encode_part(env, trainer, -1, NULL, model->mu, model->log_std));
	model->test_auc = model->test_ap = model->test_loss = NAN;
	if (trainer->test > 0)
		GAE_TRY(encode_part(env, trainer, GAE_PART_TEST, &model->test_loss, NULL, NULL));
	model->negatives_used = NAN;
	model->calibration = (GaeCalibration) {NAN, NAN, GAE_FITTED_ON_NOTHING};
	return GAE_OK;
}

const GaeTrainerKind gae_train_rows = {prepare, run_epoch, validate, finish};
