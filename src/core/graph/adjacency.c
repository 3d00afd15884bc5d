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

/* The edges of a graph that an adjacency is made of. */
typedef struct KeptEdges
{
	const GaeGraph *graph;
	const uint8_t *part;		/* NULL: all of them */
	uint8_t		last_part;
} KeptEdges;

static inline bool
is_kept(const KeptEdges *kept, int64_t edge)
{
	return kept->part == NULL || kept->part[edge] <= kept->last_part;
}

/* Find offset (nodes + 1) and out (nodes), which are 0. */
static GaeStatus
find_offsets(GaeEnv *env, const KeptEdges *kept, int64_t *offset, int64_t *out)
{
	const GaeGraph *graph = kept->graph;

	/* Count the edges into node i in offset[i + 1], and those out of it in out[i]. */
	for (int64_t e = 0; e < graph->edges; e++)
	{
		if (e % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(env));
		if (!is_kept(kept, e))
			continue;
		offset[graph->dst[e] + 1]++;
		out[graph->src[e]]++;
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
	return GAE_OK;
}

/*
 * Fill in the entries.  Edges are sorted by (src, dst): taking them in order fills both
 * parts of every node's entries in ascending order of the neighbour.
 */
static GaeStatus
fill_entries(GaeEnv *env, const KeptEdges *kept, GaeAdjacency *adjacency)
{
	const GaeGraph *graph = kept->graph;
	int64_t    *next;			/* nodes x 2: where the next edge into and out of a node goes */

	GAE_ALLOC(env, next, 2 * (int64_t) graph->nodes);
	for (int32_t i = 0; i < graph->nodes; i++)
	{
		if (i % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(env));
		next[2 * (int64_t) i] = adjacency->offset[i];
		next[2 * (int64_t) i + 1] = adjacency->out[i];
	}
	for (int64_t e = 0; e < graph->edges; e++)
	{
		int64_t		at_dst;
		int64_t		at_src;

		if (e % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(env));
		if (!is_kept(kept, e))
			continue;
		at_dst = next[2 * (int64_t) graph->dst[e]]++;
		at_src = next[2 * (int64_t) graph->src[e] + 1]++;
		adjacency->neighbor[at_dst] = graph->src[e];
		adjacency->neighbor[at_src] = graph->dst[e];
		if (adjacency->edge != NULL)
		{
			adjacency->edge[at_dst] = (int32_t) e;
			adjacency->edge[at_src] = (int32_t) e;
		}
	}
	gae_free(env, next);
	return GAE_OK;
}

GaeStatus
gae_adjacency_build(GaeEnv *env, const GaeGraph *graph,
					const uint8_t *part, uint8_t last_part,
					bool with_edges, GaeAdjacency *adjacency)
{
	KeptEdges	kept = {graph, part, last_part};
	int64_t		entries;

	*adjacency = (GaeAdjacency) {.nodes = graph->nodes, .directed = graph->directed};
	GAE_TRY(gae_adjacency_check(env, graph));
	GAE_ALLOC_ZERO(env, adjacency->offset, (int64_t) graph->nodes + 1);
	GAE_ALLOC_ZERO(env, adjacency->out, graph->nodes);
	GAE_TRY(find_offsets(env, &kept, adjacency->offset, adjacency->out));
	entries = adjacency->offset[graph->nodes];
	GAE_ALLOC(env, adjacency->neighbor, entries);
	if (with_edges)
		GAE_ALLOC(env, adjacency->edge, entries);
	return fill_entries(env, &kept, adjacency);
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
