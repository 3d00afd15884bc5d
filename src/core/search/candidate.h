/*
 * candidate.h
 *		Which pairs may be among the best, by their options and exact scores.
 *
 * Products in GaeReal only say which pairs are worth a look.  Here their scores
 * are computed as gae_link_score does, so that results agree with it to the last
 * bit.
 */
#ifndef GAE_CANDIDATE_H
#define GAE_CANDIDATE_H

#include <float.h>

#include "core/model/model.h"
#include "core/search/heap.h"

/* The unit of rounding of products in GaeReal, which decides how much their bounds must allow. */
#ifdef GAE_DOUBLE
#define GAE_REAL_EPSILON DBL_EPSILON
#else
#define GAE_REAL_EPSILON FLT_EPSILON
#endif

/* Which links are wanted. */
typedef struct GaeTopkOptions
{
	int64_t		k;				/* at most this many links; at least 1 */
	double		min_probability;	/* calibrated; 0 keeps all */
	bool		include_known;	/* or leave out the edges of the training graph */
} GaeTopkOptions;

/*
 * Can the node have links?  Where features are not used, the code of a node without edges is made of
 * its own weights alone.  No edge has had a say in these, and links by them would be noise.
 */
extern bool gae_can_have_links(const GaeModel *model, int32_t node);

/* How many nodes cannot. */
extern int32_t gae_nodes_without_links(const GaeModel *model);

typedef enum GaeVerdict
{
	GAE_TAKEN,					/* into the heap */
	GAE_LEFT_OUT,				/* known, or not probable enough */
	GAE_TOO_FAR_BACK			/* the heap is full of pairs that come before it */
} GaeVerdict;

/*
 * Compute a pair's exact score, and put it into the heap if it belongs there.  Both nodes
 * can have links.
 */
extern GaeVerdict gae_candidate_offer(const GaeModel *model, const GaeTopkOptions *options,
									  int32_t src, int32_t dst, GaeHeap *heap);

/* A score below which no pair has min_probability; -infinity if min_probability is 0. */
extern double gae_least_score(const GaeModel *model, const GaeTopkOptions *options);

#endif							/* GAE_CANDIDATE_H */
