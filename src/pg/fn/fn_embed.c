/*
 * fn_embed.c
 *		vgae_embeddings, vgae_embedding, vgae_encode, vgae_encode_graph: latent
 *		codes of the nodes of the training, and of others.
 */
#include "postgres.h"

#include <math.h>

#include "fmgr.h"
#include "miscadmin.h"

#include "pg/fn/arguments.h"
#include "pg/fn/node_keys.h"
#include "core/graph/graph_build.h"
#include "core/infer/encode.h"
#include "pg/base/env_pg.h"
#include "pg/base/long_memory.h"
#include "pg/model/model_cache.h"
#include "pg/input/input_read.h"
#include "pg/base/result.h"
#include "pg/model/row_model.h"

/* Check for interrupts after this many values: about a millisecond's work. */
#define POLL_VALUES (1 << 18)

PG_FUNCTION_INFO_V1(vgae_embeddings);
PG_FUNCTION_INFO_V1(vgae_embedding);
PG_FUNCTION_INFO_V1(vgae_encode);
PG_FUNCTION_INFO_V1(vgae_encode_graph);

/* Return rows (node, embedding, stddev) in the order of the keys; log_std is NULL for a point latent. */
static void
put_embeddings(FunctionCallInfo fcinfo, VgaeResult *result, const VgaeKeys *keys, int32 latent_dim,
			   const GaeReal *mu, const GaeReal *log_std)
{
	VgaeKeyColumn column;
	Size		bytes = latent_dim * sizeof(GaeReal);
	GaeReal    *embedding;
	GaeReal    *stddev;
	Datum		values[3];
	bool		nulls[3] = {false, false, log_std == NULL};
	MemoryContext caller;

	vgae_key_column(fcinfo, keys, &column);

	/* vgae_result_put copies a row, so all rows can be formed in the same two arrays. */
	values[1] = vgae_real_array_of(latent_dim, &embedding);
	values[2] = vgae_real_array_of(latent_dim, &stddev);
	caller = MemoryContextSwitchTo(vgae_result_memory(result));
	for (int32 node = 0; node < keys->count; node++)
	{
		Size		at = (Size) node * latent_dim;

		values[0] = vgae_key_column_datum(&column, node);
		memcpy(embedding, &mu[at], bytes);
		for (int32 d = 0; log_std != NULL && d < latent_dim; d++)
			stddev[d] = expf(log_std[at + d]);
		vgae_result_put(result, values, nulls);
	}
	MemoryContextSwitchTo(caller);
}

/* vgae_embeddings(model, [key_type]) */
Datum
vgae_embeddings(PG_FUNCTION_ARGS)
{
	VgaeResult *result = vgae_result_begin(fcinfo);
	const VgaeModel *model;

	if (PG_ARGISNULL(0))
		return (Datum) 0;
	model = vgae_model_of_call(fcinfo, 0);
	vgae_require_key_type(fcinfo, &model->keys, "vgae_embeddings", "", "");
	put_embeddings(fcinfo, result, &model->keys, model->core.config.latent_dim,
				   model->core.mu, model->core.log_std);
	return (Datum) 0;
}

/* vgae_embedding(model, node) */
Datum
vgae_embedding(PG_FUNCTION_ARGS)
{
	const VgaeModel *model = vgae_model_of_call(fcinfo, 0);
	int32		latent_dim = model->core.config.latent_dim;
	int32		node = vgae_argument_node(fcinfo, 1, "node", model);

	if (node < 0)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(vgae_real_array(&model->core.mu[(Size) node * latent_dim], latent_dim));
}

/* vgae_encode(model, features) */
Datum
vgae_encode(PG_FUNCTION_ARGS)
{
	const VgaeModel *model = vgae_model_of_call(fcinfo, 0);
	int32		latent_dim = model->core.config.latent_dim;
	const GaeReal *features;
	GaeReal    *code;

	vgae_require_rows(model, "Use vgae_encode_graph: in a graph a node's code depends on its neighbors.");
	features = vgae_argument_features(fcinfo, 1, "features", model);
	code = palloc(latent_dim * sizeof(GaeReal));
	vgae_row_encode(model, features, code);
	PG_RETURN_DATUM(vgae_real_array(code, latent_dim));
}

