/*
 * input_feature_kinds.h
 *		Which types of SQL can be features, and the numbers that their values are.
 */
#ifndef VGAE_INPUT_FEATURE_KINDS_H
#define VGAE_INPUT_FEATURE_KINDS_H

#include "fmgr.h"

#include "pg/input/feature_schema.h"
#include "pg/input/input_columns.h"

/* What the values of a type become. */
typedef struct VgaeFeatureType
{
	VgaeFeatureColumnKind kind;
	bool		is_enum;		/* VGAE_FEATURE_COLUMN_CATEGORY: of an enum, not of text */
	bool		needs_cast;		/* pgvector's type becomes an array by a cast to real[] */
	FmgrInfo	cast;
} VgaeFeatureType;

/* What becomes of values of the type; false if they cannot be features. */
extern bool vgae_feature_type(Oid type, VgaeFeatureType *feature);

/* Does a column of this kind hold one number a row? */
extern bool vgae_feature_is_number(VgaeFeatureColumnKind kind);

/* What a kind of column holds, in the plural: "numbers" and so on. */
extern const char *vgae_feature_kind_name(VgaeFeatureColumnKind kind);

/* The number that a value of a column of one number a row is; not finite for one that is infinite. */
extern double vgae_feature_number(const VgaeInputColumn *column, Datum value);

/* The value of a type that needs a cast as a real[]. */
extern Datum vgae_feature_cast(VgaeFeatureType *feature, Datum value);

#endif							/* VGAE_INPUT_FEATURE_KINDS_H */
