/*
 * decoder_pairs.c
 *		The loss of all pairs, exactly and in O(n·d) memory, or from a sample.
 *
 * The term of a non-edge, softplus(x_ij), is summed over all pairs, edges and
 * diagonal included: dense and label-free.  The edges and the diagonal are then
 * corrected one by one.
 */
#include "decoder_pairs.h"

#include <math.h>
#include <string.h>

#include "dense.h"
#include "kernels.h"
#include "negatives.h"
#include "parallel.h"
#include "simd.h"

/* Rows and columns of a tile of Z·Zᵀ: 256 KB of float, for the L2 cache. */
#define TILE 256

/* Nodes of a block in the passes over edges. */
#define BLOCK_NODES 256

_Static_assert(TILE >= BLOCK_NODES, "block_loss has room for blocks of BLOCK_NODES");

/* What one call works with. */
typedef struct PairTask
{
	GaePairDecoder *decoder;
	const bool *masked;
	const GaeReal *left;		/* factors: row i begins at left + i · latent_dim */
	const GaeReal *right;
	GaeReal    *d_left;
	GaeReal    *d_right;		/* by the tiles' columns */
	double		scale;			/* of the sum: norm / n² */
	double		pos_weight;
	double		edge_negative;	/* softplus(x) of an edge to take back: 1 or 0 */
	double		sample_weight;	/* of a sampled non-edge, over the non-edges of its source */
	int64_t		tiles;			/* along a side */
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
	const GaePairDecoder *decoder = t->decoder;
	bool		directed = decoder->graph->directed;
	int64_t		stride = decoder->latent_dim;
	int64_t		width = decoder->width;
	int64_t		nodes = decoder->graph->nodes;
	int64_t		i = block * TILE;
	int64_t		j = (block + t->distance) % t->tiles * TILE;
	int64_t		rows = nodes - i < TILE ? nodes - i : TILE;
	int64_t		columns = nodes - j < TILE ? nodes - j : TILE;
	GaeReal    *x = decoder->tile + (int64_t) worker * TILE * TILE;
	double		both = directed ? 1 : 2;
	double		sum;

	gae_gemm(GAE_PLAIN, GAE_TRANSPOSED, rows, columns, width,
			 1, t->left + i * stride, stride, t->right + j * stride, stride, 0, x, columns);
	sum = gae_sigmoid_softplus(x, rows * columns);
	decoder->block_loss[block] = (t->distance == 0 ? 1 : both) * sum;
	gae_gemm(GAE_PLAIN, GAE_PLAIN, rows, width, columns,
			 (GaeReal) (both * t->scale), x, columns, t->right + j * stride, stride,
			 1, t->d_left + i * stride, stride);
	if (directed || t->distance > 0)
		gae_gemm(GAE_TRANSPOSED, GAE_PLAIN, columns, width, rows,
				 (GaeReal) (both * t->scale), x, columns, t->left + i * stride, stride,
				 1, t->d_right + j * stride, stride);
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
	bool		directed = task->decoder->graph->directed;
	int64_t		rounds;

	task->tiles = gae_blocks(task->decoder->graph->nodes, TILE);
	rounds = directed ? task->tiles : task->tiles / 2 + 1;
	for (task->distance = 0; task->distance < rounds; task->distance++)
	{
		int64_t		blocks = task->tiles;

		/* Half-way round an even circle, I and J would meet twice. */
		if (!directed && task->distance > 0 && 2 * task->distance == task->tiles)
			blocks = task->tiles / 2;
		GAE_TRY(gae_parallel(env, blocks, tile_block, task));
		*sum += add_blocks(task->decoder->block_loss, blocks);
	}
	return GAE_OK;
}

/* out += factor · in */
GAE_INLINE void
accumulate(GaeReal *restrict out, GaeReal factor, const GaeReal *restrict in, int64_t width)
{
	for (int64_t j = 0; j < width; j++)
		out[j] += factor * in[j];
}

/*
 * The loss of a pair with logit x that is a target with weight "positive" and a
 * non-edge with weight "negative", and its slope d loss / d x.
 */
GAE_INLINE GaeReal
pair_term(GaeReal x, GaeReal positive, GaeReal negative, GaeReal *slope)
{
	GaeReal		e = gae_real_exp(-gae_real_abs(x));
	GaeReal		sigmoid = gae_real_sigmoid(x, e);
	GaeReal		softplus = gae_real_softplus(x, e);

	*slope = positive * (sigmoid - 1) + negative * sigmoid;
	return positive * (softplus - x) + negative * softplus;
}

/* How much an edge's being one counts. */
GAE_INLINE GaeReal
target_weight(const PairTask *t, int32_t edge)
{
	const GaePairDecoder *decoder = t->decoder;

	if (t->masked != NULL && !t->masked[edge])
		return 0;
	if (decoder->graph->weight == NULL)
		return (GaeReal) t->pos_weight;
	return (GaeReal) (t->pos_weight * decoder->graph->weight[edge] / decoder->mean_weight);
}

