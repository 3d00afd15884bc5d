/*
 * buckets.h
 *		Records distributed to buckets in parallel, and work on each bucket.
 *
 * This is the distribution of a radix sort by the most significant digit (Knuth, TAOCP
 * vol. 3, 5.2.5): blocks of items count the records that they have for each bucket, the
 * counts are added up to places, and then the blocks put their records there.  So a
 * bucket has the records of block 0 first, whatever thread took which block.
 */
#ifndef GAE_BUCKETS_H
#define GAE_BUCKETS_H

#include "core/base/env.h"
#include "core/base/range.h"

typedef struct GaeBuckets
{
	int64_t		count;			/* of buckets */
	int64_t		items;			/* what records are made of, or the records themselves */
	int64_t    *start;			/* count + 1: the first record of each bucket */
	int64_t    *place;			/* blocks x count: how many records, then where they go */
} GaeBuckets;

/*
 * Take a block of items.  First, count: add to place[b] for each record of bucket b; then
 * put: each record of bucket b goes to place[b]++.  It is run as a GaeBlock is.
 */
typedef void (*GaeBucketBlock) (void *task, GaeRange items, int64_t *place, int worker);

/*
 * Work on one bucket.  env is NULL, and the work is run as a GaeBlock is, for a bucket of at
 * most GAE_BLOCK_RECORDS records; larger ones get the environment, all threads, and the
 * duty to look at interrupts.
 */
typedef GaeStatus (*GaeBucketWork) (GaeEnv *env, void *task, int64_t bucket, int worker);

/* Records that can be sorted well within the time of a block. */
#define GAE_BLOCK_RECORDS (1 << 19)

/* Count the records that the items have for each bucket: afterwards "start" is known. */
extern GaeStatus gae_buckets_count(GaeEnv *env, int64_t items, int64_t buckets,
								   GaeBucketBlock count, void *task, GaeBuckets *counted);

/* Have the counted records put at their places. */
extern GaeStatus gae_buckets_put(GaeEnv *env, GaeBuckets *buckets, GaeBucketBlock put, void *task);

/* Do the work on each bucket: small ones in parallel, then large ones one by one. */
extern GaeStatus gae_buckets_each(GaeEnv *env, const GaeBuckets *buckets, GaeBucketWork work,
								  void *task);

extern void gae_buckets_free(GaeEnv *env, GaeBuckets *buckets);

/* How many records a bucket has. */
static inline int64_t
gae_bucket_records(const GaeBuckets *buckets, int64_t bucket)
{
	return buckets->start[bucket + 1] - buckets->start[bucket];
}

#endif							/* GAE_BUCKETS_H */
