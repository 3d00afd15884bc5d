/*
 * test_node_weights.c
 *		Whether nodes get weights of their own beside their features, and what they are worth
 *		to known and to new nodes.
 */
#include <math.h>
#include <string.h>

#include "core/infer/encode.h"
#include "core/train/node_weights.h"
#include "problem.h"

#define NODES 1000
#define GROUPS 10

/* A graph of groups.  Features of the first "telling" nodes are the group's one-hot, else noise. */
static void
make_groups(GaeEnv *env, GaeChoice node_weights, int32_t telling, Problem *problem)
{
	ProblemSpec spec = {
		.kind = GAE_MODEL_VGAE, .latent_dim = 4, .nodes = NODES, .columns = GROUPS,
		.form = GAE_FEATURES_DENSE, .epochs = 3, .validation_fraction = 0.05,
		.node_weights = node_weights, .compare = true, .seed = 4
	};
	TestRandom	random = {8};
	int64_t		edges = 0;

	problem_make(env, &spec, problem);
	problem->graph.src = gae_alloc(env, NODES * NODES, sizeof(int32_t));
	problem->graph.dst = gae_alloc(env, NODES * NODES, sizeof(int32_t));
	for (int32_t i = 0; i < NODES; i++)
	{
		for (int32_t j = i + 1; j < NODES; j++)
		{
			if (test_random_uniform(&random) > (i % GROUPS == j % GROUPS ? 0.08 : 0.002))
				continue;
			problem->graph.src[edges] = i;
			problem->graph.dst[edges++] = j;
		}
	}
	problem->graph.edges = edges;
	for (int32_t i = 0; i < telling * GROUPS; i++)
		problem->features.dense[i] = i % GROUPS == i / GROUPS % GROUPS;
}

static GaeNodeInput
chosen(GaeEnv *env, Problem *problem)
{
	const GaePlan *plan = problem_trainer(env, problem)->plan;

	return plan->columns.nodes == 0 ? GAE_NODE_FEATURES :
		plan->features.form != GAE_FEATURES_NONE ? GAE_NODE_BOTH : GAE_NODE_PLACE;
}

static void
test_choice(void **state)
{
	GaeEnv	   *env = *state;
	Problem		problem;

	make_groups(env, GAE_CHOOSE, NODES, &problem);
	assert_int_equal(chosen(env, &problem), GAE_NODE_FEATURES);
	make_groups(env, GAE_CHOOSE, NODES / 4, &problem);
	assert_int_equal(chosen(env, &problem), GAE_NODE_BOTH);
	make_groups(env, GAE_CHOOSE, 0, &problem);
	assert_int_equal(chosen(env, &problem), GAE_NODE_PLACE);

	/* Nothing to compare: constant features alone, or a handful of edges. */
	make_groups(env, GAE_CHOOSE, NODES, &problem);
	problem.input.informative = 0;
	assert_int_equal(chosen(env, &problem), GAE_NODE_PLACE);
	problem.input.informative = GROUPS;
	problem.graph.edges = 20;
	assert_int_equal(chosen(env, &problem), GAE_NODE_BOTH);

	/* What is given wins. */
	make_groups(env, GAE_YES, 0, &problem);
	assert_int_equal(chosen(env, &problem), GAE_NODE_BOTH);
	make_groups(env, GAE_NO, 0, &problem);
	assert_int_equal(chosen(env, &problem), GAE_NODE_FEATURES);
}

/* Features that are not used have weights of 0, and the model is what it is without them. */
static void
test_unused_features(void **state)
{
	GaeEnv	   *env = *state;
	Problem		problem;
	GaeModel	model;
	GaeModel	featureless;
	int64_t		values;

	make_groups(env, GAE_CHOOSE, 0, &problem);
	problem_train(env, &problem, &model);
	problem.input.features = NULL;
	problem_train(env, &problem, &featureless);
	assert_memory_equal(model.mu, featureless.mu, NODES * 4 * sizeof(GaeReal));
	assert_true(model.loss == featureless.loss);
	assert_false(model.features_used);
	values = GROUPS * model.params.layer[0].out;
	for (int64_t i = 0; i < values; i++)
		assert_true(model.parameter[i] == 0);
	assert_true(model.parameter[values] != 0);
}

