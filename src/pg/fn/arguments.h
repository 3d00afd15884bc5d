/*
 * arguments.h
 *		Reading the arguments of SQL functions and checking what they hold.
 */
#ifndef VGAE_ARGUMENTS_H
#define VGAE_ARGUMENTS_H

#include "fmgr.h"
#include "utils/array.h"

#include "pg/model/model_cache.h"

/*
 * Arguments that must not be NULL.  "name" is for messages.
 * Errors: null_value_not_allowed; invalid_parameter_value if a value is out of range.
 */
extern void vgae_argument_not_null(FunctionCallInfo fcinfo, int argno, const char *name);
extern bool vgae_argument_bool(FunctionCallInfo fcinfo, int argno, const char *name);
extern int32 vgae_argument_int32(FunctionCallInfo fcinfo, int argno, const char *name, int32 minimum);
extern int64 vgae_argument_int64(FunctionCallInfo fcinfo, int argno, const char *name);

/* A bigint between minimum and maximum. */
extern int64 vgae_argument_count(FunctionCallInfo fcinfo, int argno, const char *name,
								 int64 minimum, int64 maximum);
extern double vgae_argument_unit_interval(FunctionCallInfo fcinfo, int argno, const char *name);

extern const char *vgae_argument_word(FunctionCallInfo fcinfo, int argno, const char *name);

/* A text argument as a C string, or NULL if the argument is NULL. */
extern const char *vgae_argument_text(FunctionCallInfo fcinfo, int argno);

/* The length of an array; an error if it has more than one dimension or a NULL. */
extern int	vgae_vector_length(ArrayType *array, const char *name);

/*
 * The elements of an array argument, which must be "length" finite numbers in the
 * range of real.  "what" is a plural for messages: what the model has "length" of.
 * The argument itself must not be NULL.
 */
extern const GaeReal *vgae_argument_reals(FunctionCallInfo fcinfo, int argno, const char *name,
										  int64 length, const char *what);

/* The same of an array of a row's features, of which NULLs are missing: these become NaN. */
extern const GaeReal *vgae_argument_features(FunctionCallInfo fcinfo, int argno, const char *name,
											 const VgaeModel *model);

/*
 * Errors for models that lack what a function needs: links, rows, or a Gaussian latent to
 * sample from, the prior or the posterior.  A hint says what to do instead; the one of
 * vgae_require_links() is to train a model on edges.
 */
extern void vgae_require_links(const VgaeModel *model);
extern void vgae_require_links_or(const VgaeModel *model, const char *hint);
extern void vgae_require_rows(const VgaeModel *model, const char *hint);
extern void vgae_require_gaussian(const VgaeModel *model, const char *distribution);

#endif							/* VGAE_ARGUMENTS_H */
