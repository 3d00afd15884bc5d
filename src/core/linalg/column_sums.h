/*
 * column_sums.h
 *		Sums over many rows: of parts of the rows, and then of the parts in their order, so
 *		that they do not depend on the number of threads.
 */
#ifndef GAE_COLUMN_SUMS_H
#define GAE_COLUMN_SUMS_H

#include "core/base/env.h"

/* The rows of a part: "least", or more where that would make too many parts. */
extern int64_t gae_sum_part_rows(int64_t rows, int64_t least);

/* sum (count) = the sums of the parts (part_count x count), added up in their order. */
extern GaeStatus gae_sum_add_parts(GaeEnv *env, const GaeReal *parts, int64_t part_count,
								   int64_t count, GaeReal *sum);

/*
 * sums (n) = the sums of the columns of a (rows x n), whose rows are lda values apart.  Errors:
 * those of gae_parallel and of an allocation.
 */
extern GaeStatus gae_column_sums(GaeEnv *env, int64_t rows, int64_t n,
								 const GaeReal *a, int64_t lda, GaeReal *sums);

#endif							/* GAE_COLUMN_SUMS_H */
