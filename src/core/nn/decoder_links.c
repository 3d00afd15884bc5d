/*
 * decoder_links.c
 *		The loss of all pairs, exactly and in O(n·d) memory, or from a sample.
 *
 * The term of a non-edge, softplus(x_ij), is summed over all pairs, edges and
 * diagonal included: dense and label-free.  The edges and the diagonal are then
 * corrected one by one.
 */
#include "core/nn/decoder_links.h"

#include <math.h>
#include <string.h>

#include "core/nn/pair_loss_sparse.h"
#include "core/nn/pair_loss_dense.h"
#include "core/base/parallel.h"

/* Nodes of a block of listed pairs, at most; values of one in elementwise passes. */
#define BLOCK_NODES 128
#define BLOCK_VALUES 16384

/* What one call works with. */
typedef struct PairTask
{
	GaeLinkDecoder *decoder;
	GaePairLossSparse list;
	GaeReal    *d_columns;		/* gradient by the tiles' columns */
	int64_t		distance;		/* of a round's tiles from the diagonal */
} PairTask;

/*
 * One tile: rows of block I with columns of block J = I + distance (cyclic).  In
 * one round every block is I once and J once, so that d_left and d_right each
 * have a single writer, and rounds come in order: sums are always the same.
 *
 * An undirected tile off the diagonal stands for its mirror image, too.
 */
static void
tile_block(void *arg, int64_t block, int worker)
{
	const PairTask *t = arg;
	const GaeLinkDecoder *decoder = t->decoder;
	bool		mirrored = !decoder->graph->directed && t->distance > 0;
	GaeReal    *d_columns = decoder->graph->directed || mirrored ? t->d_columns : NULL;

	decoder->block_loss[block] = (mirrored ? 2 : 1) *
		gae_pair_loss_dense_tile(&decoder->tiles, block, (block + t->distance) % decoder->tiles.tiles,
					  t->list.scale, t->list.stride, t->list.d_left, d_columns, worker);
}

static double
add_blocks(const double *block_loss, int64_t blocks)
{
	double		sum = 0;

	for (int64_t b = 0; b < blocks; b++)
		sum += block_loss[b];
	return sum;
}

static GaeStatus
all_pairs(GaeEnv *env, PairTask *task, double *sum)
{
	GaeLinkDecoder *decoder = task->decoder;
	bool		directed = decoder->graph->directed;
	int64_t		tiles = decoder->tiles.tiles;
	int64_t		rounds = directed ? tiles : tiles / 2 + 1;

	GAE_TRY(gae_pair_loss_dense_pack(env, &decoder->tiles, task->list.stride,
								task->list.left, task->list.right));
	for (task->distance = 0; task->distance < rounds; task->distance++)
	{
		int64_t		blocks = tiles;

		/* Half-way round an even circle, I and J would meet twice. */
		if (!directed && task->distance > 0 && 2 * task->distance == tiles)
			blocks = tiles / 2;
		GAE_TRY(gae_parallel(env, blocks, tile_block, task));
		*sum += add_blocks(decoder->block_loss, blocks);
	}
	return GAE_OK;
}

static void
list_block(void *arg, int64_t block, int worker)
{
	const PairTask *t = arg;
	int64_t		first = block * t->decoder->block_nodes;
	int64_t		end = first + t->decoder->block_nodes;

	(void) worker;
	t->decoder->block_loss[block] =
		gae_pair_loss_sparse(&t->list, first, end < t->decoder->graph->nodes ? end : t->decoder->graph->nodes);
}

static GaeStatus
listed_pairs(GaeEnv *env, PairTask *task, double *sum)
{
	int64_t		blocks = gae_blocks(task->decoder->graph->nodes, task->decoder->block_nodes);

	GAE_TRY(gae_parallel(env, blocks, list_block, task));
	*sum += add_blocks(task->decoder->block_loss, blocks);
	return GAE_OK;
}

/* d_z += the gradient by the tiles' columns */
static void
add_mirror_block(void *arg, int64_t block, int worker)
{
	const PairTask *t = arg;
	int64_t		values = t->decoder->graph->nodes * t->list.stride;
	int64_t		first = block * BLOCK_VALUES;
	int64_t		end = first + BLOCK_VALUES < values ? first + BLOCK_VALUES : values;

	(void) worker;
	for (int64_t v = first; v < end; v++)
		t->list.d_left[v] += t->d_columns[v];
}

/* Targets among the training edges: all, or those that are masked. */
static GaeStatus
count_targets(GaeEnv *env, const GaeLinkDecoder *decoder, const bool *masked, double *targets)
{
	int64_t		count = 0;

	*targets = decoder->training_edges;
	if (masked == NULL)
		return GAE_OK;
	for (int64_t e = 0; e < decoder->graph->edges; e++)
	{
		if (e % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(env));
		count += masked[e];
	}
	*targets = (double) count;
	return GAE_OK;
}

