/*
 * training_run.c
 *		A training, from its arguments to the bytes of a model.
 */
#include "postgres.h"

#include "utils/memutils.h"

#include "core/model/format.h"
#include "core/train/memory.h"
#include "pg/base/env_pg.h"
#include "pg/base/long_memory.h"
#include "pg/train/training_run.h"

void
vgae_training_begin(VgaeTraining *training)
{
	const GaeConfig *config = &training->arguments.config;
	GaeEnv	   *env;

	vgae_progress_begin(&training->progress, config->epochs);
	env = training->env = vgae_env_begin();
	(void) vgae_env_peak(env);
	vgae_check(env, gae_memory_check_arguments(env, config));
	vgae_training_read(env, &training->arguments, &training->input);
}

/* The model as a bytea in the given context. */
static bytea *
write_model(GaeEnv *env, const GaeModel *model, MemoryContext context)
{
	int64		bytes;
	bytea	   *result;

	vgae_check(env, gae_model_size(env, model, &bytes));
	result = MemoryContextAlloc(context, VARHDRSZ + bytes);
	vgae_want_huge_pages(result, VARHDRSZ + bytes);
	SET_VARSIZE(result, VARHDRSZ + bytes);
	vgae_check(env, gae_model_write(env, model, (uint8 *) VARDATA(result), bytes));
	return result;
}

static void
tell_of_unused_features(const GaeModel *model)
{
	if (model->columns.features > 0 && !model->features_used)
		ereport(NOTICE,
				(errmsg("features were not used"),
				 errdetail("They tell no more of the edges than the features of other nodes would."),
				 errhint("To use them nevertheless, give node_weights => true.")));
}

bytea *
vgae_training_run(VgaeTraining *training, MemoryContext result_context)
{
	GaeEnv	   *env = training->env;
	VgaeTrainingInput *input = &training->input;
	GaeModel   *model = palloc0(sizeof(GaeModel));
	bytea	   *result;

	vgae_env_report_progress(env, &training->progress);
	vgae_check(env, gae_train(env, &training->arguments.config, &input->core, model));

	tell_of_unused_features(model);
	vgae_progress_phase(&training->progress, GAE_PHASE_WRITING);
	strlcpy(model->library_version, VGAE_VERSION, sizeof(model->library_version));
	model->keys = (GaeBlob) {(const uint8 *) input->keys.data, input->keys.len};
	model->schema = (GaeBlob) {(const uint8 *) input->schema.data, input->schema.len};
	result = write_model(env, model, result_context);
	ereport(DEBUG1,
			(errmsg_internal("training held %lld bytes at most",
							 (long long) Max(vgae_env_peak(env),
											 env->held(env->context) + (int64) VARSIZE(result)))));
	return result;
}

void
vgae_training_end(VgaeTraining *training)
{
	vgae_progress_end(&training->progress);
}
