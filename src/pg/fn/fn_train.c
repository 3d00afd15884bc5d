/*
 * fn_train.c
 *		vgae_train: from edges, nodes and features to a model; and vgae_version.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "pg/fn/training_arguments.h"
#include "pg/train/training_run.h"

PG_FUNCTION_INFO_V1(vgae_train);
PG_FUNCTION_INFO_V1(vgae_version);

/* All that the call allocates lies in a context of its own, and is freed with it. */
Datum
vgae_train(PG_FUNCTION_ARGS)
{
	MemoryContext caller = CurrentMemoryContext;
	MemoryContext context;
	VgaeTraining training;
	bytea	   *result;

	context = AllocSetContextCreate(caller, "vgae training", ALLOCSET_DEFAULT_SIZES);
	MemoryContextSwitchTo(context);
	vgae_training_arguments(fcinfo, &training.arguments);
	vgae_training_begin(&training);
	result = vgae_training_run(&training, caller);
	vgae_training_end(&training);
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(context);
	PG_RETURN_BYTEA_P(result);
}

Datum
vgae_version(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(VGAE_VERSION));
}
