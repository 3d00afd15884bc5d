/*
 * propagation.h
 *		The graph convolution's propagation Â = D^-½ (A + I) D^-½ (Kipf & Welling,
 *		arXiv:1609.02907, equation 2), with D the row sums of A + I.
 *
 * A directed graph propagates over A + Aᵀ.
 */
#ifndef GAE_PROPAGATION_H
#define GAE_PROPAGATION_H

#include "core/graph/adjacency.h"

/* Entries go along with an adjacency; the diagonal is kept apart. */
typedef struct GaePropagation
{
	const GaeAdjacency *adjacency;
	GaeReal    *value;			/* one for each entry of the adjacency */
	GaeReal    *diagonal;		/* nodes */
} GaePropagation;

extern GaeStatus gae_propagation_create(GaeEnv *env, const GaeAdjacency *adjacency,
										GaePropagation *propagation);

/* Bytes that gae_propagation_create allocates. */
extern double gae_propagation_bytes(double nodes, double edges);

/*
 * Compute the values from the graph's weights.  Edges with hidden[edge] are left
 * out; hidden may be NULL.  The adjacency must have "edge" when the graph is
 * weighted or edges are hidden.
 */
extern GaeStatus gae_propagation_weigh(GaeEnv *env, const GaePropagation *propagation,
									   const GaeGraph *graph, const bool *hidden);

/* out (nodes x n) = Â · h; Â is symmetric, so this serves the gradient, too. */
extern GaeStatus gae_propagate(GaeEnv *env, const GaePropagation *propagation, int64_t n,
							   const GaeReal *h, GaeReal *out);

#endif							/* GAE_PROPAGATION_H */
