/*
 * arguments.c
 *		What functions demand of their arguments.
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

double
vgae_argument_unit_interval(FunctionCallInfo fcinfo, int argno, const char *name)
{
	double		value;

	vgae_argument_not_null(fcinfo, argno, name);
	value = PG_GETARG_FLOAT8(argno);
	if (!(value >= 0 && value <= 1))	/* nor is it NaN */
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
		const bits8 *not_null = ARR_NULLBITMAP(array);
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

const GaeReal *
vgae_argument_reals(FunctionCallInfo fcinfo, int argno, const char *name,
					int64 length, const char *what)
{
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(argno);
	const GaeReal *values;
	int			given;

	if (ARR_ELEMTYPE(array) != FLOAT4OID)
		elog(ERROR, "argument \"%s\" is not a real[]", name);
	given = vgae_vector_length(array, name);
	if (given != length)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"%s\" has the wrong length", name),
				 errdetail_plural("The array has %d element, but the model has %lld %s.",
								  "The array has %d elements, but the model has %lld %s.",
								  given, given, (long long) length, what),
				 errhint("Give an array of length %lld.", (long long) length)));
	values = (const GaeReal *) ARR_DATA_PTR(array);
	for (int i = 0; i < given; i++)
		if (!isfinite(values[i]))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("argument \"%s\" must hold finite numbers", name),
					 errdetail("Element %d is %g.", i + ARR_LBOUND(array)[0], values[i]),
					 errhint("Give each element a finite value.")));
	return values;
}

/* The SQL type of a key argument or column of an overload. */
static const char *
sql_type_name(VgaeKeyType type)
{
	return type == VGAE_KEY_INTEGER ? "bigint" : vgae_key_type_name(type);
}

int32
vgae_argument_node(FunctionCallInfo fcinfo, int argno, const char *name,
				   VgaeKeyType type, const VgaeModel *model)
{
	VgaeKeyType wanted = model->keys.type;

	if (wanted != type)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("wrong type of node key"),
				 errdetail("The node keys of the model are of type %s, but argument \"%s\" is of type %s.",
						   vgae_key_type_name(wanted), name, sql_type_name(type)),
				 wanted == VGAE_KEY_UUID ?
				 errhint("Cast the key to uuid: a quoted literal is text unless written '...'::uuid.") :
				 errhint("Cast the key to %s.", sql_type_name(wanted))));
	if (type == VGAE_KEY_TEXT)
		return vgae_key_finder_find(model->finder, PointerGetDatum(PG_GETARG_TEXT_PP(argno)));
	return vgae_key_finder_find(model->finder, PG_GETARG_DATUM(argno));
}

void
vgae_require_key_type(const VgaeKeys *keys, VgaeKeyType returned,
					  const char *function, const char *more)
{
	if (keys->type == returned)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_DATATYPE_MISMATCH),
			 errmsg("wrong type of node key"),
			 errdetail("The node keys are of type %s, but this call returns them as %s.",
					   vgae_key_type_name(keys->type), sql_type_name(returned)),
			 keys->type == VGAE_KEY_INTEGER ?
			 errhint("Call %s(model%s).", function, more) :
			 errhint("Call %s(model, NULL::%s%s).", function, sql_type_name(keys->type), more)));
}

void
vgae_require_links(const VgaeModel *model)
{
	GaeModelKind kind = model->core.config.kind;

	if (gae_has_rows(kind))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("model has no links"),
				 errdetail("The model is of kind \"%s\", which is trained on rows.",
						   gae_model_kind_name(kind)),
				 errhint("Train a model of kind \"gae\" or \"vgae\" on edges.")));
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

	if (!gae_has_posterior(kind))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("model has no %s to sample from", distribution),
				 errdetail("The model is of kind \"%s\", whose latents are points.",
						   gae_model_kind_name(kind)),
				 errhint("Train a model of kind \"%s\".",
						 gae_has_links(kind) ? "vgae" : "vae")));
}
