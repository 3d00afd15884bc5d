/*
 * metrics.h
 *		How well scores rank positives above negatives.
 */
#ifndef GAE_METRICS_H
#define GAE_METRICS_H

#include "core/base/env.h"

/*
 * All are NaN where there is no positive or no negative.
 *
 * auc: area under the ROC curve, the share of (positive, negative) pairs ranked
 * rightly, ties half.  average_precision: Σ (R_n - R_{n-1}) P_n over the
 * distinct scores from the highest, as scikit-learn's average_precision_score.
 * hits_at: the share of positives that score above the K-th best negative, and 1
 * where there are fewer than K (Open Graph Benchmark, Hu et al. 2020).  mrr: the
 * mean of 1 / rank of each positive among all negatives, ties at their mean rank.
 */
typedef struct GaeRanking
{
	double		auc;
	double		average_precision;
	double		hits_at_10;
	double		hits_at_50;
	double		hits_at_100;
	double		mrr;
	int64_t		positives;
	int64_t		negatives;
} GaeRanking;

/* Scores must not be NaN; infinite ones are fine. */
extern GaeStatus gae_ranking(GaeEnv *env, const double *positive, int64_t positives,
							 const double *negative, int64_t negatives, GaeRanking *ranking);

#endif							/* GAE_METRICS_H */
