/*
 * pair_loss_dense.c
 *		All pairs, tile by tile: a tile's scores, their loss and sigmoids, and the two products
 *		with the sigmoids, for one group of its rows after the other.
 *
 * A matrix library would write the tile to memory, and read it three times; with
 * vectors as short as latents are, that takes longer than the arithmetic.
 */
#include "core/nn/pair_loss_dense.h"

#include <math.h>
#include <string.h>

#include "core/base/parallel.h"
#include "core/base/range.h"
#include "core/base/simd.h"
#include "core/linalg/elementwise.h"
#include "core/linalg/vector.h"

/* Rows and columns of a tile. */
#define TILE GAE_LOSS_TILE

_Static_assert(GAE_MIN_GROUP * TILE % GAE_SIGMOID_CHUNK == 0, "a group's sigmoids are fast");

/* Values of a block that adds up gradients. */
#define BLOCK_VALUES 16384

static int64_t
padded_width(int64_t width)
{
	return gae_blocks(width, GAE_VECTOR_PADDING) * GAE_VECTOR_PADDING;
}

/* Values of a worker's scratch memory: a tile's gradients, and the scores of a group. */
static int64_t
scratch_values(int64_t padded)
{
	return 2 * TILE * padded + GAE_MAX_GROUP * TILE;
}

double
gae_pair_loss_dense_bytes(const GaeEnv *env, double nodes, int64_t width, bool same)
{
	double		padded = (double) padded_width(width);
	double		packed = ceil(nodes / TILE) * TILE * padded;
	double		mirror = same ? nodes * (double) width : 0;

	return (double) sizeof(GaeReal) *
		((same ? 2 : 3) * packed + mirror + gae_workers(env) * (double) scratch_values((int64_t) padded));
}

GaeStatus
gae_pair_loss_dense_create(GaeEnv *env, int64_t nodes, int64_t width, bool same,
						   GaePairLossDense *loss)
{
	int64_t		values;

	memset(loss, 0, sizeof(*loss));
	loss->nodes = nodes;
	loss->width = width;
	loss->padded = padded_width(width);
	loss->tiles = gae_blocks(nodes, TILE);
	values = loss->tiles * TILE * loss->padded;
	if (same)
		GAE_ALLOC(env, loss->mirror, nodes * width);
	loss->left = gae_alloc_aligned(env, values, sizeof(GaeReal));
	loss->right = same ? loss->left : gae_alloc_aligned(env, values, sizeof(GaeReal));
	loss->right_transposed = gae_alloc_aligned(env, values, sizeof(GaeReal));
	loss->scratch = gae_alloc_aligned(env, gae_workers(env) * scratch_values(loss->padded),
									  sizeof(GaeReal));
	if (loss->left == NULL || loss->right == NULL || loss->right_transposed == NULL ||
		loss->scratch == NULL)
		return env->error.status;
	GAE_ALLOC(env, loss->tile_loss, loss->tiles);
	return GAE_OK;
}

/* What one call works with. */
typedef struct DenseTask
{
	GaePairLossDense *loss;
	const GaeLinkFactors *factors;
	bool		same;
	GaeReal		scale;			/* of the gradient that a tile adds to one factor */
	GaeReal    *d_columns;		/* gradient by the tiles' columns */
	int64_t		distance;		/* of a round's tiles from the diagonal */
} DenseTask;

/* Copy the factors of one tile's nodes to where tiles want them. */
static void
pack_block(void *arg, int64_t block, int worker)
{
	const DenseTask *t = arg;
	const GaePairLossDense *loss = t->loss;
	const GaeLinkFactors *factors = t->factors;
	int64_t		padded = loss->padded;
	size_t		bytes = (size_t) loss->width * sizeof(GaeReal);
	GaeRange	nodes = gae_block_range(block, TILE, loss->nodes);
	GaeReal    *transposed = loss->right_transposed + nodes.first * padded;

	(void) worker;
	for (int64_t i = nodes.first; i < nodes.end; i++)
	{
		const GaeReal *right = loss->right + i * padded;

		memcpy(loss->left + i * padded, factors->left + i * factors->stride, bytes);
		if (!t->same)
			memcpy(loss->right + i * padded, factors->right + i * factors->stride, bytes);
		for (int64_t k = 0; k < loss->width; k++)
			transposed[k * TILE + (i - nodes.first)] = right[k];
	}
}

/* Set what x holds for rows and columns that are none. */
static void
fill_rest(int64_t rows, int64_t columns, int group, GaeReal value, GaeReal *x)
{
	for (int64_t r = 0; r < group; r++)
		for (int64_t c = r < rows ? columns : 0; c < TILE; c++)
			x[r * TILE + c] = value;
}

/* to += scale · from, which is packed */
GAE_VECTORISED static void
unpack(const GaePairLossDense *loss, int64_t count, GaeReal scale, const GaeReal *restrict from,
	   int64_t stride, GaeReal *restrict to)
{
	for (int64_t i = 0; i < count; i++)
		for (int64_t k = 0; k < loss->width; k++)
			to[i * stride + k] += scale * from[i * loss->padded + k];
}

