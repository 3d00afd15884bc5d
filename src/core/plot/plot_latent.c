/*
 * plot_latent.c
 *		A picture of the latent space: the places of the nodes, and all texts.
 */
#include "core/plot/plot_internal.h"

#include <math.h>
#include <stdio.h>

#include "core/linalg/pca.h"

/* The panel's height by its width is that of the data, within these bounds. */
#define LEAST_HEIGHT 0.5
#define MOST_HEIGHT 0.9

/* The height of a panel of one dimension, in pixels. */
#define LINE_HEIGHT 90

/* The share of the panel's width, or height, that stays free at each side. */
#define FREE_SIDE 0.04

/* The share of the nodes that a mosaic leaves out at each side, at most. */
#define TRIMMED 0.001
#define TRIM_BINS 65536

#define CAPTION_LINE 16

/* Room for a line of text. */
#define TEXT_BYTES 128

/* range: the least and the greatest of the values. */
static GaeStatus
find_range(GaeEnv *env, const double *value, int32_t count, double range[2])
{
	range[0] = range[1] = value[0];
	for (int32_t i = 0; i < count; i++)
	{
		if (i % GAE_PLOT_POLL == 0)
			GAE_TRY(gae_poll(env));
		range[0] = fmin(range[0], value[i]);
		range[1] = fmax(range[1], value[i]);
	}
	return GAE_OK;
}

/*
 * Narrow the range by the outermost values, at most a share of TRIMMED at each end, to
 * the precision of a histogram's bins: a few nodes far out would leave most of a mosaic
 * empty.
 */
static GaeStatus
trim_range(GaeEnv *env, const double *value, int32_t count, double range[2])
{
	double		low = range[0];
	double		width = (range[1] - low) / TRIM_BINS;
	int64_t		most = (int64_t) (TRIMMED * count);
	int64_t	   *bin;
	int			first = 0;
	int			last = TRIM_BINS - 1;

	if (width <= 0)
		return GAE_OK;
	GAE_ALLOC_ZERO(env, bin, TRIM_BINS + 1);	/* one more, for the greatest value */
	for (int32_t i = 0; i < count; i++)
	{
		if (i % GAE_PLOT_POLL == 0)
			GAE_TRY(gae_poll(env));
		bin[(int) fmin((value[i] - low) / width, TRIM_BINS)]++;
	}
	bin[last] += bin[TRIM_BINS];
	for (int64_t left = bin[first]; left <= most; left += bin[first])
		first++;
	for (int64_t left = bin[last]; left <= most; left += bin[last])
		last--;
	range[0] = low + first * width;
	range[1] = low + (last + 1) * width;
	gae_free(env, bin);
	return GAE_OK;
}

/* An axis of pixels from … to, each of which stands for "unit"; its middle is the range's. */
static GaeAxis
centred_axis(const double range[2], double unit, double from, double to)
{
	double		middle = range[0] + (range[1] - range[0]) / 2;
	double		half = fabs(to - from) / 2 * unit;

	return (GaeAxis) {.low = middle - half, .high = middle + half, .from = from, .to = to};
}

/* Choose the panel's height and axes; both axes have the same scale. */
static void
lay_out(GaeScene *scene, double x_range[2], double y_range[2])
{
	double		right = scene->labels != NULL ? GAE_PLOT_LEGEND : GAE_PLOT_MARGIN;
	double		width = GAE_PLOT_WIDTH - GAE_PLOT_LEFT - right;
	double		x_size = x_range[1] - x_range[0];
	double		y_size = y_range[1] - y_range[0];
	double		height = LINE_HEIGHT;
	double		used = 1 - 2 * FREE_SIDE;
	double		unit;

	scene->panel.has_y = scene->model->config.latent_dim > 1;
	if (scene->panel.has_y)
		height = width * fmin(fmax(x_size > 0 ? y_size / x_size : 1, LEAST_HEIGHT), MOST_HEIGHT);
	unit = fmax(x_size / (width * used), y_size / (height * used));

	/* All nodes lie in one place, as far as rounding can tell. */
	if (unit < 1e-12 * fmax(fabs(x_range[0]), fabs(y_range[0])) || unit <= 0)
		unit = fmax(fmax(fabs(x_range[0]), fabs(y_range[0])), 1) / width;
	scene->panel.x = centred_axis(x_range, unit, GAE_PLOT_LEFT, GAE_PLOT_LEFT + width);
	scene->panel.y = centred_axis(y_range, unit, GAE_CHART_HEAD + height, GAE_CHART_HEAD);
}

/* Turn the principal components, in place, into the nodes' places in pixels. */
static GaeStatus
place_nodes(GaeScene *scene, const GaePca *pca)
{
	int32_t		nodes = scene->model->nodes;
	double		x_range[2];
	double		y_range[2];

	GAE_TRY(find_range(scene->env, pca->score[0], nodes, x_range));
	GAE_TRY(find_range(scene->env, pca->score[1], nodes, y_range));
	if (nodes > GAE_PLOT_MOST_POINTS)
	{
		GAE_TRY(trim_range(scene->env, pca->score[0], nodes, x_range));
		GAE_TRY(trim_range(scene->env, pca->score[1], nodes, y_range));
	}
	lay_out(scene, x_range, y_range);
	scene->x = pca->score[0];
	scene->y = pca->score[1];
	for (int32_t i = 0; i < nodes; i++)
	{
		if (i % GAE_PLOT_POLL == 0)
			GAE_TRY(gae_poll(scene->env));
		scene->x[i] = gae_axis_place(&scene->panel.x, scene->x[i]);
		scene->y[i] = gae_axis_place(&scene->panel.y, scene->y[i]);
	}
	return GAE_OK;
}

