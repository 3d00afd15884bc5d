/*
 * split.h
 *		Which edges or rows are held out: for validation, while a model is trained, and for
 *		the test of the trained model.
 */
#ifndef GAE_SPLIT_H
#define GAE_SPLIT_H

#include "core/base/env.h"

/* Parts, in an order in which part <= GAE_PART_VALIDATION is everything but the test part. */
#define GAE_PART_TRAINING 0
#define GAE_PART_VALIDATION 1
#define GAE_PART_TEST 2

/*
 * How many of count items are held out: floor(count · fraction) for validation and for
 * test, but never all items (one less for validation or, where that is none, for test).
 */
extern void gae_split_counts(int64_t count, double validation_fraction, double test_fraction,
							 int64_t *validation, int64_t *test);

/*
 * Draw the part of each of count items: part[i] is one of GAE_PART_….  The test part does
 * not depend on validation_fraction.
 */
extern GaeStatus gae_split(GaeEnv *env, int64_t count, double validation_fraction,
						   double test_fraction, int64_t seed, uint8_t **part,
						   int64_t *validation, int64_t *test);

/* Bytes of "part", and what gae_split takes beside that until it returns. */
extern double gae_split_bytes(double count);
extern double gae_split_build_bytes(double count);

#endif							/* GAE_SPLIT_H */
