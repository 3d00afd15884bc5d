/*
 * adjacency.c
 *		The neighbours of each node, and the edges that lead to them.
 */
#include "core/graph/adjacency.h"

#include <string.h>

GaeStatus
gae_adjacency_check(GaeEnv *env, const GaeGraph *graph)
{
	if (graph->edges <= INT32_MAX)
		return GAE_OK;
	gae_fail(env, GAE_TOO_LARGE, "too many edges");
	gae_error_detail(env, "The graph has %lld edges; at most %d are supported.",
					 (long long) graph->edges, INT32_MAX);
	return GAE_TOO_LARGE;
}

GaeStatus
gae_adjacency_build(GaeEnv *env, const GaeGraph *graph,
					const uint8_t *part, uint8_t last_part,
					bool with_edges, GaeAdjacency *adjacency)
{
	int64_t    *offset;
	int64_t    *out;
	int64_t    *fill;			/* nodes x 2: where the next edge into and out of a node goes */
	int64_t		kept = 0;

	memset(adjacency, 0, sizeof(*adjacency));
	GAE_TRY(gae_adjacency_check(env, graph));
	adjacency->nodes = graph->nodes;
	adjacency->directed = graph->directed;
	GAE_ALLOC_ZERO(env, offset, (int64_t) graph->nodes + 1);
	GAE_ALLOC_ZERO(env, out, graph->nodes);

	/* Count the edges into node i in offset[i + 1], and those out of it in out[i]. */
	for (int64_t e = 0; e < graph->edges; e++)
	{
		if (e % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(env));
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

		if (i % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(env));
		out[i] = offset[i] + into;
		offset[i + 1] = out[i] + out_of;
	}
	adjacency->offset = offset;
	adjacency->out = out;
	GAE_ALLOC(env, adjacency->neighbor, 2 * kept);
	if (with_edges)
		GAE_ALLOC(env, adjacency->edge, 2 * kept);

	/*
	 * Edges are sorted by (src, dst): taking them in order fills both parts of every node's
	 * entries in ascending order of the neighbour.
	 */
	GAE_ALLOC(env, fill, 2 * (int64_t) graph->nodes);
	for (int32_t i = 0; i < graph->nodes; i++)
	{
		if (i % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(env));
		fill[2 * (int64_t) i] = offset[i];
		fill[2 * (int64_t) i + 1] = out[i];
	}
	for (int64_t e = 0; e < graph->edges; e++)
	{
		int64_t		at_dst;
		int64_t		at_src;

		if (e % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(env));
		if (part != NULL && part[e] > last_part)
			continue;
		at_dst = fill[2 * (int64_t) graph->dst[e]]++;
		at_src = fill[2 * (int64_t) graph->src[e] + 1]++;
		adjacency->neighbor[at_dst] = graph->src[e];
		adjacency->neighbor[at_src] = graph->dst[e];
		if (with_edges)
		{
			adjacency->edge[at_dst] = (int32_t) e;
			adjacency->edge[at_src] = (int32_t) e;
		}
	}
	gae_free(env, fill);
	return GAE_OK;
}

double
gae_adjacency_bytes(double nodes, double edges, bool with_edges)
{
	return 2 * nodes * sizeof(int64_t) + 2 * edges * sizeof(int32_t) * (with_edges ? 2 : 1);
}

double
gae_adjacency_build_bytes(double nodes)
{
	return 2 * nodes * sizeof(int64_t);
}

GaeStatus
gae_graph_of_adjacency(GaeEnv *env, const GaeAdjacency *adjacency, GaeGraph *graph)
{
	int64_t		edges = adjacency->offset[adjacency->nodes] / 2;
	int64_t		at = 0;

	memset(graph, 0, sizeof(*graph));
	graph->nodes = adjacency->nodes;
	graph->directed = adjacency->directed;
	graph->edges = edges;
	GAE_ALLOC(env, graph->src, edges);
	GAE_ALLOC(env, graph->dst, edges);
	for (int32_t i = 0; i < adjacency->nodes; i++)
	{
		if (i % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(env));
		for (int64_t k = adjacency->out[i]; k < adjacency->offset[i + 1]; k++, at++)
		{
			if (at % GAE_POLL_ITEMS == 0)
				GAE_TRY(gae_poll(env));
			graph->src[at] = i;
			graph->dst[at] = adjacency->neighbor[k];
		}
	}
	return GAE_OK;
}

/* Is the node among the neighbours of the entries first … end - 1, which are sorted? */
static bool
has_neighbor(const GaeAdjacency *adjacency, int64_t first, int64_t end, int32_t node)
{
	int64_t		count = end - first;

	/* A half is chosen without a branch, which would be mispredicted for random nodes. */
	while (count > 1)
	{
		int64_t		half = count / 2;

		first += adjacency->neighbor[first + half] <= node ? half : 0;
		count -= half;
	}
	return count == 1 && adjacency->neighbor[first] == node;
}

bool
gae_adjacency_has(const GaeAdjacency *adjacency, int32_t i, int32_t j)
{
	return has_neighbor(adjacency, adjacency->directed ? adjacency->out[i] : adjacency->offset[i],
						adjacency->offset[i + 1], j);
}

bool
gae_adjacency_has_into(const GaeAdjacency *adjacency, int32_t i, int32_t j)
{
	return has_neighbor(adjacency, adjacency->offset[j],
						adjacency->directed ? adjacency->out[j] : adjacency->offset[j + 1], i);
}

GaeStatus
gae_isolated_nodes(GaeEnv *env, const GaeAdjacency *adjacency, int32_t *isolated)
{
	*isolated = 0;
	for (int32_t i = 0; i < adjacency->nodes; i++)
	{
		if (i % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(env));
		*isolated += adjacency->offset[i] == adjacency->offset[i + 1];
	}
	return GAE_OK;
}
