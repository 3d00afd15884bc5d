/*
 * input_matrix.h
 *		The feature matrix X of an input, from the rows that were read.
 */
#ifndef VGAE_INPUT_MATRIX_H
#define VGAE_INPUT_MATRIX_H

#include "pg/input/input_data.h"
#include "pg/input/input_features.h"
#include "pg/input/input_nodes.h"

/*
 * Make the schema, the scaler and X of the input, whose keys are in order.  "rows" and
 * "triplets" are what was read of "nodes" and "features", where the query has them.
 */
extern void vgae_matrix_make(GaeEnv *env, const VgaeInputQuery *query, VgaeNodeRows *rows,
							 VgaeTriplets *triplets, VgaeInput *input);

#endif							/* VGAE_INPUT_MATRIX_H */
