/*
 * test_anomalies.c
 *		The least likely edges against a sorted list of all edges.
 */
#include <stdlib.h>

#include "core/base/range.h"
#include "core/infer/score.h"
#include "core/search/anomalies.h"
#include "pairs.h"

static void
test_anomalies(void **state)
{
	GaeEnv	   *env = *state;

	for (int variant = 0; variant < 4; variant++)
	{
		GaeModel	model;
		GaeLink    *expected;
		int64_t		edges = 0;

		pairs_make_model(env, (uint64_t) variant, 50, 4, variant % 2, variant / 2, &model);
		expected = gae_alloc(env, model.edges, sizeof(GaeLink));
		for (int32_t i = 0; i < 50; i++)
		{
			for (int64_t e = model.known.out[i]; e < model.known.offset[i + 1]; e++)
			{
				int32_t		j = model.known.neighbor[e];

				assert_true(variant % 2 == 1 || i < j);
				expected[edges++] = (GaeLink) {i, j, -gae_link_score(&model, i, j)};
			}
		}
		assert_int_equal(edges, model.edges);
		qsort(expected, (size_t) edges, sizeof(GaeLink), test_compare_links);
		for (int64_t e = 0; e < edges; e++)
			expected[e].score = -expected[e].score;
		for (int64_t k = 1; k < edges + 10; k += 11)
		{
			GaeLink    *links;
			int64_t		count;

			assert_ok(env, gae_anomalies(env, &model, k, &links, &count));
			pairs_assert_same(links, count, expected, gae_min(k, edges), "anomalies");
		}
	}
}

/* The memory limit is asked before the memory for the list is taken. */
static void
test_limit(void **state)
{
	GaeEnv	   *env = *state;
	GaeModel	model;
	GaeLink    *links;
	int64_t		count;

	pairs_make_model(env, 12, 1000, 4, false, false, &model);
	for (int enough = 0; enough < 2; enough++)
	{
		pairs_set_limit(env, 998 + enough);
		assert_status(enough ? GAE_OK : GAE_TOO_LARGE, gae_anomalies(env, &model, 999, &links, &count));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_anomalies),
		TEST(test_limit),
	};

	return cmocka_run_group_tests_name("anomalies", tests, NULL, NULL);
}
