/*
 * feature_schema.h
 *		What the columns of X are called, so that new data can be put into the same
 *		columns.
 */
#ifndef VGAE_FEATURE_SCHEMA_H
#define VGAE_FEATURE_SCHEMA_H

#include "lib/stringinfo.h"

#include "pg/keys/key_index.h"

typedef enum VgaeFeatureColumnKind
{
	VGAE_FEATURE_COLUMN_NUMBER = 1,		/* smallint … numeric; standardised unless bce */
	VGAE_FEATURE_COLUMN_BOOLEAN = 2,
	VGAE_FEATURE_COLUMN_ARRAY = 3,		/* real[], float8[], vector */
	VGAE_FEATURE_COLUMN_CATEGORY = 4	/* text, enum: one-hot */
} VgaeFeatureColumnKind;

/* One feature column of "nodes". */
typedef struct VgaeSchemaColumn
{
	VgaeFeatureColumnKind kind;
	char	   *name;
	int32		width;			/* columns of X: 1, the array's length, or the categories */
	VgaeKeys	categories;		/* VGAE_FEATURE_COLUMN_CATEGORY: text keys in order */
} VgaeSchemaColumn;

/* The columns of "nodes" in their order, then the sorted keys of "features". */
typedef struct VgaeSchema
{
	int			columns;
	VgaeSchemaColumn *column;
	bool		has_features;	/* was "features" given? */
	VgaeKeys	features;		/* then its keys */
	int64		width;			/* columns of X in all; 0: featureless */
} VgaeSchema;

extern void vgae_schema_write(const VgaeSchema *schema, StringInfo blob);

/* false for a blob that is not a schema. */
extern bool vgae_schema_read(const uint8 *blob, int64 length, VgaeSchema *schema);

/*
 * map[j] = the column of X in the former schema that is column j in this one,
 * by name and by category or key; or -1.
 */
extern void vgae_schema_map(const VgaeSchema *schema, const VgaeSchema *former, int32 *map);

#endif							/* VGAE_FEATURE_SCHEMA_H */
