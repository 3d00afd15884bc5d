/*
 * train_graph.h
 *		Training on a graph: one step an epoch, on all nodes.
 */
#ifndef GAE_TRAIN_GRAPH_H
#define GAE_TRAIN_GRAPH_H

#include "core/train/trainer.h"

/* Hold out edges; make the encoder, the decoder and their workspace. */
extern GaeStatus gae_train_graph_create(GaeEnv *env, const GaePlan *plan, GaeTrainer **trainer);

#endif							/* GAE_TRAIN_GRAPH_H */
