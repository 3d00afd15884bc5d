/*
 * fn_support.c
 *		vgae_rows_support, vgae_node_rows_support, vgae_link_probability_support,
 *		vgae_reals_support: planner support, which estimates rows and costs of calls and
 *		removes casts from them.
 *
 * An estimate needs arguments that are known when the query is planned.  Where they are
 * not, the function's own ROWS and COST hold.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"
#include "nodes/nodeFuncs.h"
#include "nodes/supportnodes.h"
#include "optimizer/cost.h"
#include "optimizer/optimizer.h"
#include "utils/syscache.h"

#include "pg/base/env_pg.h"
#include "pg/model/model_parse.h"

PG_FUNCTION_INFO_V1(vgae_rows_support);
PG_FUNCTION_INFO_V1(vgae_node_rows_support);
PG_FUNCTION_INFO_V1(vgae_link_probability_support);
PG_FUNCTION_INFO_V1(vgae_reals_support);

/* Nodes of a model that is not known; the ROWS of the functions assume as many. */
#define ASSUMED_NODES 1000

/* A larger count means "all there are", not a number of rows to plan for. */
#define MOST_ROWS 10000000.0

/* The cost of one sample of two latents, in the unit of COST. */
#define SAMPLE_COST 60

/*
 * The nodes of the model that is the first argument, or 0 if it is not a constant.  A
 * call that fetches the model is not evaluated here: it may take longer than the query.
 */
static double
known_nodes(const FuncExpr *call)
{
	const Const *model = call->args == NIL ? NULL : linitial(call->args);

	if (model == NULL || !IsA(model, Const) || model->consttype != BYTEAOID || model->constisnull)
		return 0;
	return vgae_model_nodes((struct varlena *) DatumGetPointer(model->constvalue));
}

/* The place of the argument k, n, steps or samples, or -1 if the function has none. */
static int
place_of_count(Oid function)
{
	static const char *const counts[] = {"k", "n", "steps", "samples"};
	HeapTuple	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
	Datum		proargnames;
	Datum		proargmodes;
	bool		isnull;
	char	  **names;
	int			arguments;
	int			place = -1;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for function %u", function);
	proargnames = SysCacheGetAttr(PROCOID, tuple, Anum_pg_proc_proargnames, &isnull);
	proargmodes = SysCacheGetAttr(PROCOID, tuple, Anum_pg_proc_proargmodes, &isnull);
	arguments = get_func_input_arg_names(proargnames, proargmodes, &names);
	for (int i = 0; i < arguments; i++)
		for (int c = 0; c < lengthof(counts); c++)
			if (names[i] != NULL && strcmp(names[i], counts[c]) == 0)
				place = i;
	ReleaseSysCache(tuple);
	return place;
}

/*
 * The value of the argument k, n, steps or samples.  *given tells whether the call has
 * this argument; the result is false if its value is not known or NULL.
 */
static bool
known_count(PlannerInfo *root, const FuncExpr *call, bool *given, double *count)
{
	int			place = place_of_count(call->funcid);
	Node	   *argument;
	const Const *value;

	*given = place >= 0 && place < list_length(call->args);
	if (!*given)
		return false;
	argument = list_nth(call->args, place);
	if (root != NULL)
		argument = estimate_expression_value(root, argument);
	value = (const Const *) argument;
	if (!IsA(argument, Const) || value->constisnull)
		return false;
	*count = value->consttype == INT8OID ? (double) DatumGetInt64(value->constvalue) :
		DatumGetInt32(value->constvalue);
	return true;
}

/* A function that returns at most k, n or steps rows. */
Datum
vgae_rows_support(PG_FUNCTION_ARGS)
{
	SupportRequestRows *request = (SupportRequestRows *) PG_GETARG_POINTER(0);
	double		count;
	bool		given;

	if (!IsA(request, SupportRequestRows) || !IsA(request->node, FuncExpr))
		PG_RETURN_POINTER(NULL);
	if (!known_count(request->root, (FuncExpr *) request->node, &given, &count) || count < 1)
		PG_RETURN_POINTER(NULL);
	request->rows = Min(count, MOST_ROWS);
	PG_RETURN_POINTER(request);
}

