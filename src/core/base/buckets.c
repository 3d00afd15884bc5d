/*
 * buckets.c
 *		Records distributed to buckets in parallel, and work on each bucket.
 */
#include "core/base/buckets.h"

#include "core/base/parallel.h"

/* Items of a block: about a millisecond's work. */
#define BLOCK_ITEMS (1 << 16)

typedef struct DistributeTask
{
	const GaeBuckets *buckets;
	GaeBucketBlock run;			/* count or put */
	void	   *task;
} DistributeTask;

/* A GaeBlock */
static void
distribute_block(void *arg, int64_t block, int worker)
{
	const DistributeTask *t = arg;

	t->run(t->task, gae_block_range(block, BLOCK_ITEMS, t->buckets->items),
		   t->buckets->place + block * t->buckets->count, worker);
}

/* Turn the counts into places, block after block within each bucket. */
static GaeStatus
find_places(GaeEnv *env, GaeBuckets *buckets, int64_t blocks)
{
	int64_t		total = 0;

	for (int64_t b = 0; b < buckets->count; b++)
	{
		GAE_TRY(gae_poll(env));
		buckets->start[b] = total;
		for (int64_t block = 0; block < blocks; block++)
		{
			int64_t    *place = &buckets->place[block * buckets->count + b];
			int64_t		count = *place;

			*place = total;
			total += count;
		}
	}
	buckets->start[buckets->count] = total;
	return GAE_OK;
}

GaeStatus
gae_buckets_count(GaeEnv *env, int64_t items, int64_t buckets, GaeBucketBlock count, void *task,
				  GaeBuckets *counted)
{
	int64_t		blocks = gae_blocks(items, BLOCK_ITEMS);
	DistributeTask distribute = {counted, count, task};

	*counted = (GaeBuckets) {.count = buckets, .items = items};
	if (blocks > INT64_MAX / 8 / buckets)
		return gae_fail(env, GAE_OUT_OF_MEMORY, "out of memory");
	GAE_ALLOC(env, counted->start, buckets + 1);
	GAE_ALLOC_ZERO(env, counted->place, blocks * buckets);
	GAE_TRY(gae_parallel(env, blocks, distribute_block, &distribute));
	return find_places(env, counted, blocks);
}

GaeStatus
gae_buckets_put(GaeEnv *env, GaeBuckets *buckets, GaeBucketBlock put, void *task)
{
	DistributeTask distribute = {buckets, put, task};

	GAE_TRY(gae_parallel(env, gae_blocks(buckets->items, BLOCK_ITEMS), distribute_block, &distribute));
	gae_free(env, buckets->place);
	buckets->place = NULL;
	return GAE_OK;
}

typedef struct EachTask
{
	const GaeBuckets *buckets;
	GaeBucketWork work;
	void	   *task;
} EachTask;

static bool
fits_a_block(const GaeBuckets *buckets, int64_t bucket)
{
	return gae_bucket_records(buckets, bucket) <= GAE_BLOCK_RECORDS;
}

/* A GaeBlock */
static void
take_small_bucket(void *arg, int64_t bucket, int worker)
{
	const EachTask *t = arg;

	if (fits_a_block(t->buckets, bucket))
		(void) t->work(NULL, t->task, bucket, worker);
}

GaeStatus
gae_buckets_each(GaeEnv *env, const GaeBuckets *buckets, GaeBucketWork work, void *task)
{
	EachTask	each = {buckets, work, task};

	GAE_TRY(gae_parallel(env, buckets->count, take_small_bucket, &each));
	for (int64_t b = 0; b < buckets->count; b++)
		if (!fits_a_block(buckets, b))
			GAE_TRY(work(env, task, b, 0));
	return GAE_OK;
}

void
gae_buckets_free(GaeEnv *env, GaeBuckets *buckets)
{
	gae_free(env, buckets->place);
	gae_free(env, buckets->start);
}
