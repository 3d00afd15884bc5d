/*
 * test_gradient.c
 *		The gradient of a whole training step, of every model with every option,
 *		against central finite differences of its loss.
 *
 * In double the core's own loss is differenced.  In float that would measure its
 * rounding; there the loss is that of reference.c, in double, which the core's
 * must agree with in both builds.
 *
 * A step of the difference that happens to cross the kink of a ReLU is wrong at
 * that size, and right at a smaller one, while a wrong gradient is wrong at every
 * size: of several sizes the best agreement counts.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "problem.h"
#include "reference.h"

#ifdef GAE_DOUBLE
#define GRADIENT_TOLERANCE 1e-6
#define LOSS_TOLERANCE 1e-12
#else
#define GRADIENT_TOLERANCE 1e-2
#define LOSS_TOLERANCE 1e-5
#endif

static const double sizes[] = {1e-5, 1e-6, 1e-7, 1e-8};

/*
 * Errors of derivatives below this share of the largest, or of the loss, are taken
 * relative to that: a difference of losses cannot resolve more.
 */
#define SMALL_SHARE 1e-3

#define LENGTH(array) ((int) (sizeof(array) / sizeof((array)[0])))

/* The worst relative errors seen. */
static double worst_gradient = 0;
static double worst_loss = 0;

/* Where the gradient was taken, and what it is. */
typedef struct Point
{
	GaeEnv	   *env;
	GaeTrainer *trainer;
	uint32_t	step;			/* whose gradient it is */
	int64_t		count;
	double	   *at;
	GaeReal    *gradient;
	double		small;			/* see SMALL_SHARE */
	const char *name;
} Point;

static double
loss_at(const Point *point, const double *parameter)
{
#ifdef GAE_DOUBLE
	if (point->trainer->step == point->step + 1)
	{
		memcpy(point->trainer->parameter, parameter, (size_t) point->count * sizeof(double));
		return problem_loss(point->env, point->trainer);
	}
#endif
	return reference_loss(point->trainer, point->step, parameter).loss;
}

/* The derivative of the loss along a direction, by a central difference. */
static double
difference(const Point *point, const double *direction, double size)
{
	double	   *moved = gae_alloc(point->env, point->count, sizeof(double));
	double		loss[2];

	for (int side = 0; side < 2; side++)
	{
		for (int64_t i = 0; i < point->count; i++)
			moved[i] = point->at[i] + (side == 0 ? size : -size) * direction[i];
		loss[side] = loss_at(point, moved);
	}
	gae_free(point->env, moved);
	return (loss[0] - loss[1]) / (2 * size);
}

/* Compare along one direction; errors are relative to at least "scale". */
static void
check_direction(const Point *point, const double *direction, double scale, const char *what, int number)
{
	double		slope = 0;
	double		least = INFINITY;
	double		found = NAN;

	for (int64_t i = 0; i < point->count; i++)
		slope += point->gradient[i] * direction[i];
	for (int s = 0; s < LENGTH(sizes) && least > GRADIENT_TOLERANCE / 1000; s++)
	{
		double		d = difference(point, direction, sizes[s]);
		double		error = test_relative_error(slope, d, fmax(fabs(slope), scale));

		if (error < least)
		{
			least = error;
			found = d;
		}
	}
	worst_gradient = fmax(worst_gradient, least);
	if (least > GRADIENT_TOLERANCE)
		fail_msg("%s, %s %d: gradient %.10g, finite difference %.10g, relative error %.2g",
				 point->name, what, number, slope, found, least);
}

