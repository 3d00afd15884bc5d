/*
 * generate.c
 *		New graphs from the prior.
 */
#include "core/infer/generate.h"

#include <math.h>

#include "core/model/calibrate.h"
#include "core/base/range.h"
#include "core/infer/sample.h"
#include "core/infer/score.h"
#include "core/linalg/openblas.h"

/* Pairs that the expected density is measured on, at most; a larger graph is sampled. */
#define DENSITY_PAIRS 200000

/*
 * Pairs, or nodes, that are drawn between two looks at interrupts, at most; and values of
 * their vectors, if these are long.
 */
#define BLOCK_COLUMNS 4096
#define BLOCK_VALUES (1 << 22)

/* How many of them, with vectors of that width. */
static int64_t
block_columns(int64_t width)
{
	return gae_max(gae_min(BLOCK_COLUMNS, BLOCK_VALUES / width), 1);
}

typedef struct NewGraph
{
	const GaeModel *model;
	int32_t		nodes;
	int64_t		seed;
	GaeLinkFactors factors;		/* of the new nodes' latents */
	GaeCalibration calibration;
} NewGraph;

/*
 * Choose the offset so that the expected density among these latents is that of
 * the training graph: measured on random pairs of them.
 */
static GaeStatus
fit_density(GaeEnv *env, NewGraph *new)
{
	const GaeModel *model = new->model;
	GaeStream	stream = gae_stream(new->seed, GAE_RANDOM_GENERATION, 0, 0);
	double		pairs = (double) model->nodes * (model->nodes - 1.0);
	double		density = (double) model->edges * (model->config.directed ? 1 : 2) / pairs;
	int64_t		count = (int64_t) fmin(DENSITY_PAIRS, 4.0 * new->nodes * new->nodes);
	int64_t		poll_pairs = block_columns(new->factors.width);
	double	   *score;
	double	   *weight;

	GAE_ALLOC(env, score, count);
	GAE_ALLOC(env, weight, count);
	for (int64_t k = 0; k < count; k++)
	{
		int64_t		i = (int64_t) gae_random_below(&stream, (uint64_t) new->nodes);
		int64_t		j = (int64_t) gae_random_below(&stream, (uint64_t) new->nodes - 1);

		if (k % poll_pairs == 0)
			GAE_TRY(gae_poll(env));
		j += j >= i;			/* different from i */
		score[k] = gae_link_factors_score(&new->factors, i, j);
		weight[k] = 1.0 / (double) count;
	}
	new->calibration = model->calibration;

	/* No finite offset gives the density of a complete graph. */
	GAE_TRY(gae_calibrate_total(env, score, weight, count,
								fmin(density, 1 - 0.5 / pairs), &new->calibration));
	gae_free(env, weight);
	gae_free(env, score);
	return GAE_OK;
}

/* Draw the pairs of a row with some columns; false when the caller has enough. */
static bool
draw_row(const NewGraph *new, int32_t row, const GaeReal *score, int32_t column, int32_t columns,
		  GaeStream *stream, GaeEdgeFound found, void *context)
{
	for (int32_t c = 0; c < columns; c++)
	{
		int32_t		j = column + c;
		double		probability;

		if (j == row || (!new->model->config.directed && j < row))
			continue;
		probability = gae_calibrated(&new->calibration, score[c]);
		if (gae_random_uniform(stream) < probability && !found(context, row, j, probability))
			return false;
	}
	return true;
}

GaeStatus
gae_new_graph_expect(GaeEnv *env, double bytes)
{
	return gae_memory_expect(env, bytes, "the new graph",
							 "Raise vgae.memory_limit, or generate fewer nodes.");
}

/* Latents of the new nodes, and their factors. */
static GaeStatus
draw_nodes(GaeEnv *env, NewGraph *new)
{
	const GaeModel *model = new->model;
	const GaeLinkFactorsKind *kind = model->factors.kind;
	int64_t		d = model->config.latent_dim;
	int64_t		poll_nodes = block_columns(d);
	GaeReal    *latent;

	GAE_TRY(gae_new_graph_expect(env, (double) new->nodes * (double) d * sizeof(GaeReal) +
								 gae_link_factors_bytes(kind, &model->config, new->nodes, false)));
	GAE_ALLOC(env, latent, new->nodes * d);
	for (int32_t i = 0; i < new->nodes; i++)
	{
		if (i % poll_nodes == 0)
			GAE_TRY(gae_poll(env));
		gae_sample_prior(model, i, new->seed, latent + i * d);
	}
	GAE_TRY(gae_link_factors_create(env, kind, &model->config, &model->params, new->nodes, false,
									&new->factors));
	return kind->forward(env, &new->factors, model->parameter, new->nodes, latent, d);
}

GaeStatus
gae_generate_graph(GaeEnv *env, const GaeModel *model, int32_t nodes, int64_t seed,
				   GaeEdgeFound found, void *context)
{
	NewGraph	new = {.model = model, .nodes = nodes, .seed = seed};
	const GaeLinkFactors *factors = &new.factors;
	int64_t		stride;
	int64_t		most_columns;
	GaeReal    *score;

	GAE_TRY(gae_openblas_load(env));
	GAE_TRY(draw_nodes(env, &new));
	GAE_ALLOC(env, score, BLOCK_COLUMNS);
	if (nodes < 2)
		return GAE_OK;
	GAE_TRY(fit_density(env, &new));

	stride = factors->stride;
	most_columns = block_columns(factors->width);
	for (int64_t i = 0; i < nodes; i++)
	{
		GaeStream	stream = gae_stream(seed, GAE_RANDOM_GENERATION, 1, (uint64_t) i);
		int64_t		start = model->config.directed ? 0 : i + 1;

		for (int64_t j = start; j < nodes; j += most_columns)
		{
			int32_t		columns = (int32_t) gae_min(nodes - j, most_columns);

			GAE_TRY(gae_poll(env));
			gae_gemm(GAE_PLAIN, GAE_TRANSPOSED, 1, columns, factors->width, 1,
					 factors->left + i * stride, stride, factors->right + j * stride, stride,
					 0, score, columns);
			if (!draw_row(&new, (int32_t) i, score, (int32_t) j, columns, &stream, found, context))
				return GAE_OK;
		}
	}
	return GAE_OK;
}
