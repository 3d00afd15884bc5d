/*
 * feature_schema.c
 *		What the columns of X are called: storing it, and finding the columns of one
 *		schema in another.
 *
 * The blob of a schema, little-endian:
 *
 *		16 bytes	the name of the encoding that column names are in
 *		uint32		columns of "nodes"; for each:
 *			uint32	kind (VgaeFeatureColumnKind)
 *			uint32	width
 *			uint32	1 if it has an indicator, else 0; not in format 1
 *			uint32	length of the name, and the name
 *			uint64	length of the categories' blob of keys (0 unless a category
 *					column), and that blob
 *		uint32		1 if "features" was given, else 0
 *		uint32		1 if it has an indicator, else 0; not in format 1
 *		uint64		length of its blob of keys (0 if it was not given), and that blob
 *
 * and nothing after it.  "nodes" has no more columns than a query may have.
 */
#include "postgres.h"

#include "access/htup_details.h"

#include "pg/base/blob.h"
#include "pg/input/feature_schema.h"

static void
put_keys(StringInfo blob, const VgaeKeys *keys)
{
	int			length_at = blob->len;
	int			start;

	vgae_blob_put_u64(blob, 0);
	start = blob->len;
	vgae_keys_write(keys, blob);
	gae_store_u64((uint8 *) blob->data + length_at, blob->len - start);
}

void
vgae_schema_write(const VgaeSchema *schema, StringInfo blob)
{
	vgae_blob_put_encoding(blob);
	vgae_blob_put_u32(blob, schema->columns);
	for (int c = 0; c < schema->columns; c++)
	{
		const VgaeSchemaColumn *column = &schema->column[c];
		int			length = strlen(column->name);

		vgae_blob_put_u32(blob, column->kind);
		vgae_blob_put_u32(blob, column->width);
		vgae_blob_put_u32(blob, column->indicator ? 1 : 0);
		vgae_blob_put_u32(blob, length);
		appendBinaryStringInfo(blob, column->name, length);
		if (column->kind == VGAE_FEATURE_COLUMN_CATEGORY)
			put_keys(blob, &column->categories);
		else
			vgae_blob_put_u64(blob, 0);
	}
	vgae_blob_put_u32(blob, schema->has_features ? 1 : 0);
	vgae_blob_put_u32(blob, schema->features_indicator ? 1 : 0);
	if (schema->has_features)
		put_keys(blob, &schema->features);
	else
		vgae_blob_put_u64(blob, 0);
}

/* A blob of keys with its length before it; *given says whether there is one. */
static bool
get_keys(VgaeBlobReader *reader, VgaeKeys *keys, bool *given)
{
	uint64		length;
	const uint8 *bytes;

	if (!vgae_blob_get_u64(reader, &length) ||
		!vgae_blob_get_bytes(reader, length, &bytes))
		return false;
	*given = length > 0;
	return !*given || vgae_keys_read(bytes, (int64) length, keys);
}

/* 0 or 1. */
static bool
get_bool(VgaeBlobReader *reader, bool *value)
{
	uint32		number;

	if (!vgae_blob_get_u32(reader, &number) || number > 1)
		return false;
	*value = number == 1;
	return true;
}

/* Whether there is an indicator; format 1 had none. */
static bool
get_indicator(VgaeBlobReader *reader, int format_version, bool *indicator)
{
	*indicator = false;
	return format_version < 2 || get_bool(reader, indicator);
}

static bool
get_column(VgaeBlobReader *reader, int encoding, int format_version, VgaeSchemaColumn *column)
{
	uint32		kind;
	uint32		width;
	uint32		length;
	const uint8 *name;
	bool		has_categories;

	if (!vgae_blob_get_u32(reader, &kind) ||
		!vgae_blob_get_u32(reader, &width) || width > PG_INT32_MAX ||
		!get_indicator(reader, format_version, &column->indicator) ||
		!vgae_blob_get_u32(reader, &length) ||
		!vgae_blob_get_bytes(reader, length, &name) ||
		!vgae_blob_text_valid(encoding, name, length) ||
		!get_keys(reader, &column->categories, &has_categories))
		return false;
	column->kind = (VgaeFeatureColumnKind) kind;
	column->width = (int32) width;
	column->name = pnstrdup((const char *) name, length);

	switch (column->kind)
	{
		case VGAE_FEATURE_COLUMN_NUMBER:
		case VGAE_FEATURE_COLUMN_BOOLEAN:
			return !has_categories && width == 1;
		case VGAE_FEATURE_COLUMN_DATE:
		case VGAE_FEATURE_COLUMN_TIMESTAMP:
		case VGAE_FEATURE_COLUMN_TIMESTAMPTZ:
		case VGAE_FEATURE_COLUMN_TIME:
		case VGAE_FEATURE_COLUMN_INTERVAL:
			return !has_categories && width == 1 && format_version >= 2;
		case VGAE_FEATURE_COLUMN_ARRAY:
			return !has_categories;
		case VGAE_FEATURE_COLUMN_CATEGORY:
			return has_categories &&
				column->categories.type == VGAE_KEY_TEXT &&
				column->categories.count == column->width;
	}
	return false;
}

