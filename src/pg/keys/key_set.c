/*
 * key_set.c
 *		The keys of an input while it is read: a set that numbers them in the order
 *		of their first appearance.
 *
 * Keys lie one after the other in growing arrays.  A hash table with open
 * addressing holds their numbers, each beside the key's hash.  The upper bits of
 * the hash say where in the table a search begins, so that a larger table takes
 * its entries over in one pass, without a look at the keys.  Integers that lie
 * close together have an array instead: see key_direct.c.
 *
 * With many keys, every search would wait for memory: once for the table, once
 * for the key.  So keys are put first and numbered later, many at a time; what
 * they need is fetched meanwhile.
 */
#include "postgres.h"

#include "fmgr.h"
#include "miscadmin.h"
#include "utils/memutils.h"
#include "utils/uuid.h"

#include "pg/keys/key_internal.h"
#include "pg/base/long_memory.h"

#define INITIAL_SLOT_BITS 6
#define INITIAL_KEYS 64
#define INITIAL_BYTES 1024

/* When so many bytes wait, they should be taken, however few keys that are. */
#define WAITING_BYTES (1 << 18)

/* The finalizer of splitmix64 (Steele, Lea, Flood, OOPSLA 2014): every bit counts. */
static inline uint64
mix(uint64 x)
{
	x = (x ^ (x >> 30)) * UINT64CONST(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64CONST(0x94d049bb133111eb);
	return x ^ (x >> 31);
}

static inline uint32
hash_integer(const VgaeKeySet *set, int64 value)
{
	return (uint32) (mix((uint64) value ^ set->seed) >> 32);
}

static uint32
hash_bytes(const VgaeKeySet *set, const char *bytes, int64 length)
{
	uint64		hash = set->seed ^ (uint64) length;
	uint64		chunk;

	for (; length >= (int64) sizeof(chunk); length -= sizeof(chunk), bytes += sizeof(chunk))
	{
		memcpy(&chunk, bytes, sizeof(chunk));
		hash = mix(hash ^ chunk);
	}
	chunk = 0;
	for (int64 i = 0; i < length; i++)
		chunk |= (uint64) (unsigned char) bytes[i] << (8 * i);
	return (uint32) (mix(hash ^ chunk) >> 32);
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
		set->waiting_bytes_capacity = INITIAL_BYTES;
		set->waiting_bytes = palloc(set->waiting_bytes_capacity);
	}
	if (type == VGAE_KEY_TEXT)
		set->offset = palloc0((set->capacity + 1) * sizeof(uint64));
	set->slot_bits = INITIAL_SLOT_BITS;
	set->slot = palloc0(sizeof(uint64) << set->slot_bits);

	/* Nobody shall know keys that all begin their search at one place. */
	if (!pg_strong_random(&set->seed, sizeof(set->seed)))
		ereport(ERROR,
				(errcode(ERRCODE_INTERNAL_ERROR),
				 errmsg("could not get a random number")));
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
	Assert(set->waiting == 0);
	return set->count;
}

/* Where the search for a key of that hash begins. */
static inline uint64
first_slot(const VgaeKeySet *set, uint32 hash)
{
	return (uint64) hash >> (32 - set->slot_bits);
}

static inline uint64
next_slot(const VgaeKeySet *set, uint64 place)
{
	return (place + 1) & ((UINT64CONST(1) << set->slot_bits) - 1);
}

void *
vgae_key_set_zeros(const VgaeKeySet *set, uint64 bytes)
{
	void	   *zeros = MemoryContextAllocExtended(set->context, bytes, MCXT_ALLOC_HUGE);

	vgae_zero_long(zeros, bytes);
	return zeros;
}

/* A table for that many keys: at most three quarters full, runs of taken slots are short. */
static uint64 *
allocate_slots(VgaeKeySet *set, int64 keys)
{
	while ((uint64) keys > (UINT64CONST(1) << set->slot_bits) / 4 * 3)
		set->slot_bits++;
	return vgae_key_set_zeros(set, sizeof(uint64) << set->slot_bits);
}

static void
put_entry(VgaeKeySet *set, uint64 entry)
{
	uint64		place = first_slot(set, (uint32) (entry >> 32));

	while (set->slot[place] != 0)
		place = next_slot(set, place);
	set->slot[place] = entry;
}

static void
grow_slots(VgaeKeySet *set, int64 keys)
{
	uint64	   *former = set->slot;
	uint64		former_slots = UINT64CONST(1) << set->slot_bits;

	set->slot = allocate_slots(set, keys);
	for (uint64 i = 0; i < former_slots; i++)
	{
		if (i % VGAE_POLL_KEYS == 0)
			CHECK_FOR_INTERRUPTS();
		if (former[i] != 0)
			put_entry(set, former[i]);
	}
	pfree(former);
}

