/*
 * input_matrix.c
 *		The feature matrix X of an input, from the rows that were read.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include "core/features/features_build.h"
#include "core/features/scaler_learn.h"
#include "core/graph/split.h"
#include "core/nn/architecture.h"
#include "pg/base/env_pg.h"
#include "pg/input/input_arrays.h"
#include "pg/input/input_feature_notices.h"
#include "pg/input/input_matrix.h"

typedef struct Matrix
{
	GaeEnv	   *env;
	const VgaeInputQuery *query;
	const VgaeNodeRows *rows;
	VgaeInput  *input;
	int			columns;
	GaeFeatureColumn *column;	/* those of "nodes", then that of "features" */
	GaeFeatureCells cells;		/* of "features" */
} Matrix;

/* The values of "features" in the order of X, and the column that they are. */
static void
make_sparse_column(Matrix *matrix, VgaeTriplets *triplets, GaeFeatureColumn *column)
{
	const VgaeSchema *given = matrix->query->schema;
	VgaeSchema *schema = &matrix->input->schema;
	VgaeKeys	features;
	GaeTriplets core = {.count = triplets->count};

	matrix->input->unknown_features =
		vgae_features_resolve(triplets, given != NULL ? &given->features : NULL, &features);
	if (given == NULL)
		schema->features = features;
	core.row = triplets->node;
	core.column = triplets->feature;
	core.value = triplets->value;
	vgae_check(matrix->env, gae_feature_cells_make(matrix->env, &core, matrix->input->nodes,
												   matrix->input->rank, &matrix->cells));
	vgae_features_free(triplets);

	column->form = GAE_FEATURE_COLUMN_CELLS;
	column->width = schema->features.count;
	column->keep_constant = matrix->query->unit_interval;
	column->scaling = matrix->query->unit_interval ? GAE_SCALING_NONE : GAE_SCALING_ROOT_MEAN_SQUARE;
	column->indicator = schema->features_indicator;
	column->cells = &matrix->cells;
}

/* Describe what was read as columns for the core, and as a schema. */
static void
make_columns(Matrix *matrix, VgaeNodeRows *rows, VgaeTriplets *triplets)
{
	const VgaeInputQuery *query = matrix->query;
	VgaeSchema *schema = &matrix->input->schema;
	bool		learn = query->schema == NULL;

	if (learn)
	{
		schema->columns = rows->columns;
		schema->column = palloc0((schema->columns + 1) * sizeof(VgaeSchemaColumn));
		schema->has_features = query->features != NULL;
	}
	else
		*schema = *query->schema;

	matrix->columns = rows->columns;
	matrix->column = palloc0((matrix->columns + 1) * sizeof(GaeFeatureColumn));
	vgae_nodes_columns(rows, !query->unit_interval, matrix->column, learn ? schema->column : NULL);
	if (query->features != NULL)
		make_sparse_column(matrix, triplets, &matrix->column[matrix->columns++]);

	schema->width = 0;
	for (int c = 0; c < matrix->columns; c++)
		schema->width += matrix->column[c].width;
}

/* Keep the indicators of a former training, whose weights say what a missing value means. */
static void
adopt_indicators(Matrix *matrix)
{
	const VgaeSchema *former = matrix->query->former_schema;
	const VgaeSchema *schema = &matrix->input->schema;

	for (int c = 0; c < schema->columns; c++)
	{
		const VgaeSchemaColumn *column = &schema->column[c];
		const VgaeSchemaColumn *there = vgae_schema_column(former, column->name, column->kind);

		matrix->column[c].indicator = column->width > 0 && there != NULL && there->indicator;
	}
	if (schema->has_features)
		matrix->column[schema->columns].indicator = former->features_indicator;
}

/*
 * Scale the columns of a former training as they were then, so that its weights
 * keep their meaning.  A column that was constant then had no weight to keep.
 */
static void
adopt_scaler(const VgaeInputQuery *query, const VgaeSchema *schema, GaeScaler *scaler)
{
	const GaeScaler *former = query->former_scaler;
	int32	   *map;

	map = MemoryContextAllocHuge(CurrentMemoryContext,
								 Max(schema->width + schema->indicators, 1) * sizeof(int32));
	vgae_schema_map(schema, query->former_schema, map);
	for (int64 j = 0; j < schema->width; j++)
	{
		if (j % VGAE_POLL_ROWS == 0)
			CHECK_FOR_INTERRUPTS();
		if (map[j] < 0 || map[j] >= former->columns ||
			former->scaling[map[j]] == GAE_SCALING_CONSTANT)
			continue;
		scaler->scaling[j] = former->scaling[map[j]];
		scaler->mean[j] = former->mean[map[j]];
		scaler->deviation[j] = former->deviation[map[j]];
	}
	pfree(map);
}

/*
 * For a training on rows, the part of the split that each row will be in, drawn as the
 * training will draw it; else NULL.  Rows that are held out must not take part in the
 * standardisation.
 */
