/*
 * key_table.c
 *		The hash table of a set of keys, from a key's hash to its number: its memory.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include "pg/base/long_memory.h"
#include "pg/keys/key_index.h"
#include "pg/keys/key_table.h"

#define INITIAL_SLOT_BITS 6

void
vgae_key_table_create(VgaeKeyTable *table, MemoryContext context)
{
	table->context = context;
	table->slot_bits = INITIAL_SLOT_BITS;
	table->slot = MemoryContextAllocZero(context, sizeof(uint64) << table->slot_bits);

	/* Nobody shall know keys that all begin their search at one slot. */
	if (!pg_strong_random(&table->seed, sizeof(table->seed)))
		ereport(ERROR,
				(errcode(ERRCODE_INTERNAL_ERROR),
				 errmsg("could not get a random number")));
}

void
vgae_key_table_free(VgaeKeyTable *table)
{
	if (table->slot != NULL)
		vgae_free_long(table->slot, sizeof(uint64) << table->slot_bits);
	table->slot = NULL;
}

static void
allocate_slots(VgaeKeyTable *table, int64 keys)
{
	while (!vgae_key_table_has_room(table, keys))
		table->slot_bits++;
	table->slot = vgae_alloc_zero_long(table->context, sizeof(uint64) << table->slot_bits);
}

/* Enter a key that is not there. */
static void
put_entry(VgaeKeyTable *table, uint64 entry)
{
	uint64		place = vgae_key_table_first(table, vgae_key_table_hash(entry));

	while (table->slot[place] != 0)
		place = vgae_key_table_next(table, place);
	table->slot[place] = entry;
}

/* One pass over the former slots, in their order: the keys themselves are not needed. */
void
vgae_key_table_grow(VgaeKeyTable *table, int64 keys)
{
	uint64	   *former = table->slot;
	uint64		former_slots = UINT64CONST(1) << table->slot_bits;

	allocate_slots(table, keys);
	for (uint64 i = 0; i < former_slots; i++)
	{
		if (i % VGAE_POLL_KEYS == 0)
			CHECK_FOR_INTERRUPTS();
		if (former[i] != 0)
			put_entry(table, former[i]);
	}
	vgae_free_long(former, former_slots * sizeof(uint64));
}

void
vgae_key_table_fill(VgaeKeyTable *table, const int64 *integer, int32 count, int64 keys)
{
	allocate_slots(table, keys);
	for (int32 number = 0; number < count; number++)
	{
		if (number % VGAE_POLL_KEYS == 0)
			CHECK_FOR_INTERRUPTS();
		put_entry(table, vgae_key_table_entry(vgae_key_table_hash_integer(table, integer[number]), number));
	}
}
