/*
 * checksum.h
 *		XXH64 (Collet, the xxHash specification, version 0.1.1): finds accidental
 *		damage, at memory speed.
 */
#ifndef GAE_CHECKSUM_H
#define GAE_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

/* XXH64 with seed 0, as "xxhsum -H1" prints it, of bytes that come piece by piece. */
typedef struct GaeChecksum
{
	uint64_t	lane[4];
	uint64_t	length;
	uint8_t		rest[32];		/* of the last piece, not yet in the lanes */
	size_t		rest_length;
} GaeChecksum;

/* Each piece but the last must be a multiple of 32 bytes long. */
extern void gae_checksum_begin(GaeChecksum *checksum);
extern void gae_checksum_add(GaeChecksum *checksum, const uint8_t *bytes, size_t length);
extern uint64_t gae_checksum_end(const GaeChecksum *checksum);

#endif							/* GAE_CHECKSUM_H */
