/*
 * input_feature_columns.c
 *		One feature column of "nodes": what its type makes of it, and its values.
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
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/syscache.h"

#include "pg/base/compat.h"
#include "pg/input/input_arrays.h"
#include "pg/input/input_feature_columns.h"

/* More different texts than this are names, not categories. */
#define MAX_CATEGORIES 1000

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

static void
choose_kind(VgaeFeatureColumn *column)
{
	Oid			type = column->input.type;

	if (vgae_is_number(type))
		column->kind = VGAE_FEATURE_COLUMN_NUMBER;
	else if (type == BOOLOID)
		column->kind = VGAE_FEATURE_COLUMN_BOOLEAN;
	else if (type == TEXTOID || type == VARCHAROID)
		column->kind = VGAE_FEATURE_COLUMN_CATEGORY;
	else if (type_is_enum(type))
	{
		column->kind = VGAE_FEATURE_COLUMN_CATEGORY;
		column->is_enum = true;
	}
	else if (type == FLOAT4ARRAYOID || type == FLOAT8ARRAYOID)
		column->kind = VGAE_FEATURE_COLUMN_ARRAY;
	else if (find_vector_cast(type, &column->cast))
	{
		column->kind = VGAE_FEATURE_COLUMN_ARRAY;
		column->needs_cast = true;
	}
	else
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("%s cannot be a feature", vgae_column_label(&column->input)),
				 errdetail("It has type %s.", format_type_be(type)),
				 errhint("Leave it out in a query, or make a number, boolean, real[] or text of it there, "
						 "such as extract(epoch FROM ...) of a time.")));
}

const char *
vgae_feature_column_kind_name(VgaeFeatureColumnKind kind)
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
	}
	elog(ERROR, "unrecognized column kind: %d", (int) kind);
	return NULL;
}

static Size
row_bytes(const VgaeFeatureColumn *column)
{
	return column->kind == VGAE_FEATURE_COLUMN_ARRAY ? column->width * sizeof(float) :
		column->kind == VGAE_FEATURE_COLUMN_CATEGORY ? sizeof(int32) : sizeof(double);
}

/* Make room for the values of "capacity" rows; an array's width must be known. */
static void
set_capacity(VgaeFeatureColumn *column, int64 capacity)
{
	column->capacity = capacity;
	switch (column->kind)
	{
		case VGAE_FEATURE_COLUMN_NUMBER:
		case VGAE_FEATURE_COLUMN_BOOLEAN:
			vgae_resize(column->number, capacity);
			break;
		case VGAE_FEATURE_COLUMN_CATEGORY:
			vgae_resize(column->code, capacity);
			break;
		case VGAE_FEATURE_COLUMN_ARRAY:
			vgae_resize(column->array, capacity * column->width);
			break;
	}
}

void
vgae_feature_column_begin(const char *argument, TupleDesc columns, int place,
						  const VgaeSchemaColumn *schema, VgaeFeatureColumn *column)
{
	memset(column, 0, sizeof(*column));
	vgae_column_describe(argument, columns, place, &column->input);
	choose_kind(column);
	if (schema != NULL && schema->kind != column->kind)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("%s does not fit the model", vgae_column_label(&column->input)),
				 errdetail("It holds %s (type %s), but the model was trained with %s.",
						   vgae_feature_column_kind_name(column->kind),
						   format_type_be(column->input.type),
						   vgae_feature_column_kind_name(schema->kind)),
				 errhint("Cast the column in a query.")));

	column->width = column->kind != VGAE_FEATURE_COLUMN_ARRAY ? 1 : schema != NULL ? schema->width : -1;
	if (column->kind == VGAE_FEATURE_COLUMN_CATEGORY && schema != NULL)
		column->known = &schema->categories;
	else if (column->kind == VGAE_FEATURE_COLUMN_CATEGORY)
		column->categories = vgae_key_set_create(VGAE_KEY_TEXT);

	/* Something to enlarge: the first row makes room. */
	column->number = palloc(sizeof(double));
	column->array = palloc(sizeof(float));
	column->code = palloc(sizeof(int32));
}

