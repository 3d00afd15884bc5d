/*
 * pair_loss_sparse.c
 *		Loss and gradient of listed pairs, a chunk at a time: inner products of rows
 *		that lie anywhere, all their terms side by side, and the sums of the rows
 *		while they are still near.
 */
#include "core/nn/pair_loss_sparse.h"

#include "core/base/simd.h"
#include "core/linalg/vector.h"

/* Pairs of a chunk: their rows, of usual width, stay in the second-level cache. */
#define CHUNK 512

/* Pairs with one node, that have it at the same end. */
typedef struct Run
{
	int32_t		node;
	bool		into;			/* directed: the node is their target */
	int			first;			/* in the chunk */
	int			end;
} Run;

typedef struct Chunk
{
	int			count;
	int			runs;
	Run			run[CHUNK];
	int32_t		other[CHUNK];	/* the other node of each pair */
	GaeReal		positive[CHUNK];	/* what it counts as a target, … */
	GaeReal		negative[CHUNK];	/* … as a non-edge, … */
	GaeReal		counted[CHUNK]; /* … and whether its loss counts at this end */
	GaeReal		x[CHUNK];		/* its score, and then the slope of its loss */
} Chunk;

/*
 * Where the listing of pairs has come to.  It goes by groups of nodes, whose sampled
 * pairs are looked up together: each node's diagonal, edges and first sampled
 * pairs; then, if there are more rounds of these, each node's next ones.
 */
typedef struct Cursor
{
	const GaePairLossSparse *list;
	int64_t		node;
	int64_t		group;			/* its first node … */
	int64_t		group_end;		/* … and the one behind its last */
	int64_t		end;
	enum
	{
		DIAGONAL,
		EDGES,
		TARGETS,				/* of sampled pairs */
		SOURCES
	}			part;
	int64_t		entry;			/* of the adjacency */
	int64_t		round;			/* the first that is looked up */
	int			rounds;			/* that are looked up; 0 without samples */
	GaeNegativesTable target;
	GaeNegativesTable source;
} Cursor;

static void
put_pair(Chunk *chunk, int32_t node, bool into, int32_t other,
		 double positive, double negative, double counted)
{
	int			at = chunk->count++;
	Run		   *run = chunk->runs > 0 ? &chunk->run[chunk->runs - 1] : NULL;

	if (run == NULL || run->node != node || run->into != into)
	{
		run = &chunk->run[chunk->runs++];
		run->node = node;
		run->into = into;
		run->first = at;
	}
	run->end = at + 1;
	chunk->other[at] = other;
	chunk->positive[at] = (GaeReal) positive;
	chunk->negative[at] = (GaeReal) negative;
	chunk->counted[at] = (GaeReal) counted;
}

/* Look up the group's sampled pairs from a round on. */
static void
look_up_samples(Cursor *cursor, int64_t round)
{
	const GaeNegatives *sample = cursor->list->sample;

	cursor->round = round;
	cursor->rounds = sample == NULL ? 0 :
		gae_negatives_look_up(sample, (int32_t) cursor->group, round, cursor->target, cursor->source);
}

static void
begin_group(Cursor *cursor, int64_t node)
{
	int64_t		end = node + GAE_NEGATIVES_NODES;

	cursor->node = cursor->group = node;
	cursor->group_end = end < cursor->end ? end : cursor->end;
	cursor->part = DIAGONAL;
	if (node < cursor->end)
		look_up_samples(cursor, 0);
}

static void
next_node(Cursor *cursor)
{
	int64_t		next_round = cursor->round + cursor->rounds;

	cursor->node++;
	if (cursor->node < cursor->group_end)
		cursor->part = cursor->round == 0 ? DIAGONAL : TARGETS;
	else if (cursor->rounds > 0 && next_round < cursor->list->sample->rounds)
	{
		cursor->node = cursor->group;
		cursor->part = TARGETS;
		look_up_samples(cursor, next_round);
	}
	else
		begin_group(cursor, cursor->node);
}

/* The node with itself is a target (A + I). */
static void
put_diagonal(Cursor *cursor, Chunk *chunk)
{
	const GaePairLossSparse *list = cursor->list;
	int32_t		i = (int32_t) cursor->node;

	put_pair(chunk, i, false, i, list->target, list->edge_negative, 1);
	if (list->graph->directed)
		put_pair(chunk, i, true, i, list->target, list->edge_negative, 0);
	cursor->part = EDGES;
	cursor->entry = list->adjacency->offset[i];
}

static double
target_weight(const GaePairLossSparse *list, int32_t edge)
{
	if (list->masked != NULL && !list->masked[edge])
		return 0;
	if (list->graph->weight == NULL)
		return list->target;
	return list->target * list->graph->weight[edge] / list->mean_weight;
}

