/*
 * sparse.h
 *		Sparse matrices in compressed sparse row form (CSR).
 */
#ifndef GAE_SPARSE_H
#define GAE_SPARSE_H

#include "core/base/env.h"

typedef struct GaeCsr
{
	int64_t		rows;
	int64_t		columns;
	int64_t    *offset;			/* rows + 1 */
	int32_t    *index;			/* column of each entry, ascending in a row */
	GaeReal    *value;			/* of each entry */
	int64_t    *origin;			/* of a transpose: the entry that each entry was; else NULL */
} GaeCsr;

/* out (rows x n) = a (rows x columns) · b (columns x n); blocks of rows of a in parallel. */
extern GaeStatus gae_csr_multiply(GaeEnv *env, const GaeCsr *a, int64_t n,
								  const GaeReal *b, GaeReal *out);

/* transposed = aᵀ, with "origin". */
extern GaeStatus gae_csr_transpose(GaeEnv *env, const GaeCsr *a, GaeCsr *transposed);

/* Bytes of the transpose of a. */
extern double gae_csr_transpose_bytes(const GaeCsr *a);

#endif							/* GAE_SPARSE_H */
