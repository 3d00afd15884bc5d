/*
 * test_random.c
 *		Philox against its published answers, and what is drawn from it against
 *		the distributions that it should have.
 */
#include <math.h>
#include <string.h>

#include "core/base/random.h"
#include "support.h"

#define LENGTH(array) ((int) (sizeof(array) / sizeof((array)[0])))

/* The known-answer tests of Random123 (kat_vectors, philox4x32 10). */
static void
test_known_answers(void **state)
{
	static const struct
	{
		uint32_t	counter[4];
		uint32_t	key[2];
		uint32_t	answer[4];
	} cases[] = {
		{{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
		{{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff},
		{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
		{{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0},
		{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
	};

	(void) state;
	for (int c = 0; c < LENGTH(cases); c++)
	{
		GaeStream	stream = gae_stream(0, GAE_RANDOM_INIT, 0, 0);

		memcpy(stream.counter, cases[c].counter, sizeof(stream.counter));
		memcpy(stream.key, cases[c].key, sizeof(stream.key));

		for (int w = 0; w < 4; w++)
			assert_int_equal(gae_random_word(&stream), cases[c].answer[w]);
	}
}

/* Any difference in seed, use, step or block names another stream. */
static void
test_streams_differ(void **state)
{
	GaeStream	streams[] = {
		gae_stream(1, GAE_RANDOM_INIT, 1, 1),
		gae_stream(2, GAE_RANDOM_INIT, 1, 1),
		gae_stream(1 + (INT64_C(1) << 32), GAE_RANDOM_INIT, 1, 1),
		gae_stream(-1, GAE_RANDOM_INIT, 1, 1),
		gae_stream(1, GAE_RANDOM_DROPOUT, 1, 1),
		gae_stream(1, GAE_RANDOM_INIT, 2, 1),
		gae_stream(1, GAE_RANDOM_INIT, 1, 2),
		gae_stream(1, GAE_RANDOM_INIT, 1, 1 + (UINT64_C(1) << 32)),
		gae_stream(1, GAE_RANDOM_INIT, 1, 1 + (UINT64_C(1) << 55)),
	};
	uint32_t	first[LENGTH(streams)][4];

	(void) state;
	for (int s = 0; s < LENGTH(streams); s++)
		for (int w = 0; w < 4; w++)
			first[s][w] = gae_random_word(&streams[s]);
	for (int s = 0; s < LENGTH(streams); s++)
		for (int other = 0; other < s; other++)
			assert_memory_not_equal(first[s], first[other], sizeof(first[s]));
}

static void
test_below(void **state)
{
	static const uint64_t bounds[] = {
		1, 2, 3, 5, 7, 100, UINT64_C(1) << 33, UINT64_C(1) << 63, (UINT64_C(1) << 63) + 1, UINT64_MAX
	};
	GaeStream	stream = gae_stream(3, GAE_RANDOM_SPLIT, 0, 0);

	(void) state;
	for (int b = 0; b < LENGTH(bounds); b++)
	{
		const int	draws = 70000;
		int64_t		seen[100] = {0};
		double		mean = 0;
		double		chi2 = 0;

		for (int i = 0; i < draws; i++)
		{
			uint64_t	number = gae_random_below(&stream, bounds[b]);

			assert_true(number < bounds[b]);
			mean += (double) number / (double) bounds[b] / draws;
			if (bounds[b] <= 100)
				seen[number]++;
		}
		if (bounds[b] > 100)
		{
			/* Standard deviation of the mean: 1 / sqrt(12 draws) = 0.0011. */
			assert_near(mean, 0.5, 0.01, 1);
			continue;
		}
		for (uint64_t v = 0; v < bounds[b]; v++)
			chi2 += (seen[v] - draws / (double) bounds[b]) * (seen[v] - draws / (double) bounds[b]) /
				(draws / (double) bounds[b]);
		/* Five standard deviations above the mean of its distribution. */
		assert_true(chi2 < (bounds[b] - 1.0) + 5 * sqrt(2.0 * (double) bounds[b]));
	}
}

/*
 * Three quarters of what a word can be: without rejection every third number would
 * come up twice as often as the others.
 */
static void
test_below_unbiased(void **state)
{
	static const uint64_t bounds[] = {UINT64_C(3) << 30, UINT64_C(3) << 62};
	GaeStream	stream = gae_stream(3, GAE_RANDOM_SPLIT, 1, 0);
	const int	draws = 90000;

	(void) state;
	for (int b = 0; b < LENGTH(bounds); b++)
	{
		int64_t		by_rest[3] = {0};
		int64_t		by_third[3] = {0};

		for (int i = 0; i < draws; i++)
		{
			uint64_t	number = gae_random_below(&stream, bounds[b]);

			by_rest[number % 3]++;
			by_third[number / (bounds[b] / 3)]++;
		}
		for (int r = 0; r < 3; r++)
		{
			assert_near((double) by_rest[r], draws / 3.0, 0.03, 0);
			assert_near((double) by_third[r], draws / 3.0, 0.03, 0);
		}
	}
}

static void
test_uniform(void **state)
{
	const int	draws = 1000000;
	GaeStream	stream = gae_stream(4, GAE_RANDOM_SPLIT, 0, 0);
	double		mean = 0;
	double		variance = 0;

	(void) state;
	for (int i = 0; i < draws; i++)
	{
		double		u = gae_random_uniform(&stream);

		assert_true(u >= 0 && u < 1);
		mean += u / draws;
		variance += (u - 0.5) * (u - 0.5) / draws;
	}
	assert_near(mean, 0.5, 0.002, 1);
	assert_near(variance, 1 / 12.0, 0.001, 1);
}

/* Moments, and tails, of normal deviates; and the two of a pair are unrelated. */
static void
test_normal(void **state)
{
	const int64_t draws = 2000000;
	GaeEnv	   *env = *state;
	GaeReal    *x = gae_alloc(env, draws, sizeof(GaeReal));
	GaeStream	stream = gae_stream(5, GAE_RANDOM_LATENT, 0, 0);
	double		moment[5] = {0};
	double		product = 0;
	int64_t		beyond[5] = {0};

	gae_random_normal(&stream, x, draws);
	for (int64_t i = 0; i < draws; i++)
	{
		double		power = 1;

		assert_true(isfinite(x[i]));
		for (int m = 1; m <= 4; m++)
			moment[m] += (power *= x[i]) / (double) draws;
		for (int s = 1; s <= 4; s++)
			beyond[s] += fabs(x[i]) > s;
		if (i % 2 == 1)
			product += x[i] * x[i - 1] / ((double) draws / 2);
	}
	/* Standard deviations: sqrt(1, 2, 15, 96 / draws) = 0.0007, 0.001, 0.0027, 0.007. */
	assert_near(moment[1], 0, 0.004, 1);
	assert_near(moment[2], 1, 0.005, 1);
	assert_near(moment[3], 0, 0.014, 1);
	assert_near(moment[4], 3, 0.012, 1);
	assert_near(product, 0, 0.005, 1);
	for (int s = 1; s <= 4; s++)
	{
		double		expected = erfc(s / sqrt(2)) * (double) draws;

		assert_true(fabs((double) beyond[s] - expected) < 5 * sqrt(expected));
	}
}

/* An odd count writes no more than asked for, and begins as an even one. */
static void
test_odd_count(void **state)
{
	GaeStream	stream = gae_stream(6, GAE_RANDOM_LATENT, 0, 0);
	GaeStream	same = stream;
	GaeReal		odd[4] = {9, 9, 9, 9};
	GaeReal		even[4];

	(void) state;
	gae_random_normal(&stream, odd, 3);
	gae_random_normal(&same, even, 4);
	assert_memory_equal(odd, even, 3 * sizeof(GaeReal));
	assert_true(odd[3] == 9);
}

/* Each of the 24 orders of 4 things comes up as often. */
static void
test_order(void **state)
{
	const int	draws = 24000;
	int64_t		seen[256] = {0};
	double		chi2 = 0;
	int32_t		order[1000];
	bool		there[1000] = {false};

	for (int i = 0; i < draws; i++)
	{
		assert_ok(*state, gae_random_order(*state, gae_stream(7, GAE_RANDOM_BATCH, 0, (uint64_t) i), 4, order));
		assert_int_equal(1 << order[0] | 1 << order[1] | 1 << order[2] | 1 << order[3], 15);
		seen[order[0] | order[1] << 2 | order[2] << 4 | order[3] << 6]++;
	}
	for (int v = 0; v < 256; v++)
		if (seen[v] > 0)
			chi2 += (seen[v] - 1000.0) * (seen[v] - 1000.0) / 1000;
	assert_true(chi2 < 23 + 5 * sqrt(2 * 23));

	assert_ok(*state, gae_random_order(*state, gae_stream(8, GAE_RANDOM_BATCH, 0, 0), 1000, order));
	for (int i = 0; i < 1000; i++)
		there[order[i]] = true;
	for (int i = 0; i < 1000; i++)
		assert_true(there[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_known_answers),
		TEST(test_streams_differ),
		TEST(test_below),
		TEST(test_below_unbiased),
		TEST(test_uniform),
		TEST(test_normal),
		TEST(test_odd_count),
		TEST(test_order),
	};

	return cmocka_run_group_tests_name("random", tests, NULL, NULL);
}
