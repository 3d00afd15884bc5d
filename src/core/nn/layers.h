/*
 * layers.h
 *		A sequence of linear maps with ReLU between them: the encoder, with a propagation Â
 *		after each map on a graph, and the decoder of rows.
 *
 *		H_0 = X,  H_l = ReLU(Â · (H_{l-1} · W_l) + b_l),  out = Â · (H_{L-1} · W_L) + b_L
 *
 * (Kipf & Welling, arXiv:1611.07308, section 2, for graphs.)  Where Â · X stays the
 * same, it may be given in place of X: Â · (X · W) = (Â · X) · W.  Forward and backward
 * stand side by side; what forward leaves in the workspace, backward uses.
 */
#ifndef GAE_LAYERS_H
#define GAE_LAYERS_H

#include "core/nn/activation.h"
#include "core/nn/encoder_input.h"
#include "core/nn/params.h"
#include "core/nn/row_norm.h"

typedef struct GaeLayers
{
	const GaeLayer *layer;
	int			layers;

	/* Workspace for at most "rows" rows. */
	int64_t		rows;
	GaeReal   **hidden;			/* H_1 … H_{L-1} after ReLU and dropout */
	GaeReal    *mapped;			/* rows x widest: a map's output before Â */
	GaeReal    *gradient;		/* rows x widest: gradient of a map's output */
	GaeRowNorm	norm;			/* of the last map's output, before Â */
	GaeFeatures dropped;		/* X after dropout */
} GaeLayers;

/*
 * Make the workspace.  over_graph: will inputs have a propagation?  latent_scale: unless it is
 * NaN, of the last map's output the first normalised_columns columns of each row get this
 * length (see row_norm.h).  droppable: features of the form that dropout
 * will act on, with these rates, or NULL.
 */
extern GaeStatus gae_layers_create(GaeEnv *env, const GaeLayer *layer, int layers, int64_t rows,
								   bool over_graph, double latent_scale,
								   int64_t normalised_columns, const GaeFeatures *droppable,
								   GaeDropRates rates, GaeLayers *made);

/* Bytes of the workspace for at most "rows" rows, where no features are droppable. */
extern double gae_layers_bytes(const GaeLayer *layer, int layers, double rows, bool over_graph,
							   double latent_scale, int64_t normalised_columns);

/* Bytes that backward takes meanwhile, where x is dense or not: the most of any layer. */
extern double gae_layers_backward_bytes(const GaeLayer *layer, int layers, int64_t rows,
										bool dense_input);

/* Give the workspace back before the environment ends. */
extern void gae_layers_free(GaeEnv *env, GaeLayers *layers);

/* out (input->x->rows x the last layer's out) */
extern GaeStatus gae_layers_forward(GaeEnv *env, GaeLayers *layers, const GaeReal *parameter,
									const GaeEncoderInput *input, const GaeDropout *dropout,
									GaeReal *out);

/*
 * From the gradient of out (overwritten) to that of the parameters (their part
 * of "gradient" is set) and, unless d_x is NULL, of a dense x.
 */
extern GaeStatus gae_layers_backward(GaeEnv *env, GaeLayers *layers, const GaeReal *parameter,
									 const GaeEncoderInput *input, const GaeDropout *dropout,
									 GaeReal *d_out, GaeReal *gradient, GaeReal *d_x);

/*
 * out = the first "columns" outputs of layers with biases, without propagation, for one row:
 * all of them, or those that are normalised.  work: twice the widest layer.
 */
extern void gae_layers_row(const GaeLayer *layer, int layers, const GaeReal *parameter,
						   double latent_scale, int64_t columns, const GaeReal *x,
						   GaeReal *work, GaeReal *out);

#endif							/* GAE_LAYERS_H */
