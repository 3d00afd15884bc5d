/*
 * fn_train_into.c
 *		vgae_train_into: vgae_train for long trainings, which neither keeps old rows
 *		alive nor holds locks while it trains.
 *
 * It reads the inputs in one transaction and stores the model in the next one.  The
 * training is the first thing in the second transaction, before it has a snapshot.
 */
#include "postgres.h"

#include "access/xact.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "pg/fn/training_arguments.h"
#include "pg/input/query_input.h"
#include "pg/model/model_store.h"
#include "pg/train/training_run.h"

PG_FUNCTION_INFO_V1(vgae_train_into);

/* target and name come before the arguments of vgae_train, warm_start_from after them. */
#define FIRST_ARGUMENTS 2
#define LAST_ARGUMENTS 1

static void
require_writable(void)
{
	PreventCommandIfReadOnly("CALL vgae_train_into()");
}

/* Raise an error where the caller does not allow a COMMIT. */
static void
require_own_transaction(FunctionCallInfo fcinfo)
{
	CallContext *call = (CallContext *) fcinfo->context;

	if (call == NULL || !IsA(call, CallContext) || call->atomic || IsSubTransaction())
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_TRANSACTION_TERMINATION),
				 errmsg("vgae_train_into cannot run inside a transaction block, a function or an exception block"),
				 errdetail("It commits once the inputs are read, and trains without a snapshot.  A SECURITY DEFINER procedure and one with a SET clause cannot commit."),
				 errhint("CALL it as a statement of its own, with autocommit; or use vgae_train, which runs anywhere.")));
	require_writable();
}

static void
require_target(FunctionCallInfo fcinfo)
{
	static const char *const names[FIRST_ARGUMENTS] = {"target", "name"};

	for (int i = 0; i < FIRST_ARGUMENTS; i++)
		if (PG_ARGISNULL(i))
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("argument \"%s\" must not be NULL", names[i]),
					 errhint("Give the table to store the model in, and the model's name there.")));
}

/* Read the arguments that are those of vgae_train. */
static void
get_training(FunctionCallInfo fcinfo, VgaeTraining *training)
{
	int			count = fcinfo->nargs - FIRST_ARGUMENTS - LAST_ARGUMENTS;
	FunctionCallInfo inner = palloc0(SizeForFunctionCallInfo(count));

	InitFunctionCallInfoData(*inner, fcinfo->flinfo, count, fcinfo->fncollation, NULL, NULL);
	memcpy(inner->args, &fcinfo->args[FIRST_ARGUMENTS], count * sizeof(NullableDatum));
	vgae_training_arguments(inner, &training->arguments);
}

/* The name of the model to start from, or NULL. */
static text *
get_warm_start_from(FunctionCallInfo fcinfo, const VgaeTraining *training)
{
	int			argno = fcinfo->nargs - LAST_ARGUMENTS;

	if (PG_ARGISNULL(argno))
		return NULL;
	if (training->arguments.warm_start != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("arguments \"warm_start\" and \"warm_start_from\" are given"),
				 errdetail("A training starts from one model."),
				 errhint("Give the model as one of the two.")));
	return PG_GETARG_TEXT_PP(argno);
}

/*
 * SET LOCAL ROLE ends with the first transaction.  The rights of one role were checked;
 * the model must not be stored as another, which would run the triggers of a table that
 * the first one owns.
 */
static void
require_same_user(Oid user)
{
	if (GetUserId() != user)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_TRANSACTION_TERMINATION),
				 errmsg("vgae_train_into cannot run as a role that ends with the transaction"),
				 errdetail("It was called as \"%s\", by SET LOCAL; the model would be stored as \"%s\".",
						   GetUserNameFromId(user, false), GetUserNameFromId(GetUserId(), false)),
				 errhint("Use SET ROLE in place of SET LOCAL ROLE.")));
}

/*
 * The second transaction has the session's defaults, which may differ from the settings
 * of the first.  It must be allowed to write.  And it must be READ COMMITTED: its only
 * statement comes after hours and must not fail because others have changed the row.
 */
static void
require_storing_transaction(void)
{
	require_writable();
	(void) set_config_option("transaction_isolation", "read committed", PGC_USERSET,
							 PGC_S_SESSION, GUC_ACTION_LOCAL, true, 0, false);
}

Datum
vgae_train_into(PG_FUNCTION_ARGS)
{
	MemoryContext caller = CurrentMemoryContext;
	MemoryContext stored;
	MemoryContext context;
	VgaeTraining training;
	Oid			user = GetUserId();
	Oid			target;
	text	   *name;
	text	   *former;
	bytea	   *model;

	require_own_transaction(fcinfo);
	require_target(fcinfo);

	/* These contexts outlive the transaction; that of the training is freed before storing. */
	stored = AllocSetContextCreate(PortalContext, "vgae stored model", ALLOCSET_SMALL_SIZES);
	context = AllocSetContextCreate(stored, "vgae training", ALLOCSET_DEFAULT_SIZES);
	target = PG_GETARG_OID(0);
	MemoryContextSwitchTo(stored);
	name = PG_GETARG_TEXT_P_COPY(1);
	MemoryContextSwitchTo(context);
	get_training(fcinfo, &training);
	former = get_warm_start_from(fcinfo, &training);

	PushActiveSnapshot(GetTransactionSnapshot());
	vgae_model_store_check(target, name);
	if (former != NULL)
		vgae_training_start_from(&training.arguments, vgae_model_stored(target, former));
	vgae_training_begin(&training);
	PopActiveSnapshot();
	vgae_commit();
	require_same_user(user);
	require_storing_transaction();

	model = vgae_training_run(&training, stored);
	MemoryContextSwitchTo(stored);
	MemoryContextDelete(context);
	vgae_model_store(target, name, model);
	vgae_training_end(&training);

	/* Commit, so that statements that follow in a DO block get a transaction of their own. */
	vgae_commit();
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(stored);
	PG_RETURN_VOID();
}
