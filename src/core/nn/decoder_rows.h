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
	GaeLayers	stack;
	GaeReconstruction reconstruction;
	int64_t		features;
	GaeReal    *output;			/* rows x features */
	double	   *block_sum;		/* of the loss */
} GaeRowDecoder;

/* For at most "rows" rows at a time. */
extern GaeStatus gae_row_decoder_create(GaeEnv *env, const GaeParams *params,
										GaeReconstruction reconstruction, int64_t rows,
										GaeRowDecoder *decoder);

/* out (rows x features): the features that z stands for, scaled as in training. */
extern GaeStatus gae_row_decode(GaeEnv *env, GaeRowDecoder *decoder, const GaeReal *parameter,
								int64_t rows, const GaeReal *z, GaeReal *out);

/* The loss of z against the target, without a gradient. */
extern GaeStatus gae_row_loss(GaeEnv *env, GaeRowDecoder *decoder, const GaeReal *parameter,
							  int64_t rows, const GaeReal *z, const GaeReal *target, double *loss);

#endif							/* GAE_DECODER_ROWS_H */
