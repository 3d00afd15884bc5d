/*
 * pair_scores.h
 *		Scores of many pairs, by the factors of their nodes.
 */
#ifndef GAE_PAIR_SCORES_H
#define GAE_PAIR_SCORES_H

#include "core/graph/non_edges.h"
#include "core/nn/link_factors.h"

/* (*scores)[k] is that of pair k; it is allocated. */
extern GaeStatus gae_score_pairs(GaeEnv *env, const GaeLinkFactors *factors, const GaePairs *pairs,
								 double **scores);

/* The same, and the sum of their cross-entropies, as edges or as non-edges. */
extern GaeStatus gae_score_pairs_loss(GaeEnv *env, const GaeLinkFactors *factors,
									  const GaePairs *pairs, bool edges, double **scores,
									  double *loss);

#endif							/* GAE_PAIR_SCORES_H */
