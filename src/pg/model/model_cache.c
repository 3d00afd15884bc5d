/*
 * model_cache.c
 *		Models that functions take as bytea, parsed once a session.
 *
 * A call site holds the models that it was given last, and knows them again by the
 * argument as it was passed.  Behind all call sites the session keeps models that
 * are stored out of line, in a TOAST table, and knows them by the TOAST pointer.  So a
 * call in a join neither fetches nor compares the model, and a later query need not
 * parse it.
 *
 * Why this never gives a wrong model:
 *
 * - That a stored model is the one which was parsed, model_toast.c makes sure.  A call
 *   site that takes a model from the session asks it to read the header of the stored
 *   value; one that holds the model already, only if another value may have been stored
 *   since.
 * - Bytes in line are compared in full, and only by the call site that had them: a
 *   crafted bytea can give its author his own model, and nobody anything else.
 */
#include "postgres.h"

#include "access/detoast.h"
#include "lib/ilist.h"
#include "nodes/primnodes.h"
#include "utils/inval.h"
#include "utils/memutils.h"

#include "pg/base/compat.h"
#include "pg/base/long_memory.h"
#include "pg/model/model_cache.h"
#include "pg/model/model_toast.h"

/*
 * The most models, and bytes of models, that the session keeps while no call uses
 * them.  The model used last is kept whatever its size, or else each query of a larger
 * model would parse it.
 */
#define KEPT_MODELS 64
#define KEPT_BYTES (INT64CONST(64) * 1024 * 1024)

/*
 * The most models that a call site holds while its query runs, for a join may go
 * through the models of a table for every row of another one; and the bytes of the
 * models that all call sites hold together, for a PL/pgSQL function has many.  Above
 * that number of bytes, each call site holds only the model that it was given last.
 */
#define HELD_MODELS 8
#define HELD_BYTES (INT64CONST(256) * 1024 * 1024)

typedef struct CachedModel
{
	MemoryContext context;		/* holds all of this */
	const VgaeModel *model;
	int			users;			/* call sites that hold it */
	bool		forgotten;		/* to be freed when its last user releases it */
	int64		bytes;

	/* Of a stored model */
	bool		stored;
	dlist_node	node;			/* in kept_models */
	VgaeToastedModel toasted;

	/*
	 * Of a model in line, its bytes: the argument itself if it is a constant, which
	 * stays where it is; else a copy.
	 */
	bool		constant;
	const struct varlena *argument;
} CachedModel;

/* What fn_extra points to. */
typedef struct CallSite
{
	VgaeCallTypes types;		/* first, as model_cache.h promises */
	MemoryContextCallback end;	/* of fn_mcxt */
	int			count;
	CachedModel *held[HELD_MODELS]; /* the one used last first */
} CallSite;

/* The stored models, the one used last first. */
static dlist_head kept_models = DLIST_STATIC_INIT(kept_models);
static int	kept_count = 0;
static int64 kept_bytes = 0;

/* Bytes of the models that call sites hold, stored or not. */
static int64 held_bytes = 0;

/* ---- the session ---- */

static void
free_model(CachedModel *cached)
{
	if (cached->stored)
	{
		dlist_delete(&cached->node);
		kept_count--;
		kept_bytes -= cached->bytes;
	}
	MemoryContextDelete(cached->context);
}

/*
 * Free stored models that nobody uses, those used longest ago first: all that are
 * forgotten, and others until "coming" more bytes find room.
 */
static void
make_room(int64 coming)
{
	dlist_node *node = dlist_is_empty(&kept_models) ? NULL : dlist_tail_node(&kept_models);

	while (node != NULL)
	{
		CachedModel *cached = dlist_container(CachedModel, node, node);
		bool		last_used = !dlist_has_prev(&kept_models, node);

		node = last_used ? NULL : dlist_prev_node(&kept_models, node);
		if (cached->users > 0)
			continue;
		if (cached->forgotten ||
			((kept_bytes + coming > KEPT_BYTES || kept_count > KEPT_MODELS) &&
			 (coming > 0 || !last_used)))
			free_model(cached);
	}
}

/*
 * A callback: the relation cache has lost the entry of a relation (InvalidOid: perhaps
 * any).  It may be called at any time, so nothing is freed here.
 */
static void
forget_models(Datum arg, Oid relid)
{
	dlist_iter	iter;

	dlist_foreach(iter, &kept_models)
	{
		CachedModel *cached = dlist_container(CachedModel, node, iter.cur);

		if (relid == InvalidOid || relid == cached->toasted.pointer.va_toastrelid)
			cached->forgotten = true;
	}
}

/* The model that the session keeps for this pointer, or NULL. */
static CachedModel *
find_stored(const struct varatt_external *pointer)
{
	dlist_iter	iter;

	dlist_foreach(iter, &kept_models)
	{
		CachedModel *cached = dlist_container(CachedModel, node, iter.cur);

		if (!cached->forgotten && vgae_toast_is_at(&cached->toasted, pointer))
			return cached;
	}
	return NULL;
}

/* ---- parsing ---- */

/* Until end_model(), the model is in the caller's memory context: an error frees it. */
static CachedModel *
begin_model(struct varlena *bytes)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "vgae model",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);
	CachedModel *cached = palloc0(sizeof(CachedModel));

	cached->context = context;
	cached->model = vgae_model_parse(bytes);
	MemoryContextSwitchTo(caller);
	return cached;
}

static void
end_model(CachedModel *cached)
{
	cached->bytes = (int64) MemoryContextMemAllocated(cached->context, true);
	MemoryContextSetParent(cached->context, CacheMemoryContext);
}

