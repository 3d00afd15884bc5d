/*
 * feature_cells.h
 *		Sparse features put in order: the values that are given, each with its place in X.
 */
#ifndef GAE_FEATURE_CELLS_H
#define GAE_FEATURE_CELLS_H

#include "core/base/env.h"
#include "core/base/sort.h"

/* One value, as two numbers to sort by. */
typedef struct GaeFeatureCell
{
	uint64_t	place;			/* row << 32 | column */
	uint64_t	value;			/* gae_sort_key_double of the value, or GAE_CELL_MISSING */
} GaeFeatureCell;

/* A value that is given as missing; no finite number has this key. */
#define GAE_CELL_MISSING UINT64_MAX

typedef struct GaeFeatureCells
{
	int64_t		count;
	GaeFeatureCell *cell;		/* by row of X, then by column; each place once */
	bool	   *row_given;		/* by row of X: was there a triplet of this row? */
} GaeFeatureCells;

/* Values of sparse features in long form, in any order. */
typedef struct GaeTriplets
{
	int64_t		count;
	const int32_t *row;			/* numbered as they were read */
	const int32_t *column;		/* -1: of a feature that is left out */
	const float *value;			/* NaN: missing */
} GaeTriplets;

static inline int64_t
gae_cell_row(const GaeFeatureCell *cell)
{
	return (int64_t) (cell->place >> 32);
}

static inline int32_t
gae_cell_column(const GaeFeatureCell *cell)
{
	return (int32_t) (uint32_t) cell->place;
}

static inline bool
gae_cell_missing(const GaeFeatureCell *cell)
{
	return cell->value == GAE_CELL_MISSING;
}

/* The value of a cell that is not missing. */
static inline double
gae_cell_value(const GaeFeatureCell *cell)
{
	return gae_sort_double_of_key(cell->value);
}

/*
 * Sort triplets into cells; row i of them becomes row rank[i] of X (NULL: row i), which has
 * "rows" rows.  Those of the same place add up, in double and in the order of their values,
 * so that the order of the triplets does not matter; a missing value adds nothing to others.
 * Errors: GAE_INVALID_ARGUMENT when a sum is more than a real can hold; GAE_TOO_LARGE above
 * the limit of memory.
 */
extern GaeStatus gae_feature_cells_make(GaeEnv *env, const GaeTriplets *triplets, int64_t rows,
										const int32_t *rank, GaeFeatureCells *cells);

extern void gae_feature_cells_free(GaeEnv *env, GaeFeatureCells *cells);

#endif							/* GAE_FEATURE_CELLS_H */
