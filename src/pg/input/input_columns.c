/*
 * input_columns.c
 *		The columns of inputs: which ones are meant, what types they may have, and
 *		what is said about a bad value.
 */
#include "postgres.h"

#include <float.h>
#include <math.h>

#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/numeric.h"

#include "pg/input/input_columns.h"

/* Longer values are cut in messages. */
#define DISPLAY_BYTES 64

int
vgae_column_place(const char *argument, TupleDesc columns, const char *name)
{
	int			found = -1;

	for (int i = 0; i < columns->natts; i++)
	{
		if (strcmp(NameStr(TupleDescAttr(columns, i)->attname), name) != 0)
			continue;
		if (found >= 0)
			ereport(ERROR,
					(errcode(ERRCODE_AMBIGUOUS_COLUMN),
					 errmsg("column \"%s\" of argument \"%s\" is ambiguous", name, argument),
					 errdetail("Columns %d and %d have this name.", found + 1, i + 1),
					 errhint("Rename one of them in the query.")));
		found = i;
	}
	return found;
}

void
vgae_column_describe(const char *argument, TupleDesc columns, int place, VgaeInputColumn *column)
{
	Form_pg_attribute attribute = TupleDescAttr(columns, place);

	memset(column, 0, sizeof(*column));
	column->argument = argument;
	column->name = pstrdup(NameStr(attribute->attname));
	column->place = place;
	column->type = getBaseType(attribute->atttypid);
}

static char *
list_of_columns(TupleDesc columns)
{
	StringInfoData list;

	initStringInfo(&list);
	for (int i = 0; i < columns->natts; i++)
		appendStringInfo(&list, "%s\"%s\"", i > 0 ? ", " : "",
						 NameStr(TupleDescAttr(columns, i)->attname));
	return list.data;
}

void
vgae_columns_find(const char *argument, TupleDesc columns, const char *const pairs[][2],
				  const char *third, int place[3])
{
	for (int p = 0; pairs[p][0] != NULL; p++)
	{
		place[0] = vgae_column_place(argument, columns, pairs[p][0]);
		place[1] = vgae_column_place(argument, columns, pairs[p][1]);
		if (place[0] >= 0 && place[1] >= 0)
		{
			place[2] = vgae_column_place(argument, columns, third);
			return;
		}
	}
	if (columns->natts != 2 && columns->natts != 3)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("argument \"%s\" has no columns \"%s\" and \"%s\"",
						argument, pairs[0][0], pairs[0][1]),
				 columns->natts == 0 ? errdetail("It has no columns.") :
				 errdetail_plural("Its only column is %s.", "Its columns are %s.",
								  columns->natts, list_of_columns(columns)),
				 errhint("Name the columns so in a query, or give exactly 2 or 3 columns: \"%s\", \"%s\" and perhaps \"%s\".",
						 pairs[0][0], pairs[0][1], third)));
	for (int i = 0; i < 3; i++)
		place[i] = i < columns->natts ? i : -1;
}

void
vgae_first_columns(const char *argument, TupleDesc columns, const char *first_name,
				   const char *second_name, int *first, int *second)
{
	if (columns->natts < 2)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("argument \"%s\" has no columns \"%s\" and \"%s\"",
						argument, first_name, second_name),
				 columns->natts == 0 ? errdetail("It has no columns.") :
				 errdetail("Its only column is %s.", list_of_columns(columns)),
				 errhint("Give two columns, in this order or by these names.")));
	*first = 0;
	*second = 1;
}

bool
vgae_is_number(Oid type)
{
	switch (type)
	{
		case INT2OID:
		case INT4OID:
		case INT8OID:
		case FLOAT4OID:
		case FLOAT8OID:
		case NUMERICOID:
			return true;
	}
	return false;
}

void
vgae_require_number(const VgaeInputColumn *column)
{
	if (!vgae_is_number(column->type))
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("column \"%s\" of argument \"%s\" must be a number",
						column->name, column->argument),
				 errdetail("It has type %s.", format_type_be(column->type)),
				 errhint("Cast it in a query, for example to float8.")));
}

/* A numeric beyond the range of float8 becomes the largest float8, not infinite. */
static double
numeric_value(Datum value)
{
	double		number = DatumGetFloat8(DirectFunctionCall1(numeric_float8_no_overflow, value));

	if (isinf(number) && !numeric_is_inf(DatumGetNumeric(value)))
		return copysign(DBL_MAX, number);
	return number;
}

double
vgae_number_value(const VgaeInputColumn *column, Datum value)
{
	switch (column->type)
	{
		case INT2OID:
			return DatumGetInt16(value);
		case INT4OID:
			return DatumGetInt32(value);
		case INT8OID:
			return (double) DatumGetInt64(value);
		case FLOAT4OID:
			return DatumGetFloat4(value);
		case FLOAT8OID:
			return DatumGetFloat8(value);
		default:
			return numeric_value(value);
	}
}

Datum
vgae_key_value(const VgaeInputColumn *column, Datum value)
{
	switch (column->type)
	{
		case INT2OID:
			return Int64GetDatum(DatumGetInt16(value));
		case INT4OID:
			return Int64GetDatum(DatumGetInt32(value));
		default:
			return value;
	}
}

