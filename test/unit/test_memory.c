/*
 * test_memory.c
 *		What training is expected to take against what it takes.
 */
#include <math.h>
#include <stdio.h>

#include "memory.h"
#include "problem.h"

/* How far the estimate may be off from the peak, which here includes the rows read. */
#define TOLERANCE 0.25

/* Sizes at which small things do not count. */
static const ProblemSpec large_specs[] = {
	{.kind = GAE_MODEL_GAE, .hidden_layers = 1, .hidden_dims = {32}, .latent_dim = 16, .nodes = 30000,
		.edge_rows = 200000, .form = GAE_FEATURES_IDENTITY, .epochs = 1, .negatives = 2, .seed = 1},
	{.kind = GAE_MODEL_VGAE, .hidden_layers = 1, .hidden_dims = {32}, .latent_dim = 16, .nodes = 20000,
		.edge_rows = 200000, .form = GAE_FEATURES_DENSE, .columns = 64, .epochs = 1, .negatives = 5,
		.dropout = 0.2, .validation_fraction = 0.05, .weighted = true, .seed = 2},
	{.kind = GAE_MODEL_VGAE, .hidden_layers = 2, .hidden_dims = {64, 32}, .latent_dim = 16,
		.nodes = 3000, .edge_rows = 10000, .form = GAE_FEATURES_SPARSE, .columns = 400, .epochs = 2,
		.validation_fraction = 0.1, .test_fraction = 0.1, .seed = 3},
	{.kind = GAE_MODEL_VAE, .hidden_layers = 1, .hidden_dims = {256}, .latent_dim = 16, .nodes = 20000,
		.form = GAE_FEATURES_DENSE, .columns = 200, .epochs = 1, .validation_fraction = 0.1, .seed = 4},
};

static void
test_estimate(void **state)
{
	(void) state;
	for (size_t s = 0; s < sizeof(large_specs) / sizeof(large_specs[0]); s++)
	{
		GaeEnv	   *env = test_env_create(2);
		TestContext *context = test_context(env);
		Problem		problem;
		GaeModel	model;
		GaeEstimate estimate;
		int64_t		model_bytes;

		problem_make(env, &large_specs[s], &problem);
		context->bytes_peak = context->bytes_now;
		assert_ok(env, gae_memory_estimate(env, &problem.config, &problem.input, &estimate));
		assert_ok(env, gae_train(env, &problem.config, &problem.input, &model));
		print_message("%s, %d nodes: peak %.1f MB with the input, estimate %.1f MB: %+.0f %%\n",
					  gae_model_kind_name(large_specs[s].kind), large_specs[s].nodes,
					  (double) context->bytes_peak / 1e6, estimate.memory_bytes / 1e6,
					  100 * (estimate.memory_bytes / (double) context->bytes_peak - 1));
		assert_near(estimate.memory_bytes, (double) context->bytes_peak, TOLERANCE, 0);

		assert_ok(env, gae_model_size(env, &model, &model_bytes));
		assert_int_equal(estimate.model_bytes, model_bytes);
		test_env_destroy(env);
	}
}

/*
 * The model's size is known exactly, whatever its kind; the blobs of keys and schema,
 * each filled up to a multiple of eight, are counted as one.
 */
static void
test_model_size(void **state)
{
	static const int64_t blob_bytes[] = {0, 1, 7, 8, 1000};
	GaeModelKind kind;

	(void) state;
	for (kind = GAE_MODEL_AE; kind <= GAE_MODEL_VGAE; kind++)
		for (int form = GAE_FEATURES_DENSE; form <= GAE_FEATURES_SPARSE; form++)
			for (int b = 0; b < 5; b++)
			{
				GaeEnv	   *env = test_env_create(1);
				ProblemSpec spec = {
					.kind = kind, .hidden_layers = b % 3, .hidden_dims = {5, 3}, .latent_dim = 4,
					.nodes = 300, .form = form, .columns = 30, .directed = gae_model_is_graph(kind) && b % 2 == 1,
					.epochs = b, .seed = 7
				};
				Problem		problem;
				GaeModel	model;
				GaeEstimate estimate;
				int64_t		bytes;

				problem_make(env, &spec, &problem);
				problem.input.blob_bytes = blob_bytes[b];
				assert_ok(env, gae_memory_estimate(env, &problem.config, &problem.input, &estimate));
				assert_ok(env, gae_train(env, &problem.config, &problem.input, &model));
				model.keys.length = blob_bytes[b];
				assert_ok(env, gae_model_size(env, &model, &bytes));
				assert_int_equal(estimate.model_bytes, bytes);
				model.keys.length = blob_bytes[b] / 2;
				model.schema.length = blob_bytes[b] - blob_bytes[b] / 2;
				assert_ok(env, gae_model_size(env, &model, &bytes));
				assert_true(bytes >= estimate.model_bytes && bytes <= estimate.model_bytes + 8);
				test_env_destroy(env);
			}
}

/* Patience may end a training earlier, which makes its history shorter. */
static void
test_model_size_with_patience(void **state)
{
	GaeEnv	   *env = *state;
	ProblemSpec spec = {
		.kind = GAE_MODEL_GAE, .latent_dim = 4, .nodes = 60, .epochs = 500, .patience = 1,
		.validation_fraction = 0.1, .seed = 1
	};
	Problem		problem;
	GaeModel	model;
	GaeEstimate estimate;
	int64_t		bytes;

	problem_make(env, &spec, &problem);
	assert_ok(env, gae_memory_estimate(env, &problem.config, &problem.input, &estimate));
	assert_ok(env, gae_train(env, &problem.config, &problem.input, &model));
	assert_true(model.epochs_run < 500);
	assert_ok(env, gae_model_size(env, &model, &bytes));
	assert_int_equal(estimate.model_bytes - bytes,
					 (500 - model.epochs_run) * (int64_t) sizeof(GaeHistoryRow));
}

static void
test_limit(void **state)
{
	GaeEnv	   *env = *state;
	ProblemSpec spec = {
		.kind = GAE_MODEL_VGAE, .latent_dim = 4, .nodes = 50, .epochs = 1, .seed = 1
	};
	Problem		problem;
	GaeModel	model;
	TestContext *context = test_context(env);
	int64_t		before;

	problem_make(env, &spec, &problem);
	env->memory_limit = 1000;
	before = context->allocations;
	assert_status(GAE_TOO_LARGE, gae_train(env, &problem.config, &problem.input, &model));
	assert_int_equal(context->allocations, before);
	assert_true(env->error.hint[0] != '\0');
	env->memory_limit = 1000000;
	assert_ok(env, gae_train(env, &problem.config, &problem.input, &model));
}

/* A model that pg_dump could not write is refused before anything is computed. */
static void
test_model_too_large(void **state)
{
	GaeEnv	   *env = *state;
	ProblemSpec spec = {
		.kind = GAE_MODEL_GAE, .hidden_layers = 1, .hidden_dims = {60000}, .latent_dim = 4,
		.nodes = 2000, .epochs = 1, .seed = 1
	};
	Problem		problem;
	GaeModel	model;

	problem_make(env, &spec, &problem);
	problem.config.epochs = GAE_MAX_EPOCHS;
	assert_status(GAE_TOO_LARGE, gae_train(env, &problem.config, &problem.input, &model));
	assert_string_equal(env->error.message, "model would be too large");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_estimate),
		TEST(test_model_size),
		TEST(test_model_size_with_patience),
		TEST(test_limit),
		TEST(test_model_too_large),
	};

	return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
