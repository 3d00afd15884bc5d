/*
 * test_memory.c
 *		What training is expected to take against what it takes.
 */
#include <math.h>
#include <stdio.h>

#include "core/model/format.h"
#include "core/train/memory.h"
#include "problem.h"

/* How far the estimate may be off from what is taken. */
#define TOLERANCE 0.05
#define DENSE_TOLERANCE 0.15

/* Of all kinds, small and large, with all that takes memory of its own. */
static const ProblemSpec specs[] = {
	{.kind = GAE_MODEL_GAE, .hidden_layers = 1, .hidden_dims = {32}, .latent_dim = 16, .nodes = 30000,
		.edge_rows = 200000, .form = GAE_FEATURES_NONE, .epochs = 1, .negatives = 2, .seed = 1},
	{.kind = GAE_MODEL_GAE, .latent_dim = 4, .nodes = 2000, .edge_rows = 300000,
		.form = GAE_FEATURES_NONE, .epochs = 100, .negatives = 1, .weighted = true,
		.edge_mask = 0.3, .validation_fraction = 0.3, .test_fraction = 0.3, .patience = 200, .seed = 2},
	{.kind = GAE_MODEL_GAE, .hidden_layers = 1, .hidden_dims = {32}, .latent_dim = 16, .nodes = 300,
		.edge_rows = 600, .form = GAE_FEATURES_NONE, .epochs = 20, .validation_fraction = 0.05,
		.seed = 3},
	{.kind = GAE_MODEL_VGAE, .hidden_layers = 1, .hidden_dims = {32}, .latent_dim = 16, .nodes = 20000,
		.edge_rows = 200000, .form = GAE_FEATURES_DENSE, .columns = 64, .epochs = 1, .negatives = 5,
		.dropout = 0.2, .validation_fraction = 0.05, .weighted = true, .seed = 4},
	{.kind = GAE_MODEL_VGAE, .hidden_layers = 1, .hidden_dims = {32}, .latent_dim = 16, .nodes = 20000,
		.edge_rows = 40000, .form = GAE_FEATURES_DENSE, .columns = 64, .epochs = 1, .negatives = 5,
		.validation_fraction = 0.05, .seed = 5},
	{.kind = GAE_MODEL_VGAE, .hidden_layers = 2, .hidden_dims = {64, 32}, .latent_dim = 16,
		.nodes = 3000, .edge_rows = 10000, .form = GAE_FEATURES_SPARSE, .columns = 400, .epochs = 2,
		.validation_fraction = 0.1, .test_fraction = 0.1, .seed = 6},
	{.kind = GAE_MODEL_VGAE, .hidden_layers = 1, .hidden_dims = {16}, .latent_dim = 32,
		.nodes = 4000, .edge_rows = 30000, .form = GAE_FEATURES_SPARSE, .columns = 200, .epochs = 2,
		.dropout = 0.5, .latent_scale = 2, .directed = true, .seed = 7},
	{.kind = GAE_MODEL_VGAE, .hidden_layers = 1, .hidden_dims = {32}, .latent_dim = 16, .nodes = 34,
		.edge_rows = 78, .form = GAE_FEATURES_NONE, .epochs = 200, .validation_fraction = 0.05,
		.dropout = 0.1, .seed = 8},
	{.kind = GAE_MODEL_AE, .hidden_layers = 1, .hidden_dims = {512}, .latent_dim = 32, .nodes = 5000,
		.form = GAE_FEATURES_DENSE, .columns = 784, .epochs = 1, .dropout = 0.1, .patience = 5,
		.validation_fraction = 0.1, .seed = 9},
	{.kind = GAE_MODEL_AE, .latent_dim = 2, .nodes = 100, .form = GAE_FEATURES_SPARSE, .columns = 20,
		.epochs = 10, .seed = 10},
	{.kind = GAE_MODEL_VAE, .hidden_layers = 1, .hidden_dims = {256}, .latent_dim = 16, .nodes = 20000,
		.form = GAE_FEATURES_DENSE, .columns = 200, .epochs = 1, .validation_fraction = 0.1, .seed = 11},
	{.kind = GAE_MODEL_VAE, .hidden_layers = 2, .hidden_dims = {20, 10}, .latent_dim = 64, .nodes = 50000,
		.form = GAE_FEATURES_DENSE, .columns = 10, .epochs = 1, .batch_size = 20000, .test_fraction = 0.3,
		.seed = 12},
	{.kind = GAE_MODEL_VAE, .hidden_layers = 1, .hidden_dims = {32}, .latent_dim = 16, .nodes = 150,
		.form = GAE_FEATURES_DENSE, .columns = 4, .epochs = 200, .validation_fraction = 0.1, .seed = 13},
	{.kind = GAE_MODEL_AE, .hidden_layers = 1, .hidden_dims = {64}, .latent_dim = 16, .nodes = 5000,
		.form = GAE_FEATURES_DENSE, .columns = 300, .indicators = 20, .epochs = 1, .batch_size = 5000,
		.dropout = 0.1, .seed = 14},
	{.kind = GAE_MODEL_VGAE, .hidden_layers = 1, .hidden_dims = {32}, .latent_dim = 16, .nodes = 3000,
		.edge_rows = 10000, .form = GAE_FEATURES_SPARSE, .columns = 400, .indicators = 3, .epochs = 2,
		.seed = 15},
	{.kind = GAE_MODEL_VGAE, .hidden_layers = 1, .hidden_dims = {32}, .latent_dim = 16, .nodes = 20000,
		.edge_rows = 40000, .form = GAE_FEATURES_DENSE, .columns = 64, .epochs = 1, .negatives = 5,
		.validation_fraction = 0.05, .node_weights = GAE_YES, .seed = 16},
	{.kind = GAE_MODEL_GAE, .latent_dim = 2, .nodes = 20000, .edge_rows = 40000,
		.form = GAE_FEATURES_SPARSE, .columns = 2000, .compare = true, .epochs = 1, .negatives = 1,
		.seed = 17},
};

