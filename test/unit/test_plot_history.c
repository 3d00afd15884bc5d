/*
 * test_plot_history.c
 *		Pictures of trainings: the curves, their values and where they are kept.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "picture.h"
#include "core/plot/plot.h"

#define PATH_BYTES 100000

/* A model with a history, whose curves fall and rise as curves do. */
static void
make_model(GaeEnv *env, GaeModelKind kind, int32_t epochs, bool validated, GaeModel *model)
{
	memset(model, 0, sizeof(*model));
	gae_config_default(&model->config);
	model->config.kind = kind;
	model->config.epochs = epochs;
	model->epochs_run = epochs;
	model->best_epoch = epochs / 2;
	model->history = gae_alloc(env, epochs, sizeof(GaeHistoryRow));
	for (int32_t e = 0; e < epochs; e++)
	{
		double		share = (double) (e + 1) / epochs;
		GaeHistoryRow *row = &model->history[e];

		*row = (GaeHistoryRow) {2 - share, 1.5 - share, 0.5, NAN, NAN, NAN};
		if (!gae_has_posterior(kind))
			row->kl = NAN;
		if (validated && gae_has_links(kind))
			row->validation_auc = 0.5 + share / 3, row->validation_ap = 0.4 + share / 3;
		if (validated)
			row->validation_loss = 3 - share;
	}
}

/* The picture, checked, as a string. */
static const char *
draw(GaeEnv *env, const GaeModel *model)
{
	char	   *svg;
	char	   *text;
	int64_t		length;

	assert_ok(env, gae_plot_history(env, model, &svg, &length));
	text = picture_check(env, svg, length);
	assert_int_equal(picture_count(text, "nan"), 0);
	assert_int_equal(picture_count(text, "inf"), 0);
	return text;
}

/* The points of the curve with that name: how many, and where they are. */
static int
points_of(const char *svg, const char *name, double (*points)[2])
{
	static char path[PATH_BYTES];
	char		title[64];
	char	   *at;
	int			count = 0;

	snprintf(title, sizeof(title), "\"><title>%s<", name);
	for (const char *next = svg;;)
	{
		const char *start = next;

		assert_non_null(picture_next(&next, "<path stroke=\"#", "</path>", path, PATH_BYTES));
		assert_true(next > start);
		if (strstr(path, title) != NULL)
			break;
	}
	at = strstr(path, "d=\"M") + 3;
	for (; *at == 'M' || *at == 'L'; count++)
	{
		points[count][0] = strtod(at + 1, &at);
		points[count][1] = strtod(at, &at);
	}
	return count;
}

static void
test_curves(void **state)
{
	static const struct
	{
		GaeModelKind kind;
		bool		validated;
		int			curves;
		const char *names[6];
	}			cases[] = {
		{GAE_MODEL_VGAE, true, 5, {"loss", "reconstruction", "KL divergence", "AUC", "average precision"}},
		{GAE_MODEL_GAE, true, 3, {"loss", "AUC", "average precision"}},
		{GAE_MODEL_GAE, false, 1, {"loss"}},
		{GAE_MODEL_VAE, true, 4, {"loss", "reconstruction", "KL divergence", "loss"}},
		{GAE_MODEL_AE, false, 1, {"loss"}},
	};
	GaeEnv	   *env = *state;

	for (size_t c = 0; c < sizeof(cases) / sizeof(cases[0]); c++)
	{
		GaeModel	model;
		const char *svg;
		double		points[100][2];

		make_model(env, cases[c].kind, 100, cases[c].validated, &model);
		svg = draw(env, &model);
		assert_int_equal(picture_count(svg, "</title></path>") - picture_count(svg, "<title>epoch 50</title>"),
						 cases[c].curves);
		assert_int_equal(picture_count(svg, "<title>epoch 50</title>"), 1 + cases[c].validated);
		for (int n = 0; n < cases[c].curves; n++)
			assert_int_equal(points_of(svg, cases[c].names[n], points), 100);
		points_of(svg, "loss", points);
		assert_true(points[0][0] < points[99][0] && points[0][1] < points[99][1]);
		assert_int_equal(picture_count(svg, ">1.5</text>") >= 1, true); /* the loss at epoch 50 */
		assert_int_equal(picture_count(svg, "the best one"), 0);
		model.config.patience = 5;
		assert_int_equal(picture_count(draw(env, &model), "epoch 50, the best one"), 1);
	}
}

