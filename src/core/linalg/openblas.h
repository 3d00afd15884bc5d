/*
 * openblas.h
 *		Dense row-major matrices: the only file that sees BLAS and LAPACK.
 *
 * OpenBLAS is loaded when it is first needed, not with the library, so that
 * nothing of it runs in a process that only loads us (a postmaster) and then
 * forks.
 */
#ifndef GAE_OPENBLAS_H
#define GAE_OPENBLAS_H

#include "core/base/env.h"

/*
 * Load OpenBLAS and make sure that it can work.  Every call that goes on to
 * multiply comes here first.  Errors: GAE_UNAVAILABLE, GAE_OUT_OF_MEMORY.
 */
extern GaeStatus gae_openblas_load(GaeEnv *env);

typedef enum GaeTranspose
{
	GAE_PLAIN = 0,
	GAE_TRANSPOSED = 1
} GaeTranspose;

/*
 * c (m x n) = alpha · op(a) (m x k) · op(b) (k x n) + beta · c, on this thread.
 * lda, ldb, ldc are the lengths of a stored row.  For use inside a block.
 */
extern void gae_gemm(GaeTranspose transpose_a, GaeTranspose transpose_b,
					 int64_t m, int64_t n, int64_t k,
					 GaeReal alpha, const GaeReal *a, int64_t lda,
					 const GaeReal *b, int64_t ldb,
					 GaeReal beta, GaeReal *c, int64_t ldc);

/* c (rows x n) = a (rows x k) · op(b) + beta · c; blocks of c in parallel. */
extern GaeStatus gae_matmul(GaeEnv *env, int64_t rows, int64_t n, int64_t k,
							  const GaeReal *a, int64_t lda,
							  GaeTranspose transpose_b, const GaeReal *b, int64_t ldb,
							  GaeReal beta, GaeReal *c, int64_t ldc);

/*
 * c (m x n) = aᵀ · b for a (rows x m) and b (rows x n), which may be tall: the
 * gradient of a weight matrix.  Blocks of c or, where it is small and there are
 * many rows, of rows in parallel; these are added up in order.
 */
extern GaeStatus gae_matmul_tall(GaeEnv *env, int64_t rows, int64_t m, int64_t n,
								   const GaeReal *a, int64_t lda,
								   const GaeReal *b, int64_t ldb, GaeReal *c);

/* Values that this allocates meanwhile. */
extern int64_t gae_matmul_tall_parts(int64_t rows, int64_t m, int64_t n);

/* y (n) = x (k) · w (k x n, in rows of ldw), on this thread and without BLAS. */
extern void gae_matmul_row(int64_t k, int64_t n, const GaeReal *x, const GaeReal *w, int64_t ldw,
							 GaeReal *y);

/* sums[n] = the sums of the columns of a (rows x n). */
extern GaeStatus gae_column_sums(GaeEnv *env, int64_t rows, int64_t n,
								 const GaeReal *a, int64_t lda, GaeReal *sums);

/*
 * The eigenvalues of a symmetric matrix, ascending, and its eigenvectors: row i of
 * "a" (n x n) becomes that of value[i], of length 1 and of either sign.  It cannot be
 * interrupted: n is for the caller to bound (256 takes some 10 ms).  After
 * gae_openblas_load.
 */
extern GaeStatus gae_eigen_symmetric(GaeEnv *env, int n, double *a, double *value);

/* The inner product of two vectors. */
extern double gae_dot(const GaeReal *a, const GaeReal *b, int64_t n);

#endif							/* GAE_OPENBLAS_H */
