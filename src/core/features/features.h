/*
 * features.h
 *		The feature matrix X (rows x columns): dense, sparse, or the identity of
 *		a featureless graph.
 */
#ifndef GAE_FEATURES_H
#define GAE_FEATURES_H

#include "core/base/random.h"
#include "core/linalg/sparse.h"

typedef enum GaeFeatureForm
{
	GAE_FEATURES_IDENTITY,
	GAE_FEATURES_DENSE,
	GAE_FEATURES_SPARSE
} GaeFeatureForm;

typedef struct GaeFeatures
{
	GaeFeatureForm form;
	int64_t		rows;
	int64_t		columns;		/* = rows for the identity */
	GaeReal    *dense;			/* rows x columns */
	GaeCsr		sparse;
	GaeCsr		transposed;		/* of "sparse"; made by gae_features_prepare */
} GaeFeatures;

/*
 * One column of the input, or several that belong together, before they are put
 * into X.  Rows are numbered as they were read.
 */
typedef enum GaeFeatureColumnForm
{
	GAE_FEATURE_COLUMN_SCALAR,			/* scalar[row]; standardised if asked for */
	GAE_FEATURE_COLUMN_ARRAY,			/* array[row * width + j] */
	GAE_FEATURE_COLUMN_CATEGORY,		/* category[row] in 0 … width-1: one-hot */
	GAE_FEATURE_COLUMN_TRIPLETS			/* (triplet_row, triplet_column, triplet_value)[i] */
} GaeFeatureColumnForm;

typedef struct GaeFeatureColumn
{
	GaeFeatureColumnForm form;
	bool		standardise;	/* GAE_FEATURE_COLUMN_SCALAR only */
	int64_t		width;			/* columns of X that it takes */
	const double *scalar;
	const float *array;
	const int32_t *category;
	int64_t		triplets;
	const int32_t *triplet_row;
	const int32_t *triplet_column;
	const float *triplet_value;
} GaeFeatureColumn;

/*
 * What standardisation subtracts and divides by, for each column of X: (x -
 * center) / scale, and 0 where scale is 0 (a constant column).  Columns that
 * are taken as they are have center 0 and scale 1.  In double, so that numbers far
 * from 0, such as a time in seconds, keep their differences.
 */
typedef struct GaeScaler
{
	int64_t		columns;
	double	   *center;
	double	   *scale;
} GaeScaler;

/*
 * Learn the scaler from the columns, each of "rows" rows: from those whose
 * part[rank] is GAE_PART_TRAINING (see split.h), or all if part is NULL.
 */
extern GaeStatus gae_scaler_learn(GaeEnv *env, const GaeFeatureColumn *columns, int count, int64_t rows,
								  const int32_t *rank, const uint8_t *part, GaeScaler *scaler);
extern void gae_scaler_apply(const GaeScaler *scaler, const GaeReal *x, GaeReal *scaled);
extern void gae_scaler_revert(const GaeScaler *scaler, const GaeReal *scaled, GaeReal *x);

/*
 * Put the columns side by side into X.  Row i as read becomes row rank[i] (NULL:
 * row i).  Triplets for the same cell add up, whatever their order.  The form is
 * the one that makes products cheaper.
 */
extern GaeStatus gae_features_build(GaeEnv *env, const GaeFeatureColumn *columns, int count, int64_t rows,
									const int32_t *rank, const GaeScaler *scaler,
									GaeFeatures *features);
extern void gae_features_identity(int64_t rows, GaeFeatures *features);

/* Make what products with Xᵀ need. */
extern GaeStatus gae_features_prepare(GaeEnv *env, GaeFeatures *features);

/*
 * dropped = X with dropout (Srivastava et al. 2014): each non-zero is kept with
 * probability 1 - rate and then divided by it.  "dropped" shares the structure
 * of X and owns its values; made by gae_features_droppable.
 */
extern GaeStatus gae_features_droppable(GaeEnv *env, const GaeFeatures *features, GaeFeatures *dropped);
extern GaeStatus gae_features_drop(GaeEnv *env, const GaeFeatures *features, double rate,
								   int64_t seed, uint32_t step, GaeFeatures *dropped);

/* out (rows x n) = X · w (columns x n) */
extern GaeStatus gae_features_multiply(GaeEnv *env, const GaeFeatures *features, int64_t n,
									   const GaeReal *w, GaeReal *out);

/* gradient (columns x n) = Xᵀ · g (rows x n) */
extern GaeStatus gae_features_multiply_transposed(GaeEnv *env, const GaeFeatures *features, int64_t n,
												  const GaeReal *g, GaeReal *gradient);

/* out (count x columns) = the given rows of X (dense or sparse), as a dense matrix. */
extern GaeStatus gae_features_gather(GaeEnv *env, const GaeFeatures *features, const int32_t *rows,
									 int64_t count, GaeReal *out);

/* The first value outside [0, 1], by row and column of X; row is -1 if there is none. */
extern GaeStatus gae_features_outside_unit(GaeEnv *env, const GaeFeatures *features, int64_t *row,
										   int64_t *column, GaeReal *value);

#endif							/* GAE_FEATURES_H */
