/*
 * test_codec.c
 *		Numbers in and out of bytes: measured, written and read alike, and what is
 *		refused.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/model/bfloat.h"
#include "core/model/codec.h"
#include "support.h"

static const uint64_t varints[] = {
	0, 1, 127, 128, 300, 16383, 16384, UINT64_C(1) << 32, UINT64_C(1) << 62, UINT64_C(1) << 63, UINT64_MAX
};

typedef struct Values
{
	uint32_t	u32;
	int32_t		i32;
	int64_t		i64;
	bool		flag;
	double		f64;
	GaeReal    *reals;
	uint16_t   *bfloats;
	const uint8_t *bytes;
	uint64_t	varint[11];
} Values;

static void
code_values(GaeCodec *codec, Values *v)
{
	gae_code_bytes(codec, &v->bytes, 3);
	gae_code_u32(codec, &v->u32);
	gae_code_i32(codec, &v->i32, -5, 5);
	gae_code_padding(codec);
	gae_code_i64(codec, &v->i64, INT64_MIN, INT64_MAX);
	gae_code_bool(codec, &v->flag);
	gae_code_f64(codec, &v->f64);
	gae_code_reals(codec, &v->reals, 3);
	gae_code_bfloats(codec, &v->bfloats, 3);
	for (int i = 0; i < 11; i++)
		gae_code_varint(codec, &v->varint[i]);
	gae_code_padding(codec);
}

static int64_t
write_values(GaeEnv *env, uint8_t *buffer)
{
	GaeReal		reals[3] = {(GaeReal) 1.5, (GaeReal) -0.0, (GaeReal) 1e-40};
	uint16_t	bfloats[3] = {gae_bfloat(1.5f), gae_bfloat(-0.0f), gae_bfloat(-3e38f)};
	Values		v = {
		.u32 = 0xDEADBEEF, .i32 = -5, .i64 = INT64_MIN, .flag = true, .f64 = -1e300, .reals = reals, .bfloats = bfloats,
		.bytes = (const uint8_t *) "abc"
	};
	GaeCodec	measure = {.mode = GAE_CODEC_MEASURE};
	GaeCodec	write = {.mode = GAE_CODEC_WRITE, .env = env, .out = buffer};

	memcpy(v.varint, varints, sizeof(varints));
	code_values(&measure, &v);
	code_values(&write, &v);
	assert_int_equal(measure.position, write.position);
	assert_int_equal(write.position % 8, 0);
	return write.position;
}

static void
test_round_trip(void **state)
{
	uint8_t		buffer[256];
	int64_t		bytes = write_values(*state, buffer);
	GaeCodec	read = {.mode = GAE_CODEC_READ, .env = *state, .in = buffer, .end = bytes};
	Values		v = {0};

	code_values(&read, &v);
	assert_int_equal(read.status, GAE_OK);
	assert_int_equal(read.position, bytes);
	assert_true(v.u32 == 0xDEADBEEF && v.i32 == -5 && v.i64 == INT64_MIN && v.flag && v.f64 == -1e300);
	assert_true(v.reals[0] == (GaeReal) 1.5 && v.reals[1] == 0 && signbit(v.reals[1]));
	assert_true(gae_float_of_bfloat(v.bfloats[0]) == 1.5f && v.bfloats[1] == GAE_BFLOAT_SIGN);
	assert_near(gae_float_of_bfloat(v.bfloats[2]), -3e38, 1.0 / 256, 3e38);
	assert_memory_equal(v.bytes, "abc", 3);
	assert_memory_equal(v.varint, varints, sizeof(varints));

	/* Little-endian, as the format says. */
	assert_true(buffer[3] == 0xEF && buffer[6] == 0xDE);
}

/* The first failure is kept, and nothing is read after it. */
static void
test_cut_short(void **state)
{
	GaeEnv	   *env = *state;
	uint8_t		buffer[256];
	int64_t		bytes = write_values(*state, buffer);

	for (int64_t end = 0; end < bytes; end++)
	{
		GaeCodec	read = {.mode = GAE_CODEC_READ, .env = env, .in = buffer, .end = end};
		Values		v = {0};

		code_values(&read, &v);
		assert_int_equal(read.status, GAE_INVALID_MODEL);
		assert_true(read.position <= end);
		assert_string_equal(env->error.message, "invalid vgae model");
	}
}

/* Reading one number from these bytes fails. */
#define REFUSED(call, ...) \
	do { \
		static const uint8_t bytes[] = {__VA_ARGS__}; \
		GaeCodec	codec = {.mode = GAE_CODEC_READ, .env = *state, .in = bytes, .end = sizeof(bytes)}; \
		call; \
		assert_int_equal(codec.status, GAE_INVALID_MODEL); \
		assert_false(gae_codec_reading(&codec)); \
	} while (0)

