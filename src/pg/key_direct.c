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

#include "key_internal.h"

/*
 * Places of the array for each key: at four bytes each, that is what the hash
 * table takes; and some more before the array is given up.
 */
#define DENSE_PLACES 4
#define MOST_PLACES 6

/* The array is widened by at least a part of this, so that it happens rarely. */
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

bool
vgae_direct_reserve(VgaeKeySet *set, int64 keys)
{
	int64		least;
	int64		greatest;
	uint64		base;
	uint64		last;
	uint64		places;
	int32	   *direct;

	find_range(set, &least, &greatest);
	if (vgae_direct_place(set, least) < set->direct_places &&
		vgae_direct_place(set, greatest) < set->direct_places)
		return true;

	last = (uint64) greatest - (uint64) least;
	if (last >= (uint64) keys * MOST_PLACES)
		return false;
	places = last + 1 + last / SLACK_PART;
	if (places > (uint64) keys * MOST_PLACES)
		return false;

	/* Keys may come in order, up or down: the slack is on the side that was short. */
	base = (uint64) least;
	if (vgae_direct_place(set, least) >= set->direct_places)
		base = (uint64) greatest + 1 - places;
	direct = vgae_key_set_zeros(set, places * sizeof(int32));
	for (int32 number = 0; number < set->count; number++)
	{
		if (number % VGAE_POLL_KEYS == 0)
			CHECK_FOR_INTERRUPTS();
		direct[(uint64) set->integer[number] - base] = number + 1;
	}
	pfree(set->direct);
	set->direct = direct;
	set->direct_base = base;
	set->direct_places = places;
	return true;
}
