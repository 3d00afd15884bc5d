/*
 * calibrate.h
 *		From scores to probabilities: σ(scale · score + offset) (Platt, "Probabilistic
 *		outputs for support vector machines", 1999), at the graph's true density.
 */
#ifndef GAE_CALIBRATE_H
#define GAE_CALIBRATE_H

#include "core/base/env.h"

/* Which edges the calibration was fitted to. */
typedef enum GaeFittedOn
{
	GAE_FITTED_ON_NOTHING,		/* rows models have no links to calibrate */
	GAE_FITTED_ON_VALIDATION,
	GAE_FITTED_ON_TRAINING
} GaeFittedOn;

/* probability = σ(scale · score + offset); scale > 0. */
typedef struct GaeCalibration
{
	double		scale;
	double		offset;
	GaeFittedOn fitted_on;
} GaeCalibration;

/*
 * Fit scale and offset to the scores of edges (positives) and of non-edges (negatives),
 * where non-edges are weighted so that the share of edges is "density".  scale > 0,
 * so that calibration keeps the order of scores.
 */
extern GaeStatus gae_calibrate(GaeEnv *env, const double *positive, int64_t positives,
							   const double *negative, int64_t negatives, double density,
							   GaeCalibration *calibration);

/*
 * Shift the offset so that Σ weight[i] · σ(scale · score[i] + offset) = total,
 * with 0 < total < Σ weight[i].
 */
extern GaeStatus gae_calibrate_total(GaeEnv *env, const double *score, const double *weight,
									 int64_t count, double total, GaeCalibration *calibration);

#endif							/* GAE_CALIBRATE_H */
