/*
 * row_codec.c
 *		Single rows through a model of rows (ae, vae).
 */
#include "postgres.h"

#include "row_codec.h"

#include <math.h>

#include "utils/float.h"

#include "core/infer.h"
#include "env_pg.h"

/* Cross-entropy takes values for probabilities: trained on such, it wants no others. */
static void
require_domain(const VgaeModel *model, const GaeReal *row)
{
	if (model->core.config.reconstruction != GAE_RECONSTRUCTION_BCE)
		return;
	for (int64 j = 0; j < model->core.features; j++)
		if (row[j] < 0 || row[j] > 1)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("feature values must lie between 0 and 1 for reconstruction \"bce\""),
					 errdetail("Feature %lld is %g.", (long long) j + 1, row[j]),
					 errhint("Scale the features as for the training.")));
}

/* As in PostgreSQL's own arithmetic, an overflow is not passed on as infinity. */
static void
require_finite(const GaeReal *values, int64 count)
{
	for (int64 i = 0; i < count; i++)
		if (!isfinite(values[i]))
			float_overflow_error();
}

void
vgae_row_encode(const VgaeModel *model, const GaeReal *row, GaeReal *code)
{
	const GaeModel *core = &model->core;
	GaeFeatures features = {.form = GAE_FEATURES_DENSE, .rows = 1, .columns = core->features};
	GaeEnv	   *env;

	require_domain(model, row);
	env = vgae_env_begin();
	features.dense = palloc(core->features * sizeof(GaeReal));
	gae_scaler_apply(&core->scaler, row, features.dense);
	vgae_check(env, gae_encode(env, core, NULL, &features, code, NULL));
	pfree(features.dense);
	vgae_env_end(env);
	require_finite(code, core->config.latent_dim);
}

void
vgae_rows_decode(const VgaeModel *model, int64 count, const GaeReal *latents, GaeReal *rows)
{
	GaeEnv	   *env = vgae_env_begin();

	vgae_check(env, gae_decode(env, &model->core, count, latents, rows));
	vgae_env_end(env);
	require_finite(rows, count * model->core.features);
}
