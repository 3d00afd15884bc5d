/*
 * decoder_rows.c
 *		Rows rebuilt from their codes, and how far they are off.
 */
#include "core/nn/decoder_rows.h"

#include <math.h>
#include <string.h>

#include "core/linalg/matmul.h"
#include "core/linalg/elementwise.h"
#include "core/base/parallel.h"
#include "core/base/range.h"
#include "core/base/simd.h"

/* Values of a block of the loss: with their targets they fit a first-level cache. */
#define BLOCK_VALUES 4096

_Static_assert(GAE_POLL_ITEMS % GAE_SIGMOID_CHUNK == 0, "pieces of sigmoids are whole chunks");

/* z as the input of layers. */
static GaeFeatures
as_features(const GaeReal *z, int64_t rows, int64_t latent_dim)
{
	GaeFeatures features = {.form = GAE_FEATURES_DENSE, .rows = rows, .columns = latent_dim};

	features.dense = (GaeReal *) z; /* read only */
	return features;
}

typedef struct LossTask
{
	GaeReconstruction reconstruction;
	int64_t		count;
	GaeReal    *output;			/* x̂, or logits; becomes the gradient */
	const GaeReal *target;
	GaeReal		scale;			/* of the gradient */
	double	   *block_sum;
} LossTask;

GAE_VECTORISED static double
squared_error(GaeReal *restrict output, const GaeReal *restrict target, int64_t count, GaeReal scale)
{
	double		lane[GAE_LANES] = {0};
	double		sum = 0;
	int64_t		i = 0;

	for (; i + GAE_LANES <= count; i += GAE_LANES)
	{
		for (int l = 0; l < GAE_LANES; l++)
		{
			GaeReal		difference = output[i + l] - target[i + l];

			lane[l] += (double) difference * difference;
			output[i + l] = 2 * scale * difference;
		}
	}
	for (; i < count; i++)
	{
		GaeReal		difference = output[i] - target[i];

		sum += (double) difference * difference;
		output[i] = 2 * scale * difference;
	}
	for (int l = 0; l < GAE_LANES; l++)
		sum += lane[l];
	return sum;
}

/* -t log σ(l) - (1 - t) log(1 - σ(l)) = softplus(l) - t l, with the slope σ(l) - t */
GAE_VECTORISED static double
cross_entropy(GaeReal *restrict output, const GaeReal *restrict target, int64_t count, GaeReal scale)
{
	double		sum = -gae_dot(target, output, count);

	sum += gae_sigmoid_softplus(output, count);
	for (int64_t i = 0; i < count; i++)
		output[i] = scale * (output[i] - target[i]);
	return sum;
}

static void
loss_block(void *arg, int64_t block, int worker)
{
	const LossTask *t = arg;
	GaeRange	values = gae_block_range(block, BLOCK_VALUES, t->count);

	(void) worker;
	t->block_sum[block] = (t->reconstruction == GAE_RECONSTRUCTION_BCE ? cross_entropy : squared_error)
		(t->output + values.first, t->target + values.first, values.end - values.first, t->scale);
}

/*
 * The loss, averaged over rows; decoder->output (x̂, or logits) becomes the gradient
 * of that.
 */
static GaeStatus
loss_and_slope(GaeEnv *env, GaeRowDecoder *decoder, int64_t rows, const GaeReal *target, double *loss)
{
	LossTask	task = {
		decoder->reconstruction, rows * decoder->features, decoder->output, target,
		(GaeReal) (1 / (double) rows), decoder->block_sum
	};
	int64_t		blocks = gae_blocks(task.count, BLOCK_VALUES);
	double		sum = 0;

	GAE_TRY(gae_parallel(env, blocks, loss_block, &task));
	for (int64_t block = 0; block < blocks; block++)
		sum += task.block_sum[block];
	*loss = sum / (double) rows;
	return GAE_OK;
}

/* A GaeDecoder's loss. */
static GaeStatus
row_loss(GaeEnv *env, GaeDecoder *base, const GaeDecoderStep *step,
		 const GaeReal *z, GaeReal *d_z, double *loss)
{
	GaeRowDecoder *decoder = (GaeRowDecoder *) base;
	GaeFeatures x = as_features(z, step->rows, decoder->layers.layer[0].in);
	GaeEncoderInput input = {.x = &x};

	GAE_TRY(gae_layers_forward(env, &decoder->layers, step->parameter, &input, &gae_no_dropout,
							   decoder->output));
	GAE_TRY(loss_and_slope(env, decoder, step->rows, step->target, loss));
	return gae_layers_backward(env, &decoder->layers, step->parameter, &input, &gae_no_dropout,
							   decoder->output, step->gradient, d_z);
}

