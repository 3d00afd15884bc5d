/*
 * test_decoder_links.c
 *		The loss of all pairs against a plain double loop over them, and the sampled
 *		loss against the same sample and against its mean.
 */
#include <math.h>
#include <string.h>

#include "core/nn/decoder_links.h"
#include "core/linalg/openblas.h"
#include "core/graph/negatives.h"
#include "reference_pairs.h"
#include "support.h"

#ifdef GAE_DOUBLE
#define TOLERANCE 1e-12
#else
#define TOLERANCE 5e-6
#endif

static double worst_loss;
static double worst_gradient;

typedef struct Setting
{
	int32_t		nodes;
	bool		directed;
	bool		weighted;
	bool		masked;
	double		negatives;		/* infinity: all pairs */
	int64_t		latent_dim;
	int			threads;
} Setting;

/* A decoder by inner products, whose configuration is the caller's to keep. */
static GaeStatus
make_decoder(GaeEnv *env, const GaeGraph *graph, const GaeAdjacency *adjacency, int64_t latent_dim,
			 double negatives, GaeConfig *config, GaeLinkDecoder *decoder)
{
	gae_config_default(config);
	config->latent_dim = (int32_t) latent_dim;
	config->directed = graph->directed;
	config->seed = 9;
	return gae_link_decoder_create(env, &gae_link_factors_inner, config, NULL, graph, adjacency,
								   negatives, decoder);
}

static void
check(const Setting *setting)
{
	GaeEnv	   *env = test_env_create(setting->threads);
	TestRandom	random = {(uint64_t) setting->nodes};
	int64_t		values = setting->nodes * setting->latent_dim;
	GaeGraph	graph;
	GaeAdjacency adjacency;
	GaeConfig	config;
	GaeLinkDecoder decoder;
	uint8_t    *part;
	bool	   *masked = NULL;
	GaeReal    *z = gae_alloc(env, values, sizeof(GaeReal));
	GaeReal    *d_z = gae_alloc(env, values, sizeof(GaeReal));
	double	   *z_double = gae_alloc(env, values, sizeof(double));
	double	   *expected = gae_alloc(env, values, sizeof(double));
	GaeDecoderStep step = {.step = 4, .rows = setting->nodes};
	ReferencePairs pairs = {.graph = &graph, .latent_dim = setting->latent_dim};
	double		expected_loss;
	double		loss;

	test_random_graph(env, 1, setting->nodes, 5 * (int64_t) setting->nodes, setting->directed,
					  setting->weighted, &graph);
	part = gae_alloc_zero(env, graph.edges, 1);
	for (int64_t e = 3; e < graph.edges; e += 7)
		part[e] = GAE_PART_VALIDATION;
	if (setting->masked)
	{
		masked = gae_alloc(env, graph.edges, sizeof(bool));
		for (int64_t e = 0; e < graph.edges; e++)
			masked[e] = part[e] == GAE_PART_TRAINING && e % 3 == 0;
	}
	for (int64_t i = 0; i < values; i++)
		z_double[i] = z[i] = (GaeReal) (test_random_normal(&random) / sqrt((double) setting->latent_dim) * 2);

	assert_ok(env, gae_openblas_load(env));
	assert_ok(env, gae_adjacency_build(env, &graph, part, GAE_PART_TRAINING, true, &adjacency));
	assert_ok(env, make_decoder(env, &graph, &adjacency, setting->latent_dim, setting->negatives,
								&config, &decoder));
	step.masked = masked;
	assert_ok(env, decoder.base.loss(env, &decoder.base, &step, z, d_z, &loss));

	pairs.part = part;
	pairs.masked = masked;
	pairs.sample = isinf(setting->negatives) ? NULL : &decoder.sample;
	expected_loss = reference_pair_loss(&pairs, z_double, expected);
	worst_loss = fmax(worst_loss, test_relative_error(loss, expected_loss, 0));
	worst_gradient = fmax(worst_gradient, test_array_error(d_z, expected, values));
	assert_near(loss, expected_loss, TOLERANCE, 0);
	if (test_array_error(d_z, expected, values) > TOLERANCE)
		fail_msg("%d nodes, directed %d, weighted %d, masked %d, negatives %g: gradient off by %g",
				 setting->nodes, setting->directed, setting->weighted, setting->masked,
				 setting->negatives, test_array_error(d_z, expected, values));
	test_env_destroy(env);
}

static void
test_against_double_loop(void **state)
{
	static const int32_t nodes[] = {2, 3, 40, 255, 256, 257, 511, 512, 513, 700, 768, 1100};

	(void) state;
	for (size_t n = 0; n < sizeof(nodes) / sizeof(nodes[0]); n++)
	{
		for (int variant = 0; variant < 16; variant++)
		{
			Setting		setting = {
				.nodes = nodes[n], .directed = variant % 2, .weighted = variant / 2 % 2,
				.masked = variant / 4 % 2 && nodes[n] > 10,
				.negatives = variant / 8 == 0 ? INFINITY : 2.7,
				.latent_dim = nodes[n] % 2 == 0 ? 16 : 6, .threads = 1 + variant % 3
			};

			if (nodes[n] < 600 || variant % 3 == 0)
				check(&setting);
		}
	}
	print_message("worst relative errors: loss %.2g, gradient %.2g\n", worst_loss, worst_gradient);
}