char *
vgae_value_display(const VgaeInputColumn *column, Datum value)
{
	Oid			output;
	bool		is_varlena;
	char	   *shown;

	getTypeOutputInfo(column->type, &output, &is_varlena);
	shown = OidOutputFunctionCall(output, value);
	if (strlen(shown) > DISPLAY_BYTES)
	{
		shown[pg_mbcliplen(shown, (int) strlen(shown), DISPLAY_BYTES)] = '\0';
		shown = psprintf("%s...", shown);
	}
	if (column->type == TEXTOID || column->type == VARCHAROID)
		return quote_literal_cstr(shown);
	return shown;
}

char *
vgae_row_label(const VgaeInputColumn *first, const VgaeInputColumn *second,
			   const Datum *values, const bool *nulls)
{
	const VgaeInputColumn *column[2] = {first, second};
	StringInfoData label;

	initStringInfo(&label);
	appendStringInfoString(&label, "the row where");
	for (int i = 0; i < 2 && column[i] != NULL; i++)
	{
		int			place = column[i]->place;

		appendStringInfo(&label, "%s \"%s\" is %s", i > 0 ? " and" : "", column[i]->name,
						 nulls[place] ? "null" : vgae_value_display(column[i], values[place]));
	}
	return label.data;
}

void
vgae_refuse_null(const VgaeInputColumn *column, const char *row_label)
{
	ereport(ERROR,
			(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
			 errmsg("argument \"%s\" has a null value", column->argument),
			 errdetail("Column \"%s\" is null in %s.", column->name, row_label),
			 errhint("Replace nulls in the query, for example with coalesce(), or leave out such rows.")));
}

void
vgae_refuse_null_key(const VgaeInputColumn *column, const char *row_label)
{
	ereport(ERROR,
			(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
			 errmsg("argument \"%s\" has a null key", column->argument),
			 row_label != NULL ?
			 errdetail("Column \"%s\" is null in %s.", column->name, row_label) :
			 errdetail("Column \"%s\" is null in a row.", column->name),
			 errhint("Leave out such rows in the query.")));
}

void
vgae_refuse_not_finite(const VgaeInputColumn *column, double number, const char *shown,
					   const char *row_label)
{
	if (isfinite(number))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("argument \"%s\" has a value out of range for type real", column->argument),
				 errdetail("Column \"%s\" is %s in %s.", column->name, shown, row_label),
				 errhint("Scale the column in the query.")));
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("argument \"%s\" has a value that is not finite", column->argument),
			 errdetail("Column \"%s\" is %s in %s.", column->name, shown, row_label),
			 errhint("Replace such values in the query, or leave out such rows.")));
}

char *
vgae_column_label(const VgaeInputColumn *column)
{
	return psprintf("column \"%s\" of argument \"%s\"", column->name, column->argument);
}

void
vgae_require_key_column(VgaeInputColumn *column, bool uuid_allowed)
{
	switch (column->type)
	{
		case INT2OID:
		case INT4OID:
		case INT8OID:
			column->key_type = VGAE_KEY_INTEGER;
			return;
		case TEXTOID:
		case VARCHAROID:
			column->key_type = VGAE_KEY_TEXT;
			return;
		case UUIDOID:
			column->key_type = VGAE_KEY_UUID;
			if (uuid_allowed)
				return;
			break;
	}
	ereport(ERROR,
			(errcode(ERRCODE_DATATYPE_MISMATCH),
			 errmsg("%s cannot be a key", vgae_column_label(column)),
			 errdetail("It has type %s.", format_type_be(column->type)),
			 errhint("Cast it in a query to bigint or text, for example \"%s\"::text.",
					 column->name)));
}

void
vgae_refuse_key_types(const VgaeInputColumn *column, const char *other, VgaeKeyType other_type)
{
	bool		castable = column->key_type == VGAE_KEY_TEXT || other_type == VGAE_KEY_TEXT;

	ereport(ERROR,
			(errcode(ERRCODE_DATATYPE_MISMATCH),
			 errmsg("node keys have different types"),
			 errdetail("The type of %s is %s, but that of %s is %s.",
					   vgae_column_label(column), format_type_be(column->type),
					   other, vgae_key_type_name(other_type)),
			 castable ?
			 errhint("Cast the column in a query, as in \"%s\"::%s.",
					 column->name, vgae_key_sql_type(other_type)) :
			 errhint("Use keys of one type; all of these can be cast to text.")));
}

void
vgae_node_column(VgaeNodeKeys *nodes, const char *argument, TupleDesc columns, int place,
				 VgaeInputColumn *column)
{
	vgae_column_describe(argument, columns, place, column);
	vgae_require_key_column(column, true);
	if (nodes->set == NULL)
	{
		nodes->set = vgae_key_set_create(column->key_type);
		nodes->first = *column;
	}
	else if (column->key_type != nodes->first.key_type)
		vgae_refuse_key_types(column, vgae_column_label(&nodes->first), nodes->first.key_type);
}

void
vgae_known_column(const char *argument, TupleDesc columns, int place, const VgaeKeys *keys,
				  VgaeInputColumn *column)
{
	vgae_column_describe(argument, columns, place, column);
	vgae_require_key_column(column, true);
	if (column->key_type != keys->type)
		vgae_refuse_key_types(column, "the node keys of the model", keys->type);
}
