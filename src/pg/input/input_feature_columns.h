/*
 * input_feature_columns.h
 *		One feature column of "nodes" while it is read.
 */
#ifndef VGAE_INPUT_FEATURE_COLUMNS_H
#define VGAE_INPUT_FEATURE_COLUMNS_H

#include "core/features/feature_column.h"
#include "pg/input/input_feature_kinds.h"

typedef struct VgaeFeatureColumn
{
	VgaeInputColumn input;
	VgaeFeatureType type;
	const VgaeSchemaColumn *schema; /* the column that it has to be, or NULL */
	int64		capacity;		/* rows that there is room for */
	int32		width;			/* elements of an array, -1 until the first one; else 1 */
	int64		nulls;			/* rows */

	/* The values by row: which array is used depends on the kind; NaN is a missing number. */
	double	   *number;			/* one number a row, booleans among them */
	float	   *array;			/* VGAE_FEATURE_COLUMN_ARRAY: width values a row */
	int32	   *code;			/* VGAE_FEATURE_COLUMN_CATEGORY: see below */

	/*
	 * A code is the number of the category in "categories" or, where a schema gives the
	 * categories, its index there, GAE_CATEGORY_UNKNOWN if it is none of these; for NULL
	 * it is GAE_CATEGORY_MISSING.
	 */
	VgaeKeySet *categories;
	int64		unknown;		/* rows whose category the schema does not have */
} VgaeFeatureColumn;

/*
 * Begin to read a column.  "schema" is NULL or describes what it has to be.  Returns false
 * if its type, which column->type then is, cannot be a feature or is not what it has to be.
 */
extern bool vgae_feature_column_begin(const char *argument, TupleDesc columns, int place,
									  const VgaeSchemaColumn *schema, VgaeFeatureColumn *column);

/* Take the value of the next row, which messages name by its column "id". */
extern void vgae_feature_column_read(VgaeFeatureColumn *column, int64 row,
									 const VgaeInputColumn *id,
									 const Datum *values, const bool *nulls);

/*
 * All rows are read: the column for the core and, unless that is NULL, for the schema.
 * "scaled" says whether features are to be brought to scale, and constant ones left out.
 */
extern void vgae_feature_column_end(VgaeFeatureColumn *column, int64 rows, bool scaled,
									GaeFeatureColumn *core, VgaeSchemaColumn *schema);

#endif							/* VGAE_INPUT_FEATURE_COLUMNS_H */
