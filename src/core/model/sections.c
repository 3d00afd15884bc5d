/*
 * sections.c
 *		The contents of a model's sections.
 */
#include "core/model/sections.h"

#include <math.h>
#include <string.h>

#include "core/base/range.h"
#include "core/model/known_edges.h"
#include "core/nn/config_check.h"

void
gae_code_config(GaeCodec *codec, GaeModel *model)
{
	GaeConfig  *config = &model->config;
	int32_t		kind = config->kind;
	int32_t		reconstruction = config->reconstruction;
	int32_t		layers = config->hidden_layers;
	int32_t		node_weights = codec->version >= 2 ? (int32_t) config->node_weights : GAE_CHOOSE;
	const uint8_t *version = (const uint8_t *) model->library_version;

	gae_code_bytes(codec, &version, sizeof(model->library_version));
	gae_code_i32(codec, &kind, 0, gae_model_kind_last());
	gae_code_i32(codec, &layers, 0, GAE_MAX_LAYERS);
	if (codec->status != GAE_OK)
		return;
	for (int l = 0; l < layers; l++)
		gae_code_i32(codec, &config->hidden_dims[l], 1, GAE_MAX_DIM);
	gae_code_i32(codec, &config->latent_dim, 1, GAE_MAX_DIM);
	gae_code_i32(codec, &config->epochs, 0, GAE_MAX_EPOCHS);
	gae_code_f64(codec, &config->learning_rate);
	gae_code_f64(codec, &config->dropout);
	gae_code_f64(codec, &config->weight_decay);
	gae_code_f64(codec, &config->kl_weight);
	gae_code_f64(codec, &config->latent_scale);
	gae_code_f64(codec, &config->edge_mask);
	gae_code_bool(codec, &config->directed);
	gae_code_f64(codec, &config->negatives);
	gae_code_i32(codec, &reconstruction, GAE_RECONSTRUCTION_MSE, GAE_RECONSTRUCTION_BCE);
	gae_code_i32(codec, &config->batch_size, 0, INT32_MAX);
	gae_code_f64(codec, &config->validation_fraction);
	gae_code_f64(codec, &config->test_fraction);
	gae_code_i32(codec, &config->patience, 0, INT32_MAX);
	gae_code_bool(codec, &config->warm_start);
	gae_code_i64(codec, &config->seed, INT64_MIN, INT64_MAX);
	if (codec->version >= 2)
		gae_code_i32(codec, &node_weights, GAE_CHOOSE, GAE_YES);
	if (!gae_codec_reading(codec))
		return;
	config->kind = (GaeModelKind) kind;
	config->reconstruction = (GaeReconstruction) reconstruction;
	config->node_weights = (GaeChoice) node_weights;
	config->hidden_layers = layers;
	memcpy(model->library_version, version, sizeof(model->library_version));
	if (memchr(version, '\0', sizeof(model->library_version)) == NULL)
		gae_codec_fail(codec, "Its library version is not a text.");
	else if (gae_config_check(codec->env, config) != GAE_OK)
		gae_codec_fail(codec, "Its arguments are not valid.");
}

/* A number, or NaN where there is none. */
static void
code_metric(GaeCodec *codec, double *value)
{
	gae_code_f64(codec, value);
	if (gae_codec_reading(codec) && isinf(*value))
		gae_codec_fail(codec, "The value before byte %lld is infinite.",
					   (long long) codec->position);
}

/* Format 1 knew features alone or, without them, the nodes' own columns alone. */
static void
code_columns(GaeCodec *codec, GaeModel *model)
{
	GaeColumns *columns = &model->columns;
	bool		own = columns->nodes > 0;

	gae_code_i64(codec, &columns->features, 0, INT32_MAX);
	if (codec->version >= 2)
	{
		gae_code_i64(codec, &columns->indicators, 0, INT32_MAX - columns->features);
		gae_code_bool(codec, &own);
		gae_code_bool(codec, &model->features_used);
	}
	if (!gae_codec_reading(codec))
		return;
	if (codec->version < 2)
	{
		own = columns->features == 0;
		model->features_used = !own;
	}
	columns->nodes = own ? model->nodes : 0;
	if (gae_has_rows(model->config.kind) && (columns->features == 0 || own))
		gae_codec_fail(codec, "It is a model of rows without features, or with weights for each.");
	else if (columns->features == 0 && !own)
		gae_codec_fail(codec, "It is a model without features and without weights for each node.");
}