/*
 * The edges and the diagonal at a block of nodes.  Every node adds up its own
 * gradient from all edges at it; an undirected edge counts once at either end,
 * as two ordered pairs do.
 */
GAE_VECTORISED static double
edges_of_nodes(const PairTask *t, int64_t first, int64_t end)
{
	const GaeIncidence *incidence = t->decoder->incidence;
	bool		directed = incidence->directed;
	int64_t		stride = t->decoder->latent_dim;
	int64_t		width = t->decoder->width;
	GaeReal		pos_weight = (GaeReal) t->pos_weight;
	GaeReal		negative = (GaeReal) -t->edge_negative;	/* to take back */
	GaeReal		scale = (GaeReal) (directed ? t->scale : 2 * t->scale);
	int64_t		last_entry = incidence->offset[end] - GAE_PREFETCH_ENTRIES;
	GaeReal		slope;
	double		sum = 0;

	for (int64_t i = first; i < end; i++)
	{
		const GaeReal *left = t->left + i * stride;
		const GaeReal *right = t->right + i * stride;

		sum += pair_term(gae_real_dot(left, right, width), pos_weight, negative, &slope);
		accumulate(t->d_left + i * stride, scale * slope, right, width);
		if (directed)
			accumulate(t->d_right + i * stride, scale * slope, left, width);

		for (int64_t e = incidence->offset[i]; e < incidence->offset[i + 1]; e++)
		{
			bool		into = directed && e < incidence->out[i];
			const GaeReal *own = into ? right : left;
			const GaeReal *other = (into ? t->left : t->right) + incidence->neighbor[e] * stride;
			GaeReal		term;

			if (e < last_entry)
				gae_prefetch_row(t->left + incidence->neighbor[e + GAE_PREFETCH_ENTRIES] * stride,
								 stride);
			term = pair_term(gae_real_dot(own, other, width),
							 target_weight(t, incidence->edge[e]), negative, &slope);

			if (!into)
				sum += term;
			accumulate((into ? t->d_right : t->d_left) + i * stride, scale * slope, other, width);
		}
	}
	return sum;
}

static int64_t
block_end(const PairTask *t, int64_t block)
{
	int64_t		end = (block + 1) * BLOCK_NODES;

	return end < t->decoder->graph->nodes ? end : t->decoder->graph->nodes;
}

static void
edge_block(void *arg, int64_t block, int worker)
{
	const PairTask *t = arg;

	(void) worker;
	t->decoder->block_loss[block] = edges_of_nodes(t, block * BLOCK_NODES, block_end(t, block));
}

/*
 * Sampled non-edges at some nodes, as sources: loss, slope, and d_left.  A sample
 * of node i stands for its share of the pairs (i, j) that are no edges.
 */
GAE_VECTORISED static double
samples_of_sources(const PairTask *t, int64_t first, int64_t end)
{
	const GaeIncidence *incidence = t->decoder->incidence;
	GaeNegatives *sample = t->decoder->sample;
	int64_t		stride = t->decoder->latent_dim;
	int64_t		width = t->decoder->width;
	int64_t		last_sample = gae_negatives_first(sample, end) - GAE_PREFETCH_ENTRIES;
	GaeReal		slope;
	double		sum = 0;

	for (int64_t i = first; i < end; i++)
	{
		int64_t		edges = incidence->offset[i + 1] -
			(incidence->directed ? incidence->out[i] : incidence->offset[i]);
		GaeReal		weight = (GaeReal)
			(t->sample_weight * ((double) incidence->nodes - 1 - (double) edges));

		for (int64_t k = gae_negatives_first(sample, i); k < gae_negatives_first(sample, i + 1); k++)
		{
			const GaeReal *right = t->right + sample->dst[k] * stride;

			if (k < last_sample)
				gae_prefetch_row(t->right + sample->dst[k + GAE_PREFETCH_ENTRIES] * stride, width);
			sum += pair_term(gae_real_dot(t->left + i * stride, right, width), 0, weight, &slope);
			sample->slope[k] = (GaeReal) t->scale * slope;
			accumulate(t->d_left + i * stride, sample->slope[k], right, width);
		}
	}
	return sum;
}

static void
sample_src_block(void *arg, int64_t block, int worker)
{
	const PairTask *t = arg;

	(void) worker;
	t->decoder->block_loss[block] = samples_of_sources(t, block * BLOCK_NODES, block_end(t, block));
}

/* The same as targets: d_right, from the slopes found. */
GAE_VECTORISED static void
samples_of_targets(const PairTask *t, int64_t first, int64_t end)
{
	const GaeNegatives *sample = t->decoder->sample;
	int64_t		stride = t->decoder->latent_dim;
	int64_t		width = t->decoder->width;
	int64_t		last_sample = sample->dst_offset[end] - GAE_PREFETCH_ENTRIES;

	for (int64_t j = first; j < end; j++)
	{
		for (int64_t e = sample->dst_offset[j]; e < sample->dst_offset[j + 1]; e++)
		{
			const GaePlacedSample *placed = &sample->by_dst[e];

			if (e < last_sample)
				gae_prefetch_row(t->left + placed[GAE_PREFETCH_ENTRIES].src * stride, width);
			accumulate(t->d_right + j * stride, sample->slope[placed->number],
					   t->left + placed->src * stride, width);
		}
	}
}

