/*
 * adjacency.h
 *		The neighbours of each node, and the edges that lead to them: the sparse matrix
 *		A + Aᵀ of a directed graph, A of an undirected one.
 */
#ifndef GAE_ADJACENCY_H
#define GAE_ADJACENCY_H

#include "core/graph/graph.h"

/*
 * Each edge has two entries, one at each of its ends.  Node i has the entries offset[i] …
 * offset[i + 1] - 1: first, up to out[i] - 1, those of edges (j, i), then those of edges
 * (i, j), both sorted by j = neighbor[entry].  In an undirected graph, whose edges (i, j)
 * have i < j, this sorts all entries of a node.
 */
typedef struct GaeAdjacency
{
	int32_t		nodes;
	bool		directed;
	int64_t    *offset;			/* nodes + 1 */
	int64_t    *out;			/* nodes: the first entry of an edge out of the node */
	int32_t    *neighbor;		/* 2 · edges: the other end */
	int32_t    *edge;			/* 2 · edges: the edge's number in the graph; or NULL */
} GaeAdjacency;

/* GAE_TOO_LARGE for a graph of more edges than an adjacency may have: 2^31 - 1. */
extern GaeStatus gae_adjacency_check(GaeEnv *env, const GaeGraph *graph);

/*
 * The adjacency of the edges with part[edge] <= last_part (of all edges when part is NULL).
 * with_edges says whether to fill in "edge".  Errors: those of gae_adjacency_check.
 */
extern GaeStatus gae_adjacency_build(GaeEnv *env, const GaeGraph *graph,
									 const uint8_t *part, uint8_t last_part,
									 bool with_edges, GaeAdjacency *adjacency);

/* Bytes of an adjacency, and what gae_adjacency_build takes beside that until it returns. */
extern double gae_adjacency_bytes(double nodes, double edges, bool with_edges);
extern double gae_adjacency_build_bytes(double nodes);

/* The edges of an adjacency, again as a graph (without weights). */
extern GaeStatus gae_graph_of_adjacency(GaeEnv *env, const GaeAdjacency *adjacency,
										GaeGraph *graph);

/* Is there an edge (i, j), or {i, j} when undirected?  Searched among the edges at i. */
extern bool gae_adjacency_has(const GaeAdjacency *adjacency, int32_t i, int32_t j);

/* The same, searched among the edges at j: quicker for many i and one j, which is in cache. */
extern bool gae_adjacency_has_into(const GaeAdjacency *adjacency, int32_t i, int32_t j);

/* How many nodes have no edge. */
extern GaeStatus gae_isolated_nodes(GaeEnv *env, const GaeAdjacency *adjacency, int32_t *isolated);

#endif							/* GAE_ADJACENCY_H */
