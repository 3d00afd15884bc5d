/*
 * input_read.h
 *		The inputs of a training or an encoding, read and put together: the nodes in
 *		order, the edges and the feature matrix X.
 */
#ifndef VGAE_INPUT_READ_H
#define VGAE_INPUT_READ_H

#include "pg/input/input_data.h"

/* Read all inputs; env holds what the core builds. */
extern void vgae_input_read(GaeEnv *env, const VgaeInputQuery *query, VgaeInput *input);

#endif							/* VGAE_INPUT_READ_H */
