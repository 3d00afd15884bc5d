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
		if (row[j] < 0 || row[j] > 1)	/* not so of a missing value */
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

/* How many of the features are missing? */
static int64
count_missing(const GaeReal *row, int64 count)
{
	int64		missing = 0;

	for (int64 j = 0; j < count; j++)
		missing += isnan(row[j]);
	return missing;
}

/*
 * Set the indicators that a row of X ends with, and what goes with that of the sparse
 * features: these are unknown, as are those of a node without any row in "features", where
 * all of them are missing; then X has zeros.
 */
static void
set_indicators(const VgaeSchema *schema, const GaeReal *row, GaeReal *x)
{
	GaeReal    *indicator = x + schema->width;
	int64		first = 0;
	bool		unknown;

	for (int c = 0; c < schema->columns; c++)
	{
		const VgaeSchemaColumn *column = &schema->column[c];

		if (column->indicator)
			*indicator++ = count_missing(row + first, column->width) > 0;
		first += column->width;
	}
	unknown = schema->has_features &&
		count_missing(row + first, schema->features.count) == schema->features.count;
	if (unknown)
		memset(x + first, 0, schema->features.count * sizeof(GaeReal));
	if (schema->features_indicator)
		*indicator = unknown;
}

void
vgae_row_encode(const VgaeModel *model, const GaeReal *row, GaeReal *code)
{
	const GaeModel *core = &model->core;
	GaeReal    *x;
	GaeReal    *work;

	require_domain(model, row);
	x = palloc((core->columns.features + core->columns.indicators) * sizeof(GaeReal));
	work = palloc(gae_row_work(core) * sizeof(GaeReal));
	gae_scaler_apply(&core->scaler, row, x);
	set_indicators(&model->schema, row, x);
	gae_encode_row(core, x, work, code);
	pfree(work);
	pfree(x);
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