static GaeStatus
estimate_of(GaeEnv *env, Problem *problem, GaeEstimate *estimate)
{
	GAE_TRY(gae_plan(env, &problem->config, &problem->input, &problem->plan));
	return gae_memory_estimate(env, &problem->plan, estimate);
}

static void
test_estimate(void **state)
{
	int			wrong = 0;

	(void) state;
	for (size_t s = 0; s < sizeof(specs) / sizeof(specs[0]); s++)
	{
		GaeEnv	   *env = test_env_create(2);
		TestContext *context = test_context(env);
		Problem		problem;
		GaeModel	model;
		GaeEstimate estimate;
		int64_t		model_bytes;
		double		before;
		double		peak;

		problem_make(env, &specs[s], &problem);
		assert_ok(env, estimate_of(env, &problem, &estimate));
		context->bytes_peak = context->bytes_now;
		before = (double) context->bytes_now;
		assert_ok(env, gae_train(env, &problem.config, &problem.input, &model));
		model.library_version[0] = '\0';
		model.keys = model.schema = (GaeBlob) {NULL, 0};
		problem_bytes(env, &model, &model_bytes);
		assert_int_equal(estimate.model_bytes, model_bytes);

		peak = (double) context->bytes_peak - before;
		print_message("%s, %d nodes: takes %.2f MB beside the input, estimate %.2f MB: %+.0f %%\n",
					  gae_model_kind_name(specs[s].kind), specs[s].nodes, peak / 1e6,
					  estimate.memory_bytes / 1e6, 100 * (estimate.memory_bytes / peak - 1));
		if (fabs(estimate.memory_bytes / peak - 1) > TOLERANCE)
			wrong++;
		test_env_destroy(env);
	}
	assert_int_equal(wrong, 0);
}

/* All pairs of different nodes of which a share are edges, spread evenly; src < dst. */
static void
make_dense_graph(GaeEnv *env, int32_t nodes, double density, GaeGraph *graph)
{
	int64_t		pairs = (int64_t) nodes * (nodes - 1) / 2;
	int32_t    *src = gae_alloc(env, pairs, sizeof(int32_t));
	int32_t    *dst = gae_alloc(env, pairs, sizeof(int32_t));
	int64_t		edges = 0;
	double		due = 0;

	for (int32_t i = 0; i < nodes; i++)
		for (int32_t j = i + 1; j < nodes; j++)
		{
			due += density;
			if (due < 1)
				continue;
			due -= 1;
			src[edges] = i;
			dst[edges++] = j;
		}
	assert_ok(env, gae_graph_build(env, nodes, NULL, false, edges, src, dst, NULL, graph));
}

