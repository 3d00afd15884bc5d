/*
 * mips.c
 *		Blocks of rows through panels of columns.
 */
#include "core/search/mips.h"

#include <float.h>
#include <math.h>

#include "core/base/parallel.h"

/* Multiplications of a block of work: a millisecond, or a few where vectors are short. */
#define BLOCK_PRODUCTS (INT64_C(1) << 26)

/*
 * And its panels: should every pair go into a heap, for the first time in memory
 * that was never touched where heaps are large, it still takes well under 50 ms.
 */
#define BLOCK_PANELS 128

#ifdef GAE_DOUBLE
#define REAL_EPSILON DBL_EPSILON
#else
#define REAL_EPSILON FLT_EPSILON
#endif

/*
 * What underflow may take from a product of scaled vectors, and much more: they
 * are at most 1 long.
 */
#define UNDERFLOW 0x1p-100

static int64_t
lesser(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static double
greater(double a, double b)
{
	return a > b ? a : b;
}

GaeStatus
gae_mips_init(GaeEnv *env, const GaeModel *model, const GaeTopkOptions *options, GaeMips *sweep)
{
	int64_t		d = model->config.latent_dim;
	int64_t		width = model->config.directed ? d / 2 : d;
	int64_t		panels = BLOCK_PRODUCTS / (GAE_MIPS_ROWS * GAE_TILE_COLUMNS * width);

	sweep->model = model;
	sweep->options = options;
	sweep->kernels = gae_vector_kernels();
	sweep->width = width;
	sweep->least_score = gae_least_score(model, options);
	atomic_init(&sweep->threshold, -INFINITY);

	/*
	 * Higham, Accuracy and Stability, 3.1: an inner product of d terms, here with
	 * the bound as one more, is off by at most γ(d + 1) times the sum of their
	 * magnitudes, and those are at most 3 |a| |b| (see aim).  As much again for
	 * the exact score's own rounding, where GaeReal is double.
	 */
	sweep->error = 4 * (double) (width + 4) * REAL_EPSILON;
	GAE_TRY(gae_norm_bounds_build(env, model->nodes, width, model->mu + (d - width), d, &sweep->target));
	sweep->source_scale = sweep->target.order.scale;

	sweep->panels_per_block = lesser(panels > 0 ? panels : 1,
									 options->k > GAE_LARGE_HEAP ? GAE_LARGE_HEAP_BLOCKS : BLOCK_PANELS);
	sweep->scratch_size = GAE_MIPS_ROWS * width + GAE_TILE_ROWS * GAE_TILE_COLUMNS;
	sweep->scratch = gae_alloc_aligned(env, gae_workers(env) * sweep->scratch_size, sizeof(GaeReal));
	return sweep->scratch != NULL ? GAE_OK : env->error.status;
}

/*
 * Set what a product with row r must exceed, now that its heap is fuller: a pair
 * that is left out for it has a score strictly below the threshold.
 */
static void
aim(const GaeMips *t, GaeQueryBlock *block, int r)
{
	double		norm = block->norm[r];
	double		largest = norm * block->reach;
	double		limit = 2 * largest + UNDERFLOW;
	double		threshold = greater(gae_heap_threshold(block->heap[r]),
									greater(t->least_score, block->threshold));
	double		bound;
	double		shortest = INFINITY;
	int			group = r / GAE_TILE_ROWS;

	threshold *= t->source_scale * t->target.order.scale;
	bound = threshold - t->error * largest - UNDERFLOW;

	/* Beyond ± |a| |b| all pass or none does; the bound must not be the larger term. */
	bound = bound < limit ? bound : limit;
	block->bound[r] = (GaeReal) greater(-limit, bound);

	if (norm > 0)
		block->shortest[r] = threshold / (norm * (1 + (t->width + 4) * DBL_EPSILON));
	else
		block->shortest[r] = threshold > 0 ? INFINITY : -INFINITY;
	for (int i = group * GAE_TILE_ROWS; i < (group + 1) * GAE_TILE_ROWS; i++)
		shortest = block->shortest[i] < shortest ? block->shortest[i] : shortest;
	block->group_shortest[group] = shortest;
}

/* Fill the row, with the node at the given place. */
void
gae_query_block_put(const GaeMips *t, GaeQueryBlock *block, int r, int32_t node, double norm, GaeHeap *heap)
{
	const GaeReal *x = t->model->mu + (int64_t) node * t->model->config.latent_dim;
	GaeReal    *value = block->value + (r / GAE_TILE_ROWS) * t->width * GAE_TILE_ROWS +
		r % GAE_TILE_ROWS;

	block->node[r] = node;
	block->norm[r] = norm;
	block->heap[r] = heap;
	for (int64_t k = 0; k < t->width; k++)
		value[k * GAE_TILE_ROWS] = (GaeReal) (x[k] * t->source_scale);
}

/* Begin a block with no rows, and then without bounds. */
void
gae_query_block_begin(const GaeMips *t, int worker, int64_t first, int64_t rows, GaeQueryBlock *block)
{
	block->first = first;
	block->groups = (int) gae_blocks(rows, GAE_TILE_ROWS);
	block->value = t->scratch + worker * t->scratch_size;
	block->excess = block->value + GAE_MIPS_ROWS * t->width;
	block->threshold = -INFINITY;
	for (int r = (int) rows; r < block->groups * GAE_TILE_ROWS; r++)
	{
		GaeReal    *value = block->value + (r / GAE_TILE_ROWS) * t->width * GAE_TILE_ROWS +
			r % GAE_TILE_ROWS;

		/* Zeros, which 1 as their bound keeps out. */
		block->node[r] = -1;
		block->bound[r] = 1;
		for (int64_t k = 0; k < t->width; k++)
			value[k * GAE_TILE_ROWS] = 0;
	}
	for (int r = 0; r < GAE_MIPS_ROWS; r++)
		block->shortest[r] = INFINITY;
}

static void
aim_all(const GaeMips *t, GaeQueryBlock *block)
{
	for (int r = 0; r < block->groups * GAE_TILE_ROWS && block->node[r] >= 0; r++)
		aim(t, block, r);
}

/* Let the other workers know that no lower score is needed. */
static void
raise_threshold(GaeMips *t, double threshold)
{
	double		known = atomic_load_explicit(&t->threshold, memory_order_relaxed);

	while (threshold > known &&
		   !atomic_compare_exchange_weak_explicit(&t->threshold, &known, threshold,
												  memory_order_relaxed, memory_order_relaxed))
		;
}

/* Offer those pairs of row r with the columns of panel p whose products exceed the bound. */
static void
offer_row(GaeMips *t, GaeQueryBlock *block, int r, int64_t p, bool shared)
{
	const GaeReal *excess = block->excess + (r % GAE_TILE_ROWS) * GAE_TILE_COLUMNS;
	int64_t		first = p * GAE_TILE_COLUMNS;
	int64_t		end = lesser(first + GAE_TILE_COLUMNS, t->target.nodes);
	bool		taken = false;
	int32_t		i = block->node[r];
	int64_t		next;

	for (int64_t place = first; place < end; place = next)
	{
		int32_t		j = t->target.order.node[place];
		bool		swap = t->once && j < i;

		next = place + 1;
		if (!(excess[place - first] >= 0) || i == j || (t->once && place < block->first + r))
			continue;
		switch (gae_candidate(t->model, t->options, swap ? j : i, swap ? i : j, block->heap[r]))
		{
			case GAE_TAKEN:
				taken = true;
				break;
			case GAE_LEFT_OUT:
				break;
			case GAE_TOO_FAR_BACK:
				/* So are the nodes with the same vector: their numbers are higher. */
				next = t->target.run_end[place];
				break;
		}
	}
	if (taken)
	{
		if (shared)
			raise_threshold(t, gae_heap_threshold(block->heap[r]));
		aim(t, block, r);
	}
}

/* Multiply the rows with panels first … end - 1, as far as they matter. */
void
gae_query_block_search(GaeMips *t, GaeQueryBlock *block, int64_t first, int64_t end, bool shared)
{
	const GaeNormBounds *target = &t->target;

	if (first >= end)
		return;
	block->reach = target->order.norm[first * GAE_TILE_COLUMNS];
	aim_all(t, block);
	for (int64_t p = first; p < end; p++)
	{
		const GaeReal *panel = target->value + p * t->width * GAE_TILE_COLUMNS;
		double		norm = target->order.norm[p * GAE_TILE_COLUMNS];
		double		threshold = atomic_load_explicit(&t->threshold, memory_order_relaxed);
		bool		matters = false;

		if (threshold > block->threshold)
		{
			block->threshold = threshold;
			aim_all(t, block);
		}
		for (int g = 0; g < block->groups; g++)
		{
			unsigned	rows;

			if (norm < block->group_shortest[g])
				continue;
			matters = true;
			rows = t->kernels->tile_product(t->width, block->value + g * t->width * GAE_TILE_ROWS,
											panel, block->bound + g * GAE_TILE_ROWS,
											block->excess);
			for (int r = 0; rows != 0; r++, rows >>= 1)
				if (rows & 1)
					offer_row(t, block, g * GAE_TILE_ROWS + r, p, shared);
		}
		if (!matters)
			break;
	}
}

