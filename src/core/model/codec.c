/*
 * codec.c
 *		Numbers in and out of byte buffers.
 */
#include "core/model/codec.h"

#include <stdarg.h>
#include <stdio.h>

#include "core/base/bytes.h"
#include "core/base/range.h"
#include "core/model/bfloat.h"

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

bool
gae_codec_poll(GaeCodec *codec)
{
	if (codec->status == GAE_OK)
		codec->status = gae_poll(codec->env);
	return codec->status == GAE_OK;
}

/*
 * The place where the next bytes are written, or NULL if the codec does not write.
 * The position moves behind them in measuring and writing.
 */
static uint8_t *
place_to_write(GaeCodec *codec, int64_t bytes)
{
	uint8_t    *place = codec->mode == GAE_CODEC_WRITE ? codec->out + codec->position : NULL;

	if (codec->mode != GAE_CODEC_READ)
		codec->position += bytes;
	return place;
}

/* The place where the next bytes are read, or NULL if the codec does not read or has failed. */
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
 * How the values of an array are stored.  "read" and "write" are one plain loop each,
 * which compilers make vector code of.  "read" returns true if a value is infinite or
 * not a number: then all bits of its exponent are set.
 */
typedef struct ArrayKind
{
	int64_t		stored;			/* bytes of a value in the buffer */
	size_t		size;			/* and in memory */
	bool		(*read) (void *values, const uint8_t *from, int64_t count);
	void		(*write) (const void *values, uint8_t *to, int64_t count);
} ArrayKind;

#define FLOAT_EXPONENT UINT32_C(0x7F800000)
#define DOUBLE_EXPONENT (UINT64_C(0x7FF) << 52)

static bool
read_reals(void *values, const uint8_t *from, int64_t count)
{
	GaeReal    *value = values;
	uint32_t	infinite = 0;

	for (int64_t i = 0; i < count; i++)
	{
		value[i] = gae_load_f32(from + 4 * i);
		infinite |= (gae_load_u32(from + 4 * i) & FLOAT_EXPONENT) == FLOAT_EXPONENT;
	}
	return infinite != 0;
}

static void
write_reals(const void *values, uint8_t *to, int64_t count)
{
	const GaeReal *value = values;

	for (int64_t i = 0; i < count; i++)
		gae_store_f32(to + 4 * i, (float) value[i]);
}

static bool
read_doubles(void *values, const uint8_t *from, int64_t count)
{
	double	   *value = values;
	uint64_t	infinite = 0;

	for (int64_t i = 0; i < count; i++)
	{
		value[i] = gae_load_f64(from + 8 * i);
		infinite |= (gae_load_u64(from + 8 * i) & DOUBLE_EXPONENT) == DOUBLE_EXPONENT;
	}
	return infinite != 0;
}

static void
write_doubles(const void *values, uint8_t *to, int64_t count)
{
	const double *value = values;

	for (int64_t i = 0; i < count; i++)
		gae_store_f64(to + 8 * i, value[i]);
}

static bool
read_bfloats(void *values, const uint8_t *from, int64_t count)
{
	uint16_t   *value = values;
	uint16_t	infinite = 0;

	for (int64_t i = 0; i < count; i++)
	{
		value[i] = gae_load_u16(from + 2 * i);
		infinite |= (value[i] & GAE_BFLOAT_EXPONENT) == GAE_BFLOAT_EXPONENT;
	}
	return infinite != 0;
}

static void
write_bfloats(const void *values, uint8_t *to, int64_t count)
{
	const uint16_t *value = values;

	for (int64_t i = 0; i < count; i++)
		gae_store_u16(to + 2 * i, value[i]);
}

static const ArrayKind reals = {4, sizeof(GaeReal), read_reals, write_reals};
static const ArrayKind doubles = {8, sizeof(double), read_doubles, write_doubles};
static const ArrayKind bfloats = {2, sizeof(uint16_t), read_bfloats, write_bfloats};

