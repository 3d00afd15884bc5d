/*
 * plot_edges.c
 *		Edges behind the nodes: all of them, or a sample if they are many.
 */
#include "core/plot/plot_internal.h"

#include <math.h>

#include "core/base/random.h"
#include "core/base/range.h"

/* Edges drawn at most: more would only darken the picture, and a mosaic sooner. */
#define MOST_EDGES 6000
#define MOST_EDGES_OF_MOSAIC 3000

/* Edges of one path: where strokes of one path cross, they do not darken each other. */
#define PATH_EDGES 200

/*
 * The opacity of edges is chosen so that opacity times the share of the panel that they
 * cover is WANTED_COVER, within bounds.
 */
#define WANTED_COVER 0.12
#define LEAST_OPACITY 0.06
#define MOST_OPACITY 0.5
#define MOST_OPACITY_OF_MOSAIC 0.2

/* A sample of the edges: they are cut into "wanted" runs, and each gives a random edge. */
typedef struct Sample
{
	int64_t		wanted;			/* at most "edges" */
	int64_t		edges;
	int64_t		taken;			/* edges chosen so far, drawn or not */
	int64_t		next;			/* the number of the next edge, while taken < wanted */
	GaeStream	stream;
} Sample;

static bool
is_mosaic(const GaeScene *scene)
{
	return scene->model->nodes > GAE_PLOT_MOST_POINTS;
}

static void
choose_next(Sample *sample)
{
	int64_t		first = sample->taken * sample->edges / sample->wanted;
	int64_t		end = (sample->taken + 1) * sample->edges / sample->wanted;

	sample->next = first + (int64_t) gae_random_below(&sample->stream, (uint64_t) (end - first));
}

/*
 * The first entry of node i that stands for an edge from i or, if undirected, to a later
 * node: from there to the end of its entries, each edge is met at one end only.
 */
static int64_t
own_entries(const GaeAdjacency *known, int32_t i)
{
	int64_t		first = known->offset[i];
	int64_t		end = known->offset[i + 1];

	if (known->directed)
		return known->out[i];
	while (first < end)
	{
		int64_t		middle = first + (end - first) / 2;

		if (known->neighbor[middle] < i)
			first = middle + 1;
		else
			end = middle;
	}
	return first;
}

/* Sample the edges; of those chosen, the ones that stay in the panel go into src and dst. */
static GaeStatus
sample_edges(GaeScene *scene, int64_t wanted, int32_t *src, int32_t *dst)
{
	const GaeAdjacency *known = &scene->model->known;
	Sample		sample = {
		.wanted = wanted,
		.edges = scene->model->edges,
		.stream = gae_stream(0, GAE_RANDOM_PICTURE, 0, 0),
	};
	int64_t		before = 0;		/* edges of the nodes before this one */

	choose_next(&sample);
	for (int32_t i = 0; i < known->nodes && sample.taken < wanted; i++)
	{
		int64_t		first = own_entries(known, i);
		int64_t		end = known->offset[i + 1];

		if (i % GAE_PLOT_POLL == 0)
			GAE_TRY(gae_poll(scene->env));
		while (sample.taken < wanted && sample.next < before + end - first)
		{
			int32_t		other = known->neighbor[first + sample.next - before];

			if (gae_plot_inside(scene, i) && gae_plot_inside(scene, other))
			{
				src[scene->edges_drawn] = i;
				dst[scene->edges_drawn++] = other;
			}
			if (++sample.taken < wanted)
				choose_next(&sample);
		}
		before += end - first;
	}
	return GAE_OK;
}

static double
total_length(const GaeScene *scene, const int32_t *src, const int32_t *dst)
{
	double		length = 0;

	for (int64_t e = 0; e < scene->edges_drawn; e++)
		length += hypot(scene->x[src[e]] - scene->x[dst[e]], scene->y[src[e]] - scene->y[dst[e]]);
	return length;
}

static void
put_point(GaeSvg *svg, const char *command, double x, double y)
{
	gae_svg_put(svg, command);
	gae_svg_number(svg, x);
	gae_svg_put(svg, " ");
	gae_svg_number(svg, y);
}

static void
put_edges(GaeScene *scene, const int32_t *src, const int32_t *dst)
{
	GaeSvg	   *svg = &scene->svg;
	const GaePanel *panel = &scene->panel;
	double		area = (panel->x.to - panel->x.from) * (panel->y.from - panel->y.to);
	double		width = scene->edges_drawn < 500 ? 1 : 0.5;
	double		cover = total_length(scene, src, dst) * width / area;
	double		most = is_mosaic(scene) ? MOST_OPACITY_OF_MOSAIC : MOST_OPACITY;
	double		opacity = fmin(fmax(WANTED_COVER / fmax(cover, 0.01), LEAST_OPACITY), most);

	gae_svg_put(svg, "<g id=\"edges\" fill=\"none\" stroke=\"#777\" stroke-opacity=\"");
	gae_svg_print(svg, "%.2f", opacity);
	gae_svg_put(svg, "\"");
	gae_svg_attribute(svg, "stroke-width", width);
	gae_svg_put(svg, ">\n");
	for (int64_t e = 0; e < scene->edges_drawn; e++)
	{
		if (e % PATH_EDGES == 0)
			gae_svg_put(svg, e == 0 ? "<path d=\"" : "\"/>\n<path d=\"");
		put_point(svg, "M", scene->x[src[e]], scene->y[src[e]]);
		put_point(svg, "L", scene->x[dst[e]], scene->y[dst[e]]);
	}
	gae_svg_put(svg, "\"/>\n</g>\n");
}

GaeStatus
gae_plot_edges(GaeScene *scene)
{
	int64_t		most = is_mosaic(scene) ? MOST_EDGES_OF_MOSAIC : MOST_EDGES;
	int64_t		wanted = gae_min(scene->model->edges, most);
	int32_t    *src;
	int32_t    *dst;

	/* In one dimension edges would lie on each other. */
	if (wanted == 0 || !scene->panel.has_y)
		return GAE_OK;
	GAE_ALLOC(scene->env, src, wanted);
	GAE_ALLOC(scene->env, dst, wanted);
	GAE_TRY(sample_edges(scene, wanted, src, dst));
	if (scene->edges_drawn > 0)
		put_edges(scene, src, dst);
	gae_free(scene->env, dst);
	gae_free(scene->env, src);
	return GAE_OK;
}
