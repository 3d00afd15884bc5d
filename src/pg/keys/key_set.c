/*
 * key_set.c
 *		The keys of an input while it is read: a set that numbers them in the order
 *		of their first appearance.
 *
 * The keys lie one after the other in growing arrays, in the order of their numbers.
 * The number of a key is found by a hash table or, if the keys are integers that lie
 * close together, by an array over their range.  A set changes between the two as its
 * keys come: to the array when the table would grow and the array takes no more memory,
 * and back when a key comes that lies far from the others.
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

#include "pg/base/compat.h"
#include "pg/base/long_memory.h"
#include "pg/keys/key_direct.h"
#include "pg/keys/key_list.h"
#include "pg/keys/key_set.h"
#include "pg/keys/key_sort.h"
#include "pg/keys/key_table.h"

/* Room for the bytes of waiting keys, at first. */
#define INITIAL_BYTES 1024

/* Bytes of waiting keys at which they must be taken, however few keys these are. */
#define WAITING_BYTES (1 << 18)

/* A key that was put but has no number yet. */
typedef struct WaitingKey
{
	uint32		hash;			/* not set while the set has an array */
	int64		integer;		/* VGAE_KEY_INTEGER; else: */
	uint64		place;			/* in waiting_bytes */
	int64		length;
} WaitingKey;

struct VgaeKeySet
{
	MemoryContext context;
	VgaeKeyList list;			/* from number to key */
	VgaeKeyRange range;			/* VGAE_KEY_INTEGER: of the keys in the list */

	/* From key to number: either the table or the array is there. */
	VgaeKeyTable table;
	VgaeKeyDirect direct;

	int			waiting;
	WaitingKey	waiting_key[VGAE_WAITING_KEYS];
	char	   *waiting_bytes;
	uint64		waiting_bytes_used;
	uint64		waiting_bytes_capacity;
};

VgaeKeySet *
vgae_key_set_create(VgaeKeyType type)
{
	VgaeKeySet *set = palloc0(sizeof(VgaeKeySet));

	set->context = CurrentMemoryContext;
	if (type != VGAE_KEY_INTEGER)
	{
		set->waiting_bytes_capacity = INITIAL_BYTES;
		set->waiting_bytes = palloc(set->waiting_bytes_capacity);
	}
	vgae_key_list_create(&set->list, type, set->context);
	set->range = (VgaeKeyRange) {PG_INT64_MAX, PG_INT64_MIN};	/* no key yet */
	vgae_key_table_create(&set->table, set->context);
	return set;
}

VgaeKeyType
vgae_key_set_type(const VgaeKeySet *set)
{
	return set->list.type;
}

int32
vgae_key_set_count(const VgaeKeySet *set)
{
	Assert(set->waiting == 0);
	return set->list.count;
}

/* The range of all keys, with those that wait. */
static VgaeKeyRange
whole_range(const VgaeKeySet *set)
{
	VgaeKeyRange range = set->range;

	for (int i = 0; i < set->waiting; i++)
	{
		range.least = Min(range.least, set->waiting_key[i].integer);
		range.greatest = Max(range.greatest, set->waiting_key[i].integer);
	}
	return range;
}

/* Change from the table to the array, if its range is not too wide for "keys" keys. */
static bool
change_to_array(VgaeKeySet *set, int64 keys)
{
	VgaeKeyRange range = whole_range(set);

	if (!vgae_direct_fits(range, keys))
		return false;
	vgae_key_table_free(&set->table);
	vgae_direct_create(&set->direct, set->context, range, set->list.integer, set->list.count);
	return true;
}

/* Change from the array to the table, for which the waiting keys have no hash yet. */
static void
change_to_table(VgaeKeySet *set, int64 keys)
{
	vgae_direct_free(&set->direct);
	vgae_key_table_fill(&set->table, set->list.integer, set->list.count, keys);
	for (int i = 0; i < set->waiting; i++)
		set->waiting_key[i].hash = vgae_key_table_hash_integer(&set->table, set->waiting_key[i].integer);
}

