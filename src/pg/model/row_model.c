/*
 * row_model.c
 *		Single rows through a model of rows (ae, vae).
 */
#include "postgres.h"

#include "pg/model/row_model.h"

#include <math.h>

#include "utils/float.h"

#include "core/infer/encode.h"
#include "pg/base/env_pg.h"

/* A model trained with cross-entropy takes values for probabilities. */
static void
require_domain(const VgaeModel *model, const GaeReal *row)
{
	if (model->core.config.reconstruction != GAE_RECONSTRUCTION_BCE)
		return;
	for (int64 j = 0; j < model->core.columns.features; j++)
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
	GaeReal    *scaled;
	GaeReal    *work;

	require_domain(model, row);
	scaled = palloc(core->columns.features * sizeof(GaeReal));
	work = palloc(gae_row_work(core) * sizeof(GaeReal));
	gae_scaler_apply(&core->scaler, row, scaled);
	gae_encode_row(core, scaled, work, code);
	pfree(work);
	pfree(scaled);
	require_finite(code, core->config.latent_dim);
}

void
vgae_rows_decode(const VgaeModel *model, int64 count, const GaeReal *latents, GaeReal *rows)
{
	if (count == 1)
	{
		GaeReal    *work = palloc(gae_row_work(&model->core) * sizeof(GaeReal));

		gae_decode_row(&model->core, latents, work, rows);
		pfree(work);
	}
	else
	{
		GaeEnv	   *env = vgae_env_begin();

		vgae_check(env, gae_decode(env, &model->core, count, latents, rows));
		vgae_env_end(env);
	}
	require_finite(rows, count * model->core.columns.features);
}
