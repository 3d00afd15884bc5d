/*
 * topk.c
 *		Blocked products of latents, and bounded heaps.
 *
 * A product in GaeReal precision only says which pairs may be among the best;
 * their scores are then computed as gae_link_score does, so that results agree
 * with it to the last bit.
 */
#include "topk.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "dense.h"
#include "heap.h"
#include "infer.h"
#include "parallel.h"

/* A tile of scores: 1 MB of float, a few milliseconds' work. */
#define TILE_ROWS 256
#define TILE_COLUMNS 1024

/*
 * Tiles between which heaps may grow: a large k, with a min_probability that few
 * pairs have, takes memory for those few only.
 */
#define ROUND_TILES 4
#define ROUND_LINKS ((int64_t) ROUND_TILES * TILE_ROWS * TILE_COLUMNS)

/* Nodes of a block when each node has a heap of its own. */
#define RANGE_ROWS 16

#ifdef GAE_DOUBLE
#define REAL_EPSILON DBL_EPSILON
#else
#define REAL_EPSILON FLT_EPSILON
#endif

typedef struct TopkTask
{
	const GaeModel *model;
	const GaeTopkOptions *options;
	double		margin;			/* what a product may be off by */
	double		least_score;	/* that min_probability allows, less a margin */
	GaeReal    *tile;			/* TILE_ROWS x TILE_COLUMNS for each worker */
	GaeHeap    *heap;			/* one a worker, or one a node */
	int64_t		column_tiles;
	int64_t		first_tile;		/* of the round */
	int32_t		first;			/* the range's first node */
	int32_t		nodes;			/* in the range */
} TopkTask;

static GaeStatus
task_init(GaeEnv *env, const GaeModel *model, const GaeTopkOptions *options, TopkTask *task)
{
	int64_t		d = model->config.latent_dim;
	double		p = options->min_probability;
	double		largest = 0;

	for (int64_t i = 0; i < model->nodes; i++)
		largest = fmax(largest, gae_dot(model->mu + i * d, model->mu + i * d, d));

	/* Higham, Accuracy and Stability, 3.5: |error| <= d ε |a| |b|, and as much for the double sum. */
	task->margin = 2 * (double) d * REAL_EPSILON * largest;
	task->least_score = -INFINITY;
	if (p > 0)
		task->least_score = p < 1
			? (log(p / (1 - p)) - model->calibration.offset) / model->calibration.scale - 1e-6
			: -INFINITY;
	task->model = model;
	task->options = options;
	GAE_ALLOC(env, task->tile, (int64_t) gae_workers(env) * TILE_ROWS * TILE_COLUMNS);
	return gae_dense_load(env);
}

static GaeStatus
heaps_alloc(GaeEnv *env, int64_t heaps, int64_t capacity, TopkTask *task)
{
	GaeLink    *link;

	GAE_ALLOC(env, task->heap, heaps);
	if (capacity > 0 && heaps > INT64_MAX / capacity)
		return gae_fail(env, GAE_OUT_OF_MEMORY, "out of memory");
	GAE_ALLOC(env, link, heaps * capacity);
	for (int64_t h = 0; h < heaps; h++)
		task->heap[h] = (GaeHeap) {link + h * capacity, capacity, 0};
	return GAE_OK;
}

/* x (rows x columns) = scores of nodes i, i + 1, … with nodes j, j + 1, … */
static void
score_tile(const GaeModel *model, int64_t i, int64_t rows, int64_t j, int64_t columns, GaeReal *x)
{
	int64_t		d = model->config.latent_dim;
	int64_t		width = model->config.directed ? d / 2 : d;

	gae_gemm(GAE_PLAIN, GAE_TRANSPOSED, rows, columns, width, 1, model->mu + i * d, d,
			 model->mu + j * d + (d - width), d, 0, x, columns);
}