static const uint8 *
held_out_rows(const Matrix *matrix)
{
	const GaeConfig *config = matrix->query->config;
	uint8	   *part;
	int64		count[GAE_PARTS];
	GaeSplit	split;

	if (config == NULL || !gae_has_rows(config->kind))
		return NULL;
	split = (GaeSplit) {config->validation_fraction, config->test_fraction, config->seed};
	vgae_check(matrix->env, gae_split_rows(matrix->env, &split, matrix->input->nodes,
										   matrix->input->key_hash, &part, count));
	return part;
}

/* Tell of features that may not be what was meant, and of those that are left out. */
static void
tell_of_features(const Matrix *matrix)
{
	const VgaeSchema *schema = &matrix->input->schema;
	const GaeScaler *scaler = &matrix->input->scaler;
	int64		first = 0;

	for (int c = 0; c < schema->columns; c++)
	{
		if (schema->column[c].kind == VGAE_FEATURE_COLUMN_CATEGORY)
			vgae_tell_arrays_of_text(&matrix->rows->column[c].input, &schema->column[c].categories);
		vgae_warn_constant_column(&matrix->rows->column[c], matrix->rows->count, first, scaler);
		first += schema->column[c].width;
	}
	if (schema->has_features)
		vgae_warn_constant_features(&schema->features, first, scaler);
}

/* Learn how features are brought to scale, and which have indicators. */
static void
learn_scaler(Matrix *matrix)
{
	const VgaeInputQuery *query = matrix->query;
	VgaeInput  *input = matrix->input;
	VgaeSchema *schema = &input->schema;
	GaeLearningRows from = {
		.rows = input->nodes, .rank = input->rank,
		.part = held_out_rows(matrix), .last_part = GAE_PART_TRAINING
	};

	if (query->former_schema != NULL)
		adopt_indicators(matrix);
	vgae_check(matrix->env, gae_scaler_learn(matrix->env, matrix->column, matrix->columns, &from,
											 &input->scaler));
	for (int c = 0; c < schema->columns; c++)
	{
		schema->column[c].indicator = matrix->column[c].indicator;
		schema->indicators += schema->column[c].indicator;
	}
	schema->features_indicator = schema->has_features && matrix->column[schema->columns].indicator;
	schema->indicators += schema->features_indicator;
	if (query->former_schema != NULL)
		adopt_scaler(query, schema, &input->scaler);
}

/* How many columns of X tell nodes apart. */
static int64
count_informative(const VgaeInput *input)
{
	int64		informative = input->schema.indicators;

	for (int64 j = 0; j < input->schema.width; j++)
	{
		if (j % VGAE_POLL_ROWS == 0)
			CHECK_FOR_INTERRUPTS();
		informative += input->scaler.scaling[j] != GAE_SCALING_CONSTANT;
	}
	return informative;
}

/* What column j of X is called, for messages. */
static char *
feature_label(const VgaeSchema *schema, int64 j)
{
	for (int c = 0; c < schema->columns; c++)
	{
		const VgaeSchemaColumn *column = &schema->column[c];

		if (j >= column->width)
			j -= column->width;
		else if (column->kind == VGAE_FEATURE_COLUMN_ARRAY)
			return psprintf("element %lld of column \"%s\"", (long long) j + 1, column->name);
		else
			return psprintf("column \"%s\"", column->name);
	}
	return psprintf("feature %s", vgae_key_display(&schema->features, (int32) j));
}

static void
check_unit_interval(GaeEnv *env, const VgaeInput *input)
{
	int64		row;
	int64		column;
	GaeReal		value;

	vgae_check(env, gae_features_outside_unit(env, &input->features, &row, &column, &value));
	if (row >= 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("feature values must lie between 0 and 1 for reconstruction \"bce\""),
				 errdetail("The value of %s is %g for node %s.",
						   feature_label(&input->schema, column), value,
						   vgae_key_display(&input->keys, (int32) row)),
				 errhint("Scale the column in the query, or use reconstruction \"mse\".")));
}

void
vgae_matrix_make(GaeEnv *env, const VgaeInputQuery *query, VgaeNodeRows *rows,
				 VgaeTriplets *triplets, VgaeInput *input)
{
	Matrix		matrix = {.env = env, .query = query, .rows = rows, .input = input};

	make_columns(&matrix, rows, triplets);
	if (input->schema.width == 0)
		gae_features_identity(input->nodes, &input->features);
	else
	{
		if (query->schema != NULL)
			input->scaler = *query->scaler;
		else
			learn_scaler(&matrix);
		vgae_check(env, gae_features_build(env, matrix.column, matrix.columns, input->nodes,
										   input->rank, &input->scaler, &input->features));
		input->informative = count_informative(input);
		if (query->unit_interval)
			check_unit_interval(env, input);
	}
	if (query->schema == NULL && input->nodes > 0)
		tell_of_features(&matrix);
	if (query->features != NULL)
		gae_feature_cells_free(env, &matrix.cells);
	pfree(matrix.column);
}
