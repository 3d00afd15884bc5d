/*
 * test_decoder_rows.c
 *		Losses of rows at easy and at extreme values; gradients are tested whole in
 *		test_gradient.c and test_fixture.c.
 */
#include <math.h>
#include <string.h>

#include "core/nn/architecture.h"
#include "core/nn/decoder_rows.h"
#include "core/linalg/openblas.h"
#include "support.h"

/* One linear map from one latent to two features: output = w z + b. */
typedef struct Small
{
	GaeParams	params;
	GaeReal		parameter[16];
	GaeReal		gradient[16];
	GaeRowDecoder decoder;
	GaeLayer   *layer;
} Small;

static void
make_small(GaeEnv *env, GaeReconstruction reconstruction, Small *small)
{
	GaeConfig	config;

	memset(small, 0, sizeof(*small));
	gae_config_default(&config);
	config.kind = GAE_MODEL_AE;
	config.hidden_layers = 0;
	config.latent_dim = 1;
	assert_ok(env, gae_openblas_load(env));
	assert_ok(env, gae_architecture_layout(env, &config, (GaeColumns) {.features = 2}, &small->params));
	assert_uint_in_range(small->params.count, 1, 16);
	small->layer = &small->params.layer[1];
	small->parameter[small->layer->weight] = 2;
	small->parameter[small->layer->weight + 1] = -1;
	small->parameter[small->layer->bias] = (GaeReal) 0.5;
	small->parameter[small->layer->bias + 1] = 0;
	assert_ok(env, gae_row_decoder_create(env, &small->params, reconstruction, 4, &small->decoder));
}

static void
test_squared_error(void **state)
{
	GaeEnv	   *env = *state;
	Small		s;
	GaeReal		z[2] = {1, 0};
	GaeReal		target[4] = {2, 0, 0, 3};
	GaeReal		d_z[2];
	GaeDecoderStep step = {.rows = 2, .target = target};
	double		loss;

	make_small(env, GAE_RECONSTRUCTION_MSE, &s);
	step.parameter = s.parameter;
	step.gradient = s.gradient;
	assert_ok(env, s.decoder.base.loss(env, &s.decoder.base, &step, z, d_z, &loss));

	/* Outputs (2.5, -1) and (0.5, 0): differences (0.5, -1) and (0.5, -3). */
	assert_near(loss, (0.25 + 1 + 0.25 + 9) / 2, 1e-6, 1);
	assert_near(d_z[0], 2 * (0.5 * 2 + -1 * -1) / 2, 1e-6, 1);
	assert_near(d_z[1], 2 * (0.5 * 2 + -3 * -1) / 2, 1e-6, 1);
	assert_near(s.gradient[s.layer->weight], 2 * 0.5 / 2, 1e-6, 1);
	assert_near(s.gradient[s.layer->weight + 1], 2 * -1.0 / 2, 1e-6, 1);
	assert_near(s.gradient[s.layer->bias], 2 * (0.5 + 0.5) / 2, 1e-6, 1);
	assert_near(s.gradient[s.layer->bias + 1], 2 * (-1.0 - 3) / 2, 1e-6, 1);

	assert_ok(env, gae_row_loss(env, &s.decoder, s.parameter, 2, z, target, &loss));
	assert_near(loss, (0.25 + 1 + 0.25 + 9) / 2, 1e-6, 1);
}

/* Cross-entropy and its gradient stay right where σ is 0 or 1 to every digit. */
static void
test_cross_entropy(void **state)
{
	static const double latents[] = {0, 1, -3, 40, -40, 500, -500};
	GaeEnv	   *env = *state;
	Small		s;

	make_small(env, GAE_RECONSTRUCTION_BCE, &s);
	for (int i = 0; i < 7; i++)
	{
		GaeReal		z[1] = {(GaeReal) latents[i]};
		GaeReal		target[2] = {(GaeReal) 0.25, 1};
		GaeReal		d_z[1];
		GaeReal		out[2];
		GaeDecoderStep step = {.rows = 1, .target = target, .parameter = s.parameter, .gradient = s.gradient};
		double		a = 2 * latents[i] + 0.5;
		double		b = -latents[i];
		double		loss;
		double		expected = log1p(exp(-fabs(a))) + fmax(a, 0) - 0.25 * a +
			log1p(exp(-fabs(b))) + fmax(b, 0) - b;

		assert_ok(env, s.decoder.base.loss(env, &s.decoder.base, &step, z, d_z, &loss));
		assert_near(loss, expected, TEST_TOLERANCE, 1);
		assert_near(d_z[0], 2 * (1 / (1 + exp(-a)) - 0.25) - (1 / (1 + exp(-b)) - 1), TEST_TOLERANCE, 1);
		assert_ok(env, gae_row_decode(env, &s.decoder, s.parameter, 1, z, out));
		assert_near(out[0], 1 / (1 + exp(-a)), TEST_TOLERANCE, 1);
		assert_near(out[1], 1 / (1 + exp(-b)), TEST_TOLERANCE, 1);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_squared_error),
		TEST(test_cross_entropy),
	};

	return cmocka_run_group_tests_name("decoder_rows", tests, NULL, NULL);
}
