/*
 * metrics.c
 *		Ranking metrics from one sort of all scores.
 */
#include "core/infer/metrics.h"

#include <math.h>

#include "core/base/sort.h"

/* All scores, best first; value: is it a positive? */
static GaeStatus
sort_scores(GaeEnv *env, const double *positive, int64_t positives,
			const double *negative, int64_t negatives, GaeSortItem **items)
{
	int64_t		count = positives + negatives;
	GaeSortItem *spare;

	GAE_ALLOC(env, *items, count);
	GAE_ALLOC(env, spare, count);
	for (int64_t i = 0; i < count; i++)
	{
		double		score = i < positives ? positive[i] : negative[i - positives];

		if (i % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(env));
		(*items)[i].key = ~gae_sort_key_double(score);
		(*items)[i].value = i < positives;
	}
	GAE_TRY(gae_sort(env, *items, spare, count));
	gae_free(env, spare);
	return GAE_OK;
}

GaeStatus
gae_ranking(GaeEnv *env, const double *positive, int64_t positives,
			const double *negative, int64_t negatives, GaeRanking *ranking)
{
	static const int64_t hits_at[] = {10, 50, 100};
	double	   *hits_result[] = {&ranking->hits_at_10, &ranking->hits_at_50, &ranking->hits_at_100};
	int64_t		count = positives + negatives;
	GaeSortItem *items;
	int64_t		positives_above = 0;
	int64_t		negatives_above = 0;
	double		rightly_ranked = 0;
	double		precision_sum = 0;
	double		reciprocal_ranks = 0;

	*ranking = (GaeRanking) {NAN, NAN, NAN, NAN, NAN, NAN, positives, negatives};
	if (positives == 0 || negatives == 0)
		return GAE_OK;
	for (int h = 0; h < 3; h++)
		*hits_result[h] = negatives < hits_at[h] ? 1 : NAN;
	GAE_TRY(sort_scores(env, positive, positives, negative, negatives, &items));

	/* One threshold, that is one run of equal scores, after the other. */
	for (int64_t i = 0; i < count;)
	{
		uint64_t	key = items[i].key;
		int64_t		tied_positives = 0;
		int64_t		tied_negatives = 0;

		for (; i < count && items[i].key == key; i++)
		{
			if (i % GAE_POLL_ITEMS == 0)
				GAE_TRY(gae_poll(env));
			tied_positives += (int64_t) items[i].value;
			tied_negatives += 1 - (int64_t) items[i].value;
		}
		/* The K-th best negative is among the tied ones: what is above counts. */
		for (int h = 0; h < 3; h++)
			if (negatives_above < hits_at[h] && negatives_above + tied_negatives >= hits_at[h])
				*hits_result[h] = (double) positives_above / (double) positives;

		rightly_ranked += (double) tied_positives *
			((double) (negatives - negatives_above - tied_negatives) + 0.5 * (double) tied_negatives);
		precision_sum += (double) tied_positives * (double) (positives_above + tied_positives) /
			(double) (positives_above + tied_positives + negatives_above + tied_negatives);
		reciprocal_ranks += (double) tied_positives /
			(1 + (double) negatives_above + 0.5 * (double) tied_negatives);
		positives_above += tied_positives;
		negatives_above += tied_negatives;
	}
	gae_free(env, items);

	ranking->auc = rightly_ranked / ((double) positives * (double) negatives);
	ranking->average_precision = precision_sum / (double) positives;
	ranking->mrr = reciprocal_ranks / (double) positives;
	return GAE_OK;
}
