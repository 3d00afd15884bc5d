/*
 * parallel.h
 *		Run blocks of work on a few threads.
 *
 * What a block computes must depend on the block's number alone, never on the worker or on
 * the number of threads; then results are the same for 1 thread and for 64.
 */
#ifndef GAE_PARALLEL_H
#define GAE_PARALLEL_H

#include "core/base/env.h"
#include "core/base/range.h"

/*
 * The most threads.  More would gain nothing, and each takes a stack, scratch memory and a
 * work buffer of OpenBLAS; every build of OpenBLAS has at least this many buffers.
 */
#define GAE_MAX_THREADS 128

/*
 * One block of work, well under 50 ms.  It may run on any thread, so it must not allocate,
 * fail, or touch the environment.  "worker", below gae_workers(env), numbers the thread:
 * blocks that run at the same time have different workers, so that each worker may have
 * scratch memory of its own.
 */
typedef void (*GaeBlock) (void *task, int64_t block, int worker);

/* How many workers blocks may run on; fixed for the life of the environment. */
extern int	gae_workers(const GaeEnv *env);

/*
 * Run blocks 0 … blocks - 1 in any order; return when all are done.  Error:
 * GAE_INTERRUPTED, with some blocks perhaps not run; and, the first time, GAE_OUT_OF_MEMORY.
 */
extern GaeStatus gae_parallel(GaeEnv *env, int64_t blocks, GaeBlock run, void *task);

/*
 * How many rows to put into a block, so that it takes some milliseconds: between 1 and
 * "most".  All rows together have "entries" entries (or pairs), and the work on an entry is
 * a vector of "width" values: the more entries a row has, and the longer the vectors, the
 * fewer the rows.
 */
extern int64_t gae_block_rows(int64_t rows, double entries, int64_t width, int64_t most);

/* End the threads.  The owner of the environment calls it before it frees the memory. */
extern void gae_pool_stop(GaeEnv *env);

#endif							/* GAE_PARALLEL_H */
