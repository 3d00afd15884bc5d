/*
 * norm_bounds.c
 *		Norms of vectors, their order, and the packing of column blocks.
 */
#include "core/search/norm_bounds.h"

#include <math.h>

#include "core/base/parallel.h"
#include "core/base/range.h"
#include "core/base/sort.h"
#include "core/linalg/matmul.h"

/* Numbers that a block of work reads: it takes well under a millisecond. */
#define BLOCK_NUMBERS (1 << 18)

typedef struct PackTask
{
	int32_t		nodes;
	const int32_t *node;		/* NULL: 0 … nodes - 1 */
	int64_t		width;
	const GaeReal *x;
	int64_t		stride;
	int64_t		per_block;		/* vectors, or column blocks, of a block of work */
	double	   *norm;			/* nodes: in the order of "node" */
	GaeNormBounds *bounds;
} PackTask;

/* How many items of "numbers" numbers each a block of work reads. */
static int64_t
items_per_block(int64_t numbers)
{
	return gae_max(BLOCK_NUMBERS / numbers, 1);
}

/* The i-th node. */
static int32_t
node_of(const PackTask *t, int64_t i)
{
	return t->node != NULL ? t->node[i] : (int32_t) i;
}

static void
norm_block(void *arg, int64_t block, int worker)
{
	const PackTask *t = arg;
	GaeRange	vectors = gae_block_range(block, t->per_block, t->nodes);

	(void) worker;
	for (int64_t i = vectors.first; i < vectors.end; i++)
	{
		const GaeReal *x = t->x + node_of(t, i) * t->stride;

		t->norm[i] = sqrt(gae_dot(x, x, t->width));
	}
}

GaeStatus
gae_norm_order(GaeEnv *env, int32_t nodes, const int32_t *node, int64_t width,
			   const GaeReal *x, int64_t stride, GaeNormOrder *order)
{
	PackTask	task = {.nodes = nodes, .node = node, .width = width, .x = x, .stride = stride};
	GaeSortItem *item;
	GaeSortItem *spare;
	int			exponent = 0;

	GAE_ALLOC(env, task.norm, nodes);
	task.per_block = items_per_block(width);
	GAE_TRY(gae_parallel(env, gae_blocks(nodes, task.per_block), norm_block, &task));

	GAE_ALLOC(env, item, nodes);
	GAE_ALLOC(env, spare, nodes);
	for (int32_t i = 0; i < nodes; i++)
	{
		if (i % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(env));
		item[i] = (GaeSortItem) {gae_sort_key_double(-task.norm[i]), (uint64_t) i};
	}
	GAE_TRY(gae_sort(env, item, spare, nodes));
	gae_free(env, spare);

	GAE_ALLOC(env, order->node, nodes);
	GAE_ALLOC(env, order->norm, nodes);
	if (nodes > 0)
		frexp(task.norm[item[0].value], &exponent);
	order->scale = ldexp(1, -exponent);
	for (int32_t i = 0; i < nodes; i++)
	{
		if (i % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(env));
		order->node[i] = node_of(&task, (int64_t) item[i].value);
		order->norm[i] = task.norm[item[i].value] * order->scale;
	}
	gae_free(env, item);
	gae_free(env, task.norm);
	return GAE_OK;
}

static void
pack_block(void *arg, int64_t block, int worker)
{
	const PackTask *t = arg;
	const GaeNormBounds *bounds = t->bounds;
	GaeRange	column_blocks = gae_block_range(block, t->per_block, bounds->column_blocks);

	(void) worker;
	for (int64_t b = column_blocks.first; b < column_blocks.end; b++)
	{
		GaeReal    *columns = bounds->value + b * t->width * GAE_TILE_COLUMNS;

		for (int64_t c = 0; c < GAE_TILE_COLUMNS; c++)
		{
			int64_t		place = b * GAE_TILE_COLUMNS + c;
			const GaeReal *x;

			if (place >= t->nodes)
			{
				for (int64_t k = 0; k < t->width; k++)
					columns[k * GAE_TILE_COLUMNS + c] = 0;
				continue;
			}
			x = t->x + bounds->order.node[place] * t->stride;
			for (int64_t k = 0; k < t->width; k++)
				columns[k * GAE_TILE_COLUMNS + c] = (GaeReal) (x[k] * bounds->order.scale);
		}
	}
}

static bool
same_vectors(const PackTask *t, int32_t i, int32_t j)
{
	const GaeReal *a = t->x + i * t->stride;
	const GaeReal *b = t->x + j * t->stride;
	int64_t		k = 0;

	while (k < t->width && a[k] == b[k])
		k++;
	return k == t->width;
}

/*
 * Fill in bounds->run_end.  Equal vectors have equal norms, so that they mostly stand
 * side by side.
 */
static GaeStatus
find_runs(GaeEnv *env, const PackTask *t, GaeNormBounds *bounds)
{
	const GaeNormOrder *order = &bounds->order;

	GAE_ALLOC(env, bounds->run_end, t->nodes);
	for (int32_t place = t->nodes - 1; place >= 0; place--)
	{
		bool		same = place + 1 < t->nodes && order->norm[place] == order->norm[place + 1] &&
			same_vectors(t, order->node[place], order->node[place + 1]);

		bounds->run_end[place] = same ? bounds->run_end[place + 1] : place + 1;
		if (place % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(env));
	}
	return GAE_OK;
}

GaeStatus
gae_norm_bounds_build(GaeEnv *env, int32_t nodes, const int32_t *node, int64_t width,
					  const GaeReal *x, int64_t stride, GaeNormBounds *bounds)
{
	PackTask	task = {.nodes = nodes, .width = width, .x = x, .stride = stride, .bounds = bounds};

	bounds->nodes = nodes;
	bounds->width = width;
	bounds->column_blocks = gae_blocks(nodes, GAE_TILE_COLUMNS);
	GAE_TRY(gae_norm_order(env, nodes, node, width, x, stride, &bounds->order));
	GAE_TRY(find_runs(env, &task, bounds));

	/* A model in memory, and hence this product, is far below 2^63. */
	bounds->value = gae_alloc_aligned(env, bounds->column_blocks * GAE_TILE_COLUMNS * width,
									  sizeof(GaeReal));
	if (bounds->value == NULL)
		return env->error.status;
	task.per_block = items_per_block(width * GAE_TILE_COLUMNS);
	return gae_parallel(env, gae_blocks(bounds->column_blocks, task.per_block), pack_block, &task);
}