/* From the array of key_direct.c to the hash table, which waiting keys were not put for. */
static void
change_to_slots(VgaeKeySet *set, int64 keys)
{
	pfree(set->direct);
	set->direct = NULL;
	set->slot = allocate_slots(set, keys);
	for (int32 number = 0; number < set->count; number++)
	{
		uint32		hash = hash_integer(set, set->integer[number]);

		if (number % VGAE_POLL_KEYS == 0)
			CHECK_FOR_INTERRUPTS();
		put_entry(set, (uint64) hash << 32 | ((uint32) number + 1));
	}
	for (int i = 0; i < set->waiting; i++)
		set->waiting_key[i].hash = hash_integer(set, set->waiting_key[i].integer);
}

/* Make the table ready for the waiting keys, when there may be that many in all. */
static void
reserve_table(VgaeKeySet *set, int64 keys)
{
	if (set->direct != NULL)
	{
		if (!vgae_direct_reserve(set, keys))
			change_to_slots(set, keys);
	}
	else if ((uint64) keys > (UINT64CONST(1) << set->slot_bits) / 4 * 3)
	{
		if (set->type != VGAE_KEY_INTEGER || !vgae_direct_begin(set, keys))
			grow_slots(set, keys);
	}
}

/* Room for that many more keys, of as many bytes as are waiting. */
static void
reserve_keys(VgaeKeySet *set, int keys)
{
	int64		needed = (int64) set->count + keys;

	if (needed > set->capacity)
	{
		set->capacity = Max(set->capacity * 2, needed);
		if (set->integer != NULL)
			set->integer = repalloc_huge(set->integer, set->capacity * sizeof(int64));
		if (set->offset != NULL)
			set->offset = repalloc_huge(set->offset, (set->capacity + 1) * sizeof(uint64));
	}
	if (set->bytes_used + set->waiting_bytes_used > set->bytes_capacity)
	{
		set->bytes_capacity = Max(set->bytes_capacity * 2,
								  set->bytes_used + set->waiting_bytes_used);
		set->bytes = repalloc_huge(set->bytes, set->bytes_capacity);
	}
	reserve_table(set, needed);
}

static void
put_bytes(VgaeKeySet *set, VgaeWaitingKey *key, const char *bytes, int64 length)
{
	if (set->waiting_bytes_used + length > set->waiting_bytes_capacity)
	{
		set->waiting_bytes_capacity = Max(set->waiting_bytes_capacity * 2,
										  set->waiting_bytes_used + length);
		set->waiting_bytes = repalloc_huge(set->waiting_bytes, set->waiting_bytes_capacity);
	}
	memcpy(set->waiting_bytes + set->waiting_bytes_used, bytes, length);
	key->place = set->waiting_bytes_used;
	key->length = length;
	key->hash = hash_bytes(set, bytes, length);
	set->waiting_bytes_used += length;
}

bool
vgae_key_set_put(VgaeKeySet *set, Datum datum)
{
	VgaeWaitingKey *key = &set->waiting_key[set->waiting];
	text	   *packed;

	Assert(set->waiting < VGAE_WAITING_KEYS);
	switch (set->type)
	{
		case VGAE_KEY_INTEGER:
			key->integer = DatumGetInt64(datum);
			if (set->direct == NULL)
				key->hash = hash_integer(set, key->integer);
			break;
		case VGAE_KEY_UUID:
			put_bytes(set, key, (const char *) DatumGetUUIDP(datum)->data, UUID_LEN);
			break;
		case VGAE_KEY_TEXT:
			packed = DatumGetTextPP(datum);
			put_bytes(set, key, VARDATA_ANY(packed), VARSIZE_ANY_EXHDR(packed));
			if ((Pointer) packed != DatumGetPointer(datum))
				pfree(packed);
			break;
	}

	if (set->direct == NULL)
		__builtin_prefetch(&set->slot[first_slot(set, key->hash)]);
	else if (vgae_direct_place(set, key->integer) < set->direct_places)
		__builtin_prefetch(&set->direct[vgae_direct_place(set, key->integer)]);
	return ++set->waiting == VGAE_WAITING_KEYS || set->waiting_bytes_used >= WAITING_BYTES;
}

/*
 * Fetch what the comparison with the key that the search meets first will look
 * at, which most often is the one sought.  "step" says which part: text first
 * needs its place.
 */
static pg_attribute_always_inline void
prefetch_key(const VgaeKeySet *set, VgaeKeyType type, const VgaeWaitingKey *key, int step)
{
	uint64		entry = set->slot[first_slot(set, key->hash)];
	int32		number = (int32) ((uint32) entry - 1);

	if (entry == 0 || (uint32) (entry >> 32) != key->hash)
		return;
	if (type == VGAE_KEY_INTEGER)
		__builtin_prefetch(&set->integer[number]);
	else if (type == VGAE_KEY_UUID)
		__builtin_prefetch(&set->bytes[(uint64) number * UUID_LEN]);
	else if (step == 0)
		__builtin_prefetch(&set->offset[number]);
	else
		__builtin_prefetch(&set->bytes[set->offset[number]]);
}

