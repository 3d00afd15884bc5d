/*
 * split.c
 *		Held-out edges and rows, and random non-edges.
 */
#include "core/graph/split.h"

#include <math.h>
#include <string.h>

#include "core/base/sort.h"

void
gae_split_counts(int64_t count, double validation_fraction, double test_fraction,
				 int64_t *validation, int64_t *test)
{
	*validation = (int64_t) floor((double) count * validation_fraction);
	*test = (int64_t) floor((double) count * test_fraction);

	/* Rounding may give two fractions that are below 1 together all there is. */
	if (*validation + *test >= count && *validation > 0)
		(*validation)--;
	else if (*validation + *test >= count && *test > 0)
		(*test)--;
}

GaeStatus
gae_split(GaeEnv *env, int64_t count, double validation_fraction, double test_fraction,
		  int64_t seed, uint8_t **part, int64_t *validation, int64_t *test)
{
	int32_t    *order;

	gae_split_counts(count, validation_fraction, test_fraction, validation, test);
	GAE_ALLOC_ZERO(env, *part, count);	/* GAE_PART_TRAINING */
	GAE_ALLOC(env, order, count);
	GAE_TRY(gae_random_order(env, gae_stream(seed, GAE_RANDOM_SPLIT, 0, 0), count, order));
	for (int64_t i = 0; i < *test + *validation; i++)
	{
		if (i % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(env));
		(*part)[order[i]] = i < *test ? GAE_PART_TEST : GAE_PART_VALIDATION;
	}
	gae_free(env, order);
	return GAE_OK;
}

static GaeStatus
pairs_alloc(GaeEnv *env, int64_t count, GaePairs *pairs)
{
	pairs->count = count;
	GAE_ALLOC(env, pairs->src, count);
	GAE_ALLOC(env, pairs->dst, count);
	return GAE_OK;
}

GaeStatus
gae_pairs_of_part(GaeEnv *env, const GaeGraph *graph, const uint8_t *part, uint8_t wanted,
				  int64_t count, GaePairs *pairs)
{
	int64_t		found = 0;

	GAE_TRY(pairs_alloc(env, count, pairs));
	for (int64_t e = 0; e < graph->edges && found < count; e++)
	{
		if (e % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(env));
		if (part[e] != wanted)
			continue;
		pairs->src[found] = graph->src[e];
		pairs->dst[found] = graph->dst[e];
		found++;
	}
	return GAE_OK;
}

GaeStatus
gae_pairs_take(GaeEnv *env, const GaePairs *from, const int32_t *order, int64_t count,
			   GaePairs *pairs)
{
	GAE_TRY(pairs_alloc(env, count, pairs));
	for (int64_t k = 0; k < count; k++)
	{
		if (k % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(env));
		pairs->src[k] = from->src[order[k]];
		pairs->dst[k] = from->dst[order[k]];
	}
	return GAE_OK;
}

/* Every pair that is not an edge, in order: for graphs that have few of them. */
static GaeStatus
all_non_edges(GaeEnv *env, const GaeAdjacency *known, int64_t count, GaePairs *pairs)
{
	int64_t		found = 0;

	GAE_TRY(pairs_alloc(env, count, pairs));
	for (int32_t i = 0; i < known->nodes; i++)
	{
		for (int32_t j = known->directed ? 0 : i + 1; j < known->nodes && found < count; j++)
		{
			if (i == j || gae_adjacency_has(known, i, j))
				continue;
			pairs->src[found] = i;
			pairs->dst[found] = j;
			found++;
		}
		GAE_TRY(gae_poll(env));
	}
	pairs->count = found;
	return GAE_OK;
}

