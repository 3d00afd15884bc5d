/*
 * openblas.h
 *		OpenBLAS: products of dense matrices on one thread, and eigenvectors of symmetric
 *		ones.
 *
 * Matrices are stored row after row.  openblas.c is the only file that sees CBLAS and
 * LAPACK.  It loads OpenBLAS when a call first needs it, not when the extension is
 * loaded, so that nothing of OpenBLAS runs in a process that loads the extension and
 * then forks (the postmaster, where it is preloaded).
 */
#ifndef GAE_OPENBLAS_H
#define GAE_OPENBLAS_H

#include "core/base/env.h"

/*
 * Load OpenBLAS, and have a work buffer mapped for each worker of the environment.  A
 * call must do this before it uses any other function here or in matmul.h.
 * Errors: GAE_UNAVAILABLE when the library is missing or lacks a function,
 * GAE_OUT_OF_MEMORY when there is no address space for it or its buffers.
 */
extern GaeStatus gae_openblas_load(GaeEnv *env);

/* Whether a product takes a matrix as it is stored, or its transpose. */
typedef enum GaeTranspose
{
	GAE_PLAIN = 0,
	GAE_TRANSPOSED = 1
} GaeTranspose;

/*
 * c (m x n) = alpha · op(a) (m x k) · op(b) (k x n) + beta · c, on the calling thread;
 * op is the identity or the transpose.  lda, ldb and ldc are the distances, in values,
 * from one stored row to the next.  It may be called in a block of gae_parallel.
 */
extern void gae_gemm(GaeTranspose transpose_a, GaeTranspose transpose_b,
					 int64_t m, int64_t n, int64_t k,
					 GaeReal alpha, const GaeReal *a, int64_t lda,
					 const GaeReal *b, int64_t ldb,
					 GaeReal beta, GaeReal *c, int64_t ldc);

/*
 * Eigenvalues and eigenvectors of the symmetric matrix a (n x n).  value (n) gets the
 * eigenvalues in ascending order; row i of a becomes the eigenvector of value[i], of
 * length 1 and of either sign.  An interrupt has to wait for it, so the caller bounds n
 * (n = 256 takes about 10 ms).
 * Errors: GAE_UNAVAILABLE when OpenBLAS was built without LAPACK or does not converge.
 */
extern GaeStatus gae_eigen_symmetric(GaeEnv *env, int n, double *a, double *value);

#endif							/* GAE_OPENBLAS_H */