/* Make room for the waiting keys; with them the set has at most "keys" keys. */
static void
reserve_numbers(VgaeKeySet *set, int64 keys)
{
	if (set->direct.place != NULL)
	{
		if (!vgae_direct_reserve(&set->direct, set->context, whole_range(set), keys,
								 set->list.integer, set->list.count))
			change_to_table(set, keys);
	}
	else if (!vgae_key_table_has_room(&set->table, keys))
	{
		if (set->list.type != VGAE_KEY_INTEGER || !change_to_array(set, keys))
			vgae_key_table_grow(&set->table, keys);
	}
}

static void
put_bytes(VgaeKeySet *set, WaitingKey *key, const char *bytes, int64 length)
{
	if (set->waiting_bytes_used + length > set->waiting_bytes_capacity)
	{
		set->waiting_bytes_capacity = Max(set->waiting_bytes_capacity * 2,
										  set->waiting_bytes_used + length);
		set->waiting_bytes = repalloc_huge(set->waiting_bytes, set->waiting_bytes_capacity);
	}
	vgae_copy_long(set->waiting_bytes + set->waiting_bytes_used, bytes, length);
	key->place = set->waiting_bytes_used;
	key->length = length;
	key->hash = vgae_key_table_hash_bytes(&set->table, bytes, length);
	set->waiting_bytes_used += length;
}

bool
vgae_key_set_put(VgaeKeySet *set, Datum datum)
{
	WaitingKey *key = &set->waiting_key[set->waiting];
	text	   *packed;

	Assert(set->waiting < VGAE_WAITING_KEYS);
	switch (set->list.type)
	{
		case VGAE_KEY_INTEGER:
			key->integer = DatumGetInt64(datum);
			if (set->direct.place == NULL)
				key->hash = vgae_key_table_hash_integer(&set->table, key->integer);
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

	if (set->direct.place == NULL)
		__builtin_prefetch(&set->table.slot[vgae_key_table_first(&set->table, key->hash)]);
	else if (vgae_direct_place(&set->direct, key->integer) < set->direct.places)
		__builtin_prefetch(&set->direct.place[vgae_direct_place(&set->direct, key->integer)]);
	return ++set->waiting == VGAE_WAITING_KEYS || set->waiting_bytes_used >= WAITING_BYTES;
}

/*
 * Fetch the key that the search for a waiting key will be compared with first, which
 * most often is the one sought.  A text takes two steps: step 0 fetches where its bytes
 * are, step 1 the bytes.
 */
static pg_attribute_always_inline void
prefetch_key(const VgaeKeySet *set, VgaeKeyType type, const WaitingKey *key, int step)
{
	uint64		entry = set->table.slot[vgae_key_table_first(&set->table, key->hash)];
	int32		number = vgae_key_table_number(entry);

	if (entry == 0 || vgae_key_table_hash(entry) != key->hash)
		return;
	if (type == VGAE_KEY_INTEGER)
		__builtin_prefetch(&set->list.integer[number]);
	else if (type == VGAE_KEY_UUID)
		__builtin_prefetch(&set->list.bytes[(uint64) number * UUID_LEN]);
	else if (step == 0)
		__builtin_prefetch(&set->list.offset[number]);
	else
		__builtin_prefetch(&set->list.bytes[set->list.offset[number]]);
}

static pg_attribute_always_inline bool
key_equals(const VgaeKeySet *set, VgaeKeyType type, int32 number, const WaitingKey *key)
{
	const VgaeKeyList *list = &set->list;
	const char *bytes;
	int64		length;

	if (type == VGAE_KEY_INTEGER)
		return list->integer[number] == key->integer;
	if (type == VGAE_KEY_UUID)
		return memcmp(list->bytes + (uint64) number * UUID_LEN, set->waiting_bytes + key->place,
					  UUID_LEN) == 0;
	bytes = list->bytes + list->offset[number];
	length = (int64) (list->offset[number + 1] - list->offset[number]);
	return length == key->length &&
		vgae_bytes_compare(bytes, length, set->waiting_bytes + key->place, length) == 0;
}

static void
refuse_more_keys(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("too many different keys"),
			 errdetail("There may be %d at most.", PG_INT32_MAX)));
}