static GaeStatus
pair_loss(GaeEnv *env, GaeDecoder *base, const GaeDecoderStep *step,
		  const GaeReal *z, GaeReal *d_z, double *loss)
{
	GaeLinkDecoder *decoder = (GaeLinkDecoder *) base;
	bool		directed = decoder->graph->directed;
	bool		exact = isinf(decoder->negatives);
	double		ordered = directed ? 1 : 2;
	double		nodes = decoder->graph->nodes;
	int64_t		values = decoder->graph->nodes * decoder->latent_dim;
	PairTask	task = {
		.decoder = decoder,
		.list = {
			.graph = decoder->graph,
			.adjacency = decoder->adjacency,
			.masked = step->masked,
			.mean_weight = decoder->mean_weight,
			.edge_negative = exact ? -1 : 0,	/* to be taken back */
			.width = decoder->width,
			.stride = decoder->latent_dim,
			.left = z,
			.right = directed ? z + decoder->width : z,
			.d_left = d_z,
			.d_right = directed ? d_z + decoder->width : NULL
		},
		.d_columns = directed ? d_z + decoder->width : decoder->mirror
	};
	double		sum = 0;
	double		targets;
	double		pairs;
	double		scale;

	GAE_TRY(count_targets(env, decoder, step->masked, &targets));
	pairs = nodes * nodes - ordered * (decoder->training_edges - targets);
	scale = 1 / (2 * (pairs - ordered * targets));	/* norm / n² */
	task.list.scale = (GaeReal) (ordered * scale);
	task.list.target = targets > 0 ? (pairs - ordered * targets) / (ordered * targets) : 0;

	GAE_TRY(gae_zero(env, d_z, (size_t) values * sizeof(GaeReal)));
	if (exact)
	{
		if (!directed)
			GAE_TRY(gae_zero(env, decoder->mirror, (size_t) values * sizeof(GaeReal)));
		GAE_TRY(all_pairs(env, &task, &sum));
		if (!directed)
			GAE_TRY(gae_parallel(env, gae_blocks(values, BLOCK_VALUES), add_mirror_block, &task));
	}
	else
	{
		int64_t		count = (int64_t) ceil(decoder->negatives * targets);

		count = count < decoder->sample.capacity ? count : decoder->sample.capacity;
		GAE_TRY(gae_negatives_draw(env, count, decoder->seed, step->step, &decoder->sample));
		task.list.sample = count > 0 ? &decoder->sample : NULL;
		task.list.sample_negative = nodes * nodes / (double) count;
	}
	GAE_TRY(listed_pairs(env, &task, &sum));
	*loss = scale * sum;
	return GAE_OK;
}

GaeStatus
gae_link_decoder_create(GaeEnv *env, const GaeGraph *graph, const GaeAdjacency *adjacency,
						int64_t latent_dim, double negatives, int64_t seed, GaeLinkDecoder *decoder)
{
	bool		exact = isinf(negatives);
	double		edges = (double) (adjacency->offset[adjacency->nodes] / 2);
	double		listed = 2 * edges * (exact ? 1 : 1 + negatives);
	double		weights = 0;
	int64_t		blocks;

	memset(decoder, 0, sizeof(*decoder));
	decoder->base.loss = pair_loss;
	decoder->graph = graph;
	decoder->adjacency = adjacency;
	decoder->latent_dim = latent_dim;
	decoder->width = graph->directed ? latent_dim / 2 : latent_dim;
	decoder->negatives = negatives;
	decoder->seed = seed;
	decoder->training_edges = edges;
	if (graph->weight != NULL)
	{
		for (int64_t e = 0; e < adjacency->offset[adjacency->nodes]; e++)
		{
			if (e % GAE_POLL_ITEMS == 0)
				GAE_TRY(gae_poll(env));
			weights += graph->weight[adjacency->edge[e]];
		}
		decoder->mean_weight = weights / (2 * edges);
	}

	decoder->block_nodes = gae_block_rows(graph->nodes, listed, latent_dim, BLOCK_NODES);
	blocks = gae_blocks(graph->nodes, decoder->block_nodes);
	if (exact)
	{
		if (!graph->directed)
			GAE_ALLOC(env, decoder->mirror, graph->nodes * latent_dim);
		GAE_TRY(gae_pair_loss_dense_create(env, graph->nodes, decoder->width, !graph->directed,
									  &decoder->tiles));
		blocks = blocks > decoder->tiles.tiles ? blocks : decoder->tiles.tiles;
	}
	else
	{
		int64_t		capacity;

		GAE_TRY(gae_sampled_pairs(env, graph->nodes, negatives, edges, &capacity));
		GAE_TRY(gae_negatives_create(env, graph->nodes, capacity, &decoder->sample));
	}
	GAE_ALLOC(env, decoder->block_loss, blocks);
	return GAE_OK;
}
