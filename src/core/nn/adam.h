/*
 * adam.h
 *		Adam (Kingma & Ba, arXiv:1412.6980, algorithm 1), with weight decay added to
 *		the gradient.
 */
#ifndef GAE_ADAM_H
#define GAE_ADAM_H

#include "core/base/env.h"

typedef struct GaeAdam
{
	double		learning_rate;
	double		weight_decay;
	int64_t		count;
	int64_t		step;
	GaeReal    *first_moment;
	GaeReal    *second_moment;
} GaeAdam;

extern GaeStatus gae_adam_create(GaeEnv *env, double learning_rate, double weight_decay,
								 int64_t count, GaeAdam *adam);
extern double gae_adam_bytes(int64_t count);
extern GaeStatus gae_adam_step(GaeEnv *env, GaeAdam *adam, const GaeReal *gradient,
							   GaeReal *parameter);

#endif							/* GAE_ADAM_H */
