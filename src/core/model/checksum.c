/*
 * checksum.c
 *		XXH64 after its specification.
 */
#include "core/model/checksum.h"

#include "core/base/bytes.h"

#define PRIME1 UINT64_C(0x9E3779B185EBCA87)
#define PRIME2 UINT64_C(0xC2B2AE3D27D4EB4F)
#define PRIME3 UINT64_C(0x165667B19E3779F9)
#define PRIME4 UINT64_C(0x85EBCA77C2B2AE63)
#define PRIME5 UINT64_C(0x27D4EB2F165667C5)

#define STRIPE 32

static uint64_t
rotate_left(uint64_t x, int bits)
{
	return x << bits | x >> (64 - bits);
}

static uint64_t
lane_round(uint64_t lane, uint64_t input)
{
	return rotate_left(lane + input * PRIME2, 31) * PRIME1;
}

void
gae_checksum_begin(GaeChecksum *checksum)
{
	static const GaeChecksum start = {.lane = {PRIME1 + PRIME2, PRIME2, 0, 0 - PRIME1}};

	*checksum = start;
}

/* Whole stripes go into the four lanes. */
void
gae_checksum_add(GaeChecksum *checksum, const uint8_t *bytes, size_t length)
{
	const uint8_t *end = bytes + length / STRIPE * STRIPE;
	uint64_t	lane0 = checksum->lane[0];
	uint64_t	lane1 = checksum->lane[1];
	uint64_t	lane2 = checksum->lane[2];
	uint64_t	lane3 = checksum->lane[3];

	checksum->length += length;
	for (; bytes < end; bytes += STRIPE)
	{
		lane0 = lane_round(lane0, gae_load_u64(bytes));
		lane1 = lane_round(lane1, gae_load_u64(bytes + 8));
		lane2 = lane_round(lane2, gae_load_u64(bytes + 16));
		lane3 = lane_round(lane3, gae_load_u64(bytes + 24));
	}
	checksum->lane[0] = lane0;
	checksum->lane[1] = lane1;
	checksum->lane[2] = lane2;
	checksum->lane[3] = lane3;
	checksum->rest_length = length % STRIPE;
	memcpy(checksum->rest, bytes, checksum->rest_length);
}

uint64_t
gae_checksum_end(const GaeChecksum *checksum)
{
	const uint64_t *lane = checksum->lane;
	const uint8_t *bytes = checksum->rest;
	const uint8_t *end = bytes + checksum->rest_length;
	uint64_t	hash = PRIME5;

	if (checksum->length >= STRIPE)
	{
		hash = rotate_left(lane[0], 1) + rotate_left(lane[1], 7) +
			rotate_left(lane[2], 12) + rotate_left(lane[3], 18);
		for (int l = 0; l < 4; l++)
			hash = (hash ^ lane_round(0, lane[l])) * PRIME1 + PRIME4;
	}
	hash += checksum->length;
	for (; end - bytes >= 8; bytes += 8)
		hash = rotate_left(hash ^ lane_round(0, gae_load_u64(bytes)), 27) * PRIME1 + PRIME4;
	for (; end - bytes >= 4; bytes += 4)
		hash = rotate_left(hash ^ gae_load_u32(bytes) * PRIME1, 23) * PRIME2 + PRIME3;
	for (; bytes < end; bytes++)
		hash = rotate_left(hash ^ *bytes * PRIME5, 11) * PRIME1;

	hash = (hash ^ hash >> 33) * PRIME2;
	hash = (hash ^ hash >> 29) * PRIME3;
	return hash ^ hash >> 32;
}
