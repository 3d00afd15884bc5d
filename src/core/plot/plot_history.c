/*
 * plot_history.c
 *		A picture of a training: a panel of losses, and below it one of validation scores.
 */
#include "core/plot/plot_internal.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "core/base/range.h"

/* The right side of the panels. */
#define RIGHT (GAE_PLOT_WIDTH - GAE_PLOT_LEGEND)

/* The heights of the two panels, and the space between them. */
#define LOSS_HEIGHT 250
#define SCORE_HEIGHT 150
#define BETWEEN 40

/*
 * More than twice as many epochs are cut into this many runs, and of each only the least
 * and the greatest value are drawn.
 */
#define MOST_RUNS 500

/*
 * A loss whose greatest value is more than LOGARITHMIC times its least is shown on a
 * logarithmic scale of at most MOST_DECADES powers of ten.  Parts of the loss that are
 * lower than the scale lie at its lower end.
 */
#define LOGARITHMIC 30
#define MOST_DECADES 4

/* The space above and below the curves: a share of the axis or, if logarithmic, a factor. */
#define FREE_SIDE 0.04
#define FREE_FACTOR 1.2

/* The height of a row of the legend, and room for a line of text. */
#define ROW_HEIGHT 21
#define TEXT_BYTES 128

/* Larger values, which no useful training has, could overflow in computing places. */
#define LARGEST 1e100

/* A member of GaeHistoryRow over the epochs. */
typedef struct Curve
{
	const char *name;
	const char *colour;
	size_t		member;			/* its offset in GaeHistoryRow */
	double		low;			/* the least of its values */
	double		high;			/* the greatest */
} Curve;

#define MOST_CURVES 3
typedef struct Curves
{
	int			count;
	Curve		curve[MOST_CURVES];
} Curves;

/* The value of an epoch, counted from 0; NaN where there is none. */
static double
value_of(const GaeModel *model, const Curve *curve, int32_t epoch)
{
	double		value;

	memcpy(&value, (const char *) &model->history[epoch] + curve->member, sizeof(value));
	return fabs(value) < LARGEST ? value : NAN;
}

/* Add a curve, unless it has no values. */
static GaeStatus
add_curve(GaeEnv *env, const GaeModel *model, const char *name, size_t member, int colour,
		  Curves *curves)
{
	Curve		curve = {name, gae_chart_colours[colour], member, INFINITY, -INFINITY};

	for (int32_t epoch = 0; epoch < model->epochs_run; epoch++)
	{
		double		value = value_of(model, &curve, epoch);

		if (epoch % GAE_PLOT_POLL == 0)
			GAE_TRY(gae_poll(env));
		curve.low = fmin(curve.low, value); /* fmin and fmax ignore a NaN */
		curve.high = fmax(curve.high, value);
	}
	if (curve.low <= curve.high)
		curves->curve[curves->count++] = curve;
	return GAE_OK;
}

/* The curves of the loss and, if it has two parts, of these. */
static GaeStatus
find_losses(GaeEnv *env, const GaeModel *model, Curves *curves)
{
	GAE_TRY(add_curve(env, model, "loss", offsetof(GaeHistoryRow, loss), 0, curves));
	if (!gae_has_posterior(model->config.kind))
		return GAE_OK;
	GAE_TRY(add_curve(env, model, "reconstruction", offsetof(GaeHistoryRow, reconstruction), 5,
					  curves));
	return add_curve(env, model, "KL divergence", offsetof(GaeHistoryRow, kl), 2, curves);
}

/* The curves of validation: how edges are ranked, or the loss of rows. */
static GaeStatus
find_scores(GaeEnv *env, const GaeModel *model, Curves *curves)
{
	GAE_TRY(add_curve(env, model, "AUC", offsetof(GaeHistoryRow, validation_auc), 0, curves));
	GAE_TRY(add_curve(env, model, "average precision", offsetof(GaeHistoryRow, validation_ap), 1,
					  curves));
	if (curves->count == 0)
		GAE_TRY(add_curve(env, model, "loss", offsetof(GaeHistoryRow, validation_loss), 0, curves));
	return GAE_OK;
}

