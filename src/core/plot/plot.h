/*
 * plot.h
 *		Pictures of a model, as SVG.
 */
#ifndef GAE_PLOT_H
#define GAE_PLOT_H

#include "core/model/model.h"

/*
 * Up to this many nodes are drawn as a circle each, whose tooltip has the node's name;
 * more are drawn as a mosaic of cells.
 */
#define GAE_PLOT_MOST_POINTS 5000

/*
 * Texts one after the other: text i is bytes offset[i] … offset[i + 1] - 1.  They should
 * be UTF-8, but are not trusted to be.
 */
typedef struct GaeTexts
{
	int64_t		count;
	const uint64_t *offset;		/* count + 1 */
	const char *bytes;
} GaeTexts;

/* The labels by which nodes are coloured. */
typedef struct GaePlotLabels
{
	GaeTexts	names;			/* of the labels; of equally frequent ones the first wins */
	const int32_t *of_node;		/* each node's label, or -1 if it has none */
	const char *title;			/* what the labels are; in UTF-8 like the names */
} GaePlotLabels;

/*
 * Draw the latent space in two dimensions, with edges behind the nodes.  A directed
 * model's source and target halves are taken as one vector.  "names" are those of the
 * nodes; with more than GAE_PLOT_MOST_POINTS nodes they are not read and may be NULL.
 * "labels" may be NULL.
 */
extern GaeStatus gae_plot_latent(GaeEnv *env, const GaeModel *model, const GaeTexts *names,
								 const GaePlotLabels *labels, char **svg, int64_t *length);

/* Draw losses and validation scores over the epochs; without epochs, a title that says so. */
extern GaeStatus gae_plot_history(GaeEnv *env, const GaeModel *model, char **svg, int64_t *length);

#endif							/* GAE_PLOT_H */
