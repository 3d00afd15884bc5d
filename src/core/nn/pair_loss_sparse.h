/*
 * pair_loss_sparse.h
 *		Loss and gradient of listed pairs: the edges, the diagonal and sampled non-edges.
 *		The sum over all pairs, where it is wanted exactly, is the dense loss's.
 *
 * Every node adds up its own gradient, from all pairs that it is in; so a pair is
 * looked at from either end, and no two threads write to one row.
 */
#ifndef GAE_PAIR_LOSS_SPARSE_H
#define GAE_PAIR_LOSS_SPARSE_H

#include "core/nn/link_factors.h"
#include "core/nn/pair_chunk.h"

typedef struct GaePairLossSparse
{
	int64_t		block_nodes;	/* nodes whose pairs are a block of work */
	double	   *block_loss;
} GaePairLossSparse;

/*
 * For a graph of "nodes" nodes that lists about "listed" pairs, at both ends, where a node's
 * factors have "width" values.
 */
extern GaeStatus gae_pair_loss_sparse_create(GaeEnv *env, int64_t nodes, double listed,
											 int64_t width, GaePairLossSparse *loss);
extern double gae_pair_loss_sparse_bytes(double nodes);

/*
 * *sum += the loss of the listed pairs; adds scale times its gradient to that of the factors.  In an undirected graph, whose scores must be symmetric, (i, j) and (j, i) both
 * count; the diagonal counts once.
 */
extern GaeStatus gae_pair_loss_sparse(GaeEnv *env, GaePairLossSparse *loss,
									  const GaePairListing *listing, const GaeLinkFactors *factors,
									  double scale, double *sum);

#endif							/* GAE_PAIR_LOSS_SPARSE_H */
