/*
 * input_features.h
 *		Reading sparse features in long form: (node, feature, value).
 */
#ifndef VGAE_INPUT_FEATURES_H
#define VGAE_INPUT_FEATURES_H

#include "core/base/env.h"
#include "pg/input/input_columns.h"

/* The rows of "features". */
typedef struct VgaeTriplets
{
	VgaeKeySet *set;			/* the features */
	int64		count;
	int32	   *node;			/* the number of the node, as its set gives it */
	int32	   *feature;		/* the number of the feature or, once resolved, its column */
	float	   *value;			/* NaN: NULL */
} VgaeTriplets;

extern void vgae_features_read(GaeEnv *env, const char *text, VgaeNodeKeys *nodes,
							   VgaeTriplets *triplets);

/*
 * "features" = the features in order, and their numbers become columns: the places in
 * "features" or, unless "known" is NULL, in "known".  In the latter case features that
 * "known" does not have become -1; returns how many these are.
 */
extern int64 vgae_features_resolve(VgaeTriplets *triplets, const VgaeKeys *known, VgaeKeys *features);

/* Free the rows. */
extern void vgae_features_free(VgaeTriplets *triplets);

#endif							/* VGAE_INPUT_FEATURES_H */
