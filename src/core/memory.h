/*
 * memory.h
 *		What a training needs, known before it begins.
 */
#ifndef GAE_MEMORY_H
#define GAE_MEMORY_H

#include "train.h"

typedef struct GaeEstimate
{
	double		memory_bytes;	/* the most that training takes at a time */
	int64_t		model_bytes;	/* of a model that runs all its epochs */
} GaeEstimate;

/*
 * Estimate what training would take.  Errors: GAE_TOO_LARGE for a model that could
 * not be stored.
 */
extern GaeStatus gae_memory_estimate(GaeEnv *env, const GaeConfig *config,
									 const GaeTrainingInput *input, GaeEstimate *estimate);

/*
 * Refuse a training whose estimated memory is above the environment's limit, or
 * whose model could not be stored.  Errors: GAE_TOO_LARGE.
 */
extern GaeStatus gae_memory_check(GaeEnv *env, const GaeConfig *config,
								  const GaeTrainingInput *input, const GaeParams *params);

#endif							/* GAE_MEMORY_H */
