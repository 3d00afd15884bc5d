/*
 * train_rows.h
 *		Training on rows: steps on mini-batches, in random order.
 */
#ifndef GAE_TRAIN_ROWS_H
#define GAE_TRAIN_ROWS_H

#include "core/nn/decoder_rows.h"
#include "core/train/trainer.h"

typedef struct GaeRowsTrainer
{
	GaeTrainer	base;
	GaeRowDecoder decoder;
	int32_t    *training_rows;

	/* The rows of a step. */
	int32_t    *batch_row;
	GaeFeatures batch;
	GaeReal    *target;			/* its features, without indicators */
} GaeRowsTrainer;

/* Hold out rows; make the encoder, the decoder and their workspace. */
extern GaeStatus gae_train_rows_create(GaeEnv *env, const GaePlan *plan, GaeTrainer **trainer);

/*
 * Bytes that the whole training takes at most, with writing the model, beside what is held when
 * it begins: the features and the keys.
 */
extern double gae_train_rows_bytes(const GaePlan *plan, double model_bytes);

#endif							/* GAE_TRAIN_ROWS_H */
