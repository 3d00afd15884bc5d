/*
 * held_out.c
 *		Held-out edges, and how well scores tell them from non-edges.
 */
#include "core/train/held_out.h"

#include "core/base/sort.h"
#include "core/infer/metrics.h"
#include "core/infer/pair_scores.h"

GaeStatus
gae_hold_out(GaeEnv *env, const GaePlan *plan, const GaeAdjacency *known,
			 GaeHeldOut *validation, GaeHeldOut *test)
{
	const GaeConfig *config = plan->config;
	const GaeGraph *graph = plan->input->graph;
	int64_t		held_out = plan->validation + plan->test;
	GaePairs	drawn;
	int32_t    *order;
	int64_t		for_validation;

	GAE_TRY(gae_pairs_of_part(env, graph, plan->part, GAE_PART_VALIDATION, plan->validation,
							  &validation->edges));
	GAE_TRY(gae_pairs_of_part(env, graph, plan->part, GAE_PART_TEST, plan->test, &test->edges));

	/* Drawn together, they come sorted: deal them out in random order, in proportion. */
	GAE_TRY(gae_sample_non_edges(env, known, gae_non_edges(graph), held_out,
								 gae_stream(config->seed, GAE_RANDOM_HELD_OUT, 0, 0), &drawn));
	GAE_ALLOC(env, order, drawn.count);
	GAE_TRY(gae_random_order(env, gae_stream(config->seed, GAE_RANDOM_HELD_OUT, 1, 0),
							 drawn.count, order));
	for_validation = held_out == 0 ? 0 : drawn.count * plan->validation / held_out;
	GAE_TRY(gae_pairs_take(env, &drawn, order, for_validation, &validation->non_edges));
	GAE_TRY(gae_pairs_take(env, &drawn, order + for_validation, drawn.count - for_validation,
						   &test->non_edges));
	gae_free(env, order);
	gae_free(env, drawn.src);
	gae_free(env, drawn.dst);
	return GAE_OK;
}

double
gae_score_held_out_bytes(double edges, double compared)
{
	double		pairs = edges * (1 + compared);

	/* Where there is nothing to compare with, nothing is ranked. */
	return pairs * sizeof(double) + (compared > 0 ? gae_sort_bytes(pairs) : 0);
}

GaeStatus
gae_score_held_out(GaeEnv *env, const GaeLinkFactors *factors, const GaeHeldOut *held_out,
				   double *auc, double *average_precision, double *loss)
{
	GaeRanking	ranking;
	double	   *positive;
	double	   *negative;
	double		loss_of_edges;
	double		loss_of_non_edges;

	GAE_TRY(gae_score_pairs_loss(env, factors, &held_out->edges, true, &positive, &loss_of_edges));
	GAE_TRY(gae_score_pairs_loss(env, factors, &held_out->non_edges, false, &negative,
								 &loss_of_non_edges));
	GAE_TRY(gae_ranking(env, positive, held_out->edges.count,
						negative, held_out->non_edges.count, &ranking));
	*auc = ranking.auc;
	*average_precision = ranking.average_precision;
	*loss = (loss_of_edges + loss_of_non_edges) /
		(double) (held_out->edges.count + held_out->non_edges.count);
	gae_free(env, negative);
	gae_free(env, positive);
	return GAE_OK;
}
