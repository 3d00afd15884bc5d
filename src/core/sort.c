/*
 * sort.c
 *		Least-significant-digit radix sort (Knuth, TAOCP vol. 3, 5.2.5).
 */
#include "sort.h"

#include <string.h>

#define DIGIT_BITS 8
#define DIGIT_VALUES (1 << DIGIT_BITS)

/* Items moved between two looks at interrupts: about a millisecond's work. */
#define POLL_ITEMS (1 << 18)

/*
 * The bits of one word in which the records differ: only digits with such bits
 * move anything.
 */
static GaeStatus
find_differences(GaeEnv *env, const uint64_t *records, int64_t count, int words, int word,
				 uint64_t *differences)
{
	*differences = 0;
	for (int64_t i = 0; i < count; i++)
	{
		if (i % POLL_ITEMS == 0 && env != NULL)
			GAE_TRY(gae_poll(env));
		*differences |= records[i * words + word] ^ records[word];
	}
	return GAE_OK;
}

/* Distribute the records by one digit, in their order, from one array to the other. */
static inline GaeStatus
distribute(GaeEnv *env, const uint64_t *from, uint64_t *to, int64_t count, int words, int word,
		   int shift)
{
	static const uint64_t digit_mask = DIGIT_VALUES - 1;
	int64_t		start[DIGIT_VALUES] = {0};
	int64_t		total = 0;

	for (int64_t i = 0; i < count; i++)
	{
		if (i % POLL_ITEMS == 0 && env != NULL)
			GAE_TRY(gae_poll(env));
		start[(from[i * words + word] >> shift) & digit_mask]++;
	}
	for (int v = 0; v < DIGIT_VALUES; v++)
	{
		int64_t		of_value = start[v];

		start[v] = total;
		total += of_value;
	}
	for (int64_t i = 0; i < count; i++)
	{
		int64_t		place = start[(from[i * words + word] >> shift) & digit_mask]++;

		if (i % POLL_ITEMS == 0 && env != NULL)
			GAE_TRY(gae_poll(env));
		for (int w = 0; w < words; w++)
			to[place * words + w] = from[i * words + w];
	}
	return GAE_OK;
}

/* Sort records of some words by the first "by" of them; to be inlined with constants. */
static inline GaeStatus
sort_words(GaeEnv *env, uint64_t *records, uint64_t *spare, int64_t count, int words, int by)
{
	uint64_t   *from = records;
	uint64_t   *to = spare;

	for (int word = by - 1; word >= 0; word--)
	{
		uint64_t	differences;

		GAE_TRY(find_differences(env, from, count, words, word, &differences));
		for (int shift = 0; shift < 64; shift += DIGIT_BITS)
		{
			uint64_t   *other = from;

			if ((differences >> shift & (DIGIT_VALUES - 1)) == 0)
				continue;
			GAE_TRY(distribute(env, from, to, count, words, word, shift));
			from = to;
			to = other;
		}
	}
	if (from != records)
		memcpy(records, from, (size_t) (count * words) * sizeof(uint64_t));
	return GAE_OK;
}

GaeStatus
gae_sort(GaeEnv *env, GaeSortItem *items, GaeSortItem *spare, int64_t count)
{
	return sort_words(env, &items->key, &spare->key, count, 2, 1);
}

GaeStatus
gae_sort_records(GaeEnv *env, uint64_t *records, uint64_t *spare, int64_t count, int words)
{
	return words == 1 ? sort_words(env, records, spare, count, 1, 1) :
		sort_words(env, records, spare, count, 2, 2);
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
