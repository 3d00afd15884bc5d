/*
 * feature_column.h
 *		One column of the input, or several that belong together, before they become
 *		columns of X.
 */
#ifndef GAE_FEATURE_COLUMN_H
#define GAE_FEATURE_COLUMN_H

#include "core/base/env.h"

typedef enum GaeFeatureColumnForm
{
	GAE_FEATURE_COLUMN_SCALAR,	/* scalar[row]; standardised if asked for */
	GAE_FEATURE_COLUMN_ARRAY,	/* array[row * width + j] */
	GAE_FEATURE_COLUMN_CATEGORY,	/* category[row] in 0 … width - 1, one-hot; below 0: all 0 */
	GAE_FEATURE_COLUMN_TRIPLETS /* (triplet_row, triplet_column, triplet_value)[i] */
} GaeFeatureColumnForm;

/* Rows are numbered as they were read; of the arrays, those of the form are not NULL. */
typedef struct GaeFeatureColumn
{
	GaeFeatureColumnForm form;
	bool		standardise;	/* GAE_FEATURE_COLUMN_SCALAR only */
	int64_t		width;			/* columns of X that it becomes */
	const double *scalar;
	const float *array;
	const int32_t *category;
	int64_t		triplets;
	const int32_t *triplet_row;
	const int32_t *triplet_column;
	const float *triplet_value;
} GaeFeatureColumn;

#endif							/* GAE_FEATURE_COLUMN_H */
