/*
 * test_topk_rounding.c
 *		The best links where rounding, overflow or ties could lose one.
 */
#include <math.h>

#include "pairs.h"

#define LENGTH(array) ((int) (sizeof(array) / sizeof((array)[0])))

/* A rounding product must not lose a link that is among the best by a hair. */
static void
test_close_scores(void **state)
{
	GaeEnv	   *env = *state;
	GaeModel	model;
	GaeTopkOptions options = {50, 0, true};

	pairs_make_model(env, 3, 300, 4, false, false, &model);
	for (int64_t i = 0; i < 300 * 4; i++)
		model.mu[i] = (GaeReal) (1000 + 1e-4 * model.mu[i]);
	pairs_check_topk(env, &model, &options);
}

/* Nor must one whose terms are large and cancel. */
static void
test_cancellation(void **state)
{
	GaeEnv	   *env = *state;
	GaeModel	model;
	GaeTopkOptions options = {10, 0, true};

	pairs_make_model(env, 4, 300, 16, true, false, &model);
	for (int64_t i = 0; i < 300 * 16; i++)
		model.mu[i] = (GaeReal) ((i % 16 >= 8 && i % 2 == 1 ? -1e5 : 1e5) + model.mu[i]);
	for (; options.k < 300; options.k += 10)
		pairs_check_topk(env, &model, &options);
}

/* Embeddings of any width. */
static void
test_widths(void **state)
{
	static const int32_t widths[] = {1, 2, 6, 7, 8, 16, 30, 33, 130};

	(void) state;
	for (int w = 0; w < LENGTH(widths); w++)
	{
		for (int directed = 0; directed <= (widths[w] % 2 == 0); directed++)
		{
			GaeEnv	   *env = test_env_create(2);
			GaeTopkOptions options = {20, 0, false};
			GaeModel	model;

			pairs_make_model(env, (uint64_t) w, 200, widths[w], directed, false, &model);
			pairs_check_topk(env, &model, &options);
			test_env_destroy(env);
		}
	}
}

/*
 * Lengths that differ by powers of ten, so that most column blocks are skipped; and lengths
 * whose products underflow or overflow in float, though not in double.
 */
static void
test_magnitudes(void **state)
{
	static const double magnitudes[][2] = {
		{0, 1}, {0, 4}, {-30, 0}, {30, 0}, {37, 0.5}, {-43, 1}, {0, 37}
	};

	(void) state;
	for (int m = 0; m < LENGTH(magnitudes); m++)
	{
		for (int directed = 0; directed < 2; directed++)
		{
			GaeEnv	   *env = test_env_create(2);
			GaeModel	model;
			TestRandom	random = {(uint64_t) m};

			pairs_make_model(env, (uint64_t) m, 300, 6, directed, false, &model);
			for (int32_t i = 0; i < 300; i++)
			{
				double		exponent = magnitudes[m][0] +
					magnitudes[m][1] * (2 * test_random_uniform(&random) - 1);

				for (int j = 0; j < 6; j++)
					model.mu[6 * i + j] = (GaeReal) (0.1 * model.mu[6 * i + j] * pow(10, exponent));
			}
			for (int k = 1; k < 2000; k *= 10)
			{
				GaeTopkOptions options = {k, 0, k % 3 == 0};

				pairs_check_topk(env, &model, &options);
			}
			test_env_destroy(env);
		}
	}
}

/* All scores alike: only the order of the nodes counts, even where zeros have a sign. */
static void
test_equal_scores(void **state)
{
	(void) state;
	for (int variant = 0; variant < 6; variant++)
	{
		GaeEnv	   *env = test_env_create(2);
		GaeModel	model;
		GaeTopkOptions options = {1, 0, false};

		pairs_make_model(env, 1, 300, 4, variant % 2, false, &model);
		for (int i = 0; i < 300 * 4; i++)
			model.mu[i] = variant / 2 == 0 ? (i / 4 % 2 == 0 ? (GaeReal) -0.0 : 0) :
				variant / 2 == 1 ? (GaeReal) 0.3 + i % 4 : (GaeReal) (i % 8 < 4);
		for (; options.k < 100000; options.k *= 7)
			pairs_check_topk(env, &model, &options);
		test_env_destroy(env);
	}
}

/* Probabilities close to 1: many scores have the same one. */
static void
test_high_probabilities(void **state)
{
	static const double probabilities[] = {1 - 1e-9, 1 - 1e-13, 1 - 1e-15, 1 - 2.3e-16, 1};
	GaeEnv	   *env = *state;
	GaeModel	model;

	pairs_make_model(env, 5, 200, 4, false, false, &model);
	for (int i = 0; i < 200 * 4; i++)
		model.mu[i] *= 4;
	for (int p = 0; p < LENGTH(probabilities); p++)
	{
		GaeTopkOptions options = {INT64_MAX, probabilities[p], true};

		pairs_check_topk(env, &model, &options);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_close_scores),
		TEST(test_cancellation),
		TEST(test_widths),
		TEST(test_magnitudes),
		TEST(test_equal_scores),
		TEST(test_high_probabilities),
	};

	return cmocka_run_group_tests_name("topk_rounding", tests, NULL, NULL);
}
