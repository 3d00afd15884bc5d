/*
 * test_codec.c
 *		Numbers in and out of bytes: measured, written and read alike, and what is
 *		refused.
 */
#include <math.h>
#include <string.h>

#include "codec.h"
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
	for (int i = 0; i < 11; i++)
		gae_code_varint(codec, &v->varint[i]);
	gae_code_padding(codec);
}

static int64_t
write_values(uint8_t *buffer)
{
	GaeReal		reals[3] = {(GaeReal) 1.5, (GaeReal) -0.0, (GaeReal) 1e-40};
	Values		v = {
		.u32 = 0xDEADBEEF, .i32 = -5, .i64 = INT64_MIN, .flag = true, .f64 = -1e300, .reals = reals,
		.bytes = (const uint8_t *) "abc"
	};
	GaeCodec	measure = {.mode = GAE_CODEC_MEASURE};
	GaeCodec	write = {.mode = GAE_CODEC_WRITE, .out = buffer};

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
	int64_t		bytes = write_values(buffer);
	GaeCodec	read = {.mode = GAE_CODEC_READ, .env = *state, .in = buffer, .end = bytes};
	Values		v = {0};

	code_values(&read, &v);
	assert_int_equal(read.status, GAE_OK);
	assert_int_equal(read.position, bytes);
	assert_true(v.u32 == 0xDEADBEEF && v.i32 == -5 && v.i64 == INT64_MIN && v.flag && v.f64 == -1e300);
	assert_true(v.reals[0] == (GaeReal) 1.5 && v.reals[1] == 0 && signbit(v.reals[1]));
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
	int64_t		bytes = write_values(buffer);

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

	REFUSED(gae_code_i32(&codec, &i32, 0, 5), 6, 0, 0, 0);
	REFUSED(gae_code_i32(&codec, &i32, 0, 5), 0xFF, 0xFF, 0xFF, 0xFF);
	REFUSED(gae_code_i64(&codec, &i64, 0, 5), 0, 0, 0, 0, 0, 0, 0, 0x80);
	REFUSED(gae_code_bool(&codec, &flag), 2, 0, 0, 0);
	REFUSED(gae_code_reals(&codec, &reals, 1), 0, 0, 0x80, 0x7F);	/* infinity */
	REFUSED(gae_code_reals(&codec, &reals, 1), 1, 0, 0x80, 0xFF);	/* NaN */
	REFUSED(gae_code_reals(&codec, &reals, 2), 0, 0, 0, 0);
	REFUSED(gae_code_reals(&codec, &reals, INT64_MAX / 8), 0, 0, 0, 0);
	REFUSED(gae_code_reals(&codec, &reals, -1), 0, 0, 0, 0);
	REFUSED(gae_code_varint(&codec, &varint), 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0);
	REFUSED(gae_code_varint(&codec, &varint), 0x80);
	REFUSED((gae_code_bool(&codec, &flag), gae_code_padding(&codec)), 1, 0, 0, 0, 0, 0, 1, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_round_trip),
		TEST(test_cut_short),
		TEST(test_refused),
	};

	return cmocka_run_group_tests_name("codec", tests, NULL, NULL);
}