/* Many epochs become few points, and a single epoch that stands out is among them. */
static void
test_decimated(void **state)
{
	static const int32_t epochs[] = {1000, 1001, 30000};
	GaeEnv	   *env = *state;

	for (int e = 0; e < 3; e++)
	{
		GaeModel	model;
		double		points[1000][2];
		double		top = 1000;
		int			count;

		make_model(env, GAE_MODEL_GAE, epochs[e], true, &model);
		model.history[777].loss = 4;
		count = points_of(draw(env, &model), "loss", points);
		assert_uint_in_range(count, e == 0 ? 1000 : 900, 1000);
		for (int p = 0; p < count; p++)
		{
			assert_true(p == 0 || points[p][0] >= points[p - 1][0]);
			top = fmin(top, points[p][1]);
		}
		assert_true(top < points[0][1] - 50);
	}
}

/* A loss that falls by orders of magnitude is shown on a logarithmic scale. */
static void
test_logarithmic(void **state)
{
	GaeEnv	   *env = *state;
	GaeModel	model;
	double		points[100][2];

	make_model(env, GAE_MODEL_VAE, 100, false, &model);
	for (int e = 0; e < 100; e++)
		model.history[e].loss = pow(10, 3 - 0.03 * e);
	model.history[3].kl = 0;
	points_of(draw(env, &model), "loss", points);
	assert_near(points[30][1] - points[10][1], points[90][1] - points[70][1], 0.01, 1000);
	model.history[5].loss = -1;
	points_of(draw(env, &model), "loss", points);
	assert_true(points[30][1] - points[10][1] > 2 * (points[90][1] - points[70][1]));
}

/* No epoch, one, equal values, gaps, and numbers that no training has */
static void
test_odd_shapes(void **state)
{
	GaeEnv	   *env = *state;
	GaeModel	model;
	const char *svg;
	double		points[10][2];

	make_model(env, GAE_MODEL_VGAE, 0, true, &model);
	svg = draw(env, &model);
	assert_int_equal(picture_count(svg, "it has run no epoch"), 1);
	assert_int_equal(picture_count(svg, "<path"), 0);

	make_model(env, GAE_MODEL_VGAE, 1, true, &model);
	model.best_epoch = 1;
	svg = draw(env, &model);
	assert_int_equal(points_of(svg, "loss", points), 1);
	assert_int_equal(picture_count(svg, "h0\"><title>"), 5);
	assert_int_equal(picture_count(svg, ">1.5</text>") + picture_count(svg, ">1.2</text>"), 0);

	make_model(env, GAE_MODEL_GAE, 10, true, &model);
	for (int e = 0; e < 10; e++)
		model.history[e].loss = 0;
	model.history[4].validation_auc = NAN;
	svg = draw(env, &model);
	assert_int_equal(points_of(svg, "loss", points), 10);
	assert_int_equal(points_of(svg, "AUC", points), 9);

	for (int e = 0; e < 10; e++)
	{
		model.history[e].loss = e % 2 ? 1.7e308 : -1.7e308;
		model.history[e].validation_ap = e % 2 ? 1e99 : -1e99;
	}
	svg = draw(env, &model);
	assert_int_equal(picture_count(svg, "<title>loss</title>"), 0);

	/* The least numbers that there are: their ratio is large, but no power of ten is as small. */
	for (int e = 0; e < 10; e++)
		model.history[e].loss = e % 2 ? 5e-324 : 1e-321;
	svg = draw(env, &model);
	assert_int_equal(points_of(svg, "loss", points), 10);
}

/* Without memory, or interrupted, at every point where that can be */
static void
test_failures(void **state)
{
	GaeEnv	   *env = *state;
	TestContext *context = test_context(env);
	GaeModel	model;
	int64_t		allocations;
	int64_t		polls;
	char	   *svg;
	int64_t		length;

	make_model(env, GAE_MODEL_VGAE, 5000, true, &model);
	allocations = context->allocations;
	polls = context->polls;
	assert_ok(env, gae_plot_history(env, &model, &svg, &length));
	allocations = context->allocations - allocations;
	polls = context->polls - polls;
	for (int64_t fail = 1; fail <= allocations; fail++)
	{
		context->fail_at = context->allocations + fail;
		assert_status(GAE_OUT_OF_MEMORY, gae_plot_history(env, &model, &svg, &length));
	}
	context->fail_at = 0;
	for (int64_t poll = 1; poll <= polls; poll += 1 + poll / 10)
	{
		context->interrupt_at = context->polls + poll;
		assert_status(GAE_INTERRUPTED, gae_plot_history(env, &model, &svg, &length));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_curves),
		TEST(test_decimated),
		TEST(test_logarithmic),
		TEST(test_odd_shapes),
		TEST(test_failures),
	};

	return cmocka_run_group_tests_name("plot_history", tests, NULL, NULL);
}
