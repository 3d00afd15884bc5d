/*
 * sort.c
 *		Radix sort (Knuth, TAOCP vol. 3, 5.2.5): by the least significant digit
 *		first, and of many records by the most significant bits before that.
 */
#include "core/base/sort.h"

#include <string.h>

#include "core/base/parallel.h"

#define DIGIT_BITS 8
#define DIGIT_VALUES (1 << DIGIT_BITS)

/* As many as the cache writes to well. */
#define BUCKETS 1024

/* So many records do not fit a core's cache, with the spare room, and are worth buckets. */
#define BUCKETS_FROM (1 << 16)

/* Records of a block of work: about a millisecond's. */
#define BLOCK_RECORDS (1 << 16)

/* A bucket of more takes too long for a block; all threads sort it, by buckets again. */
#define LARGE_BUCKET (1 << 19)

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
		if (i % GAE_POLL_ITEMS == 0 && env != NULL)
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

/* A copy of so many words that looks at interrupts on the way. */
static GaeStatus
copy_words(GaeEnv *env, uint64_t *to, const uint64_t *from, int64_t count)
{
	for (int64_t done = 0; done < count; done += GAE_POLL_ITEMS)
	{
		int64_t		piece = count - done < GAE_POLL_ITEMS ? count - done : GAE_POLL_ITEMS;

		if (env != NULL)
			GAE_TRY(gae_poll(env));
		memcpy(to + done, from + done, (size_t) piece * sizeof(uint64_t));
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
	return from == records ? GAE_OK : copy_words(env, records, from, count * words);
}

/* The same, for a few combinations of constants. */
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
 * Many records are first distributed to buckets by the upper bits of their first
 * word, by all threads; then each bucket is sorted, in the cache of whoever takes
 * it.
 */
typedef struct BucketSort
{
	uint64_t   *records;
	uint64_t   *spare;
	int64_t		count;
	int			words;
	int			by;
	int			shift;			/* of the bits that tell the bucket */
	int64_t    *place;			/* blocks x BUCKETS: how many records, then where they go */
	int64_t		start[BUCKETS + 1];
} BucketSort;

static inline int64_t
bucket_of(const BucketSort *sort, int64_t i)
{
	return (int64_t) (sort->records[i * sort->words] >> sort->shift & (BUCKETS - 1));
}

static inline int64_t
end_of_block(const BucketSort *sort, int64_t block)
{
	int64_t		end = (block + 1) * BLOCK_RECORDS;

	return end < sort->count ? end : sort->count;
}

/* A GaeBlock: how many of a block's records go to each bucket. */
static void
count_block(void *task, int64_t block, int worker)
{
	BucketSort *sort = task;
	int64_t    *count = sort->place + block * BUCKETS;

	(void) worker;
	for (int64_t i = block * BLOCK_RECORDS; i < end_of_block(sort, block); i++)
		count[bucket_of(sort, i)]++;
}

/* A GaeBlock: put a block's records into the buckets, which lie in "spare". */
static void
put_block(void *task, int64_t block, int worker)
{
	BucketSort *sort = task;
	int64_t    *place = sort->place + block * BUCKETS;
	int			words = sort->words;

	(void) worker;
	for (int64_t i = block * BLOCK_RECORDS; i < end_of_block(sort, block); i++)
	{
		int64_t		to = place[bucket_of(sort, i)]++;

		for (int w = 0; w < words; w++)
			sort->spare[to * words + w] = sort->records[i * words + w];
	}
}

static GaeStatus sort_records(GaeEnv *env, uint64_t *records, uint64_t *spare, int64_t count,
							  int words, int by);

/*
 * Sort a bucket, with its place in "records" as spare room, and move it there.
 * env is NULL in a block.
 */
static GaeStatus
sort_bucket(GaeEnv *env, BucketSort *sort, int64_t b)
{
	int64_t		first = sort->start[b] * sort->words;
	int64_t		count = sort->start[b + 1] - sort->start[b];

	GAE_TRY(sort_records(env, sort->spare + first, sort->records + first, count, sort->words,
						 sort->by));
	return copy_words(env, sort->records + first, sort->spare + first, count * sort->words);
}

static bool
fits_a_block(const BucketSort *sort, int64_t b)
{
	return sort->start[b + 1] - sort->start[b] <= LARGE_BUCKET;
}

/* A GaeBlock */
static void
sort_block(void *task, int64_t b, int worker)
{
	(void) worker;
	if (fits_a_block(task, b))
		(void) sort_bucket(NULL, task, b);
}

static GaeStatus
sort_by_buckets(GaeEnv *env, uint64_t *records, uint64_t *spare, int64_t count, int words, int by)
{
	BucketSort	sort = {
		.records = records, .spare = spare, .count = count, .words = words, .by = by
	};
	int64_t		blocks = gae_blocks(count, BLOCK_RECORDS);
	int64_t		total = 0;
	uint64_t	differences;

	GAE_TRY(find_differences(env, records, count, words, 0, &differences));
	if (differences == 0)
		return sort_serially(env, records, spare, count, words, by);

	/* The highest bit that differs tells buckets: there are two at least. */
	while (differences >> sort.shift >= BUCKETS)
		sort.shift++;
	GAE_ALLOC_ZERO(env, sort.place, blocks * BUCKETS);
	GAE_TRY(gae_parallel(env, blocks, count_block, &sort));
	for (int64_t b = 0; b < BUCKETS; b++)
	{
		sort.start[b] = total;
		for (int64_t block = 0; block < blocks; block++)
		{
			int64_t    *place = &sort.place[block * BUCKETS + b];
			int64_t		of_block = *place;

			*place = total;
			total += of_block;
		}
	}
	sort.start[BUCKETS] = total;
	GAE_TRY(gae_parallel(env, blocks, put_block, &sort));
	gae_free(env, sort.place);
	GAE_TRY(gae_parallel(env, BUCKETS, sort_block, &sort));
	for (int64_t b = 0; b < BUCKETS; b++)
		if (!fits_a_block(&sort, b))
			GAE_TRY(sort_bucket(env, &sort, b));
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

double
gae_sort_double_of_key(uint64_t key)
{
	uint64_t	bits = key >> 63 ? key ^ UINT64_C(1) << 63 : ~key;
	double		x;

	memcpy(&x, &bits, sizeof(x));
	return x;
}
