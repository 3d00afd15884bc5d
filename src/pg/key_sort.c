/*
 * key_sort.c
 *		The keys of a set in order: the end of reading.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "port/pg_bswap.h"
#include "utils/memutils.h"

#include "core/sort.h"
#include "env_pg.h"
#include "key_internal.h"

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

/* qsort_arg comparator: items whose values are numbers of text or uuid keys. */
static int
compare_items(const void *a, const void *b, void *arg)
{
	const VgaeKeySet *set = arg;
	const char *a_bytes;
	const char *b_bytes;
	int64		a_length;
	int64		b_length;

	vgae_key_set_bytes(set, (int32) ((const GaeSortItem *) a)->value, &a_bytes, &a_length);
	vgae_key_set_bytes(set, (int32) ((const GaeSortItem *) b)->value, &b_bytes, &b_length);
	return vgae_bytes_compare(a_bytes, a_length, b_bytes, b_length);
}

/* How many bytes all keys of the run begin with alike. */
static int64
common_depth(const VgaeKeySet *set, const GaeSortItem *items, int64 count, int64 depth)
{
	const char *first;
	int64		common;

	vgae_key_set_bytes(set, (int32) items[0].value, &first, &common);
	for (int64 i = 1; i < count && common > depth; i++)
	{
		const char *bytes;
		int64		length;
		int64		alike = depth;

		if (i % VGAE_POLL_KEYS == 0)
			CHECK_FOR_INTERRUPTS();
		vgae_key_set_bytes(set, (int32) items[i].value, &bytes, &length);
		common = Min(common, length);
		while (alike < common && bytes[alike] == first[alike])
			alike++;
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
bytes_as_number(const VgaeKeySet *set, int32 number, int64 depth)
{
	uint64		chunk = 0;
	const char *bytes;
	int64		length;

	vgae_key_set_bytes(set, number, &bytes, &length);
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
sort_bytes(GaeEnv *env, const VgaeKeySet *set, GaeSortItem *items, GaeSortItem *spare)
{
	RunStack	stack = {palloc(64 * sizeof(Run)), 0, 64};

	push_run(&stack, 0, set->count, 0);
	while (stack.count > 0)
	{
		Run			run = stack.run[--stack.count];
		GaeSortItem *item = items + run.start;
		int64		next;

		CHECK_FOR_INTERRUPTS();
		if (run.count <= SMALL_RUN)
		{
			qsort_arg(item, run.count, sizeof(*item), compare_items, unconstify(VgaeKeySet *, set));
			continue;
		}
		run.depth = common_depth(set, item, run.count, run.depth);
		for (int64 i = 0; i < run.count; i++)
		{
			if (i % VGAE_POLL_KEYS == 0)
				CHECK_FOR_INTERRUPTS();
			item[i].key = bytes_as_number(set, (int32) item[i].value, run.depth);
		}
		vgae_check(env, gae_sort(env, item, spare, run.count));

		for (int64 i = 0; i < run.count; i = next)
		{
			next = i + 1;
			while (next < run.count && item[next].key == item[i].key)
				next++;
			if (next - i > 1)
				push_run(&stack, run.start + i, next - i, run.depth + sizeof(uint64));
		}
	}
	pfree(stack.run);
}

/* The keys in the order of the items, in arrays of their own. */
static void
copy_sorted(const VgaeKeySet *set, const GaeSortItem *items, VgaeKeys *keys, int32 *rank)
{
	int64		count = set->count;
	int64	   *integer = NULL;
	uint64	   *offset = NULL;
	char	   *to = NULL;
	uint64		used = 0;

	if (set->type == VGAE_KEY_INTEGER)
		integer = MemoryContextAllocHuge(CurrentMemoryContext, Max(count, 1) * sizeof(int64));
	else
		to = MemoryContextAllocHuge(CurrentMemoryContext, Max(set->bytes_used, 1));
	if (set->type == VGAE_KEY_TEXT)
	{
		offset = MemoryContextAllocHuge(CurrentMemoryContext, (count + 1) * sizeof(uint64));
		offset[0] = 0;
	}

	for (int64 i = 0; i < count; i++)
	{
		int32		number = (int32) items[i].value;
		const char *bytes;
		int64		length;

		if (i % VGAE_POLL_KEYS == 0)
			CHECK_FOR_INTERRUPTS();
		rank[number] = (int32) i;
		if (integer != NULL)
		{
			integer[i] = set->integer[number];
			continue;
		}
		vgae_key_set_bytes(set, number, &bytes, &length);
		memcpy(to + used, bytes, length);
		used += length;
		if (offset != NULL)
			offset[i + 1] = used;
	}
	*keys = (VgaeKeys) {set->type, set->count, integer, offset, to};
}

void
vgae_key_set_sort(VgaeKeySet *set, VgaeKeys *keys, int32 **rank)
{
	GaeEnv	   *env = vgae_env_begin();
	GaeSortItem *items;
	GaeSortItem *spare;

	pfree(set->slot);
	if (set->waiting_bytes != NULL)
		pfree(set->waiting_bytes);
	items = gae_alloc(env, set->count, sizeof(GaeSortItem));
	spare = items != NULL ? gae_alloc(env, set->count, sizeof(GaeSortItem)) : NULL;
	if (spare == NULL)
		vgae_check(env, GAE_OUT_OF_MEMORY);

	/* Without its sign bit a two's complement number orders like an unsigned one. */
	for (int32 number = 0; number < set->count; number++)
	{
		items[number].key = set->type == VGAE_KEY_INTEGER
			? (uint64) set->integer[number] ^ UINT64CONST(1) << 63 : 0;
		items[number].value = number;
	}
	if (set->type == VGAE_KEY_INTEGER)
		vgae_check(env, gae_sort(env, items, spare, set->count));
	else
		sort_bytes(env, set, items, spare);

	*rank = MemoryContextAllocHuge(CurrentMemoryContext,
								   Max(set->count, 1) * sizeof(int32));
	copy_sorted(set, items, keys, *rank);
	vgae_env_end(env);

	if (set->integer != NULL)
		pfree(set->integer);
	if (set->offset != NULL)
		pfree(set->offset);
	if (set->bytes != NULL)
		pfree(set->bytes);
	pfree(set);
}
