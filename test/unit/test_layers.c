/*
 * test_layers.c
 *		Corners of the encoder that differences do not reach: vectors that have no
 *		direction, and dropout's statistics.  See test_gradient.c for the rest.
 */
#include <math.h>
#include <string.h>

#include "core/linalg/openblas.h"
#include "core/nn/layers.h"
#include "support.h"

/*
 * A row of zeros cannot be normalised: it stays zero, and its gradient is finite,
 * as that of a node without features must be.
 */
static void
test_normalising_zero(void **state)
{
	GaeEnv	   *env = *state;
	GaeLayer	layer = {.in = 2, .out = 3, .weight = 0, .bias = -1};
	GaeReal		weight[6] = {1, 2, 3, 4, 5, 6};
	GaeReal		x_values[4] = {0, 0, 1, -1};
	GaeReal		d_out[6] = {1, 1, 1, 1, 1, 1};
	GaeReal		out[6];
	GaeReal		gradient[6];
	GaeFeatures x = {.form = GAE_FEATURES_DENSE, .rows = 2, .columns = 2, .dense = x_values};
	GaeEncoderInput input = {.x = &x};
	GaeLayers	made;

	assert_ok(env, gae_openblas_load(env));
	assert_ok(env, gae_layers_create(env, &layer, 1, 2, false, 2.5, 3, NULL, (GaeDropRates) {0}, &made));
	assert_ok(env, gae_layers_forward(env, &made, weight, &input, &gae_no_dropout, out));
	for (int j = 0; j < 3; j++)
	{
		assert_true(out[j] == 0);
		assert_near(out[3 + j], 2.5 * -1 / sqrt(3), 1e-6, 1);
	}
	assert_ok(env, gae_layers_backward(env, &made, weight, &input, &gae_no_dropout, d_out, gradient, NULL));
	for (int j = 0; j < 6; j++)
		assert_near(gradient[j], 0, 1e-6, 1);
	gae_layers_free(env, &made);
}

/* Only the first columns are normalised: log_std is left alone. */
static void
test_normalised_columns(void **state)
{
	GaeEnv	   *env = *state;
	GaeLayer	layer = {.in = 4, .out = 4, .weight = 0, .bias = -1};
	GaeReal		weight[16] = {0};
	GaeReal		x_values[4] = {3, 4, 5, -6};
	GaeReal		out[4];
	GaeFeatures x = {.form = GAE_FEATURES_DENSE, .rows = 1, .columns = 4, .dense = x_values};
	GaeEncoderInput input = {.x = &x};
	GaeLayers	made;
	static const double expected[] = {0.6 * 7, 0.8 * 7, 5, -6};

	for (int j = 0; j < 4; j++)
		weight[5 * j] = 1;
	assert_ok(env, gae_openblas_load(env));
	assert_ok(env, gae_layers_create(env, &layer, 1, 1, false, 7, 2, NULL, (GaeDropRates) {0}, &made));
	assert_ok(env, gae_layers_forward(env, &made, weight, &input, &gae_no_dropout, out));
	for (int j = 0; j < 4; j++)
		assert_near(out[j], expected[j], 1e-6, 1);
}

/* A hidden unit is dropped with the given probability, else scaled up. */
static void
test_hidden_dropout(void **state)
{
	GaeEnv	   *env = *state;
	const int64_t rows = 3000;
	const double rate = 0.35;
	GaeLayer	layer[2] = {
		{.in = 1, .out = 20, .weight = 0, .bias = 20}, {.in = 20, .out = 1, .weight = 40, .bias = 60}
	};
	GaeReal		parameter[61];
	GaeReal    *out = gae_alloc(env, rows, sizeof(GaeReal));
	GaeFeatures x = {.form = GAE_FEATURES_DENSE, .rows = rows, .columns = 1};
	GaeDropout	dropout = {rate, rate, 3, 4};
	GaeEncoderInput input = {.x = &x};
	GaeLayers	made;
	int64_t		dropped = 0;

	/* Hidden units are 2 whatever x is: the weights are 0, the biases 2. */
	memset(parameter, 0, sizeof(parameter));
	for (int j = 20; j < 60; j++)
		parameter[j] = j < 40 ? 2 : 1;
	x.dense = gae_alloc_zero(env, rows, sizeof(GaeReal));
	assert_ok(env, gae_openblas_load(env));
	assert_ok(env, gae_layers_create(env, layer, 2, rows, false, NAN, 0, &x,
									(GaeDropRates) {rate, rate}, &made));
	assert_ok(env, gae_layers_forward(env, &made, parameter, &input, &dropout, out));
	for (int64_t i = 0; i < rows * 20; i++)
	{
		dropped += made.hidden[0][i] == 0;
		if (made.hidden[0][i] != 0)
			assert_near(made.hidden[0][i], 2 / (1 - rate), 1e-6, 0);
	}
	assert_near((double) dropped / (double) (rows * 20), rate, 0.01, 1);
	assert_ok(env, gae_layers_forward(env, &made, parameter, &input, &gae_no_dropout, out));
	for (int64_t i = 0; i < rows; i++)
		assert_near(out[i], 40, 1e-6, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_normalising_zero),
		TEST(test_normalised_columns),
		TEST(test_hidden_dropout),
	};

	return cmocka_run_group_tests_name("layers", tests, NULL, NULL);
}
