/*
 * input.h
 *		What a training is given.
 */
#ifndef GAE_INPUT_H
#define GAE_INPUT_H

#include "core/graph/split.h"
#include "core/model/model.h"

typedef struct GaeTrainingInput
{
	int32_t		nodes;			/* nodes of the graph, or rows */
	const GaeGraph *graph;		/* NULL for models of rows */
	const uint64_t *key_hash;	/* of each node or row, by its key: what decides what is held out */
	const GaeFeatures *features;	/* NULL: featureless */
	int64_t		indicators;		/* the last columns of the features: see GaeColumns */
	int64_t		informative;	/* columns of the features that are not constant */
	GaeScaler	scaler;			/* already applied to the features */
	int64_t		blob_bytes;		/* of the keys and the schema that the model will hold */

	/* To go on from: a model of the same shape, or NULL. */
	const GaeModel *warm_start;
	const int32_t *column_map;	/* of X, see gae_model_column_map */
	const int32_t *node_map;	/* likewise */
} GaeTrainingInput;

#endif							/* GAE_INPUT_H */