static CachedModel *
keep_stored(struct varlena *argument)
{
	static bool listening = false;
	VgaeToastedModel toasted;
	struct varlena *bytes;
	CachedModel *cached;

	if (!listening)
	{
		CacheRegisterRelcacheCallback(forget_models, (Datum) 0);
		listening = true;
	}
	make_room(toast_raw_datum_size(PointerGetDatum(argument)));
	bytes = vgae_toast_fetch(&toasted, argument);
	cached = begin_model(bytes);
	cached->stored = true;
	cached->toasted = toasted;
	pfree(bytes);

	end_model(cached);
	dlist_push_head(&kept_models, &cached->node);
	kept_count++;
	kept_bytes += cached->bytes;
	make_room(0);
	return cached;
}

static CachedModel *
stored_model(struct varlena *argument)
{
	struct varatt_external pointer;
	CachedModel *cached;

	VARATT_EXTERNAL_GET_POINTER(pointer, argument);
	cached = find_stored(&pointer);
	if (cached != NULL && !vgae_toast_reread(&cached->toasted, argument))
	{
		cached->forgotten = true;
		cached = NULL;
	}
	if (cached == NULL)
		return keep_stored(argument);
	dlist_move_head(&kept_models, &cached->node);
	return cached;
}

static CachedModel *
inline_model(struct varlena *argument, bool constant)
{
	CachedModel *cached = begin_model(argument);

	cached->forgotten = true;	/* the session does not keep it */
	cached->constant = constant;
	cached->argument = argument;
	if (!constant)
	{
		Size		length = VARSIZE_ANY(argument);
		void	   *copy = vgae_alloc_long(cached->context, length);

		vgae_copy_long(copy, argument, length);
		cached->argument = copy;
	}
	end_model(cached);
	return cached;
}

/* ---- call sites ---- */

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

/* Is this what a call site was given before? */
static bool
is_same(const CachedModel *held, const struct varlena *argument)
{
	struct varatt_external pointer;

	if (VARATT_IS_EXTERNAL(argument))
	{
		if (!held->stored || held->forgotten)
			return false;
		VARATT_EXTERNAL_GET_POINTER(pointer, argument);
		return vgae_toast_is_at(&held->toasted, &pointer);
	}
	if (held->stored)
		return false;
	if (held->constant)
		return held->argument == argument;
	return VARSIZE_ANY(held->argument) == VARSIZE_ANY(argument) &&
		memcmp(held->argument, argument, VARSIZE_ANY(argument)) == 0;
}

static void
hold_model(CachedModel *cached)
{
	if (cached->users++ == 0)
		held_bytes += cached->bytes;
}

static void
release_model(CachedModel *cached)
{
	if (--cached->users > 0)
		return;
	held_bytes -= cached->bytes;
	if (cached->forgotten)
		free_model(cached);
}

static void
end_call_site(void *arg)
{
	CallSite   *site = arg;

	for (int i = 0; i < site->count; i++)
		release_model(site->held[i]);
	site->count = 0;
	make_room(0);
}

/* The call site ends with fn_mcxt, that is with its query, even if the query fails. */
static CallSite *
begin_call_site(FmgrInfo *flinfo)
{
	CallSite   *site = MemoryContextAllocZero(flinfo->fn_mcxt, sizeof(CallSite));

	site->end.func = end_call_site;
	site->end.arg = site;
	MemoryContextRegisterResetCallback(flinfo->fn_mcxt, &site->end);
	flinfo->fn_extra = site;
	return site;
}

/* Make place in a call site for a model of "coming" bytes: release those used longest ago. */
static void
make_place(CallSite *site, int64 coming)
{
	while (site->count == HELD_MODELS || (site->count > 0 && held_bytes + coming > HELD_BYTES))
		release_model(site->held[--site->count]);
}

/* Bring a model to the front of the call site, past the "before" models that are there. */
static void
put_first(CallSite *site, CachedModel *cached, int before)
{
	memmove(&site->held[1], &site->held[0], before * sizeof(site->held[0]));
	site->held[0] = cached;
}

/* Is the argument one that the call site holds?  If so, it comes to the front. */
static bool
find_held(CallSite *site, struct varlena *argument)
{
	for (int i = 0; i < site->count; i++)
	{
		CachedModel *held = site->held[i];

		if (!is_same(held, argument))
			continue;
		if (held->stored && !vgae_toast_is_current(&held->toasted, argument))
		{
			held->forgotten = true;
			continue;
		}
		put_first(site, held, i);
		return true;
	}
	return false;
}

const VgaeModel *
vgae_model_of_call(FunctionCallInfo fcinfo, int argno)
{
	FmgrInfo   *flinfo = fcinfo->flinfo;
	struct varlena *argument = (struct varlena *) PG_GETARG_POINTER(argno);
	struct varlena *given = argument;
	CallSite   *site;
	CachedModel *cached;

	if (flinfo == NULL)
		return vgae_model_parse(argument);

	/* The bytes of a pointer into memory do not tell which model lies there. */
	if (VARATT_IS_EXTERNAL(argument) && !VARATT_IS_EXTERNAL_ONDISK(argument))
		argument = detoast_external_attr(argument);

	site = flinfo->fn_extra;
	if (site == NULL)
		site = begin_call_site(flinfo);
	if (!find_held(site, argument))
	{
		make_place(site, toast_raw_datum_size(PointerGetDatum(argument)));
		cached = VARATT_IS_EXTERNAL(argument) ? stored_model(argument) :
			inline_model(argument, argument == given && is_constant(flinfo, argno));
		hold_model(cached);
		put_first(site, cached, site->count++);
		make_room(0);
	}
	return site->held[0]->model;
}
