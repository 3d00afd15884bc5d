/*
 * encoder_input.h
 *		What is encoded: features, and the graph that they are propagated over.
 */
#ifndef GAE_ENCODER_INPUT_H
#define GAE_ENCODER_INPUT_H

#include "core/features/features.h"
#include "core/graph/propagation.h"

typedef struct GaeEncoderInput
{
	const GaeFeatures *x;
	const GaePropagation *propagation;	/* Â; NULL: each row stands alone */
	bool		propagated;		/* x is Â · X, which was computed before */
} GaeEncoderInput;

#endif							/* GAE_ENCODER_INPUT_H */
