/*
 * test_determinism.c
 *		The same bytes whatever the number of threads, the interrupts that were
 *		served on the way, and the order of the rows.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "specs.h"

#define LENGTH(array) ((int) (sizeof(array) / sizeof((array)[0])))

/* Sizes of several blocks of every kind: tiles, rows, edges, samples. */
static const ProblemSpec large_specs[] = {
	{.kind = GAE_MODEL_VGAE, .hidden_layers = 1, .hidden_dims = {16}, .latent_dim = 8, .nodes = 1100,
		.edge_rows = 9000, .form = GAE_FEATURES_SPARSE, .columns = 60, .epochs = 3, .dropout = 0.3,
		.edge_mask = 0.2, .validation_fraction = 0.1, .seed = 50},
	{.kind = GAE_MODEL_VGAE, .hidden_layers = 1, .hidden_dims = {16}, .latent_dim = 8, .nodes = 2300,
		.edge_rows = 9000, .form = GAE_FEATURES_DENSE, .columns = 40, .epochs = 3, .directed = true,
		.weighted = true, .negatives = 4, .validation_fraction = 0.1, .seed = 51},
	{.kind = GAE_MODEL_GAE, .hidden_layers = 1, .hidden_dims = {16}, .latent_dim = 8, .nodes = 800,
		.form = GAE_FEATURES_NONE, .epochs = 3, .directed = true, .dropout = 0.1,
		.negatives = INFINITY, .seed = 52},
	{.kind = GAE_MODEL_VAE, .hidden_layers = 1, .hidden_dims = {16}, .latent_dim = 4, .nodes = 5000,
		.form = GAE_FEATURES_DENSE, .columns = 10, .epochs = 2, .batch_size = 4500, .dropout = 0.1,
		.validation_fraction = 0.1, .seed = 53},
	{.kind = GAE_MODEL_VAE, .hidden_layers = 1, .hidden_dims = {101}, .latent_dim = 5, .nodes = 600,
		.form = GAE_FEATURES_DENSE, .columns = 150, .epochs = 2, .batch_size = 257,
		.reconstruction = GAE_RECONSTRUCTION_BCE, .validation_fraction = 0.1, .seed = 54},
	{.kind = GAE_MODEL_AE, .hidden_layers = 2, .hidden_dims = {700, 1}, .latent_dim = 1, .nodes = 20,
		.form = GAE_FEATURES_DENSE, .columns = 300, .epochs = 2, .batch_size = 1, .seed = 55},
	{.kind = GAE_MODEL_VAE, .hidden_layers = 1, .hidden_dims = {300}, .latent_dim = 30, .nodes = 2500,
		.form = GAE_FEATURES_DENSE, .columns = 230, .epochs = 1, .batch_size = 2500, .seed = 56},
};

typedef struct Bytes
{
	GaeEnv	   *env;			/* that they live in */
	uint8_t    *data;
	int64_t		count;
	int64_t		served;
} Bytes;

static Bytes
train(const ProblemSpec *spec, int threads, int64_t interrupt_at)
{
	Bytes		bytes = {.env = test_env_create(threads)};
	TestContext *context = test_context(bytes.env);
	Problem		problem;
	GaeModel	model;

	problem_make(bytes.env, spec, &problem);
	context->interrupt_ends = false;
	context->interrupt_at = interrupt_at > 0 ? context->polls + interrupt_at : 0;
	problem_train(bytes.env, &problem, &model);
	bytes.served = context->served;
	bytes.data = problem_bytes(bytes.env, &model, &bytes.count);
	return bytes;
}

static void
assert_same(const Bytes *a, const Bytes *b, const ProblemSpec *spec, const char *what)
{
	if (a->count != b->count || memcmp(a->data, b->data, (size_t) a->count) != 0)
		fail_msg("%s: other bytes with %s", spec_name(spec), what);
}

static void
check_spec(const ProblemSpec *spec)
{
	static const int threads[] = {1, 2, 3, 7};
	Bytes		one = train(spec, 1, 0);

	for (int t = 0; t < LENGTH(threads); t++)
	{
		Bytes		other = train(spec, threads[t], 0);
		Bytes		served = train(spec, threads[t], 1);
		char		what[64];

		snprintf(what, sizeof(what), "%d threads", threads[t]);
		assert_same(&one, &other, spec, what);
		snprintf(what, sizeof(what), "%d threads and interrupts", threads[t]);
		assert_same(&one, &served, spec, what);
		assert_true(served.served > 0);
		test_env_destroy(other.env);
		test_env_destroy(served.env);
	}
	test_env_destroy(one.env);
}

