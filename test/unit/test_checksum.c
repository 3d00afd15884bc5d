/*
 * test_checksum.c
 *		XXH64 against values of the reference implementation (libxxhash 0.8.1).
 */
#include <string.h>

#include "core/model/checksum.h"
#include "support.h"

static uint64_t
checksum_of(const uint8_t *bytes, size_t length)
{
	GaeChecksum checksum;

	gae_checksum_begin(&checksum);
	gae_checksum_add(&checksum, bytes, length);
	return gae_checksum_end(&checksum);
}

static void
test_texts(void **state)
{
	(void) state;
	assert_true(checksum_of((const uint8_t *) "", 0) == UINT64_C(0xEF46DB3751D8E999));
	assert_true(checksum_of((const uint8_t *) "a", 1) == UINT64_C(0xD24EC4F1A98C6E5B));
	assert_true(checksum_of((const uint8_t *) "abc", 3) == UINT64_C(0x44BC2CF5AD770999));
}

/* The first n of the bytes (7 i + 13) mod 256: every way a length can end. */
static void
test_lengths(void **state)
{
	static const struct
	{
		size_t		length;
		uint64_t	hash;
	} cases[] = {
		{1, UINT64_C(0x2078E1AD38AD738B)},
		{3, UINT64_C(0xBDEF762E8804C53E)},
		{4, UINT64_C(0x6BB99866CB63C0A8)},
		{7, UINT64_C(0x31365618AD874893)},
		{8, UINT64_C(0x3BA000679FBEE7B5)},
		{12, UINT64_C(0x16DB5BEC86B7F42A)},
		{15, UINT64_C(0xA3666D452D79E70D)},
		{31, UINT64_C(0x7231380363BB4388)},
		{32, UINT64_C(0x56699A69DA28FD3B)},
		{33, UINT64_C(0xD477447593124012)},
		{39, UINT64_C(0xE56E6055463E9E14)},
		{63, UINT64_C(0x8898CD8219F457FC)},
		{64, UINT64_C(0xBAD331060E4CD79A)},
		{65, UINT64_C(0x693DDD997DBE1542)},
		{100, UINT64_C(0xFB443E08EF7B1EF3)},
		{1000, UINT64_C(0x53773A52BA34A2FE)},
		{4096, UINT64_C(0x871F87CA8341C832)},
	};
	uint8_t		bytes[4097];

	(void) state;
	for (size_t c = 0; c < sizeof(cases) / sizeof(cases[0]); c++)
	{
		/* At an odd address. */
		for (size_t i = 0; i < cases[c].length; i++)
			bytes[i + 1] = (uint8_t) (i * 7 + 13);
		if (checksum_of(bytes + 1, cases[c].length) != cases[c].hash)
			fail_msg("wrong checksum of %zu bytes", cases[c].length);
	}
}

/* Pieces give what the whole gives. */
static void
test_pieces(void **state)
{
	uint8_t		bytes[1000];

	(void) state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t) (i * i);
	for (size_t length = 0; length <= sizeof(bytes); length += 37)
	{
		for (size_t piece = 32; piece <= sizeof(bytes); piece += 96)
		{
			GaeChecksum checksum;

			gae_checksum_begin(&checksum);
			for (size_t first = 0; first < length; first += piece)
				gae_checksum_add(&checksum, bytes + first,
								 length - first < piece ? length - first : piece);
			assert_true(gae_checksum_end(&checksum) == checksum_of(bytes, length));
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_pieces),
	};

	return cmocka_run_group_tests_name("checksum", tests, NULL, NULL);
}
