/*
 * test_infer.c
 *		What trained models say: scores, probabilities, encodings, decodings,
 *		samples, and new graphs.
 */
#include <math.h>
#include <string.h>

#include "core/infer/encode.h"
#include "core/infer/generate.h"
#include "core/infer/sample.h"
#include "core/infer/score.h"
#include "problem.h"

static double
sigmoid(double x)
{
	return 1 / (1 + exp(-x));
}

static void
train_spec(GaeEnv *env, const ProblemSpec *spec, Problem *problem, GaeModel *model)
{
	problem_make(env, spec, problem);
	problem_train(env, problem, model);
}

static const ProblemSpec graph_spec = {
	.kind = GAE_MODEL_VGAE, .hidden_layers = 1, .hidden_dims = {8}, .latent_dim = 4, .nodes = 60,
	.form = GAE_FEATURES_SPARSE, .columns = 10, .epochs = 30, .validation_fraction = 0.1, .seed = 3
};

static const ProblemSpec row_spec = {
	.kind = GAE_MODEL_VAE, .hidden_layers = 1, .hidden_dims = {8}, .latent_dim = 3, .nodes = 2500,
	.form = GAE_FEATURES_DENSE, .columns = 6, .epochs = 3, .seed = 4
};

static void
test_scores(void **state)
{
	GaeEnv	   *env = *state;

	for (int directed = 0; directed < 2; directed++)
	{
		ProblemSpec spec = graph_spec;
		Problem		problem;
		GaeModel	model;

		spec.directed = directed;
		train_spec(env, &spec, &problem, &model);
		for (int i = 0; i < 60; i += 7)
		{
			for (int j = 0; j < 60; j += 3)
			{
				double		expected = 0;
				double		probability;

				for (int c = 0; c < (directed ? 2 : 4); c++)
					expected += (double) model.mu[4 * i + c] * model.mu[4 * j + c + (directed ? 2 : 0)];
				assert_near(gae_link_score(&model, i, j), expected, 1e-12, 1);
				assert_ok(env, gae_link_probability(env, &model, i, j, 0, 0, &probability));
				assert_near(probability,
							sigmoid(model.calibration.scale * expected + model.calibration.offset), 1e-12, 0);
			}
		}
	}
}

/*
 * Over all pairs the probabilities add up to the number of edges; nearly, where there
 * are test edges, whose scores nothing is fitted to.
 */
static void
test_total_probability(void **state)
{
	GaeEnv	   *env = *state;

	for (int variant = 0; variant < 8; variant++)
	{
		ProblemSpec spec = graph_spec;
		Problem		problem;
		GaeModel	model;
		double		total = 0;

		spec.directed = variant % 2;
		spec.kind = variant / 2 % 2 == 0 ? GAE_MODEL_VGAE : GAE_MODEL_GAE;
		spec.test_fraction = variant / 4 == 0 ? 0 : 0.2;
		train_spec(env, &spec, &problem, &model);
		for (int i = 0; i < 60; i++)
			for (int j = spec.directed ? 0 : i + 1; j < 60; j++)
				if (i != j)
					total += gae_calibrated(&model.calibration, gae_link_score(&model, i, j));
		assert_near(total, (double) model.edges, spec.test_fraction == 0 ? 1e-6 : 0.2, 0);
	}
}

/* Samples average over the posterior: against a plain average, and at σ → 0. */
static void
test_sampled_probability(void **state)
{
	GaeEnv	   *env = *state;
	Problem		problem;
	GaeModel	model;
	GaeReal		source[4];
	GaeReal		target[4];
	double		probability;
	double		of_means;
	double		sum = 0;
	const int	samples = 500;

	train_spec(env, &graph_spec, &problem, &model);
	for (int s = 0; s < samples; s++)
	{
		gae_sample_posterior(&model, 3, s, 9, source);
		gae_sample_posterior(&model, 5, s, 9, target);
		sum += gae_calibrated(&model.calibration, gae_latent_score(&model, source, target)) / samples;
	}
	assert_ok(env, gae_link_probability(env, &model, 3, 5, samples, 9, &probability));
	assert_near(probability, sum, 1e-12, 0);

	for (int i = 0; i < 60 * 4; i++)
		model.log_std[i] = -30;
	assert_ok(env, gae_link_probability(env, &model, 3, 5, 10, 9, &probability));
	assert_ok(env, gae_link_probability(env, &model, 3, 5, 0, 9, &of_means));
	assert_near(probability, of_means, 1e-6, 0);
}

