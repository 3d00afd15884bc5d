/*
 * fn_evaluate.c
 *		vgae_evaluate: how well a model, and what it is compared with, tells links from
 *		non-links.
 */
#include "postgres.h"

#include <math.h>

#include "fmgr.h"
#include "utils/builtins.h"

#include "pg/fn/arguments.h"
#include "core/graph/heuristics.h"
#include "core/infer/score.h"
#include "core/infer/metrics.h"
#include "core/graph/graph_build.h"
#include "core/graph/non_edges.h"
#include "core/graph/split.h"
#include "pg/base/env_pg.h"
#include "pg/base/long_memory.h"
#include "pg/model/model_cache.h"
#include "pg/input/input_edges.h"
#include "pg/keys/key_hash.h"
#include "pg/base/result.h"

/* Check for interrupts after this many pairs: a few milliseconds' work. */
#define CHECK_PAIRS 65536

/*
 * Read the pairs that an argument gives: sorted, without duplicates and self-loops and,
 * for an undirected model, with src < dst.
 */
static void
read_pairs(GaeEnv *env, const VgaeModel *model, const char *argument, const char *sql,
		   GaePairs *pairs)
{
	GaeGraph	canonical;
	int64		count;
	int32	   *src;
	int32	   *dst;

	vgae_pairs_read(env, argument, sql, &model->keys, model->finder, &count, &src, &dst);
	vgae_check(env, gae_graph_build(env, model->core.nodes, NULL, model->core.config.directed,
									count, src, dst, NULL, &canonical));
	*pairs = (GaePairs) {canonical.edges, canonical.src, canonical.dst};
	if (pairs->count == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"%s\" has no pair to evaluate", argument),
				 count == 0 ? errdetail("It has no rows.") :
				 errdetail("All of its rows are pairs of a node with itself."),
				 errhint("Give at least one pair of two different nodes.")));
}