/*
 * With x = the left factors of tile row i times the right ones of tile column j:
 * returns Σ softplus(x) and adds scale · σ(x) · right to the gradient of the left factors and,
 * unless d_columns is NULL, scale · σ(x)ᵀ · left to d_columns.
 */
static double
tile_loss(const DenseTask *t, int64_t i, int64_t j, GaeReal *d_columns, int worker)
{
	const GaePairLossDense *loss = t->loss;
	const GaeVectorKernels *kernels = gae_vector_kernels();
	int			group = kernels->group;
	int64_t		padded = loss->padded;
	int64_t		stride = t->factors->stride;
	int64_t		rows = gae_min(loss->nodes - i * TILE, TILE);
	int64_t		columns = gae_min(loss->nodes - j * TILE, TILE);
	const GaeReal *left = loss->left + i * TILE * padded;
	const GaeReal *right = loss->right + j * TILE * padded;
	GaeReal    *d_left = loss->scratch + worker * scratch_values(padded);
	GaeReal    *d_right = d_left + TILE * padded;
	GaeReal    *x = d_right + TILE * padded;
	double		sum = 0;

	memset(d_left, 0, (size_t) (2 * TILE * padded) * sizeof(GaeReal));
	for (int64_t r = 0; r < rows; r += group)
	{
		bool		partial = rows - r < group || columns < TILE;

		/*
		 * A score of minus infinity has no loss.  It has next to no slope, too,
		 * but what is next to nothing is slow to multiply.
		 */
		kernels->scores(loss->width, padded, left + r * padded,
						loss->right_transposed + j * TILE * padded, x);
		if (partial)
			fill_rest(rows - r, columns, group, -(GaeReal) INFINITY, x);
		sum += gae_sigmoid_softplus(x, group * TILE);
		if (partial)
			fill_rest(rows - r, columns, group, 0, x);
		if (d_columns == NULL)
			kernels->fold(padded, x, right, d_left + r * padded);
		else
			kernels->fold_both(padded, x, left + r * padded, right, d_left + r * padded, d_right);
	}
	unpack(loss, rows, t->scale, d_left, stride, t->factors->d_left + i * TILE * stride);
	if (d_columns != NULL)
		unpack(loss, columns, t->scale, d_right, stride, d_columns + j * TILE * stride);
	return sum;
}

/*
 * One tile: rows of block I with columns of block J = I + distance (cyclic).  In
 * one round every block is I once and J once, so that each gradient has a single
 * writer, and rounds come in order: sums are always the same.
 *
 * Where the factors are the same, a tile off the diagonal stands for its mirror image, too.
 */
static void
tile_block(void *arg, int64_t block, int worker)
{
	const DenseTask *t = arg;
	GaePairLossDense *loss = t->loss;
	bool		mirrored = t->same && t->distance > 0;
	GaeReal    *d_columns = !t->same || mirrored ? t->d_columns : NULL;

	loss->tile_loss[block] = (mirrored ? 2 : 1) *
		tile_loss(t, block, (block + t->distance) % loss->tiles, d_columns, worker);
}

/* The gradient of the left factors += that by the tiles' columns. */
static void
add_mirror_block(void *arg, int64_t block, int worker)
{
	const DenseTask *t = arg;
	GaeRange	values = gae_block_range(block, BLOCK_VALUES, t->loss->nodes * t->loss->width);

	(void) worker;
	for (int64_t v = values.first; v < values.end; v++)
		t->factors->d_left[v] += t->d_columns[v];
}

/* All tiles, in rounds. */
static GaeStatus
run_tiles(GaeEnv *env, DenseTask *task, double *sum)
{
	int64_t		tiles = task->loss->tiles;
	int64_t		rounds = task->same ? tiles / 2 + 1 : tiles;

	for (task->distance = 0; task->distance < rounds; task->distance++)
	{
		int64_t		blocks = tiles;
		double		of_round = 0;

		/* Half-way round an even circle, I and J would meet twice. */
		if (task->same && task->distance > 0 && 2 * task->distance == tiles)
			blocks = tiles / 2;
		GAE_TRY(gae_parallel(env, blocks, tile_block, task));
		for (int64_t b = 0; b < blocks; b++)
			of_round += task->loss->tile_loss[b];
		*sum += of_round;
	}
	return GAE_OK;
}

GaeStatus
gae_pair_loss_dense(GaeEnv *env, GaePairLossDense *loss, const GaeLinkFactors *factors, double scale,
					double *sum)
{
	int64_t		values = loss->nodes * loss->width;
	DenseTask	task = {.loss = loss, .factors = factors, .same = factors->same};

	/* A node with one factor has the gradient of the pairs at both of its ends. */
	task.scale = (GaeReal) ((task.same ? 2 : 1) * scale);
	task.d_columns = task.same ? loss->mirror : factors->d_right;
	GAE_TRY(gae_parallel(env, loss->tiles, pack_block, &task));
	if (!task.same)
		return run_tiles(env, &task, sum);
	GAE_TRY(gae_zero(env, loss->mirror, (size_t) values * sizeof(GaeReal)));
	GAE_TRY(run_tiles(env, &task, sum));
	return gae_parallel(env, gae_blocks(values, BLOCK_VALUES), add_mirror_block, &task);
}
