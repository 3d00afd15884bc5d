/*
 * sort.c
 *		Radix sort (Knuth, TAOCP vol. 3, 5.2.5): by the least significant digit first;
 *		many records are distributed to buckets by their most significant bits before that.
 */
#include "core/base/sort.h"

#include <string.h>

#include "core/base/buckets.h"

#define DIGIT_BITS 8
#define DIGIT_VALUES (1 << DIGIT_BITS)

/* Buckets of a large sort: a cache writes to more of them at a time more slowly. */
#define BUCKETS 1024

/*
 * Records of a large sort, at least: with the spare room they do not fit the cache of a
 * core, and buckets of them do.
 */
#define BUCKETS_FROM (1 << 16)

/* The bits of one word in which any two records differ. */
static GaeStatus
find_differences(GaeEnv *env, const uint64_t *records, int64_t count, int words, int word,
				 uint64_t *differences)
{
	*differences = 0;
	for (int64_t i = 0; i < count; i++)
	{
		if (i % GAE_POLL_ITEMS == 0 && env != NULL)
			GAE_TRY(gae_poll(env));
		*differences |= records[i * words + word] ^ records[word];
	}
	return GAE_OK;
}

/* Copy the records, sorted by one digit of one word, from one array to the other. */
static inline GaeStatus
distribute(GaeEnv *env, const uint64_t *from, uint64_t *to, int64_t count, int words, int word,
		   int shift)
{
	static const uint64_t digit_mask = DIGIT_VALUES - 1;
	int64_t		start[DIGIT_VALUES] = {0};
	int64_t		total = 0;

	for (int64_t i = 0; i < count; i++)
	{
		if (i % GAE_POLL_ITEMS == 0 && env != NULL)
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

		if (i % GAE_POLL_ITEMS == 0 && env != NULL)
			GAE_TRY(gae_poll(env));
		for (int w = 0; w < words; w++)
			to[place * words + w] = from[i * words + w];
	}
	return GAE_OK;
}

/* Copy "count" words; env as in gae_sort_records. */
static GaeStatus
copy_words(GaeEnv *env, uint64_t *to, const uint64_t *from, int64_t count)
{
	for (int64_t done = 0; done < count; done += GAE_POLL_ITEMS)
	{
		int64_t		piece = gae_min(count - done, GAE_POLL_ITEMS);

		if (env != NULL)
			GAE_TRY(gae_poll(env));
		memcpy(to + done, from + done, (size_t) piece * sizeof(uint64_t));
	}
	return GAE_OK;
}

/*
 * Sort records by the first "by" of their words, the least significant digit first.  A
 * digit in which all records are alike moves nothing and is left out.  To be inlined with
 * constants for "words" and "by".
 */
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
	return from == records ? GAE_OK : copy_words(env, records, from, count * words);
}

/* Sort records on this thread.  Of one word: by = 1; of two: by = 1 or 2. */
static GaeStatus
sort_serially(GaeEnv *env, uint64_t *records, uint64_t *spare, int64_t count, int words, int by)
{
	if (words == 1)
		return sort_words(env, records, spare, count, 1, 1);
	if (by == 1)
		return sort_words(env, records, spare, count, 2, 1);
	return sort_words(env, records, spare, count, 2, 2);
}

/*
 * Many records are first distributed to buckets by the upper bits of their first word;
 * then each bucket is sorted in the cache of the core that takes it.
 */
typedef struct BucketSort
{
	uint64_t   *records;
	uint64_t   *spare;			/* where the buckets lie */
	int			words;
	int			by;
	int			shift;			/* of the bits that tell the bucket */
	GaeBuckets	buckets;
} BucketSort;

static inline int64_t
bucket_of(const BucketSort *sort, int64_t i)
{
	return (int64_t) (sort->records[i * sort->words] >> sort->shift & (BUCKETS - 1));
}

