/*
 * node_keys.h
 *		Node keys of any SQL type that can be one: as arguments, and as the columns
 *		that functions return.
 */
#ifndef VGAE_NODE_KEYS_H
#define VGAE_NODE_KEYS_H

#include "fmgr.h"

#include "pg/model/model_cache.h"

/*
 * The index of the node whose key is the argument, or -1 where the model does not know
 * it.  A text is read as a key of the model's own type, for it may be a quoted literal or
 * a parameter that was sent as text; one that cannot be read is an error, as is a key of
 * another type than the model's.
 *
 * vgae_model_of_call must have been called before, the argument must not be NULL, and
 * argno must be below VGAE_TYPED_ARGUMENTS.
 */
extern int32 vgae_argument_node(FunctionCallInfo fcinfo, int argno, const char *name,
								const VgaeModel *model);

/*
 * The first column of the call's result must be of a type that these keys can have.
 * The hint of the error shows the right call of the function, with what stands before
 * the value of key_type and after it.
 */
extern void vgae_require_key_type(FunctionCallInfo fcinfo, const VgaeKeys *keys,
								  const char *function, const char *before, const char *after);

/*
 * In the form that has key_type before a count: a text there is an error, for it may well be a
 * count, as a quoted literal or a parameter without a type.
 */
extern void vgae_require_no_count(FunctionCallInfo fcinfo, const char *count);

/* How keys become values of a column. */
typedef struct VgaeKeyColumn
{
	const VgaeKeys *keys;
	bool		as_is;			/* vgae_key_datum gives the column's type; else: */
	FmgrInfo	input;			/* the input function of the type, and its argument */
	Oid			input_argument;
} VgaeKeyColumn;

/* Of the first column of the call's result, and of others that have the same type. */
extern void vgae_key_column(FunctionCallInfo fcinfo, const VgaeKeys *keys, VgaeKeyColumn *column);

/* A key as a value of the column, in the current memory context. */
extern Datum vgae_key_value_converted(VgaeKeyColumn *column, int32 index);

static inline Datum
vgae_key_column_datum(VgaeKeyColumn *column, int32 index)
{
	if (column->as_is)
		return vgae_key_datum(column->keys, index);
	return vgae_key_value_converted(column, index);
}

#endif							/* VGAE_NODE_KEYS_H */
