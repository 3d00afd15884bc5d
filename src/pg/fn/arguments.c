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

int
vgae_vector_length(ArrayType *array, const char *name)
{
	int			length = ARR_NDIM(array) == 0 ? 0 : ARR_DIMS(array)[0];

	if (ARR_NDIM(array) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("argument \"%s\" must be a one-dimensional array", name),
				 errdetail("The array has %d dimensions.", ARR_NDIM(array)),
				 errhint("Write it as in '{1,2,3}'.")));
	if (array_contains_nulls(array))
	{
		const uint8 *not_null = ARR_NULLBITMAP(array);
		int			i = 0;

		while (not_null[i / BITS_PER_BYTE] & (1 << (i % BITS_PER_BYTE)))
			i++;
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("argument \"%s\" must not contain NULL", name),
				 errdetail("Element %d is NULL.", i + ARR_LBOUND(array)[0]),
				 errhint("Give each element a value.")));
	}
	return length;
}

/* The elements of a float8[], converted to the core's type. */
static const GaeReal *
narrow(ArrayType *array, int count, const char *name)
{
	const float8 *wide = (const float8 *) ARR_DATA_PTR(array);
	GaeReal    *values = palloc(Max(count, 1) * sizeof(GaeReal));

	for (int i = 0; i < count; i++)
	{
		values[i] = (GaeReal) wide[i];
		if (isinf(values[i]) && !isinf(wide[i]))
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("argument \"%s\" has a value out of range for type real", name),
					 errdetail("Element %d is %g.", i + ARR_LBOUND(array)[0], wide[i]),
					 errhint("Give each element a value between -3.4e38 and 3.4e38.")));
	}
	return values;
}

static void
require_finite(ArrayType *array, const GaeReal *values, int count, const char *name)
{
	for (int i = 0; i < count; i++)
		if (!isfinite(values[i]))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("argument \"%s\" must hold finite numbers", name),
					 errdetail("Element %d is %g.", i + ARR_LBOUND(array)[0], values[i]),
					 errhint("Give each element a finite value.")));
}

/* The array is a float8[], or a real[] whose cast vgae_reals_support has removed. */
const GaeReal *
vgae_argument_reals(FunctionCallInfo fcinfo, int argno, const char *name,
					int64 length, const char *what)
{
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(argno);
	Oid			type = ARR_ELEMTYPE(array);
	int			given = vgae_vector_length(array, name);
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
	values = type == FLOAT8OID ? narrow(array, given, name) : (const GaeReal *) ARR_DATA_PTR(array);
	require_finite(array, values, given, name);
	return values;
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
