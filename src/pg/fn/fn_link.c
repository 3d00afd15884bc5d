/*
 * fn_link.c
 *		vgae_link_score, vgae_link_probability: how likely a given link is.
 */
#include "postgres.h"

#include "fmgr.h"

#include "pg/fn/arguments.h"
#include "pg/fn/node_keys.h"
#include "core/infer/score.h"
#include "pg/base/env_pg.h"
#include "pg/model/model_cache.h"

PG_FUNCTION_INFO_V1(vgae_link_score);
PG_FUNCTION_INFO_V1(vgae_link_probability);

/*
 * The nodes given by arguments 1 and 2; false if the model does not know one of them.
 * The embedding of src is prefetched, so that it is in the cache when dst has been found.
 */
static bool
get_pair(FunctionCallInfo fcinfo, const VgaeModel *model, int32 *src, int32 *dst)
{
	*src = vgae_argument_node(fcinfo, 1, "src", model);
	if (*src >= 0)
		gae_link_prefetch(&model->core, *src);
	*dst = vgae_argument_node(fcinfo, 2, "dst", model);
	return *src >= 0 && *dst >= 0;
}

/* vgae_link_score(model, src, dst) */
Datum
vgae_link_score(PG_FUNCTION_ARGS)
{
	const VgaeModel *model = vgae_model_of_call(fcinfo, 0);
	int32		src;
	int32		dst;

	vgae_require_links(model);
	if (!get_pair(fcinfo, model, &src, &dst))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(gae_link_score(&model->core, src, dst));
}

/*
 * The probability averaged over samples of the posteriors.  It may take long, so it gets
 * an environment, which can be interrupted.
 */
static double
sampled_probability(const VgaeModel *model, int32 src, int32 dst, int32 samples, int64 seed)
{
	GaeEnv	   *env = vgae_env_begin();
	double		probability;

	vgae_check(env, gae_link_probability(env, &model->core, src, dst, samples, seed, &probability));
	vgae_env_end(env);
	return probability;
}

/* vgae_link_probability(model, src, dst, samples, seed) */
Datum
vgae_link_probability(PG_FUNCTION_ARGS)
{
	const VgaeModel *model;
	int32		src;
	int32		dst;
	int32		samples;
	int64		seed;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(2))
		PG_RETURN_NULL();
	samples = vgae_argument_int32(fcinfo, 3, "samples", 0);
	seed = vgae_argument_int64(fcinfo, 4, "seed");
	model = vgae_model_of_call(fcinfo, 0);
	vgae_require_links(model);
	if (samples > 0)
		vgae_require_gaussian(model, "posterior");
	if (!get_pair(fcinfo, model, &src, &dst))
		PG_RETURN_NULL();

	if (samples == 0)
		PG_RETURN_FLOAT8(gae_calibrated(&model->core.calibration,
										gae_link_score(&model->core, src, dst)));
	PG_RETURN_FLOAT8(sampled_probability(model, src, dst, samples, seed));
}