/* Dense graphs have fewer non-edges than there are held-out edges to compare with them. */
static void
test_dense_graphs(void **state)
{
	static const int32_t nodes[] = {300, 1000, 4500};
	static const double densities[] = {0.1, 0.5, 0.9, 1};
	static const double fractions[] = {0, 0.1, 0.3};

	(void) state;
	for (int n = 0; n < (test_quick() ? 2 : 3); n++)
		for (int d = 0; d < 4; d++)
			for (int f = 0; f < 3; f++)
			{
				GaeEnv	   *env = test_env_create(2);
				TestContext *context = test_context(env);
				ProblemSpec spec = {
					.kind = GAE_MODEL_VGAE, .hidden_layers = 1, .hidden_dims = {32}, .latent_dim = 16,
					.nodes = nodes[n], .edge_rows = 10, .epochs = 1, .seed = 3,
					.validation_fraction = fractions[f], .test_fraction = fractions[f]
				};
				Problem		problem;
				GaeModel	model;
				GaeEstimate estimate;
				double		before;
				double		ratio;

				problem_make(env, &spec, &problem);
				make_dense_graph(env, nodes[n], densities[d] - 1e-9, &problem.graph);
				assert_ok(env, estimate_of(env, &problem, &estimate));
				context->bytes_peak = context->bytes_now;
				before = (double) context->bytes_now;
				assert_ok(env, gae_train(env, &problem.config, &problem.input, &model));
				ratio = estimate.memory_bytes / ((double) context->bytes_peak - before);
				if (fabs(ratio - 1) > DENSE_TOLERANCE)
					fail_msg("%d nodes, density %g, fractions %g: estimate %.2f of what was taken",
							 nodes[n], densities[d], fractions[f], ratio);
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
					.nodes = 300, .form = form, .columns = 30, .directed = gae_has_links(kind) && b % 2 == 1,
					.epochs = b, .seed = 7
				};
				Problem		problem;
				GaeModel	model;
				GaeEstimate estimate;
				int64_t		bytes;

				problem_make(env, &spec, &problem);
				problem.input.blob_bytes = blob_bytes[b];
				assert_ok(env, estimate_of(env, &problem, &estimate));
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
	assert_ok(env, estimate_of(env, &problem, &estimate));
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
	assert_true(context->allocations <= before + 2);	/* to hold out, and to measure the model */
	assert_true(env->error.hint[0] != '\0');
	env->memory_limit = 1000000;
	assert_ok(env, gae_train(env, &problem.config, &problem.input, &model));
}

/* Arguments that no input could satisfy are refused before there is any. */
static void
test_arguments(void **state)
{
	GaeEnv	   *env = *state;
	GaeConfig	config;

	gae_config_default(&config);
	assert_ok(env, gae_memory_check_arguments(env, &config));
	config.hidden_layers = 2;
	config.hidden_dims[0] = config.hidden_dims[1] = 4000;
	assert_ok(env, gae_memory_check_arguments(env, &config));
	env->memory_limit = 100 << 20;
	assert_status(GAE_TOO_LARGE, gae_memory_check_arguments(env, &config));
	assert_string_equal(env->error.message, "training would need too much memory");
	env->memory_limit = 0;
	config.hidden_dims[0] = config.hidden_dims[1] = GAE_MAX_DIM;
	assert_status(GAE_TOO_LARGE, gae_memory_check_arguments(env, &config));
	assert_string_equal(env->error.message, "model would be too large");
	config.hidden_dims[0] = 0;
	assert_status(GAE_INVALID_ARGUMENT, gae_memory_check_arguments(env, &config));
}

/* The estimate refuses what the training would. */
static void
test_refused(void **state)
{
	GaeEnv	   *env = *state;
	ProblemSpec spec = {
		.kind = GAE_MODEL_GAE, .latent_dim = 4, .nodes = 60, .epochs = 5, .patience = 1,
		.validation_fraction = 0.0001, .seed = 1
	};

	for (int refused = 0; refused < 2; refused++)
	{
		Problem		problem;
		GaeModel	model;
		GaeEstimate estimate;
		GaeError	first;
		GaeStatus	status;

		problem_make(env, &spec, &problem);
		status = estimate_of(env, &problem, &estimate);
		first = env->error;
		assert_true(status == GAE_INVALID_ARGUMENT || status == GAE_TOO_LARGE);
		assert_status(status, gae_train(env, &problem.config, &problem.input, &model));
		assert_string_equal(env->error.message, first.message);
		assert_string_equal(env->error.detail, first.detail);
		spec.patience = 0;
		spec.negatives = 1e9;
	}
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
		TEST(test_dense_graphs),
		TEST(test_model_size),
		TEST(test_model_size_with_patience),
		TEST(test_limit),
		TEST(test_arguments),
		TEST(test_refused),
		TEST(test_model_too_large),
	};

	return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