static void
test_posterior_and_prior(void **state)
{
	GaeEnv	   *env = *state;
	Problem		problem;
	GaeModel	model;
	const int	samples = 40000;
	double		mean[4] = {0};
	double		square[4] = {0};
	double		prior_mean = 0;
	double		prior_square = 0;

	train_spec(env, &graph_spec, &problem, &model);
	for (int s = 0; s < samples; s++)
	{
		GaeReal		z[4];

		gae_sample_posterior(&model, 7, s, 1, z);
		for (int c = 0; c < 4; c++)
		{
			double		noise = (z[c] - model.mu[28 + c]) / exp(model.log_std[28 + c]);

			mean[c] += noise / samples;
			square[c] += noise * noise / samples;
		}
		gae_sample_prior(&model, s, 1, z);
		prior_mean += (z[0] + z[3]) / (2.0 * samples);
		prior_square += (z[0] * z[0] + z[3] * z[3]) / (2.0 * samples);
	}
	for (int c = 0; c < 4; c++)
	{
		assert_near(mean[c], 0, 0.03, 1);
		assert_near(square[c], 1, 0.04, 1);
	}
	assert_near(prior_mean, 0, 0.02, 1);
	assert_near(prior_square, 1, 0.03, 1);
}

/* The training input, encoded again, gives the stored embeddings. */
static void
test_encode(void **state)
{
	GaeEnv	   *env = *state;
	int32_t		node_map[60];	/* of graph_spec */

	for (int32_t i = 0; i < 60; i++)
		node_map[i] = i;
	for (int variant = 0; variant < 8; variant++)
	{
		ProblemSpec spec = variant < 4 ? graph_spec : row_spec;
		Problem		problem;
		GaeModel	model;
		int64_t		values;
		GaeReal    *mu;
		GaeReal    *log_std;

		spec.kind = (GaeModelKind) (spec.kind - variant % 2);	/* and its point sibling */
		spec.weighted = variant < 4;
		spec.directed = variant == 2 || variant == 3;
		spec.form = variant / 2 % 2 == 0 ? GAE_FEATURES_SPARSE : GAE_FEATURES_DENSE;
		spec.latent_scale = variant % 3 == 0 ? 2 : 0;
		spec.node_weights = variant == 1 || variant == 2 ? GAE_YES : GAE_CHOOSE;
		train_spec(env, &spec, &problem, &model);
		values = (int64_t) spec.nodes * spec.latent_dim;
		mu = gae_alloc(env, values, sizeof(GaeReal));
		log_std = gae_alloc(env, values, sizeof(GaeReal));
		assert_ok(env, gae_encode(env, &model, problem.input.graph, &problem.features, node_map, mu,
								  model.log_std != NULL ? log_std : NULL));
		for (int64_t i = 0; i < values; i++)
		{
			assert_near(mu[i], model.mu[i], TEST_TOLERANCE, 0.1);
			if (model.log_std != NULL)
				assert_near(log_std[i], model.log_std[i], TEST_TOLERANCE, 0.1);
		}
	}
}

/* A row alone has the code, and is rebuilt, as among others. */
static void
test_single_rows(void **state)
{
	static const int32_t hidden[][2] = {{0, 0}, {9, 0}, {4, 17}};
	GaeEnv	   *env = *state;

	for (int variant = 0; variant < 12; variant++)
	{
		ProblemSpec spec = row_spec;
		int			layers = variant / 4;
		Problem		problem;
		GaeModel	model;
		GaeReal    *work;
		GaeReal    *features;

		spec.kind = variant % 2 == 0 ? GAE_MODEL_VAE : GAE_MODEL_AE;
		spec.reconstruction = (GaeReconstruction) (variant / 2 % 2);
		spec.form = GAE_FEATURES_DENSE;
		spec.latent_scale = variant % 3 == 0 ? 2 : 0;
		spec.hidden_layers = layers;
		memcpy(spec.hidden_dims, hidden[layers], sizeof(hidden[layers]));
		problem_make(env, &spec, &problem);
		for (int j = 0; j < 6; j++)
		{
			problem.input.scaler.scaling[j] = GAE_SCALING_STANDARD;
			problem.input.scaler.mean[j] = j;
			problem.input.scaler.deviation[j] = 1 + j;
		}
		problem_train(env, &problem, &model);
		work = gae_alloc(env, gae_row_work(&model), sizeof(GaeReal));
		features = gae_alloc(env, spec.nodes * 6, sizeof(GaeReal));
		assert_ok(env, gae_decode(env, &model, spec.nodes, model.mu, features));
		for (int64_t i = 0; i < spec.nodes; i += 7)
		{
			GaeReal		code[8];
			GaeReal		row[6];

			gae_encode_row(&model, problem.features.dense + 6 * i, work, code);
			for (int d = 0; d < spec.latent_dim; d++)
				assert_near(code[d], model.mu[i * spec.latent_dim + d], TEST_TOLERANCE, 0.1);
			gae_decode_row(&model, model.mu + i * spec.latent_dim, work, row);
			for (int j = 0; j < 6; j++)
				assert_near(row[j], features[6 * i + j], TEST_TOLERANCE, 1);
		}
	}
}

