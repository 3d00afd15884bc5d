/*
 * input_feature_columns.h
 *		One feature column of "nodes" while it is read.
 */
#ifndef VGAE_INPUT_FEATURE_COLUMNS_H
#define VGAE_INPUT_FEATURE_COLUMNS_H

#include "fmgr.h"

#include "core/features/feature_column.h"
#include "pg/input/feature_schema.h"
#include "pg/input/input_columns.h"

typedef struct VgaeDenseColumn
{
	VgaeInputColumn input;
	VgaeColumnKind kind;
	int64		capacity;		/* rows that there is room for */
	int32		width;			/* of an array; -1 until the first row */
	double	   *number;			/* VGAE_FEATURE_COLUMN_NUMBER, VGAE_FEATURE_COLUMN_BOOLEAN */
	float	   *array;			/* VGAE_FEATURE_COLUMN_ARRAY: width values a row */
	int32	   *code;			/* VGAE_FEATURE_COLUMN_CATEGORY: its number; -1: none that is known */
	VgaeKeySet *categories;		/* those seen, unless they are given: */
	const VgaeKeys *known;
	int64		unknown;		/* rows with a category that is not known */
	bool		is_enum;
	bool		needs_cast;		/* it is an array only after this cast to real[] */
	FmgrInfo	cast;
} VgaeDenseColumn;

/* What a kind of column holds, in the plural. */
extern const char *vgae_dense_kind_name(VgaeColumnKind kind);

/*
 * Begin to read a column; its type says what kind it is.  "schema" describes the
 * column that it must fit, or is NULL.
 */
extern void vgae_dense_begin(const char *argument, TupleDesc columns, int place,
							 const VgaeSchemaColumn *schema, VgaeDenseColumn *column);

/* Take the value of the next row; "id" names the row in messages. */
extern void vgae_dense_read(VgaeDenseColumn *column, int64 row, const VgaeInputColumn *id,
							const Datum *values, const bool *nulls);

/* All is read: the column for the core and, unless that is NULL, for the schema. */
extern void vgae_dense_end(VgaeDenseColumn *column, int64 rows, bool standardise,
						   GaeFeatureColumn *core, VgaeSchemaColumn *schema);

#endif							/* VGAE_INPUT_FEATURE_COLUMNS_H */
