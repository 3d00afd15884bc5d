/*
 * scaler_learn.c
 *		Means, deviations and the scaling of features, learnt from columns.
 *
 * Sums go over the nodes in their order, so that they do not depend on the order in which
 * rows were read.
 */
#include "core/features/scaler_learn.h"

#include <string.h>

#include "core/features/moments.h"

/* A deviation below this part of the mean is what rounding leaves of a constant column. */
#define ROUNDING 1e-12

/* Values looked at between two looks at interrupts: a few milliseconds' work. */
#define POLL_VALUES (1 << 18)

typedef struct Learner
{
	GaeEnv	   *env;
	const GaeLearningRows *from;
	int32_t    *row;			/* of each node, as read; NULL: the node's own number */
	int64_t		nodes;			/* that are learnt from */

	/* Of the present column. */
	int64_t		missing;		/* nodes to learn from that miss its value */
	GaeMoments	moments;		/* mean and deviation are the scaler's */
} Learner;

static bool
learns_from(const Learner *learner, int64_t node)
{
	return learner->from->part == NULL || learner->from->part[node] <= learner->from->last_part;
}

/* A pass over a column of numbers, which also counts the rows that miss a value. */
static GaeStatus
pass_over_rows(Learner *learner, const GaeFeatureColumn *column, GaeMomentsPass pass)
{
	bool		is_scalar = column->form == GAE_FEATURE_COLUMN_SCALAR;
	int64_t		poll_rows = 1 + POLL_VALUES / (column->width + 1);

	learner->missing = 0;
	for (int64_t node = 0; node < learner->from->rows; node++)
	{
		int64_t		row = learner->row != NULL ? learner->row[node] : node;
		bool		missing = false;

		if (node % poll_rows == 0)
			GAE_TRY(gae_poll(learner->env));
		if (!learns_from(learner, node))
			continue;
		for (int64_t j = 0; j < column->width; j++)
		{
			double		value = is_scalar ? column->scalar[row] : column->array[row * column->width + j];

			if (j > 0 && j % POLL_VALUES == 0)
				GAE_TRY(gae_poll(learner->env));
			if (isnan(value))
				missing = true;
			else
				gae_moments_add(&learner->moments, j, value, pass);
		}
		learner->missing += missing;
	}
	return GAE_OK;
}

static GaeStatus
learn_numbers(Learner *learner, const GaeFeatureColumn *column)
{
	GAE_TRY(pass_over_rows(learner, column, GAE_PASS_RANGE));
	GAE_TRY(pass_over_rows(learner, column, GAE_PASS_MEAN));
	GAE_TRY(gae_moments_begin_deviations(learner->env, &learner->moments));
	GAE_TRY(pass_over_rows(learner, column, GAE_PASS_DEVIATION));
	return gae_moments_end_deviations(learner->env, &learner->moments);
}

/* A category's mean is its frequency. */
static GaeStatus
learn_categories(Learner *learner, const GaeFeatureColumn *column)
{
	int64_t		known;

	learner->missing = 0;
	for (int64_t node = 0; node < learner->from->rows; node++)
	{
		int32_t		category = column->category[learner->row != NULL ? learner->row[node] : node];

		if (node % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(learner->env));
		if (!learns_from(learner, node))
			continue;
		learner->missing += category == GAE_CATEGORY_MISSING;
		if (category >= 0)
			learner->moments.range[category].count++;
	}
	known = learner->nodes - learner->missing;
	for (int64_t j = 0; j < column->width; j++)
	{
		double		frequency = known > 0 ? learner->moments.range[j].count / (double) known : 0;

		learner->moments.mean[j] = frequency;
		learner->moments.deviation[j] = sqrt(frequency * (1 - frequency));
	}
	return GAE_OK;
}

