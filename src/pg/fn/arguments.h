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
 * Arguments whose default is not NULL: a NULL is an error
 * (null_value_not_allowed), as is a value out of range (invalid_parameter_value).
 */
extern void vgae_argument_not_null(FunctionCallInfo fcinfo, int argno, const char *name);
extern bool vgae_argument_bool(FunctionCallInfo fcinfo, int argno, const char *name);
extern int32 vgae_argument_int32(FunctionCallInfo fcinfo, int argno, const char *name, int32 minimum);
extern int64 vgae_argument_int64(FunctionCallInfo fcinfo, int argno, const char *name);

/* A bigint that says how many: from minimum to maximum. */
extern int64 vgae_argument_count(FunctionCallInfo fcinfo, int argno, const char *name,
								 int64 minimum, int64 maximum);
extern double vgae_argument_unit_interval(FunctionCallInfo fcinfo, int argno, const char *name);

extern const char *vgae_argument_word(FunctionCallInfo fcinfo, int argno, const char *name);

/* Text as a C string; NULL for a NULL. */
extern const char *vgae_argument_text(FunctionCallInfo fcinfo, int argno);

/* The length of an array, which must have one dimension (or none) and no NULLs. */
extern int	vgae_vector_length(ArrayType *array, const char *name);

/*
 * The elements of an array that must hold "length" finite numbers; "what" says
 * in the plural what they are.  A float8 beyond the range of real is an error.
 * The argument itself must not be NULL.
 */
extern const GaeReal *vgae_argument_reals(FunctionCallInfo fcinfo, int argno, const char *name,
										  int64 length, const char *what);

/* Kinds of models: a graph's, rows' (else the hint), or one with a Gaussian latent. */
extern void vgae_require_links(const VgaeModel *model);
extern void vgae_require_rows(const VgaeModel *model, const char *hint);
extern void vgae_require_gaussian(const VgaeModel *model, const char *distribution);

#endif							/* VGAE_ARGUMENTS_H */
