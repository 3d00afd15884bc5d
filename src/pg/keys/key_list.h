/*
 * key_list.h
 *		The keys of a set in the order of their numbers: one after the other, in
 *		growing arrays.
 */
#ifndef VGAE_KEY_LIST_H
#define VGAE_KEY_LIST_H

#include "pg/base/long_memory.h"
#include "pg/keys/key_index.h"

typedef struct VgaeKeyList
{
	VgaeKeyType type;
	int32		count;
	int64		capacity;		/* keys that the arrays have room for */
	int64	   *integer;		/* VGAE_KEY_INTEGER */
	uint64	   *offset;			/* VGAE_KEY_TEXT: capacity + 1 */
	char	   *bytes;			/* VGAE_KEY_TEXT and VGAE_KEY_UUID */
	uint64		bytes_used;
	uint64		bytes_capacity;
} VgaeKeyList;

/* An empty list, whose arrays grow in the given context. */
extern void vgae_key_list_create(VgaeKeyList *list, VgaeKeyType type, MemoryContext context);
extern void vgae_key_list_free(VgaeKeyList *list);

/* Make room for "keys" more keys, which (text and uuid) have "bytes" bytes in all. */
extern void vgae_key_list_reserve(VgaeKeyList *list, int keys, uint64 bytes);

/* The list as unsorted keys, until it grows. */
static inline VgaeKeys
vgae_key_list_keys(const VgaeKeyList *list)
{
	return (VgaeKeys) {list->type, list->count, list->integer, list->offset, list->bytes};
}

/*
 * Append a key, which gets the count before as its number.  There must be room, and the
 * count be below PG_INT32_MAX.  The type is an argument, although the list has it: where
 * it is constant, no branch is left.
 */
static pg_attribute_always_inline void
vgae_key_list_append_integer(VgaeKeyList *list, int64 value)
{
	list->integer[list->count++] = value;
}

static pg_attribute_always_inline void
vgae_key_list_append_bytes(VgaeKeyList *list, VgaeKeyType type, const char *bytes, int64 length)
{
	vgae_copy_long(list->bytes + list->bytes_used, bytes, length);
	list->bytes_used += length;
	if (type == VGAE_KEY_TEXT)
		list->offset[list->count + 1] = list->bytes_used;
	list->count++;
}

#endif							/* VGAE_KEY_LIST_H */
