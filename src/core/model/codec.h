/*
 * codec.h
 *		One description of a byte format for measuring, writing and reading it.
 *
 * A gae_code_* call measures, writes *value, or reads into it, as the codec's mode
 * says; so the three can never disagree.  The first failure of a reading codec
 * stops it: all further calls do nothing.
 */
#ifndef GAE_CODEC_H
#define GAE_CODEC_H

#include "core/base/bytes.h"
#include "core/base/env.h"

typedef enum GaeCodecMode
{
	GAE_CODEC_MEASURE,
	GAE_CODEC_WRITE,
	GAE_CODEC_READ
} GaeCodecMode;

typedef struct GaeCodec
{
	GaeCodecMode mode;
	uint32_t	version;		/* of the format */
	GaeEnv	   *env;			/* memory, errors and interrupts */
	uint8_t    *out;			/* writing */
	const uint8_t *in;			/* reading */
	int64_t		position;
	int64_t		end;			/* reading: of what may be read */
	GaeStatus	status;
} GaeCodec;

/* What to do about bytes that are not a model. */
#define GAE_INVALID_MODEL_HINT \
	"Give the model itself (not its name), unchanged as vgae_train returned it."

/* End reading with the error "invalid vgae model" and this detail. */
extern void gae_codec_fail(GaeCodec *codec, const char *format, ...) GAE_PRINTF(2, 3);

/* Is the codec reading, without a failure so far? */
extern bool gae_codec_reading(const GaeCodec *codec);

/*
 * Reading: are there "count" elements of "size" bytes before the end?  If not, the
 * codec fails.
 */
extern bool gae_codec_has(GaeCodec *codec, int64_t count, int64_t size);

/* Values of an array between two looks at interrupts: well below a millisecond. */
#define GAE_CODEC_BLOCK (INT64_C(1) << 16)

/* Look at interrupts; false if one, or an earlier failure, ends the call. */
extern bool gae_codec_poll(GaeCodec *codec);

extern void gae_code_u32(GaeCodec *codec, uint32_t *value);
extern void gae_code_i32(GaeCodec *codec, int32_t *value, int32_t minimum, int32_t maximum);
extern void gae_code_i64(GaeCodec *codec, int64_t *value, int64_t minimum, int64_t maximum);
extern void gae_code_bool(GaeCodec *codec, bool *value);
extern void gae_code_f64(GaeCodec *codec, double *value);

/* Finite numbers, stored as float; reading allocates them. */
extern void gae_code_reals(GaeCodec *codec, GaeReal **values, int64_t count);

/* The same, stored as double. */
extern void gae_code_doubles(GaeCodec *codec, double **values, int64_t count);

/* Finite numbers as bfloat16 (see bfloat.h), in memory and as they are stored. */
extern void gae_code_bfloats(GaeCodec *codec, uint16_t **values, int64_t count);

/* An unsigned number in groups of seven bits (LEB128), no more of them than it needs. */
extern void gae_code_varint(GaeCodec *codec, uint64_t *value);

/*
 * Read one of many varints.  A number of up to 56 bits takes one load and no branch
 * that depends on it.  Numbers that take more bytes than they need are refused, and so
 * are larger numbers, except in the last eight bytes.  After a failure the result may
 * be any number.
 */
static inline uint64_t
gae_codec_read_varint(GaeCodec *codec)
{
	uint64_t	bytes;
	uint64_t	ends;
	uint64_t	upto;
	uint64_t	value = 0;

	if (codec->end - codec->position < 8 || codec->status != GAE_OK)
	{
		gae_code_varint(codec, &value);
		return value;
	}
	bytes = gae_load_u64(codec->in + codec->position);
	ends = ~bytes & UINT64_C(0x8080808080808080);

	/*
	 * The number ends with the first byte without its high bit; "upto" masks all bytes
	 * up to there.  Where they are several, the last must not be 0.
	 */
	upto = ends ^ (ends - 1);
	if (ends == 0 || (bytes & upto) >> 1 < ((upto >> 8) + 1) >> 1)
	{
		gae_codec_fail(codec, "The number at byte %lld is too long.", (long long) codec->position);
		return 0;
	}
	value = bytes & upto & UINT64_C(0x7F7F7F7F7F7F7F7F);
	value = (value & UINT64_C(0x007F007F007F007F)) | (value & UINT64_C(0x7F007F007F007F00)) >> 1;
	value = (value & UINT64_C(0x00003FFF00003FFF)) | (value & UINT64_C(0x3FFF00003FFF0000)) >> 2;
	value = (value & UINT64_C(0x000000000FFFFFFF)) | (value & UINT64_C(0x0FFFFFFF00000000)) >> 4;
	codec->position += __builtin_ctzll(ends) / 8 + 1;
	return value;
}

/* Bytes of a known length; reading makes *bytes point into the buffer. */
extern void gae_code_bytes(GaeCodec *codec, const uint8_t **bytes, int64_t length);

/* Zeros up to a multiple of eight. */
extern void gae_code_padding(GaeCodec *codec);

#endif							/* GAE_CODEC_H */
