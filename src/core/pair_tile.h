/*
 * pair_tile.h
 *		Loss and gradient of a tile of Z·Zᵀ, the label-free term of the loss of all
 *		pairs, computed while its scores are in the first-level cache.
 */
#ifndef GAE_PAIR_TILE_H
#define GAE_PAIR_TILE_H

#include "env.h"

/* Rows and columns of a tile, at most. */
#define GAE_TILE 256

/* Values of scratch memory that a worker needs for vectors of that width. */
extern int64_t gae_pair_tile_scratch(int64_t width);

/*
 * With X = left · rightᵀ (rows x columns, each vector of "width" values, "stride"
 * apart), returns Σ softplus(X) and adds scale · σ(X) · right to d_left and, unless
 * d_right is NULL, scale · σ(X)ᵀ · left to d_right.
 */
extern double gae_pair_tile(int64_t rows, int64_t columns, int64_t width, int64_t stride,
							const GaeReal *left, const GaeReal *right, GaeReal scale,
							GaeReal *d_left, GaeReal *d_right, GaeReal *scratch);

#endif							/* GAE_PAIR_TILE_H */
