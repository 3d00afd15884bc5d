/*
 * norm_bounds.h
 *		Vectors in the order of their norms, packed for products with many others.
 *
 * By Cauchy and Schwarz |a · b| <= |a| |b|: where b runs through vectors in this
 * order, the norm of the next b bounds the products of a with it and all later ones.
 */
#ifndef GAE_NORM_BOUNDS_H
#define GAE_NORM_BOUNDS_H

#include "core/linalg/vector.h"

/*
 * Vectors by descending norm; among equal norms the lower node comes first.  "scale"
 * is a power of two for which scaled vectors, scale · x, have norms of at most 1:
 * their products do not overflow, whatever the vectors are.
 */
typedef struct GaeNormOrder
{
	double		scale;
	int32_t    *node;			/* by place in the order */
	double	   *norm;			/* by place; of the scaled vector */
} GaeNormOrder;

/*
 * Order the vectors of "nodes" nodes, which are those in the list "node", in ascending
 * order, or 0 … nodes - 1 if it is NULL.  Node i has the vector x + i · stride, of "width"
 * numbers.
 */
extern GaeStatus gae_norm_order(GaeEnv *env, int32_t nodes, const int32_t *node, int64_t width,
								const GaeReal *x, int64_t stride, GaeNormOrder *order);

/*
 * The scaled vectors, packed in their order into column blocks of GAE_TILE_COLUMNS
 * vectors each.  The last block is filled up with zeros.  Since norms descend, the
 * norm of a block's first vector bounds those of all vectors from that block on.
 */
typedef struct GaeNormBounds
{
	int32_t		nodes;			/* that are in the order */
	int64_t		width;
	int64_t		column_blocks;
	GaeNormOrder order;
	GaeReal    *value;			/* column_blocks x width x GAE_TILE_COLUMNS */
	int32_t    *run_end;		/* by place: the next place whose vector differs from its own */
} GaeNormBounds;

extern GaeStatus gae_norm_bounds_build(GaeEnv *env, int32_t nodes, const int32_t *node,
									   int64_t width, const GaeReal *x, int64_t stride,
									   GaeNormBounds *bounds);

#endif							/* GAE_NORM_BOUNDS_H */