/* Along the gradient, along its part in one layer, and along single parameters of it. */
static void
check_directions(const Point *point, TestRandom *random, bool thorough)
{
	const GaeParams *params = &point->trainer->plan->params;
	int			layers = params->encoder_layers + params->decoder_layers;
	double	   *direction = gae_alloc(point->env, point->count, sizeof(double));
	double		length = 0;

	for (int64_t i = 0; i < point->count; i++)
		length += (double) point->gradient[i] * point->gradient[i];
	length = sqrt(length);
	assert_true(length > 0);
	for (int64_t i = 0; i < point->count; i++)
		direction[i] = point->gradient[i] / length;
	check_direction(point, direction, 0, "along the gradient", 0);
	if (!thorough)
		return;

	for (int l = 0; l < layers; l++)
	{
		const GaeLayer *layer = &params->layer[l];
		int64_t		first = layer->weight;
		int64_t		end = first + layer->in * layer->out + (layer->bias >= 0 ? layer->out : 0);
		double		of_layer = 0;

		for (int64_t i = first; i < end; i++)
			of_layer += (double) point->gradient[i] * point->gradient[i];
		memset(direction, 0, (size_t) point->count * sizeof(double));
		for (int64_t i = first; i < end; i++)
			direction[i] = point->gradient[i] / sqrt(of_layer);
		check_direction(point, direction, point->small, "along that of layer", l);

		/* Two weights, or a weight and a bias. */
		for (int k = 0; k < 2; k++)
		{
			int64_t		i = first + test_random_below(random, layer->in * layer->out);

			if (k == 1 && layer->bias >= 0)
				i = layer->bias + test_random_below(random, layer->out);
			memset(direction, 0, (size_t) point->count * sizeof(double));
			direction[i] = 1;
			check_direction(point, direction, point->small, "parameter", (int) i);
		}
	}
	for (int64_t i = 0; i < point->count; i++)
		direction[i] = test_random_normal(random) / sqrt((double) point->count);
	check_direction(point, direction, point->small, "random direction", 0);
	gae_free(point->env, direction);
}

static void
check_gradient(GaeEnv *env, GaeTrainer *trainer, uint64_t seed, bool thorough, const char *name)
{
	TestRandom	random = {seed};
	Point		point = {.env = env, .trainer = trainer, .count = trainer->plan->params.count, .name = name};
	int64_t		count = trainer->plan->params.count;
	double		largest = 0;
	double		loss;
	ReferenceLoss expected;
	bool		one_step;

	/* Biases begin at 0; here they must matter. */
	for (int64_t i = 0; i < count; i++)
		trainer->parameter[i] += (GaeReal) (0.05 * test_random_normal(&random));
	point.at = gae_alloc(env, count, sizeof(double));
	for (int64_t i = 0; i < count; i++)
		point.at[i] = trainer->parameter[i];

	/* A step may go on from what validation has encoded: then it must not matter. */
	if (trainer->plan->validation > 0)
	{
		GaeHistoryRow row;
		double		score;

		assert_ok(env, trainer->kind->validate(env, trainer, &row, &score));
	}
	memset(trainer->gradient, 0xFF, (size_t) count * sizeof(GaeReal));
	loss = problem_loss(env, trainer);
	one_step = trainer->step == PROBLEM_LOSS_STEP + 1;
	point.step = trainer->step - 1;
	expected = reference_loss(trainer, point.step, point.at);
	if (one_step)
	{
		worst_loss = fmax(worst_loss, test_relative_error(loss, expected.loss, 0));
		if (test_relative_error(loss, expected.loss, 0) > LOSS_TOLERANCE)
			fail_msg("%s: loss %.17g, expected %.17g", name, loss, expected.loss);
	}

	point.gradient = gae_alloc(env, count, sizeof(GaeReal));
	memcpy(point.gradient, trainer->gradient, (size_t) count * sizeof(GaeReal));
	for (int64_t i = 0; i < count; i++)
	{
		assert_true(isfinite(point.gradient[i]));
		largest = fmax(largest, fabs(point.gradient[i]));
	}
	point.small = SMALL_SHARE * fmax(largest, fabs(expected.loss));
	if (!one_step)
		trainer->step = 0;		/* differences by the reference: see loss_at */
	check_directions(&point, &random, thorough);
}

