/*
 * key_set.c
 *		The keys of an input while it is read: a set that numbers them in the order
 *		of their first appearance.
 *
 * Keys lie one after the other in growing arrays.  A hash table with open
 * addressing holds their numbers, each beside half of its hash, so that a search
 * touches one slot and the one key that it finds.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/memutils.h"
#include "utils/uuid.h"

#include "key_internal.h"

#define INITIAL_SLOTS 64
#define INITIAL_KEYS 64
#define INITIAL_BYTES 1024

/* A key given from outside, in a form that can be compared and kept. */
typedef struct Key
{
	int64		integer;
	const char *bytes;
	int64		length;
	uint64		hash;
} Key;

/* The finalizer of splitmix64 (Steele, Lea, Flood, OOPSLA 2014): every bit counts. */
static inline uint64
hash_integer(int64 value)
{
	uint64		x = (uint64) value;

	x = (x ^ (x >> 30)) * UINT64CONST(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64CONST(0x94d049bb133111eb);
	return x ^ (x >> 31);
}

static inline uint64
hash_text(const char *bytes, int64 length)
{
	return hash_bytes_extended((const unsigned char *) bytes, (int) length, 0);
}

static uint64
hash_of_number(const VgaeKeySet *set, int32 number)
{
	const char *bytes;
	int64		length;

	if (set->type == VGAE_KEY_INTEGER)
		return hash_integer(set->integer[number]);
	vgae_key_set_bytes(set, number, &bytes, &length);
	return hash_text(bytes, length);
}

VgaeKeySet *
vgae_key_set_create(VgaeKeyType type)
{
	VgaeKeySet *set = palloc0(sizeof(VgaeKeySet));

	set->type = type;
	set->context = CurrentMemoryContext;
	set->capacity = INITIAL_KEYS;
	if (type == VGAE_KEY_INTEGER)
		set->integer = palloc(set->capacity * sizeof(int64));
	else
	{
		set->bytes_capacity = INITIAL_BYTES;
		set->bytes = palloc(set->bytes_capacity);
	}
	if (type == VGAE_KEY_TEXT)
		set->offset = palloc0((set->capacity + 1) * sizeof(uint64));
	set->slots = INITIAL_SLOTS;
	set->slot = palloc0(set->slots * sizeof(uint64));
	return set;
}

VgaeKeyType
vgae_key_set_type(const VgaeKeySet *set)
{
	return set->type;
}

int32
vgae_key_set_count(const VgaeKeySet *set)
{
	return set->count;
}

/* Twice as many slots; made anew from the keys, so that the former go first. */
static void
grow_slots(VgaeKeySet *set)
{
	set->slots *= 2;
	pfree(set->slot);
	set->slot = MemoryContextAllocExtended(set->context, set->slots * sizeof(uint64),
										   MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	for (int32 number = 0; number < set->count; number++)
	{
		uint64		hash = hash_of_number(set, number);
		uint64		place = hash & (set->slots - 1);

		if (number % VGAE_POLL_KEYS == 0)
			CHECK_FOR_INTERRUPTS();
		while (set->slot[place] != 0)
			place = (place + 1) & (set->slots - 1);
		set->slot[place] = (hash >> 32 << 32) | ((uint64) number + 1);
	}
}

static void
keep_bytes(VgaeKeySet *set, const Key *key)
{
	if (set->bytes_used + key->length > set->bytes_capacity)
	{
		set->bytes_capacity = Max(set->bytes_capacity * 2, set->bytes_used + key->length);
		set->bytes = repalloc_huge(set->bytes, set->bytes_capacity);
	}
	memcpy(set->bytes + set->bytes_used, key->bytes, key->length);
	set->bytes_used += key->length;
}

/* Append the key, whose number is the present count. */
static void
keep_key(VgaeKeySet *set, const Key *key)
{
	if (set->count == PG_INT32_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("too many different keys"),
				 errdetail("There may be %d at most.", PG_INT32_MAX)));
	if (set->count == set->capacity)
	{
		set->capacity *= 2;
		if (set->integer != NULL)
			set->integer = repalloc_huge(set->integer, set->capacity * sizeof(int64));
		if (set->offset != NULL)
			set->offset = repalloc_huge(set->offset, (set->capacity + 1) * sizeof(uint64));
	}
	if (set->type == VGAE_KEY_INTEGER)
		set->integer[set->count] = key->integer;
	else
		keep_bytes(set, key);
	if (set->type == VGAE_KEY_TEXT)
		set->offset[set->count + 1] = set->bytes_used;
	set->count++;
}

static bool
key_equals(const VgaeKeySet *set, int32 number, const Key *key)
{
	const char *bytes;
	int64		length;

	if (set->type == VGAE_KEY_INTEGER)
		return set->integer[number] == key->integer;
	vgae_key_set_bytes(set, number, &bytes, &length);
	return length == key->length && memcmp(bytes, key->bytes, length) == 0;
}

static int32
add_key(VgaeKeySet *set, const Key *key, bool *found)
{
	uint64		tag = key->hash >> 32 << 32;
	uint64		place;

	/* Three quarters full: runs of taken slots are still short. */
	if ((uint64) set->count >= set->slots / 4 * 3)
		grow_slots(set);

	for (place = key->hash & (set->slots - 1);
		 set->slot[place] != 0;
		 place = (place + 1) & (set->slots - 1))
	{
		uint64		entry = set->slot[place];
		int32		number = (int32) ((uint32) entry - 1);

		if ((entry ^ tag) >> 32 == 0 && key_equals(set, number, key))
		{
			*found = true;
			return number;
		}
	}
	*found = false;
	keep_key(set, key);
	set->slot[place] = tag | (uint64) set->count;
	return set->count - 1;
}

int32
vgae_key_set_add(VgaeKeySet *set, Datum datum, bool *found)
{
	Key			key = {0};
	text	   *packed = NULL;
	int32		number;

	switch (set->type)
	{
		case VGAE_KEY_INTEGER:
			key.integer = DatumGetInt64(datum);
			key.hash = hash_integer(key.integer);
			break;
		case VGAE_KEY_UUID:
			key.bytes = (const char *) DatumGetUUIDP(datum)->data;
			key.length = UUID_LEN;
			key.hash = hash_text(key.bytes, key.length);
			break;
		case VGAE_KEY_TEXT:
			packed = DatumGetTextPP(datum);
			key.bytes = VARDATA_ANY(packed);
			key.length = VARSIZE_ANY_EXHDR(packed);
			key.hash = hash_text(key.bytes, key.length);
			break;
	}
	number = add_key(set, &key, found);
	if (packed != NULL && (Pointer) packed != DatumGetPointer(datum))
		pfree(packed);
	return number;
}

char *
vgae_key_set_display(const VgaeKeySet *set, int32 number)
{
	VgaeKeys	keys = {set->type, set->count, set->integer, set->offset, set->bytes};

	return vgae_key_display(&keys, number);
}