/* In the mean over samples, the sampled loss is the exact one. */
static void
test_sampled_mean(void **state)
{
	GaeEnv	   *env = *state;
	const int	samples = 3000;
	const int32_t nodes = 40;
	const int64_t d = 4;

	for (int variant = 0; variant < 4; variant++)
	{
		TestRandom	random = {3};
		GaeGraph	graph;
		GaeAdjacency adjacency;
		GaeConfig	config;
		GaeLinkDecoder exact;
		GaeLinkDecoder sampled;
		GaeReal    *z = gae_alloc(env, nodes * d, sizeof(GaeReal));
		GaeReal    *d_z = gae_alloc(env, nodes * d, sizeof(GaeReal));
		GaeReal    *of_sample = gae_alloc(env, nodes * d, sizeof(GaeReal));
		double	   *mean_d_z = gae_alloc_zero(env, nodes * d, sizeof(double));
		bool	   *masked = NULL;
		double		loss;
		double		mean = 0;
		double		square = 0;
		GaeDecoderStep step = {.rows = nodes};

		test_random_graph(env, 2, nodes, 150, variant % 2, true, &graph);
		if (variant / 2 == 1)
		{
			masked = gae_alloc(env, graph.edges, sizeof(bool));
			for (int64_t e = 0; e < graph.edges; e++)
				masked[e] = e % 2 == 0;
		}
		step.masked = masked;
		for (int64_t i = 0; i < nodes * d; i++)
			z[i] = (GaeReal) test_random_normal(&random);
		assert_ok(env, gae_openblas_load(env));
		assert_ok(env, gae_adjacency_build(env, &graph, NULL, 0, true, &adjacency));
		assert_ok(env, make_decoder(env, &graph, &adjacency, d, INFINITY, &config, &exact));
		assert_ok(env, make_decoder(env, &graph, &adjacency, d, 3, &config, &sampled));
		assert_ok(env, exact.base.loss(env, &exact.base, &step, z, d_z, &loss));
		for (int s = 0; s < samples; s++)
		{
			double		one;

			step.step = (uint32_t) s;
			assert_ok(env, sampled.base.loss(env, &sampled.base, &step, z, of_sample, &one));
			mean += one / samples;
			square += (one - loss) * (one - loss) / samples;
			for (int64_t i = 0; i < nodes * d; i++)
				mean_d_z[i] += of_sample[i] / (double) samples;
		}
		assert_true(square > 0);
		assert_near(mean, loss, 5 * sqrt(square / samples), 1);
		assert_true(test_array_error(d_z, mean_d_z, nodes * d) < 0.02);
	}
}

/*
 * Complete graphs and single edges: pos_weight and norm stay finite, and so do
 * extreme latents' losses and gradients.
 */
static void
test_extremes(void **state)
{
	GaeEnv	   *env = *state;
	static const int32_t src[] = {0, 0, 1};
	static const int32_t dst[] = {1, 2, 2};

	assert_ok(env, gae_openblas_load(env));
	for (int variant = 0; variant < 12; variant++)
	{
		GaeGraph	graph;
		GaeAdjacency adjacency;
		GaeConfig	config;
		GaeLinkDecoder decoder;
		GaeReal		z[12];
		GaeReal		d_z[12];
		double		loss;
		GaeDecoderStep step = {.rows = 3};

		assert_ok(env, gae_graph_build(env, 3, NULL, variant % 2, variant / 2 % 2 == 0 ? 1 : 3, src, dst,
									   NULL, &graph));
		assert_ok(env, gae_adjacency_build(env, &graph, NULL, 0, true, &adjacency));
		assert_ok(env, make_decoder(env, &graph, &adjacency, 4, variant / 4 % 2 == 0 ? INFINITY : 5, &config,
									&decoder));
		for (int i = 0; i < 12; i++)
			z[i] = (GaeReal) ((variant / 4 == 2 ? 1e6 : 1) * (i % 3 - 1));
		assert_ok(env, decoder.base.loss(env, &decoder.base, &step, z, d_z, &loss));
		assert_true(isfinite(loss) && loss >= 0);
		for (int i = 0; i < 12; i++)
			assert_true(isfinite(d_z[i]));
	}
}

static void
test_too_many_negatives(void **state)
{
	GaeEnv	   *env = *state;
	GaeGraph	graph;
	GaeAdjacency adjacency;
	GaeConfig	config;
	GaeLinkDecoder decoder;

	test_random_graph(env, 2, 40, 150, false, false, &graph);
	assert_ok(env, gae_adjacency_build(env, &graph, NULL, 0, true, &adjacency));
	assert_status(GAE_TOO_LARGE,
				  make_decoder(env, &graph, &adjacency, 4, 1e300, &config, &decoder));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_against_double_loop),
		TEST(test_sampled_mean),
		TEST(test_extremes),
		TEST(test_too_many_negatives),
	};

	return cmocka_run_group_tests_name("decoder_links", tests, NULL, NULL);
}
