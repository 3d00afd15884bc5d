/*
 * train.h
 *		Training, from a graph or rows to a model.
 */
#ifndef GAE_TRAIN_H
#define GAE_TRAIN_H

#include "core/train/plan.h"

/*
 * Train, and describe the result in *model (all but library_version, keys and
 * schema).  Errors: GAE_INVALID_ARGUMENT, GAE_TOO_LARGE (memory limit, model
 * size), GAE_DIVERGED, and those of the environment.
 */
extern GaeStatus gae_train(GaeEnv *env, const GaeConfig *config, const GaeTrainingInput *input,
						   GaeModel *model);

/*
 * Would a training hold out only what a former one, to go on from, had not seen either?  So it
 * is with the same seed and fractions, all the way back.
 */
extern bool gae_same_held_out(const GaeConfig *config, const GaeModel *former);

#endif							/* GAE_TRAIN_H */
