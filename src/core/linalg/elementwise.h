/*
 * elementwise.h
 *		Elementwise functions of large arrays, vectorised.
 */
#ifndef GAE_ELEMENTWISE_H
#define GAE_ELEMENTWISE_H

#include "core/base/env.h"

/* Values that are computed together; those beyond a multiple of it take longer. */
#define GAE_SIGMOID_CHUNK 512

/*
 * x[i] becomes σ(x[i]); returns Σ softplus(x[i]) of the former values, where
 * softplus(x) = log(1 + exp(x)) is the cross-entropy of σ(x) against 0.
 */
extern double gae_sigmoid_softplus(GaeReal *x, int64_t count);

/* σ and softplus of one number. */
extern double gae_sigmoid(double x);
extern double gae_softplus(double x);

#endif							/* GAE_ELEMENTWISE_H */
