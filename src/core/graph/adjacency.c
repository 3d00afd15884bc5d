/*
 * adjacency.c
 *		Who is incident to whom.
 */
#include "core/graph/graph.h"

#include <string.h>

GaeStatus
gae_incidence_check(GaeEnv *env, const GaeGraph *graph)
{
	if (graph->edges <= INT32_MAX)
		return GAE_OK;
	gae_fail(env, GAE_TOO_LARGE, "too many edges");
	gae_error_detail(env, "The graph has %lld edges; at most %d are supported.",
					 (long long) graph->edges, INT32_MAX);
	return GAE_TOO_LARGE;
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
	GAE_TRY(gae_incidence_check(env, graph));
	incidence->nodes = graph->nodes;
	incidence->directed = graph->directed;
	GAE_ALLOC_ZERO(env, offset, (int64_t) graph->nodes + 1);
	GAE_ALLOC_ZERO(env, out, graph->nodes);

	/* Count the edges into and out of each node; offset[i + 1] is for node i. */
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

GaeStatus
gae_graph_of_incidence(GaeEnv *env, const GaeIncidence *incidence, GaeGraph *graph)
{
	int64_t		edges = incidence->offset[incidence->nodes] / 2;
	int64_t		at = 0;

	memset(graph, 0, sizeof(*graph));
	graph->nodes = incidence->nodes;
	graph->directed = incidence->directed;
	graph->edges = edges;
	GAE_ALLOC(env, graph->src, edges);
	GAE_ALLOC(env, graph->dst, edges);
	for (int32_t i = 0; i < incidence->nodes; i++)
	{
		if (i % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(env));
		for (int64_t k = incidence->out[i]; k < incidence->offset[i + 1]; k++, at++)
		{
			if (at % GAE_POLL_ITEMS == 0)
				GAE_TRY(gae_poll(env));
			graph->src[at] = i;
			graph->dst[at] = incidence->neighbor[k];
		}
	}
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

GaeStatus
gae_isolated_nodes(GaeEnv *env, const GaeIncidence *incidence, int32_t *isolated)
{
	*isolated = 0;
	for (int32_t i = 0; i < incidence->nodes; i++)
	{
		if (i % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(env));
		*isolated += incidence->offset[i] == incidence->offset[i + 1];
	}
	return GAE_OK;
}

double
gae_non_edges(const GaeGraph *graph)
{
	double		nodes = graph->nodes;
	double		pairs = nodes * (nodes - 1) / (graph->directed ? 1 : 2);

	return pairs - (double) graph->edges;
}
