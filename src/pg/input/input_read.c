/*
 * input_read.c
 *		Inputs put together: the nodes in order, the edges and the feature matrix.
 *
 * All keys of nodes go through one set that numbers them as they come; rows are
 * kept by these numbers.  When all is read, the keys are sorted, and "rank" says
 * for each number which node it is.
 */
#include "postgres.h"

#include "utils/memutils.h"

#include "core/features/features_build.h"
#include "core/graph/split.h"
#include "core/nn/architecture.h"
#include "pg/base/env_pg.h"
#include "pg/input/input_features.h"
#include "pg/input/input_nodes.h"
#include "pg/input/input_read.h"
#include "pg/keys/key_hash.h"

typedef struct Reading
{
	GaeEnv	   *env;
	const VgaeInputQuery *query;
	VgaeInput  *input;
	MemoryContext caller;		/* for what is returned */
	VgaeNodeKeys nodes;
	VgaeNodeRows rows;
	VgaeTriplets triplets;
	int			columns;
	GaeFeatureColumn *column;	/* the columns of X, as they were read */
} Reading;

/* The inputs must be those that the model of a given schema was trained with. */
static void
check_given_schema(const VgaeInputQuery *query)
{
	const VgaeSchema *schema = query->schema;

	if (schema->columns > 0 && query->nodes == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"nodes\" must be given for this model"),
				 errdetail_plural("The model was trained with %d feature column of \"nodes\", \"%s\".",
								  "The model was trained with %d feature columns of \"nodes\", the first of which is \"%s\".",
								  schema->columns, schema->columns, schema->column[0].name),
				 errhint("Give the same columns, as to vgae_train.")));
	if (schema->has_features && query->features == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"features\" must be given for this model"),
				 errdetail_plural("The model was trained with %d sparse feature.",
								  "The model was trained with %d sparse features.",
								  schema->features.count, schema->features.count),
				 errhint("Give the same features, as to vgae_train.")));
	if (!schema->has_features && query->features != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"features\" does not fit this model"),
				 errdetail("The model was trained without sparse features."),
				 errhint("Leave the argument out.")));
}

static void
check_feature_type(const Reading *reading)
{
	const VgaeSchema *schema = reading->query->schema;
	VgaeKeyType type = vgae_key_set_type(reading->triplets.set);

	if (schema != NULL && type != schema->features.type)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("argument \"features\" does not fit this model"),
				 errdetail("Its features are of type %s, but those of the model are of type %s.",
						   vgae_key_type_name(type), vgae_key_type_name(schema->features.type)),
				 errhint("Cast the feature column in the query.")));
}

/* The error for keys whose numbers are "known" and above: argument "nodes" does not have them. */
static void
refuse_unknown_keys(const char *argument, const VgaeKeySet *set, int32 known)
{
	int32		unknown = vgae_key_set_count(set) - known;

	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("argument \"%s\" has keys that argument \"nodes\" does not have", argument),
			 errdetail_plural("The first is %s; there is %d such key in all.",
							  "The first is %s; there are %d such keys in all.",
							  unknown, vgae_key_set_display(set, known), unknown),
			 errhint("Add them to argument \"nodes\", or leave out the rows that name them.")));
}

/* Run the queries of all inputs. */
static void
read_rows(Reading *reading)
{
	const VgaeInputQuery *query = reading->query;
	VgaeNodeKeys *nodes = &reading->nodes;
	int32		known = 0;

	if (query->nodes != NULL)
	{
		vgae_nodes_read(reading->env, query->nodes, nodes, query->schema, &reading->rows);
		known = vgae_key_set_count(nodes->set);
	}
	if (query->edges != NULL)
	{
		vgae_edges_read(reading->env, query->edges, nodes, reading->caller,
						&reading->input->edges);
		if (query->nodes != NULL && vgae_key_set_count(nodes->set) > known)
			refuse_unknown_keys("edges", nodes->set, known);
	}
	if (query->features != NULL)
	{
		vgae_features_read(reading->env, query->features, nodes, &reading->triplets);
		if (query->nodes != NULL && vgae_key_set_count(nodes->set) > known)
			refuse_unknown_keys("features", nodes->set, known);
		check_feature_type(reading);
	}
}

