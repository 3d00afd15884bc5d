/*
 * fuzz_keys.c
 *		libFuzzer on what the PostgreSQL side reads of a model: the blob of the node
 *		keys and that of the features' names.
 *
 * They are read from memory of just their size, with server_stub.c in the place of
 * the server; what was accepted is written back, and its keys are looked up.
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/uuid.h"

#include "pg/base/compat.h"
#include "core/model/format.h"
#include "pg/input/feature_schema.h"
#include "pg/keys/key_finder.h"
#include "server_stub.h"

extern int	LLVMFuzzerTestOneInput(const uint8 *data, size_t size);

/* Wider schemas are not mapped: a few bytes can tell of billions of columns. */
#define MAX_WIDTH 100000

#define CHECK(condition) \
	do { \
		if (!(condition)) \
		{ \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
			abort(); \
		} \
	} while (0)

/* Both ways of finding a key agree. */
static void
look_up(const VgaeKeys *keys, const VgaeKeyFinder *finder, Datum key)
{
	CHECK(vgae_key_finder_find(finder, key) == vgae_key_find(keys, key));
}

/* Keys that lie beside one that there is. */
static void
look_beside(const VgaeKeys *keys, const VgaeKeyFinder *finder, Datum key)
{
	char		bytes[64];
	int			length;

	if (keys->type == VGAE_KEY_INTEGER)
	{
		look_up(keys, finder, Int64GetDatum((int64) ((uint64) DatumGetInt64(key) + 1)));
		look_up(keys, finder, Int64GetDatum((int64) ((uint64) DatumGetInt64(key) - 1)));
		return;
	}
	if (keys->type == VGAE_KEY_UUID)
	{
		pg_uuid_t	uuid = *DatumGetUUIDP(key);

		uuid.data[UUID_LEN - 1]++;
		look_up(keys, finder, UUIDPGetDatum(&uuid));
		uuid.data[0]--;
		look_up(keys, finder, UUIDPGetDatum(&uuid));
		return;
	}
	length = Min(VARSIZE_ANY_EXHDR(key), sizeof(bytes) - 1);
	memcpy(bytes, VARDATA_ANY(key), length);
	bytes[length] = 'a';
	look_up(keys, finder, PointerGetDatum(cstring_to_text_with_len(bytes, length + 1)));
	if (length > 0)
	{
		look_up(keys, finder, PointerGetDatum(cstring_to_text_with_len(bytes, length - 1)));
		bytes[length - 1]++;
		look_up(keys, finder, PointerGetDatum(cstring_to_text_with_len(bytes, length)));
	}
}

static void
use_keys(const VgaeKeys *keys)
{
	const VgaeKeyFinder *finder = vgae_key_finder_create(keys);
	int32	   *map = palloc(Max(keys->count, 1) * sizeof(int32));

	vgae_keys_map(keys, keys, 0, map);
	for (int32 i = 0; i < keys->count; i++)
	{
		Datum		key = vgae_key_datum(keys, i);

		CHECK(vgae_key_finder_find(finder, key) == i);
		CHECK(vgae_key_find(keys, key) == i);
		CHECK(map[i] == i);
		CHECK(strlen(vgae_key_display(keys, i)) < 128);
		look_beside(keys, finder, key);
	}
}

/* Where a blob of text keys names their encoding: texts in ASCII may come from another one. */
#define ENCODING_OFFSET 8
#define ENCODING_BYTES 16

static void
check_same(const StringInfoData *written, const uint8 *blob, size_t length)
{
	CHECK((size_t) written->len == length);
	CHECK(memcmp(written->data, blob, length) == 0);
}

static void
read_keys(uint8 *blob, size_t length)
{
	VgaeKeys	keys;
	StringInfoData written;

	if (!vgae_keys_read(blob, (int64) length, &keys))
		return;
	initStringInfo(&written);
	vgae_keys_write(&keys, &written);
	if (keys.type == VGAE_KEY_TEXT)
		memcpy(blob + ENCODING_OFFSET, written.data + ENCODING_OFFSET, ENCODING_BYTES);
	check_same(&written, blob, length);
	use_keys(&keys);
}

static void
use_schema(const VgaeSchema *schema)
{
	if (schema->width > MAX_WIDTH)
		return;
	vgae_schema_map(schema, schema, palloc(Max(schema->width + schema->indicators, 1) * sizeof(int32)));
	for (int c = 0; c < schema->columns; c++)
		if (schema->column[c].kind == VGAE_FEATURE_COLUMN_CATEGORY)
			use_keys(&schema->column[c].categories);
	if (schema->has_features)
		use_keys(&schema->features);
}

static void
write_schema(const VgaeSchema *schema, StringInfo written)
{
	initStringInfo(written);
	vgae_schema_write(schema, written);
}

static void
read_schema(const uint8 *blob, size_t length)
{
	VgaeSchema	schema;
	VgaeSchema	again;
	StringInfoData written;
	StringInfoData written_again;

	/* What is written is of the present format; an earlier one is read only. */
	for (int version = 1; version < GAE_FORMAT_VERSION; version++)
		if (vgae_schema_read(blob, (int64) length, version, &schema))
			use_schema(&schema);
	if (!vgae_schema_read(blob, (int64) length, GAE_FORMAT_VERSION, &schema))
		return;

	/* It has the same length, but may name other encodings: then not when read again. */
	write_schema(&schema, &written);
	CHECK((size_t) written.len == length);
	CHECK(vgae_schema_read((const uint8 *) written.data, written.len, GAE_FORMAT_VERSION, &again));
	write_schema(&again, &written_again);
	check_same(&written_again, (const uint8 *) written.data, length);
	use_schema(&schema);
}

/* The first byte tells which of the two the others are. */
int
LLVMFuzzerTestOneInput(const uint8 *data, size_t size)
{
	if (size == 0)
		return 0;
	if (sigsetjmp(stub_thrown, 0) == 0)
	{
		uint8	   *blob = memcpy(palloc(size - 1), data + 1, size - 1);

		if (data[0] % 2 == 0)
			read_keys(blob, size - 1);
		else
			read_schema(blob, size - 1);
	}
	else
		CHECK(stub_sqlstate == ERRCODE_FEATURE_NOT_SUPPORTED);	/* text of another encoding */
	stub_free_all();
	return 0;
}
