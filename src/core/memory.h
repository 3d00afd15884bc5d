/*
 * memory.h
 *		What a training needs, known before it begins.
 */
#ifndef GAE_MEMORY_H
#define GAE_MEMORY_H

#include "train.h"

/*
 * Refuse a training whose estimated memory is above the environment's limit, or
 * whose model could not be stored.  Errors: GAE_TOO_LARGE.
 */
extern GaeStatus gae_memory_check(GaeEnv *env, const GaeConfig *config,
								  const GaeTrainingInput *input, const GaeParams *params);

#endif							/* GAE_MEMORY_H */