static void
check_problem(const ProblemSpec *spec, bool thorough)
{
	GaeEnv	   *env = test_env_create(1);
	Problem		problem;
	GaeTrainer *trainer;
	char		name[192];

	snprintf(name, sizeof(name),
			 "%s, %d hidden, %d nodes, form %d%s%s, dropout %g, scale %g, mask %g, negatives %g, "
			 "kl_weight %g, %s",
			 gae_model_kind_name(spec->kind), spec->hidden_layers, spec->nodes, spec->form,
			 spec->directed ? ", directed" : "", spec->weighted ? ", weighted" : "", spec->dropout,
			 spec->latent_scale, spec->edge_mask, spec->negatives, spec->kl_weight,
			 gae_reconstruction_name(spec->reconstruction));
	problem_make(env, spec, &problem);
	trainer = problem_trainer(env, &problem);
	check_gradient(env, trainer, spec->seed + 3, thorough, name);
	test_env_destroy(env);
}

static void
print_worst(void)
{
	print_message("worst relative errors so far: gradient %.2g, loss %.2g\n",
				  worst_gradient, worst_loss);
}

static void
set_hidden(ProblemSpec *spec, int layers)
{
	spec->hidden_layers = layers;
	spec->hidden_dims[0] = 8;
	spec->hidden_dims[1] = 5;
}

/* What may be combined with every kind of graph. */
static const struct
{
	double		dropout;
	double		kl_weight;
	double		latent_scale;
	double		edge_mask;
	double		validation_fraction;
} graph_options[] = {
	{0, 0, 0, 0, 0},
	{0.4, 0, 0, 0, 0.1},
	{0, 0.3, 1.8, 0, 0},
	{0, 2, 1.5, 0, 0.1},
	{0, 0, 0, 0.5, 0.1},
	{0.3, 7, 2.5, 0.4, 0.1},
};

static void
test_graph_models(void **state)
{
	ProblemSpec spec = {.latent_dim = 4, .nodes = 23, .columns = 11, .edge_rows = 60};

	(void) state;
	for (int combination = 0; combination < 2 * 3 * 3 * 2 * 2 * 2; combination++)
	{
		int			rest = combination;

		spec.kind = rest % 2 == 0 ? GAE_MODEL_GAE : GAE_MODEL_VGAE;
		rest /= 2;
		set_hidden(&spec, rest % 3);
		rest /= 3;
		spec.form = (GaeFeatureForm) (rest % 3);
		rest /= 3;
		spec.negatives = rest % 2 == 0 ? INFINITY : 2.5;
		rest /= 2;
		spec.directed = rest % 2;
		rest /= 2;
		spec.weighted = rest % 2;
		for (int o = 0; o < LENGTH(graph_options); o++)
		{
			spec.dropout = graph_options[o].dropout;
			spec.kl_weight = graph_options[o].kl_weight;
			spec.latent_scale = graph_options[o].latent_scale;
			spec.edge_mask = graph_options[o].edge_mask;
			spec.validation_fraction = graph_options[o].validation_fraction;
			spec.seed = (uint64_t) (1000 * combination + 10 * o);
			check_problem(&spec, true);
		}
	}
	print_worst();
}

/* Tiles of 128 nodes: from one to nine of them, and incomplete ones. */
static void
test_graphs_of_several_tiles(void **state)
{
	static const int32_t nodes[] = {127, 128, 129, 256, 300, 512, 769, 1030};
	ProblemSpec spec = {
		.kind = GAE_MODEL_VGAE, .latent_dim = 6, .columns = 20, .form = GAE_FEATURES_SPARSE
	};

	(void) state;
	set_hidden(&spec, 1);
	for (int n = 0; n < LENGTH(nodes); n++)
	{
		for (int variant = 0; variant < 4; variant++)
		{
			spec.nodes = nodes[n];
			spec.directed = variant % 2;
			spec.weighted = n % 2;
			spec.negatives = variant < 2 ? INFINITY : 3;
			spec.edge_mask = n % 3 == 0 ? 0.3 : 0;
			spec.seed = (uint64_t) (7000 + 100 * n + 10 * variant);
			if (spec.nodes > 600 && test_quick())
				continue;
			check_problem(&spec, false);
		}
	}
	print_worst();
}

