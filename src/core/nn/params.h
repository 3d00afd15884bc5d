/*
 * params.h
 *		The trainable parameters of a model: where each weight matrix lies in one
 *		array.
 */
#ifndef GAE_PARAMS_H
#define GAE_PARAMS_H

#include "core/nn/config.h"

/* One linear map: weight (in x out, row-major), and bias (out) unless -1. */
typedef struct GaeLayer
{
	int64_t		in;
	int64_t		out;
	int64_t		weight;
	int64_t		bias;
} GaeLayer;

/*
 * The encoder's layers come first, the decoder's (none for graphs) follow.  The
 * encoder's last layer has one block of latent_dim columns for mu and, in a
 * variational model, another for log_std.
 */
typedef struct GaeParams
{
	int			encoder_layers;
	int			decoder_layers;
	GaeLayer	layer[2 * GAE_MAX_LAYERS + 2];
	int64_t		count;			/* values in all */
} GaeParams;

/*
 * Lay out the parameters of a model on an input of "columns" columns (features,
 * or nodes when featureless).  Errors: GAE_TOO_LARGE when they could not be
 * stored.
 */
extern GaeStatus gae_params_layout(GaeEnv *env, const GaeConfig *config, int64_t columns,
								   GaeParams *params);

/* Glorot and Bengio's uniform weights (AISTATS 2010, equation 16); biases 0. */
extern GaeStatus gae_params_init(GaeEnv *env, const GaeParams *params, const GaeConfig *config,
								 GaeReal *value);

/*
 * The input columns of a model to go on from: column j of X was column
 * column_map[j] of its X, or is new (-1).
 */
extern GaeStatus gae_params_adopt(GaeEnv *env, const GaeParams *params, GaeReal *value,
								  const GaeParams *former, const GaeReal *former_value,
								  const int32_t *column_map);

#endif							/* GAE_PARAMS_H */
