/*
 * decoder_rows.c
 *		Rows rebuilt from their codes, and how far they are off.
 */
#include "decoder_rows.h"

#include <math.h>
#include <string.h>

#include "kernels.h"

static const GaeDropout no_dropout = {0, 0, 0};

/* z as the stack's input. */
static GaeFeatures
as_features(const GaeReal *z, int64_t rows, int64_t latent_dim)
{
	GaeFeatures features = {.form = GAE_FEATURES_DENSE, .rows = rows, .columns = latent_dim};

	features.dense = (GaeReal *) z; /* read only */
	return features;
}

/*
 * The loss summed over rows and features; output (x̂, or logits) becomes its
 * gradient times scale.
 */
static double
loss_and_slope(GaeReconstruction reconstruction, int64_t count, GaeReal *output,
			   const GaeReal *target, double scale)
{
	double		sum = 0;

	if (reconstruction == GAE_RECONSTRUCTION_BCE)
	{
		/* -t log σ(l) - (1 - t) log(1 - σ(l)) = softplus(l) - t l */
		for (int64_t i = 0; i < count; i++)
			sum -= (double) target[i] * output[i];
		sum += gae_sigmoid_softplus(output, count);
		for (int64_t i = 0; i < count; i++)
			output[i] = (GaeReal) (scale * (output[i] - target[i]));
		return sum;
	}
	for (int64_t i = 0; i < count; i++)
	{
		GaeReal		difference = output[i] - target[i];

		sum += (double) difference * difference;
		output[i] = (GaeReal) (2 * scale) * difference;
	}
	return sum;
}

static GaeStatus
row_loss(GaeEnv *env, GaeDecoder *base, const GaeDecoderStep *step,
		 const GaeReal *z, GaeReal *d_z, double *loss)
{
	GaeRowDecoder *decoder = (GaeRowDecoder *) base;
	GaeFeatures input = as_features(z, step->rows, decoder->stack.layer[0].in);

	GAE_TRY(gae_stack_forward(env, &decoder->stack, step->parameter, &input, &no_dropout,
							  decoder->output));
	*loss = loss_and_slope(decoder->reconstruction, step->rows * decoder->features,
						   decoder->output, step->target, 1 / (double) step->rows)
		/ (double) step->rows;
	return gae_stack_backward(env, &decoder->stack, step->parameter, &input, &no_dropout,
							  decoder->output, step->gradient, d_z);
}

GaeStatus
gae_row_decoder_create(GaeEnv *env, const GaeParams *params, GaeReconstruction reconstruction,
					   int64_t rows, GaeRowDecoder *decoder)
{
	memset(decoder, 0, sizeof(*decoder));
	decoder->base.loss = row_loss;
	decoder->reconstruction = reconstruction;
	decoder->features = params->layer[0].in;
	GAE_ALLOC(env, decoder->output, rows * decoder->features);
	return gae_stack_create(env, &params->layer[params->encoder_layers], params->decoder_layers,
							rows, NULL, NAN, 0, NULL, &decoder->stack);
}

GaeStatus
gae_row_decode(GaeEnv *env, GaeRowDecoder *decoder, const GaeReal *parameter,
			   int64_t rows, const GaeReal *z, GaeReal *out)
{
	GaeFeatures input = as_features(z, rows, decoder->stack.layer[0].in);

	GAE_TRY(gae_stack_forward(env, &decoder->stack, parameter, &input, &no_dropout, out));
	if (decoder->reconstruction == GAE_RECONSTRUCTION_BCE)
		gae_sigmoid_softplus(out, rows * decoder->features);
	return GAE_OK;
}

GaeStatus
gae_row_loss(GaeEnv *env, GaeRowDecoder *decoder, const GaeReal *parameter,
			 int64_t rows, const GaeReal *z, const GaeReal *target, double *loss)
{
	GaeFeatures input = as_features(z, rows, decoder->stack.layer[0].in);

	GAE_TRY(gae_stack_forward(env, &decoder->stack, parameter, &input, &no_dropout, decoder->output));
	*loss = loss_and_slope(decoder->reconstruction, rows * decoder->features,
						   decoder->output, target, 0) / (double) rows;
	return GAE_OK;
}
