/*
 * test_train.c
 *		What a training does beside its gradient: it learns, stops, goes on, and
 *		refuses.
 */
#include <math.h>
#include <string.h>

#include "core/model/bfloat.h"
#include "core/infer/score.h"
#include "problem.h"
#include "specs.h"

/* Two groups of nodes, with many edges within them and few between. */
static void
two_groups(GaeEnv *env, uint64_t seed, int32_t nodes, GaeGraph *graph)
{
	TestRandom	random = {seed};
	int64_t		rows = 8 * (int64_t) nodes;
	int32_t    *src = gae_alloc(env, rows, sizeof(int32_t));
	int32_t    *dst = gae_alloc(env, rows, sizeof(int32_t));

	for (int64_t r = 0; r < rows; r++)
	{
		int32_t		group = r % 20 == 0 ? -1 : (int32_t) test_random_below(&random, 2);

		src[r] = (int32_t) test_random_below(&random, nodes / 2) + (group == 1 ? nodes / 2 : 0);
		dst[r] = (int32_t) test_random_below(&random, nodes / 2) + (group != 0 ? nodes / 2 : 0);
	}
	assert_ok(env, gae_graph_build(env, nodes, NULL, false, rows, src, dst, NULL, graph));
}

/* The loss falls, and pairs of the same group score higher. */
static void
test_learns_groups(void **state)
{
	GaeEnv	   *env = *state;

	for (int variant = 0; variant < 6; variant++)
	{
		ProblemSpec spec = {
			.kind = variant % 2 == 0 ? GAE_MODEL_GAE : GAE_MODEL_VGAE, .hidden_layers = variant < 4,
			.hidden_dims = {16}, .latent_dim = 8, .nodes = 100, .epochs = 150,
			.validation_fraction = 0.1, .test_fraction = 0.1, .seed = 11
		};
		Problem		problem;
		GaeModel	model;
		double		within = 0;
		double		between = 0;

		spec.negatives = variant / 2 == 1 ? 5 : 0;
		problem_make(env, &spec, &problem);
		two_groups(env, 5, 100, &problem.graph);
		problem_train(env, &problem, &model);
		assert_int_equal(model.epochs_run, 150);
		assert_true(model.history[149].loss < 0.9 * model.history[0].loss);
		for (int i = 0; i < 50; i++)
		{
			for (int j = 0; j < 50; j++)
			{
				within += gae_link_score(&model, i, j) + gae_link_score(&model, 50 + i, 50 + j);
				between += 2 * gae_link_score(&model, i, 50 + j);
			}
		}
		assert_true(within > between);
		assert_true(model.validation_auc > 0.6 && model.test_auc > 0.6);
		assert_true(model.validation_ap > 0.6 && model.test_ap > 0.6);
		assert_int_equal(model.calibration.fitted_on, GAE_FITTED_ON_VALIDATION);
	}
}

/* Rows on a line: one dimension of code is enough. */
static void
test_learns_line(void **state)
{
	GaeEnv	   *env = *state;
	ProblemSpec spec = {
		.kind = GAE_MODEL_AE, .latent_dim = 1, .nodes = 300, .columns = 5, .form = GAE_FEATURES_DENSE,
		.epochs = 200, .batch_size = 50, .validation_fraction = 0.1, .test_fraction = 0.1, .seed = 12
	};
	Problem		problem;
	GaeModel	model;

	problem_make(env, &spec, &problem);
	for (int i = 0; i < 300; i++)
		for (int j = 0; j < 5; j++)
			problem.features.dense[5 * i + j] = (GaeReal) ((i % 61 - 30) / 18.0 * (j - 1.5) + 0.3 * j);
	problem_train(env, &problem, &model);
	assert_true(model.loss < 0.01 && model.validation_loss < 0.01 && model.test_loss < 0.01);
	assert_true(model.history[0].loss > 1);
}

static void
test_untrained(void **state)
{
	GaeEnv	   *env = *state;

	for (int s = 0; s < small_spec_count; s++)
	{
		ProblemSpec spec = small_specs[s];
		Problem		problem;
		GaeModel	model;
		GaeReal    *initial;

		spec.epochs = 0;
		problem_make(env, &spec, &problem);
		problem_train(env, &problem, &model);
		assert_true(model.epochs_run == 0 && model.best_epoch == 0 && isnan(model.loss));
		initial = gae_alloc(env, model.params.count, sizeof(GaeReal));
		assert_ok(env, gae_params_init(env, &model.params, problem.config.seed, initial));
		assert_memory_equal(model.parameter, initial, (size_t) model.params.count * sizeof(GaeReal));
		for (int64_t i = 0; model.untrained != NULL && i < (int64_t) model.nodes * model.config.latent_dim; i++)
			assert_near(gae_float_of_bfloat(model.untrained[i]), model.mu[i], 1.0 / 256, 1e-30);
		assert_true((model.untrained != NULL) == gae_has_links(spec.kind));
		assert_int_equal(isnan(model.validation_loss), spec.validation_fraction == 0);
		assert_int_equal(isnan(model.test_loss), spec.test_fraction == 0);
	}
}

