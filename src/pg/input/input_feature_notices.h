/*
 * input_feature_notices.h
 *		What is said about features that may not be what was meant.
 */
#ifndef VGAE_INPUT_FEATURE_NOTICES_H
#define VGAE_INPUT_FEATURE_NOTICES_H

#include "core/features/scaler.h"
#include "pg/input/input_feature_columns.h"

/* A NOTICE if the categories of a column are all arrays of numbers that came as text. */
extern void vgae_tell_arrays_of_text(const VgaeInputColumn *column, const VgaeKeys *categories);

/*
 * A WARNING if features of the column, whose first one is "first", are constant and left
 * out.  "rows" is the number of rows that were read.
 */
extern void vgae_warn_constant_column(const VgaeFeatureColumn *column, int64 rows, int64 first,
									  const GaeScaler *scaler);

/* The same for the sparse features, whose first one is "first". */
extern void vgae_warn_constant_features(const VgaeKeys *features, int64 first,
										const GaeScaler *scaler);

#endif							/* VGAE_INPUT_FEATURE_NOTICES_H */
