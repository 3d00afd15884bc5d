/*
 * model.c
 *		The byte format of models.
 *
 *		offset	bytes
 *		0		4		"VGAE"
 *		4		4		format version
 *		8		8		length of the whole
 *		16		8		checksum of what follows (XXH64)
 *		24				the sections, in the order of the table below, each as
 *						4 bytes of name, 4 bytes of zero, 8 bytes of length, its
 *						contents, and zeros up to a multiple of eight
 *
 * All numbers are little-endian.
 */
#include "core/model/model.h"

#include <math.h>
#include <string.h>

#include "core/base/bytes.h"
#include "core/model/checksum.h"
#include "core/model/codec.h"
#include "core/model/known_edges.h"
#include "core/nn/config_check.h"

#define CHECKSUM_OFFSET 16

/* Bytes between two looks at interrupts: a few milliseconds, a multiple of 32. */
#define CHECKSUM_BLOCK (INT64_C(1) << 24)

static const uint8_t magic[4] = {'V', 'G', 'A', 'E'};

static void
code_config(GaeCodec *codec, GaeModel *model)
{
	GaeConfig  *config = &model->config;
	int32_t		kind = config->kind;
	int32_t		reconstruction = config->reconstruction;
	int32_t		layers = config->hidden_layers;
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
	if (!gae_codec_reading(codec))
		return;
	config->kind = (GaeModelKind) kind;
	config->reconstruction = (GaeReconstruction) reconstruction;
	config->hidden_layers = layers;
	memcpy(model->library_version, version, sizeof(model->library_version));
	if (memchr(version, '\0', sizeof(model->library_version)) == NULL)
		gae_codec_fail(codec, "Its library version is not a text.");
	else if (gae_config_check(codec->env, config) != GAE_OK)
		gae_codec_fail(codec, "Its arguments are not valid.");
}

static void
code_metric(GaeCodec *codec, double *value)
{
	gae_code_f64(codec, value);
	if (gae_codec_reading(codec) && isinf(*value))
		gae_codec_fail(codec, "The value before byte %lld is infinite.", (long long) codec->position);
}

static void
code_results(GaeCodec *codec, GaeModel *model)
{
	GaeCalibration *calibration = &model->calibration;
	int32_t		fitted_on = calibration->fitted_on;

	gae_code_i32(codec, &model->nodes, 1, INT32_MAX);
	gae_code_i64(codec, &model->features, 0, INT32_MAX);
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
	if (gae_has_rows(model->config.kind) && model->features == 0)
		gae_codec_fail(codec, "It is a model of rows without features.");
}

static void
code_history(GaeCodec *codec, GaeModel *model)
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

static void
code_parameters(GaeCodec *codec, GaeModel *model)
{
	if (codec->mode == GAE_CODEC_READ)
	{
		int64_t		columns = model->features > 0 ? model->features : model->nodes;

		if (gae_architecture_layout(codec->env, &model->config, columns, &model->params) != GAE_OK)
		{
			gae_codec_fail(codec, "Its layers are too large.");
			return;
		}
	}
	gae_code_reals(codec, &model->parameter, model->params.count);
}

static void
code_scaler(GaeCodec *codec, GaeModel *model)
{
	model->scaler.columns = model->features;
	gae_code_doubles(codec, &model->scaler.center, model->features);
	gae_code_doubles(codec, &model->scaler.scale, model->features);
	for (int64_t j = 0; gae_codec_reading(codec) && j < model->features; j++)
		if (model->scaler.scale[j] < 0)
			gae_codec_fail(codec, "Its feature %lld has a negative scale.", (long long) j);
}

static void
check_log_std(GaeCodec *codec, const GaeReal *log_std, int64_t values)
{
	for (int64_t first = 0; first < values && gae_codec_poll(codec); first += GAE_CODEC_BLOCK)
	{
		int64_t		end = values - first < GAE_CODEC_BLOCK ? values : first + GAE_CODEC_BLOCK;
		int			above = 0;

		for (int64_t i = first; i < end; i++)
			above |= log_std[i] > GAE_MAX_LOG_STD;
		for (int64_t i = first; above && i < end; i++)
			if (log_std[i] > GAE_MAX_LOG_STD)
				gae_codec_fail(codec, "Its standard deviation %lld is out of range.", (long long) i);
	}
}

static void
code_latents(GaeCodec *codec, GaeModel *model)
{
	int64_t		values = (int64_t) model->nodes * model->config.latent_dim;

	gae_code_reals(codec, &model->mu, values);
	if (gae_architecture(model->config.kind)->latent->heads > 1)
		gae_code_reals(codec, &model->log_std, values);
	else if (gae_codec_reading(codec))
		model->log_std = NULL;
	if (gae_codec_reading(codec) && model->log_std != NULL)
		check_log_std(codec, model->log_std, values);
}

