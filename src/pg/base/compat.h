/*
 * compat.h
 *		What differs between PostgreSQL's major versions: the only file that may
 *		test PG_VERSION_NUM.
 *
 * The code is written for the newest version.  What an older version lacks is defined
 * here by its later name, with as much of its meaning as we use.
 */
#ifndef VGAE_COMPAT_H
#define VGAE_COMPAT_H

#if PG_VERSION_NUM < 130000
#error "vgae needs PostgreSQL 13 or later"
#endif

#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif

/* ---- 19 ---- */

#if PG_VERSION_NUM < 190000

#include "utils/jsonb.h"

typedef struct JsonbInState
{
	JsonbValue *result;
	JsonbParseState *parseState;
} JsonbInState;

#define pushJsonbValue(state, token, value) \
	((void) ((state)->result = pushJsonbValue(&(state)->parseState, token, value)))

#endif

/* ---- 18 ---- */

#ifndef pg_noreturn
#define pg_noreturn pg_attribute_noreturn()
#endif

/* ---- 17 ---- */

#if PG_VERSION_NUM < 170000

#include "access/transam.h"

#define TransamVariables ShmemVariableCache

/* An interval is finite. */
#define INTERVAL_NOT_FINITE(interval) false

#endif

/* ---- 16 ---- */

#if PG_VERSION_NUM < 160000

#include "catalog/pg_proc.h"
#include "pgstat.h"
#include "utils/acl.h"

#define pgstat_get_local_beentry_by_index(i) pgstat_fetch_stat_local_beentry(i)

/* For functions only. */
#define object_aclcheck(class, oid, role, mode) \
	(AssertMacro((class) == ProcedureRelationId), pg_proc_aclcheck(oid, role, mode))

#endif

/* ---- 15 ---- */

#if PG_VERSION_NUM < 150000

#include "funcapi.h"
#include "miscadmin.h"
#include "utils/guc.h"

#define MarkGUCPrefixReserved(prefix) EmitWarningsOnPlaceholders(prefix)

#define MAT_SRF_USE_EXPECTED_DESC 0x01

/* For this flag only. */
static inline void
InitMaterializedSRF(FunctionCallInfo fcinfo, uint32 flags)
{
	ReturnSetInfo *info = (ReturnSetInfo *) fcinfo->resultinfo;
	MemoryContext caller;

	Assert(flags == MAT_SRF_USE_EXPECTED_DESC);
	if (info == NULL || !IsA(info, ReturnSetInfo))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("set-valued function called in context that cannot accept a set")));
	if ((info->allowedModes & SFRM_Materialize) == 0 || info->expectedDesc == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("materialize mode required, but it is not allowed in this context")));

	caller = MemoryContextSwitchTo(info->econtext->ecxt_per_query_memory);
	info->returnMode = SFRM_Materialize;
	info->setResult = tuplestore_begin_heap((info->allowedModes & SFRM_Materialize_Random) != 0,
											false, work_mem);
	info->setDesc = CreateTupleDescCopy(info->expectedDesc);
	MemoryContextSwitchTo(caller);
}

#endif

/* ---- 14 ---- */

#ifndef INTERRUPTS_CAN_BE_PROCESSED
#define INTERRUPTS_CAN_BE_PROCESSED() \
	(InterruptHoldoffCount == 0 && CritSectionCount == 0 && QueryCancelHoldoffCount == 0)
#endif

#if PG_VERSION_NUM < 140000

#include "catalog/pg_authid.h"
#include "executor/executor.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "parser/parser.h"
#include "pgstat.h"
#include "storage/backendid.h"
#include "storage/shmem.h"
#include "utils/plancache.h"
#include "utils/snapmgr.h"

#define ROLE_PG_READ_ALL_STATS DEFAULT_ROLE_READ_ALL_STATS

/* A numeric is finite or NaN. */
#define numeric_is_inf(numeric) false

#define raw_parser(text, mode) raw_parser(text)

/* These versions do not count: for all that they tell, one has ended at each call. */
static inline uint64
vgae_transactions_ended(void)
{
	static uint64 calls = 0;

	return ++calls;
}

static inline bool
pg_is_ascii(const char *text)
{
	while (*text != '\0')
		if (IS_HIGHBIT_SET(*text++))
			return false;
	return true;
}

/*
 * What this backend shows of itself.  In these versions the pointer to it is static in
 * pgstat.c, but all backends' entries can be found in shared memory by their name.
 */
static inline PgBackendStatus *
vgae_my_status(void)
{
	static PgBackendStatus *statuses = NULL;
	bool		found;

	if (MyBackendId == InvalidBackendId)
		return NULL;
	if (statuses == NULL)
		statuses = ShmemInitStruct("Backend Status Array",
								   mul_size(sizeof(PgBackendStatus), MaxBackends + NUM_AUXPROCTYPES),
								   &found);
	return &statuses[MyBackendId - 1];
}

#define MyBEEntry vgae_my_status()

typedef struct SPIExecuteOptions
{
	bool		read_only;
	bool		must_return_tuples;
	DestReceiver *dest;
} SPIExecuteOptions;

static inline void
vgae_add_statement_context(void *query)
{
	errcontext("SQL statement \"%s\"", (const char *) query);
}

/* For the plan of one SELECT, with the options that query_input.c gives. */
static inline int
SPI_execute_plan_extended(SPIPlanPtr plan, const SPIExecuteOptions *options)
{
	CachedPlanSource *source = linitial(SPI_plan_get_plan_sources(plan));
	CachedPlan *cached = SPI_plan_get_cached_plan(plan);
	QueryDesc  *query = CreateQueryDesc(linitial_node(PlannedStmt, cached->stmt_list),
										source->query_string, GetActiveSnapshot(),
										InvalidSnapshot, options->dest, NULL, NULL, 0);
	ErrorContextCallback callback = {
		.previous = error_context_stack,
		.callback = vgae_add_statement_context,
		.arg = unconstify(char *, source->query_string),
	};

	Assert(options->read_only && options->must_return_tuples);
	error_context_stack = &callback;
	ExecutorStart(query, 0);
	ExecutorRun(query, ForwardScanDirection, 0, true);
	ExecutorFinish(query);
	ExecutorEnd(query);
	error_context_stack = callback.previous;
	FreeQueryDesc(query);
	ReleaseCachedPlan(cached, false);
	return SPI_OK_SELECT;
}

#else

#include "access/transam.h"

/*
 * How many transactions that had a number, as all that write have, have ended since the
 * server was started.  Whoever sees what one of them wrote sees it counted.
 */
static inline uint64
vgae_transactions_ended(void)
{
	return *(volatile uint64 *) &TransamVariables->xactCompletionCount;
}

#endif

#endif							/* VGAE_COMPAT_H */
