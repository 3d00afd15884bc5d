/*
 * key_hash.h
 *		Hashes of keys, of 64 bits: the same on every machine.
 */
#ifndef VGAE_KEY_HASH_H
#define VGAE_KEY_HASH_H

#include "miscadmin.h"

#include "core/base/bytes.h"
#include "core/base/random.h"
#include "pg/keys/key_index.h"

static inline uint64
vgae_hash_integer(uint64 seed, int64 value)
{
	return gae_mix((uint64) value ^ seed);
}

/* Bytes of keys that are hashed between two looks at interrupts: a few milliseconds' work. */
#define VGAE_HASH_BYTES (INT64CONST(1) << 22)

static inline uint64
vgae_hash_bytes(uint64 seed, const char *bytes, int64 length)
{
	uint64		hash = seed ^ (uint64) length;
	uint64		chunk = 0;

	while (length >= (int64) sizeof(chunk))
	{
		const char *end = bytes + Min(length, VGAE_HASH_BYTES) / sizeof(chunk) * sizeof(chunk);

		CHECK_FOR_INTERRUPTS();
		length -= end - bytes;
		for (; bytes < end; bytes += sizeof(chunk))
			hash = gae_mix(hash ^ gae_load_u64((const uint8 *) bytes));
	}
	for (int64 i = 0; i < length; i++)
		chunk |= (uint64) (unsigned char) bytes[i] << (8 * i);
	return gae_mix(hash ^ chunk);
}

/*
 * The hash of each key, which depends on the key alone: what gae_split_edges and gae_split_rows
 * take.
 */
extern uint64 *vgae_keys_hash(const VgaeKeys *keys);

#endif							/* VGAE_KEY_HASH_H */
