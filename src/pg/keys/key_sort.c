/*
 * key_sort.c
 *		Keys in any order, put in order.  The number of a key is its index among the
 *		unsorted ones.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "port/pg_bitutils.h"
#include "port/pg_bswap.h"
#include "utils/memutils.h"
#include "utils/uuid.h"

#include "core/base/sort.h"
#include "pg/base/env_pg.h"
#include "pg/base/long_memory.h"
#include "pg/keys/key_sort.h"

/* Below this many keys, comparing them is faster than distributing them. */
#define SMALL_RUN 64

/* Items start … start + count - 1, whose keys are alike in their first "depth" bytes. */
typedef struct Run
{
	int64		start;
	int64		count;
	int64		depth;
} Run;

typedef struct RunStack
{
	Run		   *run;
	int64		count;
	int64		capacity;
} RunStack;

static void
push_run(RunStack *stack, int64 start, int64 count, int64 depth)
{
	if (stack->count == stack->capacity)
	{
		stack->capacity *= 2;
		stack->run = repalloc_huge(stack->run, stack->capacity * sizeof(Run));
	}
	stack->run[stack->count++] = (Run) {start, count, depth};
}

/* For qsort_arg: compares items whose values are the numbers of text or uuid keys. */
static int
compare_items(const void *a, const void *b, void *arg)
{
	const VgaeKeys *keys = arg;
	const char *a_bytes;
	const char *b_bytes;
	int64		a_length;
	int64		b_length;

	vgae_key_bytes(keys, (int32) ((const GaeSortItem *) a)->value, &a_bytes, &a_length);
	vgae_key_bytes(keys, (int32) ((const GaeSortItem *) b)->value, &b_bytes, &b_length);
	return vgae_bytes_compare(a_bytes, a_length, b_bytes, b_length);
}

/* The number of bytes that all keys of the items begin with, of which "depth" are known. */
static int64
common_depth(const VgaeKeys *keys, const GaeSortItem *items, int64 count, int64 depth)
{
	const char *first;
	int64		common;

	vgae_key_bytes(keys, (int32) items[0].value, &first, &common);
	for (int64 i = 1; i < count && common > depth; i++)
	{
		const char *bytes;
		int64		length;
		int64		alike = depth;

		CHECK_FOR_INTERRUPTS();
		vgae_key_bytes(keys, (int32) items[i].value, &bytes, &length);
		common = Min(common, length);
		while (alike < common && bytes[alike] == first[alike])
			if (++alike % VGAE_POLL_BYTES == 0)
				CHECK_FOR_INTERRUPTS();
		common = alike;
	}
	return common;
}

/*
 * The eight bytes from "depth" on, as a number that orders like them.  A key that
 * ends before gets zeros; no key has a zero where another of its run ends (text
 * has none, and all uuids are of one length), so the order is that of the keys.
 */
static uint64
bytes_as_number(const VgaeKeys *keys, int32 number, int64 depth)
{
	uint64		chunk = 0;
	const char *bytes;
	int64		length;

	vgae_key_bytes(keys, number, &bytes, &length);
	if (length > depth)
		memcpy(&chunk, bytes + depth, Min(length - depth, (int64) sizeof(chunk)));
	return pg_ntoh64(chunk);
}

/*
 * Sort items by the bytes of their keys: radix sort by eight bytes, and again by
 * the next eight each run of keys that are still alike.  Runs wait on a stack of
 * our own, since keys may be long.
 */
static void
sort_bytes(GaeEnv *env, const VgaeKeys *keys, GaeSortItem *items, GaeSortItem *spare)
{
	RunStack	stack = {palloc(64 * sizeof(Run)), 0, 64};

	push_run(&stack, 0, keys->count, 0);
	while (stack.count > 0)
	{
		Run			run = stack.run[--stack.count];
		GaeSortItem *item = items + run.start;
		int64		next;

		CHECK_FOR_INTERRUPTS();
		if (run.count <= SMALL_RUN)
		{
			qsort_arg(item, run.count, sizeof(*item), compare_items, unconstify(VgaeKeys *, keys));
			continue;
		}
		run.depth = common_depth(keys, item, run.count, run.depth);
		for (int64 i = 0; i < run.count; i++)
		{
			if (i % VGAE_POLL_KEYS == 0)
				CHECK_FOR_INTERRUPTS();
			item[i].key = bytes_as_number(keys, (int32) item[i].value, run.depth);
		}
		vgae_check(env, gae_sort(env, item, spare, run.count));

		for (int64 i = 0; i < run.count; i = next)
		{
			CHECK_FOR_INTERRUPTS();
			next = i + 1;
			while (next < run.count && item[next].key == item[i].key)
				next++;
			if (next - i > 1)
				push_run(&stack, run.start + i, next - i, run.depth + sizeof(uint64));
		}
	}
	pfree(stack.run);
}

