/*
 * test_model_scaler.c
 *		The scaling of features in the bytes of a model, and indicators behind features.
 */
#include <math.h>
#include <string.h>

#include "core/infer/encode.h"
#include "core/model/format.h"
#include "problem.h"
#include "use_model.h"

#define FEATURES 6

static const ProblemSpec rows_spec = {
	.kind = GAE_MODEL_VAE, .hidden_layers = 1, .hidden_dims = {8}, .latent_dim = 3, .nodes = 40,
	.form = GAE_FEATURES_DENSE, .columns = FEATURES, .indicators = 2, .epochs = 3, .seed = 4
};

static const ProblemSpec graph_spec = {
	.kind = GAE_MODEL_VGAE, .hidden_layers = 1, .hidden_dims = {8}, .latent_dim = 3, .nodes = 40,
	.form = GAE_FEATURES_SPARSE, .columns = FEATURES, .indicators = 2, .epochs = 3, .seed = 4
};

/* What is written is read again; the decoder rebuilds features, and no indicators. */
static void
test_round_trip(void **state)
{
	static const GaeScaling scaling[FEATURES] = {
		GAE_SCALING_NONE, GAE_SCALING_STANDARD, GAE_SCALING_ROOT_MEAN_SQUARE, GAE_SCALING_CONSTANT,
		GAE_SCALING_NONE, GAE_SCALING_STANDARD
	};
	GaeEnv	   *env = *state;

	for (int graph = 0; graph < 2; graph++)
	{
		Problem		problem;
		GaeModel	model;
		GaeModel	read;
		int64_t		bytes;
		uint8_t    *buffer;

		problem_make(env, graph ? &graph_spec : &rows_spec, &problem);
		for (int j = 0; j < FEATURES; j++)
		{
			problem.input.scaler.scaling[j] = (uint8_t) scaling[j];
			problem.input.scaler.mean[j] = j - 2;
			problem.input.scaler.deviation[j] = 0.5 * j + 1;
		}
		problem_train(env, &problem, &model);
		buffer = problem_bytes(env, &model, &bytes);
		assert_ok(env, gae_model_read(env, buffer, bytes, &read));
		assert_int_equal(read.columns.features, FEATURES);
		assert_int_equal(read.columns.indicators, 2);
		assert_int_equal(read.params.layer[0].in, FEATURES + 2);
		assert_memory_equal(read.scaler.scaling, model.scaler.scaling, FEATURES);
		assert_memory_equal(read.scaler.mean, model.scaler.mean, FEATURES * sizeof(double));
		assert_memory_equal(read.scaler.deviation, model.scaler.deviation, FEATURES * sizeof(double));
		assert_ok(env, use_model(env, &read, true));
		if (!graph)
		{
			GaeReal		row[FEATURES];
			GaeReal    *work = gae_alloc(env, gae_row_work(&read), sizeof(GaeReal));

			gae_decode_row(&read, read.mu, work, row);
			assert_true(row[3] == 1);	/* the constant */
		}
	}
}

/* Scales that cannot be divided by. */
static void
test_invalid(void **state)
{
	static const struct
	{
		uint8_t		scaling;
		double		mean;
		double		deviation;
	} invalid[] = {
		{GAE_SCALING_CONSTANT + 1, 0, 1}, {255, 0, 1}, {GAE_SCALING_NONE, 0, -1},
		{GAE_SCALING_STANDARD, 3, 0}, {GAE_SCALING_STANDARD, 3, -1}, {GAE_SCALING_CONSTANT, 3, -1},
		{GAE_SCALING_ROOT_MEAN_SQUARE, 0, 0}, {GAE_SCALING_ROOT_MEAN_SQUARE, 1e200, 0},
		{GAE_SCALING_ROOT_MEAN_SQUARE, 1e-200, 0}, {GAE_SCALING_STANDARD, NAN, 1},
		{GAE_SCALING_STANDARD, 0, INFINITY}
	};
	GaeEnv	   *env = *state;

	for (size_t i = 0; i < sizeof(invalid) / sizeof(invalid[0]); i++)
	{
		Problem		problem;
		GaeModel	model;
		GaeModel	read;
		int64_t		bytes;
		uint8_t    *buffer;

		problem_make(env, &rows_spec, &problem);
		problem_train(env, &problem, &model);
		model.scaler.scaling[FEATURES - 1] = invalid[i].scaling;
		model.scaler.mean[FEATURES - 1] = invalid[i].mean;
		model.scaler.deviation[FEATURES - 1] = invalid[i].deviation;
		buffer = problem_bytes(env, &model, &bytes);
		assert_status(GAE_INVALID_MODEL, gae_model_read(env, buffer, bytes, &read));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_round_trip),
		TEST(test_invalid),
	};

	return cmocka_run_group_tests_name("model_scaler", tests, NULL, NULL);
}
