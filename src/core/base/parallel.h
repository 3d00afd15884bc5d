/*
 * parallel.h
 *		Run blocks of work on a few threads.
 *
 * What a block computes must depend on the block's number alone, never on the
 * worker or on the number of threads; then results are the same for 1 thread
 * and for 64.
 */
#ifndef GAE_PARALLEL_H
#define GAE_PARALLEL_H

#include "core/base/env.h"

/*
 * More threads than this gain nothing, and each takes a stack, scratch memory and a work
 * buffer of OpenBLAS, whose builds have at least as many.
 */
#define GAE_MAX_THREADS 128

/*
 * One block of work, well under 50 ms.  It runs on any thread: it must not
 * allocate, fail, or touch the environment.  "worker" is below
 * gae_workers(env), for scratch memory of its own.
 */
typedef void (*GaeBlock) (void *task, int64_t block, int worker);

/* How many workers blocks may run on; fixed for the life of the environment. */
extern int	gae_workers(const GaeEnv *env);

/* Run blocks 0 … blocks - 1 in any order; returns when all are done. */
extern GaeStatus gae_parallel(GaeEnv *env, int64_t blocks, GaeBlock run, void *task);

/* How many blocks of the given size cover count elements. */
extern int64_t gae_blocks(int64_t count, int64_t size);

/*
 * Rows of a block, at most "most", where all rows together have so many entries (or
 * pairs), for each of which a vector of so many values is looked at: fewer rows where
 * they, or the vectors, are long.
 */
extern int64_t gae_block_rows(int64_t rows, double entries, int64_t width, int64_t most);

/* End the threads.  The owner calls it before it frees the memory. */
extern void gae_pool_stop(GaeEnv *env);

#endif							/* GAE_PARALLEL_H */
