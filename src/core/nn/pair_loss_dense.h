/*
 * pair_loss_dense.h
 *		The label-free term of the loss of all pairs, Σ_ij softplus(x_ij) over all n² ordered
 *		pairs (diagonal included), exactly and in O(n · width) memory, with its gradient.
 *
 * The scores x are computed tile by tile and used while they are in the first-level cache.
 * Of factors that are the same left and right, x is symmetric: only tiles of its upper
 * triangle are computed.
 */
#ifndef GAE_PAIR_LOSS_DENSE_H
#define GAE_PAIR_LOSS_DENSE_H

#include "core/nn/link_factors.h"

typedef struct GaePairLossDense
{
	int64_t		nodes;
	int64_t		width;			/* of a factor */
	int64_t		padded;			/* the same, as factors are packed */
	int64_t		tiles;			/* along a side of x */

	/*
	 * The factors packed, with zeros behind the last: row by row, and the right ones also
	 * column by column within each tile.
	 */
	GaeReal    *left;			/* tiles x tile x padded */
	GaeReal    *right;			/* likewise; = left where the factors are the same */
	GaeReal    *right_transposed;	/* tiles x padded x tile */

	/* nodes x width: of factors that are the same, the gradient by the columns of tiles. */
	GaeReal    *mirror;
	double	   *tile_loss;		/* of the tiles of a round */
	GaeReal    *scratch;		/* of each worker */
} GaePairLossDense;

/* same: are left and right factors the same?  Then stride = width. */
extern GaeStatus gae_pair_loss_dense_create(GaeEnv *env, int64_t nodes, int64_t width, bool same,
											GaePairLossDense *loss);
extern double gae_pair_loss_dense_bytes(const GaeEnv *env, double nodes, int64_t width, bool same);

/* *sum += the term; adds scale times its gradient to that of the factors. */
extern GaeStatus gae_pair_loss_dense(GaeEnv *env, GaePairLossDense *loss,
									 const GaeLinkFactors *factors, double scale, double *sum);

#endif							/* GAE_PAIR_LOSS_DENSE_H */
