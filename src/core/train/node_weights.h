/*
 * node_weights.h
 *		What a node is to the encoder: its features, weights of its own, or both.
 *
 * A node's own weights learn its place in the graph, whatever its features say; but a model
 * that leans on them knows less of new nodes, and learns strong features more slowly.  So
 * the features alone are taken where they tell more of the edges than places do, and places
 * alone where features tell no more than the features of other nodes would.
 */
#ifndef GAE_NODE_WEIGHTS_H
#define GAE_NODE_WEIGHTS_H

#include "core/train/input.h"

typedef enum GaeNodeInput
{
	GAE_NODE_FEATURES,
	GAE_NODE_BOTH,
	GAE_NODE_PLACE
} GaeNodeInput;

/*
 * Choose for a graph with features, by the argument node_weights or, where that is NULL, by
 * the model to go on from or by the graph: some training edges are hidden from Â, and random
 * projections of Â · Â · X, of Â · Â · P · X (P a random permutation of the nodes) and of
 * Â · Â, cosine by cosine, tell these edges from non-edges.  Differences must be beyond chance.
 * part[] says which edges are for training, and "training" how many.
 */
extern GaeStatus gae_choose_node_weights(GaeEnv *env, const GaeConfig *config,
										 const GaeTrainingInput *input, const uint8_t *part,
										 int64_t training, GaeNodeInput *choice);

/* Bytes that this takes meanwhile; 0 where nothing is compared. */
extern double gae_choose_node_weights_bytes(const GaeConfig *config,
											const GaeTrainingInput *input, int64_t training);

#endif							/* GAE_NODE_WEIGHTS_H */
