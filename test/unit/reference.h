/*
 * reference.h
 *		The loss of one training step, written down a second time: in double, with
 *		dense matrices and plain loops, from the formulas alone.
 */
#ifndef UNIT_REFERENCE_H
#define UNIT_REFERENCE_H

#include "core/graph/negatives.h"
#include "core/train/train_graph.h"
#include "core/train/train_rows.h"

typedef struct ReferenceLoss
{
	double		loss;
	double		reconstruction;
	double		kl;
} ReferenceLoss;

/*
 * What the trainer's last step, which had this number, should have found with
 * these parameters.  Takes from the trainer its input, mask, batch and sample of
 * non-edges, but nothing that it has computed from them.
 */
extern ReferenceLoss reference_loss(const GaeTrainer *trainer, uint32_t step,
									const double *parameter);

/*
 * The pair loss of z (nodes x latent_dim) over all ordered pairs, and its gradient
 * d_z unless NULL; training[e] and masked[e] (or NULL: all) say which edges count.
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

#endif							/* UNIT_REFERENCE_H */
