/*
 * node_keys.c
 *		Node keys of any SQL type that can be one: as arguments, and as the columns
 *		that functions return.
 *
 * A model has keys of one type: integers, text or uuids.  In SQL an integer key may be
 * of type smallint, integer, bigint or oid; a text of type text, varchar, char(n) or an
 * enum; and a domain over any of these will do.
 */
#include "postgres.h"

#include "pg/fn/node_keys.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "pg/base/compat.h"

/* ---- arguments ---- */

/* The type of an argument, or InvalidOid if it has not been looked up yet. */
static inline Oid
known_type(FunctionCallInfo fcinfo, int argno)
{
	const VgaeCallTypes *types = fcinfo->flinfo == NULL ? NULL : fcinfo->flinfo->fn_extra;

	return types == NULL ? InvalidOid : types->argument[argno];
}

static Oid
declared_type(Oid function, int argno)
{
	Oid		   *types;
	int			count;

	(void) get_func_signature(function, &types, &count);
	return argno < count ? types[argno] : InvalidOid;
}

/* Look it up, once a query.  A domain counts as its base type, and varchar as text. */
static Oid
find_type(FunctionCallInfo fcinfo, int argno)
{
	FmgrInfo   *flinfo = fcinfo->flinfo;
	Oid			type = flinfo == NULL ? InvalidOid : get_fn_expr_argtype(flinfo, argno);

	/* The fast path of the protocol has no expression: there the declared type is the type. */
	if (!OidIsValid(type) && flinfo != NULL && OidIsValid(flinfo->fn_oid))
		type = declared_type(flinfo->fn_oid, argno);
	if (!OidIsValid(type) || IsPolymorphicType(type))
		elog(ERROR, "could not determine the type of argument %d", argno + 1);
	type = getBaseType(type);
	if (type == VARCHAROID)
		type = TEXTOID;
	if (flinfo->fn_extra != NULL)
		((VgaeCallTypes *) flinfo->fn_extra)->argument[argno] = type;
	return type;
}

/* A text that is being read as a key. */
typedef struct TextKey
{
	const char *argument;
	const char *text;
	VgaeKeyType type;
} TextKey;

/* For messages: a text as vgae_key_display shows a key, in quotes and cut if it is long. */
static char *
display_text(const char *text)
{
	const uint64 offset[2] = {0, strlen(text)};
	VgaeKeys	keys = {VGAE_KEY_TEXT, 1, NULL, offset, text};

	return vgae_key_display(&keys, 0);
}

/* Called while an error is being raised: what the input functions cannot say. */
static void
explain_text(void *context)
{
	const TextKey *key = context;
	int			code = geterrcode();

	if (code != ERRCODE_INVALID_TEXT_REPRESENTATION && code != ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE)
		return;
	errdetail("Argument \"%s\" is %s, but the node keys of the model are of type %s.",
			  key->argument, display_text(key->text), vgae_key_type_name(key->type));
	errhint("Give a key that can be read as %s.", vgae_key_type_name(key->type));
}

/* Read a text as a key of a model whose keys are integers or uuids. */
static Datum
read_text(const char *argument, const text *given, VgaeKeyType type)
{
	TextKey		key = {argument, text_to_cstring(given), type};
	ErrorContextCallback callback = {error_context_stack, explain_text, &key};
	Datum		value;

	error_context_stack = &callback;
	value = DirectFunctionCall1(type == VGAE_KEY_INTEGER ? int8in : uuid_in,
								CStringGetDatum(key.text));
	error_context_stack = callback.previous;
	return value;
}

static void
refuse_argument(const char *name, Oid type, VgaeKeyType wanted)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATATYPE_MISMATCH),
			 errmsg("wrong type of node key"),
			 errdetail("The node keys of the model are of type %s, but argument \"%s\" is of type %s.",
					   vgae_key_type_name(wanted), name, format_type_be(type)),
			 errhint("Cast the key to %s.", vgae_key_sql_type(wanted))));
}

/* The SQL type that vgae_key_finder_find takes and vgae_key_datum gives. */
static inline Oid
sql_type(VgaeKeyType keys)
{
	return keys == VGAE_KEY_INTEGER ? INT8OID : keys == VGAE_KEY_TEXT ? TEXTOID : UUIDOID;
}

/*
 * Turn a value of another SQL type into a key of the model.  Two keys of a call have one type,
 * for which PostgreSQL prefers oid: what the other key was, -1 perhaps, cannot be told any more.
 */