static void
test_refused(void **state)
{
	int32_t		i32 = 0;
	int64_t		i64 = 0;
	bool		flag = false;
	uint64_t	varint = 0;
	GaeReal    *reals = NULL;
	uint16_t   *bfloats = NULL;

	REFUSED(gae_code_i32(&codec, &i32, 0, 5), 6, 0, 0, 0);
	REFUSED(gae_code_i32(&codec, &i32, 0, 5), 0xFF, 0xFF, 0xFF, 0xFF);
	REFUSED(gae_code_i64(&codec, &i64, 0, 5), 0, 0, 0, 0, 0, 0, 0, 0x80);
	REFUSED(gae_code_bool(&codec, &flag), 2, 0, 0, 0);
	REFUSED(gae_code_reals(&codec, &reals, 1), 0, 0, 0x80, 0x7F);	/* infinity */
	REFUSED(gae_code_reals(&codec, &reals, 1), 1, 0, 0x80, 0xFF);	/* NaN */
	REFUSED(gae_code_reals(&codec, &reals, 2), 0, 0, 0, 0);
	REFUSED(gae_code_reals(&codec, &reals, INT64_MAX / 8), 0, 0, 0, 0);
	REFUSED(gae_code_reals(&codec, &reals, -1), 0, 0, 0, 0);
	REFUSED(gae_code_bfloats(&codec, &bfloats, 1), 0x80, 0x7F);	/* infinity */
	REFUSED(gae_code_bfloats(&codec, &bfloats, 1), 0x81, 0xFF);	/* NaN */
	REFUSED(gae_code_bfloats(&codec, &bfloats, 2), 0, 0, 0);
	REFUSED(gae_code_varint(&codec, &varint), 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0);
	REFUSED(gae_code_varint(&codec, &varint), 0x80);
	REFUSED(gae_code_varint(&codec, &varint), 0x80, 0);
	REFUSED(gae_code_varint(&codec, &varint), 0xFF, 0xFF, 0);
	REFUSED(gae_code_varint(&codec, &varint), 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 3);
	REFUSED((void) gae_codec_read_varint(&codec), 0x80, 0, 1, 1, 1, 1, 1, 1);
	REFUSED((void) gae_codec_read_varint(&codec), 0xFF, 0, 1, 1, 1, 1, 1, 1);
	REFUSED((void) gae_codec_read_varint(&codec), 0xFF, 0xFF, 0x80, 0, 1, 1, 1, 1);
	REFUSED((void) gae_codec_read_varint(&codec), 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0);
	REFUSED((void) gae_codec_read_varint(&codec), 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1);
	REFUSED((void) gae_codec_read_varint(&codec), 0x80, 0);
	REFUSED((gae_code_bool(&codec, &flag), gae_code_padding(&codec)), 1, 0, 0, 0, 0, 0, 1, 0);
}

/* Many varints, followed by enough bytes for the fast way or not. */
static void
test_read_varint(void **state)
{
	static const uint64_t above[] = {0, 1, 2, 42};

	for (int bits = 0; bits <= 56; bits++)
	{
		for (int64_t behind = 0; behind <= 8; behind++)
		{
			for (size_t a = 0; a < sizeof(above) / sizeof(above[0]); a++)
			{
				uint8_t		buffer[24];
				uint64_t	ones = (UINT64_C(1) << bits) - 1;
				uint64_t	value = ones ^ (above[a] & ones);
				GaeCodec	write = {.mode = GAE_CODEC_WRITE, .env = *state, .out = buffer};
				GaeCodec	read = {.mode = GAE_CODEC_READ, .env = *state, .in = buffer};

				memset(buffer, (int) a * 0x55, sizeof(buffer));
				gae_code_varint(&write, &value);
				read.end = write.position + behind;
				assert_true(gae_codec_read_varint(&read) == value);
				assert_int_equal(read.status, GAE_OK);
				assert_int_equal(read.position, write.position);
			}
		}
	}
}

/* Infinity is found wherever it lies in an array of several blocks. */
static void
test_long_arrays(void **state)
{
	const int64_t count = GAE_CODEC_BLOCK * 2 + 5;
	const int64_t places[] = {-1, 0, GAE_CODEC_BLOCK - 1, GAE_CODEC_BLOCK, count - 1};
	uint8_t    *buffer = malloc((size_t) count * 12);

	for (int p = 0; p < 5; p++)
	{
		GaeReal    *reals = calloc((size_t) count, sizeof(GaeReal));
		double	   *doubles = calloc((size_t) count, sizeof(double));
		GaeCodec	write = {.mode = GAE_CODEC_WRITE, .env = *state, .out = buffer};
		GaeCodec	read = {.mode = GAE_CODEC_READ, .env = *state, .in = buffer, .end = count * 12};
		GaeReal    *reals_read = NULL;
		double	   *doubles_read = NULL;

		for (int64_t i = 0; i < count; i++)
			doubles[i] = (double) (reals[i] = (GaeReal) i);
		if (places[p] >= 0 && p % 2 == 0)
			reals[places[p]] = (GaeReal) -INFINITY;
		else if (places[p] >= 0)
			doubles[places[p]] = (double) NAN;
		gae_code_reals(&write, &reals, count);
		gae_code_doubles(&write, &doubles, count);
		gae_code_reals(&read, &reals_read, count);
		gae_code_doubles(&read, &doubles_read, count);
		assert_int_equal(read.status, p == 0 ? GAE_OK : GAE_INVALID_MODEL);
		if (p == 0)
		{
			assert_memory_equal(reals_read, reals, (size_t) count * sizeof(GaeReal));
			assert_memory_equal(doubles_read, doubles, (size_t) count * sizeof(double));
		}
		free(reals);
		free(doubles);
	}
	free(buffer);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_round_trip),
		TEST(test_cut_short),
		TEST(test_read_varint),
		TEST(test_long_arrays),
		TEST(test_refused),
	};

	return cmocka_run_group_tests_name("codec", tests, NULL, NULL);
}
