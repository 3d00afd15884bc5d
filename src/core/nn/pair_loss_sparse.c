/*
 * pair_loss_sparse.c
 *		Scores, loss and gradient of listed pairs, a chunk at a time, so that the chunk's
 *		factors are in the cache when its gradients are added up.
 */
#include "core/nn/pair_loss_sparse.h"

#include "core/base/parallel.h"
#include "core/base/range.h"
#include "core/base/simd.h"
#include "core/linalg/vector.h"

/* Nodes of a block, at most: few, so that threads share even a small graph evenly. */
#define BLOCK_NODES 128

GaeStatus
gae_pair_loss_sparse_create(GaeEnv *env, int64_t nodes, double listed, int64_t width,
							GaePairLossSparse *loss)
{
	loss->block_nodes = gae_block_rows(nodes, listed, width, BLOCK_NODES);
	GAE_ALLOC(env, loss->block_loss, gae_blocks(nodes, loss->block_nodes));
	return GAE_OK;
}

double
gae_pair_loss_sparse_bytes(double nodes)
{
	return nodes / BLOCK_NODES * sizeof(double);
}

/* What one call works with. */
typedef struct SparseTask
{
	const GaePairLossSparse *loss;
	const GaePairListing *listing;
	const GaeLinkFactors *factors;
	const GaeVectorKernels *kernels;
	GaeReal		scale;			/* of the gradient that a pair adds to one factor */
} SparseTask;

/*
 * Of a pair with score x that is a target with weight "positive" and a non-edge
 * with weight "negative": the loss, and in place of x its slope.
 */
GAE_INLINE GaeReal
pair_term(GaeReal *x, GaeReal positive, GaeReal negative)
{
	GaeReal		score = *x;
	GaeReal		e = gae_real_exp_minus(gae_real_abs(score));
	GaeReal		sigmoid = gae_real_sigmoid(score, e);
	GaeReal		softplus = gae_real_softplus(score, e);

	*x = positive * (sigmoid - 1) + negative * sigmoid;
	return positive * (softplus - score) + negative * softplus;
}

GAE_VECTORISED static double
take_terms(GaePairChunk *restrict chunk)
{
	double		lane[GAE_LANES] = {0};
	double		sum = 0;

	/* Whole vectors: what stands behind the last pair counts for nothing. */
	for (int k = chunk->count; k % GAE_LANES != 0; k++)
		chunk->x[k] = chunk->positive[k] = chunk->negative[k] = chunk->counted[k] = 0;
	for (int k = 0; k < chunk->count; k += GAE_LANES)
		for (int l = 0; l < GAE_LANES; l++)
			lane[l] += chunk->counted[k + l] *
				pair_term(&chunk->x[k + l], chunk->positive[k + l], chunk->negative[k + l]);
	for (int l = 0; l < GAE_LANES; l++)
		sum += lane[l];
	return sum;
}

/* Ask for the first factors that a chunk needs. */
static void
prefetch_chunk(const SparseTask *t, const GaePairChunk *chunk)
{
	for (int k = 0; k < chunk->count && k < GAE_PREFETCH_ENTRIES; k++)
		gae_prefetch_row(t->factors->right + chunk->other[k] * t->factors->stride,
						 t->factors->width);
}

/* The scores of a chunk's pairs. */
static void
score_chunk(const SparseTask *t, GaePairChunk *chunk)
{
	const GaeLinkFactors *factors = t->factors;
	bool		directed = t->listing->graph->directed;

	for (int r = 0; r < chunk->runs; r++)
	{
		const GaePairRun *run = &chunk->run[r];
		const GaeReal *own = (run->into ? factors->right : factors->left) + run->node * factors->stride;
		int			count = run->end - run->first;

		/* What follows in an undirected graph are rows of the same matrix. */
		t->kernels->dot_rows(count, directed ? count : chunk->count - run->first,
							 chunk->other + run->first, own, factors->width, factors->stride,
							 run->into ? factors->left : factors->right, chunk->x + run->first);
	}
}

/* d_own += Σ x · the other nodes' factors, over the pairs of a run */
static void
add_run(const SparseTask *t, const GaePairChunk *chunk, const GaePairRun *run, const GaeReal *others,
		GaeReal *d_own)
{
	const GaeLinkFactors *factors = t->factors;
	int			count = run->end - run->first;

	t->kernels->add_rows(count, count, chunk->other + run->first, chunk->x + run->first,
						 factors->width, factors->stride, others,
						 d_own + run->node * factors->stride);
}

/* The gradient of a chunk's pairs, whose slopes are in x, for the nodes of its runs. */
static void
add_chunk(const SparseTask *t, const GaePairChunk *chunk)
{
	const GaeLinkFactors *factors = t->factors;
	bool		directed = t->listing->graph->directed;

	for (int r = 0; r < chunk->runs; r++)
	{
		const GaePairRun *run = &chunk->run[r];

		if (run->into)
			add_run(t, chunk, run, factors->left, factors->d_right);
		else
			add_run(t, chunk, run, factors->right, factors->d_left);

		/* (j, i) of an undirected graph, where a node has two factors */
		if (!directed && !factors->same)
			add_run(t, chunk, run, factors->left, factors->d_right);
	}
}

static double
take_chunk(const SparseTask *t, GaePairChunk *chunk)
{
	double		sum;

	score_chunk(t, chunk);
	sum = take_terms(chunk);
	for (int k = 0; k < chunk->count; k++)
		chunk->x[k] *= t->scale;
	add_chunk(t, chunk);
	return sum;
}

/* The pairs of a block of nodes. */
static void
pairs_block(void *arg, int64_t block, int worker)
{
	const SparseTask *t = arg;
	GaeRange	nodes = gae_block_range(block, t->loss->block_nodes, t->listing->graph->nodes);
	GaePairCursor cursor;
	GaePairChunk chunks[2];
	GaePairChunk *chunk = &chunks[0];
	GaePairChunk *ahead = &chunks[1];
	double		sum = 0;

	(void) worker;

	/* While one chunk is worked on, the first factors of the next are on their way. */
	gae_pair_cursor_begin(t->listing, nodes.first, nodes.end, &cursor);
	gae_pair_chunk_fill(&cursor, chunk);
	prefetch_chunk(t, chunk);
	while (chunk->count > 0)
	{
		GaePairChunk *done = chunk;

		gae_pair_chunk_fill(&cursor, ahead);
		prefetch_chunk(t, ahead);
		sum += take_chunk(t, chunk);
		chunk = ahead;
		ahead = done;
	}
	t->loss->block_loss[block] = sum;
}

GaeStatus
gae_pair_loss_sparse(GaeEnv *env, GaePairLossSparse *loss, const GaePairListing *listing,
					 const GaeLinkFactors *factors, double scale, double *sum)
{
	int64_t		blocks = gae_blocks(listing->graph->nodes, loss->block_nodes);
	double		of_blocks = 0;
	SparseTask	task = {
		.loss = loss, .listing = listing, .factors = factors, .kernels = gae_vector_kernels(),

		/* A node with one factor has the gradient of the pairs at both of its ends. */
		.scale = (GaeReal) ((factors->same ? 2 : 1) * scale)
	};

	GAE_TRY(gae_parallel(env, blocks, pairs_block, &task));
	for (int64_t b = 0; b < blocks; b++)
		of_blocks += loss->block_loss[b];
	*sum += of_blocks;
	return GAE_OK;
}
