/*
 * fn_train.c
 *		vgae_train: from edges, nodes and features to a model; and vgae_version.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "core/memory.h"
#include "env_pg.h"
#include "training.h"

PG_FUNCTION_INFO_V1(vgae_train);
PG_FUNCTION_INFO_V1(vgae_version);

/* The model as a bytea in the given context. */
static bytea *
write_model(GaeEnv *env, const GaeModel *model, MemoryContext context)
{
	int64		bytes;
	bytea	   *result;

	vgae_check(env, gae_model_size(env, model, &bytes));
	result = MemoryContextAlloc(context, VARHDRSZ + bytes);
	SET_VARSIZE(result, VARHDRSZ + bytes);
	vgae_check(env, gae_model_write(env, model, (uint8 *) VARDATA(result), bytes));
	return result;
}

static bytea *
train(VgaeTraining *training, MemoryContext result_context)
{
	GaeEnv	   *env = vgae_env_begin();
	GaeModel   *model = palloc0(sizeof(GaeModel));
	bytea	   *result;

	(void) vgae_env_peak(env);
	vgae_check(env, gae_memory_check_arguments(env, &training->config));
	vgae_training_read(env, training);
	vgae_env_report_progress(env);
	vgae_check(env, gae_train(env, &training->config, &training->core, model));

	strlcpy(model->library_version, VGAE_VERSION, sizeof(model->library_version));
	model->keys = (GaeBlob) {(const uint8 *) training->keys.data, training->keys.len};
	model->schema = (GaeBlob) {(const uint8 *) training->schema.data, training->schema.len};
	result = write_model(env, model, result_context);
	ereport(DEBUG1,
			(errmsg_internal("training held %lld bytes at most",
							 (long long) Max(vgae_env_peak(env),
											 env->held(env->context) + (int64) VARSIZE(result)))));
	return result;
}

/* What the call allocates goes when it ends, its threads with the memory. */
Datum
vgae_train(PG_FUNCTION_ARGS)
{
	MemoryContext caller = CurrentMemoryContext;
	MemoryContext context;
	VgaeTraining training;
	bytea	   *result;

	context = AllocSetContextCreate(caller, "vgae training", ALLOCSET_DEFAULT_SIZES);
	MemoryContextSwitchTo(context);
	vgae_training_arguments(fcinfo, &training);
	result = train(&training, caller);
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(context);
	PG_RETURN_BYTEA_P(result);
}

Datum
vgae_version(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(VGAE_VERSION));
}
