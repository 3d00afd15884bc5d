/*
 * key_direct.c
 *		Integer keys that lie close together: their numbers in an array over the range
 *		of the keys.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include "pg/base/long_memory.h"
#include "pg/keys/key_direct.h"
#include "pg/keys/key_index.h"

/*
 * Places for each key, at most: when an array is begun and, more of them, when it is
 * widened.  DENSE_PLACES places of four bytes are what the hash table takes.
 */
#define DENSE_PLACES 4
#define MOST_PLACES 6

/* The array is widened by at least this part of it, so that it happens rarely. */
#define SLACK_PART 4

bool
vgae_direct_fits(VgaeKeyRange range, int64 keys)
{
	return (uint64) range.greatest - (uint64) range.least < (uint64) keys * DENSE_PLACES;
}

void
vgae_direct_create(VgaeKeyDirect *direct, MemoryContext context, VgaeKeyRange range,
				   const int64 *integer, int32 count)
{
	direct->first = (uint64) range.least;
	direct->places = (uint64) range.greatest - (uint64) range.least + 1;
	direct->place = vgae_alloc_zero_long(context, direct->places * sizeof(int32));
	for (int32 number = 0; number < count; number++)
	{
		if (number % VGAE_POLL_KEYS == 0)
			CHECK_FOR_INTERRUPTS();
		direct->place[vgae_direct_place(direct, integer[number])] = number + 1;
	}
}

/*
 * Widen the range "former" to take in "range".  Keys may come in order, up, down or
 * both ways: so each side that was short gets slack, and a side that was not short
 * keeps what slack it has.  Slack stops at the least and the greatest int64, for
 * places must have the order of the keys.
 */
static VgaeKeyRange
widen_range(VgaeKeyRange former, VgaeKeyRange range)
{
	bool		below = range.least < former.least;
	bool		above = range.greatest > former.greatest;
	VgaeKeyRange wide = {Min(range.least, former.least), Max(range.greatest, former.greatest)};
	uint64		slack = ((uint64) wide.greatest - (uint64) wide.least) / SLACK_PART /
		(below && above ? 2 : 1);

	if (below)
		wide.least -= (int64) Min(slack, (uint64) wide.least - (uint64) PG_INT64_MIN);
	if (above)
		wide.greatest += (int64) Min(slack, (uint64) PG_INT64_MAX - (uint64) wide.greatest);
	return wide;
}

bool
vgae_direct_reserve(VgaeKeyDirect *direct, MemoryContext context, VgaeKeyRange range, int64 keys,
					const int64 *integer, int32 count)
{
	VgaeKeyRange former = {(int64) direct->first, (int64) (direct->first + direct->places - 1)};
	VgaeKeyRange wide;
	VgaeKeyDirect replaced = *direct;

	if (range.least >= former.least && range.greatest <= former.greatest)
		return true;
	wide = widen_range(former, range);
	if ((uint64) wide.greatest - (uint64) wide.least >= (uint64) keys * MOST_PLACES)
		return false;
	vgae_direct_create(direct, context, wide, integer, count);
	vgae_direct_free(&replaced);
	return true;
}

void
vgae_direct_sort(const VgaeKeyDirect *direct, int64 *integer, int32 *rank)
{
	int32		i = 0;

	for (uint64 place = 0; place < direct->places; place++)
	{
		int32		number = direct->place[place] - 1;

		if (place % VGAE_POLL_KEYS == 0)
			CHECK_FOR_INTERRUPTS();
		if (number < 0)
			continue;
		rank[number] = i;
		integer[i++] = (int64) (direct->first + place);
	}
}

void
vgae_direct_free(VgaeKeyDirect *direct)
{
	if (direct->place != NULL)
		vgae_free_long(direct->place, direct->places * sizeof(int32));
	direct->place = NULL;
}
