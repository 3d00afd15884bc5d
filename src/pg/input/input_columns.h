/*
 * input_columns.h
 *		The columns of inputs: which ones are meant, what types they may have, and
 *		what is said about a bad value.
 */
#ifndef VGAE_INPUT_COLUMNS_H
#define VGAE_INPUT_COLUMNS_H

#include "access/tupdesc.h"

#include "pg/base/compat.h"
#include "pg/keys/key_set.h"

/* A column that is read. */
typedef struct VgaeInputColumn
{
	const char *argument;
	const char *name;
	int			place;			/* from 0 */
	Oid			type;			/* the base type, if the column's type is a domain */
	VgaeKeyType key_type;		/* of a key column: set by vgae_require_key_column() */
} VgaeInputColumn;

/* The place of the column of that name, or -1; an error if there are two. */
extern int	vgae_column_place(const char *argument, TupleDesc columns, const char *name);

extern void vgae_column_describe(const char *argument, TupleDesc columns, int place,
								 VgaeInputColumn *column);

/*
 * Find two columns and an optional third one, whose place is -1 if it is not there: by
 * their names, which are the first of the pairs of which both columns exist (a pair of
 * NULLs ends the pairs); else by position, if there are exactly 2 or 3 columns.
 */
extern void vgae_columns_find(const char *argument, TupleDesc columns,
							  const char *const pairs[][2], const char *third, int place[3]);

/* Take the first two columns, as none have these names; an error if there are fewer than two. */
extern void vgae_first_columns(const char *argument, TupleDesc columns, const char *first_name,
							   const char *second_name, int *first, int *second);

/* Is this a type of numbers?  vgae_require_number() makes it an error if the column's is not. */
extern bool vgae_is_number(Oid type);
extern void vgae_require_number(const VgaeInputColumn *column);

/* The value of a column of numbers. */
extern double vgae_number_value(const VgaeInputColumn *column, Datum value);

/* The value of a key column as a Datum of type bigint, text or uuid. */
extern Datum vgae_key_value(const VgaeInputColumn *column, Datum value);

/*
 * For messages: a row, as in: the row where "src" is 1 and "dst" is 2 ("second" may be
 * NULL); a column, as in: column "src" of argument "edges"; and a value, cut if it is long.
 */
extern char *vgae_row_label(const VgaeInputColumn *first, const VgaeInputColumn *second,
							const Datum *values, const bool *nulls);
extern char *vgae_column_label(const VgaeInputColumn *column);
extern char *vgae_value_display(const VgaeInputColumn *column, Datum value);

/* Errors; "row_label" names the row, and for a key may be NULL. */

pg_noreturn extern void vgae_refuse_null(const VgaeInputColumn *column, const char *row_label);
pg_noreturn extern void vgae_refuse_null_key(const VgaeInputColumn *column, const char *row_label);

/* The error for a number that is not finite or, if it is, too large for a float. */
pg_noreturn extern void vgae_refuse_not_finite(const VgaeInputColumn *column, double number,
											   const char *shown, const char *row_label);

/* Set key_type: a key column holds integers or text, or uuids where allowed; else an error. */
extern void vgae_require_key_column(VgaeInputColumn *column, bool uuid_allowed);

/* The error for a key column whose type is not that of other keys; "other" names these. */
pg_noreturn extern void vgae_refuse_key_types(const VgaeInputColumn *column, const char *other,
											  VgaeKeyType other_type);

/* The keys of all nodes so far, and the first column that gave any, which fixes their type. */
typedef struct VgaeNodeKeys
{
	VgaeKeySet *set;			/* NULL: no column yet */
	VgaeInputColumn first;
} VgaeNodeKeys;

/* Describe a column of node keys, whose type must be that of the first one. */
extern void vgae_node_column(VgaeNodeKeys *nodes, const char *argument, TupleDesc columns,
							 int place, VgaeInputColumn *column);

/* Describe a column of keys of a model, whose type must be that of the model's keys. */
extern void vgae_known_column(const char *argument, TupleDesc columns, int place,
							  const VgaeKeys *keys, VgaeInputColumn *column);

#endif							/* VGAE_INPUT_COLUMNS_H */
