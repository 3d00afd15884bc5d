/*
 * fn_estimate.c
 *		vgae_estimate: what vgae_train would take for the same arguments.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/memutils.h"
#include "utils/uuid.h"

#include "core/memory.h"
#include "env_pg.h"
#include "result.h"
#include "training.h"

PG_FUNCTION_INFO_V1(vgae_estimate);

/* What the keys of the nodes take while the core trains: sorted, and as a blob. */
static int64
keys_bytes(const VgaeTraining *training)
{
	const VgaeKeys *keys = &training->input.keys;
	int64		bytes = training->keys.len + keys->count * (int64) sizeof(int32);

	switch (keys->type)
	{
		case VGAE_KEY_INTEGER:
			bytes += keys->count * (int64) sizeof(int64);
			break;
		case VGAE_KEY_UUID:
			bytes += keys->count * (int64) UUID_LEN;
			break;
		case VGAE_KEY_TEXT:
			bytes += keys->count * (int64) sizeof(uint64) + (int64) keys->offset[keys->count];
			break;
	}
	return bytes;
}

Datum
vgae_estimate(PG_FUNCTION_ARGS)
{
	VgaeResult *result = vgae_result_begin(fcinfo);
	MemoryContext caller = CurrentMemoryContext;
	MemoryContext context;
	GaeEnv	   *env;
	VgaeTraining training;
	GaeEstimate estimate;
	Datum		values[5];
	bool		nulls[5] = {false};

	context = AllocSetContextCreate(caller, "vgae estimate", ALLOCSET_DEFAULT_SIZES);
	MemoryContextSwitchTo(context);
	vgae_training_arguments(fcinfo, &training);
	env = vgae_env_begin();
	vgae_training_read(env, &training);
	vgae_check(env, gae_memory_estimate(env, &training.config, &training.core, &estimate));

	values[0] = Int64GetDatum(training.core.nodes);
	nulls[1] = training.core.graph == NULL;
	values[1] = Int64GetDatum(nulls[1] ? 0 : training.graph.edges);
	values[2] = Int64GetDatum(training.input.schema.width);

	/* The model is formed while all else is still there. */
	values[3] = Int64GetDatum((int64) estimate.memory_bytes + keys_bytes(&training) +
							  estimate.model_bytes);
	values[4] = Int64GetDatum(estimate.model_bytes);
	MemoryContextSwitchTo(caller);
	vgae_result_put(result, values, nulls);
	MemoryContextDelete(context);
	return (Datum) 0;
}