/* Offer the pairs of node i with nodes j … j + columns - 1. */
static void
offer_row(const TopkTask *t, int32_t i, int32_t j, int64_t columns, const GaeReal *x, GaeHeap *heap)
{
	double		threshold = fmax(gae_heap_threshold(heap), t->least_score) - t->margin;

	for (int64_t c = 0; c < columns; c++)
	{
		GaeLink		link = {i, (int32_t) (j + c), 0};

		if (!(x[c] >= threshold) || link.dst == i)
			continue;
		if (!t->options->include_known && gae_incidence_has(&t->model->known, i, link.dst))
			continue;
		link.score = gae_link_score(t->model, i, link.dst);
		if (t->options->min_probability > 0 &&
			gae_calibrated(&t->model->calibration, link.score) < t->options->min_probability)
			continue;
		gae_heap_offer(heap, link);
		threshold = fmax(gae_heap_threshold(heap), t->least_score) - t->margin;
	}
}

static int64_t
lesser(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* ---- the best of all pairs: tiles, and a heap for each worker ---- */

static void
pairs_block(void *arg, int64_t block, int worker)
{
	const TopkTask *t = arg;
	const GaeModel *model = t->model;
	int64_t		nodes = model->nodes;
	int64_t		tile = t->first_tile + block;
	int64_t		i = tile / t->column_tiles * TILE_ROWS;
	int64_t		j = tile % t->column_tiles * TILE_COLUMNS;
	int64_t		rows = lesser(nodes - i, TILE_ROWS);
	int64_t		columns = lesser(nodes - j, TILE_COLUMNS);
	GaeReal    *x = t->tile + (int64_t) worker * TILE_ROWS * TILE_COLUMNS;

	/* Of an undirected pair, only the order src < dst is looked at. */
	if (!model->config.directed && j + columns <= i + 1)
		return;
	score_tile(model, i, rows, j, columns, x);
	for (int64_t r = 0; r < rows; r++)
	{
		int64_t		skip = 0;

		if (!model->config.directed && i + r + 1 > j)
			skip = lesser(i + r + 1 - j, columns);
		offer_row(t, (int32_t) (i + r), (int32_t) (j + skip), columns - skip,
				  x + r * columns + skip, &t->heap[worker]);
	}
}

/* Give a heap that holds at most "room" links room for "wanted" (or its capacity). */
static GaeStatus
heap_grow(GaeEnv *env, GaeHeap *heap, int64_t wanted, int64_t *room)
{
	GaeLink    *link;

	wanted = lesser(wanted, heap->capacity);
	if (wanted <= *room)
		return GAE_OK;
	*room = lesser(2 * wanted, heap->capacity);
	GAE_ALLOC(env, link, *room);
	if (heap->link != NULL)
		memcpy(link, heap->link, (size_t) heap->count * sizeof(GaeLink));
	gae_free(env, heap->link);
	heap->link = link;
	return GAE_OK;
}

/* All tiles, into one heap for each worker. */
static GaeStatus
offer_pairs(GaeEnv *env, TopkTask *task, int64_t *room)
{
	int64_t		tiles;
	int64_t		round;

	task->column_tiles = gae_blocks(task->model->nodes, TILE_COLUMNS);
	tiles = gae_blocks(task->model->nodes, TILE_ROWS) * task->column_tiles;
	round = task->heap[0].capacity <= ROUND_LINKS ? tiles : ROUND_TILES;
	for (task->first_tile = 0; task->first_tile < tiles; task->first_tile += round)
	{
		for (int h = 0; h < gae_workers(env); h++)
			GAE_TRY(heap_grow(env, &task->heap[h], task->heap[h].count + ROUND_LINKS, &room[h]));
		GAE_TRY(gae_parallel(env, lesser(round, tiles - task->first_tile), pairs_block, task));
	}
	return GAE_OK;
}

GaeStatus
gae_predict_links(GaeEnv *env, const GaeModel *model, const GaeTopkOptions *options,
				  GaeLink **links, int64_t *count)
{
	TopkTask	task = {0};
	double		pairs = (double) model->nodes * (model->nodes - 1.0);
	int			workers = gae_workers(env);
	int64_t    *room;

	GAE_TRY(task_init(env, model, options, &task));
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
			gae_heap_offer(&task.heap[0], task.heap[h].link[l]);
		gae_free(env, task.heap[h].link);
	}
	gae_heap_sort(&task.heap[0]);
	*links = task.heap[0].link;
	*count = task.heap[0].count;
	return GAE_OK;
}

