/*
 * feature_column.h
 *		One column of the input, or several that belong together, before they become
 *		columns of X.
 */
#ifndef GAE_FEATURE_COLUMN_H
#define GAE_FEATURE_COLUMN_H

#include "core/features/feature_cells.h"

typedef enum GaeFeatureColumnForm
{
	GAE_FEATURE_COLUMN_SCALAR,	/* scalar[row]; NaN: missing */
	GAE_FEATURE_COLUMN_ARRAY,	/* array[row * width + j]; NaN: missing */
	GAE_FEATURE_COLUMN_CATEGORY,	/* category[row] in 0 … width - 1, one-hot; or see below */
	GAE_FEATURE_COLUMN_CELLS	/* cells: sparse */
} GaeFeatureColumnForm;

/* A category that is none of those that there are (all 0), and a missing one. */
#define GAE_CATEGORY_UNKNOWN (-1)
#define GAE_CATEGORY_MISSING (-2)

/* What X holds for the value x of a feature; "mean" and "deviation" are those of its values. */
typedef enum GaeScaling
{
	GAE_SCALING_NONE,			/* x */
	GAE_SCALING_STANDARD,		/* (x - mean) / deviation */
	GAE_SCALING_ROOT_MEAN_SQUARE,	/* x / root mean square, which is √(mean² + deviation²) */
	GAE_SCALING_CONSTANT		/* 0: the feature tells no rows apart, and is left out */
} GaeScaling;

/*
 * Rows are numbered as they were read, those of cells as X has them; of the arrays, those
 * of the form are not NULL.
 */
typedef struct GaeFeatureColumn
{
	GaeFeatureColumnForm form;
	int64_t		width;			/* columns of X that it becomes */

	/*
	 * How its values are to be brought to scale.  GAE_SCALING_STANDARD standardises an array
	 * only where a value lies outside [-1, 1]; else it is taken as it is.
	 */
	GaeScaling	scaling;
	bool		keep_constant;	/* is a constant feature not to be left out? */

	/* Has X, behind all features, a column that is 1 where a value is missing, else 0? */
	bool		indicator;

	const double *scalar;
	const float *array;
	const int32_t *category;
	const GaeFeatureCells *cells;
} GaeFeatureColumn;

#endif							/* GAE_FEATURE_COLUMN_H */
