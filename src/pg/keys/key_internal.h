/*
 * key_internal.h
 *		What the key_*.c files share: keys as bytes, and the inside of a set.
 */
#ifndef VGAE_KEY_INTERNAL_H
#define VGAE_KEY_INTERNAL_H

#include "pg/base/compat.h"
#include "pg/keys/key_index.h"

/* The bytes of a text or uuid key. */
extern void vgae_key_bytes(const VgaeKeys *keys, int32 index, const char **bytes, int64 *length);

/* The order of text and uuid keys: below 0, 0 or above 0. */
extern int	vgae_bytes_compare(const char *a, int64 a_length, const char *b, int64 b_length);

/* The index in low … high - 1 of a text or uuid key given as bytes, or -1. */
extern int32 vgae_key_find_bytes(const VgaeKeys *keys, int32 low, int32 high,
								 const char *key, int64 key_length);

/* For messages. */
extern char *vgae_bytes_display(VgaeKeyType type, const char *bytes, int64 length);

/* Keys handled between two looks at interrupts. */
#define VGAE_POLL_KEYS (1 << 16)

/* A key that was put but has no number yet. */
typedef struct VgaeWaitingKey
{
	uint32		hash;			/* not set while there is an array: VgaeKeySet.direct */
	int64		integer;		/* VGAE_KEY_INTEGER; else: */
	uint64		place;			/* in waiting_bytes */
	int64		length;
} VgaeWaitingKey;

struct VgaeKeySet
{
	VgaeKeyType type;
	MemoryContext context;
	int32		count;
	int64		capacity;		/* keys that the arrays have room for */
	int64	   *integer;		/* VGAE_KEY_INTEGER */
	uint64	   *offset;			/* VGAE_KEY_TEXT: capacity + 1 */
	char	   *bytes;			/* VGAE_KEY_TEXT and VGAE_KEY_UUID */
	uint64		bytes_used;
	uint64		bytes_capacity;

	/* 0, or hash · number + 1, of 32 bits each; 2^slot_bits of them */
	uint64	   *slot;
	int			slot_bits;		/* at most 32 */
	uint64		seed;			/* of the hash */

	/* VGAE_KEY_INTEGER: */
	int64		least;			/* of the keys, unless there is none */
	int64		greatest;
	int32	   *direct;			/* instead of slot: 0, or number + 1, of each value */
	uint64		direct_base;	/* the value that has the first place, modulo 2^64 */
	uint64		direct_places;

	int			waiting;
	VgaeWaitingKey waiting_key[VGAE_WAITING_KEYS];
	char	   *waiting_bytes;
	uint64		waiting_bytes_used;
	uint64		waiting_bytes_capacity;
};

/* The key with that number, which must be text or uuid. */
static inline void
vgae_key_set_bytes(const VgaeKeySet *set, int32 number, const char **bytes, int64 *length)
{
	VgaeKeys	keys = {set->type, set->count, NULL, set->offset, set->bytes};

	vgae_key_bytes(&keys, number, bytes, length);
}

/* Zeros for a table of the set; looks at interrupts on the way. */
extern void *vgae_key_set_zeros(const VgaeKeySet *set, uint64 bytes);

/* The place of a value in set->direct; none, if it is not below direct_places. */
static inline uint64
vgae_direct_place(const VgaeKeySet *set, int64 value)
{
	return (uint64) value - set->direct_base;
}

/*
 * Change from the hash table to the array, if the keys that there are, with those
 * that wait, lie close enough for an array for that many.
 */
extern bool vgae_direct_begin(VgaeKeySet *set, int64 keys);

/* Make the array as wide as they need; false if it would be too wide. */
extern bool vgae_direct_reserve(VgaeKeySet *set, int64 keys);

#endif							/* VGAE_KEY_INTERNAL_H */
