/*
 * damage.c
 *		Damage to models: see format.c for their format.
 *
 * Nothing here needs cmocka or an environment, since a fuzzer and a server use it,
 * too.
 */
#include "damage.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/bytes.h"
#include "core/model/checksum.h"
#include "core/model/format.h"

#define LENGTH_OFFSET 8
#define CHECKSUM_OFFSET 16
#define HEADER_BYTES GAE_MODEL_HEADER_BYTES

#define SECTION_LENGTH_OFFSET 8
#define SECTION_HEADER_BYTES 16
#define ALIGNMENT 8
#define MAX_SECTIONS 16

/* The most bytes by which a change makes a section longer. */
#define MORE_BYTES 64

/* What numbers do together, as those of a history, no single one does. */
#define MOST_NUMBERS 12

typedef struct Section
{
	int64_t		start;			/* of its contents */
	int64_t		length;
	int64_t		end;			/* with its padding */
} Section;

void
damage_repair(uint8_t *model, int64_t bytes)
{
	GaeChecksum checksum;

	if (bytes < HEADER_BYTES)
		return;
	gae_store_u64(model + LENGTH_OFFSET, (uint64_t) bytes);
	gae_checksum_begin(&checksum);
	gae_checksum_add(&checksum, model + HEADER_BYTES, (size_t) (bytes - HEADER_BYTES));
	gae_store_u64(model + CHECKSUM_OFFSET, gae_checksum_end(&checksum));
}

