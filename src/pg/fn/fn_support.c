/*
 * fn_support.c
 *		vgae_rows_support, vgae_node_rows_support, vgae_link_probability_support: what
 *		the planner can know of a call before it runs.
 *
 * Where an argument is not known when a query is planned, ROWS and COST of the
 * function stand.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
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

/* Nodes of a model that the planner does not know, as in the functions' ROWS. */
#define ASSUMED_NODES 1000

/* What a sample of two latents costs, in the unit of COST. */
#define SAMPLE_COST 60

/*
 * Nodes of the model that is the first argument, or 0 if it is not known.  A model
 * that a function fetches is not: that may take longer than the query.
 */
static double
known_nodes(const FuncExpr *call)
{
	const Const *model = call->args == NIL ? NULL : linitial(call->args);

	if (model == NULL || !IsA(model, Const) || model->consttype != BYTEAOID || model->constisnull)
		return 0;
	return vgae_model_nodes((struct varlena *) DatumGetPointer(model->constvalue));
}

/*
 * The functions here have at most one argument that counts, their first integer: k,
 * n, steps or samples.  Its value, or NULL if it is not known or NULL; *given says
 * whether there is such an argument.
 */
static const Const *
known_count(PlannerInfo *root, const FuncExpr *call, bool *given)
{
	Node	   *argument = NULL;
	ListCell   *lc;

	foreach(lc, call->args)
	{
		argument = lfirst(lc);
		if (exprType(argument) == INT4OID)
			break;
		argument = NULL;
	}
	*given = argument != NULL;
	if (argument != NULL && root != NULL)
		argument = estimate_expression_value(root, argument);
	return argument != NULL && IsA(argument, Const) && !((Const *) argument)->constisnull ?
		(Const *) argument : NULL;
}

/* As many rows as the count says, at most. */
Datum
vgae_rows_support(PG_FUNCTION_ARGS)
{
	SupportRequestRows *request = (SupportRequestRows *) PG_GETARG_POINTER(0);
	const Const *count;
	bool		given;

	if (!IsA(request, SupportRequestRows) || !IsA(request->node, FuncExpr))
		PG_RETURN_POINTER(NULL);
	count = known_count(request->root, (FuncExpr *) request->node, &given);
	if (count == NULL || DatumGetInt32(count->constvalue) < 1)
		PG_RETURN_POINTER(NULL);
	request->rows = DatumGetInt32(count->constvalue);
	PG_RETURN_POINTER(request);
}

/* For each node one row or, if there is a count, that many. */
Datum
vgae_node_rows_support(PG_FUNCTION_ARGS)
{
	SupportRequestRows *request = (SupportRequestRows *) PG_GETARG_POINTER(0);
	const Const *count;
	bool		given;
	double		nodes;

	if (!IsA(request, SupportRequestRows) || !IsA(request->node, FuncExpr))
		PG_RETURN_POINTER(NULL);
	count = known_count(request->root, (FuncExpr *) request->node, &given);
	nodes = known_nodes((FuncExpr *) request->node);
	if (given ? count == NULL || DatumGetInt32(count->constvalue) < 1 : nodes == 0)
		PG_RETURN_POINTER(NULL);
	request->rows = (nodes > 0 ? nodes : ASSUMED_NODES) *
		(given ? DatumGetInt32(count->constvalue) : 1);
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

/* Sampling costs more than the probability of two points. */
Datum
vgae_link_probability_support(PG_FUNCTION_ARGS)
{
	SupportRequestCost *request = (SupportRequestCost *) PG_GETARG_POINTER(0);
	const Const *samples;
	bool		given;

	if (!IsA(request, SupportRequestCost) || request->node == NULL || !IsA(request->node, FuncExpr))
		PG_RETURN_POINTER(NULL);
	samples = known_count(request->root, (FuncExpr *) request->node, &given);
	if (samples == NULL || DatumGetInt32(samples->constvalue) < 0)
		PG_RETURN_POINTER(NULL);
	request->startup = 0;
	request->per_tuple = cpu_operator_cost *
		(cost_of_function(request->funcid) + SAMPLE_COST * (double) DatumGetInt32(samples->constvalue));
	PG_RETURN_POINTER(request);
}
