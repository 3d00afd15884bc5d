/*
 * reference_pairs.c
 *		A slow and plain evaluation of the loss of links: see decoder_links.h.
 */
#include "reference_pairs.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

double
reference_softplus(double x)
{
	return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x));
}

static double
sigmoid(double x)
{
	return x > 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x));
}

/* What a pair is: a target, no target, or no part of the loss. */
typedef struct PairLabel
{
	double		positive;		/* the weight of softplus(-x) */
	double		negative;		/* the weight of softplus(x) */
} PairLabel;

static bool
is_training(const ReferencePairs *pairs, int64_t edge)
{
	return pairs->part == NULL || pairs->part[edge] == GAE_PART_TRAINING;
}

/*
 * Leave of all non-edges only those sampled, with repetition: each of K samples
 * stands for n² / K ordered pairs, if it is a non-edge.
 */
static void
keep_samples(const GaeNegatives *sample, int64_t n, PairLabel *label)
{
	int64_t    *times = calloc((size_t) (n * n), sizeof(int64_t));

	for (int64_t node = 0; node < n; node += GAE_NEGATIVES_NODES)
		for (int64_t first = 0; first < sample->rounds; first += GAE_NEGATIVES_ROUNDS)
		{
			GaeNegativesTable target;
			GaeNegativesTable source;
			int			rounds = gae_negatives_look_up(sample, (int32_t) node, first, target, source);

			for (int r = 0; r < rounds; r++)
				for (int64_t i = node; i < n && i < node + GAE_NEGATIVES_NODES; i++)
					if (target[r][i - node] >= 0)
						times[i * n + target[r][i - node]]++;
		}
	for (int64_t p = 0; p < n * n; p++)
		label[p].negative *= (double) times[p] * (double) (n * n) / (double) sample->count;
	free(times);
}

static PairLabel *
label_pairs(const ReferencePairs *pairs, double *scale)
{
	const GaeGraph *graph = pairs->graph;
	int64_t		n = graph->nodes;
	PairLabel  *label = calloc((size_t) (n * n), sizeof(PairLabel));
	double		ones = 0;
	double		left_out = 0;
	double		training = 0;
	double		weights = 0;
	double		both = graph->directed ? 1 : 2;
	double		total;
	double		pos_weight;

	for (int64_t e = 0; e < graph->edges; e++)
	{
		if (!is_training(pairs, e))
			continue;
		training += 1;
		weights += graph->weight != NULL ? graph->weight[e] : 1;
		if (pairs->masked == NULL || pairs->masked[e])
			ones += both;
		else
			left_out += both;
	}
	total = (double) (n * n) - left_out;
	pos_weight = (total - ones) / ones;
	*scale = total / (2 * (total - ones)) / total;

	for (int64_t p = 0; p < n * n; p++)
		label[p] = (PairLabel) {0, 1};
	for (int64_t i = 0; i < n; i++)
		label[i * n + i] = (PairLabel) {pos_weight, 0};
	for (int64_t e = 0; e < graph->edges; e++)
	{
		int64_t		i = graph->src[e];
		int64_t		j = graph->dst[e];
		double		weight = graph->weight != NULL ? graph->weight[e] / (weights / training) : 1;
		PairLabel	of_edge = {pos_weight * weight, 0};

		if (!is_training(pairs, e))
			continue;
		if (pairs->masked != NULL && !pairs->masked[e])
			of_edge.positive = 0;
		label[i * n + j] = of_edge;
		if (!graph->directed)
			label[j * n + i] = of_edge;
	}
	if (pairs->sample != NULL)
		keep_samples(pairs->sample, n, label);
	return label;
}

double
reference_pair_loss(const ReferencePairs *pairs, const double *z, double *d_z)
{
	int64_t		n = pairs->graph->nodes;
	int64_t		d = pairs->latent_dim;
	int64_t		width = pairs->graph->directed ? d / 2 : d;
	int64_t		target = d - width;	/* where the factor of a target begins */
	double		scale;
	double		sum = 0;
	PairLabel  *label = label_pairs(pairs, &scale);

	if (d_z != NULL)
		memset(d_z, 0, (size_t) (n * d) * sizeof(double));
	for (int64_t i = 0; i < n; i++)
	{
		for (int64_t j = 0; j < n; j++)
		{
			PairLabel	y = label[i * n + j];
			double		x = 0;
			double		slope;

			for (int64_t c = 0; c < width; c++)
				x += z[i * d + c] * z[j * d + target + c];
			sum += scale * (y.positive * reference_softplus(-x) + y.negative * reference_softplus(x));
			slope = scale * (-y.positive * sigmoid(-x) + y.negative * sigmoid(x));
			for (int64_t c = 0; c < width && d_z != NULL; c++)
			{
				d_z[i * d + c] += slope * z[j * d + target + c];
				d_z[j * d + target + c] += slope * z[i * d + c];
			}
		}
	}
	free(label);
	return sum;
}