/* Describe what was read as columns for the core, and as a schema. */
static void
make_columns(Reading *reading)
{
	const VgaeInputQuery *query = reading->query;
	VgaeSchema *schema = &reading->input->schema;
	bool		learn = query->schema == NULL;
	VgaeKeys	features;

	if (learn)
	{
		schema->columns = reading->rows.columns;
		schema->column = palloc0((schema->columns + 1) * sizeof(VgaeSchemaColumn));
		schema->has_features = query->features != NULL;
	}
	else
		*schema = *query->schema;

	reading->columns = reading->rows.columns;
	reading->column = palloc0((reading->columns + 1) * sizeof(GaeFeatureColumn));
	vgae_nodes_columns(&reading->rows, !query->unit_interval, reading->column,
					   learn ? schema->column : NULL);
	if (query->features != NULL)
	{
		VgaeTriplets *triplets = &reading->triplets;
		GaeFeatureColumn *column = &reading->column[reading->columns++];

		reading->input->unknown_features =
			vgae_features_resolve(triplets, learn ? NULL : &schema->features, &features);
		if (learn)
			schema->features = features;
		column->form = GAE_FEATURE_COLUMN_TRIPLETS;
		column->width = schema->features.count;
		column->triplets = triplets->count;
		column->triplet_row = triplets->node;
		column->triplet_column = triplets->feature;
		column->triplet_value = triplets->value;
	}

	schema->width = 0;
	for (int c = 0; c < reading->columns; c++)
		schema->width += reading->column[c].width;
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

	map = MemoryContextAllocHuge(CurrentMemoryContext, Max(schema->width, 1) * sizeof(int32));
	vgae_schema_map(schema, query->former_schema, map);
	for (int64 j = 0; j < schema->width; j++)
	{
		if (map[j] < 0 || map[j] >= former->columns || former->scale[map[j]] == 0)
			continue;
		scaler->center[j] = former->center[map[j]];
		scaler->scale[j] = former->scale[map[j]];
	}
	pfree(map);
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

/*
 * For a training on rows, the part of the split that each row will be in, drawn as the
 * training will draw it; else NULL.  Rows that are held out must not take part in the
 * standardisation.
 */
static const uint8 *
held_out_rows(const Reading *reading)
{
	const GaeConfig *config = reading->query->config;
	uint8	   *part;
	int64		count[GAE_PARTS];
	GaeSplit	split;

	if (config == NULL || !gae_has_rows(config->kind))
		return NULL;
	split = (GaeSplit) {config->validation_fraction, config->test_fraction, config->seed};
	vgae_check(reading->env, gae_split_rows(reading->env, &split, reading->input->nodes,
											reading->input->key_hash, &part, count));
	return part;
}

/* Build X from the columns. */
static void
build_features(Reading *reading)
{
	const VgaeInputQuery *query = reading->query;
	VgaeInput  *input = reading->input;
	GaeEnv	   *env = reading->env;

	if (input->schema.width == 0)
	{
		gae_features_identity(input->nodes, &input->features);
		return;
	}
	if (query->schema != NULL)
		input->scaler = *query->scaler;
	else
	{
		vgae_check(env, gae_scaler_learn(env, reading->column, reading->columns, input->nodes,
										 input->rank, held_out_rows(reading), GAE_PART_TRAINING,
										 &input->scaler));
		if (query->former_schema != NULL)
			adopt_scaler(query, &input->schema, &input->scaler);
	}
	vgae_check(env, gae_features_build(env, reading->column, reading->columns, input->nodes,
									   input->rank, &input->scaler, &input->features));
	if (query->unit_interval)
		check_unit_interval(env, input);
}

void
vgae_input_read(GaeEnv *env, const VgaeInputQuery *query, VgaeInput *input)
{
	Reading		reading = {
		.env = env,
		.query = query,
		.input = input,
		.caller = CurrentMemoryContext,
	};
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "vgae input",
												  ALLOCSET_DEFAULT_SIZES);

	if (query->edges == NULL && query->nodes == NULL && query->features == NULL)
		elog(ERROR, "no input to read");
	memset(input, 0, sizeof(*input));
	if (query->schema != NULL)
		check_given_schema(query);

	/* The context is for what only the reading needs; sorted keys are for the caller. */
	MemoryContextSwitchTo(context);
	read_rows(&reading);
	MemoryContextSwitchTo(reading.caller);
	vgae_key_set_sort(reading.nodes.set, &input->keys, &input->rank);
	input->nodes = input->keys.count;
	if (query->config != NULL)
		input->key_hash = vgae_keys_hash(&input->keys);
	make_columns(&reading);
	build_features(&reading);
	pfree(reading.column);
	MemoryContextDelete(context);
}
