/*
 * train_rows.h
 *		Training on rows: steps on mini-batches, in random order.
 */
#ifndef GAE_TRAIN_ROWS_H
#define GAE_TRAIN_ROWS_H

#include "core/train/trainer.h"

/* Hold out rows; make the encoder, the decoder and their workspace. */
extern GaeStatus gae_train_rows_create(GaeEnv *env, const GaePlan *plan, GaeTrainer **trainer);

#endif							/* GAE_TRAIN_ROWS_H */
