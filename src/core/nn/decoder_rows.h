/*
 * decoder_rows.h
 *		The decoder of rows: the encoder's layers in reverse, back to the features.
 *
 * Loss, summed over features and averaged over rows: squared error, or the
 * cross-entropy of σ(logit) against targets in [0, 1].
 */
#ifndef GAE_DECODER_ROWS_H
#define GAE_DECODER_ROWS_H

#include "core/nn/decoder.h"
#include "core/nn/layers.h"

typedef struct GaeRowDecoder
{
	GaeDecoder	base;
	GaeLayers	layers;
	GaeReconstruction reconstruction;
	int64_t		features;
	GaeReal    *output;			/* rows x features */
	double	   *block_sum;		/* of the loss */
} GaeRowDecoder;

/* Add the decoder's layers to the parameters: the encoder's widths in reverse, with biases. */
extern void gae_row_decoder_layout(const GaeConfig *config, int64_t features, GaeParams *params);

/* Make the workspace for at most "rows" rows at a time. */
extern GaeStatus gae_row_decoder_create(GaeEnv *env, const GaeParams *params,
										GaeReconstruction reconstruction, int64_t rows,
										GaeRowDecoder *decoder);
extern double gae_row_decoder_bytes(const GaeParams *params, double rows);
extern void gae_row_decoder_free(GaeEnv *env, GaeRowDecoder *decoder);

/* out (rows x features): the features that z stands for, scaled as in training. */
extern GaeStatus gae_row_decode(GaeEnv *env, GaeRowDecoder *decoder, const GaeReal *parameter,
								int64_t rows, const GaeReal *z, GaeReal *out);

/* The same of one latent, on this thread and without a decoder.  work: twice the widest layer. */
extern void gae_row_decode_one(const GaeParams *params, GaeReconstruction reconstruction,
							   const GaeReal *parameter, const GaeReal *z, GaeReal *work,
							   GaeReal *out);

/* The loss of z against the target, without a gradient. */
extern GaeStatus gae_row_loss(GaeEnv *env, GaeRowDecoder *decoder, const GaeReal *parameter,
							  int64_t rows, const GaeReal *z, const GaeReal *target, double *loss);

#endif							/* GAE_DECODER_ROWS_H */
