/*
 * heuristics.h
 *		Scores of pairs that take no training: what a model must beat to be worth it
 *		(Liben-Nowell & Kleinberg, The link-prediction problem for social networks,
 *		2007).
 *
 * All are at least 0, and of a pair of different nodes; the pair itself may be an
 * edge of the graph or not.  In a directed graph they look from i to j: at edges out
 * of i and into j.
 */
#ifndef GAE_HEURISTICS_H
#define GAE_HEURISTICS_H

#include "core/graph/adjacency.h"

typedef double (*GaeHeuristic) (const GaeAdjacency *graph, int32_t i, int32_t j);

/* |N(i) ∩ N(j)|; directed: how many nodes w there are with i → w → j. */
extern double gae_common_neighbours(const GaeAdjacency *graph, int32_t i, int32_t j);

/* Σ 1 / log |N(w)| over these (Adamic & Adar, Friends and neighbors on the web, 2003). */
extern double gae_adamic_adar(const GaeAdjacency *graph, int32_t i, int32_t j);

/* |N(i)| · |N(j)| (Barabási & Albert, Emergence of scaling in random networks, 1999). */
extern double gae_preferential_attachment(const GaeAdjacency *graph, int32_t i, int32_t j);

#endif							/* GAE_HEURISTICS_H */
