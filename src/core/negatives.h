/*
 * negatives.h
 *		Non-edges drawn anew each epoch, arranged so that threads can add up their
 *		gradient in a fixed order.
 *
 * Sources are taken systematically: sample k has the source floor((k + u) · n / K)
 * with one random u in [0, 1) for all K samples, so that every node is the source
 * of K / n samples on average, and of as many in each draw to within one.  The
 * target is uniform among the nodes that the source has no edge to.
 */
#ifndef GAE_NEGATIVES_H
#define GAE_NEGATIVES_H

#include "graph.h"

typedef struct GaePlacedSample
{
	int32_t		number;
	int32_t		src;
} GaePlacedSample;

typedef struct GaeNegatives
{
	int64_t		capacity;
	int64_t		count;			/* drawn */
	double		shift;			/* u */
	int32_t		nodes;
	int32_t    *dst;			/* of each sample; the source itself where there is none */
	GaeReal    *slope;			/* for the caller: a value for each sample */

	/* The samples with each node as target: by_dst[dst_offset[j]] and on. */
	int64_t    *dst_offset;		/* nodes + 1 */
	GaePlacedSample *by_dst;
} GaeNegatives;

extern GaeStatus gae_negatives_create(GaeEnv *env, int32_t nodes, int64_t capacity,
									  GaeNegatives *negatives);

/* Draw "count" ordered pairs of different nodes that are not edges. */
extern GaeStatus gae_negatives_draw(GaeEnv *env, const GaeIncidence *incidence, int64_t count,
									int64_t seed, uint32_t step, GaeNegatives *negatives);

/* The first sample whose source is node i or a later one; i may be "nodes". */
extern int64_t gae_negatives_first(const GaeNegatives *negatives, int64_t i);

#endif							/* GAE_NEGATIVES_H */
