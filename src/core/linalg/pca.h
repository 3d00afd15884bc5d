/*
 * pca.h
 *		Rows in two dimensions: principal component analysis.
 */
#ifndef GAE_PCA_H
#define GAE_PCA_H

#include "core/base/env.h"

typedef struct GaePca
{
	double	   *score[2];		/* rows: the coordinates, in the units of the input */
	double		share[2];		/* of the variance; 0 where there is none */
} GaePca;

/*
 * The first two principal components of a (rows x columns), whose values must be
 * finite.  The largest weight of a column in each component is positive, which
 * settles its sign.  Of a single column the second component is 0.
 *
 * Of more than 256 columns they are found by subspace iteration (Halko, Martinsson,
 * Tropp, "Finding structure with randomness", 2011, algorithm 4.4), which is as good
 * as exact where components stand out.
 */
extern GaeStatus gae_pca(GaeEnv *env, int64_t rows, int64_t columns, const GaeReal *a,
						 GaePca *projection);

#endif							/* GAE_PCA_H */
