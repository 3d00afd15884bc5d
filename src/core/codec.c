/*
 * codec.c
 *		Numbers in and out of byte buffers.
 */
#include "codec.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "bytes.h"
#include "model.h"

#define ALIGNMENT 8

void
gae_codec_fail(GaeCodec *codec, const char *format, ...)
{
	char		detail[sizeof(codec->env->error.detail)];
	va_list		args;

	if (codec->status != GAE_OK)
		return;
	va_start(args, format);
	vsnprintf(detail, sizeof(detail), format, args);
	va_end(args);
	codec->status = gae_fail(codec->env, GAE_INVALID_MODEL, "invalid vgae model");
	gae_error_detail(codec->env, "%s", detail);
	gae_error_hint(codec->env, GAE_INVALID_MODEL_HINT);
}

bool
gae_codec_reading(const GaeCodec *codec)
{
	return codec->mode == GAE_CODEC_READ && codec->status == GAE_OK;
}

bool
gae_codec_has(GaeCodec *codec, int64_t count, int64_t size)
{
	if (codec->status != GAE_OK)
		return false;
	if (count < 0 || count > (codec->end - codec->position) / size)
	{
		gae_codec_fail(codec, "It is cut short at byte %lld.", (long long) codec->position);
		return false;
	}
	return true;
}

/*
 * The place of the next bytes, and a step beyond them.  When measuring, and
 * when reading has failed, there is none.
 */
static uint8_t *
place_to_write(GaeCodec *codec, int64_t bytes)
{
	uint8_t    *place = codec->mode == GAE_CODEC_WRITE ? codec->out + codec->position : NULL;

	if (codec->mode != GAE_CODEC_READ)
		codec->position += bytes;
	return place;
}

static const uint8_t *
place_to_read(GaeCodec *codec, int64_t bytes)
{
	const uint8_t *place;

	if (codec->mode != GAE_CODEC_READ || !gae_codec_has(codec, bytes, 1))
		return NULL;
	place = codec->in + codec->position;
	codec->position += bytes;
	return place;
}

void
gae_code_u32(GaeCodec *codec, uint32_t *value)
{
	uint8_t    *to = place_to_write(codec, 4);
	const uint8_t *from = place_to_read(codec, 4);

	if (to != NULL)
		gae_store_u32(to, *value);
	if (from != NULL)
		*value = gae_load_u32(from);
}

void
gae_code_i64(GaeCodec *codec, int64_t *value, int64_t minimum, int64_t maximum)
{
	uint8_t    *to = place_to_write(codec, 8);
	const uint8_t *from = place_to_read(codec, 8);

	if (to != NULL)
		gae_store_u64(to, (uint64_t) *value);
	if (from != NULL)
	{
		*value = (int64_t) gae_load_u64(from);
		if (*value < minimum || *value > maximum)
			gae_codec_fail(codec, "The number %lld at byte %lld is out of range.",
						   (long long) *value, (long long) codec->position - 8);
	}
}

void
gae_code_i32(GaeCodec *codec, int32_t *value, int32_t minimum, int32_t maximum)
{
	uint32_t	bits = (uint32_t) *value;

	gae_code_u32(codec, &bits);
	if (!gae_codec_reading(codec))
		return;
	*value = (int32_t) bits;
	if (*value < minimum || *value > maximum)
		gae_codec_fail(codec, "The number %ld at byte %lld is out of range.",
					   (long) *value, (long long) codec->position - 4);
}

void
gae_code_bool(GaeCodec *codec, bool *value)
{
	int32_t		number = *value ? 1 : 0;

	gae_code_i32(codec, &number, 0, 1);
	if (gae_codec_reading(codec))
		*value = number != 0;
}

void
gae_code_f64(GaeCodec *codec, double *value)
{
	uint8_t    *to = place_to_write(codec, 8);
	const uint8_t *from = place_to_read(codec, 8);

	if (to != NULL)
		gae_store_f64(to, *value);
	if (from != NULL)
		*value = gae_load_f64(from);
}