/* Fail for the first of the values that is not finite. */
static void
refuse_infinite(GaeCodec *codec, const ArrayKind *kind, char *values, const uint8_t *from)
{
	while (!kind->read(values, from, 1))
		from += kind->stored;
	gae_codec_fail(codec, "The value at byte %lld is not finite.", (long long) (from - codec->in));
}

/* Allocate and read an array; NULL, with the codec's status set, if that fails. */
static void *
read_array(GaeCodec *codec, const ArrayKind *kind, int64_t count)
{
	const uint8_t *from;
	char	   *values;

	if (!gae_codec_has(codec, count, kind->stored))
		return NULL;
	values = gae_alloc(codec->env, count, kind->size);
	if (values == NULL)
	{
		codec->status = codec->env->error.status;
		return NULL;
	}
	from = place_to_read(codec, count * kind->stored);
	for (int64_t first = 0; first < count && gae_codec_poll(codec); first += GAE_CODEC_BLOCK)
	{
		char	   *block = values + (size_t) first * kind->size;
		const uint8_t *block_from = from + first * kind->stored;

		if (kind->read(block, block_from, gae_min(GAE_CODEC_BLOCK, count - first)))
			refuse_infinite(codec, kind, block, block_from);
	}
	return values;
}

/* Measure or write an array. */
static void
write_array(GaeCodec *codec, const ArrayKind *kind, const void *values, int64_t count)
{
	uint8_t    *to = place_to_write(codec, count * kind->stored);

	if (to == NULL)
		return;
	for (int64_t first = 0; first < count && gae_codec_poll(codec); first += GAE_CODEC_BLOCK)
		kind->write((const char *) values + (size_t) first * kind->size, to + first * kind->stored,
					gae_min(GAE_CODEC_BLOCK, count - first));
}

void
gae_code_reals(GaeCodec *codec, GaeReal **values, int64_t count)
{
	if (codec->mode == GAE_CODEC_READ)
		*values = read_array(codec, &reals, count);
	else
		write_array(codec, &reals, *values, count);
}

void
gae_code_doubles(GaeCodec *codec, double **values, int64_t count)
{
	if (codec->mode == GAE_CODEC_READ)
		*values = read_array(codec, &doubles, count);
	else
		write_array(codec, &doubles, *values, count);
}

void
gae_code_bfloats(GaeCodec *codec, uint16_t **values, int64_t count)
{
	if (codec->mode == GAE_CODEC_READ)
		*values = read_array(codec, &bfloats, count);
	else
		write_array(codec, &bfloats, *values, count);
}

static int64_t
varint_bytes(uint64_t value)
{
	int			bits = 64 - __builtin_clzll(value | 1);

	return (bits + 6) / 7;
}

void
gae_code_varint(GaeCodec *codec, uint64_t *value)
{
	uint64_t	rest = *value;
	uint8_t    *to;

	if (codec->mode == GAE_CODEC_READ)
	{
		*value = 0;
		for (int shift = 0; shift < 64; shift += 7)
		{
			const uint8_t *from = place_to_read(codec, 1);

			if (from == NULL)
				return;
			*value |= (uint64_t) (*from & 0x7F) << shift;
			if (*from >= 0x80)
				continue;
			/* Every number has one form: no zeros at its end, nor bits beyond the 64th. */
			if (shift > 0 && (*from == 0 || *value >> shift != *from))
				break;
			return;
		}
		gae_codec_fail(codec, "The number before byte %lld is too long.",
					   (long long) codec->position);
		return;
	}
	to = place_to_write(codec, varint_bytes(rest));
	if (to == NULL)
		return;
	for (; rest > 0x7F; rest >>= 7)
		*to++ = (uint8_t) (rest | 0x80);
	*to = (uint8_t) rest;
}

void
gae_code_bytes(GaeCodec *codec, const uint8_t **bytes, int64_t length)
{
	uint8_t    *to = place_to_write(codec, length);
	const uint8_t *from = place_to_read(codec, length);

	if (to != NULL && codec->status == GAE_OK)
		codec->status = gae_copy(codec->env, to, *bytes, (size_t) length);
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
