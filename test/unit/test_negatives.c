/*
 * test_negatives.c
 *		Pairs drawn for an epoch.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/graph/negatives.h"
#include "support.h"

#define NODES 15

/* How often each ordered pair is drawn, found from its source and from its target. */
static void
count_pairs(const GaeNegatives *negatives, int64_t *times, int64_t *back)
{
	int64_t		n = negatives->nodes;

	for (int64_t node = 0; node < n; node += GAE_NEGATIVES_NODES)
		for (int64_t first = 0; first < negatives->rounds; first += GAE_NEGATIVES_ROUNDS)
		{
			GaeNegativesTable target;
			GaeNegativesTable source;
			int			rounds = gae_negatives_look_up(negatives, (int32_t) node, first, target, source);

			for (int r = 0; r < rounds; r++)
				for (int64_t i = node; i < n && i < node + GAE_NEGATIVES_NODES; i++)
				{
					int32_t		to = target[r][i - node];
					int32_t		from = source[r][i - node];

					assert_uint_in_range(to + 1, 0, n);
					assert_uint_in_range(from + 1, 0, n);
					if (to >= 0)
						times[i * n + to]++;
					if (from >= 0)
						back[from * n + i]++;
				}
		}
}

/*
 * Whatever their number and that of the nodes, a draw's pairs are the same found
 * from their targets, and sources and targets are drawn evenly.
 */
static void
test_both_ends(void **state)
{
	static const int32_t nodes_of[] = {1, 2, 3, 4, 7, 16, 17, 50, 101};
	GaeEnv	   *env = *state;

	for (size_t v = 0; v < sizeof(nodes_of) / sizeof(nodes_of[0]); v++)
	{
		int64_t		n = nodes_of[v];

		for (int64_t count = 1; count <= 40 * n; count = 2 * count + v % 2)
		{
			GaeNegatives negatives;
			int64_t    *times = gae_alloc_zero(env, n * n, sizeof(int64_t));
			int64_t    *back = gae_alloc_zero(env, n * n, sizeof(int64_t));
			int64_t		total = 0;

			assert_ok(env, gae_negatives_create(env, (int32_t) n, 40 * n, &negatives));
			assert_ok(env, gae_negatives_draw(env, count, 5, (uint32_t) count, &negatives));
			count_pairs(&negatives, times, back);
			for (int32_t j = 0; j < n; j++)
			{
				int64_t		as_source = 0;
				int64_t		as_target = 0;

				for (int64_t i = 0; i < n; i++)
				{
					as_source += times[j * n + i];
					as_target += times[i * n + j];
				}
				total += as_source;
				assert_uint_in_range(as_source, count / n, (count + n - 1) / n);
				assert_uint_in_range(as_target, count / n, (count + n - 1) / n);
			}
			assert_int_equal(total, count);
			assert_memory_equal(times, back, (size_t) (n * n) * sizeof(int64_t));
			gae_free(env, times);
			gae_free(env, back);
		}
	}
}

/* All ordered pairs are drawn alike, in one draw of many rounds and in many of few. */
static void
test_uniform(void **state)
{
	GaeEnv	   *env = *state;
	const int64_t expected = 4000;
	const int	draws[] = {1, 4000, 30000};

	for (int v = 0; v < 3; v++)
	{
		int64_t		count = expected * NODES * NODES / draws[v];
		int64_t		total = count * draws[v];
		int64_t		times[NODES * NODES] = {0};
		int64_t		back[NODES * NODES] = {0};
		GaeNegatives negatives;
		double		chi2 = 0;

		assert_ok(env, gae_negatives_create(env, NODES, count, &negatives));
		for (int draw = 0; draw < draws[v]; draw++)
		{
			assert_ok(env, gae_negatives_draw(env, count, 1, (uint32_t) draw, &negatives));
			count_pairs(&negatives, times, back);
		}
		for (int p = 0; p < NODES * NODES; p++)
			chi2 += pow((double) times[p] - (double) total / (NODES * NODES), 2) /
				((double) total / (NODES * NODES));

		/* Permutations spread pairs a little more evenly than chance. */
		assert_true(chi2 < NODES * NODES + 5 * sqrt(2.0 * NODES * NODES));
	}
}

/* Two nodes' targets are as if independent: their difference takes all values but 0 alike. */
static void
test_unrelated(void **state)
{
	GaeEnv	   *env = *state;
	const int	rounds = 40000;
	const int32_t n = 101;
	GaeNegatives negatives;

	assert_ok(env, gae_negatives_create(env, n, (int64_t) rounds * n, &negatives));
	assert_ok(env, gae_negatives_draw(env, (int64_t) rounds * n, 3, 1, &negatives));
	for (int32_t other = 1; other < n; other += 11)
	{
		int64_t		times[101] = {0};
		double		mean = (double) rounds / (n - 1);
		double		chi2 = 0;

		for (int64_t first = 0; first < rounds; first += GAE_NEGATIVES_ROUNDS)
		{
			GaeNegativesTable a;
			GaeNegativesTable b;
			GaeNegativesTable source;
			int			count = gae_negatives_look_up(&negatives, 0, first, a, source);

			gae_negatives_look_up(&negatives, other, first, b, source);
			for (int r = 0; r < count; r++)
				times[(a[r][0] - b[r][0] + n) % n]++;
		}
		assert_int_equal(times[0], 0);
		for (int difference = 1; difference < n; difference++)
			chi2 += pow((double) times[difference] - mean, 2) / mean;
		assert_true(chi2 < n + 6 * sqrt(2.0 * n));
	}
}

/* However many are asked for, a draw has no more than there are ordered pairs. */
static void
test_how_many(void **state)
{
	GaeEnv	   *env = *state;
	int64_t		count;

	assert_ok(env, gae_sampled_pairs(env, 100, 2.5, 1001, &count));
	assert_int_equal(count, 2503);
	assert_ok(env, gae_sampled_pairs(env, 100, 1e6, 1000, &count));
	assert_int_equal(count, 10000);
	assert_ok(env, gae_sampled_pairs(env, 100, INFINITY, 1000, &count));
	assert_int_equal(count, 0);
	assert_status(GAE_TOO_LARGE, gae_sampled_pairs(env, 1000000, 1e6, 1e6, &count));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_both_ends),
		TEST(test_uniform),
		TEST(test_unrelated),
		TEST(test_how_many),
	};

	return cmocka_run_group_tests_name("negatives", tests, NULL, NULL);
}