static void
test_threads_small(void **state)
{
	(void) state;
	for (int s = 0; s < small_spec_count; s++)
		check_spec(&small_specs[s]);
}

static void
test_threads_large(void **state)
{
	(void) state;
	for (int s = 0; s < LENGTH(large_specs); s++)
		check_spec(&large_specs[s]);
}

static void
test_other_seed_other_bytes(void **state)
{
	(void) state;
	for (int s = 0; s < small_spec_count; s++)
	{
		GaeEnv	   *env = test_env_create(1);
		Problem		problem;
		GaeModel	first;
		GaeModel	second;
		int64_t		parameters;

		if (small_specs[s].compare)
			continue;			/* with another seed node_weights may be chosen otherwise */
		problem_make(env, &small_specs[s], &problem);
		problem_train(env, &problem, &first);
		problem.config.seed += INT64_C(1) << 40;
		problem_train(env, &problem, &second);
		parameters = first.params.count;
		assert_int_equal(parameters, second.params.count);
		assert_memory_not_equal(first.parameter, second.parameter, (size_t) parameters * sizeof(GaeReal));
		test_env_destroy(env);
	}
}

/* ---- rows in another order ---- */

#define NODES 40
#define ROWS 200
#define TRIPLETS 300
#define WORDS 60
#define WIDTH 20

/* Rows as a user gives them, with node numbers in the order of first appearance. */
typedef struct Input
{
	int32_t		src[ROWS];
	int32_t		dst[ROWS];
	float		weight[ROWS];
	double		scalar[NODES];
	float		array[NODES * WIDTH];
	int32_t		category[NODES];
	int32_t		triplet_row[TRIPLETS];
	int32_t		triplet_column[TRIPLETS];
	float		triplet_value[TRIPLETS];
	int32_t		rank[NODES];
} Input;

static void
random_input(uint64_t seed, Input *input)
{
	TestRandom	random = {seed};

	for (int i = 0; i < ROWS; i++)
	{
		input->src[i] = (int32_t) test_random_below(&random, NODES);
		input->dst[i] = (int32_t) test_random_below(&random, i % 3 == 0 ? 5 : NODES);
		input->weight[i] = i % 17 == 0 ? 0 : (float) (10 * test_random_uniform(&random));
	}
	for (int i = 0; i < NODES; i++)
	{
		input->scalar[i] = 1e3 * test_random_normal(&random);
		for (int j = 0; j < WIDTH; j++)
			input->array[i * WIDTH + j] = (float) test_random_normal(&random);
		input->category[i] = (int32_t) test_random_below(&random, 4);
		input->rank[i] = i;
	}
	for (int i = 0; i < TRIPLETS; i++)
	{
		input->triplet_row[i] = (int32_t) test_random_below(&random, NODES);
		input->triplet_column[i] = (int32_t) test_random_below(&random, i % 2 == 0 ? 3 : WORDS);
		input->triplet_value[i] = (float) (test_random_normal(&random) *
										   exp(6 * test_random_uniform(&random)));
	}
}

static void
random_permutation(TestRandom *random, int32_t *order, int count)
{
	for (int i = 0; i < count; i++)
	{
		int			j = (int) test_random_below(random, i + 1);

		order[i] = order[j];
		order[j] = i;
	}
}

/* The same rows shuffled, and therefore the nodes numbered otherwise. */
static void
shuffle_input(const Input *input, uint64_t seed, bool directed, Input *shuffled)
{
	TestRandom	random = {seed};
	int32_t		row[TRIPLETS] = {0};
	int32_t		number[NODES] = {0};	/* the shuffled input's number of a node */

	random_permutation(&random, number, NODES);
	random_permutation(&random, row, ROWS);
	for (int i = 0; i < ROWS; i++)
	{
		bool		turn = !directed && test_random_below(&random, 2) == 0;

		shuffled->src[row[i]] = number[turn ? input->dst[i] : input->src[i]];
		shuffled->dst[row[i]] = number[turn ? input->src[i] : input->dst[i]];
		shuffled->weight[row[i]] = input->weight[i];
	}
	for (int i = 0; i < NODES; i++)
	{
		shuffled->scalar[number[i]] = input->scalar[i];
		memcpy(shuffled->array + number[i] * WIDTH, input->array + i * WIDTH, WIDTH * sizeof(float));
		shuffled->category[number[i]] = input->category[i];
		shuffled->rank[number[i]] = i;
	}
	random_permutation(&random, row, TRIPLETS);
	for (int i = 0; i < TRIPLETS; i++)
	{
		shuffled->triplet_row[row[i]] = number[input->triplet_row[i]];
		shuffled->triplet_column[row[i]] = input->triplet_column[i];
		shuffled->triplet_value[row[i]] = input->triplet_value[i];
	}
}

