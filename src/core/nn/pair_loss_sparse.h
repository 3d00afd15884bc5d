/*
 * pair_loss_sparse.h
 *		Loss and gradient of listed pairs: the edges, the diagonal and sampled
 *		non-edges at some nodes.
 *
 * Every node adds up its own gradient, from all pairs that it is in; so a pair is
 * looked at from either end, and no two threads write to one row.
 */
#ifndef GAE_PAIR_LOSS_SPARSE_H
#define GAE_PAIR_LOSS_SPARSE_H

#include "core/graph/adjacency.h"
#include "core/graph/negatives.h"

typedef struct GaePairLossSparse
{
	const GaeGraph *graph;
	const GaeAdjacency *adjacency;	/* the edges, with "edge" */
	const bool *masked;			/* the edges that are targets; NULL: all */
	const GaeNegatives *sample; /* NULL: none */

	/*
	 * What a pair counts as a target, and as a non-edge.  Of a weighted graph's edge,
	 * the former is multiplied by its weight over the mean weight.
	 */
	double		target;
	double		mean_weight;
	double		edge_negative;
	double		sample_negative;

	/* Factors: row i begins at left + i · stride, and has "width" values. */
	int64_t		width;
	int64_t		stride;
	const GaeReal *left;
	const GaeReal *right;
	GaeReal    *d_left;
	GaeReal    *d_right;		/* directed graphs only */
	GaeReal		scale;			/* of the gradients */
} GaePairLossSparse;

/*
 * Add the gradients, times "scale", to d_left (and d_right) of the nodes first …
 * end - 1.  Returns their part of the loss: an undirected pair is counted once at
 * either end, the diagonal once.
 */
extern double gae_pair_loss_sparse(const GaePairLossSparse *list, int64_t first, int64_t end);

#endif							/* GAE_PAIR_LOSS_SPARSE_H */
