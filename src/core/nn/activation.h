/*
 * activation.h
 *		What follows a linear map: its bias, ReLU, and dropout of what comes out.
 */
#ifndef GAE_ACTIVATION_H
#define GAE_ACTIVATION_H

#include "core/base/env.h"

/* Dropout (Srivastava et al. 2014) in one step of training; rate 0 for none. */
typedef struct GaeDropout
{
	double		rate;			/* of X and of hidden values */
	double		identity_rate;	/* of the identity beside X, or in place of it */
	int64_t		seed;
	uint32_t	step;
} GaeDropout;

extern const GaeDropout gae_no_dropout;

/*
 * h (rows x width) = dropout(ReLU(h + bias)), in place; bias may be NULL.  "layer" names the
 * random streams, so that each layer's lie apart from those of others and of X.
 */
extern GaeStatus gae_activate_hidden(GaeEnv *env, int layer, int64_t rows, int64_t width,
									 const GaeReal *bias, const GaeDropout *dropout, GaeReal *h);

/* h += bias, of an output layer, which has neither ReLU nor dropout. */
extern GaeStatus gae_activate_output(GaeEnv *env, int64_t rows, int64_t width,
									 const GaeReal *bias, GaeReal *h);

/* d (rows x width), the gradient of the activated h, becomes that of h before, in place. */
extern GaeStatus gae_activate_backward(GaeEnv *env, int64_t rows, int64_t width, const GaeReal *h,
									   const GaeDropout *dropout, GaeReal *d);

#endif							/* GAE_ACTIVATION_H */
