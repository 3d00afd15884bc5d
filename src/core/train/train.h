/*
 * train.h
 *		Training: the only place that puts all parts together.
 */
#ifndef GAE_TRAIN_H
#define GAE_TRAIN_H

#include "core/features/features.h"
#include "core/model/model.h"

typedef struct GaeTrainingInput
{
	int32_t		nodes;			/* nodes of the graph, or rows */
	const GaeGraph *graph;		/* NULL for ae, vae */
	GaeFeatures *features;		/* NULL: featureless */
	GaeScaler	scaler;			/* already applied to the features */
	int64_t		blob_bytes;		/* of the keys and the schema that the model will hold */

	/* To go on from: a model of the same shape, or NULL. */
	const GaeModel *warm_start;
	const int32_t *column_map;	/* see gae_params_adopt; for features, or nodes */
} GaeTrainingInput;

/*
 * What training refuses before it begins.  Errors: GAE_INVALID_ARGUMENT, GAE_TOO_LARGE.
 */
extern GaeStatus gae_train_check(GaeEnv *env, const GaeConfig *config, const GaeTrainingInput *input);

/*
 * Train, and describe the result in *model (all but library_version, keys and
 * schema).  Errors: GAE_INVALID_ARGUMENT, GAE_TOO_LARGE (memory limit, model
 * size), GAE_DIVERGED, and those of the environment.
 */
extern GaeStatus gae_train(GaeEnv *env, const GaeConfig *config, GaeTrainingInput *input,
						   GaeModel *model);

#endif							/* GAE_TRAIN_H */
