/*
 * propagation.c
 *		The values of Â, and products with Â.
 */
#include "core/graph/propagation.h"

#include <math.h>

#include "core/base/parallel.h"
#include "core/linalg/vector.h"

/* Nodes of a block, at most: few enough that threads share a small graph evenly. */
#define BLOCK_NODES 128

GaeStatus
gae_propagation_create(GaeEnv *env, const GaeAdjacency *adjacency, GaePropagation *propagation)
{
	propagation->adjacency = adjacency;
	GAE_ALLOC(env, propagation->value, adjacency->offset[adjacency->nodes]);
	GAE_ALLOC(env, propagation->diagonal, adjacency->nodes);
	return GAE_OK;
}

double
gae_propagation_bytes(double nodes, double edges)
{
	return (2 * edges + nodes) * sizeof(GaeReal);
}

/* The weight of an entry's edge, 0 if the edge is hidden. */
static double
entry_weight(const GaeAdjacency *adjacency, const GaeGraph *graph, const bool *hidden,
			 int64_t entry)
{
	if (hidden != NULL && hidden[adjacency->edge[entry]])
		return 0;
	return graph->weight != NULL ? graph->weight[adjacency->edge[entry]] : 1;
}

typedef struct WeighTask
{
	const GaePropagation *propagation;
	const GaeGraph *graph;
	const bool *hidden;
} WeighTask;

/* A GaeBlock: D^-½, kept where the diagonal of Â will be, … */
static void
weigh_nodes(void *arg, int64_t block, int worker)
{
	const WeighTask *t = arg;
	const GaeAdjacency *adjacency = t->propagation->adjacency;
	GaeRange	nodes = gae_block_range(block, BLOCK_NODES, adjacency->nodes);

	(void) worker;
	for (int64_t i = nodes.first; i < nodes.end; i++)
	{
		double		degree = 1;

		for (int64_t e = adjacency->offset[i]; e < adjacency->offset[i + 1]; e++)
			degree += entry_weight(adjacency, t->graph, t->hidden, e);
		t->propagation->diagonal[i] = (GaeReal) (1 / sqrt(degree));
	}
}

/* … then the values outside the diagonal, … */
static void
weigh_entries(void *arg, int64_t block, int worker)
{
	const WeighTask *t = arg;
	const GaeAdjacency *adjacency = t->propagation->adjacency;
	const GaeReal *inverse_root = t->propagation->diagonal;
	GaeRange	nodes = gae_block_range(block, BLOCK_NODES, adjacency->nodes);

	(void) worker;
	for (int64_t i = nodes.first; i < nodes.end; i++)
		for (int64_t e = adjacency->offset[i]; e < adjacency->offset[i + 1]; e++)
			t->propagation->value[e] = (GaeReal)
				(entry_weight(adjacency, t->graph, t->hidden, e) *
				 (double) inverse_root[i] * (double) inverse_root[adjacency->neighbor[e]]);
}

/* … and in the end the diagonal, which is D^-1. */
static void
weigh_diagonal(void *arg, int64_t block, int worker)
{
	const WeighTask *t = arg;
	const GaePropagation *p = t->propagation;
	GaeRange	nodes = gae_block_range(block, BLOCK_NODES, p->adjacency->nodes);

	(void) worker;
	for (int64_t i = nodes.first; i < nodes.end; i++)
		p->diagonal[i] *= p->diagonal[i];
}

GaeStatus
gae_propagation_weigh(GaeEnv *env, const GaePropagation *propagation, const GaeGraph *graph,
					  const bool *hidden)
{
	WeighTask	task = {propagation, graph, hidden};
	int64_t		blocks = gae_blocks(propagation->adjacency->nodes, BLOCK_NODES);

	GAE_TRY(gae_parallel(env, blocks, weigh_nodes, &task));
	GAE_TRY(gae_parallel(env, blocks, weigh_entries, &task));
	return gae_parallel(env, blocks, weigh_diagonal, &task);
}

typedef struct PropagateTask
{
	const GaePropagation *propagation;
	int64_t		block_rows;
	int64_t		n;
	const GaeReal *h;
	GaeReal    *out;
} PropagateTask;

/* A GaeBlock */
static void
propagate_rows(void *arg, int64_t block, int worker)
{
	const PropagateTask *t = arg;
	const GaePropagation *p = t->propagation;
	const GaeAdjacency *adjacency = p->adjacency;
	GaeRange	nodes = gae_block_range(block, t->block_rows, adjacency->nodes);

	(void) worker;
	gae_vector_kernels()->multiply_csr(nodes.first, nodes.end, adjacency->offset,
									   adjacency->neighbor, p->value, p->diagonal,
									   t->n, t->h, t->out);
}

GaeStatus
gae_propagate(GaeEnv *env, const GaePropagation *propagation, int64_t n,
			  const GaeReal *h, GaeReal *out)
{
	const GaeAdjacency *adjacency = propagation->adjacency;
	int64_t		block_rows = gae_block_rows(adjacency->nodes,
											(double) adjacency->offset[adjacency->nodes], n,
											BLOCK_NODES);
	PropagateTask task = {propagation, block_rows, n, h, out};

	return gae_parallel(env, gae_blocks(adjacency->nodes, block_rows), propagate_rows, &task);
}
