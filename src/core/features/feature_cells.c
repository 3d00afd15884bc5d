/*
 * feature_cells.c
 *		Sparse features put in order: the values that are given, each with its place in X.
 */
#include "core/features/feature_cells.h"

#include <math.h>

/* cell = the triplets of features that are not left out; note the rows of all of them. */
static GaeStatus
take_triplets(GaeEnv *env, const GaeTriplets *triplets, const int32_t *rank, GaeFeatureCells *cells)
{
	cells->count = 0;
	for (int64_t i = 0; i < triplets->count; i++)
	{
		int64_t		row = rank != NULL ? rank[triplets->row[i]] : triplets->row[i];
		float		value = triplets->value[i];

		if (i % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(env));
		cells->row_given[row] = true;
		if (triplets->column[i] >= 0)
			cells->cell[cells->count++] = (GaeFeatureCell) {
				(uint64_t) row << 32 | (uint64_t) triplets->column[i],
				isnan(value) ? GAE_CELL_MISSING : gae_sort_key_double(value)
			};
	}
	return GAE_OK;
}

/* Add up the cells of each place; they are sorted, so that missing values come last. */
static GaeStatus
merge_cells(GaeEnv *env, GaeFeatureCells *cells)
{
	GaeFeatureCell *cell = cells->cell;
	int64_t		merged = 0;

	for (int64_t i = 0; i < cells->count;)
	{
		GaeFeatureCell first = cell[i];
		double		sum = 0;

		for (; i < cells->count && cell[i].place == first.place; i++)
		{
			if (i % GAE_POLL_ITEMS == 0)
				GAE_TRY(gae_poll(env));
			if (!gae_cell_missing(&cell[i]))
				sum += gae_cell_value(&cell[i]);
		}
		if (!isfinite((GaeReal) sum))
		{
			gae_fail(env, GAE_INVALID_ARGUMENT, "feature values are too large");
			gae_error_detail(env, "The values of a repeated feature add up to %g, beyond the range of real.",
							 sum);
			gae_error_hint(env, "Divide all values by a constant.");
			return GAE_INVALID_ARGUMENT;
		}
		if (!gae_cell_missing(&first))
			first.value = gae_sort_key_double(sum);
		cell[merged++] = first;
	}
	cells->count = merged;
	return GAE_OK;
}

GaeStatus
gae_feature_cells_make(GaeEnv *env, const GaeTriplets *triplets, int64_t rows, const int32_t *rank,
					   GaeFeatureCells *cells)
{
	GaeFeatureCell *spare;

	/* Cells are sorted, with as much spare room. */
	GAE_TRY(gae_memory_expect(env, 2 * (double) triplets->count * sizeof(GaeFeatureCell),
							  "the matrix of features",
							  "Raise vgae.memory_limit, or give fewer features."));
	GAE_ALLOC_ZERO(env, cells->row_given, rows);
	GAE_ALLOC(env, cells->cell, triplets->count);
	GAE_TRY(take_triplets(env, triplets, rank, cells));
	GAE_ALLOC(env, spare, cells->count);
	GAE_TRY(gae_sort_records(env, &cells->cell->place, &spare->place, cells->count, 2));
	gae_free(env, spare);
	return merge_cells(env, cells);
}

void
gae_feature_cells_free(GaeEnv *env, GaeFeatureCells *cells)
{
	gae_free(env, cells->cell);
	gae_free(env, cells->row_given);
}
