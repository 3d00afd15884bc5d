/*
 * arguments.h
 *		What functions demand of their arguments, and the errors when they do not
 *		get it.
 */
#ifndef VGAE_ARGUMENTS_H
#define VGAE_ARGUMENTS_H

#include "fmgr.h"
#include "utils/array.h"

#include "pg/model/model_cache.h"

/*
 * The SQL overloads of a function by the type of the node keys.  All are done by
 * "static Datum body(FunctionCallInfo fcinfo, VgaeKeyType type)".
 */
#define VGAE_KEY_OVERLOADS(function, body) \
	PG_FUNCTION_INFO_V1(function##_int); \
	PG_FUNCTION_INFO_V1(function##_text); \
	PG_FUNCTION_INFO_V1(function##_uuid); \
	Datum function##_int(PG_FUNCTION_ARGS) { return body(fcinfo, VGAE_KEY_INTEGER); } \
	Datum function##_text(PG_FUNCTION_ARGS) { return body(fcinfo, VGAE_KEY_TEXT); } \
	Datum function##_uuid(PG_FUNCTION_ARGS) { return body(fcinfo, VGAE_KEY_UUID); } \
	extern int	vgae_dummy_declaration

/*
 * Where the arguments after "model" start in a function that returns keys: the
 * overloads for text and uuid have node_type before them.
 */
#define VGAE_AFTER_NODE_TYPE(type) ((type) == VGAE_KEY_INTEGER ? 1 : 2)

/*
 * Arguments whose default is not NULL: a NULL is an error
 * (null_value_not_allowed), as is a value out of range (invalid_parameter_value).
 */
extern void vgae_argument_not_null(FunctionCallInfo fcinfo, int argno, const char *name);
extern bool vgae_argument_bool(FunctionCallInfo fcinfo, int argno, const char *name);
extern int32 vgae_argument_int32(FunctionCallInfo fcinfo, int argno, const char *name, int32 minimum);
extern int64 vgae_argument_int64(FunctionCallInfo fcinfo, int argno, const char *name);
extern double vgae_argument_unit_interval(FunctionCallInfo fcinfo, int argno, const char *name);

extern const char *vgae_argument_word(FunctionCallInfo fcinfo, int argno, const char *name);

/* Text as a C string; NULL for a NULL. */
extern const char *vgae_argument_text(FunctionCallInfo fcinfo, int argno);

/* The length of an array, which must have one dimension (or none) and no NULLs. */
extern int	vgae_vector_length(ArrayType *array, const char *name);

/*
 * The elements of a real[] that must hold "length" finite numbers; "what" says
 * in the plural what they are.  The argument itself must not be NULL.
 */
extern const GaeReal *vgae_argument_reals(FunctionCallInfo fcinfo, int argno, const char *name,
										  int64 length, const char *what);

/*
 * The index of the node whose key is given by an argument of an overload of this
 * type, or -1 where the model does not know it.  The argument must not be NULL.
 */
extern int32 vgae_argument_node(FunctionCallInfo fcinfo, int argno, const char *name,
								VgaeKeyType type, const VgaeModel *model);

/*
 * An overload that returns keys of one type is about to return keys of another:
 * an error whose hint names the right call.  "more" continues its arguments.
 */
extern void vgae_require_key_type(const VgaeKeys *keys, VgaeKeyType returned,
								  const char *function, const char *more);

/* Kinds of models: a graph's, rows' (else the hint), or one with a Gaussian latent. */
extern void vgae_require_links(const VgaeModel *model);
extern void vgae_require_rows(const VgaeModel *model, const char *hint);
extern void vgae_require_gaussian(const VgaeModel *model, const char *distribution);

#endif							/* VGAE_ARGUMENTS_H */