/* A pass over the cells of the rows that count, except those that are 0 or missing. */
static GaeStatus
pass_over_cells(Learner *learner, const GaeFeatureCells *cells, GaeMomentsPass pass)
{
	for (int64_t i = 0; i < cells->count; i++)
	{
		const GaeFeatureCell *cell = &cells->cell[i];
		int32_t		j = gae_cell_column(cell);

		if (i % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(learner->env));
		if (gae_cell_missing(cell) || gae_cell_value(cell) == 0 ||
			!(learner->moments.range[j].everywhere || learns_from(learner, gae_cell_row(cell))))
			continue;
		gae_moments_add(&learner->moments, j, gae_cell_value(cell), pass);
	}
	return GAE_OK;
}

/* Features of which the rows to learn from have no value are learnt from all rows. */
static GaeStatus
widen_unseen(Learner *learner, const GaeFeatureColumn *column)
{
	bool		any = false;

	for (int64_t j = 0; j < column->width; j++)
	{
		if (j % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(learner->env));
		learner->moments.range[j].everywhere = learner->moments.range[j].count == 0;
		any |= learner->moments.range[j].everywhere;
	}
	for (int64_t j = 0; j < column->width && any; j++)
	{
		if (j % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(learner->env));
		learner->moments.range[j].count = 0;
	}
	return any ? pass_over_cells(learner, column->cells, GAE_PASS_RANGE) : GAE_OK;
}

/* Has a feature values that differ?  Else its mean is its value, and no pass need find it. */
static GaeStatus
values_differ(Learner *learner, int64_t width, bool *differ)
{
	*differ = false;
	for (int64_t j = 0; j < width && !*differ; j++)
	{
		if (j % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(learner->env));
		*differ = learner->moments.range[j].least < learner->moments.range[j].most;
	}
	return GAE_OK;
}

/*
 * Count the rows that give none of the features, and count missing values of features with
 * the others: a missing value takes the mean, and so keeps a constant feature constant.
 */
static GaeStatus
count_missing(Learner *learner, const GaeFeatureCells *cells)
{
	learner->missing = 0;
	for (int64_t node = 0; node < learner->from->rows; node++)
	{
		if (node % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(learner->env));
		learner->missing += learns_from(learner, node) && !cells->row_given[node];
	}
	for (int64_t i = 0; i < cells->count; i++)
	{
		const GaeFeatureCell *cell = &cells->cell[i];

		if (i % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(learner->env));
		if (gae_cell_missing(cell) && learns_from(learner, gae_cell_row(cell)))
			learner->moments.range[gae_cell_column(cell)].count++;
	}
	return GAE_OK;
}

static GaeStatus
learn_cells(Learner *learner, const GaeFeatureColumn *column)
{
	bool		differ;

	GAE_TRY(pass_over_cells(learner, column->cells, GAE_PASS_RANGE));
	GAE_TRY(widen_unseen(learner, column));
	GAE_TRY(values_differ(learner, column->width, &differ));
	if (differ)
		GAE_TRY(pass_over_cells(learner, column->cells, GAE_PASS_MEAN));
	GAE_TRY(gae_moments_begin_deviations(learner->env, &learner->moments));
	if (differ)
		GAE_TRY(pass_over_cells(learner, column->cells, GAE_PASS_DEVIATION));
	GAE_TRY(gae_moments_end_deviations(learner->env, &learner->moments));
	return count_missing(learner, column->cells);
}

/* The scaling of the features of a column that are not constant. */
static GaeScaling
choose_scaling(const Learner *learner, const GaeFeatureColumn *column)
{
	if (column->form != GAE_FEATURE_COLUMN_ARRAY || column->scaling != GAE_SCALING_STANDARD)
		return column->scaling;
	for (int64_t j = 0; j < column->width; j++)
		if (learner->moments.range[j].least < -1 || learner->moments.range[j].most > 1)
			return GAE_SCALING_STANDARD;
	return GAE_SCALING_NONE;
}