static void
code_held_out(GaeCodec *codec, GaeModel *model)
{
	if (codec->version >= 2)
	{
		gae_code_i64(codec, &model->validation_items, 0, INT32_MAX);
		gae_code_i64(codec, &model->test_items, 0, INT32_MAX);
		gae_code_bool(codec, &model->held_out_unseen);
	}
	else if (gae_codec_reading(codec))
	{
		model->validation_items = model->test_items = -1;
		model->held_out_unseen = !model->config.warm_start;
	}
}

void
gae_code_results(GaeCodec *codec, GaeModel *model)
{
	GaeCalibration *calibration = &model->calibration;
	int32_t		fitted_on = calibration->fitted_on;

	gae_code_i32(codec, &model->nodes, 1, INT32_MAX);
	code_columns(codec, model);
	code_held_out(codec, model);
	gae_code_f64(codec, &model->negatives_used);
	gae_code_i32(codec, &model->epochs_run, 0, model->config.epochs);
	gae_code_i32(codec, &model->best_epoch, 0, model->epochs_run);
	code_metric(codec, &model->loss);
	code_metric(codec, &model->reconstruction);
	code_metric(codec, &model->kl);
	code_metric(codec, &model->validation_auc);
	code_metric(codec, &model->validation_ap);
	code_metric(codec, &model->validation_loss);
	code_metric(codec, &model->test_auc);
	code_metric(codec, &model->test_ap);
	code_metric(codec, &model->test_loss);
	code_metric(codec, &calibration->scale);
	code_metric(codec, &calibration->offset);
	gae_code_i32(codec, &fitted_on, GAE_FITTED_ON_NOTHING, GAE_FITTED_ON_TRAINING);
	if (!gae_codec_reading(codec))
		return;
	calibration->fitted_on = (GaeFittedOn) fitted_on;
	if (gae_has_links(model->config.kind) &&
		!(calibration->scale > 0 && isfinite(calibration->offset)))
		gae_codec_fail(codec, "Its calibration is not valid.");
}

void
gae_code_history(GaeCodec *codec, GaeModel *model)
{
	if (codec->mode == GAE_CODEC_READ)
	{
		if (!gae_codec_has(codec, model->epochs_run, sizeof(GaeHistoryRow)))
			return;
		model->history = gae_alloc(codec->env, model->epochs_run, sizeof(GaeHistoryRow));
		if (model->history == NULL)
		{
			codec->status = codec->env->error.status;
			return;
		}
	}
	for (int32_t i = 0; i < model->epochs_run; i++)
	{
		GaeHistoryRow *row = &model->history[i];

		code_metric(codec, &row->loss);
		code_metric(codec, &row->reconstruction);
		code_metric(codec, &row->kl);
		code_metric(codec, &row->validation_auc);
		code_metric(codec, &row->validation_ap);
		code_metric(codec, &row->validation_loss);
	}
}

/* No log_std is above what the encoder can give (see latent.h). */
static void
check_log_std(GaeCodec *codec, const GaeReal *log_std, int64_t values)
{
	for (int64_t first = 0; first < values && gae_codec_poll(codec); first += GAE_CODEC_BLOCK)
	{
		int64_t		end = gae_min(first + GAE_CODEC_BLOCK, values);
		int			above = 0;

		for (int64_t i = first; i < end; i++)
			above |= log_std[i] > GAE_MAX_LOG_STD;
		for (int64_t i = first; above && i < end; i++)
			if (log_std[i] > GAE_MAX_LOG_STD)
				gae_codec_fail(codec, "Its standard deviation %lld is out of range.",
							   (long long) i);
	}
}

void
gae_code_latents(GaeCodec *codec, GaeModel *model)
{
	int64_t		values = (int64_t) model->nodes * model->config.latent_dim;

	gae_code_reals(codec, &model->mu, values);
	if (gae_has_log_std(model->config.kind))
		gae_code_reals(codec, &model->log_std, values);
	else if (gae_codec_reading(codec))
		model->log_std = NULL;
	if (gae_codec_reading(codec) && model->log_std != NULL)
		check_log_std(codec, model->log_std, values);
}

void
gae_code_parameters(GaeCodec *codec, GaeModel *model)
{
	if (codec->mode == GAE_CODEC_READ)
	{
		if (gae_architecture_layout(codec->env, &model->config, model->columns, &model->params) != GAE_OK)
		{
			gae_codec_fail(codec, "Its layers are too large.");
			return;
		}
	}
	gae_code_reals(codec, &model->parameter, model->params.count);
}

