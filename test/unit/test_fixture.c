/*
 * test_fixture.c
 *		Loss, gradients and steps of small trainings against PyTorch's: see
 *		fixture/generate.py.
 *
 * The noise of a Gaussian latent is the fixture's, so a step is put together here
 * from the core's parts as gae_trainer_step does it.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/nn/architecture.h"
#include "core/nn/decoder_links.h"
#include "core/nn/decoder_rows.h"
#include "core/linalg/openblas.h"
#include "fixture.h"
#include "core/nn/adam.h"
#include "support.h"

#ifdef GAE_DOUBLE
#define LOSS_TOLERANCE 1e-13
#define KL_TOLERANCE 1e-13
#define GRADIENT_TOLERANCE 1e-12
#define TRAINED_TOLERANCE 1e-10
#else
#define LOSS_TOLERANCE 1e-6
#define KL_TOLERANCE 1e-5		/* its terms, near 1, leave little when N(0, I) is near */
#define GRADIENT_TOLERANCE 1e-5
#define TRAINED_TOLERANCE 1e-4	/* Adam divides small gradients by their size */
#endif

/* ---- the fixture's parameters in the core's order ---- */

/* Put a block of a matrix's columns beside others, in rows of "width" values. */
static void
put_columns(const Matrix *matrix, int64_t width, double *to)
{
	for (int i = 0; i < matrix->rows; i++)
		for (int j = 0; j < matrix->columns; j++)
			to[i * width + j] = matrix->value[i * matrix->columns + j];
}

static void
put_map(const Fixture *fixture, const char *prefix, const char *map, const GaeLayer *layer,
		int64_t first_column, double *to)
{
	char		name[64];

	snprintf(name, sizeof(name), "%s.weight", map);
	assert_int_equal(fixture_matrix(fixture, prefix, name)->rows, layer->in);
	put_columns(fixture_matrix(fixture, prefix, name), layer->out, to + layer->weight + first_column);
	if (layer->bias < 0)
		return;
	snprintf(name, sizeof(name), "%s.bias", map);
	put_columns(fixture_matrix(fixture, prefix, name), layer->out, to + layer->bias + first_column);
}

static double *
parameters_of(GaeEnv *env, const Fixture *fixture, const char *prefix, const GaeParams *params)
{
	double	   *value = gae_alloc(env, params->count, sizeof(double));
	char		map[32];
	int			last = params->encoder_layers - 1;

	for (int l = 0; l < last; l++)
	{
		snprintf(map, sizeof(map), "encoder%d", l);
		put_map(fixture, prefix, map, &params->layer[l], 0, value);
	}
	put_map(fixture, prefix, "mu", &params->layer[last], 0, value);
	if (gae_has_posterior(fixture->config.kind))
		put_map(fixture, prefix, "log_std", &params->layer[last], fixture->config.latent_dim, value);
	for (int l = 0; l < params->decoder_layers; l++)
	{
		snprintf(map, sizeof(map), "decoder%d", l);
		put_map(fixture, prefix, map, &params->layer[last + 1 + l], 0, value);
	}
	for (int64_t i = 0; i < params->count; i++)
		assert_true(isfinite(value[i]));
	return value;
}

/* ---- one training ---- */

typedef struct Run
{
	GaeEnv	   *env;
	const Fixture *fixture;
	GaeGraph	graph;
	GaeAdjacency adjacency;
	GaePropagation propagation;
	GaeFeatures x;
	GaeReal    *target;
	GaeParams	params;
	GaeReal    *parameter;
	GaeReal    *gradient;
	GaeAdam		adam;
	const GaeLatent *latent;
	GaeEncoderInput input;
	GaeEncoder *encoder;
	GaeLinkDecoder link_decoder;
	GaeRowDecoder row_decoder;
	GaeDecoder *decoder;
	GaeReal    *e;
	GaeReal    *z;
	GaeReal    *d_e;
	GaeReal    *d_z;
} Run;

static GaeReal *
as_reals(GaeEnv *env, const double *value, int64_t count)
{
	GaeReal    *real = gae_alloc(env, count, sizeof(GaeReal));

	for (int64_t i = 0; i < count; i++)
		real[i] = (GaeReal) value[i];
	return real;
}