static void
test_nothing_to_encode(void **state)
{
	GaeEnv	   *env = *state;
	ProblemSpec spec = {
		.kind = GAE_MODEL_GAE, .latent_dim = 2, .nodes = 10, .node_weights = GAE_NO, .seed = 1
	};
	Problem		problem;
	GaeModel	model;

	problem_make(env, &spec, &problem);
	assert_status(GAE_INVALID_ARGUMENT, gae_train(env, &problem.config, &problem.input, &model));
	assert_string_equal(env->error.message, "there is nothing to encode");
}

/* A training goes on with or without own weights, as before, and with those of each node. */
static void
test_warm_start(void **state)
{
	GaeEnv	   *env = *state;

	for (int own = 0; own < 2; own++)
	{
		int32_t		node_map[NODES];
		int32_t		column_map[GROUPS];
		Problem		problem;
		GaeModel	former;
		GaeTrainer *trainer;
		int64_t		width;

		for (int32_t i = 0; i < NODES; i++)
			node_map[i] = i % 3 == 0 ? -1 : NODES - 1 - i;
		for (int32_t j = 0; j < GROUPS; j++)
			column_map[j] = j;
		make_groups(env, own ? GAE_YES : GAE_NO, own ? 0 : NODES, &problem);
		problem_train(env, &problem, &former);
		make_groups(env, GAE_CHOOSE, own ? NODES : 0, &problem);
		problem.input.warm_start = &former;
		problem.input.column_map = column_map;
		problem.input.node_map = node_map;
		trainer = problem_trainer(env, &problem);
		assert_int_equal(trainer->plan->columns.nodes, own ? NODES : 0);
		width = trainer->plan->params.layer[0].out;
		assert_memory_equal(trainer->parameter, former.parameter,
							(size_t) (GROUPS * width) * sizeof(GaeReal));
		for (int32_t i = 0; i < NODES && own; i++)
			assert_true((i % 3 != 0) ==
						(memcmp(trainer->parameter + (GROUPS + i) * width,
								former.parameter + (GROUPS + NODES - 1 - i) * width,
								(size_t) width * sizeof(GaeReal)) == 0));
	}
}

/* A new node has the features' part alone: as one whose own weights are 0. */
static void
test_new_nodes(void **state)
{
	GaeEnv	   *env = *state;
	int64_t		values = NODES * 4;
	GaeReal    *mu = gae_alloc(env, values, sizeof(GaeReal));
	GaeReal    *expected = gae_alloc(env, values, sizeof(GaeReal));
	Problem		problem;
	GaeModel	model;
	GaeModel	forgetful;
	int64_t		own;

	make_groups(env, GAE_YES, NODES, &problem);
	problem_train(env, &problem, &model);
	forgetful = model;
	own = NODES * model.params.layer[0].out;
	forgetful.parameter = gae_alloc(env, model.params.count, sizeof(GaeReal));
	memcpy(forgetful.parameter, model.parameter, (size_t) model.params.count * sizeof(GaeReal));
	memset(forgetful.parameter + GROUPS * model.params.layer[0].out, 0, (size_t) own * sizeof(GaeReal));
	forgetful.columns.nodes = 0;
	assert_ok(env, gae_encode(env, &forgetful, &problem.graph, &problem.features, NULL, expected, NULL));
	assert_ok(env, gae_encode(env, &model, &problem.graph, &problem.features, NULL, mu, NULL));
	assert_memory_equal(mu, expected, (size_t) values * sizeof(GaeReal));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_choice),
		TEST(test_unused_features),
		TEST(test_nothing_to_encode),
		TEST(test_warm_start),
		TEST(test_new_nodes),
	};

	return cmocka_run_group_tests_name("node_weights", tests, NULL, NULL);
}
