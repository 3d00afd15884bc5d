/*
 * link_calibration.c
 *		Calibration of links at the graph's true density.
 */
#include "core/train/link_calibration.h"

#include <math.h>

#include "core/infer/pair_scores.h"
#include "core/model/calibrate.h"

/* Of every calibration_step-th edge, those of the parts up to last_part. */
static GaeStatus
every_nth_edge(GaeEnv *env, const GaePlan *plan, uint8_t last_part, GaePairs *edges)
{
	const GaeGraph *graph = plan->input->graph;

	GAE_ALLOC(env, edges->src, plan->calibration_edges);
	GAE_ALLOC(env, edges->dst, plan->calibration_edges);
	edges->count = 0;
	for (int64_t e = 0; e < graph->edges; e += plan->calibration_step)
	{
		if (plan->part[e] > last_part)
			continue;
		edges->src[edges->count] = graph->src[e];
		edges->dst[edges->count] = graph->dst[e];
		edges->count++;
	}
	return GAE_OK;
}

double
gae_link_calibration_bytes(const GaePlan *plan)
{
	/* Test edges are not looked at. */
	double		share = 1 - (double) plan->test / (double) plan->input->graph->edges;
	double		edges = share * (double) plan->calibration_edges;

	/* Scores of the pairs that are looked at, and these once more with their weights */
	return 3 * sizeof(double) * (edges + (double) plan->calibration_non_edges);
}

GaeStatus
gae_calibrate_links(GaeEnv *env, const GaePlan *plan, const GaePairs *validation_edges,
					const GaePairs *non_edges,
					const GaeLinkFactors *factors, GaeCalibration *calibration)
{
	const GaeGraph *graph = plan->input->graph;
	double		total = gae_non_edges(graph) + (double) graph->edges;
	GaePairs	edges = *validation_edges;
	double	   *positive;
	double	   *negative;

	calibration->scale = 1;
	calibration->offset = 0;
	calibration->fitted_on = GAE_FITTED_ON_VALIDATION;
	if (plan->validation == 0)
	{
		GAE_TRY(every_nth_edge(env, plan, GAE_PART_TRAINING, &edges));
		calibration->fitted_on = GAE_FITTED_ON_TRAINING;
	}
	if (non_edges->count == 0)
		return GAE_OK;
	GAE_TRY(gae_score_pairs(env, factors, &edges, &positive));
	GAE_TRY(gae_score_pairs(env, factors, non_edges, &negative));
	GAE_TRY(gae_calibrate(env, positive, edges.count, negative, non_edges->count,
						  (double) graph->edges / total, calibration));
	gae_free(env, negative);
	gae_free(env, positive);
	return GAE_OK;
}

GaeStatus
gae_calibrate_offset(GaeEnv *env, const GaePlan *plan, const GaePairs *non_edges,
					 const GaeLinkFactors *factors,
					 GaeCalibration *calibration)
{
	const GaeGraph *graph = plan->input->graph;
	GaePairs	edges;
	int64_t		count;
	double		pairs = gae_non_edges(graph) + (double) graph->edges;
	double	   *of_edges;
	double	   *of_non_edges;
	double	   *score;
	double	   *weight;

	GAE_TRY(every_nth_edge(env, plan, GAE_PART_VALIDATION, &edges));
	count = edges.count + non_edges->count;
	GAE_TRY(gae_score_pairs(env, factors, &edges, &of_edges));
	GAE_TRY(gae_score_pairs(env, factors, non_edges, &of_non_edges));
	GAE_ALLOC(env, score, count);
	GAE_ALLOC(env, weight, count);
	for (int64_t k = 0; k < count; k++)
	{
		bool		edge = k < edges.count;

		score[k] = edge ? of_edges[k] : of_non_edges[k - edges.count];
		weight[k] = edge ? (double) graph->edges / (double) edges.count
			: gae_non_edges(graph) / (double) non_edges->count;
	}

	/* In a complete graph no finite offset reaches the total. */
	GAE_TRY(gae_calibrate_total(env, score, weight, count,
								fmin((double) graph->edges, pairs - 0.5), calibration));
	gae_free(env, weight);
	gae_free(env, score);
	gae_free(env, of_non_edges);
	gae_free(env, of_edges);
	return GAE_OK;
}
