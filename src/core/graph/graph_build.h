/*
 * graph_build.h
 *		From rows of edges to canonical edges.
 */
#ifndef GAE_GRAPH_BUILD_H
#define GAE_GRAPH_BUILD_H

#include "core/graph/graph.h"

/*
 * Build a graph from rows (src[i], dst[i], weight[i]) in any order; weight may be NULL.
 * rank[] maps the node numbers of the rows to 0 … nodes - 1 (NULL: they are that
 * already).  Duplicate edges are merged; in a weighted graph their weights add up,
 * whatever the order of the rows.  Self-loops and edges of weight 0 are dropped.  Weights
 * must be finite and >= 0.
 * Errors: GAE_INVALID_ARGUMENT when a sum of weights is above the range of float,
 * GAE_TOO_LARGE above the limit of memory.
 */
extern GaeStatus gae_graph_build(GaeEnv *env, int32_t nodes, const int32_t *rank, bool directed,
								 int64_t rows, const int32_t *src, const int32_t *dst,
								 const float *weight, GaeGraph *graph);

#endif							/* GAE_GRAPH_BUILD_H */
