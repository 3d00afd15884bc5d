/*
 * gradient.h
 *		The gradient of a whole training step against central finite differences of its
 *		loss.
 *
 * In double the core's own loss is differenced.  In float that would measure its
 * rounding; there the loss is that of reference.c, in double, which the core's
 * must agree with in both builds.
 *
 * A step of the difference that happens to cross the kink of a ReLU is wrong at
 * that size, and right at a smaller one, while a wrong gradient is wrong at every
 * size: of several sizes the best agreement counts.
 */
#ifndef UNIT_GRADIENT_H
#define UNIT_GRADIENT_H

#include "problem.h"

/*
 * Check the loss and the gradient of a training: along the gradient and, if "thorough",
 * also along its part in each layer, single parameters and a random direction.
 */
extern void gradient_check(const ProblemSpec *spec, bool thorough);

/* Print the worst relative errors of all checks before. */
extern void gradient_print_worst(void);

#endif							/* UNIT_GRADIENT_H */
