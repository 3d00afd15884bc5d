/*
 * key_list.c
 *		The keys of a set in the order of their numbers: the memory of the arrays.
 */
#include "postgres.h"

#include "utils/memutils.h"

#include "pg/keys/key_list.h"

#define INITIAL_KEYS 64
#define INITIAL_BYTES 1024

void
vgae_key_list_create(VgaeKeyList *list, VgaeKeyType type, MemoryContext context)
{
	memset(list, 0, sizeof(*list));
	list->type = type;
	list->capacity = INITIAL_KEYS;
	if (type == VGAE_KEY_INTEGER)
		list->integer = MemoryContextAlloc(context, list->capacity * sizeof(int64));
	else
	{
		list->bytes_capacity = INITIAL_BYTES;
		list->bytes = MemoryContextAlloc(context, list->bytes_capacity);
	}
	if (type == VGAE_KEY_TEXT)
	{
		list->offset = MemoryContextAlloc(context, (list->capacity + 1) * sizeof(uint64));
		list->offset[0] = 0;
	}
}

void
vgae_key_list_reserve(VgaeKeyList *list, int keys, uint64 bytes)
{
	int64		needed = (int64) list->count + keys;
	uint64		needed_bytes = list->bytes_used + bytes;

	if (needed > list->capacity)
	{
		list->capacity = Max(list->capacity * 2, needed);
		if (list->integer != NULL)
			list->integer = repalloc_huge(list->integer, list->capacity * sizeof(int64));
		if (list->offset != NULL)
			list->offset = repalloc_huge(list->offset, (list->capacity + 1) * sizeof(uint64));
	}
	if (needed_bytes > list->bytes_capacity)
	{
		list->bytes_capacity = Max(list->bytes_capacity * 2, needed_bytes);
		list->bytes = repalloc_huge(list->bytes, list->bytes_capacity);
	}
}

void
vgae_key_list_free(VgaeKeyList *list)
{
	if (list->integer != NULL)
		vgae_free_long(list->integer, list->capacity * sizeof(int64));
	if (list->offset != NULL)
		vgae_free_long(list->offset, (list->capacity + 1) * sizeof(uint64));
	if (list->bytes != NULL)
		vgae_free_long(list->bytes, list->bytes_capacity);
}
