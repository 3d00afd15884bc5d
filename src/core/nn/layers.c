/*
 * layers.c
 *		Forward and backward through a stack of linear maps.
 */
#include "core/nn/layers.h"

#include <math.h>
#include <string.h>

#include "core/linalg/matmul.h"
#include "core/base/parallel.h"
#include "core/base/simd.h"

/* Values of an elementwise block: some microseconds of one core. */
#define BLOCK_VALUES 16384

/* Shorter vectors are not normalised but divided by this (as torch's normalize). */
#define SMALLEST_NORM 1e-12

double
gae_layers_bytes(const GaeLayer *layer, int layers, double rows, bool propagated,
				double latent_scale, int64_t normalised_columns)
{
	double		width = isnan(latent_scale) ? 0 : 1 + (double) normalised_columns;
	double		widest = propagated ? (double) layer[layers - 1].out : 0;

	for (int l = 0; l < layers - 1; l++)
	{
		width += (double) layer[l].out;
		widest = fmax(widest, (double) layer[l].out);
	}
	return rows * (width + 2 * widest) * sizeof(GaeReal);
}

GaeStatus
gae_layers_create(GaeEnv *env, const GaeLayer *layer, int layers, int64_t rows,
				 const GaePropagation *propagation,
				 double latent_scale, int64_t normalised_columns,
				 const GaeFeatures *droppable, GaeLayers *stack)
{
	int64_t		widest = 0;

	memset(stack, 0, sizeof(*stack));
	stack->layer = layer;
	stack->layers = layers;
	stack->rows = rows;
	stack->propagation = propagation;
	stack->latent_scale = latent_scale;
	stack->normalised_columns = normalised_columns;
	GAE_ALLOC(env, stack->hidden, layers);
	for (int l = 0; l < layers; l++)
	{
		/* Without Â the last map's output, and its gradient, are the caller's. */
		if ((l < layers - 1 || propagation != NULL) && layer[l].out > widest)
			widest = layer[l].out;
		if (l < layers - 1)
			GAE_ALLOC(env, stack->hidden[l], rows * layer[l].out);
	}
	GAE_ALLOC(env, stack->mapped, rows * widest);
	GAE_ALLOC(env, stack->gradient, rows * widest);
	if (!isnan(latent_scale))
	{
		GAE_ALLOC(env, stack->norm, rows);
		GAE_ALLOC(env, stack->direction, rows * normalised_columns);
	}
	if (droppable != NULL)
		return gae_features_droppable(env, droppable, &stack->dropped);
	return GAE_OK;
}

void
gae_layers_free(GaeEnv *env, GaeLayers *stack)
{
	for (int l = 0; l < stack->layers - 1; l++)
		gae_free(env, stack->hidden[l]);
	gae_free(env, stack->hidden);
	gae_free(env, stack->mapped);
	gae_free(env, stack->gradient);
	gae_free(env, stack->norm);
	gae_free(env, stack->direction);
}

/* The length that a vector is divided by. */
static double
norm_of(const GaeReal *h, int64_t n)
{
	return fmax(sqrt(gae_dot(h, h, n)), SMALLEST_NORM);
}

typedef struct NormaliseTask
{
	const GaeLayers *stack;
	int64_t		rows;
	int64_t		width;			/* of a row of h, of which the first columns are normalised */
	GaeReal    *h;				/* or its gradient */
} NormaliseTask;

/* Such a block has whole rows: so many. */
static int64_t
block_rows(int64_t width)
{
	return gae_blocks(BLOCK_VALUES, width);
}

static int64_t
block_end(int64_t block, int64_t width, int64_t rows)
{
	int64_t		end = (block + 1) * block_rows(width);

	return end < rows ? end : rows;
}

/* t = s · h / |h|, in place. */
GAE_VECTORISED static void
normalise_block(void *arg, int64_t block, int worker)
{
	const NormaliseTask *t = arg;
	int64_t		n = t->stack->normalised_columns;
	int64_t		end = block_end(block, t->width, t->rows);
	GaeReal		scale = (GaeReal) t->stack->latent_scale;

	(void) worker;
	for (int64_t i = block * block_rows(t->width); i < end; i++)
	{
		GaeReal    *restrict h = t->h + i * t->width;
		GaeReal    *restrict u = t->stack->direction + i * n;
		double		norm = norm_of(h, n);
		GaeReal		inverse = (GaeReal) (1 / norm);

		t->stack->norm[i] = (GaeReal) norm;
		for (int64_t j = 0; j < n; j++)
		{
			u[j] = h[j] * inverse;
			h[j] = scale * u[j];
		}
	}
}