static void
sample_dst_block(void *arg, int64_t block, int worker)
{
	const PairTask *t = arg;

	(void) worker;
	samples_of_targets(t, block * BLOCK_NODES, block_end(t, block));
}

static GaeStatus
sampled_pairs(GaeEnv *env, PairTask *task, uint32_t step, double targets, double *sum)
{
	GaePairDecoder *decoder = task->decoder;
	int64_t		blocks = gae_blocks(decoder->graph->nodes, BLOCK_NODES);
	int64_t		count = (int64_t) ceil(decoder->negatives * targets);

	if (count > decoder->sample->capacity)
		count = decoder->sample->capacity;
	GAE_TRY(gae_negatives_draw(env, decoder->incidence, count, decoder->seed, step, decoder->sample));
	if (decoder->sample->count == 0)
		return GAE_OK;

	/* On average count / n samples for each source. */
	task->sample_weight = (double) decoder->graph->nodes / (double) decoder->sample->count;
	GAE_TRY(gae_parallel(env, blocks, sample_src_block, task));
	*sum += add_blocks(decoder->block_loss, blocks);
	return gae_parallel(env, blocks, sample_dst_block, task);
}

static GaeStatus
pair_loss(GaeEnv *env, GaeDecoder *base, const GaeDecoderStep *step,
		  const GaeReal *z, GaeReal *d_z, double *loss)
{
	GaePairDecoder *decoder = (GaePairDecoder *) base;
	bool		directed = decoder->graph->directed;
	double		ordered = directed ? 1 : 2;
	double		nodes = decoder->graph->nodes;
	double		targets = decoder->training_edges;
	double		pairs = nodes * nodes;
	int64_t		blocks = gae_blocks(decoder->graph->nodes, BLOCK_NODES);
	int64_t		values = decoder->graph->nodes * decoder->latent_dim;
	PairTask	task = {
		.decoder = decoder,
		.masked = step->masked,
		.left = z,
		.right = directed ? z + decoder->width : z,
		.d_left = d_z,
		.d_right = directed ? d_z + decoder->width : decoder->mirror,
	};
	double		sum = 0;

	if (step->masked != NULL)
	{
		targets = 0;
		for (int64_t e = 0; e < decoder->graph->edges; e++)
			targets += step->masked[e];
		pairs -= ordered * (decoder->training_edges - targets);
	}
	task.scale = 1 / (2 * (pairs - ordered * targets));
	task.pos_weight = targets > 0 ? (pairs - ordered * targets) / (ordered * targets) : 0;
	task.edge_negative = isinf(decoder->negatives) ? 1 : 0;

	memset(d_z, 0, (size_t) values * sizeof(GaeReal));
	if (!directed)
		memset(decoder->mirror, 0, (size_t) values * sizeof(GaeReal));
	if (isinf(decoder->negatives))
		GAE_TRY(all_pairs(env, &task, &sum));
	else
		GAE_TRY(sampled_pairs(env, &task, step->step, targets, &sum));
	GAE_TRY(gae_parallel(env, blocks, edge_block, &task));
	sum += add_blocks(decoder->block_loss, blocks);
	if (!directed)
		for (int64_t v = 0; v < values; v++)
			d_z[v] += decoder->mirror[v];
	*loss = task.scale * sum;
	return GAE_OK;
}

GaeStatus
gae_pair_decoder_create(GaeEnv *env, const GaeGraph *graph, const GaeIncidence *incidence,
						int64_t latent_dim, double negatives, int64_t seed, GaePairDecoder *decoder)
{
	double		weights = 0;

	memset(decoder, 0, sizeof(*decoder));
	decoder->base.loss = pair_loss;
	decoder->graph = graph;
	decoder->incidence = incidence;
	decoder->latent_dim = latent_dim;
	decoder->width = graph->directed ? latent_dim / 2 : latent_dim;
	decoder->negatives = negatives;
	decoder->seed = seed;
	decoder->training_edges = (double) (incidence->offset[incidence->nodes] / 2);
	if (graph->weight != NULL)
	{
		for (int64_t e = 0; e < incidence->offset[incidence->nodes]; e++)
			weights += graph->weight[incidence->edge[e]];
		decoder->mean_weight = weights / (2 * decoder->training_edges);
	}

	GAE_ALLOC(env, decoder->block_loss, gae_blocks(graph->nodes, BLOCK_NODES));
	if (!graph->directed)
		GAE_ALLOC(env, decoder->mirror, graph->nodes * latent_dim);
	if (isinf(negatives))
		GAE_ALLOC(env, decoder->tile, (int64_t) gae_workers(env) * TILE * TILE);
	else
	{
		GAE_ALLOC(env, decoder->sample, 1);
		GAE_TRY(gae_negatives_create(env, graph->nodes,
									 (int64_t) fmin(ceil(negatives * decoder->training_edges), 1e18),
									 decoder->sample));
	}
	return GAE_OK;
}
