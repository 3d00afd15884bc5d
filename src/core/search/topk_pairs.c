/*
 * topk_pairs.c
 *		The best of all pairs.
 *
 * Each worker has a heap of up to k links; in the end one heap takes in the others.
 */
#include "core/search/topk.h"

#include <math.h>

#include "core/base/parallel.h"
#include "core/base/range.h"
#include "core/search/mips.h"

/*
 * Up to this k a heap's memory is allocated at once.  Where k is larger, heaps grow
 * while links are found, since few pairs may have min_probability.  Blocks of work are
 * then done in rounds, one block for each heap, and before every round each heap gets
 * room for all links that a block can find.
 */
#define GROWING_LINKS (1 << 20)
#define BLOCK_LINKS ((int64_t) GAE_QUERY_ROWS * GAE_LARGE_HEAP_COLUMN_BLOCKS * GAE_TILE_COLUMNS)

typedef struct PairsTask
{
	GaeMips		mips;
	GaeHeap    *heap;			/* one for each worker; if growing, for each block of a round */
	int64_t    *room;			/* links for which each heap has memory */
	bool		growing;
	int64_t		spans;			/* blocks of work for each query block */
	int64_t		first_block;	/* of the round */
} PairsTask;

/* A block of work: one query block with one span of column blocks. */
static void
pairs_block(void *arg, int64_t number, int worker)
{
	PairsTask  *t = arg;
	const GaeNormBounds *target = &t->mips.target;
	int64_t		block = t->first_block + number;
	GaeRange	rows = gae_block_range(block / t->spans, GAE_QUERY_ROWS, target->nodes);
	GaeRange	column_blocks = gae_block_range(block % t->spans, t->mips.span,
												target->column_blocks);
	GaeHeap    *heap = &t->heap[t->growing ? number : worker];
	GaeQueryBlock query_block;

	if (t->mips.once && t->mips.model->factors.same)
		column_blocks.first = gae_max(column_blocks.first, rows.first / GAE_TILE_COLUMNS);
	if (column_blocks.first >= column_blocks.end)
		return;
	gae_query_block_begin(&t->mips, worker, rows, &query_block);
	for (int64_t place = rows.first; place < rows.end; place++)
		gae_query_block_set_row(&t->mips, &query_block, (int) (place - rows.first),
								t->mips.source.node[place], t->mips.source.norm[place], heap);
	gae_query_block_search(&t->mips, &query_block, column_blocks, true);
}

/* Give heap h room for "wanted" links, or for its capacity if that is less. */
static GaeStatus
heap_grow(GaeEnv *env, PairsTask *task, int h, int64_t wanted)
{
	GaeHeap    *heap = &task->heap[h];
	GaeLink    *link;

	wanted = gae_min(wanted, heap->capacity);
	if (wanted <= task->room[h])
		return GAE_OK;
	task->room[h] = gae_min(gae_max(wanted, 2 * heap->count), heap->capacity);
	GAE_TRY(gae_links_alloc(env, task->room[h],
							"Raise vgae.memory_limit, ask for fewer links by k or min_probability, "
							"or lower vgae.threads.",
							&link));
	if (heap->link != NULL)
		GAE_TRY(gae_copy(env, link, heap->link, (size_t) heap->count * sizeof(GaeLink)));
	gae_free(env, heap->link);
	heap->link = link;
	return GAE_OK;
}

/* Search all pairs: each heap then has the best that it was offered. */
static GaeStatus
offer_pairs(GaeEnv *env, PairsTask *task)
{
	int			heaps = gae_workers(env);
	int64_t		capacity = task->heap[0].capacity;
	int64_t		blocks;

	task->growing = capacity > GROWING_LINKS;
	task->spans = gae_blocks(task->mips.target.column_blocks, task->mips.span);
	blocks = gae_blocks(task->mips.target.nodes, GAE_QUERY_ROWS) * task->spans;
	while (task->first_block < blocks)
	{
		int64_t		left = blocks - task->first_block;
		int64_t		in_round = task->growing ? gae_min(heaps, left) : left;

		for (int h = 0; h < heaps; h++)
			GAE_TRY(heap_grow(env, task, h,
							  task->growing ? task->heap[h].count + BLOCK_LINKS : capacity));
		GAE_TRY(gae_parallel(env, in_round, pairs_block, task));
		task->first_block += in_round;
	}
	return GAE_OK;
}

/* The first heap takes in the others. */
static GaeStatus
merge_heaps(GaeEnv *env, PairsTask *task, int heaps)
{
	for (int h = 1; h < heaps; h++)
	{
		GAE_TRY(heap_grow(env, task, 0, task->heap[0].count + task->heap[h].count));
		for (int64_t l = 0; l < task->heap[h].count; l++)
		{
			if (l % GAE_HEAP_POLL_LINKS == 0)
				GAE_TRY(gae_poll(env));
			gae_heap_offer(&task->heap[0], task->heap[h].link[l]);
		}
		gae_free(env, task->heap[h].link);
	}
	return GAE_OK;
}

GaeStatus
gae_predict_links(GaeEnv *env, const GaeModel *model, const GaeTopkOptions *options,
				  GaeLink **links, int64_t *count)
{
	PairsTask	task = {0};
	int			workers = gae_workers(env);
	double		pairs;

	GAE_TRY(gae_mips_init(env, model, options, &task.mips));
	pairs = (double) task.mips.target.nodes * (task.mips.target.nodes - 1.0) /
		(model->config.directed ? 1 : 2);
	task.mips.once = !model->config.directed;
	GAE_ALLOC_ZERO(env, task.room, workers);
	GAE_ALLOC_ZERO(env, task.heap, workers);
	for (int h = 0; h < workers; h++)
		task.heap[h].capacity = (int64_t) fmin((double) options->k, pairs);
	GAE_TRY(offer_pairs(env, &task));
	GAE_TRY(merge_heaps(env, &task, workers));
	GAE_TRY(gae_heap_sort(env, &task.heap[0]));
	*links = task.heap[0].link;
	*count = task.heap[0].count;
	return GAE_OK;
}
