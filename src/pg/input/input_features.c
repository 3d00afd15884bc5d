/*
 * input_features.c
 *		Reading sparse features in long form: (node, feature, value).
 */
#include "postgres.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/memutils.h"

#include "pg/input/input_arrays.h"
#include "pg/input/input_features.h"
#include "pg/input/query_input.h"

static const char *const feature_columns[][2] = {
	{"node", "feature"},
	{NULL, NULL}
};

typedef struct FeatureReader
{
	VgaeRowReader reader;		/* must be first */
	VgaeNodeKeys *nodes;
	VgaeInputColumn node;
	VgaeInputColumn feature;
	bool		has_value;
	VgaeInputColumn value;
	VgaeTriplets *triplets;
	int64		capacity;
	int64		numbered;		/* rows whose keys have numbers; those of the others wait */
} FeatureReader;

static int
start_features(VgaeRowReader *reader, TupleDesc columns)
{
	FeatureReader *features = (FeatureReader *) reader;
	VgaeTriplets *triplets = features->triplets;
	const char *argument = reader->argument;
	int			place[3];

	vgae_columns_find(argument, columns, feature_columns, "value", place);
	vgae_node_column(features->nodes, argument, columns, place[0], &features->node);
	vgae_column_describe(argument, columns, place[1], &features->feature);
	vgae_require_key_column(&features->feature, false);
	features->has_value = place[2] >= 0;
	if (features->has_value)
	{
		vgae_column_describe(argument, columns, place[2], &features->value);
		vgae_require_number(&features->value);
	}

	triplets->set = vgae_key_set_create(features->feature.key_type);
	features->capacity = VGAE_INITIAL_ROWS;
	triplets->node = palloc(features->capacity * sizeof(int32));
	triplets->feature = palloc(features->capacity * sizeof(int32));
	triplets->value = palloc(features->capacity * sizeof(float));
	return Max(Max(place[0], place[1]), place[2]) + 1;
}

static float
feature_value(const FeatureReader *features, const Datum *values, const bool *nulls)
{
	const VgaeInputColumn *column = &features->value;
	double		number;

	if (!features->has_value)
		return 1;
	if (nulls[column->place])
		return NAN;
	number = vgae_number_value(column, values[column->place]);
	if (!isfinite((float) number))
		vgae_refuse_not_finite(column, number, vgae_value_display(column, values[column->place]),
							   vgae_row_label(&features->node, &features->feature, values, nulls));
	return (float) number;
}

/* Take the numbers of the waiting keys. */
static void
take_numbers(FeatureReader *features)
{
	VgaeTriplets *triplets = features->triplets;

	(void) vgae_key_set_take(triplets->set, triplets->feature + features->numbered);
	features->numbered += vgae_key_set_take(features->nodes->set,
											triplets->node + features->numbered);
}

static void
read_feature(VgaeRowReader *reader, const Datum *values, const bool *nulls)
{
	FeatureReader *features = (FeatureReader *) reader;
	const VgaeInputColumn *node = &features->node;
	const VgaeInputColumn *feature = &features->feature;
	VgaeTriplets *triplets = features->triplets;
	int64		row = triplets->count;
	bool		full = false;

	if (nulls[node->place])
		vgae_refuse_null_key(node, vgae_row_label(feature, NULL, values, nulls));
	if (nulls[feature->place])
		vgae_refuse_null_key(feature, vgae_row_label(node, NULL, values, nulls));
	if (row == features->capacity)
	{
		features->capacity = vgae_next_capacity(features->capacity, sizeof(int32));
		vgae_resize(triplets->node, features->capacity);
		vgae_resize(triplets->feature, features->capacity);
		vgae_resize(triplets->value, features->capacity);
	}
	triplets->value[row] = feature_value(features, values, nulls);
	full |= vgae_key_set_put(features->nodes->set, vgae_key_value(node, values[node->place]));
	full |= vgae_key_set_put(triplets->set, vgae_key_value(feature, values[feature->place]));
	triplets->count++;
	if (full)
		take_numbers(features);
}

static void
end_features(VgaeRowReader *reader)
{
	FeatureReader *features = (FeatureReader *) reader;
	VgaeTriplets *triplets = features->triplets;

	take_numbers(features);
	vgae_resize(triplets->node, triplets->count);
	vgae_resize(triplets->feature, triplets->count);
	vgae_resize(triplets->value, triplets->count);
}

void
vgae_features_read(GaeEnv *env, const char *text, VgaeNodeKeys *nodes, VgaeTriplets *triplets)
{
	FeatureReader features = {
		.reader = {"features", env, start_features, read_feature, end_features},
		.nodes = nodes,
		.triplets = triplets,
	};

	memset(triplets, 0, sizeof(*triplets));
	vgae_query_run(text, &features.reader);
}

int64
vgae_features_resolve(VgaeTriplets *triplets, const VgaeKeys *known, VgaeKeys *features)
{
	int32	   *column;
	int32	   *rank;
	int64		unknown = 0;

	vgae_key_set_sort(triplets->set, features, &rank);
	triplets->set = NULL;
	column = MemoryContextAllocHuge(CurrentMemoryContext,
									Max(features->count, 1) * sizeof(int32));
	if (known != NULL)
		vgae_keys_map(features, known, 0, column);
	for (int32 i = 0; i < features->count; i++)
	{
		if (i % VGAE_POLL_ROWS == 0)
			CHECK_FOR_INTERRUPTS();
		if (known == NULL)
			column[i] = i;
		unknown += column[i] < 0;
	}
	for (int64 i = 0; i < triplets->count; i++)
	{
		if (i % VGAE_POLL_ROWS == 0)
			CHECK_FOR_INTERRUPTS();
		triplets->feature[i] = column[rank[triplets->feature[i]]];
	}
	pfree(column);
	pfree(rank);
	return unknown;
}

void
vgae_features_free(VgaeTriplets *triplets)
{
	pfree(triplets->node);
	pfree(triplets->feature);
	pfree(triplets->value);
}
