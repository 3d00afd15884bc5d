/*
 * input_internal.h
 *		What the files that read inputs share: running a query, its columns, the
 *		nodes' keys, and growing arrays.
 */
#ifndef VGAE_INPUT_INTERNAL_H
#define VGAE_INPUT_INTERNAL_H

#include "access/tupdesc.h"

#include "pg/base/compat.h"
#include "pg/input/query_input.h"
#include "pg/keys/key_set.h"

/*
 * Takes the rows of a query.  Embedded as the first member of a reader for one
 * kind of input.
 */
typedef struct VgaeRowReader VgaeRowReader;
struct VgaeRowReader
{
	const char *argument;		/* of the SQL function; for messages */
	GaeEnv	   *env;

	/*
	 * Called once, before the first row, in the context that was current at
	 * vgae_query_run: chooses the columns, and says up to which one (counted
	 * from 1) row() looks at.
	 */
	int			(*start) (VgaeRowReader *reader, TupleDesc columns);

	/* Called for each row, in a memory context that is emptied after it. */
	void		(*row) (VgaeRowReader *reader, const Datum *values, const bool *nulls);

	/* Called once, after the last row; may be NULL. */
	void		(*end) (VgaeRowReader *reader);
};

/* Read a relation's or a query's rows with the caller's rights. */
extern void vgae_query_run(const char *text, VgaeRowReader *reader);

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

/* An array of another size; the memory stays in its context. */
#define vgae_resize(array, capacity) \
	((array) = repalloc_huge((array), (Size) Max(capacity, 1) * sizeof(*(array))))

/*
 * How many rows an array gets room for when it is full: twice as many or, of a large
 * one, which moves without being copied, a quarter more.
 */
#define VGAE_LARGE_ARRAY (16 * 1024 * 1024)

static inline int64
vgae_next_capacity(int64 capacity, Size row_bytes)
{
	return capacity < VGAE_LARGE_ARRAY / (int64) row_bytes ? 2 * capacity : capacity + capacity / 4 + 1;
}

/* Rows handled between two looks at interrupts. */
#define VGAE_POLL_ROWS (1 << 16)

/* Rows that an array has room for at first. */
#define VGAE_INITIAL_ROWS 256

/* Edges: into input->src, dst, weight, which are made in the context. */
extern void vgae_edges_read(GaeEnv *env, const char *text, VgaeNodeKeys *nodes,
							MemoryContext context, VgaeInput *input);

/* The sparse features of the nodes. */
typedef struct VgaeTriplets
{
	VgaeKeySet *set;			/* the features */
	int64		count;
	int32	   *node;			/* numbers, as the sets give them */
	int32	   *feature;
	float	   *value;
} VgaeTriplets;

extern void vgae_features_read(GaeEnv *env, const char *text, VgaeNodeKeys *nodes,
							   VgaeTriplets *triplets);

/*
 * Turn the features' numbers into columns 0 … of "features", which are these
 * features in order; or, if "known" is given, those.  Then triplets of other
 * features go; returns how many features that were.
 */
extern int64 vgae_features_resolve(VgaeTriplets *triplets, const VgaeKeys *known, VgaeKeys *features);

/* The rows of "nodes"; row i belongs to the key with number i. */
typedef struct VgaeDenseColumn VgaeDenseColumn;
typedef struct VgaeNodeRows
{
	int64		rows;
	int			columns;
	VgaeDenseColumn *column;	/* its features: see input_dense.h */
} VgaeNodeRows;

extern void vgae_nodes_read(GaeEnv *env, const char *text, VgaeNodeKeys *nodes,
							const VgaeSchema *schema, VgaeNodeRows *rows);

/*
 * What was read, as columns for the core; and, unless it was given, the schema.
 * "standardise" says whether numbers are.
 */
extern void vgae_nodes_columns(VgaeNodeRows *rows, bool standardise, GaeFeatureColumn *columns,
							   VgaeSchemaColumn *schema);

#endif							/* VGAE_INPUT_INTERNAL_H */
