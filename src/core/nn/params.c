/*
 * params.c
 *		Places of the parameters, their first values, and values taken over from another
 *		model.
 */
#include "core/nn/params.h"

#include <math.h>
#include <string.h>

#include "core/base/random.h"

static GaeLayer *
add_layer(GaeParams *params, int64_t in, int64_t out, bool bias)
{
	GaeLayer   *layer = &params->layer[params->encoder_layers + params->decoder_layers];

	*layer = (GaeLayer) {.in = in, .out = out, .weight = params->count, .bias = -1, .fan_out = out};
	params->count += in * out;
	if (bias)
	{
		layer->bias = params->count;
		params->count += out;
	}
	return layer;
}

GaeLayer *
gae_params_add_encoder_layer(GaeParams *params, int64_t in, int64_t out, bool bias)
{
	GaeLayer   *layer = add_layer(params, in, out, bias);

	params->encoder_layers++;
	return layer;
}

GaeLayer *
gae_params_add_decoder_layer(GaeParams *params, int64_t in, int64_t out, bool bias)
{
	GaeLayer   *layer = add_layer(params, in, out, bias);

	params->decoder_layers++;
	return layer;
}

/* Weights drawn between two looks at interrupts: about ten milliseconds' work. */
#define POLL_WEIGHTS (INT64_C(1) << 20)

/* Weights of "in" inputs of a layer, as if it had no others. */
static GaeStatus
init_weights(GaeEnv *env, const GaeLayer *layer, int64_t in, GaeStream stream, GaeReal *weight)
{
	double		range = sqrt(6.0 / (double) (in + layer->fan_out));

	for (int64_t i = 0; i < in * layer->out; i++)
	{
		if (i % POLL_WEIGHTS == 0)
			GAE_TRY(gae_poll(env));
		weight[i] = layer->fan_out == 0 ? 1
			: (GaeReal) (range * (2 * gae_random_uniform(&stream) - 1));
	}
	return GAE_OK;
}

/* The weights of layer l: those of inputs beside the nodes' own have random streams apart. */
static GaeStatus
init_layer(GaeEnv *env, const GaeLayer *layer, int64_t seed, int l, GaeReal *weight)
{
	int64_t		others = layer->in - layer->own;

	if (others > 0)
		GAE_TRY(init_weights(env, layer, others,
							 gae_stream(seed, GAE_RANDOM_INIT, layer->own > 0, (uint64_t) l), weight));
	if (layer->own > 0)
		GAE_TRY(init_weights(env, layer, layer->own, gae_stream(seed, GAE_RANDOM_INIT, 0, (uint64_t) l),
							 weight + others * layer->out));
	memset(weight, 0, (size_t) (layer->unused * layer->out) * sizeof(GaeReal));
	return GAE_OK;
}

GaeStatus
gae_params_init(GaeEnv *env, const GaeParams *params, int64_t seed, GaeReal *value)
{
	for (int l = 0; l < params->encoder_layers + params->decoder_layers; l++)
	{
		const GaeLayer *layer = &params->layer[l];

		GAE_TRY(init_layer(env, layer, seed, l, value + layer->weight));
		if (layer->bias >= 0)
			GAE_TRY(gae_zero(env, value + layer->bias, (size_t) layer->out * sizeof(GaeReal)));
	}
	return GAE_OK;
}

/* Copy the weights of a layer: input i was in_map[i], output j was out_map[j]; NULL: the same. */
static GaeStatus
adopt_layer(GaeEnv *env, const GaeLayer *to, GaeReal *value, const GaeLayer *from,
			const GaeReal *former, const int32_t *in_map, const int32_t *out_map)
{
	int64_t		poll_rows = 1 + GAE_POLL_ITEMS / to->out;

	for (int64_t i = 0; i < to->in; i++)
	{
		int64_t		from_row = in_map != NULL ? in_map[i] : i;

		if (i % poll_rows == 0)
			GAE_TRY(gae_poll(env));

		for (int64_t j = 0; j < to->out && from_row >= 0; j++)
		{
			int64_t		from_column = out_map != NULL ? out_map[j] : j;

			if (from_column >= 0)
				value[to->weight + i * to->out + j] =
					former[from->weight + from_row * from->out + from_column];
		}
	}
	for (int64_t j = 0; j < to->out && to->bias >= 0; j++)
	{
		int64_t		from_column = out_map != NULL ? out_map[j] : j;

		if (from_column >= 0)
			value[to->bias + j] = former[from->bias + from_column];
	}
	return GAE_OK;
}

GaeStatus
gae_params_adopt(GaeEnv *env, const GaeParams *params, GaeReal *value,
				 const GaeParams *former, const GaeReal *former_value,
				 const int32_t *column_map)
{
	for (int l = 0; l < params->encoder_layers + params->decoder_layers; l++)
	{
		const GaeLayer *layer = &params->layer[l];

		GAE_TRY(adopt_layer(env, layer, value, &former->layer[l], former_value,
							layer->reads_columns ? column_map : NULL,
							layer->writes_columns ? column_map : NULL));
	}
	return GAE_OK;
}