/* Raise an error if the model cannot encode the inputs that are given. */
static void
require_encodable(const VgaeModel *model, const VgaeInputQuery *query)
{
	const GaeConfig *config = &model->core.config;

	if (model->core.columns.features == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("model without features cannot encode other nodes"),
				 errdetail("What it has learnt are weights of its own %d nodes.", model->core.nodes),
				 errhint("Train with the argument \"nodes\" or \"features\", or anew on the changed graph.")));
	if (gae_has_rows(config->kind) && query->edges != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"edges\" does not apply to model \"%s\"",
						gae_model_kind_name(config->kind)),
				 errhint("Leave it NULL: the model encodes each row by itself.")));
	if (query->nodes == NULL && query->features == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("there are no features to encode"),
				 errdetail("Arguments \"nodes\" and \"features\" are both NULL, but the model has %lld features.",
						   (long long) model->core.columns.features),
				 errhint("Give the features that the model was trained on, as to vgae_train.")));
	if (!model->core.features_used)
		ereport(NOTICE,
				(errmsg("the model does not use features"),
				 errdetail("They told nothing of the edges: new nodes are encoded by the known nodes that they are linked to."),
				 errhint("To use features nevertheless, train with node_weights => true.")));
}

/* Encode an input: mu and log_std, which is NULL where the model has none, of each node. */
static void
encode_input(GaeEnv *env, const VgaeModel *model, bool with_edges, VgaeInput *input,
			 GaeReal **mu, GaeReal **log_std)
{
	const GaeConfig *config = &model->core.config;
	Size		bytes = (Size) input->nodes * config->latent_dim * sizeof(GaeReal);
	GaeGraph	graph;

	*mu = vgae_alloc_long(CurrentMemoryContext, bytes);
	*log_std = NULL;
	if (gae_has_log_std(config->kind))
		*log_std = vgae_alloc_long(CurrentMemoryContext, bytes);

	if (gae_has_rows(config->kind))
	{
		vgae_check(env, gae_encode(env, &model->core, NULL, &input->features, NULL, *mu, *log_std));
		return;
	}

	/* Without edges, every node's only neighbor is itself. */
	vgae_check(env, gae_graph_build(env, input->nodes, input->rank, config->directed,
									with_edges ? input->edges.count : 0, input->edges.src,
									input->edges.dst, input->edges.weight, &graph));
	vgae_check(env, gae_encode(env, &model->core, &graph, &input->features,
							   vgae_keys_new_map(&input->keys, &model->keys), *mu, *log_std));
}

/* As in PostgreSQL's arithmetic, an overflow is an error, not infinity. */
static void
require_finite(const VgaeKeys *keys, int32 latent_dim, const GaeReal *mu, const GaeReal *log_std)
{
	for (int64 i = 0; i < (int64) keys->count * latent_dim; i++)
	{
		if (i % POLL_VALUES == 0)
			CHECK_FOR_INTERRUPTS();
		if (isfinite(mu[i]) && (log_std == NULL || isfinite(expf(log_std[i]))))
			continue;
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("embedding is out of range for type real"),
				 errdetail("It is that of node %s.",
						   vgae_key_display(keys, (int32) (i / latent_dim))),
				 errhint("Give features of the size that the model was trained on.")));
	}
}

/* vgae_encode_graph(model, [key_type], edges, nodes, features) */
Datum
vgae_encode_graph(PG_FUNCTION_ARGS)
{
	VgaeResult *result = vgae_result_begin(fcinfo);
	int			argno = PG_NARGS() - 3;	/* of edges; key_type may stand before it */
	VgaeInputQuery query = {0};
	VgaeInput	input = {0};
	const VgaeModel *model;
	GaeEnv	   *env;
	GaeReal    *mu;
	GaeReal    *log_std;

	if (PG_ARGISNULL(0))
		return (Datum) 0;
	model = vgae_model_of_call(fcinfo, 0);
	query.edges = vgae_argument_text(fcinfo, argno);
	query.nodes = vgae_argument_text(fcinfo, argno + 1);
	query.features = vgae_argument_text(fcinfo, argno + 2);
	query.unit_interval = gae_has_rows(model->core.config.kind) &&
		model->core.config.reconstruction == GAE_RECONSTRUCTION_BCE;
	query.schema = &model->schema;
	query.scaler = &model->core.scaler;
	require_encodable(model, &query);

	env = vgae_env_begin();
	vgae_input_read(env, &query, &input);
	vgae_require_key_type(fcinfo, &input.keys, "vgae_encode_graph", "key_type => ",
						  ", edges => ..., nodes => ..., features => ...");
	if (input.unknown_features > 0)
		ereport(NOTICE,
				(errmsg_plural("%lld feature unknown to the model was left out",
							   "%lld features unknown to the model were left out",
							   (unsigned long) input.unknown_features,
							   (long long) input.unknown_features)));
	encode_input(env, model, query.edges != NULL, &input, &mu, &log_std);
	require_finite(&input.keys, model->core.config.latent_dim, mu, log_std);
	put_embeddings(fcinfo, result, &input.keys, model->core.config.latent_dim, mu, log_std);
	vgae_env_end(env);
	return (Datum) 0;
}