static void
make_features(Run *run, GaeFeatureForm form)
{
	const Matrix *x = fixture_matrix(run->fixture, "", "x");
	GaeFeatureColumn	column;
	GaeLearningRows from = {.rows = x->rows};
	float	   *array = gae_alloc(run->env, x->rows * x->columns, sizeof(float));
	GaeScaler	scaler;

	run->target = as_reals(run->env, x->value, x->rows * x->columns);
	if (run->fixture->featureless)
	{
		gae_features_identity(x->rows, &run->x);
		return;
	}

	/* In the double build, X must not be rounded: it is put in place afterwards. */
	for (int i = 0; i < x->rows * x->columns; i++)
		array[i] = (float) x->value[i];
	column = (GaeFeatureColumn) {.form = GAE_FEATURE_COLUMN_ARRAY, .width = x->columns, .array = array};
	assert_ok(run->env, gae_scaler_learn(run->env, &column, 1, &from, &scaler));
	assert_ok(run->env, gae_features_build(run->env, &column, 1, x->rows, NULL, &scaler, &run->x));
	assert_int_equal(run->x.form, GAE_FEATURES_DENSE);
	memcpy(run->x.dense, run->target, (size_t) (x->rows * x->columns) * sizeof(GaeReal));
	if (form == GAE_FEATURES_DENSE)
		return;

	/* The same as a sparse matrix. */
	run->x.form = GAE_FEATURES_SPARSE;
	run->x.sparse = (GaeCsr) {.rows = x->rows, .columns = x->columns};
	run->x.sparse.offset = gae_alloc_zero(run->env, x->rows + 1, sizeof(int64_t));
	run->x.sparse.index = gae_alloc(run->env, x->rows * x->columns, sizeof(int32_t));
	run->x.sparse.value = gae_alloc(run->env, x->rows * x->columns, sizeof(GaeReal));
	for (int i = 0; i < x->rows; i++)
	{
		int64_t		entry = run->x.sparse.offset[i];

		for (int j = 0; j < x->columns; j++)
		{
			if (run->target[i * x->columns + j] == 0)
				continue;
			run->x.sparse.index[entry] = j;
			run->x.sparse.value[entry++] = run->target[i * x->columns + j];
		}
		run->x.sparse.offset[i + 1] = entry;
	}
	assert_ok(run->env, gae_features_prepare(run->env, &run->x));
}

static void
start(GaeEnv *env, const Fixture *fixture, GaeFeatureForm form, Run *run)
{
	const GaeConfig *config = &fixture->config;
	const GaeArchitecture *architecture = gae_architecture(config->kind);
	int64_t		d = fixture_matrix(fixture, "", "noise")->columns;
	int64_t		rows;

	memset(run, 0, sizeof(*run));
	run->env = env;
	run->fixture = fixture;
	make_features(run, form);
	rows = run->x.rows;
	assert_ok(env, gae_openblas_load(env));
	assert_ok(env, gae_architecture_layout(env, config, (GaeColumns) {.features = gae_features_inputs(&run->x)},
									   &run->params));
	run->parameter = as_reals(env, parameters_of(env, fixture, "", &run->params), run->params.count);
	run->gradient = gae_alloc(env, run->params.count, sizeof(GaeReal));
	assert_ok(env, gae_adam_create(env, config->learning_rate, config->weight_decay,
								   run->params.count, &run->adam));
	run->latent = architecture->latent;
	run->input.x = &run->x;
	if (architecture->links != NULL)
	{
		assert_ok(env, gae_graph_build(env, (int32_t) rows, NULL, config->directed, fixture->edges,
									   fixture->src, fixture->dst,
									   fixture->weighted ? fixture->weight : NULL, &run->graph));
		assert_int_equal(run->graph.edges, fixture->edges);
		assert_ok(env, gae_adjacency_build(env, &run->graph, NULL, 0, true, &run->adjacency));
		assert_ok(env, gae_propagation_create(env, &run->adjacency, &run->propagation));
		assert_ok(env, gae_propagation_weigh(env, &run->propagation, &run->graph,
											 fixture->any_hidden ? fixture->hidden : NULL));
		assert_ok(env, gae_link_decoder_create(env, architecture->links, config, &run->params,
											   &run->graph, &run->adjacency, INFINITY,
											   &run->link_decoder));
		run->decoder = &run->link_decoder.base;
		run->input.propagation = &run->propagation;
	}
	else
	{
		assert_ok(env, gae_row_decoder_create(env, &run->params, config->reconstruction, rows,
											  &run->row_decoder));
		run->decoder = &run->row_decoder.base;
	}
	assert_ok(env, architecture->encoder->create(env, architecture->encoder, config, &run->params, rows,
												 NULL, (GaeDropRates) {0}, &run->encoder));
	run->e = gae_alloc(env, rows * run->latent->heads * d, sizeof(GaeReal));
	run->d_e = gae_alloc(env, rows * run->latent->heads * d, sizeof(GaeReal));
	run->z = gae_alloc(env, rows * d, sizeof(GaeReal));
	run->d_z = gae_alloc(env, rows * d, sizeof(GaeReal));
}

