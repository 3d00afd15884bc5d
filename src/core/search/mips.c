/*
 * mips.c
 *		Maximum-inner-product search of query blocks among column blocks.
 */
#include "core/search/mips.h"

#include <float.h>
#include <math.h>

#include "core/base/parallel.h"

/* Multiplications of a block of work: a millisecond, or a few where vectors are short. */
#define BLOCK_PRODUCTS (INT64_C(1) << 26)

/*
 * Column blocks of a block of work, at most.  Should every pair go into a heap, in
 * memory that is touched for the first time where heaps are large, the block still
 * takes well under 50 ms.
 */
#define MOST_COLUMN_BLOCKS 128

/*
 * An allowance for what underflow may take from a product of scaled vectors, far
 * above it: those have norms of at most 1.
 */
#define UNDERFLOW 0x1p-100

/* Not fmax(), which is a call where a NaN must be passed over. */
static inline double
larger(double a, double b)
{
	return a > b ? a : b;
}

/* List the nodes that can have links; the list is NULL if all can. */
static GaeStatus
list_nodes(GaeEnv *env, const GaeModel *model, int32_t *count, int32_t **node)
{
	*count = model->nodes;
	*node = NULL;
	if (gae_nodes_without_links(model) == 0)
		return GAE_OK;
	GAE_ALLOC(env, *node, model->nodes);
	*count = 0;
	for (int32_t i = 0; i < model->nodes; i++)
	{
		if (i % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(env));
		if (gae_can_have_links(model, i))
			(*node)[(*count)++] = i;
	}
	return GAE_OK;
}

GaeStatus
gae_mips_init(GaeEnv *env, const GaeModel *model, const GaeTopkOptions *options, GaeMips *mips)
{
	const GaeLinkFactors *factors = &model->factors;
	int64_t		width = factors->width;
	int64_t		span = BLOCK_PRODUCTS / (GAE_QUERY_ROWS * GAE_TILE_COLUMNS * width);
	int32_t		nodes;
	int32_t    *node;

	mips->model = model;
	mips->options = options;
	mips->kernels = gae_vector_kernels();
	mips->width = width;
	mips->once = false;
	mips->least_score = gae_least_score(model, options);
	atomic_init(&mips->threshold, -INFINITY);

	/*
	 * Higham, Accuracy and Stability, 3.1: an inner product of d terms, here with
	 * the bound as one more, is off by at most γ(d + 1) times the sum of their
	 * magnitudes, and those are at most 3 |a| |b| (see set_bound).  As much again for
	 * the exact score's own rounding, where GaeReal is double.
	 */
	mips->error = 4 * (double) (width + 4) * GAE_REAL_EPSILON;
	GAE_TRY(list_nodes(env, model, &nodes, &node));
	GAE_TRY(gae_norm_bounds_build(env, nodes, node, width, factors->right, factors->stride,
								  &mips->target));
	mips->source = mips->target.order;
	if (!factors->same)
		GAE_TRY(gae_norm_order(env, nodes, node, width, factors->left, factors->stride,
							   &mips->source));
	gae_free(env, node);

	mips->span = gae_min(gae_max(span, 1), options->k > GAE_LARGE_HEAP ?
						 GAE_LARGE_HEAP_COLUMN_BLOCKS : MOST_COLUMN_BLOCKS);
	mips->scratch_size = GAE_QUERY_ROWS * width + GAE_TILE_ROWS * GAE_TILE_COLUMNS;
	mips->scratch = gae_alloc_aligned(env, gae_workers(env) * mips->scratch_size, sizeof(GaeReal));
	return mips->scratch != NULL ? GAE_OK : env->error.status;
}

/* Where the first number of row r stands; the next ones follow GAE_TILE_ROWS apart. */
static GaeReal *
row_start(const GaeMips *mips, const GaeQueryBlock *block, int r)
{
	return block->rows + (r / GAE_TILE_ROWS) * mips->width * GAE_TILE_ROWS + r % GAE_TILE_ROWS;
}

void
gae_query_block_begin(const GaeMips *mips, int worker, GaeRange rows, GaeQueryBlock *block)
{
	int			count = (int) (rows.end - rows.first);

	block->first = rows.first;
	block->groups = (int) gae_blocks(count, GAE_TILE_ROWS);
	block->rows = mips->scratch + worker * mips->scratch_size;
	block->excess = block->rows + GAE_QUERY_ROWS * mips->width;
	block->threshold = -INFINITY;
	for (int g = 0; g < block->groups; g++)
		block->group_least_norm[g] = INFINITY;
	for (int r = count; r < block->groups * GAE_TILE_ROWS; r++)
		gae_query_block_leave_out(mips, block, r);
}

/* The row is zero, and has a bound that no product reaches. */
void
gae_query_block_leave_out(const GaeMips *mips, GaeQueryBlock *block, int r)
{
	GaeReal    *row = row_start(mips, block, r);

	block->node[r] = -1;
	block->bound[r] = 1;
	block->least_norm[r] = INFINITY;
	for (int64_t k = 0; k < mips->width; k++)
		row[k * GAE_TILE_ROWS] = 0;
}

void
gae_query_block_set_row(const GaeMips *mips, GaeQueryBlock *block, int r, int32_t node, double norm,
						GaeHeap *heap)
{
	const GaeLinkFactors *factors = &mips->model->factors;
	const GaeReal *x = factors->left + node * factors->stride;
	GaeReal    *row = row_start(mips, block, r);

	block->node[r] = node;
	block->norm[r] = norm;
	block->heap[r] = heap;
	block->least_norm[r] = INFINITY;
	for (int64_t k = 0; k < mips->width; k++)
		row[k * GAE_TILE_ROWS] = (GaeReal) (x[k] * mips->source.scale);
}