static void
code_untrained(GaeCodec *codec, GaeModel *model)
{
	if (gae_has_links(model->config.kind))
		gae_code_bfloats(codec, &model->untrained, (int64_t) model->nodes * model->config.latent_dim);
}

static void
code_graph(GaeCodec *codec, GaeModel *model)
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

/* What a section of blob holds ends where the section ends. */
static void
code_blob(GaeCodec *codec, GaeBlob *blob)
{
	if (codec->mode == GAE_CODEC_READ)
		blob->length = codec->end - codec->position;
	gae_code_bytes(codec, &blob->data, blob->length);
}

static void
code_keys(GaeCodec *codec, GaeModel *model)
{
	code_blob(codec, &model->keys);
}

static void
code_schema(GaeCodec *codec, GaeModel *model)
{
	code_blob(codec, &model->schema);
}

/* Later sections are read with what earlier ones have told. */
static const struct
{
	char		name[5];
	void		(*code) (GaeCodec *codec, GaeModel *model);
} sections[] = {
	{"CONF", code_config},
	{"RSLT", code_results},
	{"HIST", code_history},
	{"LATN", code_latents},
	{"PARM", code_parameters},
	{"UNTR", code_untrained},
	{"SCAL", code_scaler},
	{"GRPH", code_graph},
	{"KEYS", code_keys},
	{"SCHM", code_schema},
};

#define SECTIONS ((int) (sizeof(sections) / sizeof(sections[0])))

/* Those that tell at a glance what it is: CONF and RSLT. */
#define GLANCE_SECTIONS 2

static void
code_section(GaeCodec *codec, GaeModel *model, int s)
{
	const uint8_t *name = (const uint8_t *) sections[s].name;
	uint32_t	zero = 0;
	int64_t		length = 0;
	int64_t		whole_end = codec->end;
	int64_t		start;
	int64_t		end;

	gae_code_bytes(codec, &name, 4);
	gae_code_u32(codec, &zero);
	gae_code_i64(codec, &length, 0, INT64_MAX);
	if (codec->mode == GAE_CODEC_READ)
	{
		if (codec->status == GAE_OK && (memcmp(name, sections[s].name, 4) != 0 || zero != 0))
			gae_codec_fail(codec, "Its section %s is missing.", sections[s].name);
		if (!gae_codec_has(codec, length, 1))
			return;
	}
	start = codec->position;
	codec->end = start + length;
	sections[s].code(codec, model);
	if (gae_codec_reading(codec) && codec->position != codec->end)
		gae_codec_fail(codec, "Its section %s is too long.", sections[s].name);
	codec->end = whole_end;
	if (codec->mode == GAE_CODEC_WRITE)
	{
		/* Only now is it known. */
		end = codec->position;
		length = end - start;
		codec->position = start - (int64_t) sizeof(length);
		gae_code_i64(codec, &length, 0, INT64_MAX);
		codec->position = end;
	}
	gae_code_padding(codec);
}

static GaeStatus
code_sections(GaeCodec *codec, GaeModel *model)
{
	for (int s = 0; s < SECTIONS && codec->status == GAE_OK; s++)
		code_section(codec, model, s);
	return codec->status;
}

GaeStatus
gae_model_make_factors(GaeEnv *env, GaeModel *model)
{
	const GaeLinkFactorsKind *kind = gae_architecture(model->config.kind)->links;

	if (kind == NULL)
		return GAE_OK;
	GAE_TRY(gae_link_factors_create(env, kind, &model->config, &model->params, model->nodes, false,
									&model->factors));
	return kind->forward(env, &model->factors, model->parameter, model->nodes, model->mu,
						 model->config.latent_dim);
}

GaeStatus
gae_model_size(GaeEnv *env, const GaeModel *model, int64_t *bytes)
{
	GaeCodec	codec = {.mode = GAE_CODEC_MEASURE, .env = env, .position = GAE_MODEL_HEADER_BYTES};

	/* Measuring does not write to the model. */
	GAE_TRY(code_sections(&codec, (GaeModel *) model));
	*bytes = codec.position;
	if (*bytes > GAE_MODEL_MAX_BYTES)
		return gae_model_too_large(env, *bytes);
	return GAE_OK;
}

