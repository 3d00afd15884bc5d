/*
 * propagation.h
 *		The propagation of a graph convolution: products with Â = D^-½ (A + I) D^-½, where D
 *		has the row sums of A + I (Kipf & Welling, arXiv:1609.02907, equation 2).
 *
 * A has the weights of the edges; for a directed graph it is A + Aᵀ.
 */
#ifndef GAE_PROPAGATION_H
#define GAE_PROPAGATION_H

#include "core/graph/adjacency.h"

/* Â: a value for each entry of an adjacency, and the diagonal. */
typedef struct GaePropagation
{
	const GaeAdjacency *adjacency;
	GaeReal    *value;			/* entries of the adjacency */
	GaeReal    *diagonal;		/* nodes */
} GaePropagation;

/* Make room for the values; the adjacency must live as long as the propagation. */
extern GaeStatus gae_propagation_create(GaeEnv *env, const GaeAdjacency *adjacency,
										GaePropagation *propagation);

/* Bytes that gae_propagation_create allocates. */
extern double gae_propagation_bytes(double nodes, double edges);

/*
 * Compute the values from the weights of the graph.  Edges with hidden[edge] count as
 * absent; hidden may be NULL.  The adjacency must have "edge" when the graph has weights or
 * edges are hidden.
 */
extern GaeStatus gae_propagation_weigh(GaeEnv *env, const GaePropagation *propagation,
									   const GaeGraph *graph, const bool *hidden);

/* out (nodes x n) = Â · h (nodes x n); Â is symmetric, so it also takes gradients backward. */
extern GaeStatus gae_propagate(GaeEnv *env, const GaePropagation *propagation, int64_t n,
							   const GaeReal *h, GaeReal *out);

#endif							/* GAE_PROPAGATION_H */
