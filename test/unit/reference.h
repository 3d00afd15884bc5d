/*
 * reference.h
 *		The loss of one training step, written down a second time: in double, with
 *		dense matrices and plain loops, from the formulas alone.
 */
#ifndef UNIT_REFERENCE_H
#define UNIT_REFERENCE_H

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

#endif							/* UNIT_REFERENCE_H */
