/*
 * decoder.h
 *		From latents back to what was encoded: what all decoders have in common.
 */
#ifndef GAE_DECODER_H
#define GAE_DECODER_H

#include "core/base/env.h"

/* One step of training, as a decoder sees it. */
typedef struct GaeDecoderStep
{
	uint32_t	step;			/* names the random streams */
	int64_t		rows;			/* of z */
	const GaeReal *target;		/* rows: the features to rebuild (rows x features) */
	const bool *masked;			/* graph: the edges that are targets; NULL: all */
	const GaeReal *parameter;	/* all parameters of the model, */
	GaeReal    *gradient;		/* and their gradient: the decoder sets its part */
} GaeDecoderStep;

/* A decoder with its workspace; each kind begins with this. */
typedef struct GaeDecoder GaeDecoder;
struct GaeDecoder
{
	/* The reconstruction loss of z (rows x latent_dim), and its gradient d_z. */
	GaeStatus	(*loss) (GaeEnv *env, GaeDecoder *decoder, const GaeDecoderStep *step,
						 const GaeReal *z, GaeReal *d_z, double *loss);
};

#endif							/* GAE_DECODER_H */
