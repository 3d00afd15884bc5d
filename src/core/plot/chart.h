/*
 * chart.h
 *		What charts are made of: colours, words, and panels with axes.
 */
#ifndef GAE_CHART_H
#define GAE_CHART_H

#include "core/plot/svg.h"

/*
 * The palette of Okabe & Ito ("Color universal design", 2008), which colour-blind
 * people tell apart, in the order of use; black is for what is neither, and yellow,
 * which is pale on white, comes last.
 */
#define GAE_CHART_COLOURS 7
extern const char *const gae_chart_colours[GAE_CHART_COLOURS];

/* From values to pixels. */
typedef struct GaeAxis
{
	double		low;
	double		high;			/* above low */
	double		from;			/* pixel of low */
	double		to;				/* pixel of high */
	bool		logarithmic;	/* low is positive */
	bool		whole;			/* of whole numbers, as epochs are */
} GaeAxis;

extern double gae_axis_place(const GaeAxis *axis, double value);

/* A rectangle with values on its sides. */
typedef struct GaePanel
{
	GaeAxis		x;
	GaeAxis		y;				/* from: below, to: above */
	bool		has_y;			/* does the vertical place mean anything? */
} GaePanel;

/* Its grid and the numbers at its sides. */
extern void gae_chart_panel(GaeSvg *svg, const GaePanel *panel);

/* What its sides mean; the title of y may be NULL. */
extern void gae_chart_axis_titles(GaeSvg *svg, const GaePanel *panel, const char *x, const char *y);

/* Words at the head of a picture. */
#define GAE_CHART_HEAD 58		/* the height that they take */
extern void gae_chart_head(GaeSvg *svg, double left, const char *title, const char *subtitle);

/* A line of small text; anchor is "start", "middle" or "end". */
extern void gae_chart_text(GaeSvg *svg, double x, double y, const char *anchor, const char *text);

#endif							/* GAE_CHART_H */
