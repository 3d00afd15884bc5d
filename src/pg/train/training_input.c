/*
 * training_input.c
 *		From the arguments of a training to what the core trains on.
 */
#include "postgres.h"

#include "core/graph/graph_build.h"
#include "core/nn/config_check.h"
#include "pg/base/env_pg.h"
#include "pg/train/training_input.h"
#include "pg/train/warm_start.h"

/* An error unless the inputs are those that a model of this kind is trained on. */
static void
check_inputs(const GaeConfig *config, const VgaeInputQuery *query)
{
	const char *kind = gae_model_kind_name(config->kind);
	char		names[GAE_MODEL_NAMES_BYTES];

	if (gae_has_links(config->kind))
	{
		if (query->edges == NULL)
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("argument \"edges\" must be given for model \"%s\"", kind),
					 errhint("Give edges, or train a model of rows: %s.",
							 gae_model_names(gae_has_rows, NULL, names))));
		return;
	}
	if (query->edges != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"edges\" does not apply to model \"%s\"", kind),
				 errhint("Leave edges out, or train a model of a graph: %s.",
						 gae_model_names(gae_has_links, NULL, names))));
	if (query->nodes == NULL && query->features == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("argument \"nodes\" or \"features\" must be given for model \"%s\"", kind),
				 errhint("Give the rows to train on.")));
}

/* Build the graph from the rows of edges, which are freed. */
static void
build_graph(GaeEnv *env, const GaeConfig *config, const VgaeInput *input, GaeGraph *graph)
{
	const VgaeEdgeRows *edges = &input->edges;

	vgae_check(env, gae_graph_build(env, input->nodes, input->rank, config->directed,
									edges->count, edges->src, edges->dst, edges->weight, graph));
	pfree(edges->src);
	pfree(edges->dst);
	if (edges->weight != NULL)
		pfree(edges->weight);
	if (graph->edges == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("there is no edge to train on"),
				 edges->count == 0 ? errdetail("Argument \"edges\" has no rows.") :
				 errdetail("Of the rows of argument \"edges\", %lld are self-loops and %lld have weight 0.",
						   (long long) graph->self_loops, (long long) graph->zero_weight_edges),
				 errhint("At least one edge must remain.")));
}

static void
check_rows(const GaeConfig *config, const VgaeInput *input)
{
	const char *kind = gae_model_kind_name(config->kind);

	if (input->nodes == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("there is no row to train on"),
				 errhint("Give at least one row in argument \"nodes\" or \"features\".")));
	if (input->schema.width == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("there is no feature to train model \"%s\" on", kind),
				 errhint("Give argument \"nodes\" at least one column beside the id, or give argument \"features\".")));
}

/* Free the spare room of a string: it grew by doubling. */
static void
trim_blob(StringInfo blob)
{
	blob->maxlen = blob->len + 1;
	blob->data = repalloc(blob->data, blob->maxlen);
}

/* The keys and the names of the features, as the model will store them. */
static void
write_blobs(VgaeTrainingInput *input)
{
	initStringInfo(&input->keys);
	vgae_keys_write(&input->read.keys, &input->keys);
	initStringInfo(&input->schema);
	vgae_schema_write(&input->read.schema, &input->schema);
	trim_blob(&input->keys);
	trim_blob(&input->schema);
}

void
vgae_training_read(GaeEnv *env, VgaeTrainingArguments *arguments, VgaeTrainingInput *input)
{
	const GaeConfig *config = &arguments->config;
	VgaeInputQuery *query = &arguments->query;
	VgaeInput  *read = &input->read;
	GaeTrainingInput *core = &input->core;
	VgaeModel  *former = NULL;

	memset(input, 0, sizeof(*input));
	vgae_check(env, gae_config_check(env, config));
	check_inputs(config, query);
	if (arguments->warm_start != NULL)
	{
		former = vgae_model_parse(arguments->warm_start);
		vgae_warm_start_check(config, &former->core);
		query->former_schema = &former->schema;
		query->former_scaler = &former->core.scaler;
	}

	query->config = config;
	vgae_input_read(env, query, read);
	core->nodes = read->nodes;
	core->key_hash = read->key_hash;
	if (gae_has_links(config->kind))
	{
		build_graph(env, config, read, &input->graph);
		core->graph = &input->graph;
	}
	else
		check_rows(config, read);
	if (read->schema.width > 0)
	{
		core->features = &read->features;
		core->indicators = read->schema.indicators;
		core->informative = read->informative;
		core->scaler = read->scaler;
	}
	if (former != NULL)
		vgae_warm_start_map(read, former, core);
	write_blobs(input);
	core->blob_bytes = (int64) input->keys.len + input->schema.len;
}
