/*
 * input_feature_columns.c
 *		One feature column of "nodes": its values.
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "pg/base/compat.h"
#include "pg/input/input_arrays.h"
#include "pg/input/input_feature_columns.h"

/* More different texts than this are names, not categories. */
#define MAX_CATEGORIES 1000

static Size
row_bytes(const VgaeFeatureColumn *column)
{
	return column->type.kind == VGAE_FEATURE_COLUMN_ARRAY ? column->width * sizeof(float) :
		column->type.kind == VGAE_FEATURE_COLUMN_CATEGORY ? sizeof(int32) : sizeof(double);
}

/* Make room for the values of "capacity" rows; an array's width must be known. */
static void
set_capacity(VgaeFeatureColumn *column, int64 capacity)
{
	column->capacity = capacity;
	if (column->type.kind == VGAE_FEATURE_COLUMN_CATEGORY)
		vgae_resize(column->code, capacity);
	else if (column->type.kind == VGAE_FEATURE_COLUMN_ARRAY)
		vgae_resize(column->array, capacity * column->width);
	else
		vgae_resize(column->number, capacity);
}

/* Make room for a row.  Those before an array's first value have no room yet, but NULL. */
static void
make_room(VgaeFeatureColumn *column, int64 row)
{
	int64		from = column->capacity;

	if (row < column->capacity)
		return;
	set_capacity(column, Max(vgae_next_capacity(column->capacity, row_bytes(column)),
							 Max(row + 1, VGAE_INITIAL_ROWS)));
	for (int64 i = from; i < row; i++)
	{
		CHECK_FOR_INTERRUPTS();
		for (int j = 0; j < column->width; j++)
			column->array[i * column->width + j] = NAN;
	}
}

bool
vgae_feature_column_begin(const char *argument, TupleDesc columns, int place,
						  const VgaeSchemaColumn *schema, VgaeFeatureColumn *column)
{
	memset(column, 0, sizeof(*column));
	vgae_column_describe(argument, columns, place, &column->input);
	if (!vgae_feature_type(column->input.type, &column->type) ||
		(schema != NULL && column->type.kind != schema->kind))
		return false;

	column->schema = schema;
	column->width = 1;
	if (column->type.kind == VGAE_FEATURE_COLUMN_ARRAY)
		column->width = schema != NULL ? schema->width : -1;
	if (column->type.kind == VGAE_FEATURE_COLUMN_CATEGORY && schema == NULL)
		column->categories = vgae_key_set_create(VGAE_KEY_TEXT);

	/* Something to enlarge: the first row makes room. */
	column->number = palloc(sizeof(double));
	column->array = palloc(sizeof(float));
	column->code = palloc(sizeof(int32));
	return true;
}

