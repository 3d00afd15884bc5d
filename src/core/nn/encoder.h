/*
 * encoder.h
 *		From features, and a graph perhaps, to the parameters of latents: e (rows x heads · d).
 *
 * An encoder is a table of operations.  A new one is a file that fills in the table, a line
 * here that names it, and a line of architecture.c that makes a model of it.
 */
#ifndef GAE_ENCODER_H
#define GAE_ENCODER_H

#include "core/nn/activation.h"
#include "core/nn/encoder_input.h"
#include "core/nn/params.h"

/* An encoder with its workspace.  Each kind's own structure begins with this. */
typedef struct GaeEncoder GaeEncoder;

typedef struct GaeEncoderKind GaeEncoderKind;

struct GaeEncoderKind
{
	bool		graph;			/* does it propagate over a graph, or encode rows one by one? */

	/*
	 * Add its layers to the parameters, for an input of "columns" columns.  What it puts out
	 * for a row are "heads" blocks of latent_dim values: see latent.h.
	 */
	void		(*layout) (const GaeEncoderKind *kind, const GaeConfig *config, int64_t columns,
						   int heads, GaeParams *params);

	/* Could it be given Â · X in place of X, where neither of them changes?  NULL: never. */
	bool		(*takes_propagated) (const GaeConfig *config);

	/*
	 * Make the workspace for at most "rows" rows at a time.  droppable: features of the form
	 * that dropout will be asked for on, with these rates, or NULL.  bytes: what that takes
	 * without them.
	 */
	GaeStatus	(*create) (GaeEnv *env, const GaeEncoderKind *kind, const GaeConfig *config,
						   const GaeParams *params, int64_t rows, const GaeFeatures *droppable,
						   GaeDropRates rates, GaeEncoder **encoder);
	double		(*bytes) (const GaeEncoderKind *kind, const GaeConfig *config,
						  const GaeParams *params, double rows);

	/* Bytes that backward takes meanwhile, where X is dense or not. */
	double		(*backward_bytes) (const GaeParams *params, int64_t rows, bool dense_input);

	/* Give the workspace back before the environment ends. */
	void		(*destroy) (GaeEnv *env, GaeEncoder *encoder);

	/* e (rows of x x heads · d) by these parameters of the model */
	GaeStatus	(*forward) (GaeEnv *env, GaeEncoder *encoder, const GaeReal *parameter,
							const GaeEncoderInput *input, const GaeDropout *dropout, GaeReal *e);

	/*
	 * After forward with the same input and dropout: from the gradient of e (overwritten) to
	 * that of the encoder's parameters, whose part of "gradient" is set.
	 */
	GaeStatus	(*backward) (GaeEnv *env, GaeEncoder *encoder, const GaeReal *parameter,
							 const GaeEncoderInput *input, const GaeDropout *dropout,
							 GaeReal *d_e, GaeReal *gradient);

	/*
	 * mu of one row that stands alone, on this thread.  work: twice the widest layer.  NULL:
	 * it encodes graphs only.
	 */
	void		(*row) (const GaeConfig *config, const GaeParams *params, const GaeReal *parameter,
						const GaeReal *x, GaeReal *work, GaeReal *mu);
};

struct GaeEncoder
{
	const GaeEncoderKind *kind;
};

/* Layers with biases, for rows; and the graph convolutions of Kipf & Welling, without. */
extern const GaeEncoderKind gae_encoder_dense;
extern const GaeEncoderKind gae_encoder_gcn;

#endif							/* GAE_ENCODER_H */
