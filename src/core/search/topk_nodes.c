/*
 * topk_nodes.c
 *		The best partners of each of many nodes: a heap for each node.
 */
#include "core/search/topk.h"

#include <string.h>

#include "core/base/parallel.h"
#include "core/base/range.h"
#include "core/search/mips.h"

/* Heaps of up to SORT_LINKS links are sorted by blocks of work of SORT_NODES heaps each. */
#define SORT_NODES 64
#define SORT_LINKS 1024

struct GaeRecommender
{
	GaeMips		mips;
	double	   *norm;			/* by node that can have links: of the scaled vector as a source */
	GaeLink    *link;			/* for max_nodes heaps */
	GaeHeap    *heap;
	int64_t		capacity;		/* of each heap */
	int32_t		first;			/* the range's first node */
	int32_t		nodes;			/* of the range */
	GaeRange	column_blocks;	/* that are searched at present */
};

GaeStatus
gae_recommender_create(GaeEnv *env, const GaeModel *model, const GaeTopkOptions *options,
					   int32_t max_nodes, GaeRecommender **recommender)
{
	GaeRecommender *r;
	const GaeNormOrder *source;

	GAE_ALLOC_ZERO(env, r, 1);
	GAE_TRY(gae_mips_init(env, model, options, &r->mips));
	source = &r->mips.source;
	GAE_ALLOC(env, r->norm, model->nodes);
	for (int32_t place = 0; place < r->mips.target.nodes; place++)
	{
		if (place % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(env));
		r->norm[source->node[place]] = source->norm[place];
	}

	r->capacity = gae_min(options->k, (int64_t) model->nodes - 1);
	if (r->capacity > 0 && max_nodes > INT64_MAX / r->capacity)
		return gae_fail(env, GAE_OUT_OF_MEMORY, "out of memory");
	GAE_TRY(gae_links_alloc(env, max_nodes * r->capacity, GAE_LOWER_K, &r->link));
	GAE_ALLOC(env, r->heap, max_nodes);
	*recommender = r;
	return GAE_OK;
}

/* A block of work: one query block with the column blocks at work. */
static void
range_block(void *arg, int64_t block, int worker)
{
	GaeRecommender *t = arg;
	GaeRange	rows = gae_block_range(block, GAE_QUERY_ROWS, t->nodes);
	GaeQueryBlock query_block;

	gae_query_block_begin(&t->mips, worker, rows, &query_block);
	for (int64_t i = rows.first; i < rows.end; i++)
	{
		int32_t		node = (int32_t) (t->first + i);
		int			r = (int) (i - rows.first);

		if (gae_can_have_links(t->mips.model, node))
			gae_query_block_set_row(&t->mips, &query_block, r, node, t->norm[node], &t->heap[i]);
		else
			gae_query_block_leave_out(&t->mips, &query_block, r);
	}
	gae_query_block_search(&t->mips, &query_block, t->column_blocks, false);
}

static void
sort_block(void *arg, int64_t block, int worker)
{
	const GaeRecommender *t = arg;
	GaeRange	nodes = gae_block_range(block, SORT_NODES, t->nodes);

	(void) worker;
	for (int64_t i = nodes.first; i < nodes.end; i++)
		gae_heap_sort_small(&t->heap[i]);
}

static GaeStatus
sort_heaps(GaeEnv *env, GaeRecommender *r)
{
	if (r->capacity <= SORT_LINKS)
		return gae_parallel(env, gae_blocks(r->nodes, SORT_NODES), sort_block, r);
	for (int32_t i = 0; i < r->nodes; i++)
		GAE_TRY(gae_heap_sort(env, &r->heap[i]));
	return GAE_OK;
}

GaeStatus
gae_recommend_range(GaeEnv *env, GaeRecommender *r, int32_t first, int32_t nodes,
					const GaeLink **links, int64_t *count)
{
	int64_t		spans = gae_blocks(r->mips.target.column_blocks, r->mips.span);

	r->first = first;
	r->nodes = nodes;
	for (int64_t i = 0; i < nodes; i++)
		r->heap[i] = (GaeHeap) {r->link + i * r->capacity, r->capacity, 0};
	for (int64_t s = 0; s < spans; s++)
	{
		r->column_blocks = gae_block_range(s, r->mips.span, r->mips.target.column_blocks);
		GAE_TRY(gae_parallel(env, gae_blocks(nodes, GAE_QUERY_ROWS), range_block, r));
	}
	GAE_TRY(sort_heaps(env, r));

	/* Close the gaps that heaps which are not full leave between them. */
	*links = r->link;
	*count = 0;
	for (int32_t i = 0; i < nodes; i++)
	{
		memmove(r->link + *count, r->heap[i].link, (size_t) r->heap[i].count * sizeof(GaeLink));
		*count += r->heap[i].count;
	}
	return GAE_OK;
}
