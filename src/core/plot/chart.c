/*
 * chart.c
 *		The parts of a chart: colours, texts, and panels with axes.
 */
#include "core/plot/chart.h"

#include <math.h>
#include <stdio.h>

const char *const gae_chart_colours[GAE_CHART_COLOURS] = {
	"#0072b2", "#d55e00", "#009e73", "#56b4e9", "#cc79a7", "#e69f00", "#f0e442"
};

/* The least distance between two ticks of an axis, in pixels, and the most of them. */
#define TICK_DISTANCE 50
#define MOST_TICKS 40

/* Room for the number at a tick. */
#define TICK_BYTES 32

double
gae_axis_place(const GaeAxis *axis, double value)
{
	double		share;

	if (axis->logarithmic)
		share = log(fmax(value, axis->low) / axis->low) / log(axis->high / axis->low);
	else
		share = (value - axis->low) / (axis->high - axis->low);
	return axis->from + (axis->to - axis->from) * share;
}

/* The smallest of 1, 2 and 5 times powers of ten that is at least "least". */
static double
round_step(double least)
{
	double		power = pow(10, floor(log10(least)));

	if (least <= power)
		return power;
	if (least <= 2 * power)
		return 2 * power;
	return least <= 5 * power ? 5 * power : 10 * power;
}

/* Ticks at the multiples of a round step; returns their number. */
static int
linear_ticks(const GaeAxis *axis, double tick[MOST_TICKS], double *step)
{
	double		wanted = fmax(1, floor(fabs(axis->to - axis->from) / TICK_DISTANCE));
	double		first;
	int			count = 0;

	*step = round_step(fmax((axis->high - axis->low) / wanted, axis->whole ? 1 : 0));
	first = ceil(axis->low / *step);
	while (count < MOST_TICKS && (first + count) * *step <= axis->high)
	{
		tick[count] = (first + count) * *step;
		count++;
	}
	return count;
}

/* Ticks at 1, 2 and 5 times powers of ten, or at powers of ten alone if those are many. */
static int
logarithmic_ticks(const GaeAxis *axis, double tick[MOST_TICKS])
{
	static const double digits[] = {1, 2, 5};
	int			digit_count = log10(axis->high / axis->low) > 4 ? 1 : 3;
	int			count = 0;

	for (double power = pow(10, floor(log10(axis->low))); power <= axis->high; power *= 10)
		for (int d = 0; d < digit_count && count < MOST_TICKS; d++)
			if (digits[d] * power >= axis->low && digits[d] * power <= axis->high)
				tick[count++] = digits[d] * power;
	return count;
}

static void
format_tick(double value, double step, bool logarithmic, char text[TICK_BYTES])
{
	int			decimals = logarithmic ? -1 : (int) fmax(0, -floor(log10(step) + 1e-9));

	if (decimals < 0 || decimals > 6 || fabs(value) >= 1e7)
		snprintf(text, TICK_BYTES, "%g", value);
	else
		snprintf(text, TICK_BYTES, "%.*f", decimals, value);
}

static void
put_line(GaeSvg *svg, double x1, double y1, double x2, double y2)
{
	gae_svg_put(svg, "<path d=\"M");
	gae_svg_number(svg, x1);
	gae_svg_put(svg, " ");
	gae_svg_number(svg, y1);
	gae_svg_put(svg, "L");
	gae_svg_number(svg, x2);
	gae_svg_put(svg, " ");
	gae_svg_number(svg, y2);
	gae_svg_put(svg, "\"/>\n");
}

/* Draw the lines of the grid, or the numbers, of one axis. */
static void
put_ticks(GaeSvg *svg, const GaePanel *panel, bool horizontal, bool numbers)
{
	const GaeAxis *axis = horizontal ? &panel->x : &panel->y;
	double		tick[MOST_TICKS];
	double		step = 0;
	int			count = axis->logarithmic ? logarithmic_ticks(axis, tick)
		: linear_ticks(axis, tick, &step);

	for (int t = 0; t < count; t++)
	{
		double		place = gae_axis_place(axis, tick[t]);
		char		text[TICK_BYTES];

		format_tick(tick[t], step, axis->logarithmic, text);
		if (numbers && horizontal)
			gae_chart_text(svg, place, panel->y.from + 16, "middle", text);
		else if (numbers)
			gae_chart_text(svg, panel->x.from - 7, place + 4, "end", text);
		else if (horizontal)
			put_line(svg, place, panel->y.from, place, panel->y.to);
		else
			put_line(svg, panel->x.from, place, panel->x.to, place);
	}
}

void
gae_chart_panel(GaeSvg *svg, const GaePanel *panel)
{
	gae_svg_put(svg, "<g stroke=\"#e6e6e6\">\n");
	put_ticks(svg, panel, true, false);
	if (panel->has_y)
		put_ticks(svg, panel, false, false);
	gae_svg_put(svg, "</g>\n<g font-size=\"11\" fill=\"#666\">\n");
	put_ticks(svg, panel, true, true);
	if (panel->has_y)
		put_ticks(svg, panel, false, true);
	gae_svg_put(svg, "</g>\n");
}

void
gae_chart_axis_titles(GaeSvg *svg, const GaePanel *panel, const char *x, const char *y)
{
	double		left = panel->x.from - 42;
	double		middle = (panel->y.from + panel->y.to) / 2;

	gae_chart_text(svg, (panel->x.from + panel->x.to) / 2, panel->y.from + 36, "middle", x);
	if (y == NULL)
		return;
	gae_svg_put(svg, "<g transform=\"translate(");
	gae_svg_number(svg, left);
	gae_svg_put(svg, " ");
	gae_svg_number(svg, middle);
	gae_svg_put(svg, ") rotate(-90)\">");
	gae_chart_text(svg, 0, 0, "middle", y);
	gae_svg_put(svg, "</g>\n");
}

void
gae_chart_head(GaeSvg *svg, double left, const char *title, const char *subtitle)
{
	gae_svg_put(svg, "<g font-size=\"16\" font-weight=\"bold\" fill=\"#111\">");
	gae_chart_text(svg, left, 26, "start", title);
	gae_svg_put(svg, "</g>\n<g fill=\"#666\">");
	gae_chart_text(svg, left, 44, "start", subtitle);
	gae_svg_put(svg, "</g>\n");
}

void
gae_chart_text(GaeSvg *svg, double x, double y, const char *anchor, const char *text)
{
	gae_svg_put(svg, "<text");
	gae_svg_attribute(svg, "x", x);
	gae_svg_attribute(svg, "y", y);
	gae_svg_put(svg, " text-anchor=\"");
	gae_svg_put(svg, anchor);
	gae_svg_put(svg, "\">");
	gae_svg_print(svg, "%s", text);
	gae_svg_put(svg, "</text>\n");
}
