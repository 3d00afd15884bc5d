/*
 * split.h
 *		Which edges or rows are held out, and the non-edges they are compared
 *		with.
 */
#ifndef GAE_SPLIT_H
#define GAE_SPLIT_H

#include "core/graph/adjacency.h"
#include "core/base/random.h"

/* In this order: "at most VALIDATION" is everything but the test part. */
#define GAE_PART_TRAINING 0
#define GAE_PART_VALIDATION 1
#define GAE_PART_TEST 2

typedef struct GaePairs
{
	int64_t		count;
	int32_t    *src;
	int32_t    *dst;
} GaePairs;

/* How many of so many items are held out for validation and for test: never all. */
extern void gae_split_counts(int64_t count, double validation_fraction, double test_fraction,
							 int64_t *validation, int64_t *test);

/*
 * part[i] for each of count items: floor(count · fraction) are drawn for
 * validation and for test.
 */
extern GaeStatus gae_split(GaeEnv *env, int64_t count, double validation_fraction,
						   double test_fraction, int64_t seed, uint8_t **part,
						   int64_t *validation, int64_t *test);

/* The edges of one part, as pairs. */
extern GaeStatus gae_pairs_of_part(GaeEnv *env, const GaeGraph *graph, const uint8_t *part,
								   uint8_t wanted, int64_t count, GaePairs *pairs);

/* The pairs numbered by order[0] … order[count - 1]. */
extern GaeStatus gae_pairs_take(GaeEnv *env, const GaePairs *from, const int32_t *order,
								int64_t count, GaePairs *pairs);

/*
 * "count" different random pairs of different nodes that are not edges of
 * "known" (src < dst unless directed), or all there are if that is less, drawn
 * from the stream.  non_edges is how many such pairs there are.
 */
extern GaeStatus gae_sample_non_edges(GaeEnv *env, const GaeAdjacency *known, double non_edges,
									  int64_t count, GaeStream stream, GaePairs *pairs);

/* What it allocates at most, and what of that is in "pairs". */
extern void gae_sample_bytes(double nodes, bool directed, double non_edges, double count,
							 double *most, double *held);

#endif							/* GAE_SPLIT_H */
