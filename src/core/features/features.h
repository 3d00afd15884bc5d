/*
 * features.h
 *		The feature matrix X (rows x columns), dense or sparse, and perhaps the identity I
 *		beside it: [X, I] gives each row a column of its own.  Without features, [X, I] is I.
 */
#ifndef GAE_FEATURES_H
#define GAE_FEATURES_H

#include "core/base/random.h"
#include "core/linalg/sparse.h"

typedef enum GaeFeatureForm
{
	GAE_FEATURES_NONE,			/* X has no columns */
	GAE_FEATURES_DENSE,
	GAE_FEATURES_SPARSE
} GaeFeatureForm;

typedef struct GaeFeatures
{
	GaeFeatureForm form;
	int64_t		rows;
	int64_t		columns;		/* of X */
	GaeReal    *dense;			/* rows x columns */
	GaeCsr		sparse;
	GaeCsr		transposed;		/* of "sparse"; made by gae_features_prepare */
	bool		identity;		/* is I beside X? */
	GaeReal    *diagonal;		/* rows: what dropout makes of I's; NULL: all are 1 */
} GaeFeatures;

/* The identity alone (rows x rows). */
extern void gae_features_identity(int64_t rows, GaeFeatures *features);

/* The columns of X and of I, if it is there. */
extern int64_t gae_features_inputs(const GaeFeatures *features);

/* Make the transpose of a sparse X, for gae_features_multiply_transposed. */
extern GaeStatus gae_features_prepare(GaeEnv *env, GaeFeatures *features);

/* Bytes that gae_features_prepare allocates. */
extern double gae_features_prepare_bytes(const GaeFeatures *features);

/* How much of X, and of the identity beside it, dropout sets to 0. */
typedef struct GaeDropRates
{
	double		x;
	double		identity;
} GaeDropRates;

/*
 * Make "dropped" for gae_features_drop with these rates: it shares the structure of X, which
 * must be prepared, and has values of its own where the rate is above 0.
 */
extern GaeStatus gae_features_droppable(GaeEnv *env, const GaeFeatures *features,
										GaeDropRates rates, GaeFeatures *dropped);

/* Bytes of these values. */
extern double gae_features_droppable_bytes(const GaeFeatures *features, GaeDropRates rates);

/*
 * dropped = [X, I] with dropout (Srivastava et al., "Dropout: a simple way to prevent neural
 * networks from overfitting", 2014): a non-zero x becomes x / (1 - rate) with probability
 * 1 - rate, else 0.  X may have fewer rows than what "dropped" was made for.
 */
extern GaeStatus gae_features_drop(GaeEnv *env, const GaeFeatures *features, GaeDropRates rates,
								   int64_t seed, uint32_t step, GaeFeatures *dropped);

/* out (rows x n) = [X, I] · w (inputs x n) */
extern GaeStatus gae_features_multiply(GaeEnv *env, const GaeFeatures *features, int64_t n,
									   const GaeReal *w, GaeReal *out);

/* gradient (inputs x n) = [X, I]ᵀ · g (rows x n) */
extern GaeStatus gae_features_multiply_transposed(GaeEnv *env, const GaeFeatures *features,
												  int64_t n, const GaeReal *g, GaeReal *gradient);

/* out (count x columns, dense) = rows[0 … count - 1] of X, which is dense or sparse. */
extern GaeStatus gae_features_gather(GaeEnv *env, const GaeFeatures *features, const int32_t *rows,
									 int64_t count, GaeReal *out);

/* Row and column of the first value of X outside [0, 1], and that value; row -1: none is. */
extern GaeStatus gae_features_outside_unit(GaeEnv *env, const GaeFeatures *features, int64_t *row,
										   int64_t *column, GaeReal *value);

#endif							/* GAE_FEATURES_H */
