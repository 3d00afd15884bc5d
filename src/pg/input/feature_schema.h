/*
 * feature_schema.h
 *		What the columns of X are called, so that new data can be put into the same
 *		columns.
 */
#ifndef VGAE_FEATURE_SCHEMA_H
#define VGAE_FEATURE_SCHEMA_H

#include "lib/stringinfo.h"

#include "pg/keys/key_index.h"

/* Models store these numbers; those from VGAE_FEATURE_COLUMN_DATE on came with format 2. */
typedef enum VgaeFeatureColumnKind
{
	VGAE_FEATURE_COLUMN_NUMBER = 1,		/* smallint … numeric */
	VGAE_FEATURE_COLUMN_BOOLEAN = 2,
	VGAE_FEATURE_COLUMN_ARRAY = 3,		/* real[], float8[], vector */
	VGAE_FEATURE_COLUMN_CATEGORY = 4,	/* text, enum: one-hot */
	VGAE_FEATURE_COLUMN_DATE = 5,		/* these three: seconds since 2000-01-01 */
	VGAE_FEATURE_COLUMN_TIMESTAMP = 6,
	VGAE_FEATURE_COLUMN_TIMESTAMPTZ = 7,
	VGAE_FEATURE_COLUMN_TIME = 8,		/* seconds of the day */
	VGAE_FEATURE_COLUMN_INTERVAL = 9	/* seconds, as extract(epoch) counts them */
} VgaeFeatureColumnKind;

/* One feature column of "nodes". */
typedef struct VgaeSchemaColumn
{
	VgaeFeatureColumnKind kind;
	char	   *name;
	int32		width;			/* features: 1, the array's length, or the categories */
	bool		indicator;		/* has X a column that says where its value is missing? */
	VgaeKeys	categories;		/* VGAE_FEATURE_COLUMN_CATEGORY: text keys in order */
} VgaeSchemaColumn;

/*
 * The features: the columns of "nodes" in their order, then the sorted keys of "features".
 * In X, their indicators follow in the same order.
 */
typedef struct VgaeSchema
{
	int			columns;
	VgaeSchemaColumn *column;
	bool		has_features;	/* was "features" given? */
	bool		features_indicator; /* does X say of which nodes it gave none? */
	VgaeKeys	features;		/* its keys */
	int64		width;			/* features in all; 0: featureless */
	int32		indicators;		/* in all */
} VgaeSchema;

extern void vgae_schema_write(const VgaeSchema *schema, StringInfo blob);

/* Of a model of the given format; false for a blob that is not a schema. */
extern bool vgae_schema_read(const uint8 *blob, int64 length, int format_version,
							 VgaeSchema *schema);

/* The column of the schema that has this name and kind, or NULL. */
extern const VgaeSchemaColumn *vgae_schema_column(const VgaeSchema *schema, const char *name,
												  VgaeFeatureColumnKind kind);

/*
 * map[j] = the column of X in the former schema that is column j in this one, by name and
 * by category or key, and for an indicator by what it tells of; or -1.
 */
extern void vgae_schema_map(const VgaeSchema *schema, const VgaeSchema *former, int32 *map);

#endif							/* VGAE_FEATURE_SCHEMA_H */
