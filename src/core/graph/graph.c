/*
 * graph.c
 *		Counts of a graph's pairs.
 */
#include "core/graph/graph.h"

double
gae_non_edges(const GaeGraph *graph)
{
	double		nodes = graph->nodes;
	double		pairs = nodes * (nodes - 1) / (graph->directed ? 1 : 2);

	return pairs - (double) graph->edges;
}
