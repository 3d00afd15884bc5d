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

#include "pg/input/input_matrix.h"
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
	vgae_matrix_make(env, query, &reading.rows, &reading.triplets, input);
	MemoryContextDelete(context);
}
