/*
 * heuristics.h
 *		Scores of pairs that take no training: what a model must beat to be worth it
 *		(Liben-Nowell & Kleinberg, "The link-prediction problem for social networks", 2007).
 *
 * N(i) are the neighbours of i; in a directed graph those that edges out of i lead to when
 * i is the first of a pair, and those whose edges lead into j when j is the second.  i and
 * j must differ; (i, j) itself may be an edge or not.  A score is at least 0.
 */
#ifndef GAE_HEURISTICS_H
#define GAE_HEURISTICS_H

#include "core/graph/adjacency.h"

typedef double (*GaeHeuristic) (const GaeAdjacency *adjacency, int32_t i, int32_t j);

/* |N(i) ∩ N(j)|; in a directed graph, how many nodes w there are with i → w → j. */
extern double gae_common_neighbours(const GaeAdjacency *adjacency, int32_t i, int32_t j);

/*
 * Σ 1 / log d(w) over w in N(i) ∩ N(j), where d(w) is how many edges w has, in a directed
 * graph of both directions (Adamic & Adar, "Friends and neighbors on the web", 2003).
 */
extern double gae_adamic_adar(const GaeAdjacency *adjacency, int32_t i, int32_t j);

/* |N(i)| · |N(j)| (Barabási & Albert, "Emergence of scaling in random networks", 1999). */
extern double gae_preferential_attachment(const GaeAdjacency *adjacency, int32_t i, int32_t j);

#endif							/* GAE_HEURISTICS_H */
