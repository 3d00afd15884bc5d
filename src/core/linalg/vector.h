/*
 * vector.h
 *		Products of short vectors, gathered or in small tiles, written for the processor's
 *		vector registers.
 *
 * A BLAS is fast where both sides of a matrix are long.  Latents have 16 or 32 values:
 * these kernels are faster on vectors that short, which lie anywhere in memory or in tiles
 * that stay in the first-level cache.  One portable build holds them for several sizes of
 * register, and chooses the best when it runs.
 */
#ifndef GAE_VECTOR_H
#define GAE_VECTOR_H

#include "core/base/env.h"

/*
 * Vectors on each side of a tile of the pair loss, which takes all pairs of its row vectors
 * and column vectors: the column vectors and their gradients fit the first-level cache.
 */
#define GAE_LOSS_TILE 128

/* Row vectors of a tile that a kernel takes at a time: its "group", within these. */
#define GAE_MIN_GROUP 4
#define GAE_MAX_GROUP 8

/* Vectors of a tile are padded with zeros to a multiple of this: "padded" values. */
#define GAE_VECTOR_PADDING 16

/* Vectors on the two sides of a tile of a search. */
#define GAE_TILE_ROWS 8
#define GAE_TILE_COLUMNS 32

typedef struct GaeVectorKernels
{
	int			group;

	/*
	 * x (group x LOSS_TILE) = rows (group x padded) · columnsᵀ (width x LOSS_TILE): the
	 * inner products of a group of rows and all columns of a tile, whose vectors have
	 * "width" values.
	 */
	void		(*scores) (int64_t width, int64_t padded, const GaeReal *rows,
						   const GaeReal *columns_transposed, GaeReal *x);

	/* d_rows (group x padded) += x (group x LOSS_TILE) · columns (LOSS_TILE x padded) */
	void		(*fold) (int64_t padded, const GaeReal *x, const GaeReal *columns, GaeReal *d_rows);

	/* The same, and d_columns (LOSS_TILE x padded) += xᵀ · rows (group x padded). */
	void		(*fold_both) (int64_t padded, const GaeReal *x, const GaeReal *rows,
							  const GaeReal *columns, GaeReal *d_rows, GaeReal *d_columns);

	/*
	 * out (n) += Σ_k value[k] · row index[k] of b over 0 <= k < count; the rows of b have n
	 * values and begin "stride" values apart.  index[] has "known" entries, at least
	 * "count": those behind "count" name the rows that the next call needs, which are
	 * fetched into the cache meanwhile.
	 */
	void		(*add_rows) (int64_t count, int64_t known, const int32_t *index,
							 const GaeReal *value, int64_t n, int64_t stride, const GaeReal *b,
							 GaeReal *out);

	/*
	 * Rows first … end - 1 of a sparse matrix times b: row i of out (n) = Σ_k value[k] ·
	 * row index[k] of b over offset[i] <= k < offset[i + 1], plus diagonal[i] · row i of
	 * b unless diagonal is NULL.
	 */
	void		(*multiply_csr) (int64_t first, int64_t end, const int64_t *offset,
								 const int32_t *index, const GaeReal *value,
								 const GaeReal *diagonal, int64_t n, const GaeReal *b, GaeReal *out);

	/* x[k] = the inner product of "own" (n) and row index[k] of b, for 0 <= k < count. */
	void		(*dot_rows) (int64_t count, int64_t known, const int32_t *index, const GaeReal *own,
							 int64_t n, int64_t stride, const GaeReal *b, GaeReal *x);

	/*
	 * A tile of a search: excess (TILE_ROWS x TILE_COLUMNS) = aᵀ · b - bound, where
	 *		a		(width x TILE_ROWS) has a vector in each column,
	 *		b		(width x TILE_COLUMNS) likewise,
	 *		bound	(TILE_ROWS) is subtracted from the products of each row.
	 * Returns the rows with an excess whose sign bit is not set: bit r for row r.
	 *
	 * Each excess starts from -bound and adds the products in the order of the dimensions.
	 */
	unsigned	(*tile_product) (int64_t width, const GaeReal *a, const GaeReal *b,
								 const GaeReal *bound, GaeReal *excess);
} GaeVectorKernels;

/* The best that this processor can run. */
extern const GaeVectorKernels *gae_vector_kernels(void);

/* The kernels for each size of register, from 0 (any processor) up to the best; then NULL. */
extern const GaeVectorKernels *gae_vector_kernels_number(int number);

#endif							/* GAE_VECTOR_H */
