/*
 * input_feature_kinds.c
 *		Which types of SQL can be features, and the numbers that their values are.
 */
#include "postgres.h"

#include <math.h>

#include "access/htup_details.h"
#include "catalog/objectaccess.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "parser/parse_coerce.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"

#include "pg/base/compat.h"
#include "pg/input/input_feature_kinds.h"

/* An error unless the current user may call the function. */
static void
require_function(Oid function)
{
	AclResult	result = object_aclcheck(ProcedureRelationId, function, GetUserId(), ACL_EXECUTE);

	if (result != ACLCHECK_OK)
		aclcheck_error(result, OBJECT_FUNCTION, get_func_name(function));
	InvokeFunctionExecuteHook(function);
}

/*
 * Is the type pgvector's?  If so, find its cast to real[].  The type is known by its
 * name alone, for it may lie in any schema.
 *
 * The cast is called although the query does not mention it, with the rights of
 * whoever reads the table.  It cannot be the code of an attacker: only a superuser can
 * make a base type, and only the type's owner can give it a cast to real[].
 */
static bool
find_vector_cast(Oid type, FmgrInfo *cast)
{
	HeapTuple	tuple = SearchSysCache1(TYPEOID, ObjectIdGetDatum(type));
	Form_pg_type form;
	bool		is_vector;
	Oid			function;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for type %u", type);
	form = (Form_pg_type) GETSTRUCT(tuple);
	is_vector = strcmp(NameStr(form->typname), "vector") == 0 && form->typtype == TYPTYPE_BASE;
	ReleaseSysCache(tuple);

	if (!is_vector ||
		find_coercion_pathway(FLOAT4ARRAYOID, type, COERCION_EXPLICIT, &function) != COERCION_PATH_FUNC)
		return false;
	require_function(function);
	fmgr_info(function, cast);
	return true;
}

bool
vgae_feature_type(Oid type, VgaeFeatureType *feature)
{
	memset(feature, 0, sizeof(*feature));
	switch (type)
	{
		case BOOLOID:
			feature->kind = VGAE_FEATURE_COLUMN_BOOLEAN;
			return true;
		case TEXTOID:
		case VARCHAROID:
			feature->kind = VGAE_FEATURE_COLUMN_CATEGORY;
			return true;
		case FLOAT4ARRAYOID:
		case FLOAT8ARRAYOID:
			feature->kind = VGAE_FEATURE_COLUMN_ARRAY;
			return true;
		case DATEOID:
			feature->kind = VGAE_FEATURE_COLUMN_DATE;
			return true;
		case TIMESTAMPOID:
			feature->kind = VGAE_FEATURE_COLUMN_TIMESTAMP;
			return true;
		case TIMESTAMPTZOID:
			feature->kind = VGAE_FEATURE_COLUMN_TIMESTAMPTZ;
			return true;
		case TIMEOID:
			feature->kind = VGAE_FEATURE_COLUMN_TIME;
			return true;
		case INTERVALOID:
			feature->kind = VGAE_FEATURE_COLUMN_INTERVAL;
			return true;
	}
	feature->kind = VGAE_FEATURE_COLUMN_NUMBER;
	if (vgae_is_number(type))
		return true;
	feature->kind = VGAE_FEATURE_COLUMN_CATEGORY;
	feature->is_enum = type_is_enum(type);
	if (feature->is_enum)
		return true;
	feature->kind = VGAE_FEATURE_COLUMN_ARRAY;
	feature->needs_cast = find_vector_cast(type, &feature->cast);
	return feature->needs_cast;
}

bool
vgae_feature_is_number(VgaeFeatureColumnKind kind)
{
	switch (kind)
	{
		case VGAE_FEATURE_COLUMN_NUMBER:
		case VGAE_FEATURE_COLUMN_DATE:
		case VGAE_FEATURE_COLUMN_TIMESTAMP:
		case VGAE_FEATURE_COLUMN_TIMESTAMPTZ:
		case VGAE_FEATURE_COLUMN_TIME:
		case VGAE_FEATURE_COLUMN_INTERVAL:
			return true;
		case VGAE_FEATURE_COLUMN_BOOLEAN:
		case VGAE_FEATURE_COLUMN_ARRAY:
		case VGAE_FEATURE_COLUMN_CATEGORY:
			break;
	}
	return false;
}

const char *
vgae_feature_kind_name(VgaeFeatureColumnKind kind)
{
	switch (kind)
	{
		case VGAE_FEATURE_COLUMN_NUMBER:
			return "numbers";
		case VGAE_FEATURE_COLUMN_BOOLEAN:
			return "booleans";
		case VGAE_FEATURE_COLUMN_ARRAY:
			return "arrays";
		case VGAE_FEATURE_COLUMN_CATEGORY:
			return "categories";
		case VGAE_FEATURE_COLUMN_DATE:
			return "dates";
		case VGAE_FEATURE_COLUMN_TIMESTAMP:
			return "timestamps";
		case VGAE_FEATURE_COLUMN_TIMESTAMPTZ:
			return "timestamps with time zone";
		case VGAE_FEATURE_COLUMN_TIME:
			return "times";
		case VGAE_FEATURE_COLUMN_INTERVAL:
			return "intervals";
	}
	elog(ERROR, "unrecognized column kind: %d", (int) kind);
	return NULL;
}

/* Seconds, as extract(epoch) counts them: a month has 30 days, a year 365.25. */
static double
interval_seconds(const Interval *interval)
{
	double		days = interval->month / MONTHS_PER_YEAR * DAYS_PER_YEAR +
		interval->month % MONTHS_PER_YEAR * (double) DAYS_PER_MONTH + interval->day;

	if (INTERVAL_NOT_FINITE(interval))
		return INFINITY;
	return days * SECS_PER_DAY + (double) interval->time / USECS_PER_SEC;
}

double
vgae_feature_number(const VgaeInputColumn *column, Datum value)
{
	switch (column->type)
	{
		case DATEOID:
			return DATE_NOT_FINITE(DatumGetDateADT(value)) ? INFINITY
				: (double) DatumGetDateADT(value) * SECS_PER_DAY;
		case TIMESTAMPOID:
		case TIMESTAMPTZOID:
			return TIMESTAMP_NOT_FINITE(DatumGetTimestamp(value)) ? INFINITY
				: (double) DatumGetTimestamp(value) / USECS_PER_SEC;
		case TIMEOID:
			return (double) DatumGetTimeADT(value) / USECS_PER_SEC;
		case INTERVALOID:
			return interval_seconds(DatumGetIntervalP(value));
		default:
			return vgae_number_value(column, value);
	}
}

/* A cast function takes the value and, perhaps, a type modifier and whether the cast is explicit. */
Datum
vgae_feature_cast(VgaeFeatureType *feature, Datum value)
{
	LOCAL_FCINFO(fcinfo, 3);
	Datum		result;

	InitFunctionCallInfoData(*fcinfo, &feature->cast, feature->cast.fn_nargs, InvalidOid, NULL, NULL);
	fcinfo->args[0] = (NullableDatum) {value, false};
	fcinfo->args[1] = (NullableDatum) {Int32GetDatum(-1), false};
	fcinfo->args[2] = (NullableDatum) {BoolGetDatum(true), false};
	result = FunctionCallInvoke(fcinfo);
	if (fcinfo->isnull)
		elog(ERROR, "function %u returned NULL", feature->cast.fn_oid);
	return result;
}
