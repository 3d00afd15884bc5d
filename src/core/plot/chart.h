/*
 * chart.h
 *		The parts of a chart: colours, texts, and panels with axes.
 */
#ifndef GAE_CHART_H
#define GAE_CHART_H

#include "core/plot/svg.h"

/*
 * The colours of Okabe & Ito ("Color universal design", 2008), which colour-blind
 * people can tell apart, in the order of use.  Black is left out, since text is dark;
 * yellow comes last, since it is pale on white.
 */
#define GAE_CHART_COLOURS 7
extern const char *const gae_chart_colours[GAE_CHART_COLOURS];

/* An axis of a panel: which values lie where, in pixels of the picture. */
typedef struct GaeAxis
{
	double		low;
	double		high;			/* above low */
	double		from;			/* pixel of low */
	double		to;				/* pixel of high */
	bool		logarithmic;	/* low is positive */
	bool		whole;			/* the values are whole numbers, as epochs are */
} GaeAxis;

/* The pixel of a value. */
extern double gae_axis_place(const GaeAxis *axis, double value);

/* A panel of a chart: a rectangle with two axes. */
typedef struct GaePanel
{
	GaeAxis		x;
	GaeAxis		y;				/* from: the lower side, to: the upper side */
	bool		has_y;			/* false: the vertical place means nothing */
} GaePanel;

/* Draw the panel's grid and the numbers at its axes. */
extern void gae_chart_panel(GaeSvg *svg, const GaePanel *panel);

/* Draw the titles of the axes; that of y may be NULL. */
extern void gae_chart_axis_titles(GaeSvg *svg, const GaePanel *panel, const char *x, const char *y);

/* Draw the title and subtitle of a picture, which take the upper GAE_CHART_HEAD pixels. */
#define GAE_CHART_HEAD 58
extern void gae_chart_head(GaeSvg *svg, double left, const char *title, const char *subtitle);

/* Draw a line of text; anchor is "start", "middle" or "end". */
extern void gae_chart_text(GaeSvg *svg, double x, double y, const char *anchor, const char *text);

#endif							/* GAE_CHART_H */
