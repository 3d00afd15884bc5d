/*
 * blob.c
 *		Numbers and text in the blobs that a model stores for PostgreSQL's side.
 */
#include "postgres.h"

#include <limits.h>

#include "mb/pg_wchar.h"
#include "utils/memutils.h"

#include "pg/base/blob.h"
#include "pg/base/long_memory.h"

/*
 * An encoding is stored by its name, filled up with zeros to this many bytes: names
 * outlive PostgreSQL's internal numbers.
 */
#define ENCODING_NAME_BYTES 16

/*
 * Make room for many more bytes in huge pages perhaps, and for no more than these, where
 * enlargeStringInfo() takes up to twice as many.
 */
static void
enlarge_long(StringInfo blob, int64 bytes)
{
	int64		capacity = blob->len + bytes + 1;
	char	   *data;

	if (capacity <= blob->maxlen || capacity > MaxAllocSize)
		return;
	data = vgae_alloc_long(GetMemoryChunkContext(blob->data), capacity);
	vgae_copy_long(data, blob->data, blob->len);
	vgae_free_long(blob->data, blob->maxlen);
	blob->data = data;
	blob->maxlen = (int) capacity;
}

uint8 *
vgae_blob_extend(StringInfo blob, int64 bytes)
{
	uint8	   *place;

	if (bytes > MaxAllocSize)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("keys are too large for a model"),
				 errdetail("They take %lld bytes.", (long long) bytes),
				 errhint("Use shorter keys, or integers.")));
	if (bytes >= VGAE_LARGE_BYTES)
		enlarge_long(blob, bytes);
	enlargeStringInfo(blob, (int) bytes);
	place = (uint8 *) blob->data + blob->len;
	blob->len += (int) bytes;
	blob->data[blob->len] = '\0';
	return place;
}

void
vgae_blob_put_u32(StringInfo blob, uint32 value)
{
	gae_store_u32(vgae_blob_extend(blob, sizeof(value)), value);
}

void
vgae_blob_put_u64(StringInfo blob, uint64 value)
{
	gae_store_u64(vgae_blob_extend(blob, sizeof(value)), value);
}

bool
vgae_blob_get_bytes(VgaeBlobReader *reader, uint64 length, const uint8 **bytes)
{
	if (reader->left < 0 || length > (uint64) reader->left)
		return false;
	*bytes = reader->at;
	reader->at += length;
	reader->left -= (int64) length;
	return true;
}

bool
vgae_blob_get_u32(VgaeBlobReader *reader, uint32 *value)
{
	const uint8 *bytes;

	if (!vgae_blob_get_bytes(reader, sizeof(*value), &bytes))
		return false;
	*value = gae_load_u32(bytes);
	return true;
}

bool
vgae_blob_get_u64(VgaeBlobReader *reader, uint64 *value)
{
	const uint8 *bytes;

	if (!vgae_blob_get_bytes(reader, sizeof(*value), &bytes))
		return false;
	*value = gae_load_u64(bytes);
	return true;
}

static void
encode_encoding(int encoding, uint8 *place)
{
	const char *name = pg_encoding_to_char(encoding);
	size_t		length = strlen(name);

	if (length >= ENCODING_NAME_BYTES)
		elog(ERROR, "encoding name \"%s\" is too long", name);
	memset(place, 0, ENCODING_NAME_BYTES);
	memcpy(place, name, length);
}

void
vgae_blob_put_encoding(StringInfo blob)
{
	encode_encoding(GetDatabaseEncoding(), vgae_blob_extend(blob, ENCODING_NAME_BYTES));
}

bool
vgae_blob_get_encoding(VgaeBlobReader *reader, int *encoding)
{
	const uint8 *bytes;
	uint8		canonical[ENCODING_NAME_BYTES];

	if (!vgae_blob_get_bytes(reader, ENCODING_NAME_BYTES, &bytes) ||
		bytes[ENCODING_NAME_BYTES - 1] != 0)
		return false;
	*encoding = pg_char_to_encoding((const char *) bytes);
	if (!PG_VALID_ENCODING(*encoding))
		return false;

	/* PostgreSQL knows several spellings; we wrote one. */
	encode_encoding(*encoding, canonical);
	return memcmp(bytes, canonical, ENCODING_NAME_BYTES) == 0;
}

bool
vgae_blob_text_valid(int encoding, const uint8 *text, int64 length)
{
	/* Verification refuses zero bytes, too. */
	if (length > INT_MAX ||
		!pg_verify_mbstr(encoding, (const char *) text, (int) length, true))
		return false;
	if (encoding == GetDatabaseEncoding())
		return true;

	/* Every encoding of a database has ASCII as a part. */
	for (int64 i = 0; i < length; i++)
	{
		if (IS_HIGHBIT_SET(text[i]))
			ereport(ERROR,
					(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
					 errmsg("model holds text in another encoding"),
					 errdetail("The model was trained in a database with encoding %s; this one has %s.",
							   pg_encoding_to_char(encoding), GetDatabaseEncodingName()),
					 errhint("Train it in this database, or use a database with encoding %s.",
							 pg_encoding_to_char(encoding))));
	}
	return true;
}
