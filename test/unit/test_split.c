/*
 * test_split.c
 *		Held-out parts: as large as asked for, and of the seed.
 */
#include <math.h>

#include "core/graph/split.h"
#include "support.h"

static void
test_parts(void **state)
{
	static const struct
	{
		int64_t		count;
		double		validation;
		double		test;
	} cases[] = {
		{0, 0.1, 0.1}, {1, 0.5, 0.4}, {7, 0, 0}, {20, 0.05, 0.1}, {5278, 0.05, 0.1}, {1000, 0.5, 0.499}
	};

	for (size_t c = 0; c < sizeof(cases) / sizeof(cases[0]); c++)
	{
		int64_t		count = cases[c].count;
		int64_t		found[3] = {0};
		int64_t		validation;
		int64_t		test;
		uint8_t    *part;

		assert_ok(*state, gae_split(*state, count, cases[c].validation, cases[c].test, 1,
									&part, &validation, &test));
		for (int64_t i = 0; i < count; i++)
			found[part[i]]++;
		assert_int_equal(found[GAE_PART_VALIDATION], validation);
		assert_int_equal(found[GAE_PART_TEST], test);
		assert_true(validation == floor((double) count * cases[c].validation));
		assert_true(test == floor((double) count * cases[c].test));
		assert_true(count == 0 || found[GAE_PART_TRAINING] > 0);
	}
}

/* The test part is the same whatever the validation part, and depends on the seed. */
static void
test_parts_and_seeds(void **state)
{
	uint8_t    *first;
	uint8_t    *second;
	uint8_t    *other_seed;
	int64_t		validation;
	int64_t		test;
	int			differ = 0;

	assert_ok(*state, gae_split(*state, 500, 0.1, 0.2, 1, &first, &validation, &test));
	assert_ok(*state, gae_split(*state, 500, 0, 0.2, 1, &second, &validation, &test));
	assert_ok(*state, gae_split(*state, 500, 0.1, 0.2, 2, &other_seed, &validation, &test));
	for (int i = 0; i < 500; i++)
	{
		assert_int_equal(first[i] == GAE_PART_TEST, second[i] == GAE_PART_TEST);
		differ += first[i] != other_seed[i];
	}
	assert_true(differ > 50);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_parts),
		TEST(test_parts_and_seeds),
	};

	return cmocka_run_group_tests_name("split", tests, NULL, NULL);
}
