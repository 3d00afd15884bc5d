/*
 * fn_estimate.c
 *		vgae_estimate: what vgae_train would take for the same arguments.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/memutils.h"

#include "core/train/memory.h"
#include "pg/base/env_pg.h"
#include "pg/base/result.h"
#include "pg/fn/training_arguments.h"

PG_FUNCTION_INFO_V1(vgae_estimate);

Datum
vgae_estimate(PG_FUNCTION_ARGS)
{
	VgaeResult *result = vgae_result_begin(fcinfo);
	MemoryContext caller = CurrentMemoryContext;
	MemoryContext context;
	GaeEnv	   *env;
	VgaeTrainingArguments arguments;
	VgaeTrainingInput input;
	GaePlan    *plan = palloc(sizeof(GaePlan));
	GaeEstimate estimate;
	double		held;			/* when a training would begin */
	double		memory;
	Datum		values[5];
	bool		nulls[5] = {false};

	context = AllocSetContextCreate(caller, "vgae estimate", ALLOCSET_DEFAULT_SIZES);
	MemoryContextSwitchTo(context);
	vgae_training_arguments(fcinfo, &arguments);
	env = vgae_env_begin();
	(void) vgae_env_peak(env);
	vgae_training_read(env, &arguments, &input);
	held = (double) env->held(env->context);
	vgae_check(env, gae_plan(env, &arguments.config, &input.core, plan));
	vgae_check(env, gae_memory_estimate(env, plan, &estimate));
	memory = held + estimate.memory_bytes;

	values[0] = Int64GetDatum(input.core.nodes);
	nulls[1] = input.core.graph == NULL;
	values[1] = Int64GetDatum(nulls[1] ? 0 : input.graph.edges);
	values[2] = Int64GetDatum(input.read.schema.width);

	/* The peak may lie in the reading, which is over, or in the training. */
	values[3] = Int64GetDatum(Max((int64) memory, vgae_env_peak(env)));
	values[4] = Int64GetDatum(estimate.model_bytes);
	MemoryContextSwitchTo(caller);
	vgae_result_put(result, values, nulls);
	MemoryContextDelete(context);
	return (Datum) 0;
}
