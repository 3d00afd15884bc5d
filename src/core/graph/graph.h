/*
 * graph.h
 *		A graph over the nodes 0 … n-1: its edges in canonical order.
 */
#ifndef GAE_GRAPH_H
#define GAE_GRAPH_H

#include "core/base/env.h"

/*
 * Edges in canonical form: sorted by (src, dst), each once, no self-loop;
 * src < dst unless directed.
 */
typedef struct GaeGraph
{
	int32_t		nodes;
	bool		directed;
	int64_t		edges;
	int32_t    *src;
	int32_t    *dst;
	float	   *weight;			/* NULL: all weights are 1 */

	/* What was dropped on the way here. */
	int64_t		duplicate_edges;
	int64_t		self_loops;
	int64_t		zero_weight_edges;
} GaeGraph;

/*
 * Build a graph from rows (src[i], dst[i], weight[i]) in any order; weight may be
 * NULL.  rank[] maps the row's node numbers to 0 … nodes - 1 (NULL: they are
 * that already).  Duplicates are merged and, in a weighted graph, their weights
 * add up, whatever the order of the rows.  Weights must be finite and >= 0.
 * Errors: GAE_INVALID_ARGUMENT when a sum of weights overflows.
 */
extern GaeStatus gae_graph_build(GaeEnv *env, int32_t nodes, const int32_t *rank, bool directed,
								 int64_t rows, const int32_t *src, const int32_t *dst,
								 const float *weight, GaeGraph *graph);

/* How many pairs of different nodes have no edge; ordered pairs when directed. */
extern double gae_non_edges(const GaeGraph *graph);

#endif							/* GAE_GRAPH_H */
