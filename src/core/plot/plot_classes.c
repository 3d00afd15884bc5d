/*
 * plot_classes.c
 *		The colours of the nodes, and the legend that explains them.
 */
#include "core/plot/plot_internal.h"

#include <string.h>

#define COLOUR_OF_OTHERS "#8c8c8c"
#define COLOUR_OF_NONE "#cfcfcf"

/* Characters of a label in the legend, at most, and the height of a row in pixels. */
#define LEGEND_CHARACTERS 18
#define LEGEND_ROW 21

static GaeStatus
count_labels(GaeScene *scene, int64_t *count, int64_t *unlabelled)
{
	for (int32_t i = 0; i < scene->model->nodes; i++)
	{
		int32_t		label = scene->labels->of_node[i];

		if (i % GAE_PLOT_POLL == 0)
			GAE_TRY(gae_poll(scene->env));
		if (label < 0)
			++*unlabelled;
		else
			count[label]++;
	}
	return GAE_OK;
}

/* The label with the largest count, or the first of several; -1 if all counts are 0. */
static GaeStatus
most_frequent(GaeEnv *env, const int64_t *count, int64_t labels, int64_t *best)
{
	*best = -1;
	for (int64_t l = 0; l < labels; l++)
	{
		if (l % GAE_PLOT_POLL == 0)
			GAE_TRY(gae_poll(env));
		if (count[l] > (*best >= 0 ? count[*best] : 0))
			*best = l;
	}
	return GAE_OK;
}

static int
add_class(GaeScene *scene, const char *colour, const char *name, int64_t name_length, int64_t nodes)
{
	scene->class[scene->classes] = (GaePlotClass) {colour, name, name_length, nodes};
	return scene->classes++;
}

/* Make a class for each of the most frequent labels, and set their counts to 0. */
static GaeStatus
take_most_frequent(GaeScene *scene, int64_t *count, int64_t chosen[GAE_CHART_COLOURS])
{
	const GaeTexts *names = &scene->labels->names;

	while (scene->classes < GAE_CHART_COLOURS)
	{
		int64_t		best;

		GAE_TRY(most_frequent(scene->env, count, names->count, &best));
		if (best < 0)
			break;
		chosen[scene->classes] = best;
		add_class(scene, gae_chart_colours[scene->classes], names->bytes + names->offset[best],
				  (int64_t) (names->offset[best + 1] - names->offset[best]), count[best]);
		count[best] = 0;
	}
	return GAE_OK;
}

static GaeStatus
classify_nodes(GaeScene *scene, const int64_t chosen[GAE_CHART_COLOURS], int other, int none)
{
	for (int32_t i = 0; i < scene->model->nodes; i++)
	{
		int32_t		label = scene->labels->of_node[i];
		int			class = label < 0 ? none : other;

		if (i % GAE_PLOT_POLL == 0)
			GAE_TRY(gae_poll(scene->env));
		for (int c = 0; c < scene->coloured && label >= 0; c++)
			if (chosen[c] == label)
				class = c;
		scene->class_of[i] = (uint8_t) class;
	}
	return GAE_OK;
}

GaeStatus
gae_plot_classes(GaeScene *scene)
{
	int64_t		chosen[GAE_CHART_COLOURS];
	int64_t		unlabelled = 0;
	int64_t		others = 0;
	int64_t    *count;
	int			other = 0;
	int			none = 0;

	scene->classes = 0;
	GAE_ALLOC_ZERO(scene->env, scene->class_of, scene->model->nodes);
	if (scene->labels == NULL)
	{
		scene->coloured = add_class(scene, gae_chart_colours[0], "", 0, scene->model->nodes) + 1;
		return GAE_OK;
	}
	GAE_ALLOC_ZERO(scene->env, count, scene->labels->names.count);
	GAE_TRY(count_labels(scene, count, &unlabelled));
	GAE_TRY(take_most_frequent(scene, count, chosen));
	scene->coloured = scene->classes;
	for (int64_t l = 0; l < scene->labels->names.count; l++)
		others += count[l];
	if (others > 0)
		other = add_class(scene, COLOUR_OF_OTHERS, "other", 5, others);
	if (unlabelled > 0)
		none = add_class(scene, COLOUR_OF_NONE, "no label", 8, unlabelled);
	gae_free(scene->env, count);
	return classify_nodes(scene, chosen, other, none);
}

static void
put_legend_row(GaeScene *scene, int row, double left, double right)
{
	const GaePlotClass *class = &scene->class[row];
	GaeSvg	   *svg = &scene->svg;
	double		y = scene->panel.y.to + 14 + (row + 1) * LEGEND_ROW;

	gae_svg_put(svg, "<circle");
	gae_svg_attribute(svg, "cx", left + 6);
	gae_svg_attribute(svg, "cy", y - 4);
	gae_svg_put(svg, " r=\"6\" fill=\"");
	gae_svg_put(svg, class->colour);
	gae_svg_put(svg, "\"/><text");
	gae_svg_attribute(svg, "x", left + 19);
	gae_svg_attribute(svg, "y", y);
	gae_svg_put(svg, ">");
	gae_svg_name(svg, class->name, class->name_length, LEGEND_CHARACTERS, 16 * LEGEND_CHARACTERS);
	gae_svg_put(svg, "</text><text");
	gae_svg_attribute(svg, "x", right);
	gae_svg_attribute(svg, "y", y);
	gae_svg_put(svg, " text-anchor=\"end\">");
	gae_svg_count(svg, class->nodes);
	gae_svg_put(svg, "</text>\n");
}

double
gae_plot_legend_height(const GaeScene *scene)
{
	return scene->labels != NULL ? (scene->classes + 1.5) * LEGEND_ROW : 0;
}

void
gae_plot_legend(GaeScene *scene)
{
	GaeSvg	   *svg = &scene->svg;
	double		left = scene->panel.x.to + 20;
	double		right = GAE_PLOT_WIDTH - 14;

	if (scene->labels == NULL)
		return;
	gae_svg_put(svg, "<g id=\"legend\">\n<g fill=\"#666\"><text");
	gae_svg_attribute(svg, "x", left);
	gae_svg_attribute(svg, "y", scene->panel.y.to + 12);
	gae_svg_put(svg, ">");
	gae_svg_name(svg, scene->labels->title, (int64_t) strlen(scene->labels->title),
				 LEGEND_CHARACTERS, 16 * LEGEND_CHARACTERS);
	gae_svg_put(svg, "</text>");
	gae_chart_text(svg, right, scene->panel.y.to + 12, "end",
				   gae_plot_what(scene->model));
	gae_svg_put(svg, "</g>\n");
	for (int row = 0; row < scene->classes; row++)
		put_legend_row(scene, row, left, right);
	gae_svg_put(svg, "</g>\n");
}
