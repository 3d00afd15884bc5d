/*
 * params.h
 *		The trainable parameters of a model: where each weight matrix lies in one
 *		array.
 */
#ifndef GAE_PARAMS_H
#define GAE_PARAMS_H

#include "core/nn/config.h"

/*
 * Columns that an encoder reads, in this order.  A node's own column is 1 for that node and 0
 * for all others: the identity beside the features, or in place of them.
 */
typedef struct GaeColumns
{
	int64_t		features;		/* columns of X that a decoder of rows rebuilds */
	int64_t		indicators;		/* columns of X that tell where features are missing */
	int64_t		nodes;			/* own columns of the nodes: all nodes, or 0 */
} GaeColumns;

static inline int64_t
gae_columns_in_all(GaeColumns columns)
{
	return columns.features + columns.indicators + columns.nodes;
}

/* One linear map: weight (in x out, row-major), and bias (out) unless -1. */
typedef struct GaeLayer
{
	int64_t		in;
	int64_t		out;
	int64_t		weight;			/* place of the first one */
	int64_t		bias;			/* likewise */

	/*
	 * How weights begin: Glorot's range takes "fan_out" for the outputs of a map; it is less
	 * than "out" where several maps stand side by side.  0: all weights begin as 1.
	 */
	int64_t		fan_out;

	/*
	 * Of the inputs, the last "own" are the nodes' own columns, and begin as if they stood
	 * alone; the first "unused" are not used in the training: their weights begin, and stay, 0.
	 */
	int64_t		own;
	int64_t		unused;

	/* Are its inputs, or outputs, the columns of X?  A warm start maps these by their names. */
	bool		reads_columns;
	bool		writes_columns;
} GaeLayer;

/* The encoder's layers come first; those of the decoder follow, if it has any. */
typedef struct GaeParams
{
	int			encoder_layers;
	int			decoder_layers;
	GaeLayer	layer[2 * GAE_MAX_LAYERS + 2];
	int64_t		count;			/* values in all */
} GaeParams;

/*
 * For the layouts of encoders and decoders: add a layer behind those that there are, with
 * fan_out = out, of which the caller changes what is otherwise.  An encoder's are added first.
 */
extern GaeLayer *gae_params_add_encoder_layer(GaeParams *params, int64_t in, int64_t out, bool bias);
extern GaeLayer *gae_params_add_decoder_layer(GaeParams *params, int64_t in, int64_t out, bool bias);

/* Glorot and Bengio's uniform weights (AISTATS 2010, equation 16); biases 0. */
extern GaeStatus gae_params_init(GaeEnv *env, const GaeParams *params, int64_t seed, GaeReal *value);

/*
 * Take over the values of a model of the same layers, to go on from.  Column j of X was
 * column column_map[j] of that model's X, or is new (-1): its weights stay as they are.
 */
extern GaeStatus gae_params_adopt(GaeEnv *env, const GaeParams *params, GaeReal *value,
								  const GaeParams *former, const GaeReal *former_value,
								  const int32_t *column_map);

#endif							/* GAE_PARAMS_H */
