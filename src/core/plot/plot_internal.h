/*
 * plot_internal.h
 *		Layout, and the parts of a picture of the latent space.
 */
#ifndef GAE_PLOT_INTERNAL_H
#define GAE_PLOT_INTERNAL_H

#include "core/plot/chart.h"
#include "core/plot/plot.h"

/* The width of all pictures, and the space around the panel, in pixels. */
#define GAE_PLOT_WIDTH 800
#define GAE_PLOT_LEFT 62
#define GAE_PLOT_LEGEND 196		/* at the right, with a legend */
#define GAE_PLOT_MARGIN 24		/* at the right, without one */
#define GAE_PLOT_FOOT 50		/* below the panel: the numbers and title of x */

/* Bytes of tooltips, all together. */
#define GAE_PLOT_TOOLTIP_BYTES 1000000

/* Nodes, labels or epochs handled between two looks at interrupts: about a millisecond. */
#define GAE_PLOT_POLL 16384

/* A class: nodes of one colour, a row of the legend. */
typedef struct GaePlotClass
{
	const char *colour;
	const char *name;
	int64_t		name_length;
	int64_t		nodes;
} GaePlotClass;

/* A class for each colour, one of all other labels, and one of nodes without a label. */
#define GAE_PLOT_MOST_CLASSES (GAE_CHART_COLOURS + 2)

/* A picture of the latent space while it is made. */
typedef struct GaeScene
{
	GaeEnv	   *env;
	const GaeModel *model;
	const GaeTexts *names;
	const GaePlotLabels *labels;
	GaeSvg		svg;
	GaePanel	panel;
	double	   *x;				/* by node: its place in pixels */
	double	   *y;
	int			classes;		/* at least 1 */
	int			coloured;		/* the first "coloured" classes; the others are grey */
	GaePlotClass class[GAE_PLOT_MOST_CLASSES];
	uint8_t    *class_of;		/* by node */
	int64_t		edges_drawn;
	int64_t		cell_nodes;		/* nodes in the fullest cell of a mosaic; else 0 */
	int64_t		outside;		/* nodes of a mosaic that lie outside the panel */
} GaeScene;

/*
 * Give each of the most frequent labels a class with a colour, the first of equally
 * frequent ones first; all other nodes are grey.  Without labels there is one class.
 */
extern GaeStatus gae_plot_classes(GaeScene *scene);

/* Does node i lie in the panel?  Those of a mosaic may lie outside. */
static inline bool
gae_plot_inside(const GaeScene *scene, int32_t i)
{
	return scene->x[i] >= scene->panel.x.from && scene->x[i] <= scene->panel.x.to &&
		scene->y[i] <= scene->panel.y.from && scene->y[i] >= scene->panel.y.to;
}

/* "nodes" or "rows", as the model has them. */
static inline const char *
gae_plot_what(const GaeModel *model)
{
	return gae_has_links(model->config.kind) ? "nodes" : "rows";
}

/* Draw the parts of the picture, from the back to the front. */
extern GaeStatus gae_plot_edges(GaeScene *scene);
extern GaeStatus gae_plot_mosaic(GaeScene *scene);
extern GaeStatus gae_plot_points(GaeScene *scene);
extern void gae_plot_legend(GaeScene *scene);
extern double gae_plot_legend_height(const GaeScene *scene);

#endif							/* GAE_PLOT_INTERNAL_H */
