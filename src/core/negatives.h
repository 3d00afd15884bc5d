/*
 * negatives.h
 *		Non-edges drawn anew each epoch, arranged so that threads can add up their
 *		gradient in a fixed order.
 */
#ifndef GAE_NEGATIVES_H
#define GAE_NEGATIVES_H

#include "graph.h"

typedef struct GaeNegatives
{
	int64_t		capacity;
	int64_t		count;			/* drawn: may be less in a graph with hardly any non-edge */
	int32_t    *src;
	int32_t    *dst;
	GaeReal    *slope;			/* for the caller: a value for each pair */

	/* The pairs at each node, as src and as dst. */
	int64_t    *src_offset;		/* nodes + 1 */
	int32_t    *by_src;
	int64_t    *dst_offset;
	int32_t    *by_dst;
} GaeNegatives;

extern GaeStatus gae_negatives_create(GaeEnv *env, int32_t nodes, int64_t capacity,
									  GaeNegatives *negatives);

/*
 * Draw "count" ordered pairs of different nodes, uniformly among those that are
 * not edges (with repetition).
 */
extern GaeStatus gae_negatives_draw(GaeEnv *env, const GaeIncidence *incidence, int64_t count,
									int64_t seed, uint32_t step, GaeNegatives *negatives);

#endif							/* GAE_NEGATIVES_H */