/* dh = s / |h| · (dt - u (u · dt)), in place. */
GAE_VECTORISED static void
normalise_backward_block(void *arg, int64_t block, int worker)
{
	const NormaliseTask *t = arg;
	int64_t		n = t->stack->normalised_columns;
	int64_t		end = block_end(block, t->width, t->rows);

	(void) worker;
	for (int64_t i = block * block_rows(t->width); i < end; i++)
	{
		GaeReal    *restrict d = t->h + i * t->width;
		const GaeReal *restrict u = t->stack->direction + i * n;
		GaeReal		along = (GaeReal) gae_dot(u, d, n);
		GaeReal		factor = (GaeReal) (t->stack->latent_scale / t->stack->norm[i]);

		for (int64_t j = 0; j < n; j++)
			d[j] = factor * (d[j] - u[j] * along);
	}
}

/* Normalise h (rows x width) or, backwards, turn its gradient into that before. */
static GaeStatus
normalise(GaeEnv *env, const GaeLayers *stack, int64_t rows, int64_t width, GaeReal *h,
		  bool backward)
{
	NormaliseTask task = {stack, rows, width, h};

	return gae_parallel(env, gae_blocks(rows, block_rows(width)),
						backward ? normalise_backward_block : normalise_block, &task);
}

typedef struct ActivateTask
{
	GaeReal    *h;
	int64_t		rows;
	int64_t		width;
	const GaeReal *bias;		/* or NULL */
	bool		relu;
	double		drop_rate;
	int64_t		seed;
	uint32_t	step;
	int			layer;
} ActivateTask;

/* Streams for dropout after layer l lie apart from those of X and other layers. */
static GaeStream
dropout_stream(const ActivateTask *t, int64_t block)
{
	return gae_stream(t->seed, GAE_RANDOM_DROPOUT, t->step,
					  (uint64_t) (t->layer + 1) << 40 | (uint64_t) block);
}

/* h = dropout(ReLU(h + bias)), in place. */
GAE_VECTORISED static void
activate_block(void *arg, int64_t block, int worker)
{
	const ActivateTask *t = arg;
	int64_t		first = block * block_rows(t->width);
	int64_t		end = block_end(block, t->width, t->rows);

	(void) worker;
	for (int64_t i = first; i < end; i++)
	{
		GaeReal    *h = t->h + i * t->width;

		if (t->bias != NULL)
			for (int64_t j = 0; j < t->width; j++)
				h[j] += t->bias[j];
		if (t->relu)
			for (int64_t j = 0; j < t->width; j++)
				h[j] = h[j] > 0 ? h[j] : 0;
	}
	if (t->drop_rate > 0)
	{
		GaeStream	stream = dropout_stream(t, block);
		double		drop_below = t->drop_rate * 0x1p32;
		GaeReal		scale = (GaeReal) (1 / (1 - t->drop_rate));

		for (int64_t i = first * t->width; i < end * t->width; i++)
			t->h[i] = gae_random_word(&stream) >= drop_below ? t->h[i] * scale : 0;
	}
}

/* The propagation that follows map l, or NULL. */
static const GaePropagation *
propagation_after(const GaeLayers *stack, int l)
{
	return l == 0 && stack->input_propagated ? NULL : stack->propagation;
}

GaeStatus
gae_layers_forward(GaeEnv *env, GaeLayers *stack, const GaeReal *parameter,
				  const GaeFeatures *x, const GaeDropout *dropout, GaeReal *out)
{
	int64_t		rows = x->rows;

	if (dropout->rate > 0)
	{
		GAE_TRY(gae_features_drop(env, x, dropout->rate, dropout->seed, dropout->step,
								  &stack->dropped));
		x = &stack->dropped;
	}
	for (int l = 0; l < stack->layers; l++)
	{
		const GaeLayer *layer = &stack->layer[l];
		bool		last = l == stack->layers - 1;
		GaeReal    *result = last ? out : stack->hidden[l];
		const GaePropagation *propagation = propagation_after(stack, l);
		GaeReal    *mapped = propagation != NULL ? stack->mapped : result;
		ActivateTask activate = {
			.h = result, .rows = rows, .width = layer->out, .relu = !last, .layer = l,
			.bias = layer->bias >= 0 ? parameter + layer->bias : NULL,
			.drop_rate = last ? 0 : dropout->rate, .seed = dropout->seed, .step = dropout->step
		};

		if (l == 0)
			GAE_TRY(gae_features_multiply(env, x, layer->out, parameter + layer->weight, mapped));
		else
			GAE_TRY(gae_matmul(env, rows, layer->out, layer->in, stack->hidden[l - 1], layer->in,
								 GAE_PLAIN, parameter + layer->weight, layer->out,
								 0, mapped, layer->out));
		if (last && !isnan(stack->latent_scale))
			GAE_TRY(normalise(env, stack, rows, layer->out, mapped, false));
		if (propagation != NULL)
			GAE_TRY(gae_propagate(env, propagation, layer->out, mapped, result));
		if (activate.relu || activate.bias != NULL)
			GAE_TRY(gae_parallel(env, gae_blocks(rows, block_rows(layer->out)), activate_block,
								 &activate));
	}
	return GAE_OK;
}

