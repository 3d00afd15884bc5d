/*
 * layers.c
 *		Forward and backward through a sequence of linear maps.
 */
#include "core/nn/layers.h"

#include <math.h>
#include <string.h>

#include "core/base/range.h"
#include "core/linalg/column_sums.h"
#include "core/linalg/matmul.h"

double
gae_layers_bytes(const GaeLayer *layer, int layers, double rows, bool over_graph,
				 double latent_scale, int64_t normalised_columns)
{
	double		width = 0;
	double		widest = over_graph ? (double) layer[layers - 1].out : 0;

	for (int l = 0; l < layers - 1; l++)
	{
		width += (double) layer[l].out;
		widest = fmax(widest, (double) layer[l].out);
	}
	return rows * (width + 2 * widest) * sizeof(GaeReal) +
		gae_row_norm_bytes(latent_scale, normalised_columns, rows);
}

GaeStatus
gae_layers_create(GaeEnv *env, const GaeLayer *layer, int layers, int64_t rows, bool over_graph,
				  double latent_scale, int64_t normalised_columns, const GaeFeatures *droppable,
				  GaeDropRates rates, GaeLayers *made)
{
	/* Without Â the last map's output, and its gradient, are the caller's. */
	int64_t		widest = over_graph ? layer[layers - 1].out : 0;

	memset(made, 0, sizeof(*made));
	made->layer = layer;
	made->layers = layers;
	made->rows = rows;
	GAE_ALLOC(env, made->hidden, layers);
	for (int l = 0; l < layers - 1; l++)
	{
		widest = gae_max(widest, layer[l].out);
		GAE_ALLOC(env, made->hidden[l], rows * layer[l].out);
	}
	GAE_ALLOC(env, made->mapped, rows * widest);
	GAE_ALLOC(env, made->gradient, rows * widest);
	GAE_TRY(gae_row_norm_create(env, latent_scale, normalised_columns, rows, &made->norm));
	if (droppable != NULL)
		return gae_features_droppable(env, droppable, rates, &made->dropped);
	return GAE_OK;
}

double
gae_layers_backward_bytes(const GaeLayer *layer, int layers, int64_t rows, bool dense_input)
{
	double		most = 0;

	for (int l = dense_input ? 0 : 1; l < layers; l++)
		most = fmax(most, gae_matmul_tall_bytes(rows, layer[l].in, layer[l].out));
	return most;
}

void
gae_layers_free(GaeEnv *env, GaeLayers *layers)
{
	for (int l = 0; l < layers->layers - 1; l++)
		gae_free(env, layers->hidden[l]);
	gae_free(env, layers->hidden);
	gae_free(env, layers->mapped);
	gae_free(env, layers->gradient);
	gae_row_norm_free(env, &layers->norm);
}

/* The propagation that follows map l, or NULL. */
static const GaePropagation *
propagation_after(const GaeEncoderInput *input, int l)
{
	return l == 0 && input->propagated ? NULL : input->propagation;
}

/* mapped (rows x layer->out) = H_l · W, where H_0 is x. */
static GaeStatus
map_forward(GaeEnv *env, const GaeLayers *layers, int l, const GaeReal *parameter,
			const GaeFeatures *x, GaeReal *mapped)
{
	const GaeLayer *layer = &layers->layer[l];
	const GaeReal *weight = parameter + layer->weight;

	if (l == 0)
		return gae_features_multiply(env, x, layer->out, weight, mapped);
	return gae_matmul(env, x->rows, layer->out, layer->in, layers->hidden[l - 1], layer->in,
					  GAE_PLAIN, weight, layer->out, 0, mapped, layer->out);
}

static bool
drops_input(const GaeDropout *dropout)
{
	return dropout->rate > 0 || dropout->identity_rate > 0;
}

GaeStatus
gae_layers_forward(GaeEnv *env, GaeLayers *layers, const GaeReal *parameter,
				   const GaeEncoderInput *input, const GaeDropout *dropout, GaeReal *out)
{
	const GaeFeatures *x = input->x;
	int64_t		rows = x->rows;

	if (drops_input(dropout))
	{
		GAE_TRY(gae_features_drop(env, x, (GaeDropRates) {dropout->rate, dropout->identity_rate},
								  dropout->seed, dropout->step, &layers->dropped));
		x = &layers->dropped;
	}
	for (int l = 0; l < layers->layers; l++)
	{
		const GaeLayer *layer = &layers->layer[l];
		const GaeReal *bias = layer->bias >= 0 ? parameter + layer->bias : NULL;
		bool		last = l == layers->layers - 1;
		GaeReal    *result = last ? out : layers->hidden[l];
		const GaePropagation *propagation = propagation_after(input, l);
		GaeReal    *mapped = propagation != NULL ? layers->mapped : result;

		GAE_TRY(map_forward(env, layers, l, parameter, x, mapped));
		if (last)
			GAE_TRY(gae_row_norm_forward(env, &layers->norm, rows, layer->out, mapped));
		if (propagation != NULL)
			GAE_TRY(gae_propagate(env, propagation, layer->out, mapped, result));
		if (last)
			GAE_TRY(gae_activate_output(env, rows, layer->out, bias, result));
		else
			GAE_TRY(gae_activate_hidden(env, l, rows, layer->out, bias, dropout, result));
	}
	return GAE_OK;
}

