/*
 * features.h
 *		The feature matrix X (rows x columns): dense, sparse, or the identity, which stands
 *		for X of a graph without features.
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
	int64_t		columns;		/* rows for the identity */
	GaeReal    *dense;			/* rows x columns; rows: what dropout makes of the identity */
	GaeCsr		sparse;
	GaeCsr		transposed;		/* of "sparse"; made by gae_features_prepare */
} GaeFeatures;

/* X = the identity (rows x rows). */
extern void gae_features_identity(int64_t rows, GaeFeatures *features);

/* Make the transpose of a sparse X, for gae_features_multiply_transposed. */
extern GaeStatus gae_features_prepare(GaeEnv *env, GaeFeatures *features);

/* Bytes that gae_features_prepare allocates. */
extern double gae_features_prepare_bytes(const GaeFeatures *features);

/*
 * Make "dropped" for gae_features_drop: it shares the structure of X, which must be
 * prepared, and has values of its own.
 */
extern GaeStatus gae_features_droppable(GaeEnv *env, const GaeFeatures *features,
										GaeFeatures *dropped);

/* Bytes of these values. */
extern double gae_features_droppable_bytes(const GaeFeatures *features);

/*
 * dropped = X with dropout (Srivastava et al., "Dropout: a simple way to prevent neural
 * networks from overfitting", 2014): a non-zero x becomes x / (1 - rate) with probability
 * 1 - rate, else 0.  X may have fewer rows than what "dropped" was made for.
 */
extern GaeStatus gae_features_drop(GaeEnv *env, const GaeFeatures *features, double rate,
								   int64_t seed, uint32_t step, GaeFeatures *dropped);

/* out (rows x n) = X · w (columns x n) */
extern GaeStatus gae_features_multiply(GaeEnv *env, const GaeFeatures *features, int64_t n,
									   const GaeReal *w, GaeReal *out);

/* gradient (columns x n) = Xᵀ · g (rows x n) */
extern GaeStatus gae_features_multiply_transposed(GaeEnv *env, const GaeFeatures *features,
												  int64_t n, const GaeReal *g, GaeReal *gradient);

/* out (count x columns, dense) = rows[0 … count - 1] of X, which is dense or sparse. */
extern GaeStatus gae_features_gather(GaeEnv *env, const GaeFeatures *features, const int32_t *rows,
									 int64_t count, GaeReal *out);

/* Row and column of the first value of X outside [0, 1], and that value; row -1: none is. */
extern GaeStatus gae_features_outside_unit(GaeEnv *env, const GaeFeatures *features, int64_t *row,
										   int64_t *column, GaeReal *value);

#endif							/* GAE_FEATURES_H */
