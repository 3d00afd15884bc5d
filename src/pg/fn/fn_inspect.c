/*
 * fn_inspect.c
 *		vgae_info, vgae_history: what a model is and how its training went.
 */
#include "postgres.h"

#include <math.h>

#include "access/detoast.h"
#include "common/shortest_dec.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/numeric.h"

#include "core/model/format.h"
#include "core/search/candidate.h"
#include "pg/base/compat.h"
#include "pg/base/result.h"
#include "pg/model/model_cache.h"

PG_FUNCTION_INFO_V1(vgae_info);
PG_FUNCTION_INFO_V1(vgae_history);

static void
push_value(JsonbInState *state, JsonbIteratorToken token, enum jbvType type, const char *string)
{
	JsonbValue	value;

	value.type = type;
	if (type == jbvString)
	{
		value.val.string.val = unconstify(char *, string);
		value.val.string.len = strlen(string);
	}
	pushJsonbValue(state, token, &value);
}

static void
push_key(JsonbInState *state, const char *key)
{
	push_value(state, WJB_KEY, jbvString, key);
}

static void
push_null(JsonbInState *state, const char *key)
{
	push_key(state, key);
	push_value(state, WJB_VALUE, jbvNull, NULL);
}

static void
push_text(JsonbInState *state, const char *key, const char *text)
{
	push_key(state, key);
	push_value(state, WJB_VALUE, jbvString, text);
}

static void
push_bool(JsonbInState *state, const char *key, bool boolean)
{
	JsonbValue	value;

	push_key(state, key);
	value.type = jbvBool;
	value.val.boolean = boolean;
	pushJsonbValue(state, WJB_VALUE, &value);
}

static void
push_numeric(JsonbInState *state, JsonbIteratorToken token, Datum numeric)
{
	JsonbValue	value;

	value.type = jbvNumeric;
	value.val.numeric = DatumGetNumeric(numeric);
	pushJsonbValue(state, token, &value);
}

static void
push_int(JsonbInState *state, const char *key, int64 integer)
{
	push_key(state, key);
	push_numeric(state, WJB_VALUE, DirectFunctionCall1(int8_numeric, Int64GetDatum(integer)));
}

/*
 * NaN stands for what does not exist and becomes null.  JSON has no infinity: it
 * becomes a string.  Other numbers get the fewest digits that give them back,
 * whatever extra_float_digits is.
 */
static void
push_float(JsonbInState *state, const char *key, double number)
{
	char		digits[DOUBLE_SHORTEST_DECIMAL_LEN];

	if (isnan(number))
		push_null(state, key);
	else if (isinf(number))
		push_text(state, key, number > 0 ? "Infinity" : "-Infinity");
	else
	{
		double_to_shortest_decimal_buf(number, digits);
		push_key(state, key);
		push_numeric(state, WJB_VALUE,
					 DirectFunctionCall3(numeric_in, CStringGetDatum(digits),
										 ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1)));
	}
}

static void
push_hidden_dims(JsonbInState *state, const GaeConfig *config)
{
	push_key(state, "hidden_dims");
	pushJsonbValue(state, WJB_BEGIN_ARRAY, NULL);
	for (int i = 0; i < config->hidden_layers; i++)
		push_numeric(state, WJB_ELEM,
					 DirectFunctionCall1(int4_numeric, Int32GetDatum(config->hidden_dims[i])));
	pushJsonbValue(state, WJB_END_ARRAY, NULL);
}

/* The arguments of vgae_train as given, without those that are SQL text. */
static void
push_arguments(JsonbInState *state, const GaeConfig *config)
{
	push_key(state, "arguments");
	pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
	push_text(state, "model", gae_model_kind_name(config->kind));
	push_hidden_dims(state, config);
	push_int(state, "latent_dim", config->latent_dim);
	push_int(state, "epochs", config->epochs);
	push_float(state, "learning_rate", config->learning_rate);
	push_float(state, "dropout", config->dropout);
	push_float(state, "weight_decay", config->weight_decay);
	push_float(state, "kl_weight", config->kl_weight);
	push_float(state, "latent_scale", config->latent_scale);
	push_float(state, "edge_mask", config->edge_mask);
	push_bool(state, "directed", config->directed);
	push_float(state, "negatives", config->negatives);
	push_text(state, "reconstruction", gae_reconstruction_name(config->reconstruction));
	push_float(state, "batch_size", config->batch_size == 0 ? NAN : config->batch_size);
	push_float(state, "validation_fraction", config->validation_fraction);
	push_float(state, "test_fraction", config->test_fraction);
	push_float(state, "patience", config->patience == 0 ? NAN : config->patience);
	push_bool(state, "warm_start", config->warm_start);
	push_int(state, "seed", config->seed);
	if (config->node_weights == GAE_CHOOSE)
		push_null(state, "node_weights");
	else
		push_bool(state, "node_weights", config->node_weights == GAE_YES);
	pushJsonbValue(state, WJB_END_OBJECT, NULL);
}