/*
 * From the gradient d of map l's output to that of its weights and, for l > 0, to that of its
 * input: *d_input is then the buffer that holds it.
 */
static GaeStatus
map_backward(GaeEnv *env, const GaeLayers *layers, int l, const GaeReal *parameter,
			 const GaeFeatures *x, const GaeReal *d, GaeReal *gradient, GaeReal **d_input)
{
	const GaeLayer *layer = &layers->layer[l];

	if (l == 0)
		return gae_features_multiply_transposed(env, x, layer->out, d, gradient + layer->weight);
	GAE_TRY(gae_matmul_tall(env, x->rows, layer->in, layer->out, layers->hidden[l - 1], layer->in,
							d, layer->out, gradient + layer->weight));

	/*
	 * Two buffers take turns when there is no Â between the maps: the
	 * product cannot be written over its own input.
	 */
	*d_input = d == layers->gradient ? layers->mapped : layers->gradient;
	return gae_matmul(env, x->rows, layer->in, layer->out, d, layer->out, GAE_TRANSPOSED,
					  parameter + layer->weight, layer->out, 0, *d_input, layer->in);
}

GaeStatus
gae_layers_backward(GaeEnv *env, GaeLayers *layers, const GaeReal *parameter,
					const GaeEncoderInput *input, const GaeDropout *dropout, GaeReal *d_out,
					GaeReal *gradient, GaeReal *d_x)
{
	const GaeFeatures *x = drops_input(dropout) ? &layers->dropped : input->x;
	const GaeLayer *first = &layers->layer[0];
	int64_t		rows = x->rows;
	GaeReal    *d = d_out;		/* gradient of H_l before ReLU; then of map l's output */

	for (int l = layers->layers - 1; l >= 0; l--)
	{
		const GaeLayer *layer = &layers->layer[l];

		if (layer->bias >= 0)
			GAE_TRY(gae_column_sums(env, rows, layer->out, d, layer->out, gradient + layer->bias));
		if (propagation_after(input, l) != NULL)
		{
			GAE_TRY(gae_propagate(env, input->propagation, layer->out, d, layers->mapped));
			d = layers->mapped;
		}
		if (l == layers->layers - 1)
			GAE_TRY(gae_row_norm_backward(env, &layers->norm, rows, layer->out, d));
		GAE_TRY(map_backward(env, layers, l, parameter, x, d, gradient, &d));
		if (l > 0)
			GAE_TRY(gae_activate_backward(env, rows, layer->in, layers->hidden[l - 1], dropout, d));
	}
	if (d_x == NULL)
		return GAE_OK;
	return gae_matmul(env, rows, first->in, first->out, d, first->out, GAE_TRANSPOSED,
					  parameter + first->weight, first->out, 0, d_x, first->in);
}

void
gae_layers_row(const GaeLayer *layer, int layers, const GaeReal *parameter, double latent_scale,
			   int64_t columns, const GaeReal *x, GaeReal *work, GaeReal *out)
{
	int64_t		widest = 0;
	const GaeReal *in = x;

	for (int l = 0; l < layers; l++)
		widest = gae_max(widest, layer[l].out);
	for (int l = 0; l < layers; l++)
	{
		bool		last = l == layers - 1;
		int64_t		n = last ? columns : layer[l].out;
		GaeReal    *h = last ? out : l % 2 == 0 ? work : work + widest;
		const GaeReal *bias = parameter + layer[l].bias;

		gae_matmul_row(layer[l].in, n, in, parameter + layer[l].weight, layer[l].out, h);
		if (last)
			gae_row_norm_one(latent_scale, n, h);
		for (int64_t j = 0; j < n; j++)
		{
			h[j] += bias[j];
			h[j] = last || h[j] > 0 ? h[j] : 0;
		}
		in = h;
	}
}