static Datum
convert_key(const char *argument, Oid type, bool two_keys, Datum value, VgaeKeyType keys)
{
	if (keys == VGAE_KEY_INTEGER)
	{
		if (type == INT4OID)
			return Int64GetDatum(DatumGetInt32(value));
		if (type == INT2OID)
			return Int64GetDatum(DatumGetInt16(value));
		if (type == OIDOID && !two_keys)
			return Int64GetDatum(DatumGetObjectId(value));
	}
	if (type == TEXTOID)
		return read_text(argument, DatumGetTextPP(value), keys);
	if (keys == VGAE_KEY_TEXT && type_is_enum(type))
		return CStringGetTextDatum(DatumGetCString(DirectFunctionCall1(enum_out, value)));
	refuse_argument(argument, type, keys);
	return (Datum) 0;
}

/* The same as vgae_argument_node, for keys of every type. */
static pg_noinline int32
find_converted(FunctionCallInfo fcinfo, int argno, const char *name, const VgaeModel *model)
{
	Oid			type = known_type(fcinfo, argno);
	Datum		key = PG_GETARG_DATUM(argno);

	if (!OidIsValid(type))
		type = find_type(fcinfo, argno);
	if (type != sql_type(model->keys.type))
		key = convert_key(name, type, PG_NARGS() > 2, key, model->keys.type);
	return vgae_key_finder_find(model->finder, key);
}

/* It is called for every row of a join, mostly with keys of the types that it looks at. */
int32
vgae_argument_node(FunctionCallInfo fcinfo, int argno, const char *name, const VgaeModel *model)
{
	Oid			type = known_type(fcinfo, argno);

	if (type == sql_type(model->keys.type))
		return vgae_key_finder_find(model->finder, PG_GETARG_DATUM(argno));
	if (type == INT4OID && model->keys.type == VGAE_KEY_INTEGER)
		return vgae_key_finder_find(model->finder, Int64GetDatum(PG_GETARG_INT32(argno)));
	return find_converted(fcinfo, argno, name, model);
}

/* ---- columns ---- */

/* Of the first column that the caller expects. */
static Oid
column_type(FunctionCallInfo fcinfo)
{
	ReturnSetInfo *info = (ReturnSetInfo *) fcinfo->resultinfo;

	return TupleDescAttr(info->setDesc, 0)->atttypid;
}

/*
 * Can keys be values of this type, all or some of them, without being changed?  oid takes
 * negative numbers for others, and char(n) drops spaces.
 */
static bool
can_be_returned(VgaeKeyType keys, Oid type)
{
	Oid			base = getBaseType(type);

	switch (keys)
	{
		case VGAE_KEY_INTEGER:
			return base == INT2OID || base == INT4OID || base == INT8OID;
		case VGAE_KEY_TEXT:
			return base == TEXTOID || base == VARCHAROID || type_is_enum(base);
		case VGAE_KEY_UUID:
			return base == UUIDOID;
	}
	return false;
}

void
vgae_require_key_type(FunctionCallInfo fcinfo, const VgaeKeys *keys,
					  const char *function, const char *before, const char *after)
{
	Oid			type = column_type(fcinfo);

	if (can_be_returned(keys->type, type))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_DATATYPE_MISMATCH),
			 errmsg("wrong type of node key"),
			 errdetail("The node keys are of type %s, but this call returns them as %s.",
					   vgae_key_type_name(keys->type), format_type_be(type)),
			 keys->type == VGAE_KEY_INTEGER ?
			 errhint("Call %s(model%s).", function, after) :
			 errhint("Call %s(model, %sNULL::%s%s).", function, before, vgae_key_sql_type(keys->type), after)));
}

void
vgae_require_no_count(FunctionCallInfo fcinfo, const char *count)
{
	if (PG_ARGISNULL(1) || get_fn_expr_argtype(fcinfo->flinfo, 1) != TEXTOID ||
		VARSIZE_ANY_EXHDR(PG_GETARG_TEXT_PP(1)) == 0)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("argument \"key_type\" must be NULL"),
			 errdetail("The value is %s.", display_text(text_to_cstring(PG_GETARG_TEXT_PP(1)))),
			 errhint("Only its type counts. Give a number by name: %s => ...", count)));
}

void
vgae_key_column(FunctionCallInfo fcinfo, const VgaeKeys *keys, VgaeKeyColumn *column)
{
	Oid			type = column_type(fcinfo);
	Oid			input;

	column->keys = keys;
	column->as_is = type == sql_type(keys->type) ||
		(type == VARCHAROID && keys->type == VGAE_KEY_TEXT);
	if (column->as_is)
		return;
	getTypeInputInfo(type, &input, &column->input_argument);
	fmgr_info(input, &column->input);
}

/* By way of its text: so a domain checks it, and a number that is too large is an error. */
Datum
vgae_key_value_converted(VgaeKeyColumn *column, int32 index)
{
	const VgaeKeys *keys = column->keys;
	char	   *written = keys->type == VGAE_KEY_TEXT ?
		TextDatumGetCString(vgae_key_datum(keys, index)) : vgae_key_display(keys, index);

	return InputFunctionCall(&column->input, written, column->input_argument, -1);
}
