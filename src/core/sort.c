/*
 * sort.c
 *		Least-significant-digit radix sort (Knuth, TAOCP vol. 3, 5.2.5).
 */
#include "sort.h"

#include <string.h>

#define DIGIT_BITS 8
#define DIGITS (64 / DIGIT_BITS)
#define DIGIT_VALUES (1 << DIGIT_BITS)

/* Items moved between two looks at interrupts: about a millisecond's work. */
#define POLL_ITEMS (1 << 18)

GaeStatus
gae_sort(GaeEnv *env, GaeSortItem *items, GaeSortItem *spare, int64_t count)
{
	static const uint64_t digit_mask = DIGIT_VALUES - 1;
	int64_t		histogram[DIGITS][DIGIT_VALUES];
	GaeSortItem *from = items;
	GaeSortItem *to = spare;

	memset(histogram, 0, sizeof(histogram));
	for (int64_t i = 0; i < count; i++)
	{
		if (i % POLL_ITEMS == 0)
			GAE_TRY(gae_poll(env));
		for (int digit = 0; digit < DIGITS; digit++)
			histogram[digit][(items[i].key >> (digit * DIGIT_BITS)) & digit_mask]++;
	}

	for (int digit = 0; digit < DIGITS; digit++)
	{
		int64_t    *start = histogram[digit];
		int			shift = digit * DIGIT_BITS;
		int64_t		total = 0;
		GaeSortItem *other;

		/* A digit that all keys share moves nothing. */
		if (count == 0 || start[(items[0].key >> shift) & digit_mask] == count)
			continue;
		for (int v = 0; v < DIGIT_VALUES; v++)
		{
			int64_t		of_value = start[v];

			start[v] = total;
			total += of_value;
		}
		for (int64_t i = 0; i < count; i++)
		{
			if (i % POLL_ITEMS == 0)
				GAE_TRY(gae_poll(env));
			to[start[(from[i].key >> shift) & digit_mask]++] = from[i];
		}
		other = from;
		from = to;
		to = other;
	}
	if (from != items)
		memcpy(items, from, (size_t) count * sizeof(GaeSortItem));
	return GAE_OK;
}

/*
 * IEEE 754 numbers order like sign-magnitude integers: flip all bits of the
 * negative ones and the sign of the others.  Both zeros get one key.
 */
uint64_t
gae_sort_key_double(double x)
{
	uint64_t	bits;

	x += 0.0;					/* -0 becomes +0 */
	memcpy(&bits, &x, sizeof(bits));
	return bits >> 63 ? ~bits : bits | UINT64_C(1) << 63;
}
