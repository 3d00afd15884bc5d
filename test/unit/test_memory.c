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

/* The smallest limit that lets the training begin. */
static double
estimate_of(GaeEnv *env, Problem *problem)
{
	GaeParams	params;
	int64_t		columns = problem->input.features != NULL ? problem->features.columns : problem->input.nodes;
	int64_t		low = 1;
	int64_t		high = INT64_C(1) << 40;

	assert_ok(env, gae_params_layout(env, &problem->config, columns, &params));
	while (high - low > low / 1000 + 1)
	{
		int64_t		middle = low + (high - low) / 2;

		env->memory_limit = middle;
		if (gae_memory_check(env, &problem->config, &problem->input, &params) == GAE_OK)
			high = middle;
		else
			low = middle;
	}
	env->memory_limit = 0;
	return (double) high;
}

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
		double		estimate;

		problem_make(env, &large_specs[s], &problem);
		context->bytes_peak = context->bytes_now;
		estimate = estimate_of(env, &problem);
		assert_ok(env, gae_train(env, &problem.config, &problem.input, &model));
		print_message("%s, %d nodes: peak %.1f MB with the input, estimate %.1f MB: %+.0f %%\n",
					  gae_model_kind_name(large_specs[s].kind), large_specs[s].nodes,
					  (double) context->bytes_peak / 1e6, estimate / 1e6,
					  100 * (estimate / (double) context->bytes_peak - 1));
		assert_near(estimate, (double) context->bytes_peak, TOLERANCE, 0);
		test_env_destroy(env);
	}
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
		TEST(test_limit),
		TEST(test_model_too_large),
	};

	return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
