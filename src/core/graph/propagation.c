/*
 * propagation.c
 *		Values of Â, and products with it.
 */
#include "core/graph/propagation.h"

#include <math.h>

#include "core/base/parallel.h"
#include "core/linalg/vector.h"

/* Rows of a block, at most: so few that threads share evenly, even of a small graph. */
#define BLOCK_ROWS 128

GaeStatus
gae_propagation_create(GaeEnv *env, const GaeIncidence *incidence, GaePropagation *propagation)
{
	propagation->incidence = incidence;
	GAE_ALLOC(env, propagation->value, incidence->offset[incidence->nodes]);
	GAE_ALLOC(env, propagation->diagonal, incidence->nodes);
	return GAE_OK;
}

static double
entry_weight(const GaeIncidence *incidence, const GaeGraph *graph, const bool *hidden, int64_t entry)
{
	if (hidden != NULL && hidden[incidence->edge[entry]])
		return 0;
	return graph->weight != NULL ? graph->weight[incidence->edge[entry]] : 1;
}

typedef struct WeighTask
{
	const GaePropagation *propagation;
	const GaeGraph *graph;
	const bool *hidden;
} WeighTask;

/* First D^-½, kept where the diagonal will be, … */
static void
weigh_nodes(void *arg, int64_t block, int worker)
{
	const WeighTask *t = arg;
	const GaeIncidence *incidence = t->propagation->incidence;
	int64_t		first = block * BLOCK_ROWS;
	int64_t		end = first + BLOCK_ROWS < incidence->nodes ? first + BLOCK_ROWS : incidence->nodes;

	(void) worker;
	for (int64_t i = first; i < end; i++)
	{
		double		degree = 1;

		for (int64_t e = incidence->offset[i]; e < incidence->offset[i + 1]; e++)
			degree += entry_weight(incidence, t->graph, t->hidden, e);
		t->propagation->diagonal[i] = (GaeReal) (1 / sqrt(degree));
	}
}

/* … for the values, … */
static void
weigh_entries(void *arg, int64_t block, int worker)
{
	const WeighTask *t = arg;
	const GaeIncidence *incidence = t->propagation->incidence;
	const GaeReal *inverse_root = t->propagation->diagonal;
	int64_t		first = block * BLOCK_ROWS;
	int64_t		end = first + BLOCK_ROWS < incidence->nodes ? first + BLOCK_ROWS : incidence->nodes;

	(void) worker;
	for (int64_t i = first; i < end; i++)
		for (int64_t e = incidence->offset[i]; e < incidence->offset[i + 1]; e++)
			t->propagation->value[e] = (GaeReal)
				(entry_weight(incidence, t->graph, t->hidden, e) *
				 (double) inverse_root[i] * (double) inverse_root[incidence->neighbor[e]]);
}

/* … and then the diagonal itself. */
static void
weigh_diagonal(void *arg, int64_t block, int worker)
{
	const WeighTask *t = arg;
	const GaePropagation *p = t->propagation;
	int64_t		first = block * BLOCK_ROWS;
	int64_t		end = first + BLOCK_ROWS < p->incidence->nodes ? first + BLOCK_ROWS : p->incidence->nodes;

	(void) worker;
	for (int64_t i = first; i < end; i++)
		p->diagonal[i] *= p->diagonal[i];
}

GaeStatus
gae_propagation_weigh(GaeEnv *env, const GaePropagation *propagation, const GaeGraph *graph,
					  const bool *hidden)
{
	WeighTask	task = {propagation, graph, hidden};
	int64_t		blocks = gae_blocks(propagation->incidence->nodes, BLOCK_ROWS);

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

static void
propagate_rows(void *arg, int64_t block, int worker)
{
	const PropagateTask *t = arg;
	const GaePropagation *p = t->propagation;
	const GaeIncidence *incidence = p->incidence;
	int64_t		first = block * t->block_rows;
	int64_t		end = first + t->block_rows < incidence->nodes ? first + t->block_rows : incidence->nodes;

	(void) worker;
	gae_vector_kernels()->multiply_csr(first, end, incidence->offset, incidence->neighbor, p->value,
									   p->diagonal, t->n, t->h, t->out);
}

GaeStatus
gae_propagate(GaeEnv *env, const GaePropagation *propagation, int64_t n,
			  const GaeReal *h, GaeReal *out)
{
	const GaeIncidence *incidence = propagation->incidence;
	int64_t		block_rows = gae_block_rows(incidence->nodes,
											(double) incidence->offset[incidence->nodes], n,
											BLOCK_ROWS);
	PropagateTask task = {propagation, block_rows, n, h, out};

	return gae_parallel(env, gae_blocks(incidence->nodes, block_rows), propagate_rows, &task);
}
