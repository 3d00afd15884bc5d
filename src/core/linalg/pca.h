/*
 * pca.h
 *		Rows in two dimensions: principal component analysis.
 */
#ifndef GAE_PCA_H
#define GAE_PCA_H

#include "core/base/env.h"

typedef struct GaePca
{
	double	   *score[2];		/* rows: the coordinates of each component, in units of the input */
	double		share[2];		/* of the variance that each component has; 0 if there is none */
} GaePca;

/*
 * The first two principal components of a (rows x columns), whose values must be finite.
 * The sign of a component is such that its largest weight of a column is positive.  The
 * second component of a single column is 0.
 *
 * With more than 256 columns, the components are found by subspace iteration (Halko,
 * Martinsson, Tropp, "Finding structure with randomness", 2011, algorithm 4.4), which is as
 * good as exact where components stand out.
 * Errors: those of gae_openblas_load and gae_eigen_symmetric, GAE_OUT_OF_MEMORY,
 * GAE_INTERRUPTED.
 */
extern GaeStatus gae_pca(GaeEnv *env, int64_t rows, int64_t columns, const GaeReal *a,
						 GaePca *pca);

#endif							/* GAE_PCA_H */
