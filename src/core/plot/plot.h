/*
 * plot.h
 *		Pictures of a model, as SVG.
 */
#ifndef GAE_PLOT_H
#define GAE_PLOT_H

#include "core/model/model.h"

/*
 * Up to so many nodes each is a circle, whose tooltip has its name; more become a
 * mosaic of cells.
 */
#define GAE_PLOT_MOST_POINTS 5000

/* Texts one after the other: number i from offset[i] to offset[i + 1].  UTF-8, but not trusted to be. */
typedef struct GaeTexts
{
	int64_t		count;
	const uint64_t *offset;		/* count + 1 */
	const char *bytes;
} GaeTexts;

/* What nodes are coloured by. */
typedef struct GaePlotLabels
{
	GaeTexts	names;			/* in order, which breaks ties */
	const int32_t *of_node;		/* the number of its name, or -1: none */
	const char *title;			/* likewise in UTF-8 */
} GaePlotLabels;

/*
 * The latent space in two dimensions, with edges behind; of a directed model that
 * of source and target half together.  names are those of the nodes, and not looked
 * at (NULL) where there are more than GAE_PLOT_MOST_POINTS; labels may be NULL.
 * Both belong to the environment's owner.
 */
extern GaeStatus gae_plot_latent(GaeEnv *env, const GaeModel *model, const GaeTexts *names,
								 const GaePlotLabels *labels, char **svg, int64_t *length);

/* Losses and validation scores over the epochs; of an untrained model, that there are none. */
extern GaeStatus gae_plot_history(GaeEnv *env, const GaeModel *model, char **svg, int64_t *length);

#endif							/* GAE_PLOT_H */
