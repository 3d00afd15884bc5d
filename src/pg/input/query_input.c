/*
 * query_input.c
 *		Running SQL: the queries that users name as inputs, and the few statements of
 *		our own.  The only place that runs SQL.
 *
 * A query of a user runs as the caller would run it in a READ ONLY transaction that is
 * then rolled back.  Its rows go one by one to a reader: they are never collected.
 */
#include "postgres.h"

#include "access/xact.h"
#include "executor/spi.h"
#include "executor/tuptable.h"
#include "tcop/dest.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/resowner.h"
#include "utils/snapmgr.h"

#include "pg/base/compat.h"
#include "pg/base/progress.h"
#include "pg/input/query_input.h"
#include "pg/input/query_text.h"

/*
 * Between two looks at the memory that rows take come at most MEMORY_ROWS rows and, for
 * rows may be wide, about 1 / MEMORY_PART as many as came before.
 */
#define MEMORY_ROWS 1024
#define MEMORY_PART 8

typedef struct RowReceiver
{
	DestReceiver receiver;		/* must be first */
	VgaeRowReader *reader;
	MemoryContext context;		/* for the reader's start */
	MemoryContext row_context;
	int			columns;		/* that the reader looks at */
	int64		rows;
	int64		next_look;		/* the number of rows at which to look at the memory */
} RowReceiver;

static void
receive_start(DestReceiver *self, int operation, TupleDesc columns)
{
	RowReceiver *receiver = (RowReceiver *) self;
	MemoryContext before = MemoryContextSwitchTo(receiver->context);

	receiver->columns = receiver->reader->start(receiver->reader, columns);
	MemoryContextSwitchTo(before);
}

/* An error if the rows so far took too much memory; how many will come is not known. */
static void
look_at_memory(const RowReceiver *receiver)
{
	GaeEnv	   *env = receiver->reader->env;
	int64		held = env->held(env->context);

	if (env->memory_limit == 0 || held <= env->memory_limit)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("argument \"%s\" needs too much memory", receiver->reader->argument),
			 errdetail("After %lld rows %lld MB are in use; vgae.memory_limit is %lld MB.",
					   (long long) receiver->rows, (long long) (held >> 20),
					   (long long) (env->memory_limit >> 20)),
			 errhint("Raise vgae.memory_limit, or give fewer rows.")));
}

static bool
receive_row(TupleTableSlot *slot, DestReceiver *self)
{
	RowReceiver *receiver = (RowReceiver *) self;
	MemoryContext before;

	slot_getsomeattrs(slot, receiver->columns);
	before = MemoryContextSwitchTo(receiver->row_context);
	receiver->reader->row(receiver->reader, slot->tts_values, slot->tts_isnull);
	MemoryContextSwitchTo(before);
	MemoryContextReset(receiver->row_context);
	if (++receiver->rows >= receiver->next_look)
	{
		look_at_memory(receiver);
		receiver->next_look = receiver->rows + Min(MEMORY_ROWS, receiver->rows / MEMORY_PART + 1);
	}
	return true;
}

static void
receive_end(DestReceiver *self)
{
	VgaeRowReader *reader = ((RowReceiver *) self)->reader;

	if (reader->end != NULL)
		reader->end(reader);
}

static void
destroy(DestReceiver *self)
{
	/* The receiver lies on the stack of execute_query(). */
}

static void
execute_query(const char *query, VgaeRowReader *reader)
{
	RowReceiver receiver = {
		.receiver = {
			.receiveSlot = receive_row,
			.rStartup = receive_start,
			.rShutdown = receive_end,
			.rDestroy = destroy,
			.mydest = DestTuplestore,	/* the nearest: rows go nowhere else */
		},
		.reader = reader,
		.context = CurrentMemoryContext,
	};
	SPIExecuteOptions options = {
		.read_only = true,
		.must_return_tuples = true,
		.dest = &receiver.receiver,
	};
	SPIPlanPtr	plan;
	int			result;

	SPI_connect();
	receiver.row_context = AllocSetContextCreate(CurrentMemoryContext, "vgae row",
												 ALLOCSET_DEFAULT_SIZES);
	plan = SPI_prepare_cursor(query, 0, NULL, CURSOR_OPT_PARALLEL_OK);
	if (plan == NULL)
		elog(ERROR, "SPI_prepare_cursor failed: %s", SPI_result_code_string(SPI_result));
	result = SPI_execute_plan_extended(plan, &options);
	if (result != SPI_OK_SELECT)
		elog(ERROR, "SPI_execute_plan_extended failed: %s", SPI_result_code_string(result));
	SPI_finish();
}

/*
 * Run the query as in a READ ONLY transaction, where there can be no subtransaction.
 * XactReadOnly is the variable of the setting transaction_read_only.  It is set without
 * the setting's machinery, which parallel mode forbids; no workers are started from
 * here that would have to see it.
 */
