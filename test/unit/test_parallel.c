/*
 * test_parallel.c
 *		Every block once, on a worker of its own, whatever happens meanwhile.
 */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "core/base/parallel.h"
#include "support.h"

#define MOST_BLOCKS 3000
#define MOST_WORKERS 8

typedef struct Task
{
	atomic_int	runs[MOST_BLOCKS];
	atomic_int	running[MOST_WORKERS];	/* blocks on a worker at this moment */
	atomic_int	wrong;
	pthread_t	caller;
	useconds_t	pause;
} Task;

static void
count_block(void *arg, int64_t block, int worker)
{
	Task	   *task = arg;
	sigset_t	mask;

	atomic_fetch_add(&task->runs[block], 1);
	if (atomic_fetch_add(&task->running[worker], 1) != 0)
		atomic_fetch_add(&task->wrong, 1);

	/* Worker 0 is the caller; the others have all signals blocked. */
	if ((worker == 0) != (pthread_equal(pthread_self(), task->caller) != 0))
		atomic_fetch_add(&task->wrong, 1);
	pthread_sigmask(SIG_SETMASK, NULL, &mask);
	if ((worker == 0) == (sigismember(&mask, SIGUSR1) != 0))
		atomic_fetch_add(&task->wrong, 1);
	if (task->pause > 0)
		usleep(task->pause);
	atomic_fetch_sub(&task->running[worker], 1);
}

static void
test_every_block_once(void **state)
{
	static const int64_t counts[] = {0, 1, 2, 3, 7, 8, 9, 100, MOST_BLOCKS};
	static Task task;

	(void) state;
	for (int threads = 1; threads <= MOST_WORKERS; threads++)
	{
		GaeEnv	   *env = test_env_create(threads);

		assert_int_equal(gae_workers(env), threads);
		for (size_t c = 0; c < sizeof(counts) / sizeof(counts[0]); c++)
		{
			for (int again = 0; again < 20; again++)
			{
				memset(&task, 0, sizeof(task));
				task.caller = pthread_self();
				assert_ok(env, gae_parallel(env, counts[c], count_block, &task));
				assert_int_equal(task.wrong, 0);
				for (int64_t b = 0; b < MOST_BLOCKS; b++)
					assert_int_equal(task.runs[b], b < counts[c]);
			}
		}
		test_env_destroy(env);
	}
}

/* Interrupts that are served on the way: nothing is lost, nothing done twice. */
static void
test_served_interrupts(void **state)
{
	static Task task;

	(void) state;
	for (int threads = 1; threads <= 4; threads++)
	{
		for (int64_t at = 1; at <= 20; at++)
		{
			GaeEnv	   *env = test_env_create(threads);
			TestContext *context = test_context(env);

			memset(&task, 0, sizeof(task));
			task.caller = pthread_self();
			context->interrupt_ends = false;
			context->interrupt_at = at;
			assert_ok(env, gae_parallel(env, 300, count_block, &task));
			assert_int_equal(task.wrong, 0);
			for (int64_t b = 0; b < 300; b++)
				assert_int_equal(task.runs[b], 1);
			test_env_destroy(env);
		}
	}
}

/* An interrupt that ends the call leaves no block running, and the pool usable. */
static void
test_ending_interrupt(void **state)
{
	static Task task;

	(void) state;
	for (int threads = 1; threads <= 4; threads++)
	{
		GaeEnv	   *env = test_env_create(threads);
		TestContext *context = test_context(env);
		int64_t		begun = 0;

		memset(&task, 0, sizeof(task));
		task.caller = pthread_self();
		task.pause = 200;
		context->interrupt_at = 5;
		assert_status(GAE_INTERRUPTED, gae_parallel(env, 300, count_block, &task));
		assert_int_equal(env->error.status, GAE_INTERRUPTED);
		for (int w = 0; w < MOST_WORKERS; w++)
			assert_int_equal(task.running[w], 0);
		for (int64_t b = 0; b < 300; b++)
			begun += task.runs[b];
		assert_true(begun < 100);

		context->interrupt_at = 0;
		memset(&task.runs, 0, sizeof(task.runs));
		task.pause = 0;
		assert_ok(env, gae_parallel(env, 50, count_block, &task));
		for (int64_t b = 0; b < 50; b++)
			assert_int_equal(task.runs[b], 1);
		assert_int_equal(task.wrong, 0);
		test_env_destroy(env);
	}
}

static void
test_blocks(void **state)
{
	(void) state;
	assert_int_equal(gae_blocks(0, 10), 0);
	assert_int_equal(gae_blocks(1, 10), 1);
	assert_int_equal(gae_blocks(10, 10), 1);
	assert_int_equal(gae_blocks(11, 10), 2);
	assert_true(gae_blocks(INT64_MAX, 10) == INT64_MAX / 10 + 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_block_once),
		cmocka_unit_test(test_served_interrupts),
		cmocka_unit_test(test_ending_interrupt),
		cmocka_unit_test(test_blocks),
	};

	return cmocka_run_group_tests_name("parallel", tests, NULL, NULL);
}
