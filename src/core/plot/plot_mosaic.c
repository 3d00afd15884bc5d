/*
 * plot_mosaic.c
 *		Many nodes, as a mosaic: small cells in the colour of most of their nodes,
 *		the darker the more there are.
 */
#include "core/plot/plot_internal.h"

#include <math.h>

#include "core/base/range.h"

/* The side of a cell in pixels, and the opacity of a cell with one node. */
#define CELL 5
#define LEAST_OPACITY 0.3

/* Bytes of a label in a cell's tooltip, at most. */
#define CELL_NAME_BYTES 60

typedef struct Mosaic
{
	int			across;
	int			down;
	int32_t    *count;			/* down x across x classes: nodes of each cell and class */
} Mosaic;

/* The column or row of a place; the panel's far side belongs to the last one. */
static int
cell_of(double place, double start, int cells)
{
	return (int) gae_min((int64_t) ((place - start) / CELL), cells - 1);
}

static GaeStatus
count_nodes(GaeScene *scene, Mosaic *mosaic)
{
	const GaePanel *panel = &scene->panel;

	mosaic->across = (int) ceil((panel->x.to - panel->x.from) / CELL);
	mosaic->down = (int) ceil((panel->y.from - panel->y.to) / CELL);
	GAE_ALLOC_ZERO(scene->env, mosaic->count,
				   (int64_t) mosaic->across * mosaic->down * scene->classes);
	for (int32_t i = 0; i < scene->model->nodes; i++)
	{
		int			column;
		int			row;

		if (i % GAE_PLOT_POLL == 0)
			GAE_TRY(gae_poll(scene->env));
		if (!gae_plot_inside(scene, i))
		{
			scene->outside++;
			continue;
		}
		column = cell_of(scene->x[i], panel->x.from, mosaic->across);
		row = cell_of(scene->y[i], panel->y.to, mosaic->down);
		mosaic->count[(row * mosaic->across + column) * scene->classes + scene->class_of[i]]++;
	}
	return GAE_OK;
}

/* The number of nodes of a cell; *most: the class that most of them have. */
static int64_t
sum_cell(const GaeScene *scene, const int32_t *count, int *most)
{
	int64_t		sum = 0;

	*most = 0;
	for (int c = 0; c < scene->classes; c++)
	{
		sum += count[c];
		if (count[c] > count[*most])
			*most = c;
	}
	return sum;
}

static void
put_cell(GaeScene *scene, const int32_t *count, int column, int row)
{
	GaeSvg	   *svg = &scene->svg;
	int			most;
	int64_t		nodes = sum_cell(scene, count, &most);
	double		dark = scene->cell_nodes > 1
		? log((double) nodes) / log((double) scene->cell_nodes) : 1;

	gae_svg_put(svg, "<path d=\"M");
	gae_svg_number(svg, scene->panel.x.from + column * CELL);
	gae_svg_put(svg, " ");
	gae_svg_number(svg, scene->panel.y.to + row * CELL);
	gae_svg_print(svg, "h%dv%dh-%dz", CELL, CELL, CELL);
	gae_svg_put(svg, "\" fill=\"");
	gae_svg_put(svg, scene->class[most].colour);
	gae_svg_put(svg, "\" fill-opacity=\"");
	gae_svg_print(svg, "%.2f", LEAST_OPACITY + (1 - LEAST_OPACITY) * dark);
	gae_svg_put(svg, "\"><title>");
	gae_svg_count(svg, nodes);
	if (scene->labels != NULL)
	{
		gae_svg_put(svg, ", of them ");
		gae_svg_count(svg, count[most]);
		gae_svg_put(svg, " ");
		gae_svg_name(svg, scene->class[most].name, scene->class[most].name_length,
					 CELL_NAME_BYTES, CELL_NAME_BYTES);
	}
	gae_svg_put(svg, "</title></path>\n");
}

GaeStatus
gae_plot_mosaic(GaeScene *scene)
{
	Mosaic		mosaic;
	int64_t		cells;
	int			most;

	GAE_TRY(count_nodes(scene, &mosaic));
	cells = (int64_t) mosaic.across * mosaic.down;
	for (int64_t c = 0; c < cells; c++)
		scene->cell_nodes = gae_max(scene->cell_nodes,
									sum_cell(scene, mosaic.count + c * scene->classes, &most));

	/* With smoothed edges, gaps would show between neighbouring cells. */
	gae_svg_put(&scene->svg, "<g id=\"cells\" shape-rendering=\"crispEdges\">\n");
	for (int64_t c = 0; c < cells; c++)
	{
		const int32_t *count = mosaic.count + c * scene->classes;

		if (c % mosaic.across == 0)
			GAE_TRY(gae_poll(scene->env));
		if (sum_cell(scene, count, &most) > 0)
			put_cell(scene, count, (int) (c % mosaic.across), (int) (c / mosaic.across));
	}
	gae_svg_put(&scene->svg, "</g>\n");
	gae_free(scene->env, mosaic.count);
	return GAE_OK;
}
