/*
 * test_metrics.c
 *		Ranking metrics by hand, by definition, and as scikit-learn has them.
 */
#include <math.h>

#include "core/infer/metrics.h"
#include "support.h"

static GaeRanking
rank(GaeEnv *env, const double *positive, int64_t positives, const double *negative, int64_t negatives)
{
	GaeRanking	ranking;

	assert_ok(env, gae_ranking(env, positive, positives, negative, negatives, &ranking));
	assert_int_equal(ranking.positives, positives);
	assert_int_equal(ranking.negatives, negatives);
	return ranking;
}

/* Two positives and two negatives, first and third: by hand. */
static void
test_by_hand(void **state)
{
	static const double positive[] = {0.9, 0.4};
	static const double negative[] = {0.5, 0.1};
	GaeRanking	r = rank(*state, positive, 2, negative, 2);

	assert_near(r.auc, 0.75, 1e-15, 1);
	assert_near(r.average_precision, 0.5 * 1 + 0.5 * 2 / 3, 1e-15, 1);
	assert_near(r.mrr, (1 + 0.5) / 2, 1e-15, 1);
	assert_true(r.hits_at_10 == 1 && r.hits_at_50 == 1 && r.hits_at_100 == 1);
}

static void
test_ties_and_infinities(void **state)
{
	static const double positive[] = {INFINITY, 0, -0.0};
	static const double negative[] = {0, -INFINITY, 0, -0.0};
	GaeRanking	r = rank(*state, positive, 3, negative, 4);

	/* The first beats 4; the others tie with 3 and beat 1. */
	assert_near(r.auc, (4 + 2 * (1 + 1.5)) / 12, 1e-15, 1);
	assert_near(r.average_precision, 1.0 / 3 + 2.0 / 3 * 3 / 6, 1e-15, 1);
	assert_near(r.mrr, (1 + 2 / (1 + 1.5)) / 3, 1e-15, 1);
}

static void
test_nothing_to_rank(void **state)
{
	static const double score[] = {1, 2};
	GaeRanking	r = rank(*state, score, 2, NULL, 0);

	assert_true(isnan(r.auc) && isnan(r.average_precision) && isnan(r.mrr) && isnan(r.hits_at_10));
	r = rank(*state, NULL, 0, score, 2);
	assert_true(isnan(r.auc) && isnan(r.average_precision) && isnan(r.mrr) && isnan(r.hits_at_100));
}

/* roc_auc_score and average_precision_score of scikit-learn 1.9.1. */
static void
test_scikit_learn(void **state)
{
	static const struct
	{
		int			positives;
		int			negatives;
		int			scores;		/* how many different ones, about */
		double		auc;
		double		average_precision;
	} cases[] = {
		{40, 60, 1000, 0.38687499999999997, 0.3395901127827464},
		{40, 60, 7, 0.6947916666666667, 0.7007344270449108},
		{10, 30, 1, 0.9, 0.8500000000000001},
		{700, 900, 50, 0.6023999999999999, 0.6447146679497822},
	};
	static double positive[1000];
	static double negative[1000];

	for (size_t c = 0; c < sizeof(cases) / sizeof(cases[0]); c++)
	{
		GaeRanking	r;

		for (int i = 0; i < cases[c].positives; i++)
			positive[i] = ((i * i * 37 + 11 * i) % cases[c].scores + i % 5) / 4.0;
		for (int i = 0; i < cases[c].negatives; i++)
			negative[i] = (i * i * 53 + 29 * i) % cases[c].scores / 4.0;
		r = rank(*state, positive, cases[c].positives, negative, cases[c].negatives);
		assert_near(r.auc, cases[c].auc, 1e-14, 0);
		assert_near(r.average_precision, cases[c].average_precision, 1e-14, 0);
	}
}

/* Every metric from its definition, pair by pair, with many ties. */
static void
test_definitions(void **state)
{
	static double positive[60];
	static double negative[240];
	static const int64_t hits_at[] = {10, 50, 100};

	for (int round = 0; round < 200; round++)
	{
		TestRandom	random = {(uint64_t) round};
		int64_t		positives = 1 + test_random_below(&random, 60);
		int64_t		negatives = 1 + test_random_below(&random, 240);
		int64_t		different = 1 + test_random_below(&random, 1 << round % 12);
		double		right = 0;
		double		reciprocal = 0;
		GaeRanking	r;
		double		found[3];

		for (int64_t p = 0; p < positives; p++)
			positive[p] = (double) test_random_below(&random, different) - 3;
		for (int64_t n = 0; n < negatives; n++)
			negative[n] = (double) test_random_below(&random, different) - 4;
		r = rank(*state, positive, positives, negative, negatives);
		for (int64_t p = 0; p < positives; p++)
		{
			double		above = 0;
			double		tied = 0;

			for (int64_t n = 0; n < negatives; n++)
			{
				above += negative[n] > positive[p];
				tied += negative[n] == positive[p];
			}
			right += (double) negatives - above - tied / 2;
			reciprocal += 1 / (1 + above + tied / 2);
		}
		assert_near(r.auc, right / (double) (positives * negatives), 1e-13, 0);
		assert_near(r.mrr, reciprocal / (double) positives, 1e-13, 0);

		found[0] = r.hits_at_10;
		found[1] = r.hits_at_50;
		found[2] = r.hits_at_100;
		for (int h = 0; h < 3; h++)
		{
			double		hits = 0;

			/* A hit has fewer than K negatives at or above it. */
			for (int64_t p = 0; p < positives; p++)
			{
				int64_t		not_below = 0;

				for (int64_t n = 0; n < negatives; n++)
					not_below += negative[n] >= positive[p];
				hits += not_below < hits_at[h];
			}
			assert_near(found[h], negatives < hits_at[h] ? 1 : hits / (double) positives, 1e-13, 1);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_by_hand),
		TEST(test_ties_and_infinities),
		TEST(test_nothing_to_rank),
		TEST(test_scikit_learn),
		TEST(test_definitions),
	};

	return cmocka_run_group_tests_name("metrics", tests, NULL, NULL);
}
