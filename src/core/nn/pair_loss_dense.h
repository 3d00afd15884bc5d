/*
 * pair_loss_dense.h
 *		Loss and gradient of a tile of Z·Zᵀ, the label-free term of the loss of all
 *		pairs, computed while its scores are in the first-level cache.
 */
#ifndef GAE_PAIR_LOSS_DENSE_H
#define GAE_PAIR_LOSS_DENSE_H

#include "core/base/env.h"

typedef struct GaePairLossDense
{
	int64_t		nodes;
	int64_t		width;			/* of a node's vectors */
	int64_t		padded;			/* the same, as they are packed */
	int64_t		tiles;			/* along a side of Z·Zᵀ */

	/*
	 * The vectors packed, with zeros behind the last: row by row, and those that
	 * are columns of a tile also column by column.
	 */
	GaeReal    *left;			/* tiles x tile x padded */
	GaeReal    *right;			/* may be the same */
	GaeReal    *panel;			/* tiles x padded x tile */
	GaeReal    *scratch;		/* of each worker */
} GaePairLossDense;

/* Room for the vectors of so many nodes; right and left ones unless "same". */
extern GaeStatus gae_pair_loss_dense_create(GaeEnv *env, int64_t nodes, int64_t width, bool same,
									   GaePairLossDense *tiles);

/* Take vectors that begin "stride" apart; right is not looked at if it is the same. */
extern GaeStatus gae_pair_loss_dense_pack(GaeEnv *env, GaePairLossDense *tiles, int64_t stride,
									 const GaeReal *left, const GaeReal *right);

/*
 * With X = the left vectors of tile row i times the right ones of tile column j:
 * returns Σ softplus(X) and adds scale · σ(X) · right to d_left and, unless d_right is
 * NULL, scale · σ(X)ᵀ · left to d_right, whose rows begin "stride" apart from node 0 on.
 */
extern double gae_pair_loss_dense_tile(const GaePairLossDense *tiles, int64_t i, int64_t j, GaeReal scale,
							int64_t stride, GaeReal *d_left, GaeReal *d_right, int worker);

#endif							/* GAE_PAIR_LOSS_DENSE_H */
