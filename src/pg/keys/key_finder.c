/*
 * key_finder.c
 *		Finding keys of a model fast: once a row of a join.
 *
 * Every key has a code, a number of 64 bits; codes have the order of the keys.  The
 * code of an integer is the integer itself.  The code of a text or uuid is a number
 * whose digits stand for the first bytes after those that all keys begin with.  A digit
 * is not the byte but its rank among the bytes that occur there, so that the codes of,
 * say, 'node1' … 'node99999' lie as evenly as integers do; digit 0 stands for "no more
 * bytes".
 *
 * The codes between the least and the greatest are cut into about as many ranges as
 * there are keys, and a table tells where the keys of each range begin.  Where keys
 * lie evenly, a key is found by one look into the table and one at its code.  Where
 * many keys lie in one range, they are searched by bisection: so keys that were chosen
 * for it cost no more than a binary search among all keys.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/uuid.h"

#include "pg/base/compat.h"
#include "pg/base/long_memory.h"
#include "pg/keys/key_finder.h"

/* The most bytes of a key that go into its code. */
#define MAX_DIGITS 16

struct VgaeKeyFinder
{
	const VgaeKeys *keys;

	/* Text and uuid: how to get a code */
	int64		shared;			/* number of bytes that all keys begin with */
	int			digits;			/* number of bytes after these that go into the code */
	uint64		base;			/* of the digits: the number of ranks, and one for digit 0 */
	uint16		rank[256];		/* of each byte, from 1; 0: it does not occur */
	bool		whole;			/* the longest key goes into its code as a whole */

	/* The codes, ascending; and where those of each range begin. */
	const uint64 *code;
	uint64		least;
	uint64		span;			/* the greatest code less the least */
	int			shift;			/* range of a code = (code - least) >> shift */
	const int32 *first;			/* ranges + 1 values; NULL if the codes have no gaps */
};

/*
 * The code of a text or uuid, given without the shared bytes.  False if it has a byte
 * that no key has there: then it is not one of the keys.
 */
static inline bool
get_code(const VgaeKeyFinder *finder, const uint8 *bytes, int64 length, uint64 *code)
{
	uint64		number = 0;
	int			used = (int) Min(length, finder->digits);

	for (int i = 0; i < used; i++)
	{
		uint16		rank = finder->rank[bytes[i]];

		if (rank == 0)
			return false;
		number = number * finder->base + rank;
	}
	for (int i = used; i < finder->digits; i++)
		number *= finder->base;
	*code = number;
	return true;
}

/* The number of bytes that all keys begin with: as they are in order, that the first and last do. */
static int64
shared_bytes(const VgaeKeys *keys)
{
	const char *first;
	const char *last;
	int64		first_length;
	int64		last_length;
	int64		shared = 0;

	vgae_key_bytes(keys, 0, &first, &first_length);
	vgae_key_bytes(keys, keys->count - 1, &last, &last_length);
	while (shared < Min(first_length, last_length) && first[shared] == last[shared])
		if (++shared % VGAE_POLL_BYTES == 0)
			CHECK_FOR_INTERRUPTS();
	return shared;
}

/*
 * Rank the bytes that occur among the MAX_DIGITS bytes after the shared ones of any key.
 * Returns the length of the longest key, without the shared bytes.
 */
static int64
rank_bytes(VgaeKeyFinder *finder)
{
	const VgaeKeys *keys = finder->keys;
	int64		longest = 0;

	for (int32 i = 0; i < keys->count; i++)
	{
		const char *bytes;
		int64		length;

		if (i % VGAE_POLL_KEYS == 0)
			CHECK_FOR_INTERRUPTS();
		vgae_key_bytes(keys, i, &bytes, &length);
		longest = Max(longest, length - finder->shared);
		for (int64 b = finder->shared; b < Min(length, finder->shared + MAX_DIGITS); b++)
			finder->rank[(uint8) bytes[b]] = 1;
	}
	finder->base = 1;
	for (int byte = 0; byte < 256; byte++)
		if (finder->rank[byte] != 0)
			finder->rank[byte] = (uint16) finder->base++;
	return longest;
}

/* Take as many digits as 64 bits hold, but no more than the longest key has. */
static void
choose_digits(VgaeKeyFinder *finder, int64 longest)
{
	uint64		largest = 0;	/* the largest number of finder->digits digits */

	while (finder->digits < Min(longest, MAX_DIGITS) &&
		   largest <= (PG_UINT64_MAX - (finder->base - 1)) / finder->base)
	{
		largest = largest * finder->base + (finder->base - 1);
		finder->digits++;
	}
	finder->whole = finder->digits >= longest;
}

