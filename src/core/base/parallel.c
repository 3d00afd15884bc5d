/*
 * parallel.c
 *		A pool of threads that lives as long as one call.
 *
 * One gae_parallel is a region.  The caller's thread is worker 0 and takes blocks like the
 * others.  Between its blocks it looks whether an interrupt is pending; if so, all workers
 * stop taking blocks, and the interrupt is served when all of them rest.  If that does not
 * end the call, the region goes on with the blocks that are left.
 *
 * The caller does not wait for a worker that comes late because other processes have the
 * cores: when no blocks are left, the caller closes the region and waits only for the
 * workers inside it; a closed region cannot be entered.
 *
 * Workers start with every signal blocked, so that signal handlers run on the threads that
 * were there before (POSIX delivers a signal of the process to a thread that does not
 * block it).
 */
#include "core/base/parallel.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

/*
 * Entries or pairs of a block, where each is a vector of at most SHORT_WIDTH values: some
 * milliseconds' work.
 */
#define BLOCK_WORK 262144.0
#define SHORT_WIDTH 128

/* The stack of a thread: enough for the deepest kernel (OpenBLAS packs into buffers of its own). */
#define WORKER_STACK_BYTES (1024 * 1024)

/*
 * How long a worker that waits stays awake: longer than what lies between two regions of
 * an epoch.  It looks at the clock after every LOOKS looks at what it waits for.
 */
#define AWAKE_NANOSECONDS 200000
#define LOOKS 64

typedef struct Worker
{
	struct GaePool *pool;
	int			number;
	pthread_t	thread;
} Worker;

/*
 * A worker's share of the blocks, alone in its cache line.  Most regions work on the rows
 * that the region before worked on.  So each worker begins with the same share of them,
 * which its cache may still hold, and takes blocks of the others' shares when its own is
 * done.
 */
typedef struct Share
{
	_Alignas(GAE_CACHE_LINE) _Atomic int64_t next;	/* the first block that nobody has taken */
	int64_t		end;			/* behind the last block of the share */
} Share;

/* Parts of GaePool.region: workers inside, a flag, and in the upper bits the region's number. */
#define INSIDE UINT64_C(0xFFFF)
#define OPEN UINT64_C(0x10000)
#define NEXT_REGION UINT64_C(0x20000)
#define NUMBER(region) ((region) / NEXT_REGION)

struct GaePool
{
	pthread_mutex_t lock;
	pthread_cond_t work_ready;
	pthread_cond_t work_done;
	int			started;		/* threads beside the caller's */
	Worker	   *workers;

	/*
	 * The region's number, whether workers may enter it, and how many workers are inside.
	 * Only while it is closed and empty may run, task and share be changed.
	 */
	_Atomic uint64_t region;
	atomic_bool stop;			/* workers are to end */
	GaeBlock	run;
	void	   *task;
	Share	   *share;			/* of each worker, the caller's thread first */
	atomic_bool halt;			/* take no more blocks for now */
};

/* Take blocks, those of the worker's own share first, until none are left or "halt" is set. */
static void
run_blocks(GaePool *pool, int worker, bool (*pending) (void *), void *context)
{
	int			workers = pool->started + 1;

	for (int other = 0; other < workers; other++)
	{
		Share	   *share = &pool->share[(worker + other) % workers];

		while (!atomic_load_explicit(&pool->halt, memory_order_relaxed))
		{
			int64_t		block = atomic_fetch_add_explicit(&share->next, 1, memory_order_relaxed);

			if (block >= share->end)
				break;
			pool->run(pool->task, block, worker);
			if (pending != NULL && pending(context))
				atomic_store(&pool->halt, true);
		}
	}
}

/* Pause between two looks at memory that another thread writes, as the processor likes it. */
static void
look_again(void)
{
#if defined(__x86_64__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("isb");
#endif
}

static int64_t
nanoseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

/* Is there a region after the one that was seen, or an end of all work? */
static bool
has_news(const GaePool *pool, uint64_t seen)
{
	return NUMBER(atomic_load(&pool->region)) != seen || atomic_load(&pool->stop);
}

/* Are no workers inside the region? */
static bool
all_rest(const GaePool *pool, uint64_t seen)
{
	(void) seen;
	return (atomic_load(&pool->region) & INSIDE) == 0;
}

/*
 * Wait until is_true(pool, seen).  Regions follow each other within microseconds, and
 * waking a thread takes longer than that: so stay awake for a while before sleeping until
 * "news" is signalled.
 */
static void
wait_for(GaePool *pool, bool (*is_true) (const GaePool *, uint64_t), uint64_t seen,
		 pthread_cond_t *news)
{
	int64_t		start = nanoseconds();

	do
	{
		for (int look = 0; look < LOOKS; look++)
		{
			if (is_true(pool, seen))
				return;
			look_again();
		}
	} while (nanoseconds() - start < AWAKE_NANOSECONDS);

	pthread_mutex_lock(&pool->lock);
	while (!is_true(pool, seen))
		pthread_cond_wait(news, &pool->lock);
	pthread_mutex_unlock(&pool->lock);
}

/* Enter the present region, unless it is closed; *seen becomes its number. */
static bool
enter(GaePool *pool, uint64_t *seen)
{
	uint64_t	region = atomic_load(&pool->region);

	while ((region & OPEN) != 0 && !atomic_compare_exchange_weak(&pool->region, &region, region + 1))
		;
	*seen = NUMBER(region);
	return (region & OPEN) != 0;
}