static pg_attribute_always_inline bool
key_equals(const VgaeKeySet *set, VgaeKeyType type, int32 number, const VgaeWaitingKey *key)
{
	const char *bytes;
	int64		length;

	if (type == VGAE_KEY_INTEGER)
		return set->integer[number] == key->integer;
	if (type == VGAE_KEY_UUID)
		return memcmp(set->bytes + (uint64) number * UUID_LEN, set->waiting_bytes + key->place,
					  UUID_LEN) == 0;
	bytes = set->bytes + set->offset[number];
	length = (int64) (set->offset[number + 1] - set->offset[number]);
	return length == key->length && memcmp(bytes, set->waiting_bytes + key->place, length) == 0;
}

static void
refuse_more_keys(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("too many different keys"),
			 errdetail("There may be %d at most.", PG_INT32_MAX)));
}

/* Append the key, whose number is the present count; there is room. */
static pg_attribute_always_inline void
keep_key(VgaeKeySet *set, VgaeKeyType type, const VgaeWaitingKey *key)
{
	if (set->count == PG_INT32_MAX)
		refuse_more_keys();
	if (type == VGAE_KEY_INTEGER)
	{
		set->least = set->count == 0 ? key->integer : Min(set->least, key->integer);
		set->greatest = set->count == 0 ? key->integer : Max(set->greatest, key->integer);
		set->integer[set->count] = key->integer;
	}
	else
	{
		memcpy(set->bytes + set->bytes_used, set->waiting_bytes + key->place, key->length);
		set->bytes_used += key->length;
	}
	if (type == VGAE_KEY_TEXT)
		set->offset[set->count + 1] = set->bytes_used;
	set->count++;
}

static pg_attribute_always_inline int32
number_key(VgaeKeySet *set, VgaeKeyType type, const VgaeWaitingKey *key)
{
	uint64		place = first_slot(set, key->hash);

	for (; set->slot[place] != 0; place = next_slot(set, place))
	{
		uint64		entry = set->slot[place];
		int32		number = (int32) ((uint32) entry - 1);

		if ((uint32) (entry >> 32) == key->hash && key_equals(set, type, number, key))
			return number;
	}
	keep_key(set, type, key);
	set->slot[place] = (uint64) key->hash << 32 | (uint32) set->count;
	return set->count - 1;
}

/* To be inlined with a constant type, so that the loops are free of it. */
static pg_attribute_always_inline void
number_keys(VgaeKeySet *set, VgaeKeyType type, int32 *number)
{
	int			count = set->waiting;

	for (int step = 0; step < (type == VGAE_KEY_TEXT ? 2 : 1); step++)
		for (int i = 0; i < count; i++)
			prefetch_key(set, type, &set->waiting_key[i], step);
	for (int i = 0; i < count; i++)
		number[i] = number_key(set, type, &set->waiting_key[i]);
}

static void
number_directly(VgaeKeySet *set, int32 *number)
{
	for (int i = 0; i < set->waiting; i++)
	{
		const VgaeWaitingKey *key = &set->waiting_key[i];
		uint64		place = vgae_direct_place(set, key->integer);

		if (set->direct[place] == 0)
		{
			keep_key(set, VGAE_KEY_INTEGER, key);
			set->direct[place] = set->count;
		}
		number[i] = set->direct[place] - 1;
	}
}

int
vgae_key_set_take(VgaeKeySet *set, int32 *number)
{
	int			count = set->waiting;

	reserve_keys(set, count);
	switch (set->type)
	{
		case VGAE_KEY_INTEGER:
			if (set->direct != NULL)
				number_directly(set, number);
			else
				number_keys(set, VGAE_KEY_INTEGER, number);
			break;
		case VGAE_KEY_UUID:
			number_keys(set, VGAE_KEY_UUID, number);
			break;
		case VGAE_KEY_TEXT:
			number_keys(set, VGAE_KEY_TEXT, number);
			break;
	}
	set->waiting = 0;
	set->waiting_bytes_used = 0;
	return count;
}

int32
vgae_key_set_add(VgaeKeySet *set, Datum key, bool *found)
{
	int32		count = set->count;
	int32		number;

	Assert(set->waiting == 0);
	(void) vgae_key_set_put(set, key);
	(void) vgae_key_set_take(set, &number);
	*found = number < count;
	return number;
}

char *
vgae_key_set_display(const VgaeKeySet *set, int32 number)
{
	VgaeKeys	keys = {set->type, set->count, set->integer, set->offset, set->bytes};

	return vgae_key_display(&keys, number);
}
