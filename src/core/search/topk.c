/*
 * topk.c
 *		The best of all pairs, and the best partners of each of many nodes.
 */
#include "core/search/topk.h"

#include <math.h>
#include <string.h>

#include "core/search/heap.h"
#include "core/base/parallel.h"
#include "core/search/mips.h"

/*
 * A larger k gets memory as links are found: with a min_probability that few pairs
 * have it takes little.  Blocks are then done in rounds of one for each heap, between
 * which heaps grow by what a block may find.
 */
#define GROWING_LINKS (1 << 20)
#define BLOCK_LINKS ((int64_t) GAE_MIPS_ROWS * GAE_LARGE_HEAP_BLOCKS * GAE_TILE_COLUMNS)

/* Nodes whose links one block of work sorts. */
#define SORT_NODES 64
#define SORT_LINKS 1024

static int64_t
lesser(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t
greater(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* ---- the best of all pairs: as many heaps as workers ---- */

typedef struct PairsTask
{
	GaeMips	sweep;
	GaeNormOrder source;
	GaeHeap    *heap;			/* one a worker; while they grow, one a block of the round */
	bool		growing;
	int64_t		column_blocks;
	int64_t		first_block;	/* of the round */
} PairsTask;

static void
pairs_block(void *arg, int64_t number, int worker)
{
	PairsTask  *t = arg;
	const GaeNormBounds *target = &t->sweep.target;
	int64_t		block = t->first_block + number;
	int64_t		first = block / t->column_blocks * GAE_MIPS_ROWS;
	int64_t		rows = lesser(target->nodes - first, GAE_MIPS_ROWS);
	int64_t		panel = block % t->column_blocks * t->sweep.panels_per_block;
	int64_t		end = lesser(panel + t->sweep.panels_per_block, target->count);
	GaeHeap    *heap = &t->heap[t->growing ? number : worker];
	GaeQueryBlock		row_block;

	if (t->sweep.once && panel < first / GAE_TILE_COLUMNS)
		panel = first / GAE_TILE_COLUMNS;
	if (panel >= end)
		return;
	gae_query_block_begin(&t->sweep, worker, first, rows, &row_block);
	for (int r = 0; r < rows; r++)
		gae_query_block_put(&t->sweep, &row_block, r, t->source.node[first + r], t->source.norm[first + r],
					 heap);
	gae_query_block_search(&t->sweep, &row_block, panel, end, true);
}

/* Give a heap with room for "room" links room for "wanted" (or its capacity). */
static GaeStatus
heap_grow(GaeEnv *env, GaeHeap *heap, int64_t wanted, int64_t *room)
{
	GaeLink    *link;

	wanted = lesser(wanted, heap->capacity);
	if (wanted <= *room)
		return GAE_OK;
	*room = lesser(greater(wanted, 2 * heap->count), heap->capacity);
	GAE_TRY(gae_links_alloc(env, *room,
							"Raise vgae.memory_limit, ask for fewer links by k or min_probability, "
							"or lower vgae.threads.",
							&link));
	if (heap->link != NULL)
		GAE_TRY(gae_copy(env, link, heap->link, (size_t) heap->count * sizeof(GaeLink)));
	gae_free(env, heap->link);
	heap->link = link;
	return GAE_OK;
}

/* All blocks, into the heaps. */
static GaeStatus
offer_pairs(GaeEnv *env, PairsTask *task, int64_t *room)
{
	int			heaps = gae_workers(env);
	int64_t		capacity = task->heap[0].capacity;
	int64_t		blocks;

	task->growing = capacity > GROWING_LINKS;
	task->column_blocks = gae_blocks(task->sweep.target.count, task->sweep.panels_per_block);
	blocks = gae_blocks(task->sweep.target.nodes, GAE_MIPS_ROWS) * task->column_blocks;
	while (task->first_block < blocks)
	{
		int64_t		in_round = lesser(task->growing ? heaps : INT64_MAX, blocks - task->first_block);

		for (int h = 0; h < heaps; h++)
			GAE_TRY(heap_grow(env, &task->heap[h],
							  task->growing ? task->heap[h].count + BLOCK_LINKS : capacity, &room[h]));
		GAE_TRY(gae_parallel(env, in_round, pairs_block, task));
		task->first_block += in_round;
	}
	return GAE_OK;
}

/* A directed model's sources are the first halves of its embeddings. */
static GaeStatus
pairs_init(GaeEnv *env, const GaeModel *model, const GaeTopkOptions *options, PairsTask *task)
{
	GAE_TRY(gae_mips_init(env, model, options, &task->sweep));
	task->sweep.once = !model->config.directed;
	task->source = task->sweep.target.order;
	if (model->config.directed)
		GAE_TRY(gae_norm_order(env, model->nodes, task->sweep.width, model->mu,
							   model->config.latent_dim, &task->source));
	task->sweep.source_scale = task->source.scale;
	return GAE_OK;
}

GaeStatus
gae_predict_links(GaeEnv *env, const GaeModel *model, const GaeTopkOptions *options,
				  GaeLink **links, int64_t *count)
{
	PairsTask	task = {0};
	double		pairs = (double) model->nodes * (model->nodes - 1.0) /
		(model->config.directed ? 1 : 2);
	int			workers = gae_workers(env);
	int64_t    *room;

	GAE_TRY(pairs_init(env, model, options, &task));
	GAE_ALLOC_ZERO(env, room, workers);
	GAE_ALLOC_ZERO(env, task.heap, workers);
	for (int h = 0; h < workers; h++)
		task.heap[h].capacity = (int64_t) fmin((double) options->k, pairs);
	GAE_TRY(offer_pairs(env, &task, room));

	/* One heap takes in the others. */
	for (int h = 1; h < workers; h++)
	{
		GAE_TRY(heap_grow(env, &task.heap[0], task.heap[0].count + task.heap[h].count, &room[0]));
		for (int64_t l = 0; l < task.heap[h].count; l++)
		{
			if (l % GAE_HEAP_POLL_LINKS == 0)
				GAE_TRY(gae_poll(env));
			gae_heap_offer(&task.heap[0], task.heap[h].link[l]);
		}
		gae_free(env, task.heap[h].link);
	}
	GAE_TRY(gae_heap_sort(env, &task.heap[0]));
	*links = task.heap[0].link;
	*count = task.heap[0].count;
	return GAE_OK;
}

/* ---- the best partners of each node: a heap for each node ---- */

struct GaeRecommender
{
	GaeMips	sweep;
	double	   *norm;			/* of the sources, by node; scaled */
	GaeLink    *link;			/* for max_nodes heaps */
	GaeHeap    *heap;
	int64_t		capacity;		/* of each */
	int32_t		first;			/* the range's first node */
	int32_t		nodes;
	int64_t		first_panel;	/* of the columns at work */
};

GaeStatus
gae_recommender_create(GaeEnv *env, const GaeModel *model, const GaeTopkOptions *options,
					   int32_t max_nodes, GaeRecommender **recommender)
{
	GaeRecommender *r;
	GaeNormOrder source;

	GAE_ALLOC_ZERO(env, r, 1);
	GAE_TRY(gae_mips_init(env, model, options, &r->sweep));
	source = r->sweep.target.order;
	if (model->config.directed)
		GAE_TRY(gae_norm_order(env, model->nodes, r->sweep.width, model->mu,
							   model->config.latent_dim, &source));
	r->sweep.source_scale = source.scale;
	GAE_ALLOC(env, r->norm, model->nodes);
	for (int32_t place = 0; place < model->nodes; place++)
	{
		if (place % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(env));
		r->norm[source.node[place]] = source.norm[place];
	}

	r->capacity = lesser(options->k, (int64_t) model->nodes - 1);
	if (r->capacity > 0 && max_nodes > INT64_MAX / r->capacity)
		return gae_fail(env, GAE_OUT_OF_MEMORY, "out of memory");
	GAE_TRY(gae_links_alloc(env, max_nodes * r->capacity, GAE_LOWER_K, &r->link));
	GAE_ALLOC(env, r->heap, max_nodes);
	*recommender = r;
	return GAE_OK;
}

static void
range_block(void *arg, int64_t block, int worker)
{
	GaeRecommender *t = arg;
	int64_t		first = block * GAE_MIPS_ROWS;
	int64_t		rows = lesser(t->nodes - first, GAE_MIPS_ROWS);
	int64_t		end = lesser(t->first_panel + t->sweep.panels_per_block, t->sweep.target.count);
	GaeQueryBlock		row_block;

	gae_query_block_begin(&t->sweep, worker, t->first + first, rows, &row_block);
	for (int r = 0; r < rows; r++)
	{
		int32_t		node = (int32_t) (t->first + first + r);

		gae_query_block_put(&t->sweep, &row_block, r, node, t->norm[node], &t->heap[first + r]);
	}
	gae_query_block_search(&t->sweep, &row_block, t->first_panel, end, false);
}

static void
sort_block(void *arg, int64_t block, int worker)
{
	const GaeRecommender *t = arg;
	int64_t		end = lesser((block + 1) * SORT_NODES, t->nodes);

	(void) worker;
	for (int64_t i = block * SORT_NODES; i < end; i++)
		gae_heap_sort_small(&t->heap[i]);
}

GaeStatus
gae_recommend_range(GaeEnv *env, GaeRecommender *r, int32_t first, int32_t nodes,
					const GaeLink **links, int64_t *count)
{
	r->first = first;
	r->nodes = nodes;
	for (int64_t i = 0; i < nodes; i++)
		r->heap[i] = (GaeHeap) {r->link + i * r->capacity, r->capacity, 0};
	for (r->first_panel = 0; r->first_panel < r->sweep.target.count;
		 r->first_panel += r->sweep.panels_per_block)
		GAE_TRY(gae_parallel(env, gae_blocks(nodes, GAE_MIPS_ROWS), range_block, r));

	if (r->capacity <= SORT_LINKS)
		GAE_TRY(gae_parallel(env, gae_blocks(nodes, SORT_NODES), sort_block, r));
	else
		for (int32_t i = 0; i < nodes; i++)
			GAE_TRY(gae_heap_sort(env, &r->heap[i]));

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