static void
put_edges(Cursor *cursor, Chunk *chunk)
{
	const GaePairLossSparse *list = cursor->list;
	const GaeAdjacency *adjacency = list->adjacency;
	int32_t		i = (int32_t) cursor->node;
	bool		alike = list->masked == NULL && list->graph->weight == NULL;
	int64_t		e = cursor->entry;

	for (; e < adjacency->offset[i + 1] && chunk->count < CHUNK; e++)
	{
		bool		into = adjacency->directed && e < adjacency->out[i];

		put_pair(chunk, i, into, adjacency->neighbor[e],
				 alike ? list->target : target_weight(list, adjacency->edge[e]),
				 list->edge_negative, into ? 0 : 1);
	}
	cursor->entry = e;
	if (e < adjacency->offset[i + 1])
		return;
	if (cursor->rounds > 0)
		cursor->part = TARGETS;
	else
		next_node(cursor);
}

/* Sampled pairs of which the node is the source, or the target.  Edges do not count. */
static void
put_samples(Cursor *cursor, Chunk *chunk)
{
	const GaePairLossSparse *list = cursor->list;
	bool		into = cursor->part == SOURCES;
	int32_t		i = (int32_t) cursor->node;
	int64_t		in_group = cursor->node - cursor->group;

	for (int r = 0; r < cursor->rounds; r++)
	{
		int32_t		other = into ? cursor->source[r][in_group] : cursor->target[r][in_group];

		if (other < 0 || other == i ||
			(into ? gae_adjacency_has_into(list->adjacency, other, i)
			 : gae_adjacency_has(list->adjacency, i, other)))
			continue;

		/* An undirected pair's loss is counted by halves, at either end. */
		if (list->graph->directed)
			put_pair(chunk, i, into, other, 0, list->sample_negative, into ? 0 : 1);
		else
			put_pair(chunk, i, false, other, 0, list->sample_negative / 2, 1);
	}
	if (into)
		next_node(cursor);
	else
		cursor->part = SOURCES;
}

/*
 * The next pairs, until there are no more or little room is left; and ask for the
 * first rows.
 */
static void
fill_chunk(Cursor *cursor, Chunk *chunk)
{
	const GaePairLossSparse *list = cursor->list;

	chunk->count = 0;
	chunk->runs = 0;
	while (cursor->node < cursor->end && chunk->count <= CHUNK - GAE_NEGATIVES_ROUNDS)
	{
		switch (cursor->part)
		{
			case DIAGONAL:
				put_diagonal(cursor, chunk);
				break;
			case EDGES:
				put_edges(cursor, chunk);
				break;
			case TARGETS:
			case SOURCES:
				put_samples(cursor, chunk);
				break;
		}
	}
	for (int k = 0; k < chunk->count && k < GAE_PREFETCH_ENTRIES; k++)
		gae_prefetch_row(list->right + chunk->other[k] * list->stride, list->width);
}

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
take_terms(Chunk *restrict chunk)
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

static double
take_chunk(const GaePairLossSparse *list, const GaeVectorKernels *kernels, Chunk *chunk)
{
	double		sum;

	for (int r = 0; r < chunk->runs; r++)
	{
		const Run  *run = &chunk->run[r];
		const GaeReal *own = (run->into ? list->right : list->left) + run->node * list->stride;

		/* What follows in an undirected graph are rows of the same matrix. */
		kernels->dot_rows(run->end - run->first,
						  list->graph->directed ? run->end - run->first : chunk->count - run->first,
						  chunk->other + run->first, own, list->width, list->stride,
						  run->into ? list->left : list->right, chunk->x + run->first);
	}
	sum = take_terms(chunk);
	for (int k = 0; k < chunk->count; k++)
		chunk->x[k] *= list->scale;
	for (int r = 0; r < chunk->runs; r++)
	{
		const Run  *run = &chunk->run[r];

		kernels->add_rows(run->end - run->first, run->end - run->first,
						  chunk->other + run->first, chunk->x + run->first,
						  list->width, list->stride, run->into ? list->left : list->right,
						  (run->into ? list->d_right : list->d_left) + run->node * list->stride);
	}
	return sum;
}

double
gae_pair_loss_sparse(const GaePairLossSparse *list, int64_t first, int64_t end)
{
	const GaeVectorKernels *kernels = gae_vector_kernels();
	Cursor		cursor = {.list = list, .end = end};
	Chunk		chunks[2];
	Chunk	   *chunk = &chunks[0];
	Chunk	   *ahead = &chunks[1];
	double		sum = 0;

	/* While one chunk is worked on, the first rows of the next are on their way. */
	begin_group(&cursor, first);
	fill_chunk(&cursor, chunk);
	while (chunk->count > 0)
	{
		Chunk	   *done = chunk;

		fill_chunk(&cursor, ahead);
		sum += take_chunk(list, kernels, chunk);
		chunk = ahead;
		ahead = done;
	}
	return sum;
}