void
gae_row_decoder_layout(const GaeConfig *config, int64_t features, GaeParams *params)
{
	int64_t		in = config->latent_dim;

	for (int i = config->hidden_layers - 1; i >= 0; i--)
	{
		gae_params_add_decoder_layer(params, in, config->hidden_dims[i], true);
		in = config->hidden_dims[i];
	}
	gae_params_add_decoder_layer(params, in, features, true)->writes_columns = true;
}

/* What the last layer puts out. */
static int64_t
features_of(const GaeParams *params)
{
	return params->layer[params->encoder_layers + params->decoder_layers - 1].out;
}

double
gae_row_decoder_bytes(const GaeParams *params, double rows)
{
	const GaeLayer *layer = &params->layer[params->encoder_layers];

	return rows * (double) features_of(params) * sizeof(GaeReal) +
		gae_layers_bytes(layer, params->decoder_layers, rows, false, NAN, 0);
}

GaeStatus
gae_row_decoder_create(GaeEnv *env, const GaeParams *params, GaeReconstruction reconstruction,
					   int64_t rows, GaeRowDecoder *decoder)
{
	const GaeLayer *layer = &params->layer[params->encoder_layers];

	memset(decoder, 0, sizeof(*decoder));
	decoder->base.loss = row_loss;
	decoder->reconstruction = reconstruction;
	decoder->features = features_of(params);
	GAE_ALLOC(env, decoder->output, rows * decoder->features);
	GAE_ALLOC(env, decoder->block_sum, gae_blocks(rows * decoder->features, BLOCK_VALUES));
	return gae_layers_create(env, layer, params->decoder_layers, rows, false, NAN, 0, NULL,
							 (GaeDropRates) {0}, &decoder->layers);
}

void
gae_row_decoder_free(GaeEnv *env, GaeRowDecoder *decoder)
{
	gae_layers_free(env, &decoder->layers);
	gae_free(env, decoder->block_sum);
	gae_free(env, decoder->output);
}

/* out (rows x features): x̂, or logits under cross-entropy. */
static GaeStatus
decode(GaeEnv *env, GaeRowDecoder *decoder, const GaeReal *parameter, int64_t rows, const GaeReal *z,
	   GaeReal *out)
{
	GaeFeatures x = as_features(z, rows, decoder->layers.layer[0].in);
	GaeEncoderInput input = {.x = &x};

	return gae_layers_forward(env, &decoder->layers, parameter, &input, &gae_no_dropout, out);
}

GaeStatus
gae_row_decode(GaeEnv *env, GaeRowDecoder *decoder, const GaeReal *parameter,
			   int64_t rows, const GaeReal *z, GaeReal *out)
{
	GAE_TRY(decode(env, decoder, parameter, rows, z, out));
	if (decoder->reconstruction != GAE_RECONSTRUCTION_BCE)
		return GAE_OK;
	for (int64_t first = 0; first < rows * decoder->features; first += GAE_POLL_ITEMS)
	{
		GAE_TRY(gae_poll(env));
		gae_sigmoid_softplus(out + first, gae_min(rows * decoder->features - first, GAE_POLL_ITEMS));
	}
	return GAE_OK;
}

void
gae_row_decode_one(const GaeParams *params, GaeReconstruction reconstruction,
				   const GaeReal *parameter, const GaeReal *z, GaeReal *work, GaeReal *out)
{
	int64_t		features = features_of(params);

	gae_layers_row(&params->layer[params->encoder_layers], params->decoder_layers, parameter, NAN,
				   features, z, work, out);
	if (reconstruction == GAE_RECONSTRUCTION_BCE)
		gae_sigmoid_softplus(out, features);
}

GaeStatus
gae_row_loss(GaeEnv *env, GaeRowDecoder *decoder, const GaeReal *parameter,
			 int64_t rows, const GaeReal *z, const GaeReal *target, double *loss)
{
	GAE_TRY(decode(env, decoder, parameter, rows, z, decoder->output));
	return loss_and_slope(env, decoder, rows, target, loss);
}
