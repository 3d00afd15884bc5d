/*
 * graph.h
 *		A graph over the nodes 0 … n-1: its edges, and who is incident to whom.
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

/*
 * The edges at each node.  Node i has the entries offset[i] … offset[i+1] - 1:
 * first, up to out[i] - 1, those of edges (j, i), then those of edges (i, j), each
 * part sorted by j.  In an undirected graph the whole row is sorted.
 */
typedef struct GaeIncidence
{
	int32_t		nodes;
	bool		directed;
	int64_t    *offset;			/* nodes + 1 */
	int64_t    *out;			/* nodes */
	int32_t    *neighbor;		/* 2 · edges */
	int32_t    *edge;			/* 2 · edges; index of the edge, or NULL */
} GaeIncidence;

/* GAE_TOO_LARGE for a graph of more edges than an incidence may have: 2^31 - 1. */
extern GaeStatus gae_incidence_check(GaeEnv *env, const GaeGraph *graph);

/*
 * The incidence of those edges for which part[edge] is at most last_part (all of
 * them when part is NULL).  with_edges says whether to fill in "edge".
 * Errors: those of gae_incidence_check.
 */
extern GaeStatus gae_incidence_build(GaeEnv *env, const GaeGraph *graph,
									 const uint8_t *part, uint8_t last_part,
									 bool with_edges, GaeIncidence *incidence);

/* The edges of an incidence, again as a graph (without weights). */
extern GaeStatus gae_graph_of_incidence(GaeEnv *env, const GaeIncidence *incidence, GaeGraph *graph);

/* Is there an edge (i, j), or {i, j} when undirected? */
extern bool gae_incidence_has(const GaeIncidence *incidence, int32_t i, int32_t j);

/* The same, looked up among the edges into j. */
extern bool gae_incidence_has_into(const GaeIncidence *incidence, int32_t i, int32_t j);

/* How many nodes have no edge. */
extern GaeStatus gae_isolated_nodes(GaeEnv *env, const GaeIncidence *incidence, int32_t *isolated);

/* How many pairs of different nodes have no edge; ordered pairs when directed. */
extern double gae_non_edges(const GaeGraph *graph);

#endif							/* GAE_GRAPH_H */