static void
put_head(GaeScene *scene)
{
	const GaeModel *model = scene->model;
	bool		graph = gae_has_links(model->config.kind);
	int			dimensions = model->config.latent_dim;
	char		nodes[GAE_COUNT_BYTES];
	char		edges[GAE_COUNT_BYTES];
	char		of_edges[TEXT_BYTES] = "";
	char		title[TEXT_BYTES];
	char		subtitle[2 * TEXT_BYTES];

	if (graph)
		snprintf(of_edges, sizeof(of_edges), ", %s %sedge%s", gae_count_text(model->edges, edges),
				 model->config.directed ? "directed " : "", model->edges == 1 ? "" : "s");
	snprintf(title, sizeof(title), "Latent space (%s)",
			 gae_model_kind_name(model->config.kind));
	snprintf(subtitle, sizeof(subtitle), "%s %s%s%s, codes of %d dimension%s",
			 gae_count_text(model->nodes, nodes), graph ? "node" : "row",
			 model->nodes == 1 ? "" : "s", of_edges, dimensions, dimensions == 1 ? "" : "s");
	gae_chart_head(&scene->svg, GAE_PLOT_LEFT, title, subtitle);
}

static void
put_axes(GaeScene *scene, const double share[2])
{
	char		x[TEXT_BYTES] = "latent dimension";
	char		y[TEXT_BYTES];

	if (scene->panel.has_y)
		snprintf(x, sizeof(x), "first principal component (%.0f %% of the variance)",
				 100 * share[0]);
	snprintf(y, sizeof(y), "second principal component (%.0f %%)", 100 * share[1]);
	gae_chart_panel(&scene->svg, &scene->panel);
	gae_chart_axis_titles(&scene->svg, &scene->panel, x, scene->panel.has_y ? y : NULL);
}

/* Below the panel: what a mosaic's cells mean, and which nodes and edges are not drawn. */
static void
put_captions(GaeScene *scene)
{
	double		y = scene->panel.y.from + GAE_PLOT_FOOT + CAPTION_LINE / 2;
	char		some[GAE_COUNT_BYTES];
	char		all[GAE_COUNT_BYTES];
	char		outside[TEXT_BYTES] = "";
	char		caption[3 * TEXT_BYTES];

	gae_svg_put(&scene->svg, "<g font-size=\"11\" fill=\"#666\">\n");
	if (scene->cell_nodes > 0)
	{
		if (scene->outside > 0)
			snprintf(outside, sizeof(outside), " %s lie outside.",
					 gae_count_text(scene->outside, some));
		snprintf(caption, sizeof(caption),
				 "Each cell stands for 1 to %s %s, the darker the more%s.%s",
				 gae_count_text(scene->cell_nodes, all), gae_plot_what(scene->model),
				 scene->labels != NULL ? ", in the colour of most of them" : "", outside);
		gae_chart_text(&scene->svg, GAE_PLOT_LEFT, y, "start", caption);
		y += CAPTION_LINE;
	}
	if (scene->edges_drawn > 0 && scene->edges_drawn < scene->model->edges)
	{
		snprintf(caption, sizeof(caption), "%s of %s edges are drawn.",
				 gae_count_text(scene->edges_drawn, some),
				 gae_count_text(scene->model->edges, all));
		gae_chart_text(&scene->svg, GAE_PLOT_LEFT, y, "start", caption);
	}
	gae_svg_put(&scene->svg, "</g>\n");
}

GaeStatus
gae_plot_latent(GaeEnv *env, const GaeModel *model, const GaeTexts *names,
				const GaePlotLabels *labels, char **svg, int64_t *length)
{
	GaeScene	scene = {.env = env, .model = model, .names = names, .labels = labels};
	GaePca		pca;
	double		bottom;

	GAE_TRY(gae_pca(env, model->nodes, model->config.latent_dim, model->mu, &pca));
	GAE_TRY(place_nodes(&scene, &pca));
	GAE_TRY(gae_plot_classes(&scene));

	bottom = fmax(scene.panel.y.from + GAE_PLOT_FOOT + 2 * CAPTION_LINE,
				  GAE_CHART_HEAD + gae_plot_legend_height(&scene));
	gae_svg_begin(env, &scene.svg, GAE_PLOT_WIDTH, bottom);
	put_head(&scene);
	put_axes(&scene, pca.share);
	GAE_TRY(gae_plot_edges(&scene));
	if (model->nodes > GAE_PLOT_MOST_POINTS)
		GAE_TRY(gae_plot_mosaic(&scene));
	else
		GAE_TRY(gae_plot_points(&scene));
	gae_plot_legend(&scene);
	put_captions(&scene);
	GAE_TRY(gae_svg_end(&scene.svg));
	*svg = scene.svg.text;
	*length = scene.svg.length;
	return GAE_OK;
}
