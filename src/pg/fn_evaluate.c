/*
 * fn_evaluate.c
 *		vgae_evaluate: how well a model tells links from non-links.
 */
#include "postgres.h"

#include "fmgr.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "arguments.h"
#include "core/infer.h"
#include "core/metrics.h"
#include "core/split.h"
#include "env_pg.h"
#include "model_cache.h"
#include "query_input.h"
#include "result.h"

/* Pairs between two looks at interrupts: a few milliseconds' work. */
#define CHECK_PAIRS 65536

/*
 * The pairs that an argument names, in canonical form: in order, each once and
 * in an undirected model only one way round, no self-loops.
 */
static void
read_pairs(GaeEnv *env, const VgaeModel *model, const char *argument, const char *sql,
		   GaeGraph *pairs)
{
	int64		count;
	int32	   *src;
	int32	   *dst;

	vgae_pairs_read(argument, sql, &model->keys, model->finder, &count, &src, &dst);
	vgae_check(env, gae_graph_build(env, model->core.nodes, NULL, model->core.config.directed,
									count, src, dst, NULL, pairs));
	if (pairs->edges == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"%s\" has no pair to evaluate", argument),
				 count == 0 ? errdetail("It has no rows.") :
				 errdetail("All of its rows are pairs of a node with itself."),
				 errhint("Give at least one pair of two different nodes.")));
}

/* A pair is either a positive or a negative. */
static void
require_disjoint(const VgaeModel *model, const GaeGraph *positives, const GaeGraph *negatives)
{
	int64		common = 0;
	int64		example = 0;

	for (int64 p = 0, n = 0; p < positives->edges && n < negatives->edges;)
	{
		int64		src_difference = (int64) positives->src[p] - negatives->src[n];
		int64		dst_difference = (int64) positives->dst[p] - negatives->dst[n];

		if (src_difference == 0 && dst_difference == 0)
		{
			if (common++ == 0)
				example = p;
			p++;
			n++;
		}
		else if (src_difference < 0 || (src_difference == 0 && dst_difference < 0))
			p++;
		else
			n++;
	}
	if (common > 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("arguments \"positives\" and \"negatives\" have pairs in common"),
				 errdetail_plural("The first is %s and %s; there is %lld such pair in all.",
								  "The first is %s and %s; there are %lld such pairs in all.",
								  (unsigned long) common,
								  vgae_key_display(&model->keys, positives->src[example]),
								  vgae_key_display(&model->keys, positives->dst[example]),
								  (long long) common),
				 errhint("Leave them out of one of the two.")));
}

/* The known edges and the positives, as one graph. */
static void
known_and_positive(GaeEnv *env, const GaeModel *model, const GaeGraph *positives, GaeGraph *all)
{
	const GaeIncidence *known = &model->known;
	Size		room = (Size) (model->edges + positives->edges) * sizeof(int32);
	int32	   *src = MemoryContextAllocHuge(CurrentMemoryContext, room);
	int32	   *dst = MemoryContextAllocHuge(CurrentMemoryContext, room);
	int64		count = 0;

	/* Edges (i, j) stand in the second part of row i: see GaeIncidence. */
	for (int32 i = 0; i < known->nodes; i++)
	{
		CHECK_FOR_INTERRUPTS();
		for (int64 at = known->out[i]; at < known->offset[i + 1]; at++, count++)
		{
			Assert(count < model->edges);
			src[count] = i;
			dst[count] = known->neighbor[at];
		}
	}
	memcpy(&src[count], positives->src, positives->edges * sizeof(int32));
	memcpy(&dst[count], positives->dst, positives->edges * sizeof(int32));
	count += positives->edges;
	vgae_check(env, gae_graph_build(env, model->nodes, NULL, model->config.directed,
									count, src, dst, NULL, all));
	pfree(src);
	pfree(dst);
}

/* As many random pairs as there are positives, neither known nor positive. */
static void
sample_negatives(GaeEnv *env, const GaeModel *model, const GaeGraph *positives, int64 seed,
				 GaePairs *negatives)
{
	GaeGraph	all;
	GaeIncidence incidence;

	known_and_positive(env, model, positives, &all);
	vgae_check(env, gae_incidence_build(env, &all, NULL, 0, false, &incidence));
	vgae_check(env, gae_sample_non_edges(env, &incidence, gae_non_edges(&all), positives->edges,
										 gae_stream(seed, GAE_RANDOM_EVALUATION, 0, 0), negatives));
	if (negatives->count == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("there is no non-edge to compare the positives with"),
				 errdetail("Every pair of the model's %d nodes is a known edge or a positive.",
						   model->nodes),
				 errhint("Give pairs as argument \"negatives\".")));
}

static double *
scores_of(const GaeModel *model, int64 count, const int32 *src, const int32 *dst)
{
	double	   *scores = MemoryContextAllocHuge(CurrentMemoryContext, (Size) count * sizeof(double));

	for (int64 i = 0; i < count; i++)
	{
		if (i % CHECK_PAIRS == 0)
			CHECK_FOR_INTERRUPTS();
		scores[i] = gae_link_score(model, src[i], dst[i]);
	}
	return scores;
}

static void
put_ranking(VgaeResult *result, const GaeRanking *ranking)
{
	Datum		values[9];
	bool		nulls[9] = {false};

	values[0] = CStringGetTextDatum("vgae");
	values[1] = vgae_float_or_null(ranking->auc, &nulls[1]);
	values[2] = vgae_float_or_null(ranking->average_precision, &nulls[2]);
	values[3] = vgae_float_or_null(ranking->hits_at_10, &nulls[3]);
	values[4] = vgae_float_or_null(ranking->hits_at_50, &nulls[4]);
	values[5] = vgae_float_or_null(ranking->hits_at_100, &nulls[5]);
	values[6] = vgae_float_or_null(ranking->mrr, &nulls[6]);
	values[7] = Int64GetDatum(ranking->positives);
	values[8] = Int64GetDatum(ranking->negatives);
	vgae_result_put(result, values, nulls);
}

PG_FUNCTION_INFO_V1(vgae_evaluate);

/* vgae_evaluate(model, positives, negatives, seed) */
Datum
vgae_evaluate(PG_FUNCTION_ARGS)
{
	VgaeResult *result = vgae_result_begin(fcinfo);
	const VgaeModel *model;
	GaeEnv	   *env;
	GaeGraph	positives;
	GaePairs	negatives;
	GaeRanking	ranking;
	int64		seed;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		return (Datum) 0;
	seed = vgae_argument_int64(fcinfo, 3, "seed");
	model = vgae_model_of_call(fcinfo, 0);
	vgae_require_links(model);

	env = vgae_env_begin();
	read_pairs(env, model, "positives", vgae_argument_text(fcinfo, 1), &positives);
	if (PG_ARGISNULL(2))
		sample_negatives(env, &model->core, &positives, seed, &negatives);
	else
	{
		GaeGraph	given;

		read_pairs(env, model, "negatives", vgae_argument_text(fcinfo, 2), &given);
		require_disjoint(model, &positives, &given);
		negatives.count = given.edges;
		negatives.src = given.src;
		negatives.dst = given.dst;
	}
	vgae_check(env, gae_ranking(env,
								scores_of(&model->core, positives.edges, positives.src, positives.dst),
								positives.edges,
								scores_of(&model->core, negatives.count, negatives.src, negatives.dst),
								negatives.count, &ranking));
	put_ranking(result, &ranking);
	vgae_env_end(env);
	return (Datum) 0;
}