static int64_t
padded(int64_t bytes)
{
	return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

/* The sections up to the first that is broken; returns how many. */
static int
find_sections(const uint8_t *model, int64_t bytes, Section *section)
{
	int64_t		at = HEADER_BYTES;
	int			count = 0;

	while (count < MAX_SECTIONS && bytes - at >= SECTION_HEADER_BYTES)
	{
		uint64_t	length = gae_load_u64(model + at + SECTION_LENGTH_OFFSET);
		int64_t		start = at + SECTION_HEADER_BYTES;

		if (length > (uint64_t) (bytes - start) || padded(start + (int64_t) length) > bytes)
			break;
		at = padded(start + (int64_t) length);
		section[count++] = (Section) {start, (int64_t) length, at};
	}
	return count;
}

/* Give a section other contents, unless there is no room; returns the new length. */
static int64_t
replace_section(uint8_t *model, int64_t bytes, int64_t room, const Section *section,
				const uint8_t *contents, int64_t length)
{
	int64_t		end = padded(section->start + length);

	if (end + (bytes - section->end) > room)
		return bytes;
	memmove(model + end, model + section->end, (size_t) (bytes - section->end));
	memcpy(model + section->start, contents, (size_t) length);
	memset(model + section->start + length, 0, (size_t) (end - section->start - length));
	gae_store_u64(model + section->start - SECTION_HEADER_BYTES + SECTION_LENGTH_OFFSET,
				  (uint64_t) length);
	return end + (bytes - section->end);
}

static int64_t
damage_section(TestRandom *random, uint8_t *model, int64_t bytes, int64_t room,
			   DamageChange change)
{
	Section		sections[MAX_SECTIONS];
	int			count = find_sections(model, bytes, sections);
	const Section *section;
	uint8_t    *contents;
	int64_t		length;

	if (count == 0)
		return change(random, model, bytes, room);
	section = &sections[test_random_below(random, count)];
	contents = malloc((size_t) (section->length + MORE_BYTES));
	if (contents == NULL)
		abort();
	memcpy(contents, model + section->start, (size_t) section->length);
	length = change(random, contents, section->length, section->length + MORE_BYTES);
	bytes = replace_section(model, bytes, room, section, contents, length);
	free(contents);
	return bytes;
}

int64_t
damage_model(TestRandom *random, uint8_t *model, int64_t bytes, int64_t room, DamageChange change)
{
	bool		is_model = bytes >= HEADER_BYTES && memcmp(model, "VGAE", 4) == 0;

	switch (is_model ? test_random_below(random, 16) : 0)
	{
		case 0:
			bytes = change(random, model, bytes, room);
			break;
		case 1:
			bytes = test_random_below(random, bytes + 1);
			break;
		default:
			for (int64_t changes = 1 + test_random_below(random, 3); changes > 0; changes--)
				bytes = damage_section(random, model, bytes, room, change);
			break;
	}
	if (is_model && test_random_below(random, 16) != 0)
		damage_repair(model, bytes);
	return bytes;
}

int64_t
damage_cross(TestRandom *random, uint8_t *model, int64_t bytes, int64_t room,
			 const uint8_t *other, int64_t other_bytes)
{
	Section		to[MAX_SECTIONS];
	Section		from[MAX_SECTIONS];
	int			count = find_sections(model, bytes, to);
	int			other_count = find_sections(other, other_bytes, from);
	int64_t		s;

	if (count > other_count)
		count = other_count;
	if (count == 0)
		return bytes;
	s = test_random_below(random, count);
	bytes = replace_section(model, bytes, room, &to[s], other + from[s].start, from[s].length);
	damage_repair(model, bytes);
	return bytes;
}

/* ---- small changes ---- */

/* Limits of the types that a format may have, and what lies beside them. */
static uint64_t
odd_number(TestRandom *random)
{
	static const uint64_t numbers[] = {
		0, 1, 2, 7, 8, 255, 256, 65535, 65536,
		UINT64_C(0x7FFFFFFF), UINT64_C(0x80000000), UINT64_C(0xFFFFFFFF), UINT64_C(0x100000000),
		UINT64_C(0x7FFFFFFFFFFFFFFF), UINT64_C(0x8000000000000000), UINT64_C(0xFFFFFFFFFFFFFFFF),
		/* float: the largest, infinity, NaN, the least normal one, -1 */
		UINT64_C(0x7F7FFFFF), UINT64_C(0xFF7FFFFF), UINT64_C(0x7F800000), UINT64_C(0x7FC00000),
		UINT64_C(0x00800000), UINT64_C(0xBF800000),
		/* double: 1, -1, the least normal one, the largest, both infinities, NaN; 1 above is the least */
		UINT64_C(0x3FF0000000000000), UINT64_C(0xBFF0000000000000), UINT64_C(0x0010000000000000),
		UINT64_C(0x7FEFFFFFFFFFFFFF), UINT64_C(0xFFEFFFFFFFFFFFFF),
		UINT64_C(0x7FF0000000000000), UINT64_C(0xFFF0000000000000), UINT64_C(0x7FF8000000000000),
	};

	return numbers[test_random_below(random, sizeof(numbers) / sizeof(numbers[0]))];
}

/* Write one number or a few of 4 or 8 bytes, as far as there is place for them. */
static void
put_numbers(TestRandom *random, uint8_t *bytes, int64_t length)
{
	int64_t		at = test_random_below(random, length) / 4 * 4;
	int64_t		width = test_random_below(random, 2) == 0 ? 4 : 8;
	int64_t		count = test_random_below(random, 2) == 0 ? 1 : 1 + test_random_below(random, MOST_NUMBERS);

	for (; count > 0 && at < length; count--, at += width)
	{
		uint8_t		number[8];

		gae_store_u64(number, odd_number(random));
		memcpy(bytes + at, number, (size_t) (width < length - at ? width : length - at));
	}
}

/* Add to the number there, or take from it, a little. */
static void
nudge_number(TestRandom *random, uint8_t *bytes, int64_t length)
{
	int64_t		at = test_random_below(random, length) / 4 * 4;

	if (at + 4 <= length)
		gae_store_u32(bytes + at, gae_load_u32(bytes + at) - 4 + (uint32_t) test_random_below(random, 9));
}

static int64_t
insert_piece(TestRandom *random, uint8_t *bytes, int64_t length, int64_t room)
{
	int64_t		at = test_random_below(random, length + 1);
	int64_t		piece = 1 + test_random_below(random, 16);
	bool		zeros = test_random_below(random, 2) == 0;

	if (piece > room - length)
		return length;
	memmove(bytes + at + piece, bytes + at, (size_t) (length - at));
	for (int64_t i = 0; i < piece; i++)
		bytes[at + i] = zeros ? 0 : (uint8_t) test_random_word(random);
	return length + piece;
}

int64_t
damage_bytes(TestRandom *random, uint8_t *bytes, int64_t length, int64_t room)
{
	int64_t		at;
	int64_t		from;
	int64_t		piece;

	if (length == 0)
		return insert_piece(random, bytes, length, room);
	at = test_random_below(random, length);
	from = test_random_below(random, length);
	piece = 1 + test_random_below(random, 16);
	if (piece > length - (at > from ? at : from))
		piece = length - (at > from ? at : from);
	switch (test_random_below(random, 8))
	{
		case 0:
			return insert_piece(random, bytes, length, room);
		case 1:
			memmove(bytes + at, bytes + at + piece, (size_t) (length - at - piece));
			return length - piece;
		case 2:
			memmove(bytes + at, bytes + from, (size_t) piece);
			break;
		case 3:
			put_numbers(random, bytes, length);
			break;
		case 4:
			nudge_number(random, bytes, length);
			break;
		case 5:
			bytes[at] = (uint8_t) test_random_word(random);
			break;
		default:
			bytes[at] ^= (uint8_t) (1 << test_random_below(random, 8));
			break;
	}
	return length;
}
