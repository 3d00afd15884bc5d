/*
 * tile.h
 *		Small tiles of inner products that never leave the registers unless one
 *		of them is large enough.
 */
#ifndef GAE_TILE_H
#define GAE_TILE_H

#include "env.h"

#define GAE_TILE_ROWS 8
#define GAE_TILE_COLUMNS 32

/* Vectors that a tile reads should begin at a multiple of this many bytes. */
#define GAE_TILE_ALIGNMENT 64

/*
 * excess (GAE_TILE_ROWS x GAE_TILE_COLUMNS) = a · b - bound, where
 *		a		(width x GAE_TILE_ROWS): vectors as columns
 *		b		(width x GAE_TILE_COLUMNS): likewise
 *		bound	(GAE_TILE_ROWS): what the products of a row are compared with.
 * Returns which rows have an excess without a sign: bit r for row r.
 *
 * The order of the additions is that of the dimensions, and starts from -bound.
 */
typedef unsigned (*GaeTileProduct) (int64_t width, const GaeReal *a, const GaeReal *b,
									const GaeReal *bound, GaeReal *excess);

/* The versions that this machine can run, the fastest last; returns how many. */
#define GAE_TILE_PRODUCTS 3
extern int	gae_tile_products(GaeTileProduct product[GAE_TILE_PRODUCTS]);

/* The fastest. */
extern GaeTileProduct gae_tile_product(void);

#endif							/* GAE_TILE_H */
