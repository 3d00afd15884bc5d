/*
 * heuristics.c
 *		Common neighbours, Adamic–Adar, preferential attachment.
 */
#include "core/graph/heuristics.h"

#include <math.h>

/* Lists whose lengths differ by more than this are not merged: the longer one is searched. */
#define MUCH_LONGER 16

/* Neighbours in ascending order. */
typedef struct Neighbours
{
	const int32_t *node;
	int64_t		count;
} Neighbours;

static Neighbours
neighbours_out_of(const GaeAdjacency *graph, int32_t i)
{
	int64_t		first = graph->directed ? graph->out[i] : graph->offset[i];

	return (Neighbours) {graph->neighbor + first, graph->offset[i + 1] - first};
}

static Neighbours
neighbours_into(const GaeAdjacency *graph, int32_t j)
{
	int64_t		end = graph->directed ? graph->out[j] : graph->offset[j + 1];

	return (Neighbours) {graph->neighbor + graph->offset[j], end - graph->offset[j]};
}

/* The first place from "from" on whose node is not below. */
static int64_t
seek(Neighbours list, int64_t from, int32_t node)
{
	int64_t		step = 1;
	int64_t		end;

	/* What is looked for is often near: go in steps that double, then halve the last. */
	while (from + step < list.count && list.node[from + step] < node)
	{
		from += step;
		step *= 2;
	}
	end = from + step < list.count ? from + step : list.count;
	while (from < end)
	{
		int64_t		middle = from + (end - from) / 2;

		if (list.node[middle] < node)
			from = middle + 1;
		else
			end = middle;
	}
	return from;
}

/* The share of one common neighbour w in a score. */
typedef double (*Share) (const GaeAdjacency *graph, int32_t w);

static double
sum_over_common(const GaeAdjacency *graph, int32_t i, int32_t j, Share share)
{
	Neighbours	few = neighbours_out_of(graph, i);
	Neighbours	many = neighbours_into(graph, j);
	double		sum = 0;
	int64_t		at = 0;
	bool		search;

	if (few.count > many.count)
	{
		Neighbours	swap = few;

		few = many;
		many = swap;
	}
	search = many.count / MUCH_LONGER > few.count;
	for (int64_t k = 0; k < few.count && at < many.count; k++)
	{
		int32_t		w = few.node[k];

		if (search)
			at = seek(many, at, w);
		else
			while (at < many.count && many.node[at] < w)
				at++;
		if (at < many.count && many.node[at] == w)
			sum += share(graph, w);
	}
	return sum;
}

static double
share_one(const GaeAdjacency *graph, int32_t w)
{
	(void) graph;
	(void) w;
	return 1;
}

/* A node between two others has two edges, or more. */
static double
share_by_degree(const GaeAdjacency *graph, int32_t w)
{
	return 1 / log((double) (graph->offset[w + 1] - graph->offset[w]));
}

double
gae_common_neighbours(const GaeAdjacency *graph, int32_t i, int32_t j)
{
	return sum_over_common(graph, i, j, share_one);
}

double
gae_adamic_adar(const GaeAdjacency *graph, int32_t i, int32_t j)
{
	return sum_over_common(graph, i, j, share_by_degree);
}

double
gae_preferential_attachment(const GaeAdjacency *graph, int32_t i, int32_t j)
{
	return (double) neighbours_out_of(graph, i).count * (double) neighbours_into(graph, j).count;
}