/*
 * With patience the weights kept are those of the best epoch: the same as after
 * a training that ends there.
 */
static void
test_patience(void **state)
{
	GaeEnv	   *env = *state;
	int			stopped = 0;

	for (int seed = 0; seed < 8; seed++)
	{
		ProblemSpec spec = {
			.kind = seed % 2 == 0 ? GAE_MODEL_VGAE : GAE_MODEL_VAE, .hidden_layers = 1,
			.hidden_dims = {8}, .latent_dim = 4, .nodes = 60, .columns = 8, .form = GAE_FEATURES_DENSE,
			.epochs = 60, .patience = 3, .validation_fraction = 0.2, .test_fraction = 0.1,
			.dropout = 0.5, .seed = (uint64_t) seed
		};
		Problem		problem;
		GaeModel	best;
		GaeModel	same;

		problem_make(env, &spec, &problem);
		problem.config.learning_rate = 0.1;
		problem_train(env, &problem, &best);
		assert_true(best.best_epoch >= 1 && best.best_epoch <= best.epochs_run);
		assert_true(best.epochs_run == 60 || best.epochs_run == best.best_epoch + 3);
		stopped += best.epochs_run < 60;

		problem.config.patience = 0;
		problem.config.epochs = best.best_epoch;
		problem_train(env, &problem, &same);
		assert_memory_equal(best.parameter, same.parameter, (size_t) best.params.count * sizeof(GaeReal));
		assert_memory_equal(best.mu, same.mu, 60 * 4 * sizeof(GaeReal));
		assert_true(best.loss == same.loss && best.validation_loss == same.validation_loss);
		assert_true(best.test_loss == same.test_loss);
		for (int32_t e = 0; e < best.epochs_run; e++)
		{
			const GaeHistoryRow *row = &best.history[e];
			const GaeHistoryRow *top = &best.history[best.best_epoch - 1];

			if (seed % 2 == 0)
				assert_true(row->validation_auc + row->validation_ap <= top->validation_auc + top->validation_ap);
			else
				assert_true(row->validation_loss >= top->validation_loss);
		}
	}
	assert_true(stopped >= 4);
}

/* Going on from a model begins with its weights. */
static void
test_warm_start(void **state)
{
	GaeEnv	   *env = *state;

	for (int s = 0; s < small_spec_count; s++)
	{
		Problem		problem;
		GaeModel	former;
		GaeModel	again;
		int32_t		columns;
		int32_t    *same;

		problem_make(env, &small_specs[s], &problem);
		problem_train(env, &problem, &former);
		columns = (int32_t) former.params.layer[0].in + small_specs[s].nodes;
		same = gae_alloc(env, columns, sizeof(int32_t));
		for (int32_t j = 0; j < columns; j++)
			same[j] = j;
		problem.config.epochs = 0;
		problem.config.patience = 0;
		problem.config.seed += 77;
		problem.input.warm_start = &former;
		problem.input.column_map = same;
		problem.input.node_map = same;
		problem_train(env, &problem, &again);
		assert_memory_equal(former.parameter, again.parameter,
							(size_t) former.params.count * sizeof(GaeReal));
	}
}

