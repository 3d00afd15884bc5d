/*
 * decoder_links.c
 *		The loss of all pairs, exactly and in O(n · d) memory, or from a sample.
 */
#include "core/nn/decoder_links.h"

#include <math.h>
#include <string.h>

#include "core/base/range.h"

/* Targets among the training edges: all, or those that are masked. */
static GaeStatus
count_targets(GaeEnv *env, const GaeLinkDecoder *decoder, const bool *masked, double *targets)
{
	int64_t		count = 0;

	*targets = decoder->training_edges;
	if (masked == NULL)
		return GAE_OK;
	for (int64_t e = 0; e < decoder->listing.graph->edges; e++)
	{
		if (e % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(env));
		count += masked[e];
	}
	*targets = (double) count;
	return GAE_OK;
}

/* Draw the non-edges of a step: "negatives" for each of its target edges. */
static GaeStatus
draw_sample(GaeEnv *env, GaeLinkDecoder *decoder, uint32_t step, double targets,
			GaePairListing *listing)
{
	double		nodes = listing->graph->nodes;
	int64_t		count = (int64_t) ceil(decoder->negatives * targets);

	count = gae_min(count, decoder->sample.capacity);
	GAE_TRY(gae_negatives_draw(env, count, decoder->seed, step, &decoder->sample));
	listing->sample = count > 0 ? &decoder->sample : NULL;
	listing->sample_negative = nodes * nodes / (double) count;
	return GAE_OK;
}

/* A GaeDecoder's loss. */
static GaeStatus
link_loss(GaeEnv *env, GaeDecoder *base, const GaeDecoderStep *step,
		  const GaeReal *z, GaeReal *d_z, double *loss)
{
	GaeLinkDecoder *decoder = (GaeLinkDecoder *) base;
	GaeLinkFactors *factors = &decoder->factors;
	GaePairListing listing = decoder->listing;
	int64_t		nodes = listing.graph->nodes;
	double		ordered = listing.graph->directed ? 1 : 2;	/* pairs of an edge */
	double		sum = 0;
	double		targets;
	double		pairs;
	double		scale;

	GAE_TRY(count_targets(env, decoder, step->masked, &targets));
	pairs = (double) nodes * (double) nodes - ordered * (decoder->training_edges - targets);
	scale = 1 / (2 * (pairs - ordered * targets));	/* norm / n² */
	listing.masked = step->masked;
	listing.positive = targets > 0 ? (pairs - ordered * targets) / (ordered * targets) : 0;

	GAE_TRY(factors->kind->forward(env, factors, step->parameter, nodes, z,
								   factors->config->latent_dim));
	GAE_TRY(factors->kind->begin_gradient(env, factors, nodes, d_z));
	if (isinf(decoder->negatives))
	{
		listing.edge_negative = -1; /* taken back from the sum over all pairs */
		GAE_TRY(gae_pair_loss_dense(env, &decoder->dense, factors, scale, &sum));
	}
	else
		GAE_TRY(draw_sample(env, decoder, step->step, targets, &listing));
	GAE_TRY(gae_pair_loss_sparse(env, &decoder->sparse, &listing, factors, scale, &sum));
	*loss = scale * sum;
	if (factors->kind->backward == NULL)
		return GAE_OK;
	return factors->kind->backward(env, factors, step->parameter, nodes, z, d_z, step->gradient);
}

/* The mean weight of the edges of the adjacency; 0 where edges have none. */
static GaeStatus
find_mean_weight(GaeEnv *env, const GaeGraph *graph, const GaeAdjacency *adjacency, double *mean)
{
	int64_t		entries = adjacency->offset[adjacency->nodes];
	double		weights = 0;

	*mean = 0;
	if (graph->weight == NULL)
		return GAE_OK;
	for (int64_t e = 0; e < entries; e++)
	{
		if (e % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(env));
		weights += graph->weight[adjacency->edge[e]];
	}
	*mean = weights / (double) entries;
	return GAE_OK;
}

double
gae_link_decoder_bytes(const GaeEnv *env, const GaeLinkFactorsKind *kind, const GaeConfig *config,
					   double nodes, double edges, double negatives)
{
	double		bytes = gae_link_factors_bytes(kind, config, nodes, true) +
		gae_pair_loss_sparse_bytes(nodes);
	int64_t		width;
	bool		same;

	if (!isinf(negatives))
		return bytes + gae_negatives_bytes(nodes, fmin(negatives * edges, nodes * nodes));
	kind->shape(config, &width, &same);
	return bytes + gae_pair_loss_dense_bytes(env, nodes, width, same);
}

GaeStatus
gae_link_decoder_create(GaeEnv *env, const GaeLinkFactorsKind *kind, const GaeConfig *config,
						const GaeParams *params, const GaeGraph *graph,
						const GaeAdjacency *adjacency, double negatives, GaeLinkDecoder *decoder)
{
	double		edges = (double) (adjacency->offset[adjacency->nodes] / 2);
	bool		exact = isinf(negatives);
	int64_t		capacity;
	int64_t		values;			/* of a node's factors */

	memset(decoder, 0, sizeof(*decoder));
	decoder->base.loss = link_loss;
	decoder->listing.graph = graph;
	decoder->listing.adjacency = adjacency;
	decoder->negatives = negatives;
	decoder->seed = config->seed;
	decoder->training_edges = edges;
	GAE_TRY(find_mean_weight(env, graph, adjacency, &decoder->listing.mean_weight));
	GAE_TRY(gae_link_factors_create(env, kind, config, params, graph->nodes, true, &decoder->factors));
	values = (decoder->factors.same ? 1 : 2) * decoder->factors.width;
	GAE_TRY(gae_pair_loss_sparse_create(env, graph->nodes, 2 * edges * (exact ? 1 : 1 + negatives),
										values, &decoder->sparse));
	if (exact)
		return gae_pair_loss_dense_create(env, graph->nodes, decoder->factors.width,
										  decoder->factors.same, &decoder->dense);
	GAE_TRY(gae_sampled_pairs(env, graph->nodes, negatives, edges, &capacity));
	return gae_negatives_create(env, graph->nodes, capacity, &decoder->sample);
}
