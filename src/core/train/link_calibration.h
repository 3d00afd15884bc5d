/*
 * link_calibration.h
 *		The calibration of a graph's probabilities, fitted at the end of its training.
 */
#ifndef GAE_LINK_CALIBRATION_H
#define GAE_LINK_CALIBRATION_H

#include "core/train/held_out.h"

/*
 * Fit scale and offset to validation edges or, if there are none, to the edges trained on, against
 * non-edges, by the factors of embeddings that do not know them.
 */
extern GaeStatus gae_calibrate_links(GaeEnv *env, const GaePlan *plan,
									 const GaePairs *validation_edges, const GaePairs *non_edges,
									 const GaeLinkFactors *factors, GaeCalibration *calibration);

/*
 * Shift the offset so that by the factors of the final embeddings the probabilities of all
 * pairs add up to the number of edges; of large graphs, those of a sample stand for all.
 */
extern GaeStatus gae_calibrate_offset(GaeEnv *env, const GaePlan *plan,
									  const GaePairs *non_edges, const GaeLinkFactors *factors,
									  GaeCalibration *calibration);

/* Bytes that this takes meanwhile, beside the pairs. */
extern double gae_link_calibration_bytes(const GaePlan *plan);

#endif							/* GAE_LINK_CALIBRATION_H */
