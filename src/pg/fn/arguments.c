/*
 * arguments.c
 *		Reading the arguments of SQL functions and checking what they hold.
 */
#include "postgres.h"

#include "pg/fn/arguments.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"

StaticAssertDecl(sizeof(GaeReal) == sizeof(float4), "real[] must hold the core's numbers");

void
vgae_argument_not_null(FunctionCallInfo fcinfo, int argno, const char *name)
{
	if (PG_ARGISNULL(argno))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("argument \"%s\" must not be NULL", name),
				 errhint("Leave the argument out to take its default.")));
}

bool
vgae_argument_bool(FunctionCallInfo fcinfo, int argno, const char *name)
{
	vgae_argument_not_null(fcinfo, argno, name);
	return PG_GETARG_BOOL(argno);
}

int32
vgae_argument_int32(FunctionCallInfo fcinfo, int argno, const char *name, int32 minimum)
{
	int32		value;

	vgae_argument_not_null(fcinfo, argno, name);
	value = PG_GETARG_INT32(argno);
	if (value < minimum)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid value for argument \"%s\"", name),
				 errdetail("The value is %d.", value),
				 errhint("It must be at least %d.", minimum)));
	return value;
}

int64
vgae_argument_int64(FunctionCallInfo fcinfo, int argno, const char *name)
{
	vgae_argument_not_null(fcinfo, argno, name);
	return PG_GETARG_INT64(argno);
}

int64
vgae_argument_count(FunctionCallInfo fcinfo, int argno, const char *name,
					int64 minimum, int64 maximum)
{
	int64		value = vgae_argument_int64(fcinfo, argno, name);

	if (value < minimum || value > maximum)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid value for argument \"%s\"", name),
				 errdetail("The value is %lld.", (long long) value),
				 value < minimum ?
				 errhint("It must be at least %lld.", (long long) minimum) :
				 errhint("It must be at most %lld.", (long long) maximum)));
	return value;
}

double
vgae_argument_unit_interval(FunctionCallInfo fcinfo, int argno, const char *name)
{
	double		value;

	vgae_argument_not_null(fcinfo, argno, name);
	value = PG_GETARG_FLOAT8(argno);
	if (!(value >= 0 && value <= 1))	/* also true of NaN */
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid value for argument \"%s\"", name),
				 errdetail("The value is %g.", value),
				 errhint("It must be between 0 and 1.")));
	return value;
}

const char *
vgae_argument_word(FunctionCallInfo fcinfo, int argno, const char *name)
{
	vgae_argument_not_null(fcinfo, argno, name);
	return vgae_argument_text(fcinfo, argno);
}

const char *
vgae_argument_text(FunctionCallInfo fcinfo, int argno)
{
	if (PG_ARGISNULL(argno))
		return NULL;
	return text_to_cstring(PG_GETARG_TEXT_PP(argno));
}

/* The length of an array of one dimension. */
static int
elements_in(ArrayType *array, const char *name)
{
	if (ARR_NDIM(array) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("argument \"%s\" must be a one-dimensional array", name),
				 errdetail("The array has %d dimensions.", ARR_NDIM(array)),
				 errhint("Write it as in '{1,2,3}'.")));
	return ARR_NDIM(array) == 0 ? 0 : ARR_DIMS(array)[0];
}

static bool
element_is_null(ArrayType *array, int i)
{
	const uint8 *not_null = ARR_NULLBITMAP(array);

	return not_null != NULL && (not_null[i / BITS_PER_BYTE] & (1 << (i % BITS_PER_BYTE))) == 0;
}

int
vgae_vector_length(ArrayType *array, const char *name)
{
	int			length = elements_in(array, name);

	if (array_contains_nulls(array))
	{
		int			i = 0;

		while (!element_is_null(array, i))
			i++;
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("argument \"%s\" must not contain NULL", name),
				 errdetail("Element %d is NULL.", i + ARR_LBOUND(array)[0]),
				 errhint("Give each element a value.")));
	}
	return length;
}