static void
forward_and_backward(Run *run, double *reconstruction, double *kl)
{
	const Matrix *noise = fixture_matrix(run->fixture, "", "noise");
	const GaeEncoderKind *encoder = run->encoder->kind;
	GaeEnv	   *env = run->env;
	int64_t		rows = run->x.rows;
	int64_t		d = noise->columns;
	int			heads = run->latent->heads;
	bool		graph = gae_has_links(run->fixture->config.kind);
	double		kl_scale = 1 / (double) rows / (graph ? (double) rows : 1);
	double		divergence = 0;
	GaeDecoderStep step = {
		.rows = rows, .target = run->target, .parameter = run->parameter, .gradient = run->gradient,
		.masked = run->fixture->any_hidden ? run->fixture->hidden : NULL
	};

	assert_ok(env, encoder->forward(env, run->encoder, run->parameter, &run->input, &gae_no_dropout,
									run->e));
	for (int64_t i = 0; i < rows; i++)
		for (int64_t j = 0; j < d; j++)
			run->z[i * d + j] = (GaeReal)
				(run->e[i * heads * d + j] +
				 (heads > 1 ? exp(run->e[i * heads * d + d + j]) * noise->value[i * d + j] : 0));
	assert_ok(env, run->decoder->loss(env, run->decoder, &step, run->z, run->d_z, reconstruction));
	if (run->latent->divergence != NULL)
		assert_ok(env, run->latent->divergence(env, rows, d, run->e, &divergence));
	*kl = kl_scale * divergence;
	assert_ok(env, run->latent->backward(env, rows, d, run->e, run->z, run->d_z,
										 run->fixture->config.kl_weight * kl_scale, run->d_e));
	assert_ok(env, encoder->backward(env, run->encoder, run->parameter, &run->input, &gae_no_dropout,
									 run->d_e, run->gradient));
}

/* The worst relative error of encodings, one head of them. */
static double
encoding_error(const Run *run, const char *name, int head)
{
	const Matrix *expected = fixture_matrix(run->fixture, "", name);
	int64_t		d = expected->columns;
	GaeReal    *found = gae_alloc(run->env, expected->rows * d, sizeof(GaeReal));

	for (int i = 0; i < expected->rows; i++)
		for (int j = 0; j < d; j++)
			found[i * d + j] = run->e[(i * run->latent->heads + head) * d + j];
	return test_array_error(found, expected->value, expected->rows * d);
}

static void
check_fixture(GaeEnv *env, const char *name, GaeFeatureForm form)
{
	Fixture		fixture;
	Run			run;
	double		reconstruction;
	double		kl;
	double		gradient_error;
	double		trained_error;

	fixture_read(env, name, &fixture);
	fixture.config.latent_dim = fixture_matrix(&fixture, "", "noise")->columns;
	start(env, &fixture, form, &run);

	forward_and_backward(&run, &reconstruction, &kl);
	assert_true(encoding_error(&run, "mu", 0) <= GRADIENT_TOLERANCE);
	if (run.latent->heads > 1)
		assert_true(encoding_error(&run, "log_std", 1) <= GRADIENT_TOLERANCE);
	assert_near(reconstruction, fixture.reconstruction, LOSS_TOLERANCE, 0);
	assert_near(kl, fixture.kl, KL_TOLERANCE, 0);
	assert_near(reconstruction + fixture.config.kl_weight * kl, fixture.loss, LOSS_TOLERANCE, 0);
	gradient_error = test_array_error(run.gradient,
									  parameters_of(env, &fixture, "gradient.", &run.params),
									  run.params.count);

	for (int step = 0; step < fixture.adam_steps; step++)
	{
		if (step > 0)
			forward_and_backward(&run, &reconstruction, &kl);
		assert_ok(env, gae_adam_step(env, &run.adam, run.gradient, run.parameter));
	}
	trained_error = test_array_error(run.parameter,
									 parameters_of(env, &fixture, "trained.", &run.params),
									 run.params.count);
	print_message("%s: relative errors: gradient %.2g, after %d steps %.2g\n",
				  name, gradient_error, fixture.adam_steps, trained_error);
	assert_true(gradient_error <= GRADIENT_TOLERANCE);
	assert_true(trained_error <= TRAINED_TOLERANCE);
}

static void
test_graph_models(void **state)
{
	static const char *const names[] = {
		"gae", "gae_linear_featureless", "gae_directed_weighted", "gae_normalised",
		"vgae", "vgae_weighted", "vgae_directed", "vgae_masked", "vgae_normalised",
		"vgae_deep_featureless"
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
	{
		check_fixture(*state, names[i], GAE_FEATURES_DENSE);
		check_fixture(*state, names[i], GAE_FEATURES_SPARSE);
	}
}

static void
test_row_models(void **state)
{
	static const char *const names[] = {"ae_mse", "ae_bce", "vae_mse", "vae_bce", "vae_linear"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		check_fixture(*state, names[i], GAE_FEATURES_DENSE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_graph_models),
		TEST(test_row_models),
	};

	return cmocka_run_group_tests_name("fixture", tests, NULL, NULL);
}
