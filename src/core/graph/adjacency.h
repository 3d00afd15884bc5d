/*
 * adjacency.h
 *		The neighbours of each node, and the edges that lead to them.
 */
#ifndef GAE_ADJACENCY_H
#define GAE_ADJACENCY_H

#include "core/graph/graph.h"

/*
 * The edges at each node.  Node i has the entries offset[i] … offset[i+1] - 1:
 * first, up to out[i] - 1, those of edges (j, i), then those of edges (i, j), each
 * part sorted by j.  In an undirected graph the whole row is sorted.
 */
typedef struct GaeAdjacency
{
	int32_t		nodes;
	bool		directed;
	int64_t    *offset;			/* nodes + 1 */
	int64_t    *out;			/* nodes */
	int32_t    *neighbor;		/* 2 · edges */
	int32_t    *edge;			/* 2 · edges; index of the edge, or NULL */
} GaeAdjacency;

/* GAE_TOO_LARGE for a graph of more edges than an adjacency may have: 2^31 - 1. */
extern GaeStatus gae_adjacency_check(GaeEnv *env, const GaeGraph *graph);

/*
 * The adjacency of those edges for which part[edge] is at most last_part (all of
 * them when part is NULL).  with_edges says whether to fill in "edge".
 * Errors: those of gae_adjacency_check.
 */
extern GaeStatus gae_adjacency_build(GaeEnv *env, const GaeGraph *graph,
									 const uint8_t *part, uint8_t last_part,
									 bool with_edges, GaeAdjacency *adjacency);

/* Bytes of an adjacency, and what gae_adjacency_build takes beside that until it returns. */
extern double gae_adjacency_bytes(double nodes, double edges, bool with_edges);
extern double gae_adjacency_build_bytes(double nodes);

/* The edges of an adjacency, again as a graph (without weights). */
extern GaeStatus gae_graph_of_adjacency(GaeEnv *env, const GaeAdjacency *adjacency, GaeGraph *graph);

/* Is there an edge (i, j), or {i, j} when undirected? */
extern bool gae_adjacency_has(const GaeAdjacency *adjacency, int32_t i, int32_t j);

/* The same, looked up among the edges into j. */
extern bool gae_adjacency_has_into(const GaeAdjacency *adjacency, int32_t i, int32_t j);

/* How many nodes have no edge. */
extern GaeStatus gae_isolated_nodes(GaeEnv *env, const GaeAdjacency *adjacency, int32_t *isolated);

#endif							/* GAE_ADJACENCY_H */