/* The smallest and the densest graphs, for all that may be held out. */
static void
test_small_and_dense_graphs(void **state)
{
	(void) state;
	for (int variant = 0; variant < 2 * 2 * 3 * 4 * 2; variant++)
	{
		GaeEnv	   *env = test_env_create(1);
		int32_t		nodes = 2 + variant / 4 % 3 * 2;
		ProblemSpec spec = {
			.kind = variant % 2 == 0 ? GAE_MODEL_GAE : GAE_MODEL_VGAE, .hidden_layers = 1,
			.hidden_dims = {3}, .latent_dim = 2, .nodes = nodes, .directed = variant / 2 % 2,
			.epochs = 3, .negatives = variant / 12 % 2 == 0 ? INFINITY : 2,
			.validation_fraction = variant / 24 % 2 == 0 ? 0 : 0.4,
			.test_fraction = variant / 48 % 2 == 0 ? 0 : 0.3, .seed = 8
		};
		Problem		problem;
		GaeModel	model;
		int32_t		src[30];
		int32_t		dst[30];
		int			count = 0;

		/* Complete. */
		for (int32_t i = 0; i < nodes; i++)
		{
			for (int32_t j = 0; j < nodes; j++)
			{
				if (i == j)
					continue;
				src[count] = i;
				dst[count++] = j;
			}
		}
		problem_make(env, &spec, &problem);
		for (int edges = 1; edges <= count; edges += count - 1)
		{
			assert_ok(env, gae_graph_build(env, nodes, NULL, spec.directed, edges, src, dst, NULL,
										   &problem.graph));
			problem_train(env, &problem, &model);
			assert_true(isfinite(model.loss));
			assert_true(model.calibration.scale > 0 && isfinite(model.calibration.offset));
			if (count == 1)
				break;
		}
		test_env_destroy(env);
	}
}

static void
test_diverged(void **state)
{
	GaeEnv	   *env = *state;

	for (int s = 0; s < small_spec_count; s++)
	{
		ProblemSpec spec = small_specs[s];
		Problem		problem;
		GaeModel	model;

		spec.epochs = 40;
		spec.latent_scale = 0;
		spec.patience = 0;
		problem_make(env, &spec, &problem);
		problem.config.learning_rate = 1e300;
		assert_status(GAE_DIVERGED, gae_train(env, &problem.config, &problem.input, &model));
		assert_string_equal(env->error.message, "training diverged");
	}
}

static void
test_too_few_for_patience(void **state)
{
	GaeEnv	   *env = *state;
	ProblemSpec spec = {
		.kind = GAE_MODEL_VAE, .latent_dim = 2, .nodes = 9, .columns = 4, .form = GAE_FEATURES_DENSE,
		.epochs = 5, .patience = 2, .validation_fraction = 1e-9, .seed = 6
	};
	Problem		problem;
	GaeModel	model;

	problem_make(env, &spec, &problem);
	assert_status(GAE_INVALID_ARGUMENT, gae_train(env, &problem.config, &problem.input, &model));
}

/* What a training told of itself. */
#define MAX_CALLS 16

typedef struct Seen
{
	int			calls;
	GaeProgress call[MAX_CALLS];
} Seen;

static Seen seen_progress;

static void
note_progress(void *context, const GaeProgress *progress)
{
	(void) context;
	assert_true(seen_progress.calls < MAX_CALLS);
	seen_progress.call[seen_progress.calls++] = *progress;
}

/* The phase of training, each of three epochs, and the phase that follows. */
static void
check_progress(GaeEnv *env, GaeModelKind kind, GaePhase last)
{
	const GaeProgress *call = seen_progress.call;
	ProblemSpec spec = {
		.kind = kind, .latent_dim = 2, .nodes = 40, .columns = 4, .form = GAE_FEATURES_DENSE,
		.epochs = 3, .validation_fraction = 0.2, .seed = 8
	};
	Problem		problem;
	GaeModel	model;

	seen_progress.calls = 0;
	problem_make(env, &spec, &problem);
	env->progress = note_progress;
	problem_train(env, &problem, &model);
	assert_int_equal(seen_progress.calls, 5);
	for (int i = 0; i < 5; i++)
	{
		assert_int_equal(call[i].phase, i < 4 ? GAE_PHASE_TRAINING : last);
		assert_int_equal(call[i].epoch, i < 4 ? i : 3);
		assert_int_equal(call[i].epochs, 3);
	}
	assert_true(isnan(call[0].loss) && isnan(call[0].validation_score));
	assert_true(call[1].loss == model.history[0].loss);
	assert_true(call[4].loss == model.loss);
	assert_true(isfinite(call[4].validation_score));
}

static void
test_progress(void **state)
{
	check_progress(*state, GAE_MODEL_VGAE, GAE_PHASE_CALIBRATING);
	check_progress(*state, GAE_MODEL_AE, GAE_PHASE_ENCODING);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_learns_groups),
		TEST(test_learns_line),
		TEST(test_untrained),
		TEST(test_patience),
		TEST(test_warm_start),
		TEST(test_small_and_dense_graphs),
		TEST(test_diverged),
		TEST(test_too_few_for_patience),
		TEST(test_progress),
	};

	return cmocka_run_group_tests_name("train", tests, NULL, NULL);
}
