/*
 * checksum.c
 *		XXH64 after its specification.
 */
#include "checksum.h"

#include "bytes.h"

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

/* Step 1 and 2: four lanes over whole stripes. */
static uint64_t
hash_stripes(const uint8_t *bytes, size_t stripes)
{
	uint64_t	lane[4] = {PRIME1 + PRIME2, PRIME2, 0, 0 - PRIME1};
	uint64_t	hash;

	for (size_t s = 0; s < stripes; s++)
		for (int l = 0; l < 4; l++)
			lane[l] = lane_round(lane[l], gae_load_u64(bytes + s * STRIPE + 8 * l));
	hash = rotate_left(lane[0], 1) + rotate_left(lane[1], 7) +
		rotate_left(lane[2], 12) + rotate_left(lane[3], 18);
	for (int l = 0; l < 4; l++)
		hash = (hash ^ lane_round(0, lane[l])) * PRIME1 + PRIME4;
	return hash;
}

uint64_t
gae_checksum(const uint8_t *bytes, size_t length)
{
	const uint8_t *end = bytes + length;
	size_t		stripes = length / STRIPE;
	uint64_t	hash = stripes > 0 ? hash_stripes(bytes, stripes) : PRIME5;

	hash += length;
	bytes += stripes * STRIPE;
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
