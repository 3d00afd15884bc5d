/*
 * fn_topk.c
 *		vgae_predict_links, vgae_recommend, vgae_recommend_all, vgae_anomalies:
 *		the best links, and the worst.
 */
#include "postgres.h"

#include "fmgr.h"

#include "pg/fn/arguments.h"
#include "pg/fn/node_keys.h"
#include "core/infer/score.h"
#include "core/search/anomalies.h"
#include "core/search/topk.h"
#include "pg/base/env_pg.h"
#include "pg/model/model_cache.h"
#include "pg/base/result.h"

/*
 * vgae_recommend_all goes through the nodes in ranges.  A range has enough nodes for many
 * threads, and few enough that its links (16 bytes each) fit into memory.
 */
#define RANGE_MAX_NODES 16384
#define RANGE_MAX_LINKS (1024 * 1024)

PG_FUNCTION_INFO_V1(vgae_predict_links);
PG_FUNCTION_INFO_V1(vgae_recommend);
PG_FUNCTION_INFO_V1(vgae_recommend_all);
PG_FUNCTION_INFO_V1(vgae_anomalies);

/* The last three arguments of a call: k, min_probability, include_known. */
static GaeTopkOptions
topk_options(FunctionCallInfo fcinfo)
{
	int			argno = PG_NARGS() - 3;
	GaeTopkOptions options;

	options.k = vgae_argument_count(fcinfo, argno, "k", 1, PG_INT64_MAX);
	options.min_probability = vgae_argument_unit_interval(fcinfo, argno + 1, "min_probability");
	options.include_known = vgae_argument_bool(fcinfo, argno + 2, "include_known");
	return options;
}

/* Return rows (src, dst, score, probability), or without src. */
static void
put_links(FunctionCallInfo fcinfo, VgaeResult *result, const VgaeModel *model, bool with_src,
		  const GaeLink *links, int64 count)
{
	VgaeKeyColumn keys;
	static const bool nulls[4] = {false};
	MemoryContext caller;

	vgae_key_column(fcinfo, &model->keys, &keys);
	caller = MemoryContextSwitchTo(vgae_result_memory(result));
	for (int64 i = 0; i < count; i++)
	{
		Datum		values[4];
		int			first = with_src ? 0 : 1;

		if (with_src)
			values[0] = vgae_key_column_datum(&keys, links[i].src);
		values[1] = vgae_key_column_datum(&keys, links[i].dst);
		values[2] = Float8GetDatum(links[i].score);
		values[3] = Float8GetDatum(gae_calibrated(&model->core.calibration, links[i].score));
		vgae_result_put(result, &values[first], &nulls[first]);
	}
	MemoryContextSwitchTo(caller);
}

/* vgae_predict_links(model, [key_type], k, min_probability, include_known) */
Datum
vgae_predict_links(PG_FUNCTION_ARGS)
{
	VgaeResult *result = vgae_result_begin(fcinfo);
	GaeTopkOptions options;
	const VgaeModel *model;
	GaeEnv	   *env;
	GaeLink    *links;
	int64		count;

	if (PG_ARGISNULL(0))
		return (Datum) 0;
	if (PG_NARGS() > 4)
		vgae_require_no_count(fcinfo, "k");
	options = topk_options(fcinfo);
	model = vgae_model_of_call(fcinfo, 0);
	vgae_require_links(model);
	vgae_require_key_type(fcinfo, &model->keys, "vgae_predict_links", "", ", ...");

	env = vgae_env_begin();
	vgae_check(env, gae_predict_links(env, &model->core, &options, &links, &count));
	put_links(fcinfo, result, model, true, links, count);
	vgae_env_end(env);
	return (Datum) 0;
}

/* vgae_recommend(model, node, k, min_probability, include_known) */
Datum
vgae_recommend(PG_FUNCTION_ARGS)
{
	VgaeResult *result = vgae_result_begin(fcinfo);
	GaeTopkOptions options;
	const VgaeModel *model;
	GaeEnv	   *env;
	GaeLink    *links;
	int64		count;
	int32		node;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		return (Datum) 0;
	options = topk_options(fcinfo);
	model = vgae_model_of_call(fcinfo, 0);
	vgae_require_links(model);
	node = vgae_argument_node(fcinfo, 1, "node", model);
	if (node < 0)
		return (Datum) 0;

	env = vgae_env_begin();
	vgae_check(env, gae_recommend(env, &model->core, node, &options, &links, &count));
	put_links(fcinfo, result, model, false, links, count);
	vgae_env_end(env);
	return (Datum) 0;
}

/* vgae_recommend_all(model, [key_type], k, min_probability, include_known) */
Datum
vgae_recommend_all(PG_FUNCTION_ARGS)
{
	VgaeResult *result = vgae_result_begin(fcinfo);
	GaeTopkOptions options;
	GaeRecommender *recommender;
	const VgaeModel *model;
	GaeEnv	   *env;
	int32		nodes;
	int32		range;

	if (PG_ARGISNULL(0))
		return (Datum) 0;
	if (PG_NARGS() > 4)
		vgae_require_no_count(fcinfo, "k");
	options = topk_options(fcinfo);
	model = vgae_model_of_call(fcinfo, 0);
	vgae_require_links(model);
	vgae_require_key_type(fcinfo, &model->keys, "vgae_recommend_all", "", ", ...");

	nodes = model->core.nodes;
	range = RANGE_MAX_LINKS / Min(options.k, nodes);
	range = Max(1, Min(range, Min(nodes, RANGE_MAX_NODES)));
	env = vgae_env_begin();
	vgae_check(env, gae_recommender_create(env, &model->core, &options, range, &recommender));
	for (int32 first = 0; first < nodes;)
	{
		int32		in_range = Min(range, nodes - first);
		const GaeLink *links;
		int64		count;

		vgae_check(env, gae_recommend_range(env, recommender, first, in_range, &links, &count));
		put_links(fcinfo, result, model, true, links, count);
		first += in_range;
	}
	vgae_env_end(env);
	return (Datum) 0;
}

/* vgae_anomalies(model, [key_type], k) */
Datum
vgae_anomalies(PG_FUNCTION_ARGS)
{
	VgaeResult *result = vgae_result_begin(fcinfo);
	const VgaeModel *model;
	GaeEnv	   *env;
	GaeLink    *links;
	int64		count;
	int64		k;

	if (PG_ARGISNULL(0))
		return (Datum) 0;
	if (PG_NARGS() > 2)
		vgae_require_no_count(fcinfo, "k");
	k = vgae_argument_count(fcinfo, PG_NARGS() - 1, "k", 1, PG_INT64_MAX);
	model = vgae_model_of_call(fcinfo, 0);
	vgae_require_links_or(model, "Compare each row with what vgae_reconstruct makes of it: an unusual row is rebuilt badly.  vgae_encode gives a row's code.");
	vgae_require_key_type(fcinfo, &model->keys, "vgae_anomalies", "", ", ...");

	env = vgae_env_begin();
	vgae_check(env, gae_anomalies(env, &model->core, k, &links, &count));
	put_links(fcinfo, result, model, true, links, count);
	vgae_env_end(env);
	return (Datum) 0;
}
