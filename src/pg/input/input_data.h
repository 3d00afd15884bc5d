/*
 * input_data.h
 *		The inputs of a training or an encoding: which are to be read, and what was read.
 */
#ifndef VGAE_INPUT_DATA_H
#define VGAE_INPUT_DATA_H

#include "core/features/features.h"
#include "core/features/scaler.h"
#include "core/nn/config.h"
#include "pg/input/feature_schema.h"
#include "pg/input/input_edges.h"
#include "pg/keys/key_index.h"

/* What is to be read: the texts of the arguments, or NULL. */
typedef struct VgaeInputQuery
{
	const char *edges;
	const char *nodes;
	const char *features;
	bool		unit_interval;	/* values must lie in [0, 1], and stay as they are */
	const GaeConfig *config;	/* of a training, which may hold rows out; else NULL */

	/*
	 * For new data and trained weights: X gets the columns of this schema, scaled by this
	 * scaler.  NULL: learn both from the data.
	 */
	const VgaeSchema *schema;
	const GaeScaler *scaler;

	/*
	 * For a training that goes on from former weights: learn both, but scale the columns
	 * that the former schema has as well by the former scaler.
	 */
	const VgaeSchema *former_schema;
	const GaeScaler *former_scaler;
} VgaeInputQuery;

typedef struct VgaeInput
{
	VgaeKeys	keys;			/* of the nodes; what follows is by their index */
	uint64	   *key_hash;		/* for a training: see vgae_keys_hash */
	int32		nodes;
	int32	   *rank;			/* from the number of a node, as in "edges", to its index */
	VgaeEdgeRows edges;			/* to be handed to gae_graph_build with "rank" */
	VgaeSchema	schema;
	GaeScaler	scaler;
	GaeFeatures features;		/* form GAE_FEATURES_NONE: featureless */
	int64		informative;	/* columns of X but for constant features, which are left out */
	int64		unknown_features;	/* keys that the given schema does not have; they were left out */
} VgaeInput;

#endif							/* VGAE_INPUT_DATA_H */
