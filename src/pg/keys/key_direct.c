/*
 * key_direct.c
 *		Integer keys that lie close together: their numbers in an array over the
 *		range of the keys, which is faster than the hash table and already sorted.
 *
 * A set changes between the two as its keys come: to the array when the table
 * would grow and the array is not larger, and back when a key far off comes.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "pg/keys/key_internal.h"

/*
 * Places of the array for each key: at four bytes each, that is what the hash
 * table takes; and some more before the array is given up.
 */
#define DENSE_PLACES 4
#define MOST_PLACES 6

/* The array is widened by at least this part of it, so that it happens rarely. */
#define SLACK_PART 4

/* The least and the greatest of all keys, with those that wait. */
static void
find_range(const VgaeKeySet *set, int64 *least, int64 *greatest)
{
	*least = set->count > 0 ? set->least : PG_INT64_MAX;
	*greatest = set->count > 0 ? set->greatest : PG_INT64_MIN;
	for (int i = 0; i < set->waiting; i++)
	{
		*least = Min(*least, set->waiting_key[i].integer);
		*greatest = Max(*greatest, set->waiting_key[i].integer);
	}
}

bool
vgae_direct_begin(VgaeKeySet *set, int64 keys)
{
	int64		least;
	int64		greatest;

	find_range(set, &least, &greatest);
	if ((uint64) greatest - (uint64) least >= (uint64) keys * DENSE_PLACES)
		return false;
	pfree(set->slot);
	set->slot = NULL;
	set->direct_base = (uint64) least;
	set->direct_places = (uint64) greatest - (uint64) least + 1;
	set->direct = vgae_key_set_zeros(set, set->direct_places * sizeof(int32));
	for (int32 number = 0; number < set->count; number++)
	{
		if (number % VGAE_POLL_KEYS == 0)
			CHECK_FOR_INTERRUPTS();
		set->direct[vgae_direct_place(set, set->integer[number])] = number + 1;
	}
	return true;
}

/*
 * Widen the range first … last of the array to least … greatest as well; false if
 * that takes more than "most" places.  Keys may come in order, up, down or both
 * ways: there is slack on each side that was short, and what slack the other one
 * has stays, so that the array grows by a part of itself each time.  No slack goes
 * beyond the values that there are: places must have the order of the keys.
 */
static bool
widen_range(int64 least, int64 greatest, uint64 most, int64 *first, int64 *last)
{
	bool		below = least < *first;
	bool		above = greatest > *last;
	uint64		slack;

	*first = Min(least, *first);
	*last = Max(greatest, *last);
	slack = ((uint64) *last - (uint64) *first) / SLACK_PART / (below && above ? 2 : 1);
	if (below)
		*first -= (int64) Min(slack, (uint64) *first - (uint64) PG_INT64_MIN);
	if (above)
		*last += (int64) Min(slack, (uint64) PG_INT64_MAX - (uint64) *last);
	return (uint64) *last - (uint64) *first < most;
}

bool
vgae_direct_reserve(VgaeKeySet *set, int64 keys)
{
	uint64		most = (uint64) keys * MOST_PLACES;
	int64		first = (int64) set->direct_base;
	int64		last = (int64) (set->direct_base + set->direct_places - 1);
	int64		least;
	int64		greatest;
	uint64		places;
	int32	   *direct;

	find_range(set, &least, &greatest);
	if (least >= first && greatest <= last)
		return true;
	if (!widen_range(least, greatest, most, &first, &last))
		return false;
	places = (uint64) last - (uint64) first + 1;
	direct = vgae_key_set_zeros(set, places * sizeof(int32));
	for (int32 number = 0; number < set->count; number++)
	{
		if (number % VGAE_POLL_KEYS == 0)
			CHECK_FOR_INTERRUPTS();
		direct[(uint64) set->integer[number] - (uint64) first] = number + 1;
	}
	pfree(set->direct);
	set->direct = direct;
	set->direct_base = (uint64) first;
	set->direct_places = places;
	return true;
}