/* Copy text or uuid keys in the order of the items. */
static void
copy_sorted(const VgaeKeys *keys, const GaeSortItem *items, VgaeKeys *sorted, int32 *rank)
{
	int64		count = keys->count;
	uint64		bytes_needed = keys->type == VGAE_KEY_TEXT ? keys->offset[count] : count * UUID_LEN;
	uint64	   *offset = NULL;
	char	   *to = vgae_alloc_long(CurrentMemoryContext, Max(bytes_needed, 1));
	uint64		used = 0;

	if (keys->type == VGAE_KEY_TEXT)
	{
		offset = vgae_alloc_long(CurrentMemoryContext, (count + 1) * sizeof(uint64));
		offset[0] = 0;
	}
	for (int64 i = 0; i < count; i++)
	{
		int32		number = (int32) items[i].value;
		const char *bytes;
		int64		length;

		rank[number] = (int32) i;
		vgae_key_bytes(keys, number, &bytes, &length);
		vgae_copy_long(to + used, bytes, length);
		used += length;
		if (offset != NULL)
			offset[i + 1] = used;
	}
	sorted->offset = offset;
	sorted->bytes = to;
}

static void
sort_text_or_uuids(GaeEnv *env, const VgaeKeys *keys, VgaeKeys *sorted, int32 *rank)
{
	GaeSortItem *items = gae_alloc(env, keys->count, sizeof(GaeSortItem));
	GaeSortItem *spare = items != NULL ? gae_alloc(env, keys->count, sizeof(GaeSortItem)) : NULL;

	if (spare == NULL)
		vgae_check(env, env->error.status);
	for (int32 number = 0; number < keys->count; number++)
	{
		if (number % VGAE_POLL_KEYS == 0)
			CHECK_FOR_INTERRUPTS();
		items[number].value = number;
	}
	sort_bytes(env, keys, items, spare);
	gae_free(env, spare);
	copy_sorted(keys, items, sorted, rank);
}

/* The least of count > 0 integers, and the distance of the greatest from it. */
static uint64
find_range(const int64 *integer, int32 count, int64 *least)
{
	int64		greatest = integer[0];

	*least = integer[0];
	for (int32 i = 1; i < count; i++)
	{
		if (i % VGAE_POLL_KEYS == 0)
			CHECK_FOR_INTERRUPTS();
		*least = Min(*least, integer[i]);
		greatest = Max(greatest, integer[i]);
	}
	return (uint64) greatest - (uint64) *least;
}

/*
 * Sort integers as records of their distance from the least and their number: of
 * one word where both go into it, else of two.
 */
static void
sort_integers(GaeEnv *env, const VgaeKeys *keys, int64 *integer, int32 *rank)
{
	int			number_bits = pg_leftmost_one_pos32((uint32) keys->count | 1) + 1;
	int64		least = 0;
	uint64		range = keys->count > 0 ? find_range(keys->integer, keys->count, &least) : 0;
	int			words = range >> (64 - number_bits) == 0 ? 1 : 2;
	uint64		mask = (UINT64CONST(1) << number_bits) - 1;
	uint64	   *record = gae_alloc(env, keys->count, words * sizeof(uint64));
	uint64	   *spare = record != NULL ? gae_alloc(env, keys->count, words * sizeof(uint64)) : NULL;

	if (spare == NULL)
		vgae_check(env, env->error.status);
	for (int32 number = 0; number < keys->count; number++)
	{
		uint64		distance = (uint64) keys->integer[number] - (uint64) least;

		if (number % VGAE_POLL_KEYS == 0)
			CHECK_FOR_INTERRUPTS();
		if (words == 1)
			record[number] = distance << number_bits | (uint64) number;
		else
		{
			record[2 * (int64) number] = distance;
			record[2 * (int64) number + 1] = (uint64) number;
		}
	}
	if (words == 1)
		vgae_check(env, gae_sort_records(env, record, spare, keys->count, 1));
	else
		vgae_check(env, gae_sort(env, (GaeSortItem *) record, (GaeSortItem *) spare, keys->count));
	for (int32 i = 0; i < keys->count; i++)
	{
		int32		number = (int32) (words == 1 ? record[i] & mask : record[2 * (int64) i + 1]);
		uint64		distance = words == 1 ? record[i] >> number_bits : record[2 * (int64) i];

		if (i % VGAE_POLL_KEYS == 0)
			CHECK_FOR_INTERRUPTS();
		rank[number] = i;
		integer[i] = (int64) ((uint64) least + distance);
	}
}

void
vgae_keys_sort(const VgaeKeys *keys, VgaeKeys *sorted, int32 *rank)
{
	GaeEnv	   *env = vgae_env_begin();

	*sorted = (VgaeKeys) {.type = keys->type, .count = keys->count};
	if (keys->type == VGAE_KEY_INTEGER)
	{
		int64	   *integer = vgae_alloc_long(CurrentMemoryContext,
													 Max(keys->count, 1) * sizeof(int64));

		sort_integers(env, keys, integer, rank);
		sorted->integer = integer;
	}
	else
		sort_text_or_uuids(env, keys, sorted, rank);
	vgae_env_end(env);
}
