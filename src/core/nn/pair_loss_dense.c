/*
 * pair_loss_dense.c
 *		A tile of Z·Zᵀ, one group of rows after the other: scores, their loss and
 *		sigmoid, and the two products with the sigmoids.
 *
 * A matrix library would write the tile to memory, and read it three times; with
 * vectors as short as latents are, that takes longer than the arithmetic.
 */
#include "core/nn/pair_loss_dense.h"

#include <math.h>
#include <string.h>

#include "core/linalg/elementwise.h"
#include "core/base/parallel.h"
#include "core/base/simd.h"
#include "core/linalg/vector.h"

/* Rows and columns of a tile. */
#define TILE GAE_PAIR_TILE

_Static_assert(GAE_MIN_GROUP * TILE % GAE_SIGMOID_CHUNK == 0, "a group's sigmoids are fast");

/* Values of a worker's scratch memory: the tile's gradients, and scores of a group. */
static int64_t
scratch_values(const GaePairLossDense *tiles)
{
	return 2 * TILE * tiles->padded + GAE_MAX_GROUP * TILE;
}

GaeStatus
gae_pair_loss_dense_create(GaeEnv *env, int64_t nodes, int64_t width, bool same, GaePairLossDense *tiles)
{
	int64_t		values;

	tiles->nodes = nodes;
	tiles->width = width;
	tiles->padded = gae_blocks(width, GAE_VECTOR_PADDING) * GAE_VECTOR_PADDING;
	tiles->tiles = gae_blocks(nodes, TILE);
	values = tiles->tiles * TILE * tiles->padded;
	tiles->left = gae_alloc_aligned(env, values, sizeof(GaeReal));
	tiles->right = same ? tiles->left : gae_alloc_aligned(env, values, sizeof(GaeReal));
	tiles->panel = gae_alloc_aligned(env, values, sizeof(GaeReal));
	tiles->scratch = gae_alloc_aligned(env, gae_workers(env) * scratch_values(tiles), sizeof(GaeReal));
	if (tiles->left == NULL || tiles->right == NULL || tiles->panel == NULL || tiles->scratch == NULL)
		return env->error.status;
	return GAE_OK;
}

typedef struct PackTask
{
	GaePairLossDense *tiles;
	int64_t		stride;
	const GaeReal *left;
	const GaeReal *right;
} PackTask;

static void
pack_tile(void *arg, int64_t block, int worker)
{
	const PackTask *t = arg;
	const GaePairLossDense *tiles = t->tiles;
	int64_t		width = tiles->width;
	int64_t		padded = tiles->padded;
	int64_t		first = block * TILE;
	int64_t		end = first + TILE < tiles->nodes ? first + TILE : tiles->nodes;
	GaeReal    *panel = tiles->panel + first * padded;

	(void) worker;
	for (int64_t i = first; i < end; i++)
	{
		const GaeReal *right = tiles->right + i * padded;

		memcpy(tiles->left + i * padded, t->left + i * t->stride, (size_t) width * sizeof(GaeReal));
		if (tiles->right != tiles->left)
			memcpy(tiles->right + i * padded, t->right + i * t->stride, (size_t) width * sizeof(GaeReal));
		for (int64_t k = 0; k < width; k++)
			panel[k * TILE + (i - first)] = right[k];
	}
}

GaeStatus
gae_pair_loss_dense_pack(GaeEnv *env, GaePairLossDense *tiles, int64_t stride,
					const GaeReal *left, const GaeReal *right)
{
	PackTask	task = {tiles, stride, left, right};

	return gae_parallel(env, tiles->tiles, pack_tile, &task);
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
unpack(const GaePairLossDense *tiles, int64_t count, GaeReal scale, const GaeReal *restrict from,
	   int64_t stride, GaeReal *restrict to)
{
	for (int64_t i = 0; i < count; i++)
		for (int64_t k = 0; k < tiles->width; k++)
			to[i * stride + k] += scale * from[i * tiles->padded + k];
}

double
gae_pair_loss_dense_tile(const GaePairLossDense *tiles, int64_t i, int64_t j, GaeReal scale,
			  int64_t stride, GaeReal *d_left, GaeReal *d_right, int worker)
{
	const GaeVectorKernels *kernels = gae_vector_kernels();
	int			group = kernels->group;
	int64_t		padded = tiles->padded;
	int64_t		rows = tiles->nodes - i * TILE < TILE ? tiles->nodes - i * TILE : TILE;
	int64_t		columns = tiles->nodes - j * TILE < TILE ? tiles->nodes - j * TILE : TILE;
	const GaeReal *left = tiles->left + i * TILE * padded;
	const GaeReal *right = tiles->right + j * TILE * padded;
	GaeReal    *d_rows = tiles->scratch + worker * scratch_values(tiles);
	GaeReal    *d_columns = d_rows + TILE * padded;
	GaeReal    *x = d_columns + TILE * padded;
	double		sum = 0;

	memset(d_rows, 0, (size_t) (2 * TILE * padded) * sizeof(GaeReal));
	for (int64_t r = 0; r < rows; r += group)
	{
		bool		partial = rows - r < group || columns < TILE;

		/*
		 * A score of minus infinity has no loss.  It has next to no slope, too,
		 * but what is next to nothing is slow to multiply.
		 */
		kernels->scores(tiles->width, padded, left + r * padded, tiles->panel + j * TILE * padded, x);
		if (partial)
			fill_rest(rows - r, columns, group, -(GaeReal) INFINITY, x);
		sum += gae_sigmoid_softplus(x, group * TILE);
		if (partial)
			fill_rest(rows - r, columns, group, 0, x);
		if (d_right == NULL)
			kernels->fold(padded, x, right, d_rows + r * padded);
		else
			kernels->fold_both(padded, x, left + r * padded, right, d_rows + r * padded, d_columns);
	}
	unpack(tiles, rows, scale, d_rows, stride, d_left + i * TILE * stride);
	if (d_right != NULL)
		unpack(tiles, columns, scale, d_columns, stride, d_right + j * TILE * stride);
	return sum;
}