/* A GaeBucketBlock */
static void
count_records(void *task, GaeRange records, int64_t *place, int worker)
{
	const BucketSort *sort = task;

	(void) worker;
	for (int64_t i = records.first; i < records.end; i++)
		place[bucket_of(sort, i)]++;
}

/* A GaeBucketBlock */
static void
put_records(void *task, GaeRange records, int64_t *place, int worker)
{
	BucketSort *sort = task;
	int			words = sort->words;

	(void) worker;
	for (int64_t i = records.first; i < records.end; i++)
	{
		int64_t		to = place[bucket_of(sort, i)]++;

		for (int w = 0; w < words; w++)
			sort->spare[to * words + w] = sort->records[i * words + w];
	}
}

static GaeStatus sort_records(GaeEnv *env, uint64_t *records, uint64_t *spare, int64_t count,
							  int words, int by);

/*
 * A GaeBucketWork: sort a bucket, with its place in "records" as spare room, and move it
 * there.  A large one is distributed to buckets again, by its next bits.
 */
static GaeStatus
sort_bucket(GaeEnv *env, void *task, int64_t bucket, int worker)
{
	BucketSort *sort = task;
	int64_t		first = sort->buckets.start[bucket] * sort->words;
	int64_t		count = gae_bucket_records(&sort->buckets, bucket);

	(void) worker;
	GAE_TRY(sort_records(env, sort->spare + first, sort->records + first, count, sort->words,
						 sort->by));
	return copy_words(env, sort->records + first, sort->spare + first, count * sort->words);
}

static GaeStatus
sort_by_buckets(GaeEnv *env, uint64_t *records, uint64_t *spare, int64_t count, int words, int by)
{
	BucketSort	sort = {.records = records, .spare = spare, .words = words, .by = by};
	uint64_t	differences;

	GAE_TRY(find_differences(env, records, count, words, 0, &differences));
	if (differences == 0)
		return sort_serially(env, records, spare, count, words, by);

	/* The highest bit that differs tells buckets: there are two at least. */
	while (differences >> sort.shift >= BUCKETS)
		sort.shift++;
	GAE_TRY(gae_buckets_count(env, count, BUCKETS, count_records, &sort, &sort.buckets));
	GAE_TRY(gae_buckets_put(env, &sort.buckets, put_records, &sort));
	GAE_TRY(gae_buckets_each(env, &sort.buckets, sort_bucket, &sort));
	gae_buckets_free(env, &sort.buckets);
	return GAE_OK;
}

static GaeStatus
sort_records(GaeEnv *env, uint64_t *records, uint64_t *spare, int64_t count, int words, int by)
{
	if (env != NULL && count >= BUCKETS_FROM)
		return sort_by_buckets(env, records, spare, count, words, by);
	return sort_serially(env, records, spare, count, words, by);
}

GaeStatus
gae_sort(GaeEnv *env, GaeSortItem *items, GaeSortItem *spare, int64_t count)
{
	return sort_records(env, &items->key, &spare->key, count, 2, 1);
}

double
gae_sort_bytes(double count)
{
	return 2 * count * sizeof(GaeSortItem);
}

GaeStatus
gae_sort_records(GaeEnv *env, uint64_t *records, uint64_t *spare, int64_t count, int words)
{
	return sort_records(env, records, spare, count, words, words);
}

/*
 * IEEE 754 numbers order like integers of sign and magnitude: flip all bits of negative
 * numbers, and the sign of others.  Both zeros get one key.
 */
uint64_t
gae_sort_key_double(double x)
{
	uint64_t	bits;

	x += 0.0;					/* -0 becomes +0 */
	memcpy(&bits, &x, sizeof(bits));
	return bits >> 63 ? ~bits : bits | UINT64_C(1) << 63;
}

double
gae_sort_double_of_key(uint64_t key)
{
	uint64_t	bits = key >> 63 ? key ^ UINT64_C(1) << 63 : ~key;
	double		x;

	memcpy(&x, &bits, sizeof(x));
	return x;
}
