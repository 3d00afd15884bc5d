/*
 * reference.c
 *		A slow and plain evaluation of a training step's loss; that of links is in
 *		reference_pairs.c.
 *
 * Only the names of the random streams are taken from the core.
 */
#include "reference.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reference_pairs.h"
#include "support.h"

/* Values, or rows, that share a random stream in the core; of hidden units whole rows. */
#define X_DROPOUT_VALUES 4096
#define HIDDEN_DROPOUT_VALUES 16384
#define NOISE_ROWS 256

/* What dropout multiplies the next value of a stream by. */
static double
dropout_factor(GaeStream *stream, double rate)
{
	return gae_random_word(stream) * 0x1p-32 >= rate ? 1 / (1 - rate) : 0;
}

/* ---- the encoder ---- */

/* Â = D^-½ (A + I) D^-½, dense, of the training edges that are not hidden. */
static double *
dense_propagation(const GaeGraphTrainer *trainer)
{
	const GaeGraph *graph = trainer->graph;
	int64_t		n = graph->nodes;
	double	   *a = calloc((size_t) (n * n), sizeof(double));
	double	   *degree = calloc((size_t) n, sizeof(double));

	for (int64_t i = 0; i < n; i++)
		a[i * n + i] = 1;
	for (int64_t e = 0; e < graph->edges; e++)
	{
		double		weight = graph->weight != NULL ? graph->weight[e] : 1;

		if (trainer->base.plan->part[e] != GAE_PART_TRAINING || (trainer->masked != NULL && trainer->masked[e]))
			continue;
		a[graph->src[e] * n + graph->dst[e]] += weight;
		a[graph->dst[e] * n + graph->src[e]] += weight;
	}
	for (int64_t i = 0; i < n; i++)
		for (int64_t j = 0; j < n; j++)
			degree[i] += a[i * n + j];
	for (int64_t i = 0; i < n; i++)
		for (int64_t j = 0; j < n; j++)
			a[i * n + j] /= sqrt(degree[i] * degree[j]);
	free(degree);
	return a;
}

/* Dropout of columns first … end - 1 of [X, I], dense in h, from the random streams from "name" on. */
static void
drop_columns(double *h, const GaeFeatures *x, int64_t first, int64_t end, double rate, int64_t seed,
			 uint32_t step, uint64_t name)
{
	bool		all = x->form == GAE_FEATURES_DENSE && first == 0;
	int64_t		inputs = gae_features_inputs(x);
	GaeStream	stream = {0};
	int64_t		value = 0;

	for (int64_t i = 0; i < x->rows && rate > 0; i++)
	{
		for (int64_t j = first; j < end; j++)
		{
			if (!all && h[i * inputs + j] == 0)
				continue;
			if (value % X_DROPOUT_VALUES == 0)
				stream = gae_stream(seed, GAE_RANDOM_DROPOUT, step,
									name + (uint64_t) (value / X_DROPOUT_VALUES));
			h[i * inputs + j] *= dropout_factor(&stream, rate);
			value++;
		}
	}
}

/* [X, I], dense, after dropout. */
static double *
dropped_input(const GaeFeatures *x, GaeDropRates rates, int64_t seed, uint32_t step)
{
	int64_t		inputs = gae_features_inputs(x);
	double	   *h = calloc((size_t) (x->rows * inputs), sizeof(double));

	for (int64_t i = 0; i < x->rows; i++)
		for (int64_t j = 0; j < inputs; j++)
			h[i * inputs + j] = test_feature(x, i, j);
	drop_columns(h, x, 0, x->columns, rates.x, seed, step, 0);
	drop_columns(h, x, x->columns, inputs, rates.identity, seed, step,
				 x->columns == 0 ? 0 : UINT64_C(1) << 39);
	return h;
}

/* c (m x n) = a (m x k) · b (k x n); frees a. */
static double *
product(double *a, const double *b, int64_t m, int64_t k, int64_t n)
{
	double	   *c = calloc((size_t) (m * n), sizeof(double));

	for (int64_t i = 0; i < m; i++)
		for (int64_t l = 0; l < k; l++)
			for (int64_t j = 0; a[i * k + l] != 0 && j < n; j++)
				c[i * n + j] += a[i * k + l] * b[l * n + j];
	free(a);
	return c;
}

static void
normalise(double *h, int64_t rows, int64_t width, int64_t columns, double length)
{
	for (int64_t i = 0; i < rows; i++)
	{
		double		norm = 0;

		for (int64_t j = 0; j < columns; j++)
			norm += h[i * width + j] * h[i * width + j];
		norm = fmax(sqrt(norm), 1e-12);
		for (int64_t j = 0; j < columns; j++)
			h[i * width + j] *= length / norm;
	}
}

/* ReLU, then dropout, of the output of encoder layer l. */
static void
activate(double *h, int64_t rows, int64_t width, double rate, int64_t seed, uint32_t step, int l)
{
	int64_t		stream_rows = (HIDDEN_DROPOUT_VALUES + width - 1) / width;
	GaeStream	stream = {0};

	for (int64_t i = 0; i < rows; i++)
	{
		if (i % stream_rows == 0)
			stream = gae_stream(seed, GAE_RANDOM_DROPOUT, step,
								(uint64_t) (l + 1) << 40 | (uint64_t) (i / stream_rows));
		for (int64_t j = 0; j < width; j++)
		{
			h[i * width + j] = fmax(h[i * width + j], 0);
			if (rate > 0)
				h[i * width + j] *= dropout_factor(&stream, rate);
		}
	}
}

