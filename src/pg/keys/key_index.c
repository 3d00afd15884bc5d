/*
 * key_index.c
 *		Sorted keys: finding, showing and storing them.
 *
 * The blob of keys, little-endian:
 *
 *		uint32	type (VgaeKeyType)
 *		uint32	count
 *		integer:	count x int64
 *		uuid:		count x 16 bytes
 *		text:		16 bytes, the name of the encoding
 *					count x uint32, the length of each in bytes
 *					the bytes, one after the other
 *
 * and nothing after it.  Keys are strictly ascending.
 */
#include "postgres.h"

#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/uuid.h"

#include "pg/base/blob.h"
#include "pg/base/compat.h"
#include "pg/base/long_memory.h"
#include "pg/keys/key_index.h"

/* Longer texts are cut in messages. */
#define DISPLAY_BYTES 64

const char *
vgae_key_type_name(VgaeKeyType type)
{
	switch (type)
	{
		case VGAE_KEY_INTEGER:
			return "integer";
		case VGAE_KEY_TEXT:
			return "text";
		case VGAE_KEY_UUID:
			return "uuid";
	}
	elog(ERROR, "unrecognized key type: %d", (int) type);
	return NULL;
}

const char *
vgae_key_sql_type(VgaeKeyType type)
{
	return type == VGAE_KEY_INTEGER ? "bigint" : vgae_key_type_name(type);
}

void
vgae_key_bytes(const VgaeKeys *keys, int32 index, const char **bytes, int64 *length)
{
	if (keys->type == VGAE_KEY_UUID)
	{
		*bytes = keys->bytes + (int64) index * UUID_LEN;
		*length = UUID_LEN;
	}
	else
	{
		*bytes = keys->bytes + keys->offset[index];
		*length = (int64) (keys->offset[index + 1] - keys->offset[index]);
	}
}

int
vgae_bytes_compare(const char *a, int64 a_length, const char *b, int64 b_length)
{
	int64		shared = Min(a_length, b_length);

	for (int64 done = 0; done < shared; done += VGAE_BYTES_AT_ONCE)
	{
		int			order = memcmp(a + done, b + done, Min(shared - done, VGAE_BYTES_AT_ONCE));

		if (order != 0)
			return order;
		CHECK_FOR_INTERRUPTS();
	}
	return (a_length > b_length) - (a_length < b_length);
}

Datum
vgae_key_datum(const VgaeKeys *keys, int32 index)
{
	const char *bytes;
	int64		length;

	if (keys->type == VGAE_KEY_INTEGER)
		return Int64GetDatum(keys->integer[index]);

	vgae_key_bytes(keys, index, &bytes, &length);
	if (keys->type == VGAE_KEY_TEXT)
		return PointerGetDatum(cstring_to_text_with_len(bytes, (int) length));
	return PointerGetDatum(memcpy(palloc(UUID_LEN), bytes, UUID_LEN));
}

static int32
find_integer(const VgaeKeys *keys, int64 key)
{
	int32		low = 0;
	int32		high = keys->count;

	while (low < high)
	{
		int32		middle = low + (high - low) / 2;

		if (keys->integer[middle] < key)
			low = middle + 1;
		else
			high = middle;
	}
	return low < keys->count && keys->integer[low] == key ? low : -1;
}

