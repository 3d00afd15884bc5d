/*
 * non_edges.c
 *		Lists of pairs of nodes: edges of a part, and random non-edges.
 */
#include "core/graph/non_edges.h"

#include "core/base/sort.h"

/* Pairs drawn between two looks at interrupts: some milliseconds' work. */
#define POLL_DRAWS 65536

double
gae_non_edges(const GaeGraph *graph)
{
	double		nodes = graph->nodes;
	double		pairs = nodes * (nodes - 1) / (graph->directed ? 1 : 2);

	return pairs - (double) graph->edges;
}

static GaeStatus
pairs_alloc(GaeEnv *env, int64_t count, GaePairs *pairs)
{
	pairs->count = count;
	GAE_ALLOC(env, pairs->src, count);
	GAE_ALLOC(env, pairs->dst, count);
	return GAE_OK;
}

double
gae_pairs_bytes(double count)
{
	return count * (2 * sizeof(int32_t));
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

/* The first "count" pairs of different nodes that are not edges, in ascending order. */
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

/* A random pair of different nodes that is no edge, as one number: src << 32 | dst. */
static uint64_t
draw_non_edge(const GaeAdjacency *known, GaeStream *stream)
{
	uint64_t	nodes = (uint64_t) known->nodes;

	for (;;)
	{
		int32_t		i = (int32_t) gae_random_below(stream, nodes);
		int32_t		j = (int32_t) gae_random_below(stream, nodes);

		if (i == j || gae_adjacency_has(known, i, j))
			continue;
		if (known->directed || i < j)
			return (uint64_t) (uint32_t) i << 32 | (uint32_t) j;
		return (uint64_t) (uint32_t) j << 32 | (uint32_t) i;
	}
}

/*
 * Draw pairs until there are "count" different ones, in ascending order.  Each draw takes
 * few attempts, as at least half of all pairs are non-edges, and most of those different.
 */
static GaeStatus
draw_non_edges(GaeEnv *env, const GaeAdjacency *known, int64_t count, GaeStream stream,
			   GaePairs *pairs)
{
	GaeSortItem *items;
	GaeSortItem *spare;
	int64_t		have = 0;

	GAE_ALLOC(env, items, count);
	GAE_ALLOC(env, spare, count);
	while (have < count)
	{
		int64_t		different = 0;

		for (int64_t k = have; k < count; k++)
		{
			if (k % POLL_DRAWS == 0)
				GAE_TRY(gae_poll(env));
			items[k] = (GaeSortItem) {.key = draw_non_edge(known, &stream)};
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
 * Are non-edges drawn one by one?  That is quick while they are more than half of all
 * pairs and less than half of them is wanted.  Otherwise all of them are listed, and the
 * list, which is no longer than the edges or twice what is wanted, is thinned out.
 */
static bool
are_drawn(double nodes, bool directed, double non_edges, double count)
{
	double		all_pairs = nodes * (nodes - 1) / (directed ? 1 : 2);

	return count < non_edges / 2 && non_edges > all_pairs / 2;
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

double
gae_non_edges_bytes(double nodes, bool directed, double non_edges, double count)
{
	if (count == 0 || are_drawn(nodes, directed, non_edges, count))
		return gae_pairs_bytes(count);
	return gae_pairs_bytes(non_edges);
}

double
gae_non_edges_build_bytes(double nodes, bool directed, double non_edges, double count)
{
	if (are_drawn(nodes, directed, non_edges, count))
		return gae_sort_bytes(count);
	return count < non_edges ? non_edges * (sizeof(int32_t) + sizeof(bool)) : 0;
}