static void
read_number(VgaeFeatureColumn *column, int64 row, const VgaeInputColumn *id,
			const Datum *values, const bool *nulls)
{
	Datum		value = values[column->input.place];
	double		number = vgae_number_value(&column->input, value);

	if (!isfinite((float) number))
		vgae_refuse_not_finite(&column->input, number, vgae_value_display(&column->input, value),
							   vgae_row_label(id, NULL, values, nulls));
	column->number[row] = number;
}

/* A cast function takes the value and, perhaps, a type modifier and whether the cast is explicit. */
static Datum
cast_to_reals(VgaeFeatureColumn *column, Datum value)
{
	LOCAL_FCINFO(fcinfo, 3);
	Datum		result;

	InitFunctionCallInfoData(*fcinfo, &column->cast, column->cast.fn_nargs, InvalidOid, NULL, NULL);
	fcinfo->args[0] = (NullableDatum) {value, false};
	fcinfo->args[1] = (NullableDatum) {Int32GetDatum(-1), false};
	fcinfo->args[2] = (NullableDatum) {BoolGetDatum(true), false};
	result = FunctionCallInvoke(fcinfo);
	if (fcinfo->isnull)
		elog(ERROR, "function %u returned NULL", column->cast.fn_oid);
	return result;
}

static void
refuse_array(const VgaeFeatureColumn *column, const char *problem, const char *row_label)
{
	ereport(ERROR,
			(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
			 errmsg("%s must have one dimension and as many elements in every row",
					vgae_column_label(&column->input)),
			 errdetail("It has %s in %s.", problem, row_label),
			 errhint("Make the arrays alike in the query, or leave out such rows.")));
}

/* The array must have one dimension, no nulls, and as many elements as those before. */
static void
check_array(VgaeFeatureColumn *column, ArrayType *array, const VgaeInputColumn *id,
			const Datum *values, const bool *nulls)
{
	int			width = ARR_NDIM(array) == 0 ? 0 : ARR_DIMS(array)[0];

	if (ARR_NDIM(array) > 1)
		refuse_array(column, psprintf("%d dimensions", ARR_NDIM(array)),
					 vgae_row_label(id, NULL, values, nulls));
	if (array_contains_nulls(array))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s must not contain null elements", vgae_column_label(&column->input)),
				 errdetail("It has one in %s.", vgae_row_label(id, NULL, values, nulls)),
				 errhint("Replace nulls in the query with array_replace(), or leave out such rows.")));
	if (width == 0)
		refuse_array(column, "no elements", vgae_row_label(id, NULL, values, nulls));
	if (column->width >= 0 && width != column->width)
		refuse_array(column, psprintf("length %d instead of %d", width, column->width),
					 vgae_row_label(id, NULL, values, nulls));
	column->width = width;
}

static void
read_array(VgaeFeatureColumn *column, int64 row, ArrayType *array, const VgaeInputColumn *id,
		   const Datum *values, const bool *nulls)
{
	bool		is_double = ARR_ELEMTYPE(array) == FLOAT8OID;
	const void *elements = ARR_DATA_PTR(array);
	float	   *to = column->array + row * column->width;

	for (int i = 0; i < column->width; i++)
	{
		double		number = is_double ? ((const double *) elements)[i] : ((const float *) elements)[i];

		to[i] = (float) number;
		if (!isfinite(to[i]))
			vgae_refuse_not_finite(&column->input, number,
								   psprintf("%g at element %d", number, ARR_LBOUND(array)[0] + i),
								   vgae_row_label(id, NULL, values, nulls));
	}
}

