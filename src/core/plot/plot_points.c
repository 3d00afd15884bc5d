/*
 * plot_points.c
 *		Nodes as circles with tooltips; if there are few, with their names beside them.
 */
#include "core/plot/plot_internal.h"

#include <math.h>
#include <string.h>

#include "core/base/range.h"

/* The share of the panel that circles cover, and the bounds of their radius in pixels. */
#define WANTED_COVER 0.1
#define LEAST_RADIUS 2
#define MOST_RADIUS 6

/* Bytes of one tooltip, at most: half of them for the key, half for the label. */
#define MOST_TOOLTIP_BYTES 600
#define TOOLTIP_CHARACTERS 200

/* Up to this many nodes have their names beside them, as far as there is room. */
#define MOST_NAMED 100
#define NAME_CHARACTERS 20
#define NAME_SIZE 11

/* The area of circles that a name may hide, as a share of its own area. */
#define MOST_HIDDEN 0.35

typedef struct Box
{
	double		left;
	double		top;
	double		right;
	double		bottom;
} Box;

static double
radius_of_points(const GaeScene *scene)
{
	const GaePanel *panel = &scene->panel;
	double		area = (panel->x.to - panel->x.from) * (panel->y.from - panel->y.to);
	double		radius = sqrt(WANTED_COVER * area / (3.14159 * scene->model->nodes));

	return fmin(fmax(radius, LEAST_RADIUS), MOST_RADIUS);
}

static const char *
text_of(const GaeTexts *texts, int64_t i, int64_t *length)
{
	*length = (int64_t) (texts->offset[i + 1] - texts->offset[i]);
	return texts->bytes + texts->offset[i];
}

/* The node's key and, if it has one, its label, even if the legend calls that "other". */
static void
put_tooltip(GaeScene *scene, int32_t i)
{
	int			bytes = (int) gae_min(GAE_PLOT_TOOLTIP_BYTES / scene->model->nodes,
									  MOST_TOOLTIP_BYTES) / 2;
	int64_t		length;
	const char *text = text_of(scene->names, i, &length);

	gae_svg_put(&scene->svg, "<title>");
	gae_svg_name(&scene->svg, text, length, TOOLTIP_CHARACTERS, bytes);
	if (scene->labels != NULL && scene->labels->of_node[i] >= 0)
	{
		gae_svg_put(&scene->svg, ": ");
		text = text_of(&scene->labels->names, scene->labels->of_node[i], &length);
		gae_svg_name(&scene->svg, text, length, TOOLTIP_CHARACTERS, bytes);
	}
	gae_svg_put(&scene->svg, "</title>");
}

static GaeStatus
put_circles(GaeScene *scene, int class, double radius)
{
	GaeSvg	   *svg = &scene->svg;

	gae_svg_put(svg, "<g fill=\"");
	gae_svg_put(svg, scene->class[class].colour);
	gae_svg_put(svg, "\">\n");
	for (int32_t i = 0; i < scene->model->nodes; i++)
	{
		if (i % GAE_PLOT_POLL == 0)
			GAE_TRY(gae_poll(scene->env));
		if (scene->class_of[i] != class)
			continue;
		gae_svg_put(svg, "<circle");
		gae_svg_attribute(svg, "cx", scene->x[i]);
		gae_svg_attribute(svg, "cy", scene->y[i]);
		gae_svg_attribute(svg, "r", radius);
		gae_svg_put(svg, ">");
		put_tooltip(scene, i);
		gae_svg_put(svg, "</circle>\n");
	}
	gae_svg_put(svg, "</g>\n");
	return GAE_OK;
}

static double
overlap(const Box *a, const Box *b)
{
	double		width = fmin(a->right, b->right) - fmax(a->left, b->left);
	double		height = fmin(a->bottom, b->bottom) - fmax(a->top, b->top);

	return width > 0 && height > 0 ? width * height : 0;
}

static Box
box_of_circle(const GaeScene *scene, int32_t i, double radius)
{
	return (Box) {
		scene->x[i] - radius, scene->y[i] - radius, scene->x[i] + radius, scene->y[i] + radius
	};
}

/*
 * How bad it would be to put a name into the box: the area of circles that it would
 * hide, or infinity if it would lie on another name or leave the panel by far.
 */
