/*
 * env_pg.c
 *		PostgreSQL as the environment of the core: memory contexts, interrupts,
 *		errors and progress.
 *
 * The core cannot be unwound by an error, so nothing here may throw while core
 * code is on the stack.  What PostgreSQL throws there is caught and kept; the
 * core is told to stop, returns, and vgae_check() throws it again.
 */
#include "postgres.h"

#include "storage/pmsignal.h"
#include "utils/memutils.h"

#include "core/base/parallel.h"
#include "pg/base/compat.h"
#include "pg/base/env_pg.h"
#include "pg/base/long_memory.h"
#include "pg/base/settings.h"

typedef struct PgEnv
{
	GaeEnv		env;			/* must be first: callers hold a pointer to it */
	MemoryContext context;		/* all of the core's memory, and this */
	MemoryContext caller;		/* what was current at the start */
	MemoryContextCallback stop_threads;
	int64		peak;			/* see vgae_env_peak(); -1: not asked for */

	/* What was thrown while core code ran. */
	bool		thrown;
	ErrorData  *error;			/* NULL if there was no memory to keep it */

	VgaeProgress *progress;		/* to report to */
} PgEnv;

static int64
pg_held(void *context)
{
	PgEnv	   *pg = context;

	return (int64) MemoryContextMemAllocated(pg->caller, true);
}

static void *
pg_allocate(void *context, size_t bytes)
{
	PgEnv	   *pg = context;
	void	   *memory = MemoryContextAllocExtended(pg->context, bytes,
													MCXT_ALLOC_HUGE | MCXT_ALLOC_NO_OOM);

	if (memory != NULL)
		vgae_want_huge_pages(memory, bytes);
	if (pg->peak >= 0)
		pg->peak = Max(pg->peak, pg_held(pg));
	return memory;
}

static void
pg_release(void *context, void *memory)
{
	pfree(memory);
}

/*
 * Has the postmaster died?  That does not stop a backend which computes, and as long as
 * one backend lives no new postmaster starts.
 */
static bool
is_orphan(void)
{
	return IsUnderPostmaster && !PostmasterIsAlive();
}

static bool
pg_pending(void *context)
{
	PgEnv	   *pg = context;

	return pg->thrown || is_orphan() || (InterruptPending && INTERRUPTS_CAN_BE_PROCESSED());
}

/*
 * In a PG_CATCH block: keep the error for vgae_check().  Copying it may fail for
 * want of memory, which must not be thrown from here either.
 */
static void
keep_thrown(PgEnv *pg, MemoryContext context)
{
	MemoryContextSwitchTo(pg->caller);
	PG_TRY();
	{
		pg->error = CopyErrorData();
	}
	PG_CATCH();
	{
		pg->error = NULL;
	}
	PG_END_TRY();
	FlushErrorState();
	pg->thrown = true;
	MemoryContextSwitchTo(context);
}

/*
 * Do what is pending.  A backend that is told to end does so from in here, while all
 * worker threads rest.
 */
static bool
pg_interrupted(void *context)
{
	PgEnv	   *pg = context;
	MemoryContext before = CurrentMemoryContext;

	if (pg->thrown)
		return true;
	PG_TRY();
	{
		if (is_orphan())
			ereport(FATAL,
					(errcode(ERRCODE_ADMIN_SHUTDOWN),
					 errmsg("terminating connection because the postmaster is gone")));
		CHECK_FOR_INTERRUPTS();
	}
	PG_CATCH();
	{
		keep_thrown(pg, before);
	}
	PG_END_TRY();
	return pg->thrown;
}

/* Raising a NOTICE looks at interrupts, and so may throw. */
static void
pg_progress(void *context, const GaeProgress *told)
{
	PgEnv	   *pg = context;
	MemoryContext before = CurrentMemoryContext;

	if (pg->thrown)
		return;
	PG_TRY();
	{
		vgae_progress_report(pg->progress, told);
	}
	PG_CATCH();
	{
		keep_thrown(pg, before);
	}
	PG_END_TRY();
}

/* Threads use the context's memory: they must end before it is freed. */
static void
stop_threads(void *arg)
{
	gae_pool_stop(arg);
}

GaeEnv *
vgae_env_begin(void)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "vgae core",
												  ALLOCSET_DEFAULT_SIZES);
	PgEnv	   *pg = MemoryContextAllocZero(context, sizeof(PgEnv));

	pg->context = context;
	pg->caller = CurrentMemoryContext;
	pg->peak = -1;
	pg->env.allocate = pg_allocate;
	pg->env.release = pg_release;
	pg->env.held = pg_held;
	pg->env.pending = pg_pending;
	pg->env.interrupted = pg_interrupted;
	pg->env.context = pg;
	pg->env.threads = vgae_setting_threads();
	pg->env.memory_limit = vgae_setting_memory_limit();
	pg->stop_threads.func = stop_threads;
	pg->stop_threads.arg = &pg->env;
	MemoryContextRegisterResetCallback(context, &pg->stop_threads);
	return &pg->env;
}

void
vgae_env_end(GaeEnv *env)
{
	PgEnv	   *pg = env->context;

	MemoryContextDelete(pg->context);
}

int64
vgae_env_peak(GaeEnv *env)
{
	PgEnv	   *pg = env->context;

	pg->peak = Max(pg->peak, pg_held(pg));
	return pg->peak;
}

void
vgae_env_report_progress(GaeEnv *env, VgaeProgress *progress)
{
	PgEnv	   *pg = env->context;

	pg->progress = progress;
	env->progress = pg_progress;
}

static int
sqlstate_of(GaeStatus status)
{
	switch (status)
	{
		case GAE_OUT_OF_MEMORY:
			return ERRCODE_OUT_OF_MEMORY;
		case GAE_INTERRUPTED:
			return ERRCODE_QUERY_CANCELED;
		case GAE_INVALID_ARGUMENT:
			return ERRCODE_INVALID_PARAMETER_VALUE;
		case GAE_INVALID_MODEL:
			return ERRCODE_INVALID_BINARY_REPRESENTATION;
		case GAE_DIVERGED:
			/* as PostgreSQL's own arithmetic has it when a float overflows */
			return ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE;
		case GAE_TOO_LARGE:
			return ERRCODE_PROGRAM_LIMIT_EXCEEDED;
		case GAE_UNAVAILABLE:
			return ERRCODE_SYSTEM_ERROR;
		case GAE_OK:
			break;
	}
	return ERRCODE_INTERNAL_ERROR;
}

void
vgae_check(GaeEnv *env, GaeStatus status)
{
	PgEnv	   *pg = env->context;
	const GaeError *error = &env->error;

	/* An error counts even if the core was done before it looked again. */
	if (pg->thrown && pg->error != NULL)
		ReThrowError(pg->error);
	if (pg->thrown)
		ereport(ERROR,
				(errcode(ERRCODE_OUT_OF_MEMORY),
				 errmsg("out of memory"),
				 errdetail("Failed while an error was being kept.")));
	if (status == GAE_OK)
		return;
	ereport(ERROR,
			(errcode(sqlstate_of(status)),
			 errmsg_internal("%s", error->message),
			 error->detail[0] != '\0' ? errdetail_internal("%s", error->detail) : 0,
			 error->hint[0] != '\0' ? errhint("%s", error->hint) : 0));
}
