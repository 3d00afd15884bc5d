/*
 * memory.h
 *		What a training needs, known before it begins.
 */
#ifndef GAE_MEMORY_H
#define GAE_MEMORY_H

#include "core/train/plan.h"

typedef struct GaeEstimate
{
	double		memory_bytes;	/* the most at a time, beside what is held before */
	int64_t		model_bytes;	/* of a model that runs all its epochs */
} GaeEstimate;

/*
 * Estimate what training as planned, and writing the model, would take.  Errors: GAE_TOO_LARGE
 * for a model that could not be stored.
 */
extern GaeStatus gae_memory_estimate(GaeEnv *env, const GaePlan *plan, GaeEstimate *estimate);

/*
 * The same error, and GAE_TOO_LARGE for a training whose estimate is above the environment's
 * limit.
 */
extern GaeStatus gae_memory_check(GaeEnv *env, const GaePlan *plan);

/*
 * What these arguments take whatever the input: GAE_TOO_LARGE where the input need not even
 * be read.
 */
extern GaeStatus gae_memory_check_arguments(GaeEnv *env, const GaeConfig *config);

#endif							/* GAE_MEMORY_H */