static double
badness(const GaeScene *scene, const Box *box, const Box *placed, int count, double radius)
{
	const GaePanel *panel = &scene->panel;
	double		hidden = 0;

	if (box->left < panel->x.from - GAE_PLOT_LEFT / 2 || box->right > panel->x.to + 10 ||
		box->top < panel->y.to - 4 || box->bottom > panel->y.from + 2)
		return INFINITY;
	for (int p = 0; p < count; p++)
		if (overlap(box, &placed[p]) > 0)
			return INFINITY;
	for (int32_t i = 0; i < scene->model->nodes; i++)
	{
		Box			circle = box_of_circle(scene, i, radius);

		hidden += overlap(box, &circle);
	}
	return hidden;
}

/* Find the best place for a name of that width around node i; false if there is none. */
static bool
find_room(const GaeScene *scene, int32_t i, double width, double radius, const Box *placed,
		  int count, Box *best)
{
	/*
	 * Places right, left, above, below, and between: the shift of the name's left end in
	 * its widths and in radii, and that of its middle.
	 */
	static const double across[] = {0, -1, -0.5, -0.5, 0, 0, -1, -1};
	static const double down[] = {0, 0, -1, 1, -0.7, 0.7, -0.7, 0.7};
	static const double aside[] = {1, -1, 0, 0, 0.7, 0.7, -0.7, -0.7};
	double		least = MOST_HIDDEN * width * NAME_SIZE;
	bool		found = false;

	for (int p = 0; p < 8; p++)
	{
		double		left = scene->x[i] + across[p] * width + aside[p] * (radius + 3);
		double		middle = scene->y[i] + down[p] * (radius + 2 + NAME_SIZE / 2.0);
		Box			box = {left, middle - NAME_SIZE / 2.0, left + width, middle + NAME_SIZE / 2.0};
		double		bad = badness(scene, &box, placed, count, radius);

		if (bad < least)
		{
			least = bad;
			*best = box;
			found = true;
		}
	}
	return found;
}

/* Nodes by descending degree: the names of the first find room before the others. */
static void
order_by_degree(const GaeModel *model, int32_t *order)
{
	const int64_t *offset = model->known.offset;

	for (int32_t i = 0; i < model->nodes; i++)
	{
		int32_t		place = i;

		for (; place > 0 && offset != NULL; place--)
		{
			int32_t		other = order[place - 1];

			if (offset[other + 1] - offset[other] >= offset[i + 1] - offset[i])
				break;
			order[place] = other;
		}
		order[place] = i;
	}
}

static void
put_names(GaeScene *scene, double radius)
{
	GaeSvg	   *svg = &scene->svg;
	int32_t		order[MOST_NAMED];
	Box			placed[MOST_NAMED];
	int			count = 0;

	order_by_degree(scene->model, order);
	gae_svg_put(svg, "<g id=\"names\"");
	gae_svg_attribute(svg, "font-size", NAME_SIZE);
	gae_svg_put(svg, " fill=\"#111\" stroke=\"#fff\" stroke-width=\"2.5\" stroke-linejoin=\"round\""
				" paint-order=\"stroke\" pointer-events=\"none\">\n");
	for (int32_t n = 0; n < scene->model->nodes; n++)
	{
		int64_t		length;
		const char *name = text_of(scene->names, order[n], &length);
		double		width = gae_text_width(name, length, NAME_CHARACTERS, NAME_SIZE);

		if (!find_room(scene, order[n], width, radius, placed, count, &placed[count]))
			continue;
		gae_svg_put(svg, "<text");
		gae_svg_attribute(svg, "x", placed[count].left);
		gae_svg_attribute(svg, "y", placed[count].bottom - 0.15 * NAME_SIZE);
		gae_svg_put(svg, ">");
		gae_svg_name(svg, name, length, NAME_CHARACTERS, 16 * NAME_CHARACTERS);
		gae_svg_put(svg, "</text>\n");
		count++;
	}
	gae_svg_put(svg, "</g>\n");
}

GaeStatus
gae_plot_points(GaeScene *scene)
{
	double		radius = radius_of_points(scene);

	gae_svg_put(&scene->svg, "<g id=\"nodes\" stroke=\"#fff\"");
	gae_svg_attribute(&scene->svg, "stroke-width", radius > 4 ? 1 : 0.4);
	gae_svg_put(&scene->svg, ">\n");

	/* Later circles lie on earlier ones: grey comes first, and the rarest label last. */
	for (int grey = 1; grey >= 0; grey--)
		for (int c = 0; c < scene->classes; c++)
			if ((c >= scene->coloured) == grey)
				GAE_TRY(put_circles(scene, c, radius));
	gae_svg_put(&scene->svg, "</g>\n");
	if (scene->model->nodes <= MOST_NAMED)
		put_names(scene, radius);
	return GAE_OK;
}
