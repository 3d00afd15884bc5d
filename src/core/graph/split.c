/*
 * split.c
 *		Which edges or rows are held out.
 */
#include "core/graph/split.h"

#include <math.h>
#include <string.h>

#include "core/base/random.h"

/* The part of what has this hash: a uniform number in [0, 1) against the fractions. */
static uint8_t
part_of(const GaeSplit *split, uint64_t hash)
{
	double		u = (double) (gae_mix(hash ^ gae_mix((uint64_t) split->seed)) >> 11) * 0x1p-53;

	return u < split->test_fraction ? GAE_PART_TEST :
		u < split->test_fraction + split->validation_fraction ? GAE_PART_VALIDATION : GAE_PART_TRAINING;
}

/* The hash of two nodes, in whichever order. */
static uint64_t
pair_hash(uint64_t a, uint64_t b)
{
	uint64_t	low = a < b ? a : b;
	uint64_t	high = a < b ? b : a;

	return gae_mix(gae_mix(low) ^ high);
}

/* Where nothing is left to train on, take everything. */
static void
keep_something(uint8_t *part, int64_t items, int64_t count[GAE_PARTS])
{
	if (count[GAE_PART_TRAINING] > 0)
		return;
	memset(part, GAE_PART_TRAINING, (size_t) items);
	count[GAE_PART_TRAINING] = items;
	count[GAE_PART_VALIDATION] = count[GAE_PART_TEST] = 0;
}

GaeStatus
gae_split_rows(GaeEnv *env, const GaeSplit *split, int64_t rows, const uint64_t *hash,
			   uint8_t **part, int64_t count[GAE_PARTS])
{
	GAE_ALLOC(env, *part, rows);
	memset(count, 0, GAE_PARTS * sizeof(*count));
	for (int64_t i = 0; i < rows; i++)
	{
		if (i % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(env));
		(*part)[i] = part_of(split, hash[i]);
		count[(*part)[i]]++;
	}
	keep_something(*part, rows, count);
	return GAE_OK;
}

GaeStatus
gae_split_edges(GaeEnv *env, const GaeSplit *split, const GaeGraph *graph, const uint64_t *hash,
				uint8_t **part, int64_t count[GAE_PARTS])
{
	GAE_ALLOC(env, *part, graph->edges);
	memset(count, 0, GAE_PARTS * sizeof(*count));
	for (int64_t e = 0; e < graph->edges; e++)
	{
		if (e % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(env));
		(*part)[e] = part_of(split, pair_hash(hash[graph->src[e]], hash[graph->dst[e]]));
		count[(*part)[e]]++;
	}
	keep_something(*part, graph->edges, count);
	return GAE_OK;
}

GaeStatus
gae_split_of_format_1(GaeEnv *env, const GaeSplit *split, int64_t count, uint8_t **part)
{
	int64_t		validation = (int64_t) floor((double) count * split->validation_fraction);
	int64_t		test = (int64_t) floor((double) count * split->test_fraction);
	int32_t    *order;

	/* Fractions that add up to less than 1 may round to all items: one stays for training. */
	if (validation + test >= count && validation > 0)
		validation--;
	else if (validation + test >= count && test > 0)
		test--;
	GAE_ALLOC_ZERO(env, *part, count);	/* GAE_PART_TRAINING */
	GAE_ALLOC(env, order, count);
	GAE_TRY(gae_random_order(env, gae_stream(split->seed, GAE_RANDOM_SPLIT, 0, 0), count, order));
	for (int64_t i = 0; i < test + validation; i++)
	{
		if (i % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(env));
		(*part)[order[i]] = i < test ? GAE_PART_TEST : GAE_PART_VALIDATION;
	}
	gae_free(env, order);
	return GAE_OK;
}

double
gae_split_bytes(double count)
{
	return count * sizeof(uint8_t);
}