static void
add_bias(double *h, int64_t rows, const GaeLayer *layer, const double *parameter)
{
	for (int64_t i = 0; i < rows && layer->bias >= 0; i++)
		for (int64_t j = 0; j < layer->out; j++)
			h[i * layer->out + j] += parameter[layer->bias + j];
}

static double *
encode(const GaeTrainer *trainer, const GaeFeatures *x, uint32_t step, const double *parameter)
{
	const GaeConfig *config = trainer->plan->config;
	const GaeParams *params = &trainer->plan->params;
	double	   *a = gae_has_links(config->kind) ?
		dense_propagation((const GaeGraphTrainer *) trainer) : NULL;
	double	   *h = dropped_input(x, trainer->plan->drop_rates, config->seed, step);

	for (int l = 0; l < params->encoder_layers; l++)
	{
		const GaeLayer *layer = &params->layer[l];
		bool		last = l == params->encoder_layers - 1;

		h = product(h, parameter + layer->weight, x->rows, layer->in, layer->out);
		if (last && !isnan(config->latent_scale))
			normalise(h, x->rows, layer->out, config->latent_dim, config->latent_scale);
		if (a != NULL)
		{
			double	   *copy = malloc((size_t) (x->rows * x->rows) * sizeof(double));
			double	   *mapped = h;

			memcpy(copy, a, (size_t) (x->rows * x->rows) * sizeof(double));
			h = product(copy, mapped, x->rows, x->rows, layer->out);
			free(mapped);
		}
		add_bias(h, x->rows, layer, parameter);
		if (!last)
			activate(h, x->rows, layer->out, config->dropout, config->seed, step, l);
	}
	free(a);
	return h;
}

/* ---- the latent, and the whole ---- */

/* z from the encoder's output, and the divergence from N(0, I) summed over all. */
static double *
draw_latent(const GaeTrainer *trainer, int64_t rows, uint32_t step, const double *e, double *kl)
{
	const GaeConfig *config = trainer->plan->config;
	int64_t		d = config->latent_dim;
	bool		gaussian = gae_has_posterior(config->kind);
	GaeReal    *noise = malloc((size_t) (rows * d) * sizeof(GaeReal));
	double	   *z = malloc((size_t) (rows * d) * sizeof(double));

	*kl = 0;
	for (int64_t first = 0; first < rows; first += NOISE_ROWS)
	{
		GaeStream	stream = gae_stream(config->seed, GAE_RANDOM_LATENT, step,
										(uint64_t) (first / NOISE_ROWS));

		gae_random_normal(&stream, noise + first * d,
						  (rows - first < NOISE_ROWS ? rows - first : NOISE_ROWS) * d);
	}
	for (int64_t i = 0; i < rows; i++)
	{
		for (int64_t j = 0; j < d; j++)
		{
			double		mu = e[i * (gaussian ? 2 : 1) * d + j];
			double		log_std = gaussian ? e[i * 2 * d + d + j] : 0;

			z[i * d + j] = mu;
			if (!gaussian)
				continue;
			z[i * d + j] += exp(log_std) * noise[i * d + j];
			*kl += -0.5 * (1 + 2 * log_std - mu * mu - exp(log_std) * exp(log_std));
		}
	}
	free(noise);
	return z;
}

static double
row_reconstruction(const GaeTrainer *trainer, const GaeFeatures *x, double *z, const double *parameter)
{
	const GaeParams *params = &trainer->plan->params;
	double		sum = 0;

	for (int l = 0; l < params->decoder_layers; l++)
	{
		const GaeLayer *layer = &params->layer[params->encoder_layers + l];

		z = product(z, parameter + layer->weight, x->rows, layer->in, layer->out);
		add_bias(z, x->rows, layer, parameter);
		if (l < params->decoder_layers - 1)
			activate(z, x->rows, layer->out, 0, 0, 0, 0);
	}
	for (int64_t i = 0; i < x->rows; i++)
	{
		for (int64_t j = 0; j < x->columns; j++)
		{
			double		target = test_feature(x, i, j);
			double		out = z[i * x->columns + j];

			if (trainer->plan->config->reconstruction == GAE_RECONSTRUCTION_MSE)
				sum += (out - target) * (out - target);
			else
				sum += target * reference_softplus(-out) + (1 - target) * reference_softplus(out);
		}
	}
	free(z);
	return sum / (double) x->rows;
}

ReferenceLoss
reference_loss(const GaeTrainer *trainer, uint32_t step, const double *parameter)
{
	const GaeConfig *config = trainer->plan->config;
	bool		has_links = gae_has_links(config->kind);
	const GaeGraphTrainer *graph = (const GaeGraphTrainer *) trainer;
	const GaeFeatures *x = has_links ? &trainer->features : &((const GaeRowsTrainer *) trainer)->batch;
	double		rows = (double) x->rows;
	double	   *e = encode(trainer, x, step, parameter);
	ReferenceLoss result;
	double	   *z = draw_latent(trainer, x->rows, step, e, &result.kl);

	free(e);
	if (has_links)
	{
		ReferencePairs pairs = {
			.graph = graph->graph, .latent_dim = config->latent_dim,
			.part = trainer->plan->part, .masked = graph->masked,
			.sample = isinf(trainer->plan->negatives) ? NULL : &graph->decoder.sample
		};

		result.kl /= rows * rows;
		result.reconstruction = reference_pair_loss(&pairs, z, NULL);
		free(z);
	}
	else
	{
		result.kl /= rows;
		result.reconstruction = row_reconstruction(trainer, x, z, parameter);
	}
	result.loss = result.reconstruction + config->kl_weight * result.kl;
	return result;
}
