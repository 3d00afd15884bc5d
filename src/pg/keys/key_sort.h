/*
 * key_sort.h
 *		Keys in any order, put in order.
 */
#ifndef VGAE_KEY_SORT_H
#define VGAE_KEY_SORT_H

#include "pg/keys/key_index.h"

/*
 * sorted = a copy of the keys in ascending order, in the current memory context, and
 * rank[i] = the index there of key i.  The keys differ from each other.
 */
extern void vgae_keys_sort(const VgaeKeys *keys, VgaeKeys *sorted, int32 *rank);

#endif							/* VGAE_KEY_SORT_H */