void
gae_code_untrained(GaeCodec *codec, GaeModel *model)
{
	if (gae_has_links(model->config.kind))
		gae_code_bfloats(codec, &model->untrained,
						 (int64_t) model->nodes * model->config.latent_dim);
}

/* Format 1 stored x = center + scale · (the value of X), with scale 0 of a constant. */
static void
read_centers_and_scales(GaeCodec *codec, GaeScaler *scaler)
{
	gae_code_doubles(codec, &scaler->mean, scaler->columns);
	gae_code_doubles(codec, &scaler->deviation, scaler->columns);
	if (!gae_codec_reading(codec))
		return;
	scaler->scaling = gae_alloc(codec->env, scaler->columns, sizeof(*scaler->scaling));
	if (scaler->scaling == NULL)
	{
		codec->status = codec->env->error.status;
		return;
	}
	for (int64_t j = 0; j < scaler->columns; j++)
	{
		bool		as_is = scaler->mean[j] == 0 && scaler->deviation[j] == 1;

		scaler->scaling[j] = as_is ? GAE_SCALING_NONE
			: scaler->deviation[j] == 0 ? GAE_SCALING_CONSTANT : GAE_SCALING_STANDARD;
	}
}

/* The scaling of each feature, a byte each. */
static void
code_scaling(GaeCodec *codec, GaeScaler *scaler)
{
	const uint8_t *bytes = scaler->scaling;

	gae_code_bytes(codec, &bytes, scaler->columns);
	if (!gae_codec_reading(codec))
		return;
	scaler->scaling = gae_alloc(codec->env, scaler->columns, sizeof(*scaler->scaling));
	if (scaler->scaling == NULL)
		codec->status = codec->env->error.status;
	else
		codec->status = gae_copy(codec->env, scaler->scaling, bytes, (size_t) scaler->columns);
}

void
gae_code_scaler(GaeCodec *codec, GaeModel *model)
{
	GaeScaler	scaler = model->scaler;

	scaler.columns = model->columns.features;
	if (codec->version < 2)
		read_centers_and_scales(codec, &scaler);
	else
	{
		gae_code_doubles(codec, &scaler.mean, scaler.columns);
		gae_code_doubles(codec, &scaler.deviation, scaler.columns);
		code_scaling(codec, &scaler);
	}
	for (int64_t j = 0; gae_codec_reading(codec) && j < scaler.columns; j++)
	{
		double		scale = scaler.scaling[j] <= GAE_SCALING_CONSTANT ? gae_scaler_scale(&scaler, j) : -1;

		if (!(scaler.deviation[j] >= 0 && isfinite(scale)) ||
			!(scale > 0 || scaler.scaling[j] == GAE_SCALING_CONSTANT))
			gae_codec_fail(codec, "Its feature %lld has no valid scale.", (long long) j);
	}
	if (gae_codec_reading(codec))
		model->scaler = scaler;
}

void
gae_code_graph(GaeCodec *codec, GaeModel *model)
{
	gae_code_bool(codec, &model->weighted);
	gae_code_i64(codec, &model->edges, 0, INT32_MAX);
	gae_code_i64(codec, &model->duplicate_edges, 0, INT64_MAX);
	gae_code_i64(codec, &model->self_loops, 0, INT64_MAX);
	gae_code_i64(codec, &model->zero_weight_edges, 0, INT64_MAX);
	if (gae_has_rows(model->config.kind))
	{
		if (gae_codec_reading(codec) && model->edges != 0)
			gae_codec_fail(codec, "It is a model of rows with edges.");
		return;
	}
	if (codec->status != GAE_OK)
		return;
	gae_code_known_edges(codec, model->nodes, model->config.directed, model->edges, &model->known);
	if (gae_codec_reading(codec))
		codec->status = gae_isolated_nodes(codec->env, &model->known, &model->isolated_nodes);
}

/* A blob takes all of its section. */
static void
code_blob(GaeCodec *codec, GaeBlob *blob)
{
	if (codec->mode == GAE_CODEC_READ)
		blob->length = codec->end - codec->position;
	gae_code_bytes(codec, &blob->data, blob->length);
}

void
gae_code_keys(GaeCodec *codec, GaeModel *model)
{
	code_blob(codec, &model->keys);
}

void
gae_code_schema(GaeCodec *codec, GaeModel *model)
{
	code_blob(codec, &model->schema);
}
