/*
 * warm_start.h
 *		Going on from a former model: whether it fits, and which of its weights
 *		belong to what.
 */
#ifndef VGAE_WARM_START_H
#define VGAE_WARM_START_H

#include "core/train/input.h"
#include "pg/input/input_read.h"
#include "pg/model/model_parse.h"

/*
 * The model must have the shape that is asked for now; else an error.  A warning where it has
 * seen edges or rows that are held out now.
 */
extern void vgae_warm_start_check(const GaeConfig *config, const GaeModel *former);

/*
 * Make the core's training go on from the model: which column of the former X each column of
 * X was, by the names of features, and which of its nodes each node, by their keys.
 */
extern void vgae_warm_start_map(const VgaeInput *input, const VgaeModel *former,
								GaeTrainingInput *core);

#endif							/* VGAE_WARM_START_H */