/* An axis that holds all values of the curves. */
static GaeAxis
axis_of(const Curves *curves, double from, double to)
{
	const Curve *first = &curves->curve[0];
	GaeAxis		axis = {.low = first->low, .high = first->high, .from = from, .to = to};
	double		free_side;

	for (int c = 1; c < curves->count; c++)
	{
		axis.low = fmin(axis.low, curves->curve[c].low);
		axis.high = fmax(axis.high, curves->curve[c].high);
	}
	axis.logarithmic = first->low > 1 / LARGEST && first->high / first->low > LOGARITHMIC;
	if (axis.logarithmic)
	{
		axis.low = fmax(axis.low, axis.high / pow(10, MOST_DECADES)) / FREE_FACTOR;
		axis.high *= FREE_FACTOR;
		return axis;
	}
	free_side = FREE_SIDE * (axis.high - axis.low);
	if (free_side <= 1e-9 * fmax(fabs(axis.low), fabs(axis.high)))
		free_side = fmax(fabs(axis.high), 1) / 10;
	axis.low -= free_side;
	axis.high += free_side;
	return axis;
}

/* The state of drawing a curve. */
typedef struct Pen
{
	GaeSvg	   *svg;
	const GaePanel *panel;
	const GaeModel *model;
	const Curve *curve;
	int			points;			/* drawn so far */
} Pen;

/* Go on to the value of an epoch; to nowhere if it has none or the epoch is -1. */
static void
draw_to(Pen *pen, int64_t epoch)
{
	double		value = epoch < 0 ? NAN : value_of(pen->model, pen->curve, (int32_t) epoch);

	if (isnan(value))
		return;
	gae_svg_put(pen->svg, pen->points++ == 0 ? "M" : "L");
	gae_svg_number(pen->svg, gae_axis_place(&pen->panel->x, (double) epoch + 1));
	gae_svg_put(pen->svg, " ");
	gae_svg_number(pen->svg, gae_axis_place(&pen->panel->y, value));
}

/* Of the epochs first … end - 1 draw the least and the greatest value, the earlier first. */
static void
draw_extremes(Pen *pen, int32_t first, int32_t end)
{
	int32_t		least = -1;
	int32_t		greatest = -1;

	for (int32_t epoch = first; epoch < end; epoch++)
	{
		double		value = value_of(pen->model, pen->curve, epoch);

		if (isnan(value))
			continue;
		if (least < 0 || value < value_of(pen->model, pen->curve, least))
			least = epoch;
		if (greatest < 0 || value > value_of(pen->model, pen->curve, greatest))
			greatest = epoch;
	}
	draw_to(pen, gae_min(least, greatest));
	if (least != greatest)
		draw_to(pen, gae_max(least, greatest));
}

static GaeStatus
draw_curve(GaeEnv *env, Pen *pen)
{
	int32_t		epochs = pen->model->epochs_run;
	int32_t		runs = epochs > 2 * MOST_RUNS ? MOST_RUNS : epochs;

	gae_svg_put(pen->svg, "<path stroke=\"");
	gae_svg_put(pen->svg, pen->curve->colour);
	gae_svg_put(pen->svg, "\" d=\"");
	for (int64_t run = 0; run < runs; run++)
	{
		GAE_TRY(gae_poll(env));
		draw_extremes(pen, (int32_t) (run * epochs / runs), (int32_t) ((run + 1) * epochs / runs));
	}

	/* A line of no length shows a single point, by its round ends. */
	gae_svg_put(pen->svg, pen->points == 1 ? "h0\"><title>" : "\"><title>");
	gae_svg_put(pen->svg, pen->curve->name);
	gae_svg_put(pen->svg, "</title></path>\n");
	return GAE_OK;
}

/* The names of the curves, and their values in the epoch whose weights were kept. */
static void
put_legend(GaeSvg *svg, const GaePanel *panel, const GaeModel *model, const Curves *curves)
{
	double		left = panel->x.to + 20;
	int32_t		kept = model->best_epoch - 1;

	for (int c = 0; c < curves->count; c++)
	{
		const Curve *curve = &curves->curve[c];
		double		y = panel->y.to + 12 + c * ROW_HEIGHT;
		double		value = kept < 0 ? NAN : value_of(model, curve, kept);
		char		number[TEXT_BYTES];

		gae_svg_put(svg, "<rect");
		gae_svg_attribute(svg, "x", left);
		gae_svg_attribute(svg, "y", y - 6);
		gae_svg_put(svg, " width=\"16\" height=\"4\" fill=\"");
		gae_svg_put(svg, curve->colour);
		gae_svg_put(svg, "\"/>");
		gae_chart_text(svg, left + 23, y, "start", curve->name);
		snprintf(number, sizeof(number), "%.4g", value);
		if (!isnan(value))
			gae_chart_text(svg, GAE_PLOT_WIDTH - 14, y, "end", number);
	}
}

