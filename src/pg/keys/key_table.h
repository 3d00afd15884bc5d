/*
 * key_table.h
 *		The hash table of a set of keys, from a key's hash to its number.
 *
 * A slot holds the number of a key beside the key's hash, so that a search seldom
 * compares with another key than the one sought.  Open addressing: a search begins at
 * the slot that the upper bits of the hash name and goes on to the next slot until it
 * finds the key or a free slot.
 */
#ifndef VGAE_KEY_TABLE_H
#define VGAE_KEY_TABLE_H

#include "pg/keys/key_hash.h"

typedef struct VgaeKeyTable
{
	MemoryContext context;
	uint64	   *slot;			/* 2^slot_bits slots, 0 where free; NULL: no table */
	int			slot_bits;		/* at most 32 */
	uint64		seed;			/* of the hash */
} VgaeKeyTable;

/* An empty table with a seed of its own, which grows in the given context. */
extern void vgae_key_table_create(VgaeKeyTable *table, MemoryContext context);
extern void vgae_key_table_free(VgaeKeyTable *table);

/* Enlarge the table, so that it has room for "keys" keys. */
extern void vgae_key_table_grow(VgaeKeyTable *table, int64 keys);

/* Allocate slots anew for "keys" keys, and enter the first, which are numbered 0 … count - 1. */
extern void vgae_key_table_fill(VgaeKeyTable *table, const int64 *integer, int32 count, int64 keys);

/* A table is at most three quarters full, so that runs of taken slots are short. */
static inline bool
vgae_key_table_has_room(const VgaeKeyTable *table, int64 keys)
{
	return (uint64) keys <= (UINT64CONST(1) << table->slot_bits) / 4 * 3;
}

static inline uint64
vgae_key_table_entry(uint32 hash, int32 number)
{
	return (uint64) hash << 32 | ((uint32) number + 1);
}

static inline uint32
vgae_key_table_hash(uint64 entry)
{
	return (uint32) (entry >> 32);
}

static inline int32
vgae_key_table_number(uint64 entry)
{
	return (int32) ((uint32) entry - 1);
}

/* The slot at which the search for a key of that hash begins, and the slot after one. */
static inline uint64
vgae_key_table_first(const VgaeKeyTable *table, uint32 hash)
{
	return (uint64) hash >> (32 - table->slot_bits);
}

static inline uint64
vgae_key_table_next(const VgaeKeyTable *table, uint64 place)
{
	return (place + 1) & ((UINT64CONST(1) << table->slot_bits) - 1);
}

/* The table's hashes: the upper bits of those in key_hash.h. */
static inline uint32
vgae_key_table_hash_integer(const VgaeKeyTable *table, int64 value)
{
	return (uint32) (vgae_hash_integer(table->seed, value) >> 32);
}

static inline uint32
vgae_key_table_hash_bytes(const VgaeKeyTable *table, const char *bytes, int64 length)
{
	return (uint32) (vgae_hash_bytes(table->seed, bytes, length) >> 32);
}

#endif							/* VGAE_KEY_TABLE_H */
