/*
 * plan.h
 *		Every decision that is taken before a training begins, and what is refused.
 */
#ifndef GAE_PLAN_H
#define GAE_PLAN_H

#include "core/train/input.h"

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
