/*
 * matmul.h
 *		Products of dense matrices by several threads, and inner products.
 *
 * Matrices are stored row after row; lda, ldb, ldc and ldw are the distances, in values,
 * from one stored row to the next.  The products of whole matrices need
 * gae_openblas_load first.  Errors: those of gae_parallel and of an allocation.
 */
#ifndef GAE_MATMUL_H
#define GAE_MATMUL_H

#include "core/linalg/openblas.h"

/* c (rows x n) = a (rows x k) · op(b) (k x n) + beta · c; blocks of c in parallel. */
extern GaeStatus gae_matmul(GaeEnv *env, int64_t rows, int64_t n, int64_t k,
							const GaeReal *a, int64_t lda,
							GaeTranspose transpose_b, const GaeReal *b, int64_t ldb,
							GaeReal beta, GaeReal *c, int64_t ldc);

/*
 * c (m x n, without gaps) = aᵀ · b for a (rows x m) and b (rows x n) of many rows: the
 * gradient of a weight matrix.  A small c has its products summed for each block of rows
 * in parallel, and then the blocks' sums added up in order; a large c is cut into blocks
 * itself.
 */
extern GaeStatus gae_matmul_tall(GaeEnv *env, int64_t rows, int64_t m, int64_t n,
								 const GaeReal *a, int64_t lda,
								 const GaeReal *b, int64_t ldb, GaeReal *c);

/* Bytes of the blocks' sums, which gae_matmul_tall allocates while it runs. */
extern double gae_matmul_tall_bytes(int64_t rows, int64_t m, int64_t n);

/* y (n) = x (k) · w (k x n), on the calling thread and without OpenBLAS. */
extern void gae_matmul_row(int64_t k, int64_t n, const GaeReal *x, const GaeReal *w, int64_t ldw,
						   GaeReal *y);

/* The inner product of a (n) and b (n), summed in double. */
extern double gae_dot(const GaeReal *a, const GaeReal *b, int64_t n);

#endif							/* GAE_MATMUL_H */