/* ---- the best partners of each node: rows, and a heap for each node ---- */

static void
range_block(void *arg, int64_t block, int worker)
{
	const TopkTask *t = arg;
	int64_t		first = block * RANGE_ROWS;
	int64_t		rows = lesser(t->nodes - first, RANGE_ROWS);
	GaeReal    *x = t->tile + (int64_t) worker * TILE_ROWS * TILE_COLUMNS;

	for (int64_t j = 0; j < t->model->nodes; j += TILE_COLUMNS)
	{
		int64_t		columns = lesser(t->model->nodes - j, TILE_COLUMNS);

		score_tile(t->model, t->first + first, rows, j, columns, x);
		for (int64_t r = 0; r < rows; r++)
			offer_row(t, (int32_t) (t->first + first + r), (int32_t) j, columns,
					  x + r * columns, &t->heap[first + r]);
	}
	for (int64_t r = 0; r < rows; r++)
		gae_heap_sort(&t->heap[first + r]);
}

GaeStatus
gae_recommend_range(GaeEnv *env, const GaeModel *model, int32_t first, int32_t nodes,
					const GaeTopkOptions *options, GaeLink **links, int64_t *count)
{
	TopkTask	task = {.first = first, .nodes = nodes};
	int64_t		capacity = lesser(options->k, (int64_t) model->nodes - 1);

	GAE_TRY(task_init(env, model, options, &task));
	GAE_TRY(heaps_alloc(env, nodes, capacity, &task));
	GAE_TRY(gae_parallel(env, gae_blocks(nodes, RANGE_ROWS), range_block, &task));
	gae_free(env, task.tile);

	/* Close the gaps that heaps which are not full leave between them. */
	*links = task.heap[0].link;
	*count = 0;
	for (int32_t i = 0; i < nodes; i++)
		for (int64_t l = 0; l < task.heap[i].count; l++)
			(*links)[(*count)++] = task.heap[i].link[l];
	gae_free(env, task.heap);
	return GAE_OK;
}

GaeStatus
gae_recommend(GaeEnv *env, const GaeModel *model, int32_t node, const GaeTopkOptions *options,
			  GaeLink **links, int64_t *count)
{
	return gae_recommend_range(env, model, node, 1, options, links, count);
}

/* ---- the least likely edges ---- */

GaeStatus
gae_anomalies(GaeEnv *env, const GaeModel *model, int64_t k, GaeLink **links, int64_t *count)
{
	const GaeIncidence *known = &model->known;
	GaeHeap		heap = {.capacity = lesser(k, model->edges)};

	GAE_ALLOC(env, heap.link, heap.capacity);
	for (int32_t i = 0; i < model->nodes; i++)
	{
		/* The lowest score is the best of the negated ones. */
		for (int64_t e = known->out[i]; e < known->offset[i + 1]; e++)
		{
			GaeLink		link = {i, known->neighbor[e], -gae_link_score(model, i, known->neighbor[e])};

			gae_heap_offer(&heap, link);
		}
		GAE_TRY(gae_poll(env));
	}
	gae_heap_sort(&heap);
	for (int64_t l = 0; l < heap.count; l++)
		heap.link[l].score = -heap.link[l].score;
	*links = heap.link;
	*count = heap.count;
	return GAE_OK;
}
