/*
 * graph.c
 *		From rows of edges to canonical edges and their incidence.
 */
#include "graph.h"

#include <math.h>
#include <string.h>

#include "sort.h"

/* Items between two looks at interrupts: a few milliseconds' work. */
#define POLL_ITEMS (1 << 18)

static uint64_t
pair_key(int32_t src, int32_t dst)
{
	return (uint64_t) (uint32_t) src << 32 | (uint32_t) dst;
}

/*
 * The rows that are edges, as (canonical pair, bits of the weight).  Counts those
 * that are dropped.
 */
static GaeStatus
canonical_items(GaeEnv *env, const int32_t *rank, int64_t rows,
				const int32_t *src, const int32_t *dst, const float *weight,
				GaeGraph *graph, GaeSortItem *items, int64_t *count)
{
	*count = 0;
	for (int64_t row = 0; row < rows; row++)
	{
		int32_t		from = rank != NULL ? rank[src[row]] : src[row];
		int32_t		to = rank != NULL ? rank[dst[row]] : dst[row];
		uint32_t	bits = 0;

		if (row % POLL_ITEMS == 0)
			GAE_TRY(gae_poll(env));
		if (from == to)
		{
			graph->self_loops++;
			continue;
		}
		if (weight != NULL)
		{
			if (weight[row] == 0)
			{
				graph->zero_weight_edges++;
				continue;
			}
			memcpy(&bits, &weight[row], sizeof(bits));
		}
		if (!graph->directed && from > to)
		{
			int32_t		other = from;

			from = to;
			to = other;
		}
		items[*count].key = pair_key(from, to);
		items[*count].value = bits;
		(*count)++;
	}
	return GAE_OK;
}

/* Exchange key and value, to sort by the other one. */
static void
swap_items(GaeSortItem *items, int64_t count)
{
	for (int64_t i = 0; i < count; i++)
	{
		uint64_t	key = items[i].key;

		items[i].key = items[i].value;
		items[i].value = key;
	}
}

static double
weight_of(const GaeSortItem *item)
{
	uint32_t	bits = (uint32_t) item->value;
	float		weight;

	memcpy(&weight, &bits, sizeof(weight));
	return weight;
}

GaeStatus
gae_graph_build(GaeEnv *env, int32_t nodes, const int32_t *rank, bool directed,
				int64_t rows, const int32_t *src, const int32_t *dst,
				const float *weight, GaeGraph *graph)
{
	GaeSortItem *items;
	GaeSortItem *spare;
	int64_t		count;

	memset(graph, 0, sizeof(*graph));
	graph->nodes = nodes;
	graph->directed = directed;
	GAE_ALLOC(env, items, rows);
	GAE_ALLOC(env, spare, rows);
	GAE_TRY(canonical_items(env, rank, rows, src, dst, weight, graph, items, &count));
	if (weight != NULL)
	{
		/*
		 * Equal pairs in the order of their weights (the bits of positive
		 * floats order as the numbers do): sums then do not depend on the
		 * order of the rows.
		 */
		swap_items(items, count);
		GAE_TRY(gae_sort(env, items, spare, count));
		swap_items(items, count);
	}
	GAE_TRY(gae_sort(env, items, spare, count));
	gae_free(env, spare);

	for (int64_t i = 0; i < count; i++)
		if (i == 0 || items[i].key != items[i - 1].key)
			graph->edges++;
	graph->duplicate_edges = count - graph->edges;

	GAE_ALLOC(env, graph->src, graph->edges);
	GAE_ALLOC(env, graph->dst, graph->edges);
	if (weight != NULL)
		GAE_ALLOC(env, graph->weight, graph->edges);
	for (int64_t i = 0, edge = 0; i < count; edge++)
	{
		uint64_t	pair = items[i].key;
		double		sum = 0;

		for (; i < count && items[i].key == pair; i++)
			sum += weight_of(&items[i]);
		graph->src[edge] = (int32_t) (pair >> 32);
		graph->dst[edge] = (int32_t) (uint32_t) pair;
		if (weight == NULL)
			continue;
		graph->weight[edge] = (float) sum;
		if (!isfinite(graph->weight[edge]))
		{
			gae_fail(env, GAE_INVALID_ARGUMENT, "edge weights are too large");
			gae_error_detail(env, "The weights of duplicate edges add up to %g, above the range of real.", sum);
			gae_error_hint(env, "Divide all weights by a constant.");
			return GAE_INVALID_ARGUMENT;
		}
	}
	gae_free(env, items);
	return GAE_OK;
}