/* A dashed line at the epoch whose weights were kept. */
static void
mark_kept_epoch(GaeSvg *svg, const GaePanel *panel, const GaeModel *model)
{
	double		place = gae_axis_place(&panel->x, model->best_epoch);

	gae_svg_put(svg, "<path stroke=\"#333\" stroke-dasharray=\"4 3\" d=\"M");
	gae_svg_number(svg, place);
	gae_svg_put(svg, " ");
	gae_svg_number(svg, panel->y.from);
	gae_svg_put(svg, "V");
	gae_svg_number(svg, panel->y.to);
	gae_svg_put(svg, "\"><title>epoch ");
	gae_svg_count(svg, model->best_epoch);
	gae_svg_put(svg, "</title></path>\n");
}

/* A panel of curves; "lowest" says that the title of the epochs stands below it. */
static GaeStatus
put_panel(GaeEnv *env, GaeSvg *svg, const GaeModel *model, const Curves *curves,
		  double top, double height, const char *title, bool lowest)
{
	GaePanel	panel = {
		.x = {.low = 1, .high = fmax(model->epochs_run, 2), .from = GAE_PLOT_LEFT, .to = RIGHT,
			.whole = true},
		.y = axis_of(curves, top + height, top),
		.has_y = true,
	};

	gae_chart_panel(svg, &panel);
	gae_chart_axis_titles(svg, &panel, lowest ? "epoch" : "", title);
	if (model->best_epoch > 0)
		mark_kept_epoch(svg, &panel, model);
	gae_svg_put(svg, "<g fill=\"none\" stroke-width=\"1.6\" stroke-linejoin=\"round\" "
				"stroke-linecap=\"round\">\n");
	for (int c = 0; c < curves->count; c++)
	{
		Pen			pen = {svg, &panel, model, &curves->curve[c], 0};

		GAE_TRY(draw_curve(env, &pen));
	}
	gae_svg_put(svg, "</g>\n");
	put_legend(svg, &panel, model, curves);
	return GAE_OK;
}

static void
put_head(GaeSvg *svg, const GaeModel *model)
{
	char		run[GAE_COUNT_BYTES];
	char		kept[GAE_COUNT_BYTES];
	char		title[TEXT_BYTES];
	char		subtitle[TEXT_BYTES] = "This model is untrained: it has run no epoch.";

	snprintf(title, sizeof(title), "Training (%s)", gae_model_kind_name(model->config.kind));
	if (model->epochs_run > 0)
		snprintf(subtitle, sizeof(subtitle), "%s epoch%s; the weights are those of epoch %s%s",
				 gae_count_text(model->epochs_run, run), model->epochs_run == 1 ? "" : "s",
				 gae_count_text(model->best_epoch, kept),
				 model->config.patience > 0 ? ", the best one" : "");
	gae_chart_head(svg, GAE_PLOT_LEFT, title, subtitle);
}

GaeStatus
gae_plot_history(GaeEnv *env, const GaeModel *model, char **text, int64_t *length)
{
	Curves		losses = {0};
	Curves		scores = {0};
	double		top = GAE_CHART_HEAD;
	double		height;
	GaeSvg		svg;

	GAE_TRY(find_losses(env, model, &losses));
	if (losses.count > 0)
		GAE_TRY(find_scores(env, model, &scores));
	height = top + (losses.count > 0 ? LOSS_HEIGHT : 0) +
		(scores.count > 0 ? BETWEEN + SCORE_HEIGHT : 0);
	gae_svg_begin(env, &svg, GAE_PLOT_WIDTH, height + (losses.count > 0 ? GAE_PLOT_FOOT : 0));
	put_head(&svg, model);
	if (losses.count > 0)
		GAE_TRY(put_panel(env, &svg, model, &losses, top, LOSS_HEIGHT, "loss", scores.count == 0));
	if (scores.count > 0)
		GAE_TRY(put_panel(env, &svg, model, &scores, top + LOSS_HEIGHT + BETWEEN, SCORE_HEIGHT,
						  "validation", true));
	GAE_TRY(gae_svg_end(&svg));
	*text = svg.text;
	*length = svg.length;
	return GAE_OK;
}
