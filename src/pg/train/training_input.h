/*
 * training_input.h
 *		What a training is asked to do, and on what: from the arguments to what the
 *		core trains on.
 */
#ifndef VGAE_TRAINING_INPUT_H
#define VGAE_TRAINING_INPUT_H

#include "lib/stringinfo.h"

#include "core/train/train.h"
#include "pg/input/input_read.h"

/* The arguments of vgae_train, which vgae_estimate and vgae_train_into take as well. */
typedef struct VgaeTrainingArguments
{
	GaeConfig	config;
	VgaeInputQuery query;
	struct varlena *warm_start; /* the bytes of a model; NULL: none */
} VgaeTrainingArguments;

typedef struct VgaeTrainingInput
{
	VgaeInput	read;
	GaeGraph	graph;			/* gae, vgae */
	GaeTrainingInput core;		/* refers to the two above */
	StringInfoData keys;		/* as the model will store them */
	StringInfoData schema;
} VgaeTrainingInput;

/*
 * Check that the arguments fit each other, read the inputs and build the graph.  Both
 * structures must stay where they are until the training ends.
 */
extern void vgae_training_read(GaeEnv *env, VgaeTrainingArguments *arguments,
							   VgaeTrainingInput *input);

#endif							/* VGAE_TRAINING_INPUT_H */
