/*
 * blob.h
 *		Little-endian numbers and text in the blobs that a model stores.
 *
 * Writing appends to a StringInfo.  Reading never looks beyond the blob: every
 * function says whether what it was asked for is there.
 */
#ifndef VGAE_BLOB_H
#define VGAE_BLOB_H

#include "lib/stringinfo.h"

/* What of a blob has not been read yet. */
typedef struct VgaeBlobReader
{
	const uint8 *at;
	int64		left;
} VgaeBlobReader;

/* Single values in bytes of any alignment; compilers make one move of each. */
static inline void
vgae_store_u32(uint8 *to, uint32 value)
{
	for (int i = 0; i < 4; i++)
		to[i] = (uint8) (value >> (8 * i));
}

static inline void
vgae_store_u64(uint8 *to, uint64 value)
{
	for (int i = 0; i < 8; i++)
		to[i] = (uint8) (value >> (8 * i));
}

static inline uint32
vgae_load_u32(const uint8 *from)
{
	uint32		value = 0;

	for (int i = 0; i < 4; i++)
		value |= (uint32) from[i] << (8 * i);
	return value;
}

static inline uint64
vgae_load_u64(const uint8 *from)
{
	uint64		value = 0;

	for (int i = 0; i < 8; i++)
		value |= (uint64) from[i] << (8 * i);
	return value;
}

extern void vgae_blob_put_u32(StringInfo blob, uint32 value);
extern void vgae_blob_put_u64(StringInfo blob, uint64 value);

/* Room for that many bytes at the end, to be filled in by the caller. */
extern uint8 *vgae_blob_extend(StringInfo blob, int64 bytes);

extern bool vgae_blob_get_u32(VgaeBlobReader *reader, uint32 *value);
extern bool vgae_blob_get_u64(VgaeBlobReader *reader, uint64 *value);
extern bool vgae_blob_get_bytes(VgaeBlobReader *reader, uint64 length, const uint8 **bytes);

/* Which encoding the texts that follow are in. */
extern void vgae_blob_put_encoding(StringInfo blob);
extern bool vgae_blob_get_encoding(VgaeBlobReader *reader, int *encoding);

/*
 * Is this a text in that encoding?  If it is one that this database cannot hold,
 * that is an error.
 */
extern bool vgae_blob_text_valid(int encoding, const uint8 *text, int64 length);

#endif							/* VGAE_BLOB_H */
