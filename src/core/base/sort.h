/*
 * sort.h
 *		Stable radix sort of integer keys, and order-preserving keys for numbers.
 */
#ifndef GAE_SORT_H
#define GAE_SORT_H

#include "core/base/env.h"

typedef struct GaeSortItem
{
	uint64_t	key;
	uint64_t	value;
} GaeSortItem;

/*
 * Sort items by key, keeping the order of equal keys.  "spare" is room for as
 * many items; the result is in "items".
 */
extern GaeStatus gae_sort(GaeEnv *env, GaeSortItem *items, GaeSortItem *spare, int64_t count);

/* Bytes of "count" items and the spare room for them. */
extern double gae_sort_bytes(double count);

/*
 * Sort records of one or two words, of which the first counts most.  env is NULL
 * in a block of gae_parallel, which does not look at interrupts.
 */
extern GaeStatus gae_sort_records(GaeEnv *env, uint64_t *records, uint64_t *spare, int64_t count,
								  int words);

/* Keys in the order of the numbers, and back; x must not be a NaN. */
extern uint64_t gae_sort_key_double(double x);
extern double gae_sort_double_of_key(uint64_t key);

#endif							/* GAE_SORT_H */