static const uint64 *
make_codes(VgaeKeyFinder *finder)
{
	const VgaeKeys *keys = finder->keys;
	uint64	   *code = vgae_alloc_long(CurrentMemoryContext, keys->count * sizeof(uint64));

	finder->shared = shared_bytes(keys);
	choose_digits(finder, rank_bytes(finder));
	for (int32 i = 0; i < keys->count; i++)
	{
		const char *bytes;
		int64		length;

		if (i % VGAE_POLL_KEYS == 0)
			CHECK_FOR_INTERRUPTS();
		vgae_key_bytes(keys, i, &bytes, &length);
		(void) get_code(finder, (const uint8 *) bytes + finder->shared, length - finder->shared,
						&code[i]);
	}
	return code;
}

/* Make the table of ranges; none is needed where code - least is the index of the key. */
static void
make_ranges(VgaeKeyFinder *finder)
{
	int32		count = finder->keys->count;
	uint64		ranges;
	uint64		range = 0;
	int32	   *first;

	finder->least = finder->code[0];
	finder->span = finder->code[count - 1] - finder->least;
	if (finder->span == (uint64) count - 1 &&
		(finder->keys->type == VGAE_KEY_INTEGER || finder->whole))
		return;
	while (finder->span >> finder->shift >= 2 * (uint64) count)
		finder->shift++;
	ranges = (finder->span >> finder->shift) + 1;
	first = vgae_alloc_long(CurrentMemoryContext, (ranges + 1) * sizeof(int32));
	for (int32 i = 0; i < count; i++)
	{
		if (i % VGAE_POLL_KEYS == 0)
			CHECK_FOR_INTERRUPTS();
		for (; range <= (finder->code[i] - finder->least) >> finder->shift; range++)
		{
			if (range % VGAE_POLL_KEYS == 0)
				CHECK_FOR_INTERRUPTS();
			first[range] = i;
		}
	}
	first[ranges] = count;
	finder->first = first;
}

const VgaeKeyFinder *
vgae_key_finder_create(const VgaeKeys *keys)
{
	VgaeKeyFinder *finder = palloc0(sizeof(VgaeKeyFinder));

	finder->keys = keys;
	if (keys->count == 0)
		return finder;

	/* Negative integers will do as well: only code - least, modulo 2^64, counts. */
	if (keys->type == VGAE_KEY_INTEGER)
		finder->code = (const uint64 *) keys->integer;
	else
		finder->code = make_codes(finder);
	make_ranges(finder);
	return finder;
}

/*
 * The first index in low … high - 1 where code - least is at least "distance" (with
 * "behind": greater than "distance"); high if there is none.
 */
static inline int32
search_codes(const VgaeKeyFinder *finder, uint64 distance, bool behind, int32 low, int32 high)
{
	while (low < high)
	{
		int32		middle = low + (high - low) / 2;
		uint64		there = finder->code[middle] - finder->least;

		if (there < distance || (behind && there == distance))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The index of the first key with that code, or -1; *end = where the keys of its range end. */
static inline int32
find_code(const VgaeKeyFinder *finder, uint64 code, int32 *end)
{
	uint64		distance = code - finder->least;
	int32		index;

	if (distance > finder->span)
		return -1;
	if (finder->first == NULL)
	{
		*end = (int32) distance + 1;
		return (int32) distance;
	}
	*end = finder->first[(distance >> finder->shift) + 1];
	index = search_codes(finder, distance, false, finder->first[distance >> finder->shift], *end);
	return index < *end && finder->code[index] == code ? index : -1;
}

static int32
find_bytes(const VgaeKeyFinder *finder, const char *bytes, int64 length)
{
	const VgaeKeys *keys = finder->keys;
	int64		shared = finder->shared;
	const char *sharing;
	int64		sharing_length;
	uint64		code;
	int32		first;
	int32		end;

	vgae_key_bytes(keys, 0, &sharing, &sharing_length);
	if (length < shared || vgae_bytes_compare(bytes, shared, sharing, shared) != 0 ||
		!get_code(finder, (const uint8 *) bytes + shared, length - shared, &code))
		return -1;
	first = find_code(finder, code, &end);
	if (first < 0)
		return -1;
	if (finder->whole)
		return length - shared <= finder->digits ? first : -1;
	if (first + 1 < end && finder->code[first + 1] == code)
		end = search_codes(finder, code - finder->least, true, first, end);
	else
		end = first + 1;
	return vgae_key_find_bytes(keys, first, end, bytes, length);
}

int32
vgae_key_finder_find(const VgaeKeyFinder *finder, Datum key)
{
	const VgaeKeys *keys = finder->keys;
	int32		index = -1;
	int32		end;

	if (keys->count == 0)
		return -1;
	switch (keys->type)
	{
		case VGAE_KEY_INTEGER:
			index = find_code(finder, (uint64) DatumGetInt64(key), &end);
			break;
		case VGAE_KEY_UUID:
			index = find_bytes(finder, (const char *) DatumGetUUIDP(key)->data, UUID_LEN);
			break;
		case VGAE_KEY_TEXT:
			{
				text	   *packed = DatumGetTextPP(key);

				index = find_bytes(finder, VARDATA_ANY(packed), VARSIZE_ANY_EXHDR(packed));
				if ((Pointer) packed != DatumGetPointer(key))
					pfree(packed);
				break;
			}
	}
	return index;
}