GaeStatus
gae_model_too_large(GaeEnv *env, int64_t bytes)
{
	gae_fail(env, GAE_TOO_LARGE, "model would be too large");
	gae_error_detail(env, "It would take %lld MB; pg_dump cannot write values above %lld MB.",
					 (long long) (bytes >> 20), (long long) (GAE_MODEL_MAX_BYTES >> 20));
	gae_error_hint(env, "Use a smaller latent_dim, fewer epochs, or, for a graph without features, "
				   "smaller hidden_dims or the nodes' features.");
	return GAE_TOO_LARGE;
}

/* Of what follows the header. */
static GaeStatus
contents_checksum(GaeEnv *env, const uint8_t *buffer, int64_t bytes, uint64_t *checksum)
{
	GaeChecksum state;

	gae_checksum_begin(&state);
	for (int64_t first = GAE_MODEL_HEADER_BYTES; first < bytes; first += CHECKSUM_BLOCK)
	{
		int64_t		length = bytes - first < CHECKSUM_BLOCK ? bytes - first : CHECKSUM_BLOCK;

		GAE_TRY(gae_poll(env));
		gae_checksum_add(&state, buffer + first, (size_t) length);
	}
	*checksum = gae_checksum_end(&state);
	return GAE_OK;
}

GaeStatus
gae_model_write(GaeEnv *env, const GaeModel *model, uint8_t *buffer, int64_t bytes)
{
	GaeCodec	codec = {.mode = GAE_CODEC_WRITE, .env = env, .out = buffer};
	const uint8_t *name = magic;
	uint32_t	version = GAE_FORMAT_VERSION;
	uint64_t	checksum = 0;

	gae_code_bytes(&codec, &name, sizeof(magic));
	gae_code_u32(&codec, &version);
	gae_code_i64(&codec, &bytes, 0, INT64_MAX);
	codec.position = GAE_MODEL_HEADER_BYTES;
	GAE_TRY(code_sections(&codec, (GaeModel *) model)); /* writing reads it only */
	GAE_TRY(contents_checksum(env, buffer, bytes, &checksum));
	gae_store_u64(buffer + CHECKSUM_OFFSET, checksum);
	return GAE_OK;
}

static void
read_header(GaeCodec *codec, int64_t *length, int64_t *checksum)
{
	const uint8_t *name = NULL;
	uint32_t	version = 0;

	gae_code_bytes(codec, &name, sizeof(magic));
	if (codec->status == GAE_OK && memcmp(name, magic, sizeof(magic)) != 0)
		gae_codec_fail(codec, "It does not begin as a model does.");
	gae_code_u32(codec, &version);
	if (codec->status == GAE_OK && version != GAE_FORMAT_VERSION)
	{
		gae_codec_fail(codec, "Its format version is %lu; this library reads version %d.",
					   (unsigned long) version, GAE_FORMAT_VERSION);
		gae_error_hint(codec->env, "Install the version of vgae that trained the model, or train it anew.");
	}
	gae_code_i64(codec, length, 0, INT64_MAX);
	gae_code_i64(codec, checksum, INT64_MIN, INT64_MAX);
}

GaeStatus
gae_model_glance(GaeEnv *env, const uint8_t *buffer, int64_t bytes, GaeModel *model)
{
	GaeCodec	codec = {.mode = GAE_CODEC_READ, .env = env, .in = buffer, .end = bytes};
	int64_t		length = 0;
	int64_t		checksum = 0;

	memset(model, 0, sizeof(*model));
	read_header(&codec, &length, &checksum);
	for (int s = 0; s < GLANCE_SECTIONS && codec.status == GAE_OK; s++)
		code_section(&codec, model, s);
	return codec.status;
}

GaeStatus
gae_model_read(GaeEnv *env, const uint8_t *buffer, int64_t bytes, GaeModel *model)
{
	GaeCodec	codec = {.mode = GAE_CODEC_READ, .env = env, .in = buffer, .end = bytes};
	int64_t		length = 0;
	int64_t		checksum = 0;
	uint64_t	found = 0;

	memset(model, 0, sizeof(*model));
	read_header(&codec, &length, &checksum);
	if (codec.status == GAE_OK && length != bytes)
		gae_codec_fail(&codec, "It should have %lld bytes, and has %lld.",
					   (long long) length, (long long) bytes);
	if (codec.status == GAE_OK)
		codec.status = contents_checksum(env, buffer, bytes, &found);
	if (codec.status == GAE_OK && (uint64_t) checksum != found)
		gae_codec_fail(&codec, "Its checksum does not match its contents.");
	code_sections(&codec, model);
	if (codec.status == GAE_OK && codec.position != bytes)
		gae_codec_fail(&codec, "There are bytes behind its end.");
	GAE_TRY(codec.status);
	return gae_model_make_factors(env, model);
}
