/*
 * propagation.c
 *		Values of Â, and products with it.
 */
#include "propagation.h"

#include <math.h>

#include "parallel.h"
#include "simd.h"

/* Rows of a block: a few thousand entries, so that threads share evenly. */
#define BLOCK_ROWS 512

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

void
gae_propagation_weigh(const GaePropagation *propagation, const GaeGraph *graph, const bool *hidden)
{
	const GaeIncidence *incidence = propagation->incidence;
	GaeReal    *inverse_root = propagation->diagonal;

	/* First D^-½, kept where the diagonal will be … */
	for (int32_t i = 0; i < incidence->nodes; i++)
	{
		double		degree = 1;

		for (int64_t e = incidence->offset[i]; e < incidence->offset[i + 1]; e++)
			degree += entry_weight(incidence, graph, hidden, e);
		inverse_root[i] = (GaeReal) (1 / sqrt(degree));
	}
	for (int32_t i = 0; i < incidence->nodes; i++)
		for (int64_t e = incidence->offset[i]; e < incidence->offset[i + 1]; e++)
			propagation->value[e] = (GaeReal)
				(entry_weight(incidence, graph, hidden, e) *
				 (double) inverse_root[i] * (double) inverse_root[incidence->neighbor[e]]);
	/* … then the diagonal itself. */
	for (int32_t i = 0; i < incidence->nodes; i++)
		propagation->diagonal[i] = inverse_root[i] * inverse_root[i];
}

typedef struct PropagateTask
{
	const GaePropagation *propagation;
	int64_t		n;
	const GaeReal *h;
	GaeReal    *out;
} PropagateTask;

GAE_VECTORISED static void
propagate_rows(void *arg, int64_t block, int worker)
{
	const PropagateTask *t = arg;
	const GaePropagation *p = t->propagation;
	const GaeIncidence *incidence = p->incidence;
	int64_t		n = t->n;
	int64_t		first = block * BLOCK_ROWS;
	int64_t		end = first + BLOCK_ROWS < incidence->nodes ? first + BLOCK_ROWS : incidence->nodes;
	int64_t		last_entry = incidence->offset[end] - GAE_PREFETCH_ENTRIES;

	(void) worker;
	for (int64_t i = first; i < end; i++)
	{
		GaeReal    *restrict out = t->out + i * n;
		const GaeReal *restrict own = t->h + i * n;

		for (int64_t j = 0; j < n; j++)
			out[j] = p->diagonal[i] * own[j];
		for (int64_t e = incidence->offset[i]; e < incidence->offset[i + 1]; e++)
		{
			GaeReal		value = p->value[e];
			const GaeReal *restrict h = t->h + incidence->neighbor[e] * n;

			if (e < last_entry)
				gae_prefetch_row(t->h + incidence->neighbor[e + GAE_PREFETCH_ENTRIES] * n, n);
			for (int64_t j = 0; j < n; j++)
				out[j] += value * h[j];
		}
	}
}

GaeStatus
gae_propagate(GaeEnv *env, const GaePropagation *propagation, int64_t n,
			  const GaeReal *h, GaeReal *out)
{
	PropagateTask task = {propagation, n, h, out};

	return gae_parallel(env, gae_blocks(propagation->incidence->nodes, BLOCK_ROWS),
						propagate_rows, &task);
}