/* Raise an error if a pair is both a positive and a negative. */
static void
require_disjoint(const VgaeModel *model, const GaePairs *positives, const GaePairs *negatives)
{
	int64		common = 0;
	int64		example = 0;

	for (int64 p = 0, n = 0; p < positives->count && n < negatives->count;)
	{
		int64		src_difference = (int64) positives->src[p] - negatives->src[n];
		int64		dst_difference = (int64) positives->dst[p] - negatives->dst[n];

		if ((p + n) % CHECK_PAIRS == 0)
			CHECK_FOR_INTERRUPTS();
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

/* All edges of a model, and the edges that it learnt from, which are all but the test edges. */
typedef struct KnownEdges
{
	GaeGraph	all;
	GaeAdjacency learnt;
} KnownEdges;

/* A model does not store which edges are test edges: find out again, as training did. */
static void
known_edges(GaeEnv *env, const VgaeModel *model, KnownEdges *known)
{
	const GaeConfig *config = &model->core.config;
	GaeSplit	split = {config->validation_fraction, config->test_fraction, config->seed};
	uint8_t    *part;
	int64_t		count[GAE_PARTS];

	vgae_check(env, gae_graph_of_adjacency(env, &model->core.known, &known->all));
	if (model->core.format_version == 1)
		vgae_check(env, gae_split_of_format_1(env, &split, known->all.edges, &part));
	else
		vgae_check(env, gae_split_edges(env, &split, &known->all, vgae_keys_hash(&model->keys),
										&part, count));
	vgae_check(env, gae_adjacency_build(env, &known->all, part, GAE_PART_VALIDATION, false,
										&known->learnt));
}

/* Count the pairs that are edges; *first is the place of the first one. */
static int64
count_edges(const GaeAdjacency *edges, const GaePairs *pairs, int64 *first)
{
	int64		count = 0;

	for (int64 i = 0; i < pairs->count; i++)
	{
		if (i % CHECK_PAIRS == 0)
			CHECK_FOR_INTERRUPTS();
		if (gae_adjacency_has(edges, pairs->src[i], pairs->dst[i]) && count++ == 0)
			*first = i;
	}
	return count;
}

/* Warn of positives that the model learnt from: their scores are too good. */
static void
warn_of_learnt(const VgaeModel *model, const KnownEdges *known, const GaePairs *positives)
{
	int64		first = 0;
	int64		count = count_edges(&known->learnt, positives, &first);

	if (count > 0)
		ereport(WARNING,
				(errmsg_plural("%lld of the positives is an edge that the model was trained on",
							   "%lld of the positives are edges that the model was trained on",
							   (unsigned long) count, (long long) count),
				 errdetail("The first is %s and %s; there are %lld positives in all.",
						   vgae_key_display(&model->keys, positives->src[first]),
						   vgae_key_display(&model->keys, positives->dst[first]),
						   (long long) positives->count),
				 errhint("Figures of such pairs are too good: evaluate with edges that were kept back from training.")));
}

/* Warn of negatives that are edges: a model that scores them high is right. */
static void
warn_of_edges(const VgaeModel *model, const GaePairs *negatives)
{
	int64		first = 0;
	int64		count = count_edges(&model->core.known, negatives, &first);

	if (count > 0)
		ereport(WARNING,
				(errmsg_plural("%lld of the negatives is an edge of the model's graph",
							   "%lld of the negatives are edges of the model's graph",
							   (unsigned long) count, (long long) count),
				 errdetail("The first is %s and %s; there are %lld negatives in all.",
						   vgae_key_display(&model->keys, negatives->src[first]),
						   vgae_key_display(&model->keys, negatives->dst[first]),
						   (long long) negatives->count),
				 errhint("Give pairs that are no edges, or none at all: then random ones are drawn.")));
}

/* Draw as many random pairs as there are positives, without known edges and positives. */
static void
sample_negatives(GaeEnv *env, const GaeModel *model, const KnownEdges *known,
				 const GaePairs *positives, int64 seed, GaePairs *negatives)
{
	int64		edges = known->all.edges;
	Size		room = (Size) (edges + positives->count) * sizeof(int32);
	int32	   *src = vgae_alloc_long(CurrentMemoryContext, room);
	int32	   *dst = vgae_alloc_long(CurrentMemoryContext, room);
	GaeGraph	taken;
	GaeAdjacency adjacency;

	vgae_copy_long(src, known->all.src, edges * sizeof(int32));
	vgae_copy_long(dst, known->all.dst, edges * sizeof(int32));
	vgae_copy_long(&src[edges], positives->src, positives->count * sizeof(int32));
	vgae_copy_long(&dst[edges], positives->dst, positives->count * sizeof(int32));
	vgae_check(env, gae_graph_build(env, model->nodes, NULL, model->config.directed,
									edges + positives->count, src, dst, NULL, &taken));
	pfree(src);
	pfree(dst);
	vgae_check(env, gae_adjacency_build(env, &taken, NULL, 0, false, &adjacency));
	vgae_check(env, gae_sample_non_edges(env, &adjacency, gae_non_edges(&taken), positives->count,
										 gae_stream(seed, GAE_RANDOM_EVALUATION, 0, 0), negatives));
	if (negatives->count == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("there is no non-edge to compare the positives with"),
				 errdetail("Every pair of the model's %d nodes is a known edge or a positive.",
						   model->nodes),
				 errhint("Give pairs as argument \"negatives\".")));
}

/* The ways to score pairs: the model, and heuristics that it should beat. */
typedef struct Method
{
	const char *name;
	GaeHeuristic heuristic;		/* NULL: the score is that of the factors */
	bool		trained;		/* of the model; false: of its encoder before training */
} Method;

static const Method methods[] = {
	{"vgae", NULL, true},
	{"common_neighbours", gae_common_neighbours, false},
	{"adamic_adar", gae_adamic_adar, false},
	{"preferential_attachment", gae_preferential_attachment, false},
	{"untrained_encoder", NULL, false},
};

static void
score_pairs(const Method *method, const GaeLinkFactors *factors, const KnownEdges *known,
			const GaePairs *pairs, double *scores)
{
	for (int64 i = 0; i < pairs->count; i++)
	{
		/* For every pair: to compare the neighbours of two hubs takes long. */
		CHECK_FOR_INTERRUPTS();
		scores[i] = method->heuristic != NULL
			? method->heuristic(&known->learnt, pairs->src[i], pairs->dst[i])
			: gae_link_factors_score(factors, pairs->src[i], pairs->dst[i]);
	}
}

/*
 * Do a heuristic's scores tell anything?  Not if no positive has one above 0: in a bipartite
 * graph no edge has common neighbours, and figures would only say how many of the negatives
 * have some.  Nor if all scores are equal.
 */
static bool
tells_anything(const double *positive, int64 positives, const double *negative, int64 negatives)
{
	bool		above_zero = false;
	bool		equal = true;

	for (int64 i = 0; i < positives + negatives && (equal || !above_zero); i++)
	{
		double		score = i < positives ? positive[i] : negative[i - positives];

		if (i % CHECK_PAIRS == 0)
			CHECK_FOR_INTERRUPTS();
		above_zero |= i < positives && score > 0;
		equal &= score == positive[0];
	}
	return above_zero && !equal;
}

static void
put_ranking(VgaeResult *result, const char *method, const GaeRanking *ranking)
{
	Datum		values[9];
	bool		nulls[9] = {false};

	values[0] = CStringGetTextDatum(method);
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
	KnownEdges	known;
	GaePairs	positives;
	GaePairs	negatives;
	GaeLinkFactors untrained;
	double	   *positive;
	double	   *negative;
	int64		seed;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		return (Datum) 0;
	seed = vgae_argument_int64(fcinfo, 3, "seed");
	model = vgae_model_of_call(fcinfo, 0);
	vgae_require_links(model);

	env = vgae_env_begin();
	read_pairs(env, model, "positives", vgae_argument_text(fcinfo, 1), &positives);
	known_edges(env, model, &known);
	if (PG_ARGISNULL(2))
		sample_negatives(env, &model->core, &known, &positives, seed, &negatives);
	else
	{
		read_pairs(env, model, "negatives", vgae_argument_text(fcinfo, 2), &negatives);
		require_disjoint(model, &positives, &negatives);
		warn_of_edges(model, &negatives);
	}
	warn_of_learnt(model, &known, &positives);

	positive = vgae_alloc_long(CurrentMemoryContext, positives.count * sizeof(double));
	negative = vgae_alloc_long(CurrentMemoryContext, negatives.count * sizeof(double));
	vgae_check(env, gae_untrained_factors(env, &model->core, &untrained));
	for (int m = 0; m < lengthof(methods); m++)
	{
		const GaeLinkFactors *factors = methods[m].trained ? &model->core.factors : &untrained;
		GaeRanking	ranking;

		score_pairs(&methods[m], factors, &known, &positives, positive);
		score_pairs(&methods[m], factors, &known, &negatives, negative);
		if (methods[m].heuristic == NULL ||
			tells_anything(positive, positives.count, negative, negatives.count))
			vgae_check(env, gae_ranking(env, positive, positives.count,
										negative, negatives.count, &ranking));
		else
			ranking = (GaeRanking) {NAN, NAN, NAN, NAN, NAN, NAN, positives.count, negatives.count};
		put_ranking(result, methods[m].name, &ranking);
	}
	vgae_env_end(env);
	return (Datum) 0;
}