/* With all columns X is dense; without the first two it is sparse. */
static Bytes
train_input(const Input *input, GaeModelKind kind, bool directed, bool weighted, bool sparse)
{
	GaeTriplets triplets = {
		TRIPLETS, input->triplet_row, input->triplet_column, input->triplet_value
	};
	GaeFeatureCells cells;
	GaeFeatureColumn	columns[] = {
		{.form = GAE_FEATURE_COLUMN_SCALAR, .scaling = GAE_SCALING_STANDARD, .width = 1, .scalar = input->scalar},
		{.form = GAE_FEATURE_COLUMN_ARRAY, .width = WIDTH, .array = input->array},
		{.form = GAE_FEATURE_COLUMN_CATEGORY, .width = 4, .category = input->category},
		{.form = GAE_FEATURE_COLUMN_CELLS, .scaling = GAE_SCALING_ROOT_MEAN_SQUARE, .width = WORDS, .cells = &cells},
	};
	GaeFeatureColumn *used = sparse ? columns + 2 : columns;
	int			count = sparse ? 2 : 4;
	Bytes		bytes = {.env = test_env_create(1)};
	GaeEnv	   *env = bytes.env;
	GaeTrainingInput training = {
		.nodes = NODES, .informative = 1, .key_hash = test_key_hashes(env, NODES)
	};
	GaeLearningRows from = {.rows = NODES, .rank = input->rank};
	GaeGraph	graph;
	GaeFeatures features;
	GaeConfig	config;
	GaeModel	model;

	gae_config_default(&config);
	config.kind = kind;
	config.directed = directed;
	config.epochs = 4;
	config.latent_dim = 4;
	config.dropout = 0.1;
	assert_ok(env, gae_feature_cells_make(env, &triplets, NODES, input->rank, &cells));
	assert_ok(env, gae_scaler_learn(env, used, count, &from, &training.scaler));
	assert_ok(env, gae_features_build(env, used, count, NODES, input->rank, &training.scaler, &features));
	assert_int_equal(features.form, sparse ? GAE_FEATURES_SPARSE : GAE_FEATURES_DENSE);
	training.features = &features;
	if (gae_has_links(kind))
	{
		assert_ok(env, gae_graph_build(env, NODES, input->rank, directed, ROWS, input->src, input->dst,
									   weighted ? input->weight : NULL, &graph));
		training.graph = &graph;
	}
	assert_ok(env, gae_train(env, &config, &training, &model));
	bytes.data = problem_bytes(env, &model, &bytes.count);
	return bytes;
}

static void
test_order_of_rows(void **state)
{
	static Input input;
	static Input shuffled;

	(void) state;
	for (int variant = 0; variant < 32; variant++)
	{
		GaeModelKind kind = variant % 4;
		bool		graph = gae_has_links(kind);
		bool		directed = graph && variant / 4 % 2;
		bool		weighted = variant / 8 % 2;
		bool		sparse = variant / 16 % 2;
		Bytes		first;

		random_input((uint64_t) variant, &input);
		first = train_input(&input, kind, directed, weighted, sparse);
		for (int again = 0; again < 3; again++)
		{
			Bytes		second;

			shuffle_input(&input, (uint64_t) (100 + again), directed, &shuffled);
			second = train_input(&shuffled, kind, directed, weighted, sparse);
			if (first.count != second.count ||
				memcmp(first.data, second.data, (size_t) first.count) != 0)
				fail_msg("%s%s%s%s: other bytes with the rows in another order",
						 gae_model_kind_name(kind), directed ? ", directed" : "",
						 weighted ? ", weighted" : "", sparse ? ", sparse" : "");
			test_env_destroy(second.env);
		}
		test_env_destroy(first.env);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_threads_small),
		cmocka_unit_test(test_threads_large),
		cmocka_unit_test(test_other_seed_other_bytes),
		cmocka_unit_test(test_order_of_rows),
	};

	return cmocka_run_group_tests_name("determinism", tests, NULL, NULL);
}
