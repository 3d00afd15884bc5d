/*
 * training_run.h
 *		A training, from its arguments to the bytes of a model.
 */
#ifndef VGAE_TRAINING_RUN_H
#define VGAE_TRAINING_RUN_H

#include "pg/base/progress.h"
#include "pg/train/training_input.h"

typedef struct VgaeTraining
{
	VgaeTrainingArguments arguments;	/* set by the caller */

	/* By vgae_training_begin */
	VgaeTrainingInput input;
	VgaeProgress progress;
	GaeEnv	   *env;
} VgaeTraining;

/*
 * The three steps of a training, all of which other sessions see in vgae_progress: read
 * the inputs; train, to a model in the given context; end.  Each may run in another
 * transaction than the one before, if the current memory context outlives it.
 */
extern void vgae_training_begin(VgaeTraining *training);
extern bytea *vgae_training_run(VgaeTraining *training, MemoryContext result_context);
extern void vgae_training_end(VgaeTraining *training);

#endif							/* VGAE_TRAINING_RUN_H */