/* Decoding, against the same maps in plain loops, in the input's units. */
static void
test_decode(void **state)
{
	GaeEnv	   *env = *state;

	for (int bce = 0; bce < 2; bce++)
	{
		ProblemSpec spec = row_spec;
		Problem		problem;
		GaeModel	model;
		GaeReal    *out;

		spec.reconstruction = (GaeReconstruction) bce;
		problem_make(env, &spec, &problem);
		for (int j = 0; j < 6; j++)
		{
			problem.input.scaler.scaling[j] = j % 3 > 0 ? GAE_SCALING_STANDARD : GAE_SCALING_CONSTANT;
			problem.input.scaler.mean[j] = j;
			problem.input.scaler.deviation[j] = j % 3;
		}
		problem_train(env, &problem, &model);
		out = gae_alloc(env, spec.nodes * 6, sizeof(GaeReal));
		assert_ok(env, gae_decode(env, &model, spec.nodes, model.mu, out));
		for (int64_t i = 0; i < spec.nodes; i += 13)
		{
			const GaeLayer *first = &model.params.layer[2];
			const GaeLayer *second = &model.params.layer[3];
			double		hidden[8];

			for (int h = 0; h < 8; h++)
			{
				hidden[h] = model.parameter[first->bias + h];
				for (int c = 0; c < 3; c++)
					hidden[h] += model.mu[3 * i + c] * model.parameter[first->weight + 8 * c + h];
				hidden[h] = fmax(hidden[h], 0);
			}
			for (int j = 0; j < 6; j++)
			{
				double		x = model.parameter[second->bias + j];

				for (int h = 0; h < 8; h++)
					x += hidden[h] * model.parameter[second->weight + 6 * h + j];
				x = (bce ? sigmoid(x) : x) * (j % 3) + j;
				assert_near(out[6 * i + j], x, TEST_TOLERANCE, 1);
			}
		}
	}
}

typedef struct Found
{
	int32_t		nodes;
	bool		directed;
	int64_t		edges;
	int64_t		stop_after;
	int64_t		last;			/* pair, to see that they come in order */
} Found;

static bool
edge_found(void *context, int32_t src, int32_t dst, double probability)
{
	Found	   *found = context;
	int64_t		pair = (int64_t) src * found->nodes + dst;

	assert_uint_in_range(src, 0, found->nodes - 1);
	assert_uint_in_range(dst, 0, found->nodes - 1);
	assert_true(found->directed ? src != dst : src < dst);
	assert_true(probability >= 0 && probability <= 1);
	assert_true(found->edges == 0 || pair > found->last);
	found->last = pair;
	return ++found->edges != found->stop_after;
}

/* New graphs are about as dense as the old one, and stop when told to. */
static void
test_generate(void **state)
{
	GaeEnv	   *env = *state;

	for (int directed = 0; directed < 2; directed++)
	{
		ProblemSpec spec = graph_spec;
		Problem		problem;
		GaeModel	model;
		Found		found = {.nodes = 300, .directed = directed};
		double		density;
		double		expected;

		spec.directed = directed;
		train_spec(env, &spec, &problem, &model);
		density = (double) model.edges / (60.0 * 59 / (directed ? 1 : 2));
		expected = density * 300 * 299 / (directed ? 1 : 2);
		assert_ok(env, gae_generate_graph(env, &model, 300, 1, edge_found, &found));
		assert_near((double) found.edges, expected, 0.05, 0);

		found.edges = 0;
		found.stop_after = 5;
		assert_ok(env, gae_generate_graph(env, &model, 300, 1, edge_found, &found));
		assert_int_equal(found.edges, 5);

		/* Many small ones: pairs of a node with itself would count for much. */
		expected = 0;
		found = (Found) {.nodes = 12, .directed = directed};
		for (int seed = 0; seed < 60; seed++)
		{
			int64_t		before = found.edges;

			found.edges = 0;
			assert_ok(env, gae_generate_graph(env, &model, 12, seed, edge_found, &found));
			found.edges += before;
			expected += density * 12 * 11 / (directed ? 1 : 2);
		}
		assert_near((double) found.edges, expected, 0.1, 0);
		for (int32_t nodes = 0; nodes < 3; nodes++)
		{
			found = (Found) {.nodes = nodes, .directed = directed};
			assert_ok(env, gae_generate_graph(env, &model, nodes, 1, edge_found, &found));
			assert_true(nodes == 2 || found.edges == 0);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_scores),
		TEST(test_total_probability),
		TEST(test_sampled_probability),
		TEST(test_posterior_and_prior),
		TEST(test_encode),
		TEST(test_single_rows),
		TEST(test_decode),
		TEST(test_generate),
	};

	return cmocka_run_group_tests_name("infer", tests, NULL, NULL);
}