static void
read_number(VgaeFeatureColumn *column, int64 row, const VgaeInputColumn *id,
			const Datum *values, const bool *nulls)
{
	Datum		value = values[column->input.place];
	double		number = vgae_feature_number(&column->input, value);

	if (!isfinite((float) number))
		vgae_refuse_not_finite(&column->input, number, vgae_value_display(&column->input, value),
							   vgae_row_label(id, NULL, values, nulls));
	column->number[row] = number;
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

/* The array must have one dimension, and as many elements as those before. */
static void
check_array(VgaeFeatureColumn *column, ArrayType *array, const VgaeInputColumn *id,
			const Datum *values, const bool *nulls)
{
	int			width = ARR_NDIM(array) == 0 ? 0 : ARR_DIMS(array)[0];

	if (ARR_NDIM(array) > 1)
		refuse_array(column, psprintf("%d dimensions", ARR_NDIM(array)),
					 vgae_row_label(id, NULL, values, nulls));
	if (width == 0)
		refuse_array(column, "no elements", vgae_row_label(id, NULL, values, nulls));
	if (column->width >= 0 && width != column->width)
		refuse_array(column, psprintf("length %d instead of %d", width, column->width),
					 vgae_row_label(id, NULL, values, nulls));
	column->width = width;
}

/* The elements of an array; those that are NULL take no room in it. */
static void
read_elements(VgaeFeatureColumn *column, int64 row, ArrayType *array, const VgaeInputColumn *id,
			  const Datum *values, const bool *nulls)
{
	bool		is_double = ARR_ELEMTYPE(array) == FLOAT8OID;
	const void *elements = ARR_DATA_PTR(array);
	const uint8 *given = ARR_NULLBITMAP(array);
	float	   *to = column->array + row * column->width;
	int			place = 0;

	for (int i = 0; i < column->width; i++)
	{
		double		number;

		if (given != NULL && (given[i / 8] & (1 << (i % 8))) == 0)
		{
			to[i] = NAN;
			continue;
		}
		number = is_double ? ((const double *) elements)[place] : ((const float *) elements)[place];
		place++;
		to[i] = (float) number;
		if (!isfinite(to[i]))
			vgae_refuse_not_finite(&column->input, number,
								   psprintf("%g at element %d", number, ARR_LBOUND(array)[0] + i),
								   vgae_row_label(id, NULL, values, nulls));
	}
}

static void
read_array(VgaeFeatureColumn *column, int64 row, const VgaeInputColumn *id,
		   const Datum *values, const bool *nulls)
{
	Datum		value = values[column->input.place];
	ArrayType  *array;

	if (column->type.needs_cast)
		value = vgae_feature_cast(&column->type, value);
	array = DatumGetArrayTypeP(value);
	check_array(column, array, id, values, nulls);
	make_room(column, row);
	read_elements(column, row, array, id, values, nulls);
}

/* The code of the category; with a given schema, perhaps one that the schema does not have. */
static void
read_category(VgaeFeatureColumn *column, int64 row, Datum value)
{
	bool		found;

	if (column->type.is_enum)
		value = CStringGetTextDatum(DatumGetCString(DirectFunctionCall1(enum_out, value)));
	if (column->schema != NULL)
	{
		column->code[row] = vgae_key_find(&column->schema->categories, value);
		if (column->code[row] < 0)
		{
			column->code[row] = GAE_CATEGORY_UNKNOWN;
			column->unknown++;
		}
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

/* The row has no value.  An array whose width is not known yet has no room for that. */
static void
read_null(VgaeFeatureColumn *column, int64 row)
{
	column->nulls++;
	if (column->width < 0)
		return;
	make_room(column, row);
	if (column->type.kind == VGAE_FEATURE_COLUMN_CATEGORY)
		column->code[row] = GAE_CATEGORY_MISSING;
	else if (column->type.kind != VGAE_FEATURE_COLUMN_ARRAY)
		column->number[row] = NAN;
	else
		for (int j = 0; j < column->width; j++)
			column->array[row * column->width + j] = NAN;
}

void
vgae_feature_column_read(VgaeFeatureColumn *column, int64 row, const VgaeInputColumn *id,
						 const Datum *values, const bool *nulls)
{
	Datum		value = values[column->input.place];

	if (nulls[column->input.place])
	{
		read_null(column, row);
		return;
	}
	if (column->type.kind == VGAE_FEATURE_COLUMN_ARRAY)
	{
		read_array(column, row, id, values, nulls);
		return;
	}
	make_room(column, row);
	if (column->type.kind == VGAE_FEATURE_COLUMN_CATEGORY)
		read_category(column, row, value);
	else if (column->type.kind == VGAE_FEATURE_COLUMN_BOOLEAN)
		column->number[row] = DatumGetBool(value);
	else
		read_number(column, row, id, values, nulls);
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
		if (column->code[i] >= 0)
			column->code[i] = rank[column->code[i]];
	}
	pfree(rank);
}

/* The column for the core. */
static void
describe_column(const VgaeFeatureColumn *column, bool scaled, GaeFeatureColumn *core)
{
	memset(core, 0, sizeof(*core));
	core->form = column->type.kind == VGAE_FEATURE_COLUMN_ARRAY ? GAE_FEATURE_COLUMN_ARRAY :
		column->type.kind == VGAE_FEATURE_COLUMN_CATEGORY ? GAE_FEATURE_COLUMN_CATEGORY :
		GAE_FEATURE_COLUMN_SCALAR;
	core->width = column->width;
	core->keep_constant = !scaled;
	if (scaled && column->type.kind != VGAE_FEATURE_COLUMN_BOOLEAN &&
		column->type.kind != VGAE_FEATURE_COLUMN_CATEGORY)
		core->scaling = GAE_SCALING_STANDARD;
	core->indicator = column->schema != NULL && column->schema->indicator;
	core->scalar = column->number;
	core->array = column->array;
	core->category = column->code;
}

void
vgae_feature_column_end(VgaeFeatureColumn *column, int64 rows, bool scaled,
						GaeFeatureColumn *core, VgaeSchemaColumn *schema)
{
	VgaeKeys	categories = {.type = VGAE_KEY_TEXT};

	if (column->width < 0)
		column->width = 0;		/* arrays, and not one that is not NULL */
	if (rows > 0)
		set_capacity(column, rows);
	if (column->type.kind == VGAE_FEATURE_COLUMN_CATEGORY && column->schema != NULL)
		column->width = column->schema->width;
	else if (column->type.kind == VGAE_FEATURE_COLUMN_CATEGORY)
	{
		sort_categories(column, rows, &categories);
		column->width = categories.count;
	}
	if (column->unknown > 0)
		ereport(NOTICE,
				(errmsg_plural("%s has a category unknown to the model in %lld row",
							   "%s has categories unknown to the model in %lld rows",
							   (unsigned long) column->unknown,
							   vgae_column_label(&column->input), (long long) column->unknown),
				 errdetail("These rows get none of the categories that the model knows.")));

	describe_column(column, scaled, core);
	if (schema != NULL)
	{
		schema->kind = column->type.kind;
		schema->name = pstrdup(column->input.name);
		schema->width = column->width;
		schema->categories = categories;
	}
}