/*
 * Set bound and least_norm of row r by what its heap holds now: a pair that they leave
 * out has a score strictly below the threshold.
 */
static void
set_bound(const GaeMips *mips, GaeQueryBlock *block, int r)
{
	double		norm = block->norm[r];
	double		largest = norm * block->longest;
	double		limit = 2 * largest + UNDERFLOW;
	double		threshold = larger(gae_heap_threshold(block->heap[r]),
								   larger(mips->least_score, block->threshold));
	double		bound;
	double		least = INFINITY;
	int			group = r / GAE_TILE_ROWS;

	threshold *= mips->source.scale * mips->target.order.scale;
	bound = threshold - mips->error * largest - UNDERFLOW;

	/*
	 * Products lie within ± largest, so that a bound beyond ± limit says no more than
	 * the limit; and a larger bound would add to the rounding error of the sum.
	 */
	bound = bound < limit ? bound : limit;
	block->bound[r] = (GaeReal) larger(-limit, bound);

	if (norm > 0)
		block->least_norm[r] = threshold / (norm * (1 + (mips->width + 4) * DBL_EPSILON));
	else
		block->least_norm[r] = threshold > 0 ? INFINITY : -INFINITY;
	for (int i = group * GAE_TILE_ROWS; i < (group + 1) * GAE_TILE_ROWS; i++)
		least = block->least_norm[i] < least ? block->least_norm[i] : least;
	block->group_least_norm[group] = least;
}

static void
set_bounds(const GaeMips *mips, GaeQueryBlock *block)
{
	for (int r = 0; r < block->groups * GAE_TILE_ROWS; r++)
		if (block->node[r] >= 0)
			set_bound(mips, block, r);
}

/* Let the other workers know that no lower score is needed. */
static void
raise_threshold(GaeMips *mips, double threshold)
{
	double		known = atomic_load_explicit(&mips->threshold, memory_order_relaxed);

	while (threshold > known &&
		   !atomic_compare_exchange_weak_explicit(&mips->threshold, &known, threshold,
												  memory_order_relaxed, memory_order_relaxed))
		;
}

/* Is the pair of row r with the node j at this place offered from the other node's row? */
static bool
offered_elsewhere(const GaeMips *mips, const GaeQueryBlock *block, int r, int32_t j, int64_t place)
{
	if (!mips->once)
		return false;
	return mips->model->factors.same ? place < block->first + r : j < block->node[r];
}

/* Offer those pairs of row r with column block b whose products exceed the row's bound. */
static void
offer_row(GaeMips *mips, GaeQueryBlock *block, int r, int64_t b, bool shared)
{
	const GaeReal *excess = block->excess + (r % GAE_TILE_ROWS) * GAE_TILE_COLUMNS;
	const GaeNormBounds *target = &mips->target;
	GaeRange	columns = gae_block_range(b, GAE_TILE_COLUMNS, target->nodes);
	bool		taken = false;
	int32_t		i = block->node[r];
	int64_t		next;

	for (int64_t place = columns.first; place < columns.end; place = next)
	{
		int32_t		j = target->order.node[place];
		bool		swap = mips->once && j < i;

		next = place + 1;
		if (!(excess[place - columns.first] >= 0) || i == j ||
			offered_elsewhere(mips, block, r, j, place))
			continue;
		switch (gae_candidate_offer(mips->model, mips->options, swap ? j : i, swap ? i : j,
									block->heap[r]))
		{
			case GAE_TAKEN:
				taken = true;
				break;
			case GAE_LEFT_OUT:
				break;
			case GAE_TOO_FAR_BACK:
				/* So are the nodes with the same vector: their numbers are higher. */
				next = target->run_end[place];
				break;
		}
	}
	if (taken)
	{
		if (shared)
			raise_threshold(mips, gae_heap_threshold(block->heap[r]));
		set_bound(mips, block, r);
	}
}

/* Search column block b; false if it, and hence every later one, is too short for all rows. */
static bool
search_column_block(GaeMips *mips, GaeQueryBlock *block, int64_t b, bool shared)
{
	const GaeReal *columns = mips->target.value + b * mips->width * GAE_TILE_COLUMNS;
	double		norm = mips->target.order.norm[b * GAE_TILE_COLUMNS];
	bool		matters = false;

	for (int g = 0; g < block->groups; g++)
	{
		unsigned	rows;

		if (norm < block->group_least_norm[g])
			continue;
		matters = true;
		rows = mips->kernels->tile_product(mips->width,
										   block->rows + g * mips->width * GAE_TILE_ROWS, columns,
										   block->bound + g * GAE_TILE_ROWS, block->excess);
		for (int r = 0; rows != 0; r++, rows >>= 1)
			if (rows & 1)
				offer_row(mips, block, g * GAE_TILE_ROWS + r, b, shared);
	}
	return matters;
}

void
gae_query_block_search(GaeMips *mips, GaeQueryBlock *block, GaeRange column_blocks, bool shared)
{
	if (column_blocks.first >= column_blocks.end)
		return;
	block->longest = mips->target.order.norm[column_blocks.first * GAE_TILE_COLUMNS];
	set_bounds(mips, block);
	for (int64_t b = column_blocks.first; b < column_blocks.end; b++)
	{
		double		threshold = atomic_load_explicit(&mips->threshold, memory_order_relaxed);

		if (threshold > block->threshold)
		{
			block->threshold = threshold;
			set_bounds(mips, block);
		}
		if (!search_column_block(mips, block, b, shared))
			break;
	}
}
