/*
 * key_index.h
 *		What users call their nodes (and sparse features): keys ↔ 0 … n-1.
 *
 * Keys of one type, in order: integers by value, text and uuid bytewise.
 */
#ifndef VGAE_KEY_INDEX_H
#define VGAE_KEY_INDEX_H

#include "lib/stringinfo.h"

typedef enum VgaeKeyType
{
	VGAE_KEY_INTEGER = 1,
	VGAE_KEY_TEXT = 2,
	VGAE_KEY_UUID = 3
} VgaeKeyType;

/* Sorted keys: of a model, or of the input that was just read. */
typedef struct VgaeKeys
{
	VgaeKeyType type;
	int32		count;
	const int64 *integer;		/* VGAE_KEY_INTEGER: count values */
	const uint64 *offset;		/* VGAE_KEY_TEXT: count + 1 places in "bytes" */
	const char *bytes;			/* VGAE_KEY_TEXT and, 16 bytes each, VGAE_KEY_UUID */
} VgaeKeys;

/* "integer", "text" or "uuid" */
extern const char *vgae_key_type_name(VgaeKeyType type);

/* The key as a Datum of type bigint, text or uuid, in the current memory context. */
extern Datum vgae_key_datum(const VgaeKeys *keys, int32 index);

/* The index of a key given as such a Datum, or -1. */
extern int32 vgae_key_find(const VgaeKeys *keys, Datum key);

/* map[i] = former_first + the index in "former" of key i of "keys"; or -1. */
extern void vgae_keys_map(const VgaeKeys *keys, const VgaeKeys *former, int32 former_first,
						  int32 *map);

/* For messages: the key as a user would type it (text in quotes). */
extern char *vgae_key_display(const VgaeKeys *keys, int32 index);

/* As the blob that a model stores, and back; false for a blob that is not one. */
extern void vgae_keys_write(const VgaeKeys *keys, StringInfo blob);
extern bool vgae_keys_read(const uint8 *blob, int64 length, VgaeKeys *keys);

/*
 * While reading: a growing set of keys that numbers them in the order of their
 * first appearance.
 */
typedef struct VgaeKeySet VgaeKeySet;

extern VgaeKeySet *vgae_key_set_create(VgaeKeyType type);
extern VgaeKeyType vgae_key_set_type(const VgaeKeySet *set);
extern int32 vgae_key_set_count(const VgaeKeySet *set);

/* The number of a key, new or not; *found says which. */
extern int32 vgae_key_set_add(VgaeKeySet *set, Datum key, bool *found);

/*
 * The same for many keys, much faster: put them until the result is true, which
 * it is after VGAE_WAITING_KEYS at the latest, and take their numbers, in that
 * order; returns how many.  Until they are taken, nothing else may be asked of
 * the set.
 */
#define VGAE_WAITING_KEYS 512
extern bool vgae_key_set_put(VgaeKeySet *set, Datum key);
extern int	vgae_key_set_take(VgaeKeySet *set, int32 *number);

/* For messages: the key with that number, as vgae_key_display gives it. */
extern char *vgae_key_set_display(const VgaeKeySet *set, int32 number);

/*
 * End of reading: the keys in order, and rank[number] = index of each.  The set
 * must not be used any more.
 */
extern void vgae_key_set_sort(VgaeKeySet *set, VgaeKeys *keys, int32 **rank);

#endif							/* VGAE_KEY_INDEX_H */
