/*
 * format.c
 *		The byte format of models: the header, and the table of the sections.
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
#include "core/model/format.h"

#include <string.h>

#include "core/base/bytes.h"
#include "core/base/range.h"
#include "core/model/checksum.h"
#include "core/model/codec.h"
#include "core/model/sections.h"

#define CHECKSUM_OFFSET 16

/* Bytes between two looks at interrupts: a few milliseconds, a multiple of 32. */
#define CHECKSUM_BLOCK (INT64_C(1) << 24)

static const uint8_t magic[4] = {'V', 'G', 'A', 'E'};

/* In this order: a section is read with what those before it hold. */
static const struct
{
	char		name[5];
	void		(*code) (GaeCodec *codec, GaeModel *model);
} sections[] = {
	{"CONF", gae_code_config},
	{"RSLT", gae_code_results},
	{"HIST", gae_code_history},
	{"LATN", gae_code_latents},
	{"PARM", gae_code_parameters},
	{"UNTR", gae_code_untrained},
	{"SCAL", gae_code_scaler},
	{"GRPH", gae_code_graph},
	{"KEYS", gae_code_keys},
	{"SCHM", gae_code_schema},
};

#define SECTIONS ((int) (sizeof(sections) / sizeof(sections[0])))

/* Those that gae_model_glance reads: CONF and RSLT. */
#define GLANCE_SECTIONS 2

/* Section s with its name, length and padding. */
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
		/* Its length is known only now. */
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
gae_model_size(GaeEnv *env, const GaeModel *model, int64_t *bytes)
{
	GaeCodec	codec = {
		.mode = GAE_CODEC_MEASURE, .version = GAE_FORMAT_VERSION, .env = env,
		.position = GAE_MODEL_HEADER_BYTES
	};

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

/* The checksum of what follows the header. */
static GaeStatus
contents_checksum(GaeEnv *env, const uint8_t *buffer, int64_t bytes, uint64_t *checksum)
{
	GaeChecksum state;

	gae_checksum_begin(&state);
	for (int64_t first = GAE_MODEL_HEADER_BYTES; first < bytes; first += CHECKSUM_BLOCK)
	{
		int64_t		length = gae_min(CHECKSUM_BLOCK, bytes - first);

		GAE_TRY(gae_poll(env));
		gae_checksum_add(&state, buffer + first, (size_t) length);
	}
	*checksum = gae_checksum_end(&state);
	return GAE_OK;
}

GaeStatus
gae_model_write(GaeEnv *env, const GaeModel *model, uint8_t *buffer, int64_t bytes)
{
	GaeCodec	codec = {
		.mode = GAE_CODEC_WRITE, .version = GAE_FORMAT_VERSION, .env = env, .out = buffer
	};
	const uint8_t *name = magic;
	uint64_t	checksum = 0;

	gae_code_bytes(&codec, &name, sizeof(magic));
	gae_code_u32(&codec, &codec.version);
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

	gae_code_bytes(codec, &name, sizeof(magic));
	if (codec->status == GAE_OK && memcmp(name, magic, sizeof(magic)) != 0)
		gae_codec_fail(codec, "It does not begin as a model does.");
	gae_code_u32(codec, &codec->version);
	if (codec->status == GAE_OK &&
		(codec->version < 1 || codec->version > GAE_FORMAT_VERSION))
	{
		gae_codec_fail(codec, "Its format version is %lu; this library reads versions 1 to %d.",
					   (unsigned long) codec->version, GAE_FORMAT_VERSION);
		gae_error_hint(codec->env, "Install the version of vgae that trained the model, "
					   "or train it anew.");
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
	model->format_version = (int) codec.version;
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
	model->format_version = (int) codec.version;
	return gae_model_make_factors(env, model);
}