static void
execute_in_parallel_mode(const char *query, VgaeRowReader *reader)
{
	bool		before = XactReadOnly;

	XactReadOnly = true;
	PG_TRY();
	{
		execute_query(query, reader);
	}
	PG_FINALLY();
	{
		XactReadOnly = before;
	}
	PG_END_TRY();
}

/*
 * End the subtransaction.  That also clears what the command around it shows of its
 * progress, which "shown" brings back.
 */
static void
roll_back(const VgaeShownCommand *shown, MemoryContext caller, ResourceOwner owner)
{
	RollbackAndReleaseCurrentSubTransaction();
	vgae_progress_restore(shown);
	MemoryContextSwitchTo(caller);
	CurrentResourceOwner = owner;
}

/*
 * Run the query as in a READ ONLY transaction, so that functions in it must not write
 * either.  Parallel workers receive settings, but may then begin their transactions
 * with the default: so default_transaction_read_only is set as well.  The end of the
 * subtransaction resets both.
 *
 * READ ONLY leaves gaps: large objects and functions that RESET the setting (both
 * before version 16), and temporary tables.  But whatever writes to a table or a
 * catalog makes its subtransaction get a transaction id.  So the query has a
 * subtransaction of its own, which must not have an id at the end.  It is rolled back in
 * any case, so that nothing remains of its settings, notifications and locks.
 *
 * Parallel mode has no subtransactions, nor does it give out transaction ids.
 */
static void
execute_without_trace(const char *query, VgaeRowReader *reader)
{
	MemoryContext caller = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;
	VgaeShownCommand shown;

	if (IsInParallelMode())
	{
		execute_in_parallel_mode(query, reader);
		return;
	}
	vgae_progress_save(&shown);
	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(caller);
	PG_TRY();
	{
		SetConfigOption("default_transaction_read_only", "on", PGC_USERSET, PGC_S_SESSION);
		SetConfigOption("transaction_read_only", "on", PGC_USERSET, PGC_S_SESSION);
		execute_query(query, reader);
		if (TransactionIdIsValid(GetCurrentTransactionIdIfAny()))
			vgae_refuse_query(reader->argument, ERRCODE_READ_ONLY_SQL_TRANSACTION,
							  "A function in it changes data.");
	}
	PG_CATCH();
	{
		ErrorData  *error;

		MemoryContextSwitchTo(caller);
		error = CopyErrorData();
		FlushErrorState();
		roll_back(&shown, caller, owner);
		ReThrowError(error);
	}
	PG_END_TRY();
	roll_back(&shown, caller, owner);
}

static void
add_argument_context(void *argument)
{
	errcontext("vgae argument \"%s\"", (const char *) argument);
}

void
vgae_query_run(const char *text, VgaeRowReader *reader)
{
	ErrorContextCallback callback = {
		.previous = error_context_stack,
		.callback = add_argument_context,
		.arg = unconstify(char *, reader->argument),
	};

	error_context_stack = &callback;
	execute_without_trace(vgae_query_of_text(reader->argument, text), reader);
	error_context_stack = callback.previous;
}

bool
vgae_bytea_fetch(const char *query, int count, Oid *types, Datum *values, struct varlena **value)
{
	bool		found;
	bool		isnull = true;
	int			result;

	*value = NULL;
	SPI_connect();
	result = SPI_execute_with_args(query, count, types, values, NULL, true, 1);
	if (result != SPI_OK_SELECT)
		elog(ERROR, "SPI_execute_with_args failed: %s", SPI_result_code_string(result));
	found = SPI_processed > 0;
	if (found)
	{
		Datum		datum = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &isnull);

		if (!isnull)
			*value = (struct varlena *) DatumGetPointer(SPI_datumTransfer(datum, false, -1));
	}
	SPI_finish();
	return found;
}

uint64
vgae_statement_run(const char *statement, int count, Oid *types, Datum *values)
{
	SPIPlanPtr	plan;
	int			result;
	uint64		rows;

	SPI_connect();
	plan = SPI_prepare_cursor(statement, count, types, CURSOR_OPT_GENERIC_PLAN);
	if (plan == NULL)
		elog(ERROR, "SPI_prepare_cursor failed: %s", SPI_result_code_string(SPI_result));
	result = SPI_execute_plan(plan, values, NULL, false, 0);
	if (result < 0)
		elog(ERROR, "SPI_execute_plan failed: %s", SPI_result_code_string(result));
	rows = SPI_processed;
	SPI_finish();
	return rows;
}

void
vgae_commit(void)
{
	if (SPI_connect_ext(SPI_OPT_NONATOMIC) != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect_ext failed");
	SPI_commit();
	SPI_start_transaction();
	SPI_finish();
	InvalidateCatalogSnapshotConditionally();
}