/*
 * Reading: room for count elements, if the buffer has as many of "stored" bytes.
 */
static void *
array_to_read(GaeCodec *codec, int64_t count, int64_t stored, size_t size)
{
	void	   *array;

	if (codec->mode != GAE_CODEC_READ || !gae_codec_has(codec, count, stored))
		return NULL;
	array = gae_alloc(codec->env, count, size);
	if (array == NULL)
		codec->status = GAE_OUT_OF_MEMORY;
	return array;
}

static void
check_finite(GaeCodec *codec, double value, const uint8_t *from)
{
	if (!isfinite(value))
		gae_codec_fail(codec, "The value at byte %lld is not finite.",
					   (long long) (from - codec->in));
}

void
gae_code_reals(GaeCodec *codec, GaeReal **values, int64_t count)
{
	uint8_t    *to = place_to_write(codec, 4 * count);
	GaeReal    *read = array_to_read(codec, count, 4, sizeof(GaeReal));
	const uint8_t *from = read != NULL ? place_to_read(codec, 4 * count) : NULL;

	for (int64_t i = 0; to != NULL && i < count; i++)
		gae_store_f32(to + 4 * i, (float) (*values)[i]);
	if (read == NULL)
		return;
	*values = read;
	for (int64_t i = 0; i < count; i++)
	{
		read[i] = gae_load_f32(from + 4 * i);
		check_finite(codec, read[i], from + 4 * i);
	}
}

void
gae_code_doubles(GaeCodec *codec, double **values, int64_t count)
{
	uint8_t    *to = place_to_write(codec, 8 * count);
	double	   *read = array_to_read(codec, count, 8, sizeof(double));
	const uint8_t *from = read != NULL ? place_to_read(codec, 8 * count) : NULL;

	for (int64_t i = 0; to != NULL && i < count; i++)
		gae_store_f64(to + 8 * i, (*values)[i]);
	if (read == NULL)
		return;
	*values = read;
	for (int64_t i = 0; i < count; i++)
	{
		read[i] = gae_load_f64(from + 8 * i);
		check_finite(codec, read[i], from + 8 * i);
	}
}

void
gae_code_varint(GaeCodec *codec, uint64_t *value)
{
	uint64_t	rest = *value;

	if (codec->mode == GAE_CODEC_READ)
	{
		*value = 0;
		for (int shift = 0; shift < 64; shift += 7)
		{
			const uint8_t *from = place_to_read(codec, 1);

			if (from == NULL)
				return;
			*value |= (uint64_t) (*from & 0x7F) << shift;
			if (*from < 0x80)
				return;
		}
		gae_codec_fail(codec, "The number before byte %lld is too long.",
					   (long long) codec->position);
		return;
	}
	for (;; rest >>= 7)
	{
		uint8_t    *to = place_to_write(codec, 1);

		if (to != NULL)
			*to = (uint8_t) ((rest & 0x7F) | (rest > 0x7F ? 0x80 : 0));
		if (rest <= 0x7F)
			break;
	}
}

void
gae_code_bytes(GaeCodec *codec, const uint8_t **bytes, int64_t length)
{
	uint8_t    *to = place_to_write(codec, length);
	const uint8_t *from = place_to_read(codec, length);

	if (to != NULL && length > 0)
		memcpy(to, *bytes, (size_t) length);
	if (from != NULL)
		*bytes = from;
}

void
gae_code_padding(GaeCodec *codec)
{
	static const uint8_t zeros[ALIGNMENT] = {0};
	const uint8_t *padding = zeros;
	int64_t		length = (ALIGNMENT - codec->position % ALIGNMENT) % ALIGNMENT;

	gae_code_bytes(codec, &padding, length);
	if (gae_codec_reading(codec) && memcmp(padding, zeros, (size_t) length) != 0)
		gae_codec_fail(codec, "The bytes before byte %lld should be zero.",
					   (long long) codec->position);
}
