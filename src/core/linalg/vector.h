/*
 * vector.h
 *		Products of short rows, and small tiles of them, written for the processor's
 *		vector registers.
 *
 * A matrix library is made for matrices that are large both ways.  Rows of 16 or
 * 32 values, gathered from anywhere or multiplied in small tiles that stay in the
 * first-level cache, are faster by these.  One portable build holds them for
 * several kinds of register; the best is chosen when it runs.
 */
#ifndef GAE_VECTOR_H
#define GAE_VECTOR_H

#include "core/base/env.h"

/* Columns of a panel: with their gradients they fit the first-level cache. */
#define GAE_PANEL 128

/* Rows of a group, at least and at most; "group" says how many. */
#define GAE_MIN_GROUP 4
#define GAE_MAX_GROUP 8

/* "padded" is a multiple of this. */
#define GAE_VECTOR_PADDING 16

/* A tile of products never leaves the registers unless one of them is large enough. */
#define GAE_TILE_ROWS 8
#define GAE_TILE_COLUMNS 32

typedef struct GaeVectorKernels
{
	int			group;

	/* x (group x PANEL) = rows (group x padded) · panel (width x PANEL) */
	void		(*scores) (int64_t width, int64_t padded, const GaeReal *rows,
						   const GaeReal *panel, GaeReal *x);

	/* d_rows (group x padded) += x (group x PANEL) · columns (PANEL x padded) */
	void		(*fold) (int64_t padded, const GaeReal *x, const GaeReal *columns, GaeReal *d_rows);

	/* The same, and d_columns (PANEL x padded) += xᵀ · rows (group x padded). */
	void		(*fold_both) (int64_t padded, const GaeReal *x, const GaeReal *rows,
							  const GaeReal *columns, GaeReal *d_rows, GaeReal *d_columns);

	/*
	 * out (n) += Σ_k value[k] · row index[k] of b, whose rows begin "stride" apart.
	 * There are "count" of them; index[] goes on up to "known", so that the rows
	 * needed next can be asked for.
	 */
	void		(*add_rows) (int64_t count, int64_t known, const int32_t *index, const GaeReal *value,
							 int64_t n, int64_t stride, const GaeReal *b, GaeReal *out);

	/*
	 * Rows first … end - 1 of a sparse matrix times b: row i of out (n) = Σ_k value[k] ·
	 * row index[k] of b over offset[i] <= k < offset[i + 1], plus diagonal[i] · row i of
	 * b unless diagonal is NULL.
	 */
	void		(*multiply_csr) (int64_t first, int64_t end, const int64_t *offset,
								 const int32_t *index, const GaeReal *value, const GaeReal *diagonal,
								 int64_t n, const GaeReal *b, GaeReal *out);

	/* x[k] = the inner product of "own" (n) and row index[k] of b. */
	void		(*dot_rows) (int64_t count, int64_t known, const int32_t *index, const GaeReal *own,
							 int64_t n, int64_t stride, const GaeReal *b, GaeReal *x);

	/*
	 * excess (TILE_ROWS x TILE_COLUMNS) = aᵀ · b - bound, where
	 *		a		(width x TILE_ROWS): vectors as columns
	 *		b		(width x TILE_COLUMNS): likewise
	 *		bound	(TILE_ROWS): what the products of a row are compared with.
	 * Returns which rows have an excess without a sign: bit r for row r.
	 *
	 * The order of the additions is that of the dimensions, and starts from -bound.
	 */
	unsigned	(*tile_product) (int64_t width, const GaeReal *a, const GaeReal *b,
								 const GaeReal *bound, GaeReal *excess);
} GaeVectorKernels;

/* The best that this processor can run. */
extern const GaeVectorKernels *gae_vector_kernels(void);

/* The kinds one by one, from 0 up to the best; then NULL. */
extern const GaeVectorKernels *gae_vector_kernels_number(int number);

#endif							/* GAE_VECTOR_H */
