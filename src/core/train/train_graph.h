/*
 * train_graph.h
 *		Training on a graph: one step an epoch, on all nodes.
 */
#ifndef GAE_TRAIN_GRAPH_H
#define GAE_TRAIN_GRAPH_H

#include "core/nn/decoder_links.h"
#include "core/train/held_out.h"
#include "core/train/trainer.h"

typedef struct GaeGraphTrainer
{
	GaeTrainer	base;
	const GaeGraph *graph;
	GaeAdjacency known;			/* all edges */
	GaeAdjacency training_edges;
	GaePropagation propagation;
	GaeFeatures x;				/* what steps encode: the features, or Â times them */
	GaeEncoderInput input;
	GaeLinkDecoder decoder;
	GaeLinkFactors means;		/* factors of mu, by which pairs are scored */
	GaeHeldOut	validation;
	GaeHeldOut	test;
	bool	   *masked;			/* the edges that an epoch hides, or NULL */
} GaeGraphTrainer;

/* Hold out edges; make the encoder, the decoder and their workspace. */
extern GaeStatus gae_train_graph_create(GaeEnv *env, const GaePlan *plan, GaeTrainer **trainer);

/*
 * Bytes that the whole training takes at most, with writing the model, beside what is held when
 * it begins: the graph, the features and the keys.
 */
extern double gae_train_graph_bytes(const GaeEnv *env, const GaePlan *plan, double model_bytes);

#endif							/* GAE_TRAIN_GRAPH_H */
