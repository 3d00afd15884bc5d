/*
 * fn_topk.c
 *		vgae_predict_links, vgae_recommend, vgae_recommend_all, vgae_anomalies:
 *		the best links, and the worst.
 */
#include "postgres.h"

#include "fmgr.h"

#include "pg/fn/arguments.h"
#include "core/infer/score.h"
#include "core/search/anomalies.h"
#include "core/search/topk.h"
#include "pg/base/env_pg.h"
#include "pg/model/model_cache.h"
#include "pg/base/result.h"

/*
 * vgae_recommend_all goes through the nodes in ranges: enough for many threads,
 * and a range's links (16 bytes each) are in memory at once.
 */
#define RANGE_MAX_NODES 16384
#define RANGE_MAX_LINKS (1024 * 1024)

/* The arguments from "argno" on: k, min_probability, include_known. */
static GaeTopkOptions
topk_options(FunctionCallInfo fcinfo, int argno)
{
	GaeTopkOptions options;

	options.k = vgae_argument_int32(fcinfo, argno, "k", 1);
	options.min_probability = vgae_argument_unit_interval(fcinfo, argno + 1, "min_probability");
	options.include_known = vgae_argument_bool(fcinfo, argno + 2, "include_known");
	return options;
}

/* Rows (src, dst, score, probability), or only the last three. */
static void
put_links(VgaeResult *result, const VgaeModel *model, bool with_src,
		  const GaeLink *links, int64 count)
{
	MemoryContext caller = MemoryContextSwitchTo(vgae_result_memory(result));
	static const bool nulls[4] = {false};

	for (int64 i = 0; i < count; i++)
	{
		Datum		values[4];
		int			first = with_src ? 0 : 1;

		if (with_src)
			values[0] = vgae_key_datum(&model->keys, links[i].src);
		values[1] = vgae_key_datum(&model->keys, links[i].dst);
		values[2] = Float8GetDatum(links[i].score);
		values[3] = Float8GetDatum(gae_calibrated(&model->core.calibration, links[i].score));
		vgae_result_put(result, &values[first], &nulls[first]);
	}
	MemoryContextSwitchTo(caller);
}

/* vgae_predict_links(model, [node_type], k, min_probability, include_known) */
static Datum
predict_links(FunctionCallInfo fcinfo, VgaeKeyType type)
{
	VgaeResult *result = vgae_result_begin(fcinfo);
	GaeTopkOptions options;
	const VgaeModel *model;
	GaeEnv	   *env;
	GaeLink    *links;
	int64		count;

	if (PG_ARGISNULL(0))
		return (Datum) 0;
	options = topk_options(fcinfo, VGAE_AFTER_NODE_TYPE(type));
	model = vgae_model_of_call(fcinfo, 0);
	vgae_require_links(model);
	vgae_require_key_type(&model->keys, type, "vgae_predict_links", ", ...");

	env = vgae_env_begin();
	vgae_check(env, gae_predict_links(env, &model->core, &options, &links, &count));
	put_links(result, model, true, links, count);
	vgae_env_end(env);
	return (Datum) 0;
}

VGAE_KEY_OVERLOADS(vgae_predict_links, predict_links);

/* vgae_recommend(model, node, k, min_probability, include_known) */
static Datum
recommend(FunctionCallInfo fcinfo, VgaeKeyType type)
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
	options = topk_options(fcinfo, 2);
	model = vgae_model_of_call(fcinfo, 0);
	vgae_require_links(model);
	node = vgae_argument_node(fcinfo, 1, "node", type, model);
	if (node < 0)
		return (Datum) 0;

	env = vgae_env_begin();
	vgae_check(env, gae_recommend(env, &model->core, node, &options, &links, &count));
	put_links(result, model, false, links, count);
	vgae_env_end(env);
	return (Datum) 0;
}

VGAE_KEY_OVERLOADS(vgae_recommend, recommend);

/* vgae_recommend_all(model, [node_type], k, min_probability, include_known) */
static Datum
recommend_all(FunctionCallInfo fcinfo, VgaeKeyType type)
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
	options = topk_options(fcinfo, VGAE_AFTER_NODE_TYPE(type));
	model = vgae_model_of_call(fcinfo, 0);
	vgae_require_links(model);
	vgae_require_key_type(&model->keys, type, "vgae_recommend_all", ", ...");

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
		put_links(result, model, true, links, count);
		first += in_range;
	}
	vgae_env_end(env);
	return (Datum) 0;
}

VGAE_KEY_OVERLOADS(vgae_recommend_all, recommend_all);

/* vgae_anomalies(model, [node_type], k) */
static Datum
anomalies(FunctionCallInfo fcinfo, VgaeKeyType type)
{
	VgaeResult *result = vgae_result_begin(fcinfo);
	const VgaeModel *model;
	GaeEnv	   *env;
	GaeLink    *links;
	int64		count;
	int32		k;

	if (PG_ARGISNULL(0))
		return (Datum) 0;
	k = vgae_argument_int32(fcinfo, VGAE_AFTER_NODE_TYPE(type), "k", 1);
	model = vgae_model_of_call(fcinfo, 0);
	vgae_require_links(model);
	vgae_require_key_type(&model->keys, type, "vgae_anomalies", ", ...");

	env = vgae_env_begin();
	vgae_check(env, gae_anomalies(env, &model->core, k, &links, &count));
	put_links(result, model, true, links, count);
	vgae_env_end(env);
	return (Datum) 0;
}

VGAE_KEY_OVERLOADS(vgae_anomalies, anomalies);