/*
 * The gradient passes a hidden unit only where its value is positive: elsewhere
 * ReLU or dropout has set it to 0.
 */
typedef struct DeactivateTask
{
	const GaeReal *h;
	GaeReal    *d;
	int64_t		count;
	GaeReal		scale;			/* 1 / (1 - dropout) */
} DeactivateTask;

GAE_VECTORISED static void
deactivate_block(void *arg, int64_t block, int worker)
{
	const DeactivateTask *t = arg;
	int64_t		first = block * BLOCK_VALUES;
	int64_t		count = first + BLOCK_VALUES < t->count ? BLOCK_VALUES : t->count - first;
	const GaeReal *restrict h = t->h + first;
	GaeReal    *restrict d = t->d + first;
	GaeReal		scale = t->scale;

	(void) worker;
	for (int64_t i = 0; i < count; i++)
	{
		GaeReal		passed = d[i] * scale;

		d[i] = h[i] > 0 ? passed : 0;
	}
}

GaeStatus
gae_layers_backward(GaeEnv *env, GaeLayers *stack, const GaeReal *parameter,
				   const GaeFeatures *x, const GaeDropout *dropout, GaeReal *d_out,
				   GaeReal *gradient, GaeReal *d_x)
{
	int64_t		rows = x->rows;
	GaeReal    *d = d_out;		/* gradient of H_l before ReLU */

	if (dropout->rate > 0)
		x = &stack->dropped;
	for (int l = stack->layers - 1; l >= 0; l--)
	{
		const GaeLayer *layer = &stack->layer[l];
		const GaeReal *weight = parameter + layer->weight;
		GaeReal    *d_mapped = d;
		DeactivateTask deactivate;

		if (layer->bias >= 0)
			GAE_TRY(gae_column_sums(env, rows, layer->out, d, layer->out, gradient + layer->bias));
		if (propagation_after(stack, l) != NULL)
		{
			GAE_TRY(gae_propagate(env, stack->propagation, layer->out, d, stack->mapped));
			d_mapped = stack->mapped;
		}
		if (l == stack->layers - 1 && !isnan(stack->latent_scale))
			GAE_TRY(normalise(env, stack, rows, layer->out, d_mapped, true));
		if (l == 0)
		{
			GAE_TRY(gae_features_multiply_transposed(env, x, layer->out, d_mapped,
													 gradient + layer->weight));
			if (d_x != NULL)
				GAE_TRY(gae_matmul(env, rows, layer->in, layer->out, d_mapped, layer->out,
									 GAE_TRANSPOSED, weight, layer->out, 0, d_x, layer->in));
			break;
		}
		GAE_TRY(gae_matmul_tall(env, rows, layer->in, layer->out, stack->hidden[l - 1], layer->in,
								  d_mapped, layer->out, gradient + layer->weight));

		/*
		 * Two buffers take turns when there is no Â between the maps: the
		 * product cannot be written over its own input.
		 */
		d = d_mapped == stack->gradient ? stack->mapped : stack->gradient;
		GAE_TRY(gae_matmul(env, rows, layer->in, layer->out, d_mapped, layer->out,
							 GAE_TRANSPOSED, weight, layer->out, 0, d, layer->in));
		deactivate = (DeactivateTask) {
			stack->hidden[l - 1], d, rows * layer->in,
			(GaeReal) (1 / (1 - dropout->rate))
		};
		GAE_TRY(gae_parallel(env, gae_blocks(deactivate.count, BLOCK_VALUES),
							 deactivate_block, &deactivate));
	}
	return GAE_OK;
}

void
gae_layers_row(const GaeLayer *layer, int layers, const GaeReal *parameter,
			  double latent_scale, int64_t columns, const GaeReal *x, GaeReal *work, GaeReal *out)
{
	GaeReal    *other = work;
	const GaeReal *in = x;

	for (int l = 0; l < layers; l++)
		if (layer[l].out > other - work)
			other = work + layer[l].out;
	for (int l = 0; l < layers; l++)
	{
		bool		last = l == layers - 1;
		int64_t		n = last ? columns : layer[l].out;
		GaeReal    *h = last ? out : l % 2 == 0 ? work : other;
		const GaeReal *bias = parameter + layer[l].bias;

		gae_matmul_row(layer[l].in, n, in, parameter + layer[l].weight, layer[l].out, h);
		if (last && !isnan(latent_scale))
		{
			GaeReal		inverse = (GaeReal) (1 / norm_of(h, n));

			for (int64_t j = 0; j < n; j++)
				h[j] = (GaeReal) latent_scale * (h[j] * inverse);
		}
		for (int64_t j = 0; j < n; j++)
		{
			h[j] += bias[j];
			h[j] = last || h[j] > 0 ? h[j] : 0;
		}
		in = h;
	}
}
