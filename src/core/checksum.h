/*
 * checksum.h
 *		XXH64 (Collet, the xxHash specification, version 0.1.1): finds accidental
 *		damage, at memory speed.
 */
#ifndef GAE_CHECKSUM_H
#define GAE_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

/* XXH64 with seed 0, as "xxhsum -H1" prints it. */
extern uint64_t gae_checksum(const uint8_t *bytes, size_t length);

#endif							/* GAE_CHECKSUM_H */
