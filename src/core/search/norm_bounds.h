/*
 * norm_bounds.h
 *		Vectors in the order of their lengths, packed for products with many
 *		others.
 */
#ifndef GAE_NORM_BOUNDS_H
#define GAE_NORM_BOUNDS_H

#include "core/linalg/vector.h"

/*
 * Who comes where by length, longest first; among equals the lower number first.
 * Vectors times "scale", a power of two, are at most 1 long: neither their products
 * nor the sums of those overflow, whatever the vectors are.
 */
typedef struct GaeNormOrder
{
	double		scale;
	int32_t    *node;			/* by place */
	double	   *norm;			/* by place; of the scaled vectors */
} GaeNormOrder;

/* Order the vectors x + i · stride, i < nodes, of "width" numbers each. */
extern GaeStatus gae_norm_order(GaeEnv *env, int32_t nodes, int64_t width,
								const GaeReal *x, int64_t stride, GaeNormOrder *order);

/*
 * Panels of GAE_TILE_COLUMNS vectors each, in order; the last is filled up with
 * zeros.
 */
typedef struct GaeNormBounds
{
	int32_t		nodes;
	int64_t		width;
	int64_t		count;			/* of panels */
	GaeNormOrder order;
	GaeReal    *value;			/* panel x width x GAE_TILE_COLUMNS, scaled */
	int32_t    *run_end;		/* by place: the first place after it with another vector */
} GaeNormBounds;

extern GaeStatus gae_norm_bounds_build(GaeEnv *env, int32_t nodes, int64_t width,
								  const GaeReal *x, int64_t stride, GaeNormBounds *panels);

#endif							/* GAE_NORM_BOUNDS_H */
