/*
 * pair_list.c
 *		Loss and gradient of listed pairs, a chunk at a time: inner products of rows
 *		that lie anywhere, all their terms side by side, and the sums of the rows
 *		while they are still near.
 */
#include "pair_list.h"

#include "simd.h"
#include "vector.h"

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

/* Where the listing of pairs has come to: everything of a node in a fixed order. */
typedef struct Cursor
{
	int64_t		node;
	int64_t		end;
	enum
	{
		DIAGONAL,
		EDGES,
		TARGETS,				/* of sampled pairs */
		SOURCES,
		DONE
	}			part;
	int64_t		next;			/* of the part: entry of the incidence, or round */
} Cursor;

static void
put_pair(Chunk *chunk, int32_t node, bool into, int32_t other,
		 double positive, double negative, double counted)
{
	int			at = chunk->count++;
	Run		   *run = &chunk->run[chunk->runs - 1];

	if (chunk->runs == 0 || run->node != node || run->into != into)
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

/* The node with itself is a target (A + I). */
static void
put_diagonal(const GaePairList *list, Cursor *cursor, Chunk *chunk)
{
	int32_t		i = (int32_t) cursor->node;

	put_pair(chunk, i, false, i, list->target, list->edge_negative, 1);
	if (list->graph->directed)
		put_pair(chunk, i, true, i, list->target, list->edge_negative, 0);
	cursor->part = EDGES;
	cursor->next = list->incidence->offset[i];
}

static double
target_weight(const GaePairList *list, int32_t edge)
{
	if (list->masked != NULL && !list->masked[edge])
		return 0;
	if (list->graph->weight == NULL)
		return list->target;
	return list->target * list->graph->weight[edge] / list->mean_weight;
}

static void
put_edges(const GaePairList *list, Cursor *cursor, Chunk *chunk)
{
	const GaeIncidence *incidence = list->incidence;
	int32_t		i = (int32_t) cursor->node;
	bool		alike = list->masked == NULL && list->graph->weight == NULL;
	int64_t		e = cursor->next;

	for (; e < incidence->offset[i + 1] && chunk->count < CHUNK; e++)
	{
		bool		into = incidence->directed && e < incidence->out[i];

		put_pair(chunk, i, into, incidence->neighbor[e],
				 alike ? list->target : target_weight(list, incidence->edge[e]),
				 list->edge_negative, into ? 0 : 1);
	}
	cursor->next = e;
	if (e == incidence->offset[i + 1])
	{
		cursor->part = list->sample != NULL ? TARGETS : DONE;
		cursor->next = 0;
	}
}

/* Sampled pairs of which the node is the source, or the target.  Edges do not count. */
static void
put_samples(const GaePairList *list, Cursor *cursor, Chunk *chunk)
{
	bool		into = cursor->part == SOURCES;
	int32_t		i = (int32_t) cursor->node;
	int32_t		other[GAE_NEGATIVES_ROUNDS];
	int			count = into
		? gae_negatives_sources(list->sample, i, cursor->next, other)
		: gae_negatives_targets(list->sample, i, cursor->next, other);

	for (int r = 0; r < count; r++)
	{
		if (other[r] == i ||
			(into ? gae_incidence_has_into(list->incidence, other[r], i)
			 : gae_incidence_has(list->incidence, i, other[r])))
			continue;

		/* An undirected pair's loss is counted by halves, at either end. */
		if (list->graph->directed)
			put_pair(chunk, i, into, other[r], 0, list->sample_negative, into ? 0 : 1);
		else
			put_pair(chunk, i, false, other[r], 0, list->sample_negative / 2, 1);
	}
	cursor->next += GAE_NEGATIVES_ROUNDS;
	if (cursor->next >= list->sample->rounds)
	{
		cursor->part++;
		cursor->next = 0;
	}
}

/*
 * The next pairs, until there are no more or little room is left; and ask for the
 * first rows.
 */
static void
fill_chunk(const GaePairList *list, Cursor *cursor, Chunk *chunk)
{
	chunk->count = 0;
	chunk->runs = 0;
	while (cursor->node < cursor->end && chunk->count <= CHUNK - GAE_NEGATIVES_ROUNDS)
	{
		if (cursor->part == DIAGONAL)
			put_diagonal(list, cursor, chunk);
		else if (cursor->part == EDGES)
			put_edges(list, cursor, chunk);
		else if (cursor->part != DONE)
			put_samples(list, cursor, chunk);
		if (cursor->part == DONE)
		{
			cursor->node++;
			cursor->part = DIAGONAL;
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
take_chunk(const GaePairList *list, const GaeVectorKernels *kernels, Chunk *chunk)
{
	double		sum;

	for (int r = 0; r < chunk->runs; r++)
	{
		const Run  *run = &chunk->run[r];
		const GaeReal *own = (run->into ? list->right : list->left) + run->node * list->stride;

		kernels->dot_rows(run->end - run->first, chunk->count - run->first,
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
gae_pair_list(const GaePairList *list, int64_t first, int64_t end)
{
	const GaeVectorKernels *kernels = gae_vector_kernels();
	Cursor		cursor = {.node = first, .end = end};
	Chunk		chunks[2];
	Chunk	   *chunk = &chunks[0];
	Chunk	   *ahead = &chunks[1];
	double		sum = 0;

	/* While one chunk is worked on, the first rows of the next are on their way. */
	fill_chunk(list, &cursor, chunk);
	while (chunk->count > 0 || cursor.node < end)
	{
		Chunk	   *done = chunk;

		fill_chunk(list, &cursor, ahead);
		sum += take_chunk(list, kernels, chunk);
		chunk = ahead;
		ahead = done;
	}
	return sum;
}
