/*
 * heuristics.c
 *		Common neighbours, Adamic–Adar, preferential attachment.
 */
#include "core/graph/heuristics.h"

#include <math.h>

#include "core/base/range.h"

/* Where one list is more than this many times as long as the other, it is searched, not walked. */
#define MUCH_LONGER 16

/* N(i) or N(j), in ascending order. */
typedef struct Neighbours
{
	const int32_t *node;
	int64_t		count;
} Neighbours;

static Neighbours
neighbours_out_of(const GaeAdjacency *adjacency, int32_t i)
{
	int64_t		first = adjacency->directed ? adjacency->out[i] : adjacency->offset[i];

	return (Neighbours) {adjacency->neighbor + first, adjacency->offset[i + 1] - first};
}

static Neighbours
neighbours_into(const GaeAdjacency *adjacency, int32_t j)
{
	int64_t		end = adjacency->directed ? adjacency->out[j] : adjacency->offset[j + 1];

	return (Neighbours) {adjacency->neighbor + adjacency->offset[j], end - adjacency->offset[j]};
}

/* The first place, from "from" on, of a neighbour >= node. */
static int64_t
seek(Neighbours list, int64_t from, int32_t node)
{
	int64_t		step = 1;
	int64_t		end;

	/* The place is often near: go in steps that double, then halve the last one. */
	while (from + step < list.count && list.node[from + step] < node)
	{
		from += step;
		step *= 2;
	}
	end = gae_min(from + step, list.count);
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

/* What a common neighbour w adds to a score. */
typedef double (*Term) (const GaeAdjacency *adjacency, int32_t w);

/* Σ term(w) over w in N(i) ∩ N(j), in ascending order of w. */
static double
sum_over_common(const GaeAdjacency *adjacency, int32_t i, int32_t j, Term term)
{
	Neighbours	shorter = neighbours_out_of(adjacency, i);
	Neighbours	longer = neighbours_into(adjacency, j);
	double		sum = 0;
	int64_t		at = 0;
	bool		search;

	if (shorter.count > longer.count)
	{
		Neighbours	other = shorter;

		shorter = longer;
		longer = other;
	}
	search = longer.count / MUCH_LONGER > shorter.count;
	for (int64_t k = 0; k < shorter.count && at < longer.count; k++)
	{
		int32_t		w = shorter.node[k];

		if (search)
			at = seek(longer, at, w);
		else
			while (at < longer.count && longer.node[at] < w)
				at++;
		if (at < longer.count && longer.node[at] == w)
			sum += term(adjacency, w);
	}
	return sum;
}

static double
one(const GaeAdjacency *adjacency, int32_t w)
{
	(void) adjacency;
	(void) w;
	return 1;
}

/* w has at least the two edges that make it a common neighbour: the logarithm is not 0. */
static double
inverse_log_degree(const GaeAdjacency *adjacency, int32_t w)
{
	return 1 / log((double) (adjacency->offset[w + 1] - adjacency->offset[w]));
}

double
gae_common_neighbours(const GaeAdjacency *adjacency, int32_t i, int32_t j)
{
	return sum_over_common(adjacency, i, j, one);
}

double
gae_adamic_adar(const GaeAdjacency *adjacency, int32_t i, int32_t j)
{
	return sum_over_common(adjacency, i, j, inverse_log_degree);
}

double
gae_preferential_attachment(const GaeAdjacency *adjacency, int32_t i, int32_t j)
{
	double		of_i = (double) neighbours_out_of(adjacency, i).count;
	double		of_j = (double) neighbours_into(adjacency, j).count;

	return of_i * of_j;
}
