/*
 * env_pg.h
 *		PostgreSQL as the environment of the core: memory contexts, interrupts,
 *		errors and progress.
 */
#ifndef VGAE_ENV_PG_H
#define VGAE_ENV_PG_H

#include "core/base/env.h"
#include "pg/base/progress.h"

/*
 * An environment for one call.  Its memory is a child of the current memory
 * context; should an error unwind past vgae_env_end(), that context's reset ends
 * the threads and frees the memory all the same.
 */
extern GaeEnv *vgae_env_begin(void);
extern void vgae_env_end(GaeEnv *env);

/* Raise the environment's error unless the status is GAE_OK. */
extern void vgae_check(GaeEnv *env, GaeStatus status);

/*
 * The most memory, in bytes, that the caller's memory context and those below it have
 * held since the first call of this function: at an allocation of the core, or now.
 */
extern int64 vgae_env_peak(GaeEnv *env);

/* Let the environment report to *progress, which must live as long as the environment. */
extern void vgae_env_report_progress(GaeEnv *env, VgaeProgress *progress);

#endif							/* VGAE_ENV_PG_H */
