/*
 * split.c
 *		Which edges or rows are held out.
 */
#include "core/graph/split.h"

#include <math.h>

#include "core/base/random.h"

void
gae_split_counts(int64_t count, double validation_fraction, double test_fraction,
				 int64_t *validation, int64_t *test)
{
	*validation = (int64_t) floor((double) count * validation_fraction);
	*test = (int64_t) floor((double) count * test_fraction);

	/* Fractions that add up to less than 1 may round to all items: one stays for training. */
	if (*validation + *test >= count && *validation > 0)
		(*validation)--;
	else if (*validation + *test >= count && *test > 0)
		(*test)--;
}

GaeStatus
gae_split(GaeEnv *env, int64_t count, double validation_fraction, double test_fraction,
		  int64_t seed, uint8_t **part, int64_t *validation, int64_t *test)
{
	int32_t    *order;

	gae_split_counts(count, validation_fraction, test_fraction, validation, test);
	GAE_ALLOC_ZERO(env, *part, count);	/* GAE_PART_TRAINING */
	GAE_ALLOC(env, order, count);
	GAE_TRY(gae_random_order(env, gae_stream(seed, GAE_RANDOM_SPLIT, 0, 0), count, order));
	for (int64_t i = 0; i < *test + *validation; i++)
	{
		if (i % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(env));
		(*part)[order[i]] = i < *test ? GAE_PART_TEST : GAE_PART_VALIDATION;
	}
	gae_free(env, order);
	return GAE_OK;
}

double
gae_split_bytes(double count)
{
	return count * sizeof(uint8_t);
}

double
gae_split_build_bytes(double count)
{
	return count * sizeof(int32_t);
}
