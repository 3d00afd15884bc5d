/*
 * params.c
 *		The layout of the parameters, their first values, and values taken over
 *		from another model.
 */
#include "core/nn/params.h"

#include <math.h>
#include <string.h>

#include "core/base/random.h"

/* A model is stored with its parameters: more than this could not be (float). */
#define MAX_PARAMETERS (INT64_C(512) * 1024 * 1024 / 4)

static void
add_layer(GaeParams *params, int64_t in, int64_t out, bool bias)
{
	GaeLayer   *layer = &params->layer[params->encoder_layers + params->decoder_layers];

	layer->in = in;
	layer->out = out;
	layer->weight = params->count;
	params->count += in * out;
	layer->bias = bias ? params->count : -1;
	if (bias)
		params->count += out;
}

GaeStatus
gae_params_layout(GaeEnv *env, const GaeConfig *config, int64_t columns, GaeParams *params)
{
	/* Graph convolutions have no bias, as in Kipf & Welling's code. */
	bool		bias = gae_has_rows(config->kind);
	int			heads = gae_has_posterior(config->kind) ? 2 : 1;
	int64_t		in = columns;

	memset(params, 0, sizeof(*params));
	for (int i = 0; i < config->hidden_layers; i++)
	{
		add_layer(params, in, config->hidden_dims[i], bias);
		params->encoder_layers++;
		in = config->hidden_dims[i];
	}
	add_layer(params, in, (int64_t) heads * config->latent_dim, bias);
	params->encoder_layers++;

	/* The decoder of rows mirrors the encoder; that of a graph is z · zᵀ. */
	if (gae_has_rows(config->kind))
	{
		in = config->latent_dim;
		for (int i = config->hidden_layers - 1; i >= 0; i--)
		{
			add_layer(params, in, config->hidden_dims[i], bias);
			params->decoder_layers++;
			in = config->hidden_dims[i];
		}
		add_layer(params, in, columns, bias);
		params->decoder_layers++;
	}
	if (params->count > MAX_PARAMETERS)
	{
		gae_fail(env, GAE_TOO_LARGE, "model would be too large");
		gae_error_detail(env, "It would have %lld weights; at most %lld can be stored.",
						 (long long) params->count, (long long) MAX_PARAMETERS);
		gae_error_hint(env, "Use smaller hidden_dims, or fewer features or nodes.");
		return GAE_TOO_LARGE;
	}
	return GAE_OK;
}

GaeStatus
gae_params_init(GaeEnv *env, const GaeParams *params, const GaeConfig *config, GaeReal *value)
{
	const int64_t poll_every = 1 << 20; /* about ten milliseconds */

	for (int l = 0; l < params->encoder_layers + params->decoder_layers; l++)
	{
		const GaeLayer *layer = &params->layer[l];
		GaeStream	stream = gae_stream(config->seed, GAE_RANDOM_INIT, 0, (uint64_t) l);

		/* mu and log_std are two maps side by side, each with its own fan-out. */
		int64_t		fan_out = l == params->encoder_layers - 1 ? config->latent_dim : layer->out;
		double		range = sqrt(6.0 / (double) (layer->in + fan_out));

		for (int64_t i = 0; i < layer->in * layer->out; i++)
		{
			if (i % poll_every == 0)
				GAE_TRY(gae_poll(env));
			value[layer->weight + i] = (GaeReal) (range * (2 * gae_random_uniform(&stream) - 1));
		}
		if (layer->bias >= 0)
			memset(value + layer->bias, 0, (size_t) layer->out * sizeof(GaeReal));
	}
	return GAE_OK;
}

/* Copy the weights of a layer; one side may have columns that map by column_map. */
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
	int			layers = params->encoder_layers + params->decoder_layers;

	for (int l = 0; l < layers; l++)
	{
		bool		reads_columns = l == 0;
		bool		writes_columns = params->decoder_layers > 0 && l == layers - 1;

		GAE_TRY(adopt_layer(env, &params->layer[l], value, &former->layer[l], former_value,
							reads_columns ? column_map : NULL, writes_columns ? column_map : NULL));
	}
	return GAE_OK;
}
