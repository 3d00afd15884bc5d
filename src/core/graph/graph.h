/*
 * graph.h
 *		A graph over the nodes 0 … n-1: its edges in canonical order.
 */
#ifndef GAE_GRAPH_H
#define GAE_GRAPH_H

#include "core/base/env.h"

/*
 * Edges in canonical form: sorted by (src, dst), each once, no self-loop; src < dst
 * unless directed.  gae_graph_build makes them.
 */
typedef struct GaeGraph
{
	int32_t		nodes;
	bool		directed;
	int64_t		edges;
	int32_t    *src;			/* edges */
	int32_t    *dst;			/* edges */
	float	   *weight;			/* edges; NULL: all weights are 1 */

	/* Rows that became no edge of their own when the graph was built. */
	int64_t		duplicate_edges;
	int64_t		self_loops;
	int64_t		zero_weight_edges;
} GaeGraph;

#endif							/* GAE_GRAPH_H */
