/*
 * reference_pairs.h
 *		The loss of links, written down a second time: in double, over all ordered pairs,
 *		from the formulas alone.
 */
#ifndef UNIT_REFERENCE_PAIRS_H
#define UNIT_REFERENCE_PAIRS_H

#include "core/graph/graph.h"
#include "core/graph/negatives.h"
#include "core/graph/split.h"

/* log(1 + exp(x)) */
extern double reference_softplus(double x);

/*
 * The pair loss of z (nodes x latent_dim) over all ordered pairs, and its gradient
 * d_z unless NULL; part[e] and masked[e] (or NULL: all) say which edges count.
 * Over a sample of non-edges instead of all of them if there is one.
 */
typedef struct ReferencePairs
{
	const GaeGraph *graph;
	int64_t		latent_dim;
	const uint8_t *part;		/* NULL: all edges are training edges */
	const bool *masked;
	const GaeNegatives *sample;
} ReferencePairs;

extern double reference_pair_loss(const ReferencePairs *pairs, const double *z, double *d_z);

#endif							/* UNIT_REFERENCE_PAIRS_H */