int32
vgae_key_find_bytes(const VgaeKeys *keys, int32 low, int32 high, const char *key, int64 key_length)
{
	while (low < high)
	{
		int32		middle = low + (high - low) / 2;
		const char *bytes;
		int64		length;
		int			order;

		vgae_key_bytes(keys, middle, &bytes, &length);
		order = vgae_bytes_compare(bytes, length, key, key_length);
		if (order == 0)
			return middle;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return -1;
}

int32
vgae_key_find(const VgaeKeys *keys, Datum key)
{
	int32		index = -1;

	switch (keys->type)
	{
		case VGAE_KEY_INTEGER:
			index = find_integer(keys, DatumGetInt64(key));
			break;
		case VGAE_KEY_UUID:
			index = vgae_key_find_bytes(keys, 0, keys->count,
										(const char *) DatumGetUUIDP(key)->data, UUID_LEN);
			break;
		case VGAE_KEY_TEXT:
			{
				text	   *packed = DatumGetTextPP(key);

				index = vgae_key_find_bytes(keys, 0, keys->count,
											VARDATA_ANY(packed), VARSIZE_ANY_EXHDR(packed));
				if ((Pointer) packed != DatumGetPointer(key))
					pfree(packed);
				break;
			}
	}
	return index;
}

/* The order of two keys of one type: below 0, 0 or above 0. */
static int
compare_keys(const VgaeKeys *a, int32 i, const VgaeKeys *b, int32 j)
{
	const char *a_bytes;
	const char *b_bytes;
	int64		a_length;
	int64		b_length;

	if (a->type == VGAE_KEY_INTEGER)
		return (a->integer[i] > b->integer[j]) - (a->integer[i] < b->integer[j]);
	vgae_key_bytes(a, i, &a_bytes, &a_length);
	vgae_key_bytes(b, j, &b_bytes, &b_length);
	return vgae_bytes_compare(a_bytes, a_length, b_bytes, b_length);
}

/* As both are in order, one pass through both finds all keys. */
void
vgae_keys_map(const VgaeKeys *keys, const VgaeKeys *former, int32 former_first, int32 *map)
{
	int32		there = keys->type == former->type ? 0 : former->count;
	int64		steps = 0;

	for (int32 i = 0; i < keys->count; i++)
	{
		int			order = 1;

		for (; there < former->count; there++)
		{
			if (steps++ % VGAE_POLL_KEYS == 0)
				CHECK_FOR_INTERRUPTS();
			order = compare_keys(former, there, keys, i);
			if (order >= 0)
				break;
		}
		map[i] = order == 0 ? former_first + there : -1;
	}
}

int32 *
vgae_keys_new_map(const VgaeKeys *keys, const VgaeKeys *former)
{
	int32	   *map = MemoryContextAllocHuge(CurrentMemoryContext, Max(keys->count, 1) * sizeof(int32));

	vgae_keys_map(keys, former, 0, map);
	return map;
}

static char *
bytes_display(VgaeKeyType type, const char *bytes, int64 length)
{
	char	   *whole;
	char	   *quoted;

	if (type == VGAE_KEY_UUID)
		return DatumGetCString(DirectFunctionCall1(uuid_out, PointerGetDatum(bytes)));

	whole = pnstrdup(bytes, Min(length, DISPLAY_BYTES + MAX_MULTIBYTE_CHAR_LEN));
	if (length <= DISPLAY_BYTES)
		return quote_literal_cstr(whole);
	whole[pg_mbcliplen(whole, (int) strlen(whole), DISPLAY_BYTES)] = '\0';
	quoted = quote_literal_cstr(whole);
	return psprintf("%s (and more, %lld bytes in all)", quoted, (long long) length);
}

char *
vgae_key_display(const VgaeKeys *keys, int32 index)
{
	const char *bytes;
	int64		length;

	if (keys->type == VGAE_KEY_INTEGER)
		return psprintf("%lld", (long long) keys->integer[index]);
	vgae_key_bytes(keys, index, &bytes, &length);
	return bytes_display(keys->type, bytes, length);
}

void
vgae_keys_write(const VgaeKeys *keys, StringInfo blob)
{
	int32		count = keys->count;
	uint8	   *place;

	vgae_blob_put_u32(blob, keys->type);
	vgae_blob_put_u32(blob, count);
	switch (keys->type)
	{
		case VGAE_KEY_INTEGER:
			place = vgae_blob_extend(blob, count * INT64CONST(8));
			for (int32 i = 0; i < count; i++)
			{
				if (i % VGAE_POLL_KEYS == 0)
					CHECK_FOR_INTERRUPTS();
				gae_store_u64(place + i * INT64CONST(8), (uint64) keys->integer[i]);
			}
			break;
		case VGAE_KEY_UUID:
			place = vgae_blob_extend(blob, count * INT64CONST(16));
			vgae_copy_long(place, keys->bytes, count * UINT64CONST(16));
			break;
		case VGAE_KEY_TEXT:
			vgae_blob_put_encoding(blob);
			place = vgae_blob_extend(blob, count * INT64CONST(4));
			for (int32 i = 0; i < count; i++)
			{
				if (i % VGAE_POLL_KEYS == 0)
					CHECK_FOR_INTERRUPTS();
				gae_store_u32(place + i * INT64CONST(4),
							   (uint32) (keys->offset[i + 1] - keys->offset[i]));
			}
			place = vgae_blob_extend(blob, (int64) keys->offset[count]);
			vgae_copy_long(place, keys->bytes, keys->offset[count]);
			break;
	}
}

static bool
read_integers(VgaeBlobReader *reader, int32 count, VgaeKeys *keys)
{
	const uint8 *bytes;
	int64	   *integer;

	if (!vgae_blob_get_bytes(reader, count * UINT64CONST(8), &bytes))
		return false;
	integer = vgae_alloc_long(CurrentMemoryContext, Max(count, 1) * sizeof(int64));
	for (int32 i = 0; i < count; i++)
	{
		if (i % VGAE_POLL_KEYS == 0)
			CHECK_FOR_INTERRUPTS();
		integer[i] = (int64) gae_load_u64(bytes + i * INT64CONST(8));
		if (i > 0 && integer[i - 1] >= integer[i])
			return false;
	}
	keys->integer = integer;
	return true;
}

/* Take a copy of the bytes, and check the order of the keys in them. */
static bool
read_bytes(const uint8 *bytes, uint64 length, VgaeKeys *keys)
{
	char	   *copy = vgae_alloc_long(CurrentMemoryContext, Max(length, 1));
	const char *former = NULL;
	int64		former_length = 0;

	vgae_copy_long(copy, bytes, length);
	keys->bytes = copy;
	for (int32 i = 0; i < keys->count; i++)
	{
		const char *key;
		int64		key_length;

		vgae_key_bytes(keys, i, &key, &key_length);
		if (i > 0 && vgae_bytes_compare(former, former_length, key, key_length) >= 0)
			return false;
		former = key;
		former_length = key_length;
	}
	return true;
}

static bool
read_uuids(VgaeBlobReader *reader, int32 count, VgaeKeys *keys)
{
	const uint8 *bytes;

	return vgae_blob_get_bytes(reader, count * UINT64CONST(16), &bytes) &&
		read_bytes(bytes, count * UINT64CONST(16), keys);
}

static bool
read_texts(VgaeBlobReader *reader, int32 count, VgaeKeys *keys)
{
	int			encoding;
	const uint8 *lengths;
	const uint8 *bytes;
	uint64	   *offset;

	if (!vgae_blob_get_encoding(reader, &encoding) ||
		!vgae_blob_get_bytes(reader, count * UINT64CONST(4), &lengths))
		return false;
	offset = vgae_alloc_long(CurrentMemoryContext, (count + INT64CONST(1)) * sizeof(uint64));
	offset[0] = 0;
	for (int32 i = 0; i < count; i++)
	{
		if (i % VGAE_POLL_KEYS == 0)
			CHECK_FOR_INTERRUPTS();
		offset[i + 1] = offset[i] + gae_load_u32(lengths + i * INT64CONST(4));
	}
	keys->offset = offset;
	if (!vgae_blob_get_bytes(reader, offset[count], &bytes))
		return false;

	/* Each text is checked by itself: a character must not reach into the next key. */
	for (int32 i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!vgae_blob_text_valid(encoding, bytes + offset[i],
								  (int64) (offset[i + 1] - offset[i])))
			return false;
	}
	return read_bytes(bytes, offset[count], keys);
}

/* Everything is copied: the keys may outlive the blob. */
bool
vgae_keys_read(const uint8 *blob, int64 length, VgaeKeys *keys)
{
	VgaeBlobReader reader = {blob, length};
	uint32		type;
	uint32		count;
	bool		valid = false;

	memset(keys, 0, sizeof(*keys));
	if (!vgae_blob_get_u32(&reader, &type) ||
		!vgae_blob_get_u32(&reader, &count) || count > PG_INT32_MAX)
		return false;
	keys->type = (VgaeKeyType) type;
	keys->count = (int32) count;
	switch (keys->type)
	{
		case VGAE_KEY_INTEGER:
			valid = read_integers(&reader, keys->count, keys);
			break;
		case VGAE_KEY_TEXT:
			valid = read_texts(&reader, keys->count, keys);
			break;
		case VGAE_KEY_UUID:
			valid = read_uuids(&reader, keys->count, keys);
			break;
	}
	return valid && reader.left == 0;
}
