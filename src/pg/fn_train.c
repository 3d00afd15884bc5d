/*
 * fn_train.c
 *		vgae_train: from edges, nodes and features to a model; and vgae_version.
 */
#include "postgres.h"

#include <math.h>

#include "fmgr.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "core/train.h"
#include "arguments.h"
#include "env_pg.h"
#include "model_cache.h"
#include "query_input.h"
#include "warm_start.h"

PG_FUNCTION_INFO_V1(vgae_train);
PG_FUNCTION_INFO_V1(vgae_version);

/* The arguments of vgae_train, by position. */
typedef enum Argument
{
	EDGES,
	NODES,
	FEATURES,
	MODEL,
	HIDDEN_DIMS,
	LATENT_DIM,
	EPOCHS,
	LEARNING_RATE,
	DROPOUT,
	WEIGHT_DECAY,
	KL_WEIGHT,
	LATENT_SCALE,
	EDGE_MASK,
	DIRECTED,
	NEGATIVES,
	RECONSTRUCTION,
	BATCH_SIZE,
	VALIDATION_FRACTION,
	TEST_FRACTION,
	PATIENCE,
	WARM_START,
	SEED,
	ARGUMENTS
} Argument;

static const struct
{
	const char *name;
	bool		nullable;
}			arguments[ARGUMENTS] = {
	[EDGES] = {"edges", true},
	[NODES] = {"nodes", true},
	[FEATURES] = {"features", true},
	[MODEL] = {"model", false},
	[HIDDEN_DIMS] = {"hidden_dims", false},
	[LATENT_DIM] = {"latent_dim", false},
	[EPOCHS] = {"epochs", false},
	[LEARNING_RATE] = {"learning_rate", false},
	[DROPOUT] = {"dropout", false},
	[WEIGHT_DECAY] = {"weight_decay", false},
	[KL_WEIGHT] = {"kl_weight", false},
	[LATENT_SCALE] = {"latent_scale", true},
	[EDGE_MASK] = {"edge_mask", false},
	[DIRECTED] = {"directed", false},
	[NEGATIVES] = {"negatives", true},
	[RECONSTRUCTION] = {"reconstruction", false},
	[BATCH_SIZE] = {"batch_size", true},
	[VALIDATION_FRACTION] = {"validation_fraction", false},
	[TEST_FRACTION] = {"test_fraction", false},
	[PATIENCE] = {"patience", true},
	[WARM_START] = {"warm_start", true},
	[SEED] = {"seed", false},
};

static void
require_arguments(FunctionCallInfo fcinfo)
{
	for (int i = 0; i < ARGUMENTS; i++)
	{
		if (PG_ARGISNULL(i) && !arguments[i].nullable)
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("argument \"%s\" must not be NULL", arguments[i].name),
					 errhint("Leave the argument out to take its default.")));
	}
}

static void
refuse_word(Argument argument, const char *word, const char *hint)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("invalid value for argument \"%s\"", arguments[argument].name),
			 errdetail("The value is \"%s\".", word),
			 errhint("%s", hint)));
}

/* A number or, for the NULL that the configuration writes as NaN, NaN. */
static double
number_or_nan(FunctionCallInfo fcinfo, Argument argument)
{
	double		value;

	if (PG_ARGISNULL(argument))
		return NAN;
	value = PG_GETARG_FLOAT8(argument);
	if (isnan(value))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid value for argument \"%s\"", arguments[argument].name),
				 errdetail("The value is NaN."),
				 errhint("Give a number, or NULL.")));
	return value;
}

/* A number of at least 1 or, for NULL, 0. */
static int32
positive_or_zero(FunctionCallInfo fcinfo, Argument argument)
{
	if (PG_ARGISNULL(argument))
		return 0;
	return vgae_argument_int32(fcinfo, argument, arguments[argument].name, 1);
}

static void
get_hidden_dims(ArrayType *array, GaeConfig *config)
{
	int			count = vgae_vector_length(array, "hidden_dims");

	if (count > GAE_MAX_LAYERS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"hidden_dims\" has too many elements"),
				 errdetail("The array has %d elements.", count),
				 errhint("It may have %d at most.", GAE_MAX_LAYERS)));
	config->hidden_layers = count;
	if (count > 0)
		memcpy(config->hidden_dims, ARR_DATA_PTR(array), count * sizeof(int32));
}

static void
get_config(FunctionCallInfo fcinfo, GaeConfig *config)
{
	char	   *model = text_to_cstring(PG_GETARG_TEXT_PP(MODEL));
	char	   *reconstruction = text_to_cstring(PG_GETARG_TEXT_PP(RECONSTRUCTION));

	gae_config_default(config);
	if (!gae_model_kind_from_name(model, &config->kind))
		refuse_word(MODEL, model, "It must be \"ae\", \"vae\", \"gae\" or \"vgae\".");
	if (!gae_reconstruction_from_name(reconstruction, &config->reconstruction))
		refuse_word(RECONSTRUCTION, reconstruction, "It must be \"mse\" or \"bce\".");
	get_hidden_dims(PG_GETARG_ARRAYTYPE_P(HIDDEN_DIMS), config);
	config->latent_dim = PG_GETARG_INT32(LATENT_DIM);
	config->epochs = PG_GETARG_INT32(EPOCHS);
	config->learning_rate = PG_GETARG_FLOAT8(LEARNING_RATE);
	config->dropout = PG_GETARG_FLOAT8(DROPOUT);
	config->weight_decay = PG_GETARG_FLOAT8(WEIGHT_DECAY);
	config->kl_weight = PG_GETARG_FLOAT8(KL_WEIGHT);
	config->latent_scale = number_or_nan(fcinfo, LATENT_SCALE);
	config->edge_mask = PG_GETARG_FLOAT8(EDGE_MASK);
	config->directed = PG_GETARG_BOOL(DIRECTED);
	config->negatives = number_or_nan(fcinfo, NEGATIVES);
	config->batch_size = positive_or_zero(fcinfo, BATCH_SIZE);
	config->validation_fraction = PG_GETARG_FLOAT8(VALIDATION_FRACTION);
	config->test_fraction = PG_GETARG_FLOAT8(TEST_FRACTION);
	config->patience = positive_or_zero(fcinfo, PATIENCE);
	config->warm_start = !PG_ARGISNULL(WARM_START);
	config->seed = PG_GETARG_INT64(SEED);
}