static void
test_row_models(void **state)
{
	ProblemSpec spec = {.latent_dim = 3, .nodes = 40, .columns = 9};

	(void) state;
	for (int combination = 0; combination < 2 * 3 * 2 * 2 * 2 * 2 * 2; combination++)
	{
		int			rest = combination;

		spec.kind = rest % 2 == 0 ? GAE_MODEL_AE : GAE_MODEL_VAE;
		rest /= 2;
		set_hidden(&spec, rest % 3);
		rest /= 3;
		spec.form = rest % 2 == 0 ? GAE_FEATURES_DENSE : GAE_FEATURES_SPARSE;
		rest /= 2;
		spec.reconstruction = (GaeReconstruction) (rest % 2);
		rest /= 2;
		spec.dropout = rest % 2 == 0 ? 0 : 0.3;
		rest /= 2;
		spec.latent_scale = rest % 2 == 0 ? 0 : 1.5;
		rest /= 2;
		spec.kl_weight = rest % 2 == 0 ? 0 : 0.25;
		spec.validation_fraction = rest % 2 == 0 ? 0 : 0.1;
		spec.seed = (uint64_t) (20000 + 10 * combination);
		check_problem(&spec, true);
	}
	print_worst();
}

/*
 * More rows than one block of ReLU, noise and tall products: 16384 values, 256 and
 * 2048 rows.
 */
static void
test_rows_of_several_blocks(void **state)
{
	ProblemSpec spec = {
		.kind = GAE_MODEL_VAE, .latent_dim = 3, .nodes = 4500, .columns = 6,
		.form = GAE_FEATURES_DENSE, .batch_size = 4500, .dropout = 0.2, .seed = 31000
	};

	(void) state;
	set_hidden(&spec, 2);
	check_problem(&spec, true);
	print_worst();
}

/* Layers so wide that their products are cut, to rows and columns that are not whole pieces. */
static void
test_wide_rows(void **state)
{
	ProblemSpec spec = {
		.latent_dim = 3, .nodes = 131, .columns = 150, .form = GAE_FEATURES_DENSE,
		.hidden_layers = 1, .hidden_dims = {101}
	};

	(void) state;
	for (int variant = 0; variant < 4; variant++)
	{
		spec.kind = variant % 2 == 0 ? GAE_MODEL_VAE : GAE_MODEL_AE;
		spec.reconstruction = (GaeReconstruction) (variant / 2);
		spec.batch_size = spec.nodes;
		spec.seed = (uint64_t) (33000 + variant);
		check_problem(&spec, false);
	}
	print_worst();
}

/*
 * The last mini-batch of an epoch has fewer rows than the others: what those have
 * left in the workspace must not count.
 */
static void
test_last_batch(void **state)
{
	ProblemSpec spec = {
		.kind = GAE_MODEL_VAE, .latent_dim = 3, .nodes = 40, .columns = 6, .batch_size = 27
	};

	(void) state;
	for (int variant = 0; variant < 8; variant++)
	{
		spec.kind = variant % 2 == 0 ? GAE_MODEL_VAE : GAE_MODEL_AE;
		spec.form = variant / 2 % 2 == 0 ? GAE_FEATURES_DENSE : GAE_FEATURES_SPARSE;
		spec.dropout = variant < 4 ? 0 : 0.4;
		spec.seed = (uint64_t) (32000 + variant);
		set_hidden(&spec, 2);
		check_problem(&spec, true);
	}
	print_worst();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_graph_models),
		cmocka_unit_test(test_graphs_of_several_tiles),
		cmocka_unit_test(test_row_models),
		cmocka_unit_test(test_rows_of_several_blocks),
		cmocka_unit_test(test_wide_rows),
		cmocka_unit_test(test_last_batch),
	};

	return cmocka_run_group_tests_name("gradient", tests, NULL, NULL);
}
