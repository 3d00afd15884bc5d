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

typedef struct VgaeFeatureColumn
{
	VgaeInputColumn input;
	VgaeFeatureColumnKind kind;
	int64		capacity;		/* rows that there is room for */
	int32		width;			/* elements of an array, -1 until the first row; else 1 */

	/* The values by row: which array is used depends on the kind. */
	double	   *number;			/* VGAE_FEATURE_COLUMN_NUMBER, VGAE_FEATURE_COLUMN_BOOLEAN */
	float	   *array;			/* VGAE_FEATURE_COLUMN_ARRAY: width values a row */
	int32	   *code;			/* VGAE_FEATURE_COLUMN_CATEGORY: see below */

	/*
	 * A code is the number of the category in "categories" or, where a schema gives the
	 * categories, its index in "known", -1 if it is none of these.
	 */
	VgaeKeySet *categories;
	const VgaeKeys *known;
	int64		unknown;		/* rows whose category is not in "known" */
	bool		is_enum;

	/* pgvector's type becomes an array by a cast to real[]. */
	bool		needs_cast;
	FmgrInfo	cast;
} VgaeFeatureColumn;

/* What a kind of column holds, in the plural: "numbers" and so on. */
extern const char *vgae_feature_column_kind_name(VgaeFeatureColumnKind kind);

/*
 * Begin to read a column, whose type says which kind it is.  "schema" is NULL or
 * describes the kind of column that it must be.
 */
extern void vgae_feature_column_begin(const char *argument, TupleDesc columns, int place,
									  const VgaeSchemaColumn *schema, VgaeFeatureColumn *column);

/* Take the value of the next row, which messages name by its column "id". */
extern void vgae_feature_column_read(VgaeFeatureColumn *column, int64 row,
									 const VgaeInputColumn *id,
									 const Datum *values, const bool *nulls);

/* All rows are read: the column for the core and, unless that is NULL, for the schema. */
extern void vgae_feature_column_end(VgaeFeatureColumn *column, int64 rows, bool standardise,
									GaeFeatureColumn *core, VgaeSchemaColumn *schema);

#endif							/* VGAE_INPUT_FEATURE_COLUMNS_H */
