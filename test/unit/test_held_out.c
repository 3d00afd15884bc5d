/*
 * test_held_out.c
 *		What a training must not see, or only for a while: held-out edges and rows,
 *		and masked edges.
 */
#include <math.h>
#include <string.h>

#include "core/model/calibrate.h"
#include "core/infer/encode.h"
#include "core/infer/score.h"
#include "problem.h"

/* Parts of a training that must not meet. */
static void
test_held_out(void **state)
{
	GaeEnv	   *env = *state;

	for (int directed = 0; directed < 2; directed++)
	{
		ProblemSpec spec = {
			.kind = GAE_MODEL_VGAE, .latent_dim = 4, .nodes = 80, .edge_rows = 400, .directed = directed,
			.validation_fraction = 0.1, .test_fraction = 0.2, .seed = 5
		};
		Problem		problem;
		GaeGraphTrainer *trainer;
		const GaeHeldOut *held_out[2];
		static int	seen[80][80];

		problem_make(env, &spec, &problem);
		trainer = problem_graph_trainer(env, &problem);
		held_out[0] = &trainer->validation;
		held_out[1] = &trainer->test;
		memset(seen, 0, sizeof(seen));
		for (int h = 0; h < 2; h++)
		{
			const GaePlan *plan = trainer->base.plan;
			int64_t		count = h == 0 ? plan->validation : plan->test;
			const GaePairs *pairs = &held_out[h]->edges;

			assert_true(count > 0);
			assert_int_equal(pairs->count, count);
			for (int64_t k = 0; k < count; k++)
			{
				assert_true(gae_adjacency_has(&trainer->known, pairs->src[k], pairs->dst[k]));
				assert_false(gae_adjacency_has(&trainer->training_edges, pairs->src[k], pairs->dst[k]));
				assert_int_equal(seen[pairs->src[k]][pairs->dst[k]]++, 0);
			}
			pairs = &held_out[h]->non_edges;
			assert_uint_in_range(pairs->count, count - 1, count + 1);
			for (int64_t k = 0; k < pairs->count; k++)
			{
				assert_false(gae_adjacency_has(&trainer->known, pairs->src[k], pairs->dst[k]));
				assert_int_equal(seen[pairs->src[k]][pairs->dst[k]]++, 0);
			}
		}
	}
}

/* An epoch hides training edges only, at about the rate asked for, and only while it lasts. */
static void
test_edge_mask(void **state)
{
	GaeEnv	   *env = *state;
	ProblemSpec spec = {
		.kind = GAE_MODEL_GAE, .latent_dim = 4, .nodes = 200, .edge_rows = 3000, .edge_mask = 0.3,
		.validation_fraction = 0.1, .test_fraction = 0.1, .seed = 5
	};
	Problem		problem;
	GaeGraphTrainer *trainer;
	int64_t		entries;
	GaeReal    *before;
	int64_t		hidden = 0;
	int64_t		training = 0;

	problem_make(env, &spec, &problem);
	trainer = problem_graph_trainer(env, &problem);
	entries = trainer->training_edges.offset[200];
	before = gae_alloc(env, entries, sizeof(GaeReal));
	memcpy(before, trainer->propagation.value, (size_t) entries * sizeof(GaeReal));
	problem_loss(env, &trainer->base);
	assert_memory_equal(before, trainer->propagation.value, (size_t) entries * sizeof(GaeReal));
	for (int64_t e = 0; e < problem.graph.edges; e++)
	{
		hidden += trainer->masked[e];
		training += trainer->base.plan->part[e] == GAE_PART_TRAINING;
		assert_true(!trainer->masked[e] || trainer->base.plan->part[e] == GAE_PART_TRAINING);
	}
	assert_near((double) hidden / (double) training, 0.3, 0.05, 1);
}

/*
 * What is in the test part changes nothing: neither weights nor embeddings nor
 * the calibration's scale.  Rows: their features; edges: whether Â has them.
 */
static void
test_test_part_unseen(void **state)
{
	GaeEnv	   *env = *state;
	ProblemSpec spec = {
		.kind = GAE_MODEL_VAE, .latent_dim = 2, .nodes = 50, .columns = 4, .form = GAE_FEATURES_DENSE,
		.epochs = 5, .test_fraction = 0.2, .validation_fraction = 0.1, .seed = 6
	};
	Problem		problem;
	GaeModel	model;
	GaeModel	other;
	const uint8_t *part;

	problem_make(env, &spec, &problem);
	problem_train(env, &problem, &model);
	part = problem_trainer(env, &problem)->plan->part;
	for (int i = 0; i < 50; i++)
		for (int j = 0; j < 4 && part[i] == GAE_PART_TEST; j++)
			problem.features.dense[4 * i + j] += 5;
	problem_train(env, &problem, &other);
	assert_memory_equal(model.parameter, other.parameter, (size_t) model.params.count * sizeof(GaeReal));
	assert_true(model.test_loss < other.test_loss);
	assert_true(model.validation_loss == other.validation_loss);

	/* A graph: the embeddings are those of the graph without its test edges. */
	spec.kind = GAE_MODEL_VGAE;
	problem_make(env, &spec, &problem);
	problem_train(env, &problem, &model);
	part = problem_trainer(env, &problem)->plan->part;
	{
		GaeGraph	seen = problem.graph;
		GaeReal    *mu = gae_alloc(env, 100, sizeof(GaeReal));

		seen.edges = 0;
		for (int64_t e = 0; e < problem.graph.edges; e++)
		{
			if (part[e] == GAE_PART_TEST)
				continue;
			seen.src[seen.edges] = problem.graph.src[e];
			seen.dst[seen.edges++] = problem.graph.dst[e];
		}
		assert_ok(env, gae_encode(env, &model, &seen, &problem.features, NULL, mu, NULL));
		for (int i = 0; i < 100; i++)
			assert_near(mu[i], model.mu[i], TEST_TOLERANCE, 0.1);
	}
}

/* Nor does calibration see test edges when there are no validation edges. */
static void
test_calibration_unseen(void **state)
{
	GaeEnv	   *env = *state;
	ProblemSpec spec = {
		.kind = GAE_MODEL_GAE, .latent_dim = 3, .nodes = 40, .epochs = 20, .test_fraction = 0.4, .seed = 6
	};
	Problem		problem;
	GaeModel	model;
	GaeCalibration expected;
	const uint8_t *part;
	static double positive[40 * 40];
	static double negative[40 * 40];
	int64_t		positives = 0;
	int64_t		negatives = 0;

	problem_make(env, &spec, &problem);
	problem_train(env, &problem, &model);
	assert_int_equal(model.calibration.fitted_on, GAE_FITTED_ON_TRAINING);
	part = problem_trainer(env, &problem)->plan->part;
	for (int64_t e = 0; e < model.edges; e++)
		if (part[e] == GAE_PART_TRAINING)
			positive[positives++] = gae_link_score(&model, problem.graph.src[e], problem.graph.dst[e]);
	for (int32_t i = 0; i < 40; i++)
		for (int32_t j = i + 1; j < 40; j++)
			if (!gae_adjacency_has(&model.known, i, j))
				negative[negatives++] = gae_link_score(&model, i, j);
	assert_ok(env, gae_calibrate(env, positive, positives, negative, negatives,
								 (double) model.edges / (40 * 39 / 2), &expected));
	assert_near(model.calibration.scale, expected.scale, 1e-6, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_held_out),
		TEST(test_edge_mask),
		TEST(test_test_part_unseen),
		TEST(test_calibration_unseen),
	};

	return cmocka_run_group_tests_name("held_out", tests, NULL, NULL);
}
