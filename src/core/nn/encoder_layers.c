/*
 * encoder_layers.c
 *		The encoders that are a sequence of layers: of rows, and of graphs with a propagation
 *		after each layer.
 */
#include "core/nn/encoder.h"

#include <math.h>

#include "core/nn/layers.h"

typedef struct LayersEncoder
{
	GaeEncoder	base;
	GaeLayers	layers;
} LayersEncoder;

/* Graph convolutions have no bias, as in Kipf & Welling's code. */
static void
layout(const GaeEncoderKind *kind, const GaeConfig *config, int64_t columns, int heads,
	   GaeParams *params)
{
	bool		bias = !kind->graph;
	int64_t		in = columns;
	GaeLayer   *last;

	for (int i = 0; i < config->hidden_layers; i++)
	{
		gae_params_add_encoder_layer(params, in, config->hidden_dims[i], bias);
		in = config->hidden_dims[i];
	}

	/* The heads are maps side by side, each with its own fan-out. */
	last = gae_params_add_encoder_layer(params, in, (int64_t) heads * config->latent_dim, bias);
	last->fan_out = config->latent_dim;
	params->layer[0].reads_columns = true;
}

/* Â · (X · W) = (Â · X) · W, but not where X · W is normalised before Â. */
static bool
takes_propagated(const GaeConfig *config)
{
	return config->hidden_layers > 0 || isnan(config->latent_scale);
}

static GaeStatus
create(GaeEnv *env, const GaeEncoderKind *kind, const GaeConfig *config, const GaeParams *params,
	   int64_t rows, const GaeFeatures *droppable, GaeDropRates rates, GaeEncoder **encoder)
{
	LayersEncoder *made;

	GAE_ALLOC_ZERO(env, made, 1);
	made->base.kind = kind;
	GAE_TRY(gae_layers_create(env, params->layer, params->encoder_layers, rows, kind->graph,
							  config->latent_scale, config->latent_dim, droppable, rates,
							  &made->layers));
	*encoder = &made->base;
	return GAE_OK;
}

static double
bytes(const GaeEncoderKind *kind, const GaeConfig *config, const GaeParams *params, double rows)
{
	return gae_layers_bytes(params->layer, params->encoder_layers, rows, kind->graph,
							config->latent_scale, config->latent_dim);
}

static double
backward_bytes(const GaeParams *params, int64_t rows, bool dense_input)
{
	return gae_layers_backward_bytes(params->layer, params->encoder_layers, rows, dense_input);
}

static void
destroy(GaeEnv *env, GaeEncoder *encoder)
{
	gae_layers_free(env, &((LayersEncoder *) encoder)->layers);
	gae_free(env, encoder);
}

static GaeStatus
forward(GaeEnv *env, GaeEncoder *encoder, const GaeReal *parameter, const GaeEncoderInput *input,
		const GaeDropout *dropout, GaeReal *e)
{
	return gae_layers_forward(env, &((LayersEncoder *) encoder)->layers, parameter, input, dropout, e);
}

static GaeStatus
backward(GaeEnv *env, GaeEncoder *encoder, const GaeReal *parameter, const GaeEncoderInput *input,
		 const GaeDropout *dropout, GaeReal *d_e, GaeReal *gradient)
{
	return gae_layers_backward(env, &((LayersEncoder *) encoder)->layers, parameter, input, dropout,
							   d_e, gradient, NULL);
}

static void
encode_row(const GaeConfig *config, const GaeParams *params, const GaeReal *parameter,
		   const GaeReal *x, GaeReal *work, GaeReal *mu)
{
	gae_layers_row(params->layer, params->encoder_layers, parameter, config->latent_scale,
				   config->latent_dim, x, work, mu);
}

const GaeEncoderKind gae_encoder_dense = {
	.layout = layout,
	.create = create,
	.bytes = bytes,
	.backward_bytes = backward_bytes,
	.destroy = destroy,
	.forward = forward,
	.backward = backward,
	.row = encode_row
};

const GaeEncoderKind gae_encoder_gcn = {
	.graph = true,
	.layout = layout,
	.takes_propagated = takes_propagated,
	.create = create,
	.bytes = bytes,
	.backward_bytes = backward_bytes,
	.destroy = destroy,
	.forward = forward,
	.backward = backward
};
