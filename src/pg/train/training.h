/*
 * training.h
 *		What a training is asked to do, and on what: shared by the functions that
 *		take the arguments of vgae_train.
 */
#ifndef VGAE_TRAINING_H
#define VGAE_TRAINING_H

#include "fmgr.h"

#include "core/train/train.h"
#include "pg/base/progress.h"
#include "pg/input/input_read.h"

typedef struct VgaeTraining
{
	/* By vgae_training_arguments */
	GaeConfig	config;
	VgaeInputQuery query;
	struct varlena *warm_start; /* NULL: none */

	/* By vgae_training_read */
	VgaeInput	input;
	GaeGraph	graph;			/* gae, vgae */
	GaeTrainingInput core;
	StringInfoData keys;		/* as the model will hold them */
	StringInfoData schema;

	/* By vgae_training_begin */
	VgaeProgress progress;
	GaeEnv	   *env;
} VgaeTraining;

/* The arguments of the call, each checked by itself. */
extern void vgae_training_arguments(FunctionCallInfo fcinfo, VgaeTraining *training);

/*
 * Check that the arguments fit each other, read the inputs and build the graph.
 * The core may refer to *training until the training ends.
 */
extern void vgae_training_read(GaeEnv *env, VgaeTraining *training);

/*
 * A training, step by step: read, in sight of other sessions; train, to a model in
 * the given context; end.  Between them the transaction may be another one, if
 * the current memory context outlives it.
 */
extern void vgae_training_begin(VgaeTraining *training);
extern bytea *vgae_training_run(VgaeTraining *training, MemoryContext result_context);
extern void vgae_training_end(VgaeTraining *training);

#endif							/* VGAE_TRAINING_H */
