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
	Oid			type;			/* of a domain: what it is made from */
	VgaeKeyType key_type;		/* if it is a key: see vgae_require_key_column */
} VgaeInputColumn;

/* The place of the column of that name, or -1; an error if there are two. */
extern int	vgae_column_place(const char *argument, TupleDesc columns, const char *name);

extern void vgae_column_describe(const char *argument, TupleDesc columns, int place,
								 VgaeInputColumn *column);

/*
 * Places of two columns and an optional third (-1: not there): by the first of
 * the pairs of names that exists (a NULL ends them), else by position, when
 * there are exactly 2 or 3 columns.
 */
extern void vgae_columns_find(const char *argument, TupleDesc columns,
							  const char *const pairs[][2], const char *third, int place[3]);

/* The first two columns, where there are none of these names; an error if there are fewer. */
extern void vgae_first_columns(const char *argument, TupleDesc columns, const char *first_name,
							   const char *second_name, int *first, int *second);

/* Is it a number of any type?  Then vgae_number_value gives it. */
extern bool vgae_is_number(Oid type);
extern void vgae_require_number(const VgaeInputColumn *column);
extern double vgae_number_value(const VgaeInputColumn *column, Datum value);

/* The value of a key column, as VgaeKeySet and VgaeKeys take it. */
extern Datum vgae_key_value(const VgaeInputColumn *column, Datum value);

/* For messages: such as "the row where "src" is 1 and "dst" is 2"; second may be NULL. */
extern char *vgae_row_label(const VgaeInputColumn *first, const VgaeInputColumn *second,
							const Datum *values, const bool *nulls);
extern char *vgae_value_display(const VgaeInputColumn *column, Datum value);

pg_noreturn extern void vgae_refuse_null(const VgaeInputColumn *column, const char *row_label);
pg_noreturn extern void vgae_refuse_null_key(const VgaeInputColumn *column, const char *row_label);

/* A number that is not finite, or not as a float. */
pg_noreturn extern void vgae_refuse_not_finite(const VgaeInputColumn *column, double number,
											   const char *shown, const char *row_label);

/* A key column holds integers or text, or uuids where allowed; else an error. */
extern void vgae_require_key_column(VgaeInputColumn *column, bool uuid_allowed);

/* A column's keys are not of the type of others, which are named: an error. */
pg_noreturn extern void vgae_refuse_key_types(const VgaeInputColumn *column, const char *other,
											  VgaeKeyType other_type);
extern char *vgae_column_label(const VgaeInputColumn *column);

/* The keys of all nodes so far, and the column that fixed their type. */
typedef struct VgaeNodeKeys
{
	VgaeKeySet *set;			/* NULL until the first column is known */
	VgaeInputColumn first;
} VgaeNodeKeys;

/* Describe a column of node keys; its type must be that of those before. */
extern void vgae_node_column(VgaeNodeKeys *nodes, const char *argument, TupleDesc columns,
							 int place, VgaeInputColumn *column);

/* Describe a column of keys that a model should know: its type must be that of the model's. */
extern void vgae_known_column(const char *argument, TupleDesc columns, int place,
							  const VgaeKeys *keys, VgaeInputColumn *column);

#endif							/* VGAE_INPUT_COLUMNS_H */