/* The counts of what the edges' rows were; null for a model of rows. */
static void
push_graph(JsonbInState *state, const GaeModel *model)
{
	static const char *const keys[] = {
		"isolated_nodes", "nodes_not_recommended", "edges", "duplicate_edges", "self_loops",
		"zero_weight_edges", "directed", "weighted"
	};

	if (gae_has_rows(model->config.kind))
	{
		for (int i = 0; i < lengthof(keys); i++)
			push_null(state, keys[i]);
		return;
	}
	push_int(state, "isolated_nodes", model->isolated_nodes);
	push_int(state, "nodes_not_recommended", gae_nodes_without_links(model));
	push_int(state, "edges", model->edges);
	push_int(state, "duplicate_edges", model->duplicate_edges);
	push_int(state, "self_loops", model->self_loops);
	push_int(state, "zero_weight_edges", model->zero_weight_edges);
	push_bool(state, "directed", model->config.directed);
	push_bool(state, "weighted", model->weighted);
}

static void
push_training(JsonbInState *state, const GaeModel *model)
{
	push_float(state, "negatives_used", model->negatives_used);
	push_int(state, "epochs_run", model->epochs_run);
	push_int(state, "best_epoch", model->best_epoch);
	push_float(state, "loss", model->loss);
	push_float(state, "reconstruction", model->reconstruction);
	push_float(state, "kl", model->kl);
	push_float(state, "validation_auc", model->validation_auc);
	push_float(state, "validation_ap", model->validation_ap);
	push_float(state, "validation_loss", model->validation_loss);
	push_float(state, "test_auc", model->test_auc);
	push_float(state, "test_ap", model->test_ap);
	push_float(state, "test_loss", model->test_loss);
}

/* Edges or rows that were held out; null where format 1 did not tell, or none should be. */
static void
push_held_out(JsonbInState *state, const GaeModel *model)
{
	const GaeConfig *config = &model->config;

	if (model->validation_items < 0)
		push_null(state, "held_out");
	else
	{
		push_key(state, "held_out");
		pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
		push_int(state, "validation", model->validation_items);
		push_int(state, "test", model->test_items);
		pushJsonbValue(state, WJB_END_OBJECT, NULL);
	}
	if (config->validation_fraction == 0 && config->test_fraction == 0)
		push_null(state, "held_out_unseen");
	else
		push_bool(state, "held_out_unseen", model->held_out_unseen);
}

static void
push_calibration(JsonbInState *state, const GaeCalibration *calibration)
{
	if (calibration->fitted_on == GAE_FITTED_ON_NOTHING)
	{
		push_null(state, "calibration");
		return;
	}
	push_key(state, "calibration");
	pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
	push_float(state, "scale", calibration->scale);
	push_float(state, "offset", calibration->offset);
	push_text(state, "fitted_on",
			  calibration->fitted_on == GAE_FITTED_ON_VALIDATION ? "validation" : "training");
	pushJsonbValue(state, WJB_END_OBJECT, NULL);
}

/* vgae_info(model) */
Datum
vgae_info(PG_FUNCTION_ARGS)
{
	const VgaeModel *model = vgae_model_of_call(fcinfo, 0);
	const GaeModel *core = &model->core;
	JsonbInState state = {0};

	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	push_text(&state, "model", gae_model_kind_name(core->config.kind));
	push_int(&state, "format_version", core->format_version);
	push_text(&state, "library_version", core->library_version);
	push_text(&state, "node_type", vgae_key_type_name(model->keys.type));
	push_int(&state, "nodes", core->nodes);
	push_graph(&state, core);
	push_int(&state, "features", core->columns.features);
	push_bool(&state, "features_used", core->features_used);
	push_bool(&state, "node_weights", core->columns.nodes > 0);
	push_hidden_dims(&state, &core->config);
	push_int(&state, "latent_dim", core->config.latent_dim);
	push_arguments(&state, &core->config);
	push_held_out(&state, core);
	push_training(&state, core);
	push_calibration(&state, &core->calibration);
	push_int(&state, "bytes", toast_raw_datum_size(PG_GETARG_DATUM(0)) - VARHDRSZ);
	pushJsonbValue(&state, WJB_END_OBJECT, NULL);
	PG_RETURN_JSONB_P(JsonbValueToJsonb(state.result));
}

/* vgae_history(model) */
Datum
vgae_history(PG_FUNCTION_ARGS)
{
	VgaeResult *result = vgae_result_begin(fcinfo);
	const GaeModel *model = &vgae_model_of_call(fcinfo, 0)->core;
	MemoryContext caller = MemoryContextSwitchTo(vgae_result_memory(result));

	for (int32 epoch = 0; epoch < model->epochs_run; epoch++)
	{
		const GaeHistoryRow *row = &model->history[epoch];
		Datum		values[7];
		bool		nulls[7] = {false};

		values[0] = Int32GetDatum(epoch + 1);
		values[1] = vgae_float_or_null(row->loss, &nulls[1]);
		values[2] = vgae_float_or_null(row->reconstruction, &nulls[2]);
		values[3] = vgae_float_or_null(row->kl, &nulls[3]);
		values[4] = vgae_float_or_null(row->validation_auc, &nulls[4]);
		values[5] = vgae_float_or_null(row->validation_ap, &nulls[5]);
		values[6] = vgae_float_or_null(row->validation_loss, &nulls[6]);
		vgae_result_put(result, values, nulls);
	}
	MemoryContextSwitchTo(caller);
	return (Datum) 0;
}