/* Give the key the next number. */
static pg_attribute_always_inline void
append_key(VgaeKeySet *set, VgaeKeyType type, const WaitingKey *key)
{
	if (set->list.count == PG_INT32_MAX)
		refuse_more_keys();
	if (type == VGAE_KEY_INTEGER)
	{
		set->range.least = Min(set->range.least, key->integer);
		set->range.greatest = Max(set->range.greatest, key->integer);
		vgae_key_list_append_integer(&set->list, key->integer);
	}
	else
		vgae_key_list_append_bytes(&set->list, type, set->waiting_bytes + key->place, key->length);
}

static pg_attribute_always_inline int32
number_key(VgaeKeySet *set, VgaeKeyType type, const WaitingKey *key)
{
	VgaeKeyTable *table = &set->table;
	uint64		place = vgae_key_table_first(table, key->hash);

	for (; table->slot[place] != 0; place = vgae_key_table_next(table, place))
	{
		uint64		entry = table->slot[place];
		int32		number = vgae_key_table_number(entry);

		if (vgae_key_table_hash(entry) == key->hash && key_equals(set, type, number, key))
			return number;
	}
	append_key(set, type, key);
	table->slot[place] = vgae_key_table_entry(key->hash, set->list.count - 1);
	return set->list.count - 1;
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
		const WaitingKey *key = &set->waiting_key[i];
		int32	   *place = &set->direct.place[vgae_direct_place(&set->direct, key->integer)];

		if (*place == 0)
		{
			append_key(set, VGAE_KEY_INTEGER, key);
			*place = set->list.count;
		}
		number[i] = *place - 1;
	}
}

int
vgae_key_set_take(VgaeKeySet *set, int32 *number)
{
	int			count = set->waiting;

	vgae_key_list_reserve(&set->list, count, set->waiting_bytes_used);
	reserve_numbers(set, (int64) set->list.count + count);
	switch (set->list.type)
	{
		case VGAE_KEY_INTEGER:
			if (set->direct.place != NULL)
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
	int32		count = set->list.count;
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
	VgaeKeys	keys = vgae_key_list_keys(&set->list);

	return vgae_key_display(&keys, number);
}

/* What only the numbering needs is freed before the sort takes its own memory. */
void
vgae_key_set_sort(VgaeKeySet *set, VgaeKeys *keys, int32 **rank)
{
	VgaeKeys	unsorted = vgae_key_list_keys(&set->list);
	Size		room = Max(unsorted.count, 1);

	if (unsorted.type == VGAE_KEY_INTEGER && set->direct.place == NULL && unsorted.count > 0)
		(void) change_to_array(set, unsorted.count);
	vgae_key_table_free(&set->table);
	if (set->waiting_bytes != NULL)
		vgae_free_long(set->waiting_bytes, set->waiting_bytes_capacity);
	*rank = vgae_alloc_long(CurrentMemoryContext, room * sizeof(int32));
	if (set->direct.place != NULL)
	{
		int64	   *integer = vgae_alloc_long(CurrentMemoryContext, room * sizeof(int64));

		vgae_direct_sort(&set->direct, integer, *rank);
		*keys = (VgaeKeys) {.type = unsorted.type, .count = unsorted.count, .integer = integer};
	}
	else
		vgae_keys_sort(&unsorted, keys, *rank);
	vgae_direct_free(&set->direct);
	vgae_key_list_free(&set->list);
	pfree(set);
}
