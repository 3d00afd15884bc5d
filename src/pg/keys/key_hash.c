/*
 * key_hash.c
 *		The hashes of all keys.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "pg/base/long_memory.h"
#include "pg/keys/key_hash.h"

uint64 *
vgae_keys_hash(const VgaeKeys *keys)
{
	Size		room = Max(keys->count, 1) * sizeof(uint64);
	uint64	   *hash = vgae_alloc_long(CurrentMemoryContext, room);
	int64		hashed = 0;

	for (int32 i = 0; i < keys->count; i++)
	{
		const char *bytes;
		int64		length = 0;

		if (keys->type == VGAE_KEY_INTEGER)
			hash[i] = vgae_hash_integer(0, keys->integer[i]);
		else
		{
			vgae_key_bytes(keys, i, &bytes, &length);
			hash[i] = vgae_hash_bytes(0, bytes, length);
		}
		hashed += length + (int64) sizeof(uint64);
		if (hashed >= VGAE_HASH_BYTES)
		{
			CHECK_FOR_INTERRUPTS();
			hashed = 0;
		}
	}
	return hash;
}