static void
leave(GaePool *pool)
{
	uint64_t	before = atomic_fetch_sub(&pool->region, 1);

	/* The last worker out of a closed region: the caller may be waiting. */
	if ((before & (OPEN | INSIDE)) == 1)
	{
		pthread_mutex_lock(&pool->lock);
		pthread_cond_signal(&pool->work_done);
		pthread_mutex_unlock(&pool->lock);
	}
}

static void *
worker_main(void *arg)
{
	Worker	   *worker = arg;
	GaePool    *pool = worker->pool;
	uint64_t	seen = 0;

	for (;;)
	{
		wait_for(pool, has_news, seen, &pool->work_ready);
		if (atomic_load(&pool->stop))
			break;
		if (enter(pool, &seen))
		{
			run_blocks(pool, worker->number, NULL, NULL);
			leave(pool);
		}
	}
	return NULL;
}

/* Start the threads; where the system refuses some, there are fewer. */
static GaeStatus
pool_start(GaeEnv *env)
{
	GaePool    *pool;
	sigset_t	all;
	sigset_t	before;
	pthread_attr_t attributes;

	GAE_ALLOC_ZERO(env, pool, 1);
	GAE_ALLOC_ZERO(env, pool->workers, env->threads);
	pool->share = gae_alloc_aligned(env, env->threads, sizeof(Share));
	if (pool->share == NULL)
		return env->error.status;
	if (pthread_attr_init(&attributes) != 0)
	{
		gae_fail(env, GAE_OUT_OF_MEMORY, "out of memory");
		gae_error_detail(env, "Failed to describe a thread.");
		return GAE_OUT_OF_MEMORY;
	}
	pthread_attr_setstacksize(&attributes, WORKER_STACK_BYTES);
	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->work_ready, NULL);
	pthread_cond_init(&pool->work_done, NULL);

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	while (pool->started < env->threads - 1)
	{
		Worker	   *worker = &pool->workers[pool->started];

		worker->pool = pool;
		worker->number = pool->started + 1;
		if (pthread_create(&worker->thread, &attributes, worker_main, worker) != 0)
			break;
		pool->started++;
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attributes);
	env->pool = pool;
	return GAE_OK;
}

void
gae_pool_stop(GaeEnv *env)
{
	GaePool    *pool = env->pool;

	if (pool == NULL)
		return;
	env->pool = NULL;
	pthread_mutex_lock(&pool->lock);
	atomic_store(&pool->stop, true);
	pthread_cond_broadcast(&pool->work_ready);
	pthread_mutex_unlock(&pool->lock);
	for (int i = 0; i < pool->started; i++)
		pthread_join(pool->workers[i].thread, NULL);
	pthread_cond_destroy(&pool->work_done);
	pthread_cond_destroy(&pool->work_ready);
	pthread_mutex_destroy(&pool->lock);
}

int
gae_workers(const GaeEnv *env)
{
	return env->threads;
}

int64_t
gae_block_rows(int64_t rows, double entries, int64_t width, int64_t most)
{
	double		work = entries * (double) gae_blocks(width, SHORT_WIDTH);
	double		affordable = rows > 0 ? BLOCK_WORK / (work / (double) rows) : (double) most;

	return affordable >= (double) most ? most : affordable < 1 ? 1 : (int64_t) affordable;
}

/*
 * Have the workers take blocks until none are left or an interrupt is pending.  On return
 * no worker runs a block.
 */
static void
run_region(GaeEnv *env, GaePool *pool)
{
	pthread_mutex_lock(&pool->lock);
	atomic_store(&pool->halt, false);
	atomic_fetch_add(&pool->region, NEXT_REGION | OPEN);
	pthread_cond_broadcast(&pool->work_ready);
	pthread_mutex_unlock(&pool->lock);

	run_blocks(pool, 0, env->pending, env->context);
	atomic_fetch_and(&pool->region, ~OPEN);
	wait_for(pool, all_rest, 0, &pool->work_done);
}

/* Are there blocks that no worker has taken? */
static bool
blocks_left(const GaePool *pool)
{
	for (int worker = 0; worker <= pool->started; worker++)
		if (pool->share[worker].next < pool->share[worker].end)
			return true;
	return false;
}

/* The first block of a worker's share: blocks · worker / workers, without an overflow. */
static int64_t
share_start(int64_t blocks, int64_t workers, int64_t worker)
{
	return blocks / workers * worker + blocks % workers * worker / workers;
}

GaeStatus
gae_parallel(GaeEnv *env, int64_t blocks, GaeBlock run, void *task)
{
	GaePool    *pool;
	int			workers;

	if (env->threads == 1 || blocks <= 1)
	{
		for (int64_t block = 0; block < blocks; block++)
		{
			GAE_TRY(gae_poll(env));
			run(task, block, 0);
		}
		return GAE_OK;
	}

	if (env->pool == NULL)
		GAE_TRY(pool_start(env));
	pool = env->pool;
	workers = pool->started + 1;
	pool->run = run;
	pool->task = task;
	for (int worker = 0; worker < workers; worker++)
	{
		pool->share[worker].next = share_start(blocks, workers, worker);
		pool->share[worker].end = share_start(blocks, workers, worker + 1);
	}
	while (blocks_left(pool))
	{
		run_region(env, pool);
		GAE_TRY(gae_poll(env));
	}
	return GAE_OK;
}
