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
 * Sort "count" items by key, keeping the order of equal keys.  "spare" is room for as many
 * items; the result is in "items".
 */
extern GaeStatus gae_sort(GaeEnv *env, GaeSortItem *items, GaeSortItem *spare, int64_t count);

/* Bytes of "count" items and the spare room for them. */
extern double gae_sort_bytes(double count);

/*
 * Sort "count" records of one or two words, the first word first; "spare" is room for as
 * many records.  In a block of gae_parallel env is NULL: then it does not look at
 * interrupts, and cannot fail.
 */
extern GaeStatus gae_sort_records(GaeEnv *env, uint64_t *records, uint64_t *spare, int64_t count,
								  int words);

/* A key that orders as x does, which must not be a NaN, and x of a key. */
extern uint64_t gae_sort_key_double(double x);
extern double gae_sort_double_of_key(uint64_t key);

#endif							/* GAE_SORT_H */
