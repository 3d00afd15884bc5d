/*
 * gradient.c
 *		Finite differences of the loss, and their comparison with the gradient.
 */
#include "gradient.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

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

void
gradient_check(const ProblemSpec *spec, bool thorough)
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

void
gradient_print_worst(void)
{
	print_message("worst relative errors so far: gradient %.2g, loss %.2g\n",
				  worst_gradient, worst_loss);
}
