/*
 * known_edges.h
 *		The edges that a model knows, as bytes.
 */
#ifndef GAE_KNOWN_EDGES_H
#define GAE_KNOWN_EDGES_H

#include "core/model/codec.h"
#include "core/graph/adjacency.h"

/*
 * For each node the number of edges out of it (undirected: to later nodes), then
 * their other ends, ascending, each as its distance from the one before; all as
 * varints.  Reading takes nodes, directed and the number of edges from the caller
 * and makes the rest of the adjacency, without "edge".
 */
extern void gae_code_known_edges(GaeCodec *codec, int32_t nodes, bool directed, int64_t edges,
								 GaeAdjacency *known);

#endif							/* GAE_KNOWN_EDGES_H */