/* The code of the category; with a given schema, -1 if the schema does not have it. */
static void
read_category(VgaeFeatureColumn *column, int64 row, Datum value)
{
	bool		found;

	if (column->is_enum)
		value = CStringGetTextDatum(DatumGetCString(DirectFunctionCall1(enum_out, value)));
	if (column->known != NULL)
	{
		column->code[row] = vgae_key_find(column->known, value);
		if (column->code[row] < 0)
			column->unknown++;
		return;
	}
	column->code[row] = vgae_key_set_add(column->categories, value, &found);
	if (column->code[row] >= MAX_CATEGORIES)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("%s has too many categories", vgae_column_label(&column->input)),
				 errdetail("It has more than %d different values.", MAX_CATEGORIES),
				 errhint("Leave the column out, group its values, or give it in long form as argument \"features\".")));
}

void
vgae_feature_column_read(VgaeFeatureColumn *column, int64 row, const VgaeInputColumn *id,
						 const Datum *values, const bool *nulls)
{
	Datum		value = values[column->input.place];
	ArrayType  *array = NULL;

	if (nulls[column->input.place])
		vgae_refuse_null(&column->input, vgae_row_label(id, NULL, values, nulls));
	if (column->kind == VGAE_FEATURE_COLUMN_ARRAY)
	{
		array = DatumGetArrayTypeP(column->needs_cast ? cast_to_reals(column, value) : value);
		check_array(column, array, id, values, nulls);
	}
	if (row == column->capacity)
		set_capacity(column, Max(vgae_next_capacity(column->capacity, row_bytes(column)),
								 VGAE_INITIAL_ROWS));

	switch (column->kind)
	{
		case VGAE_FEATURE_COLUMN_NUMBER:
			read_number(column, row, id, values, nulls);
			break;
		case VGAE_FEATURE_COLUMN_BOOLEAN:
			column->number[row] = DatumGetBool(value);
			break;
		case VGAE_FEATURE_COLUMN_ARRAY:
			read_array(column, row, array, id, values, nulls);
			break;
		case VGAE_FEATURE_COLUMN_CATEGORY:
			read_category(column, row, value);
			break;
	}
}

/* Sort the categories, and turn the rows' codes from numbers into indices. */
static void
sort_categories(VgaeFeatureColumn *column, int64 rows, VgaeKeys *categories)
{
	int32	   *rank;

	vgae_key_set_sort(column->categories, categories, &rank);
	column->categories = NULL;
	for (int64 i = 0; i < rows; i++)
	{
		if (i % VGAE_POLL_ROWS == 0)
			CHECK_FOR_INTERRUPTS();
		column->code[i] = rank[column->code[i]];
	}
	pfree(rank);
}

void
vgae_feature_column_end(VgaeFeatureColumn *column, int64 rows, bool standardise,
						GaeFeatureColumn *core, VgaeSchemaColumn *schema)
{
	VgaeKeys	categories = {.type = VGAE_KEY_TEXT};

	if (rows > 0)
		set_capacity(column, rows);
	if (column->known != NULL)
		column->width = column->known->count;
	else if (column->categories != NULL)
	{
		sort_categories(column, rows, &categories);
		column->width = categories.count;
	}
	else if (column->width < 0)
		column->width = 0;		/* arrays, and not one row */

	if (column->unknown > 0)
		ereport(NOTICE,
				(errmsg_plural("%s has a category unknown to the model in %lld row",
							   "%s has categories unknown to the model in %lld rows",
							   (unsigned long) column->unknown,
							   vgae_column_label(&column->input), (long long) column->unknown),
				 errdetail("These rows get none of the categories that the model knows.")));

	memset(core, 0, sizeof(*core));
	core->form = column->kind == VGAE_FEATURE_COLUMN_ARRAY ? GAE_FEATURE_COLUMN_ARRAY :
		column->kind == VGAE_FEATURE_COLUMN_CATEGORY ? GAE_FEATURE_COLUMN_CATEGORY : GAE_FEATURE_COLUMN_SCALAR;
	core->standardise = standardise && column->kind == VGAE_FEATURE_COLUMN_NUMBER;
	core->width = column->width;
	core->scalar = column->number;
	core->array = column->array;
	core->category = column->code;

	if (schema != NULL)
	{
		schema->kind = column->kind;
		schema->name = pstrdup(column->input.name);
		schema->width = column->width;
		schema->categories = categories;
	}
}