/* The elements as the core's numbers, NaN for NULL; NULLs have no place among an array's data. */
static const GaeReal *
array_values(ArrayType *array, int count, const char *name)
{
	bool		is_double = ARR_ELEMTYPE(array) == FLOAT8OID;
	const void *elements = ARR_DATA_PTR(array);
	GaeReal    *values;
	int			place = 0;

	if (!is_double && ARR_NULLBITMAP(array) == NULL)
		return elements;
	values = palloc(Max(count, 1) * sizeof(GaeReal));
	for (int i = 0; i < count; i++)
	{
		double		element;

		values[i] = NAN;
		if (element_is_null(array, i))
			continue;
		element = is_double ? ((const float8 *) elements)[place] : ((const float4 *) elements)[place];
		place++;
		values[i] = (GaeReal) element;
		if (isinf(values[i]) && !isinf(element))
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("argument \"%s\" has a value out of range for type real", name),
					 errdetail("Element %d is %g.", i + ARR_LBOUND(array)[0], element),
					 errhint("Give each element a value between -3.4e38 and 3.4e38.")));
	}
	return values;
}

static void
require_finite(ArrayType *array, const GaeReal *values, int count, const char *name)
{
	for (int i = 0; i < count; i++)
		if (!isfinite(values[i]) && !element_is_null(array, i))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("argument \"%s\" must hold finite numbers", name),
					 errdetail("Element %d is %g.", i + ARR_LBOUND(array)[0], values[i]),
					 errhint("Give each element a finite value.")));
}

/* The array is a float8[], or a real[] whose cast vgae_reals_support has removed. */
static const GaeReal *
checked_values(ArrayType *array, int given, const char *name, int64 length, const char *what)
{
	Oid			type = ARR_ELEMTYPE(array);
	const GaeReal *values;

	if (type != FLOAT4OID && type != FLOAT8OID)
		elog(ERROR, "argument \"%s\" is not an array of floating-point numbers", name);
	if (given != length)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"%s\" has the wrong length", name),
				 errdetail_plural("The array has %d element, but the model has %lld %s.",
								  "The array has %d elements, but the model has %lld %s.",
								  given, given, (long long) length, what),
				 errhint("Give an array of length %lld.", (long long) length)));
	values = array_values(array, given, name);
	require_finite(array, values, given, name);
	return values;
}

const GaeReal *
vgae_argument_reals(FunctionCallInfo fcinfo, int argno, const char *name,
					int64 length, const char *what)
{
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(argno);

	return checked_values(array, vgae_vector_length(array, name), name, length, what);
}

const GaeReal *
vgae_argument_features(FunctionCallInfo fcinfo, int argno, const char *name, const VgaeModel *model)
{
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(argno);

	return checked_values(array, elements_in(array, name), name, model->core.columns.features,
						  "features");
}

void
vgae_require_links_or(const VgaeModel *model, const char *hint)
{
	GaeModelKind kind = model->core.config.kind;

	if (gae_has_rows(kind))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("model has no links"),
				 errdetail("The model is of kind \"%s\", which is trained on rows.",
						   gae_model_kind_name(kind)),
				 errhint("%s", hint)));
}

void
vgae_require_links(const VgaeModel *model)
{
	char		names[GAE_MODEL_NAMES_BYTES];

	if (gae_has_rows(model->core.config.kind))
		vgae_require_links_or(model, psprintf("Train a model of kind %s on edges.",
											  gae_model_names(gae_has_links, NULL, names)));
}

void
vgae_require_rows(const VgaeModel *model, const char *hint)
{
	GaeModelKind kind = model->core.config.kind;

	if (gae_has_links(kind))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("model has no rows of features to encode or decode"),
				 errdetail("The model is of kind \"%s\", which is trained on a graph.",
						   gae_model_kind_name(kind)),
				 errhint("%s", hint)));
}

void
vgae_require_gaussian(const VgaeModel *model, const char *distribution)
{
	GaeModelKind kind = model->core.config.kind;
	char		names[GAE_MODEL_NAMES_BYTES];

	if (!gae_has_posterior(kind))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("model has no %s to sample from", distribution),
				 errdetail("The model is of kind \"%s\", whose latents are points.",
						   gae_model_kind_name(kind)),
				 errhint("Train a model of kind %s.",
						 gae_model_names(gae_has_posterior,
										 gae_has_links(kind) ? gae_has_links : gae_has_rows,
										 names))));
}
