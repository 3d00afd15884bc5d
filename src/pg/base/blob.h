/*
 * blob.h
 *		Numbers and text in the blobs that a model stores for PostgreSQL's side: the
 *		keys of its nodes and the schema of its features.
 *
 * Writing appends to a StringInfo.  Reading never looks beyond the blob: every
 * function returns false if the blob does not hold what was asked for, and its caller
 * then refuses the whole blob.
 */
#ifndef VGAE_BLOB_H
#define VGAE_BLOB_H

#include "lib/stringinfo.h"

#include "core/base/bytes.h"

/* The part of a blob that has not been read yet. */
typedef struct VgaeBlobReader
{
	const uint8 *at;
	int64		left;
} VgaeBlobReader;

/* Append a number, little-endian as in core/base/bytes.h. */
extern void vgae_blob_put_u32(StringInfo blob, uint32 value);
extern void vgae_blob_put_u64(StringInfo blob, uint64 value);

/* Append room for "bytes" bytes, which the caller fills in. */
extern uint8 *vgae_blob_extend(StringInfo blob, int64 bytes);

/* Read a number, or make *bytes point to the next "length" bytes of the blob. */
extern bool vgae_blob_get_u32(VgaeBlobReader *reader, uint32 *value);
extern bool vgae_blob_get_u64(VgaeBlobReader *reader, uint64 *value);
extern bool vgae_blob_get_bytes(VgaeBlobReader *reader, uint64 length, const uint8 **bytes);

/*
 * The encoding of the texts that follow: writing states the database's; reading accepts
 * any that PostgreSQL knows.
 */
extern void vgae_blob_put_encoding(StringInfo blob);
extern bool vgae_blob_get_encoding(VgaeBlobReader *reader, int *encoding);

/*
 * Is this a valid text in that encoding?  A text that this database cannot hold is an
 * error, "model holds text in another encoding".
 */
extern bool vgae_blob_text_valid(int encoding, const uint8 *text, int64 length);

#endif							/* VGAE_BLOB_H */
