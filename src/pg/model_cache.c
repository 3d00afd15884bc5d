/*
 * model_cache.c
 *		Models that functions take as bytea, parsed once a query.
 *
 * A call site keeps the last model that it was given.  It knows the model again
 * by the bytes of the argument as they were passed: those of the value itself or,
 * where the value lies in a TOAST table, the few that point to it there.  Stored
 * models are of the second sort, so a call in a join neither fetches nor compares
 * them.
 *
 * A TOAST pointer says which value it is: a value is never changed in its place,
 * and its number is not given to another one before PostgreSQL has counted
 * through all OIDs.
 */
#include "postgres.h"

#include "model_cache.h"

#include "access/detoast.h"
#include "common/string.h"
#include "nodes/primnodes.h"
#include "utils/memutils.h"

#include "env_pg.h"

typedef struct CachedModel
{
	MemoryContext context;		/* holds all of this */
	const VgaeModel *model;

	/*
	 * The argument as it was passed: the place of a constant, which does not
	 * change; else a copy.
	 */
	bool		constant;
	const struct varlena *argument;
} CachedModel;

static void
refuse_model(const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
			 errmsg("invalid vgae model"),
			 errdetail_internal("%s", detail),
			 errhint(GAE_INVALID_MODEL_HINT)));
}

VgaeModel *
vgae_model_parse(struct varlena *bytes)
{
	VgaeModel  *model = palloc0(sizeof(VgaeModel));
	GaeModel   *core = &model->core;
	struct varlena *flat = pg_detoast_datum_packed(bytes);

	/* Never ended: what it allocates is the model, and goes with our context. */
	GaeEnv	   *env = vgae_env_begin();

	vgae_check(env, gae_model_read(env, (const uint8 *) VARDATA_ANY(flat),
								   VARSIZE_ANY_EXHDR(flat), core));
	if (!pg_is_ascii(core->library_version))
		refuse_model("Its library version is not a text.");
	if (!vgae_keys_read(core->keys.data, core->keys.length, &model->keys))
		refuse_model("Its node keys are damaged.");
	if (model->keys.count != core->nodes)
		refuse_model(psprintf("It has %d node keys for %d nodes.", model->keys.count, core->nodes));
	if (!vgae_schema_read(core->schema.data, core->schema.length, &model->schema))
		refuse_model("Its description of the features is damaged.");
	if (model->schema.width != core->features)
		refuse_model(psprintf("It describes %lld features, but has %lld.",
							  (long long) model->schema.width, (long long) core->features));

	/* Only these point into the bytes, and we have copies of what they hold. */
	memset(&core->keys, 0, sizeof(core->keys));
	memset(&core->schema, 0, sizeof(core->schema));
	if (flat != bytes)
		pfree(flat);
	return model;
}

/*
 * Only a Const will do.  The value of an external Param may change between two
 * calls, although get_fn_expr_arg_stable() calls it stable: PL/pgSQL keeps the
 * state of a simple expression while its variables change.
 */
static bool
is_constant(const FmgrInfo *flinfo, int argno)
{
	List	   *args;

	if (flinfo->fn_expr == NULL || !IsA(flinfo->fn_expr, FuncExpr))
		return false;
	args = ((FuncExpr *) flinfo->fn_expr)->args;
	return argno < list_length(args) && IsA(list_nth(args, argno), Const);
}

static bool
is_same(const CachedModel *cached, const struct varlena *argument)
{
	if (cached->constant)
		return cached->argument == argument;
	return VARSIZE_ANY(cached->argument) == VARSIZE_ANY(argument) &&
		memcmp(cached->argument, argument, VARSIZE_ANY(argument)) == 0;
}

static CachedModel *
cache_model(FmgrInfo *flinfo, struct varlena *argument, bool constant)
{
	MemoryContext context;
	MemoryContext caller;
	CachedModel *cached;

	/* Until the model is parsed, an error frees what there is of it. */
	context = AllocSetContextCreate(CurrentMemoryContext, "vgae model", ALLOCSET_DEFAULT_SIZES);
	caller = MemoryContextSwitchTo(context);
	cached = palloc(sizeof(CachedModel));
	cached->context = context;
	cached->model = vgae_model_parse(argument);
	cached->constant = constant;
	cached->argument = argument;
	if (!constant)
	{
		Size		length = VARSIZE_ANY(argument);

		cached->argument = memcpy(palloc(length), argument, length);
	}
	MemoryContextSwitchTo(caller);
	MemoryContextSetParent(context, flinfo->fn_mcxt);
	return cached;
}

const VgaeModel *
vgae_model_of_call(FunctionCallInfo fcinfo, int argno)
{
	FmgrInfo   *flinfo = fcinfo->flinfo;
	struct varlena *argument = (struct varlena *) PG_GETARG_POINTER(argno);
	CachedModel *cached;
	bool		constant;

	if (flinfo == NULL)
		return vgae_model_parse(argument);

	constant = is_constant(flinfo, argno);

	/* The bytes of a pointer into memory do not tell what lies there. */
	if (VARATT_IS_EXTERNAL(argument) && !VARATT_IS_EXTERNAL_ONDISK(argument))
	{
		argument = detoast_external_attr(argument);
		constant = false;
	}

	cached = flinfo->fn_extra;
	if (cached != NULL)
	{
		if (is_same(cached, argument))
			return cached->model;
		flinfo->fn_extra = NULL;
		MemoryContextDelete(cached->context);
	}
	cached = cache_model(flinfo, argument, constant);
	flinfo->fn_extra = cached;
	return cached->model;
}