/* Is feature j the same in all rows to learn from? */
static bool
is_constant(const Learner *learner, const GaeFeatureColumn *column, GaeScaling scaling, int64_t j)
{
	const GaeValueRange *range = &learner->moments.range[j];
	double		mean = learner->moments.mean[j];

	if (learner->moments.deviation[j] > 0)
		return scaling == GAE_SCALING_STANDARD && learner->moments.deviation[j] <= fabs(mean) * ROUNDING;
	if (column->form == GAE_FEATURE_COLUMN_CELLS && mean != 0)
		return !range->everywhere && range->count == learner->nodes;
	return true;
}

/* Choose how the present column's features, from "first" on, are brought to scale. */
static GaeStatus
set_scaling(const Learner *learner, const GaeFeatureColumn *column, int64_t first, GaeScaler *scaler)
{
	GaeScaling	scaling = choose_scaling(learner, column);
	int64_t		constant = 0;

	for (int64_t j = 0; j < column->width; j++)
	{
		if (j % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(learner->env));
		scaler->scaling[first + j] = (uint8_t) scaling;
		if (column->keep_constant || !is_constant(learner, column, scaling, j))
			continue;
		scaler->scaling[first + j] = GAE_SCALING_CONSTANT;
		constant++;
	}

	/* A category that the rows to learn from do not have stays one of several. */
	if (column->form == GAE_FEATURE_COLUMN_CATEGORY && constant < column->width)
		memset(scaler->scaling + first, scaling, (size_t) column->width);
	return GAE_OK;
}

/* Learn the features of a column, which begin at "first". */
static GaeStatus
learn_column(Learner *learner, GaeFeatureColumn *column, int64_t first, GaeScaler *scaler)
{
	learner->moments = (GaeMoments) {
		.width = column->width, .mean = scaler->mean + first, .deviation = scaler->deviation + first
	};
	GAE_ALLOC_ZERO(learner->env, learner->moments.range, column->width);
	switch (column->form)
	{
		case GAE_FEATURE_COLUMN_SCALAR:
		case GAE_FEATURE_COLUMN_ARRAY:
			GAE_TRY(learn_numbers(learner, column));
			break;
		case GAE_FEATURE_COLUMN_CATEGORY:
			GAE_TRY(learn_categories(learner, column));
			break;
		case GAE_FEATURE_COLUMN_CELLS:
			GAE_TRY(learn_cells(learner, column));
			break;
	}
	GAE_TRY(set_scaling(learner, column, first, scaler));
	if (column->width > 0 && learner->missing > 0 && learner->missing < learner->nodes)
		column->indicator = true;
	gae_free(learner->env, learner->moments.range);
	return GAE_OK;
}

/* The row of each node, and how many nodes are learnt from. */
static GaeStatus
begin_learning(Learner *learner)
{
	const GaeLearningRows *from = learner->from;

	if (from->rank != NULL)
		GAE_ALLOC(learner->env, learner->row, from->rows);
	for (int64_t i = 0; i < from->rows; i++)
	{
		if (i % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(learner->env));
		if (from->rank != NULL)
			learner->row[from->rank[i]] = (int32_t) i;
		learner->nodes += learns_from(learner, i);
	}
	return GAE_OK;
}

GaeStatus
gae_scaler_learn(GaeEnv *env, GaeFeatureColumn *columns, int count, const GaeLearningRows *from,
				 GaeScaler *scaler)
{
	Learner		learner = {.env = env, .from = from};
	int64_t		first = 0;
	int64_t		features = 0;

	for (int c = 0; c < count; c++)
		features += columns[c].width;
	GAE_TRY(gae_scaler_create(env, features, scaler));
	GAE_TRY(begin_learning(&learner));
	for (int c = 0; c < count; c++)
	{
		GAE_TRY(learn_column(&learner, &columns[c], first, scaler));
		first += columns[c].width;
	}
	gae_free(env, learner.row);
	return GAE_OK;
}
