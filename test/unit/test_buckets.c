/*
 * test_buckets.c
 *		Records are counted, keep their order within a bucket, and every bucket is worked on
 *		once.
 */
#include <string.h>

#include "core/base/buckets.h"
#include "support.h"

/* Items beyond a block's and, in bucket 0, more records than a block may sort. */
#define ITEMS 1500000
#define BUCKETS 7

typedef struct Task
{
	int64_t    *record;			/* numbers of items, bucket by bucket */
	int			visits[BUCKETS];
	bool		had_env[BUCKETS];
	int64_t		left_out[3];	/* by worker */
} Task;

/* Most items go to bucket 0; every tenth becomes no record. */
static int64_t
bucket_of(int64_t item)
{
	return item % 10 == 9 ? -1 : item % 10 < 6 ? 0 : 1 + item / 3 % (BUCKETS - 1);
}

static void
count(void *arg, GaeRange items, int64_t *place, int worker)
{
	Task	   *task = arg;

	for (int64_t i = items.first; i < items.end; i++)
		if (bucket_of(i) >= 0)
			place[bucket_of(i)]++;
		else
			task->left_out[worker]++;
}

static void
put(void *arg, GaeRange items, int64_t *place, int worker)
{
	Task	   *task = arg;

	(void) worker;
	for (int64_t i = items.first; i < items.end; i++)
		if (bucket_of(i) >= 0)
			task->record[place[bucket_of(i)]++] = i;
}

static GaeStatus
visit(GaeEnv *env, void *arg, int64_t bucket, int worker)
{
	Task	   *task = arg;

	(void) worker;
	task->visits[bucket]++;
	task->had_env[bucket] = env != NULL;
	return GAE_OK;
}

static void
test_distribution(void **state)
{
	(void) state;
	for (int threads = 1; threads <= 3; threads++)
	{
		GaeEnv	   *env = test_env_create(threads);
		Task		task = {0};
		GaeBuckets	buckets;

		assert_ok(env, gae_buckets_count(env, ITEMS, BUCKETS, count, &task, &buckets));
		assert_int_equal(task.left_out[0] + task.left_out[1] + task.left_out[2], ITEMS / 10);
		assert_int_equal(buckets.start[0], 0);
		assert_int_equal(buckets.start[BUCKETS], ITEMS - ITEMS / 10);
		task.record = gae_alloc(env, buckets.start[BUCKETS], sizeof(int64_t));
		assert_ok(env, gae_buckets_put(env, &buckets, put, &task));
		for (int64_t b = 0; b < BUCKETS; b++)
			for (int64_t k = buckets.start[b]; k < buckets.start[b + 1]; k++)
			{
				assert_int_equal(bucket_of(task.record[k]), b);
				assert_true(k == buckets.start[b] || task.record[k] > task.record[k - 1]);
			}
		assert_ok(env, gae_buckets_each(env, &buckets, visit, &task));
		for (int b = 0; b < BUCKETS; b++)
		{
			assert_int_equal(task.visits[b], 1);
			assert_int_equal(task.had_env[b], gae_bucket_records(&buckets, b) > GAE_BLOCK_RECORDS);
		}
		assert_true(task.had_env[0] && !task.had_env[1]);
		gae_buckets_free(env, &buckets);
		test_env_destroy(env);
	}
}

static void
test_no_items(void **state)
{
	Task		task = {0};
	GaeBuckets	buckets;

	assert_ok(*state, gae_buckets_count(*state, 0, BUCKETS, count, &task, &buckets));
	for (int b = 0; b <= BUCKETS; b++)
		assert_int_equal(buckets.start[b], 0);
	assert_ok(*state, gae_buckets_put(*state, &buckets, put, &task));
	assert_ok(*state, gae_buckets_each(*state, &buckets, visit, &task));
	gae_buckets_free(*state, &buckets);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_distribution),
		TEST(test_no_items),
	};

	return cmocka_run_group_tests_name("buckets", tests, NULL, NULL);
}