/* Keep a random "count" of the pairs, in their order. */
static GaeStatus
thin_out(GaeEnv *env, int64_t count, GaeStream stream, GaePairs *pairs)
{
	int32_t    *order;
	bool	   *kept;
	int64_t		to = 0;

	if (pairs->count <= count)
		return GAE_OK;
	GAE_ALLOC(env, order, pairs->count);
	GAE_ALLOC_ZERO(env, kept, pairs->count);
	GAE_TRY(gae_random_order(env, stream, pairs->count, order));
	for (int64_t i = 0; i < count; i++)
	{
		if (i % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(env));
		kept[order[i]] = true;
	}
	for (int64_t i = 0; i < pairs->count; i++)
	{
		if (i % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(env));
		if (!kept[i])
			continue;
		pairs->src[to] = pairs->src[i];
		pairs->dst[to] = pairs->dst[i];
		to++;
	}
	pairs->count = count;
	gae_free(env, kept);
	gae_free(env, order);
	return GAE_OK;
}

/* Draw pairs until count different non-edges are there; at least half of all pairs are. */
static GaeStatus
draw_non_edges(GaeEnv *env, const GaeAdjacency *known, int64_t count, GaeStream stream,
			   GaePairs *pairs)
{
	uint64_t	nodes = (uint64_t) known->nodes;
	GaeSortItem *items;
	GaeSortItem *spare;
	int64_t		have = 0;

	GAE_ALLOC(env, items, count);
	GAE_ALLOC(env, spare, count);
	while (have < count)
	{
		int64_t		different = 0;

		for (int64_t k = have; k < count;)
		{
			int32_t		i = (int32_t) gae_random_below(&stream, nodes);
			int32_t		j = (int32_t) gae_random_below(&stream, nodes);

			if (i == j || gae_adjacency_has(known, i, j))
				continue;
			if (!known->directed && i > j)
			{
				int32_t		other = i;

				i = j;
				j = other;
			}
			items[k].key = (uint64_t) (uint32_t) i << 32 | (uint32_t) j;
			items[k].value = 0;
			if (k++ % 65536 == 0)
				GAE_TRY(gae_poll(env));
		}
		GAE_TRY(gae_sort(env, items, spare, count));
		for (int64_t k = 0; k < count; k++)
		{
			if (k % GAE_POLL_ITEMS == 0)
				GAE_TRY(gae_poll(env));
			if (k == 0 || items[k].key != items[k - 1].key)
				items[different++] = items[k];
		}
		have = different;
	}
	gae_free(env, spare);
	GAE_TRY(pairs_alloc(env, count, pairs));
	for (int64_t k = 0; k < count; k++)
	{
		if (k % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(env));
		pairs->src[k] = (int32_t) (items[k].key >> 32);
		pairs->dst[k] = (int32_t) (uint32_t) items[k].key;
	}
	gae_free(env, items);
	return GAE_OK;
}

/*
 * Drawing is quick while the wanted pairs are a small part of all pairs and non-edges
 * are the greater part; otherwise there are few enough to list.
 */
static bool
are_drawn(double nodes, bool directed, double non_edges, double count)
{
	double		all_pairs = nodes * (nodes - 1) / (directed ? 1 : 2);

	return count < non_edges / 2 && non_edges > all_pairs / 2;
}

void
gae_sample_bytes(double nodes, bool directed, double non_edges, double count,
				 double *most, double *held)
{
	double		pair = 2 * sizeof(int32_t);

	if (are_drawn(nodes, directed, non_edges, count))
	{
		*held = count * pair;
		*most = *held + 2 * count * sizeof(GaeSortItem);
	}
	else
	{
		*held = count > 0 ? non_edges * pair : 0;
		*most = *held + (count < non_edges ? non_edges * (sizeof(int32_t) + sizeof(bool)) : 0);
	}
}

GaeStatus
gae_sample_non_edges(GaeEnv *env, const GaeAdjacency *known, double non_edges, int64_t count,
					 GaeStream stream, GaePairs *pairs)
{
	if (count == 0)
		return pairs_alloc(env, 0, pairs);
	if (are_drawn(known->nodes, known->directed, non_edges, (double) count))
		return draw_non_edges(env, known, count, stream, pairs);
	GAE_TRY(all_non_edges(env, known, (int64_t) non_edges, pairs));
	return thin_out(env, count, stream, pairs);
}
