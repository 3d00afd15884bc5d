/*
 * training_arguments.h
 *		The arguments of a training, as vgae_train and the functions that take the same
 *		have them.
 */
#ifndef VGAE_TRAINING_ARGUMENTS_H
#define VGAE_TRAINING_ARGUMENTS_H

#include "fmgr.h"

#include "pg/train/training_input.h"

/* The arguments of the call, each checked by itself. */
extern void vgae_training_arguments(FunctionCallInfo fcinfo, VgaeTrainingArguments *training);

/* Go on from the bytes of a model, or from none if it is NULL. */
extern void vgae_training_start_from(VgaeTrainingArguments *training, struct varlena *model);

#endif							/* VGAE_TRAINING_ARGUMENTS_H */
