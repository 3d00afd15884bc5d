/*
 * held_out.h
 *		Edges that a training on a graph holds out, the non-edges that they are compared with,
 *		and how well scores tell the two apart.
 */
#ifndef GAE_HELD_OUT_H
#define GAE_HELD_OUT_H

#include "core/graph/non_edges.h"
#include "core/train/plan.h"

/* Held-out pairs: edges, and as many non-edges, or all that there are. */
typedef struct GaeHeldOut
{
	GaePairs	edges;
	GaePairs	non_edges;
} GaeHeldOut;

/*
 * Collect the edges that the plan holds out, and non-edges to compare them with, which are
 * never a known edge, and of which none is both for validation and for test.
 */
extern GaeStatus gae_hold_out(GaeEnv *env, const GaePlan *plan, const GaeAdjacency *known,
							  GaeHeldOut *validation, GaeHeldOut *test);

/* AUC, average precision and mean cross-entropy of held-out pairs, by these factors. */
extern GaeStatus gae_score_held_out(GaeEnv *env, const GaeLinkFactors *factors,
									const GaeHeldOut *held_out, double *auc,
									double *average_precision, double *loss);

/* Bytes that scoring held-out edges takes meanwhile, with "compared" non-edges for each. */
extern double gae_score_held_out_bytes(double edges, double compared);

#endif							/* GAE_HELD_OUT_H */
