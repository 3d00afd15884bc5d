/*
 * norm_bounds.c
 *		Lengths of vectors, their order, and packing.
 */
#include "core/search/norm_bounds.h"

#include <math.h>

#include "core/linalg/matmul.h"
#include "core/base/parallel.h"
#include "core/base/sort.h"

/* Numbers of vectors that a block of work reads: well under a millisecond. */
#define BLOCK_NUMBERS (1 << 18)

typedef struct PackTask
{
	int32_t		nodes;
	int64_t		width;
	const GaeReal *x;
	int64_t		stride;
	int64_t		per_block;		/* vectors, or panels */
	double	   *norm;			/* by node */
	GaeNormBounds  *panels;
} PackTask;

static int64_t
lesser(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t
per_block(int64_t numbers_each)
{
	return numbers_each < BLOCK_NUMBERS ? BLOCK_NUMBERS / numbers_each : 1;
}

static void
norm_block(void *arg, int64_t block, int worker)
{
	const PackTask *t = arg;
	int64_t		first = block * t->per_block;
	int64_t		end = lesser(first + t->per_block, t->nodes);

	(void) worker;
	for (int64_t i = first; i < end; i++)
	{
		const GaeReal *x = t->x + i * t->stride;

		t->norm[i] = sqrt(gae_dot(x, x, t->width));
	}
}

GaeStatus
gae_norm_order(GaeEnv *env, int32_t nodes, int64_t width, const GaeReal *x, int64_t stride,
			   GaeNormOrder *order)
{
	PackTask	task = {.nodes = nodes, .width = width, .x = x, .stride = stride};
	GaeSortItem *item;
	GaeSortItem *spare;
	int			exponent = 0;

	GAE_ALLOC(env, task.norm, nodes);
	task.per_block = per_block(width);
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
		order->node[i] = (int32_t) item[i].value;
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
	const GaeNormBounds *panels = t->panels;
	int64_t		end = lesser((block + 1) * t->per_block, panels->count);

	(void) worker;
	for (int64_t p = block * t->per_block; p < end; p++)
	{
		GaeReal    *panel = panels->value + p * t->width * GAE_TILE_COLUMNS;

		for (int64_t c = 0; c < GAE_TILE_COLUMNS; c++)
		{
			int64_t		place = p * GAE_TILE_COLUMNS + c;
			const GaeReal *x;

			if (place >= t->nodes)
			{
				for (int64_t k = 0; k < t->width; k++)
					panel[k * GAE_TILE_COLUMNS + c] = 0;
				continue;
			}
			x = t->x + panels->order.node[place] * t->stride;
			for (int64_t k = 0; k < t->width; k++)
				panel[k * GAE_TILE_COLUMNS + c] = (GaeReal) (x[k] * panels->order.scale);
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

/* Equal vectors are equally long, so that they mostly stand side by side. */
static GaeStatus
find_runs(GaeEnv *env, const PackTask *t, GaeNormBounds *panels)
{
	const GaeNormOrder *order = &panels->order;

	GAE_ALLOC(env, panels->run_end, t->nodes);
	for (int32_t place = t->nodes - 1; place >= 0; place--)
	{
		bool		same = place + 1 < t->nodes && order->norm[place] == order->norm[place + 1] &&
			same_vectors(t, order->node[place], order->node[place + 1]);

		panels->run_end[place] = same ? panels->run_end[place + 1] : place + 1;
		if (place % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(env));
	}
	return GAE_OK;
}

GaeStatus
gae_norm_bounds_build(GaeEnv *env, int32_t nodes, int64_t width, const GaeReal *x, int64_t stride,
				 GaeNormBounds *panels)
{
	PackTask	task = {.nodes = nodes, .width = width, .x = x, .stride = stride, .panels = panels};

	panels->nodes = nodes;
	panels->width = width;
	panels->count = gae_blocks(nodes, GAE_TILE_COLUMNS);
	GAE_TRY(gae_norm_order(env, nodes, width, x, stride, &panels->order));
	GAE_TRY(find_runs(env, &task, panels));

	/* A model in memory, and hence this product, is far below 2^63. */
	panels->value = gae_alloc_aligned(env, panels->count * GAE_TILE_COLUMNS * width, sizeof(GaeReal));
	if (panels->value == NULL)
		return env->error.status;
	task.per_block = per_block(width * GAE_TILE_COLUMNS);
	return gae_parallel(env, gae_blocks(panels->count, task.per_block), pack_block, &task);
}
