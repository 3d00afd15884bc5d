/*
 * plot_internal.h
 *		What the plot_*.c files share.
 */
#ifndef GAE_PLOT_INTERNAL_H
#define GAE_PLOT_INTERNAL_H

#include "core/plot/chart.h"
#include "core/plot/plot.h"

/* The width of all pictures, and what is left free at their sides, in pixels. */
#define GAE_PLOT_WIDTH 800
#define GAE_PLOT_LEFT 62
#define GAE_PLOT_LEGEND 196		/* at the right, where there is a legend */
#define GAE_PLOT_MARGIN 24		/* where there is none */
#define GAE_PLOT_FOOT 50		/* below a panel: its numbers and title */

/* Bytes of tooltips, all together. */
#define GAE_PLOT_TOOLTIP_BYTES 1000000

/* Nodes, or edges, handled between two looks at interrupts: a millisecond or so. */
#define GAE_PLOT_POLL 16384

/* Nodes of one colour. */
typedef struct GaePlotClass
{
	const char *colour;
	const char *name;
	int64_t		name_length;
	int64_t		nodes;
} GaePlotClass;

/* The most frequent labels, the others, and none; see gae_plot_classes. */
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
	double	   *x;				/* nodes: their places in pixels */
	double	   *y;
	int			classes;		/* at least 1 */
	int			coloured;		/* of these, the first; others are grey */
	GaePlotClass class[GAE_PLOT_MOST_CLASSES];
	uint8_t    *class_of;		/* nodes */
	int64_t		edges_drawn;
	int64_t		cell_nodes;		/* of the fullest cell of a mosaic */
	int64_t		outside;		/* nodes beyond the panel */
} GaeScene;

/*
 * Which nodes get which colour: those of each of the most frequent labels (ties: the
 * first in order) one of the palette's, all others grey.  Without labels there is one class.
 */
extern GaeStatus gae_plot_classes(GaeScene *scene);

/* Does the panel hold the place of this node?  A mosaic's need not. */
static inline bool
gae_plot_inside(const GaeScene *scene, int32_t i)
{
	return scene->x[i] >= scene->panel.x.from && scene->x[i] <= scene->panel.x.to &&
		scene->y[i] <= scene->panel.y.from && scene->y[i] >= scene->panel.y.to;
}

/* What the model has: "nodes" or "rows" */
static inline const char *
gae_plot_what(const GaeModel *model)
{
	return gae_has_links(model->config.kind) ? "nodes" : "rows";
}

/* The parts of the picture, from the back to the front. */
extern GaeStatus gae_plot_edges(GaeScene *scene);
extern GaeStatus gae_plot_mosaic(GaeScene *scene);
extern GaeStatus gae_plot_points(GaeScene *scene);
extern void gae_plot_legend(GaeScene *scene);
extern double gae_plot_legend_height(const GaeScene *scene);

#endif							/* GAE_PLOT_INTERNAL_H */