/* Everything is copied: the schema may outlive the blob. */
bool
vgae_schema_read(const uint8 *blob, int64 length, int format_version, VgaeSchema *schema)
{
	VgaeBlobReader reader = {blob, length};
	int			encoding;
	uint32		columns;
	bool		given;

	memset(schema, 0, sizeof(*schema));
	if (!vgae_blob_get_encoding(&reader, &encoding) ||
		!vgae_blob_get_u32(&reader, &columns) ||
		columns > MaxTupleAttributeNumber)
		return false;

	schema->columns = (int) columns;
	schema->column = palloc0(Max(columns, 1) * sizeof(VgaeSchemaColumn));
	for (int c = 0; c < schema->columns; c++)
	{
		if (!get_column(&reader, encoding, format_version, &schema->column[c]))
			return false;
		schema->width += schema->column[c].width;
		schema->indicators += schema->column[c].indicator;
	}

	if (!get_bool(&reader, &given) ||
		!get_indicator(&reader, format_version, &schema->features_indicator) ||
		!get_keys(&reader, &schema->features, &schema->has_features) ||
		schema->has_features != given || (schema->features_indicator && !given) ||
		schema->features.type == VGAE_KEY_UUID)
		return false;
	schema->width += schema->features.count;
	schema->indicators += schema->features_indicator;
	return reader.left == 0;
}

/* Where a column's features begin, and where its indicator stands, in X. */
typedef struct ColumnPlace
{
	int64		first;
	int64		indicator;		/* -1: it has none */
} ColumnPlace;

/* The column with this name and kind, or NULL, and its place in X. */
static const VgaeSchemaColumn *
find_column(const VgaeSchema *schema, const char *name, VgaeFeatureColumnKind kind,
			ColumnPlace *place)
{
	int64		indicator = schema->width;

	place->first = 0;
	place->indicator = -1;
	for (int c = 0; c < schema->columns; c++)
	{
		const VgaeSchemaColumn *column = &schema->column[c];

		if (strcmp(column->name, name) == 0 && kind == column->kind)
		{
			if (column->indicator)
				place->indicator = indicator;
			return column;
		}
		place->first += column->width;
		indicator += column->indicator;
	}
	return NULL;
}

const VgaeSchemaColumn *
vgae_schema_column(const VgaeSchema *schema, const char *name, VgaeFeatureColumnKind kind)
{
	ColumnPlace place;

	return find_column(schema, name, kind, &place);
}

void
vgae_schema_map(const VgaeSchema *schema, const VgaeSchema *former, int32 *map)
{
	int32	   *indicator = map + schema->width;

	for (int c = 0; c < schema->columns; c++)
	{
		const VgaeSchemaColumn *column = &schema->column[c];
		ColumnPlace place;
		const VgaeSchemaColumn *there = find_column(former, column->name, column->kind, &place);

		if (there != NULL && column->kind == VGAE_FEATURE_COLUMN_CATEGORY)
			vgae_keys_map(&column->categories, &there->categories, (int32) place.first, map);
		else
		{
			for (int32 j = 0; j < column->width; j++)
				map[j] = there != NULL && j < there->width ? (int32) place.first + j : -1;
		}
		map += column->width;
		if (column->indicator)
			*indicator++ = (int32) place.indicator;
	}
	if (schema->has_features)
		vgae_keys_map(&schema->features, &former->features,
					  (int32) (former->width - former->features.count), map);
	if (schema->features_indicator)
		*indicator = former->features_indicator ? (int32) (former->width + former->indicators - 1) : -1;
}