/* Each kind of model has its own inputs. */
static void
check_inputs(const GaeConfig *config, const VgaeInputQuery *query)
{
	const char *kind = gae_model_kind_name(config->kind);

	if (gae_model_is_graph(config->kind))
	{
		if (query->edges == NULL)
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("argument \"edges\" must be given for model \"%s\"", kind),
					 errhint("Give edges, or train a model of rows: \"ae\" or \"vae\".")));
		return;
	}
	if (query->edges != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"edges\" does not apply to model \"%s\"", kind),
				 errhint("Leave edges out, or train a model of a graph: \"gae\" or \"vgae\".")));
	if (query->nodes == NULL && query->features == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("argument \"nodes\" or \"features\" must be given for model \"%s\"", kind),
				 errhint("Give the rows to train on.")));
}

/* The graph of the rows of edges, which go. */
static void
build_graph(GaeEnv *env, const GaeConfig *config, VgaeInput *input, GaeGraph *graph)
{
	vgae_check(env, gae_graph_build(env, input->nodes, input->rank, config->directed,
									input->edge_rows, input->src, input->dst, input->weight, graph));
	pfree(input->src);
	pfree(input->dst);
	if (input->weight != NULL)
		pfree(input->weight);
	if (graph->edges == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("there is no edge to train on"),
				 input->edge_rows == 0 ? errdetail("Argument \"edges\" has no rows.") :
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

/* The model as a bytea in the given context. */
static bytea *
write_model(GaeEnv *env, const GaeModel *model, MemoryContext context)
{
	int64		bytes;
	bytea	   *result;

	vgae_check(env, gae_model_size(env, model, &bytes));
	result = MemoryContextAlloc(context, VARHDRSZ + bytes);
	SET_VARSIZE(result, VARHDRSZ + bytes);
	vgae_check(env, gae_model_write(env, model, (uint8 *) VARDATA(result), bytes));
	return result;
}

static bytea *
train(const GaeConfig *config, VgaeInputQuery *query, struct varlena *warm_start,
	  MemoryContext result_context)
{
	GaeEnv	   *env = vgae_env_begin();
	GaeTrainingInput training = {0};
	VgaeModel  *former = NULL;
	GaeModel   *model = palloc0(sizeof(GaeModel));
	VgaeInput	input;
	GaeGraph	graph;
	StringInfoData keys;
	StringInfoData schema;

	vgae_check(env, gae_config_check(env, config));
	check_inputs(config, query);
	if (warm_start != NULL)
	{
		former = vgae_model_parse(warm_start);
		vgae_warm_start_check(config, &former->core.config);
		query->former_schema = &former->schema;
		query->former_scaler = &former->core.scaler;
	}

	query->config = config;
	vgae_input_read(env, query, &input);
	training.nodes = input.nodes;
	if (gae_model_is_graph(config->kind))
	{
		build_graph(env, config, &input, &graph);
		training.graph = &graph;
	}
	else
		check_rows(config, &input);
	if (input.schema.width > 0)
	{
		training.features = &input.features;
		training.scaler = input.scaler;
	}
	if (former != NULL)
	{
		training.warm_start = &former->core;
		training.column_map = vgae_warm_start_map(&input, former);
	}
	initStringInfo(&keys);
	vgae_keys_write(&input.keys, &keys);
	initStringInfo(&schema);
	vgae_schema_write(&input.schema, &schema);

	training.blob_bytes = (int64) keys.len + schema.len;

	vgae_env_report_progress(env);
	vgae_check(env, gae_train(env, config, &training, model));

	strlcpy(model->library_version, VGAE_VERSION, sizeof(model->library_version));
	model->keys = (GaeBlob) {(const uint8 *) keys.data, keys.len};
	model->schema = (GaeBlob) {(const uint8 *) schema.data, schema.len};
	return write_model(env, model, result_context);
}

/* What the call allocates goes when it ends, its threads with the memory. */
Datum
vgae_train(PG_FUNCTION_ARGS)
{
	MemoryContext caller = CurrentMemoryContext;
	MemoryContext context;
	VgaeInputQuery query = {0};
	GaeConfig	config;
	struct varlena *warm_start = NULL;
	bytea	   *result;

	context = AllocSetContextCreate(caller, "vgae training", ALLOCSET_DEFAULT_SIZES);
	MemoryContextSwitchTo(context);

	require_arguments(fcinfo);
	get_config(fcinfo, &config);
	query.edges = vgae_argument_text(fcinfo, EDGES);
	query.nodes = vgae_argument_text(fcinfo, NODES);
	query.features = vgae_argument_text(fcinfo, FEATURES);
	query.unit_interval = !gae_model_is_graph(config.kind) &&
		config.reconstruction == GAE_RECONSTRUCTION_BCE;
	if (!PG_ARGISNULL(WARM_START))
		warm_start = (struct varlena *) PG_GETARG_POINTER(WARM_START);
	result = train(&config, &query, warm_start, caller);

	MemoryContextSwitchTo(caller);
	MemoryContextDelete(context);
	PG_RETURN_BYTEA_P(result);
}

Datum
vgae_version(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(VGAE_VERSION));
}
