/*
 * non_edges.h
 *		Lists of pairs of nodes: the edges of a part, and the random non-edges that they
 *		are compared with.
 */
#ifndef GAE_NON_EDGES_H
#define GAE_NON_EDGES_H

#include "core/base/random.h"
#include "core/graph/adjacency.h"

typedef struct GaePairs
{
	int64_t		count;
	int32_t    *src;			/* count */
	int32_t    *dst;			/* count */
} GaePairs;

/* Bytes of a list of pairs. */
extern double gae_pairs_bytes(double count);

/*
 * The edges e with part[e] == wanted, in their order: the first "count", which must not be
 * more than there are.
 */
extern GaeStatus gae_pairs_of_part(GaeEnv *env, const GaeGraph *graph, const uint8_t *part,
								   uint8_t wanted, int64_t count, GaePairs *pairs);

/* The pairs with the numbers order[0] … order[count - 1] of the list "from". */
extern GaeStatus gae_pairs_take(GaeEnv *env, const GaePairs *from, const int32_t *order,
								int64_t count, GaePairs *pairs);

/* How many pairs of different nodes have no edge; ordered pairs when directed. */
extern double gae_non_edges(const GaeGraph *graph);

/*
 * "count" different random pairs of different nodes that are not edges of "known" (src <
 * dst unless directed), in ascending order, drawn from the stream; all non-edges where
 * there are fewer.  non_edges is how many there are (gae_non_edges).
 */
extern GaeStatus gae_sample_non_edges(GaeEnv *env, const GaeAdjacency *known, double non_edges,
									  int64_t count, GaeStream stream, GaePairs *pairs);

/* Bytes of these pairs, and what gae_sample_non_edges takes beside that until it returns. */
extern double gae_non_edges_bytes(double nodes, bool directed, double non_edges, double count);
extern double gae_non_edges_build_bytes(double nodes, bool directed, double non_edges,
										double count);

#endif							/* GAE_NON_EDGES_H */
