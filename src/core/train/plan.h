/*
 * plan.h
 *		Every decision that is taken before a training begins, and what is refused.
 */
#ifndef GAE_PLAN_H
#define GAE_PLAN_H

#include "core/graph/split.h"
#include "core/model/model.h"

typedef struct GaeTrainingInput
{
	int32_t		nodes;			/* nodes of the graph, or rows */
	const GaeGraph *graph;		/* NULL for models of rows */
	const uint64_t *key_hash;	/* of each node or row, by its key: what decides what is held out */
	const GaeFeatures *features;	/* NULL: featureless */
	int64_t		indicators;		/* the last columns of the features: see GaeColumns */
	GaeScaler	scaler;			/* already applied to the features */
	int64_t		blob_bytes;		/* of the keys and the schema that the model will hold */

	/* To go on from: a model of the same shape, or NULL. */
	const GaeModel *warm_start;
	const int32_t *column_map;	/* see gae_params_adopt; for features, or nodes */
} GaeTrainingInput;

typedef struct GaePlan
{
	const GaeConfig *config;
	const GaeTrainingInput *input;
	const GaeArchitecture *architecture;
	GaeFeatures features;		/* of the input, or the identity */
	GaeColumns	columns;		/* of these */
	GaeParams	params;
	uint8_t    *part;			/* of each edge or row: see split.h */
	int64_t		validation;		/* edges or rows held out, */
	int64_t		test;
	int64_t		training;		/* and those that remain */

	/* Graphs. */
	GaeDropRates drop_rates;	/* in training */
	double		negatives;		/* non-edges for each edge; infinity: all pairs */
	bool		input_propagated;	/* is Â · X computed once, and encoded in every step? */
	int64_t		calibration_step;	/* calibration looks at every calibration_step-th edge: */
	int64_t		calibration_edges;	/* at most at this many, */
	int64_t		calibration_non_edges;	/* and at this many non-edges */

	/* Rows. */
	int64_t		batch_rows;		/* rows of a step */
} GaePlan;

/* Errors: GAE_INVALID_ARGUMENT, GAE_TOO_LARGE. */
extern GaeStatus gae_plan(GaeEnv *env, const GaeConfig *config, const GaeTrainingInput *input,
						  GaePlan *plan);

#endif							/* GAE_PLAN_H */
