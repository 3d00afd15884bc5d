/*
 * test_sort.c
 *		The radix sort against the C library's, its stability, and number keys.
 */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/sort.h"
#include "support.h"

static int
compare_items(const void *left, const void *right)
{
	const GaeSortItem *a = left;
	const GaeSortItem *b = right;

	/* Values are numbered as they came: stable means in that order. */
	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	return a->value < b->value ? -1 : a->value > b->value;
}

static void
check_sort(GaeEnv *env, uint64_t seed, int64_t count, uint64_t mask)
{
	TestRandom	random = {seed};
	GaeSortItem *items = gae_alloc(env, count, sizeof(GaeSortItem));
	GaeSortItem *spare = gae_alloc(env, count, sizeof(GaeSortItem));
	GaeSortItem *expected = gae_alloc(env, count, sizeof(GaeSortItem));

	for (int64_t i = 0; i < count; i++)
		items[i] = (GaeSortItem) {test_random_word(&random) & mask, (uint64_t) i};
	memcpy(expected, items, (size_t) count * sizeof(GaeSortItem));
	qsort(expected, (size_t) count, sizeof(GaeSortItem), compare_items);
	assert_ok(env, gae_sort(env, items, spare, count));
	assert_memory_equal(items, expected, (size_t) count * sizeof(GaeSortItem));
	gae_free(env, items);
	gae_free(env, spare);
	gae_free(env, expected);
}

static void
test_sorts(void **state)
{
	static const int64_t counts[] = {0, 1, 2, 3, 10, 255, 256, 257, 5000, 65536, 600000};
	static const uint64_t masks[] = {
		UINT64_MAX, 0, 1, 0xFF, 0xFF00, UINT64_C(0xFF000000000000FF), UINT64_C(0x0000FFFF0000FFFF),
		UINT64_C(1) << 63, UINT64_C(0xF0F0F0F0F0F0F0F0)
	};

	for (size_t c = 0; c < sizeof(counts) / sizeof(counts[0]); c++)
		for (size_t m = 0; m < sizeof(masks) / sizeof(masks[0]); m++)
			if (counts[c] < 10000 || m < 2)
				check_sort(*state, 10 * c + m, counts[c], masks[m]);
}

/* On several threads; and with buckets too large for a block, or all records in one. */
static void
test_many(void **state)
{
	static const uint64_t masks[] = {
		UINT64_MAX, 0xFFF, 1, 0, UINT64_C(1) << 63 | 0xFF, UINT64_C(0x8000000000000001)
	};

	(void) state;
	for (int m = 0; m < 6; m++)
	{
		GaeEnv	   *env = test_env_create(3);

		check_sort(env, (uint64_t) m, 1200000, masks[m]);
		test_env_destroy(env);
	}
}

/* Records of one word, and of two; as a block does it, without an environment, and with one. */
static int
compare_words(const void *left, const void *right)
{
	const uint64_t *a = left;
	const uint64_t *b = right;

	return a[0] < b[0] ? -1 : a[0] > b[0];
}

static int
compare_two_words(const void *left, const void *right)
{
	const uint64_t *a = left;
	const uint64_t *b = right;

	if (a[0] == b[0])
		return compare_words(a + 1, b + 1);
	return compare_words(a, b);
}

static void
test_records(void **state)
{
	static const int64_t counts[] = {0, 1, 2, 100, 5000, 300000, 1200000};
	static const uint64_t masks[] = {UINT64_MAX, 0x3, UINT64_C(0x0000FF0700000F0F), 1};

	for (int c = 0; c < 7; c++)
		for (int m = 0; m < 4; m++)
			for (int words = 1; words <= 2; words++)
			{
				TestRandom	random = {(uint64_t) (10 * c + m)};
				int64_t		total = counts[c] * words;
				uint64_t   *records = gae_alloc(*state, total, sizeof(uint64_t));
				uint64_t   *spare = gae_alloc(*state, total, sizeof(uint64_t));
				uint64_t   *expected = gae_alloc(*state, total, sizeof(uint64_t));

				for (int64_t i = 0; i < total; i++)
					records[i] = test_random_word(&random) & masks[m];
				memcpy(expected, records, (size_t) total * sizeof(uint64_t));
				qsort(expected, (size_t) counts[c], (size_t) words * sizeof(uint64_t),
					  words == 1 ? compare_words : compare_two_words);
				assert_ok(*state, gae_sort_records(c % 2 == 0 ? *state : NULL, records, spare,
												   counts[c], words));
				assert_memory_equal(records, expected, (size_t) total * sizeof(uint64_t));
				gae_free(*state, records);
				gae_free(*state, spare);
				gae_free(*state, expected);
			}
}

static void
test_keys_of_numbers(void **state)
{
	static const double ascending[] = {
		-INFINITY, -DBL_MAX, -1e100, -2, -1.0000000000000002, -1, -0.5, -DBL_MIN, -4.9e-324, 0,
		4.9e-324, DBL_MIN, 1e-300, 0.5, 1, 1.0000000000000002, 2, 3, 1e100, DBL_MAX, INFINITY
	};

	(void) state;
	for (size_t i = 1; i < sizeof(ascending) / sizeof(ascending[0]); i++)
	{
		uint64_t	key = gae_sort_key_double(ascending[i]);

		assert_true(gae_sort_key_double(ascending[i - 1]) < key);
		assert_true(gae_sort_double_of_key(key) == ascending[i]);
	}
	assert_true(gae_sort_key_double(-0.0) == gae_sort_key_double(0.0));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_sorts),
		TEST(test_many),
		TEST(test_records),
		TEST(test_keys_of_numbers),
	};

	return cmocka_run_group_tests_name("sort", tests, NULL, NULL);
}