/* A function that returns one row for each node or, where it has k or n, k or n rows. */
Datum
vgae_node_rows_support(PG_FUNCTION_ARGS)
{
	SupportRequestRows *request = (SupportRequestRows *) PG_GETARG_POINTER(0);
	double		count;
	bool		given;
	bool		known;
	double		nodes;

	if (!IsA(request, SupportRequestRows) || !IsA(request->node, FuncExpr))
		PG_RETURN_POINTER(NULL);
	known = known_count(request->root, (FuncExpr *) request->node, &given, &count);
	nodes = known_nodes((FuncExpr *) request->node);
	if (given ? !known || count < 1 : nodes == 0)
		PG_RETURN_POINTER(NULL);
	nodes = nodes > 0 ? nodes : ASSUMED_NODES;
	request->rows = Min(nodes * (given ? count : 1), MOST_ROWS);
	PG_RETURN_POINTER(request);
}

static double
cost_of_function(Oid function)
{
	HeapTuple	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
	double		cost;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for function %u", function);
	cost = ((Form_pg_proc) GETSTRUCT(tuple))->procost;
	ReleaseSysCache(tuple);
	return cost;
}

/* The cost of vgae_link_probability rises with samples. */
Datum
vgae_link_probability_support(PG_FUNCTION_ARGS)
{
	SupportRequestCost *request = (SupportRequestCost *) PG_GETARG_POINTER(0);
	double		samples;
	bool		given;

	if (!IsA(request, SupportRequestCost) || request->node == NULL || !IsA(request->node, FuncExpr))
		PG_RETURN_POINTER(NULL);
	if (!known_count(request->root, (FuncExpr *) request->node, &given, &samples) || samples < 0)
		PG_RETURN_POINTER(NULL);
	request->startup = 0;
	request->per_tuple = cpu_operator_cost *
		(cost_of_function(request->funcid) + SAMPLE_COST * samples);
	PG_RETURN_POINTER(request);
}

/* The real[] in a cast from real[] to float8[]; NULL for any other expression. */
static Node *
uncast_reals(Node *argument)
{
	ArrayCoerceExpr *cast = (ArrayCoerceExpr *) argument;

	if (IsA(argument, ArrayCoerceExpr) && cast->resulttype == FLOAT8ARRAYOID &&
		exprType((Node *) cast->arg) == FLOAT4ARRAYOID)
		return (Node *) cast->arg;
	return NULL;
}

/*
 * Functions of latents and features take float8[], to which PostgreSQL casts literals,
 * parameters and arrays of all numbers.  Their C code takes real[], too, which is what
 * other functions return.  So a cast from real[] to float8[] is removed: it would often
 * take longer than the function.
 */
Datum
vgae_reals_support(PG_FUNCTION_ARGS)
{
	SupportRequestSimplify *request = (SupportRequestSimplify *) PG_GETARG_POINTER(0);
	FuncExpr   *simplified;
	List	   *arguments = NIL;
	bool		spared = false;
	ListCell   *lc;

	if (!IsA(request, SupportRequestSimplify))
		PG_RETURN_POINTER(NULL);
	foreach(lc, request->fcall->args)
	{
		Node	   *reals = uncast_reals(lfirst(lc));

		spared |= reals != NULL;
		arguments = lappend(arguments, reals != NULL ? reals : lfirst(lc));
	}
	if (!spared)
		PG_RETURN_POINTER(NULL);
	simplified = makeNode(FuncExpr);
	*simplified = *request->fcall;
	simplified->args = arguments;
	PG_RETURN_POINTER(simplified);
}