GaeStatus
gae_incidence_build(GaeEnv *env, const GaeGraph *graph,
					const uint8_t *part, uint8_t last_part,
					bool with_edges, GaeIncidence *incidence)
{
	int64_t    *offset;
	int64_t    *out;
	int64_t		kept = 0;
	int64_t    *fill;

	memset(incidence, 0, sizeof(*incidence));
	if (graph->edges > INT32_MAX)
	{
		gae_fail(env, GAE_TOO_LARGE, "too many edges");
		gae_error_detail(env, "The graph has %lld edges; at most %d are supported.",
						 (long long) graph->edges, INT32_MAX);
		return GAE_TOO_LARGE;
	}
	incidence->nodes = graph->nodes;
	incidence->directed = graph->directed;
	GAE_ALLOC_ZERO(env, offset, (int64_t) graph->nodes + 1);
	GAE_ALLOC_ZERO(env, out, graph->nodes);

	/* Count the edges into and out of each node; offset[i + 1] is for node i. */
	for (int64_t e = 0; e < graph->edges; e++)
	{
		if (part != NULL && part[e] > last_part)
			continue;
		offset[graph->dst[e] + 1]++;
		out[graph->src[e]]++;
		kept++;
	}
	for (int32_t i = 0; i < graph->nodes; i++)
	{
		int64_t		into = offset[i + 1];
		int64_t		out_of = out[i];

		out[i] = offset[i] + into;
		offset[i + 1] = out[i] + out_of;
	}
	incidence->offset = offset;
	incidence->out = out;
	GAE_ALLOC(env, incidence->neighbor, 2 * kept);
	if (with_edges)
		GAE_ALLOC(env, incidence->edge, 2 * kept);

	/*
	 * Edges come sorted by (src, dst): going through them in order fills both
	 * parts of every row in the order of the neighbor.
	 */
	GAE_ALLOC(env, fill, 2 * (int64_t) graph->nodes);
	for (int32_t i = 0; i < graph->nodes; i++)
	{
		fill[2 * (int64_t) i] = offset[i];
		fill[2 * (int64_t) i + 1] = out[i];
	}
	for (int64_t e = 0; e < graph->edges; e++)
	{
		int64_t		at_dst;
		int64_t		at_src;

		if (e % POLL_ITEMS == 0)
			GAE_TRY(gae_poll(env));
		if (part != NULL && part[e] > last_part)
			continue;
		at_dst = fill[2 * (int64_t) graph->dst[e]]++;
		at_src = fill[2 * (int64_t) graph->src[e] + 1]++;
		incidence->neighbor[at_dst] = graph->src[e];
		incidence->neighbor[at_src] = graph->dst[e];
		if (with_edges)
		{
			incidence->edge[at_dst] = (int32_t) e;
			incidence->edge[at_src] = (int32_t) e;
		}
	}
	gae_free(env, fill);
	return GAE_OK;
}

/* Is the node among the neighbors of the entries first … end - 1? */
static bool
has_neighbor(const GaeIncidence *incidence, int64_t first, int64_t end, int32_t node)
{
	int64_t		count = end - first;

	/* Halves are chosen without a branch, which random nodes would mispredict. */
	while (count > 1)
	{
		int64_t		half = count / 2;

		first += incidence->neighbor[first + half] <= node ? half : 0;
		count -= half;
	}
	return count == 1 && incidence->neighbor[first] == node;
}

bool
gae_incidence_has(const GaeIncidence *incidence, int32_t i, int32_t j)
{
	return has_neighbor(incidence, incidence->directed ? incidence->out[i] : incidence->offset[i],
						incidence->offset[i + 1], j);
}

bool
gae_incidence_has_into(const GaeIncidence *incidence, int32_t i, int32_t j)
{
	return has_neighbor(incidence, incidence->offset[j],
						incidence->directed ? incidence->out[j] : incidence->offset[j + 1], i);
}

int32_t
gae_isolated_nodes(const GaeIncidence *incidence)
{
	int32_t		isolated = 0;

	for (int32_t i = 0; i < incidence->nodes; i++)
		isolated += incidence->offset[i] == incidence->offset[i + 1];
	return isolated;
}

double
gae_non_edges(const GaeGraph *graph)
{
	double		nodes = graph->nodes;
	double		pairs = nodes * (nodes - 1) / (graph->directed ? 1 : 2);

	return pairs - (double) graph->edges;
}
