/*
 * key_set.h
 *		The keys of an input while it is read: a growing set that numbers them in the
 *		order of their first appearance.
 */
#ifndef VGAE_KEY_SET_H
#define VGAE_KEY_SET_H

#include "pg/keys/key_index.h"

typedef struct VgaeKeySet VgaeKeySet;

/* An empty set, in the current memory context. */
extern VgaeKeySet *vgae_key_set_create(VgaeKeyType type);

extern VgaeKeyType vgae_key_set_type(const VgaeKeySet *set);
extern int32 vgae_key_set_count(const VgaeKeySet *set);

/*
 * The number of a key, which is added if it is new; *found says whether it was there.
 * The key is a Datum of type bigint, text or uuid.
 */
extern int32 vgae_key_set_add(VgaeKeySet *set, Datum key, bool *found);

/*
 * The same for many keys, much faster.  vgae_key_set_put() lets a key wait; it returns
 * true when the waiting keys must be taken, after VGAE_WAITING_KEYS keys at the latest.
 * vgae_key_set_take() writes the numbers of the waiting keys, in the order in which
 * they were put, and returns how many these are.  While keys wait, no other function
 * of the set may be called.
 */
#define VGAE_WAITING_KEYS 512
extern bool vgae_key_set_put(VgaeKeySet *set, Datum key);
extern int	vgae_key_set_take(VgaeKeySet *set, int32 *number);

/* For messages: the key with that number, as vgae_key_display() gives it. */
extern char *vgae_key_set_display(const VgaeKeySet *set, int32 number);

/*
 * The end of reading: the keys in order, and rank[number] = the index of each, both in
 * the current memory context.  The set is freed.
 */
extern void vgae_key_set_sort(VgaeKeySet *set, VgaeKeys *keys, int32 **rank);

#endif							/* VGAE_KEY_SET_H */
