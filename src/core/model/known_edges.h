/*
 * known_edges.h
 *		The edges that a model knows, as bytes.
 */
#ifndef GAE_KNOWN_EDGES_H
#define GAE_KNOWN_EDGES_H

#include "core/model/codec.h"
#include "core/graph/adjacency.h"

/*
 * For each node i: the number of edges from i (undirected: to later nodes), then
 * their other ends, ascending, each as the count of nodes that lie between it and the
 * one before (the first: after i if undirected, from node 0 on if directed).  All
 * numbers are varints.  Reading is told nodes, directed and the number of edges, and
 * makes the adjacency, without "edge".
 */
extern void gae_code_known_edges(GaeCodec *codec, int32_t nodes, bool directed, int64_t edges,
								 GaeAdjacency *known);

#endif							/* GAE_KNOWN_EDGES_H */
