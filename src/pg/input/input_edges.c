/*
 * input_edges.c
 *		Reading edges, and pairs of known nodes.
 */
#include "postgres.h"

#include <float.h>
#include <math.h>

#include "utils/builtins.h"
#include "utils/memutils.h"

#include "pg/input/input_arrays.h"
#include "pg/input/input_edges.h"
#include "pg/input/query_input.h"

static const char *const edge_columns[][2] = {
	{"src", "dst"},
	{"source", "target"},
	{NULL, NULL}
};

typedef struct EdgeReader
{
	VgaeRowReader reader;		/* must be first */
	VgaeNodeKeys *nodes;
	VgaeInputColumn src;
	VgaeInputColumn dst;
	bool		weighted;
	VgaeInputColumn weight;
	VgaeEdgeRows *rows;			/* those so far */
	MemoryContext context;		/* for the arrays in "rows" */
	int64		capacity;
	int64		numbered;		/* rows whose keys have numbers; those of the others wait */
} EdgeReader;

/*
 * Of three columns the third is the weight only if all are found by their positions, or if
 * its name says so: tell of one that might be meant as a weight.
 */
static void
note_ignored_column(const char *argument, TupleDesc columns, const int place[3])
{
	VgaeInputColumn column;

	if (columns->natts != 3 || place[2] >= 0)
		return;
	vgae_column_describe(argument, columns, 3 - place[0] - place[1], &column);
	if (vgae_is_number(column.type))
		ereport(NOTICE,
				(errmsg("%s is ignored", vgae_column_label(&column)),
				 errdetail("Where two columns are found by their names, the weight of an edge is the column \"weight\"."),
				 errhint("If it is the weight, name it so: SELECT %s, %s, %s AS weight FROM ...",
						 NameStr(TupleDescAttr(columns, place[0])->attname),
						 NameStr(TupleDescAttr(columns, place[1])->attname),
						 quote_identifier(column.name))));
}

static int
start_edges(VgaeRowReader *reader, TupleDesc columns)
{
	EdgeReader *edges = (EdgeReader *) reader;
	VgaeEdgeRows *rows = edges->rows;
	const char *argument = reader->argument;
	int			place[3];

	vgae_columns_find(argument, columns, edge_columns, "weight", place);
	note_ignored_column(argument, columns, place);
	vgae_node_column(edges->nodes, argument, columns, place[0], &edges->src);
	vgae_node_column(edges->nodes, argument, columns, place[1], &edges->dst);
	edges->weighted = place[2] >= 0;
	if (edges->weighted)
	{
		vgae_column_describe(argument, columns, place[2], &edges->weight);
		vgae_require_number(&edges->weight);
	}

	edges->capacity = VGAE_INITIAL_ROWS;
	rows->src = MemoryContextAlloc(edges->context, edges->capacity * sizeof(int32));
	rows->dst = MemoryContextAlloc(edges->context, edges->capacity * sizeof(int32));
	if (edges->weighted)
		rows->weight = MemoryContextAlloc(edges->context, edges->capacity * sizeof(float));
	return Max(Max(place[0], place[1]), place[2]) + 1;
}

static void
require_keys(const VgaeInputColumn *a, const VgaeInputColumn *b,
			 const Datum *values, const bool *nulls)
{
	if (nulls[a->place])
		vgae_refuse_null_key(a, vgae_row_label(b, NULL, values, nulls));
	if (nulls[b->place])
		vgae_refuse_null_key(b, vgae_row_label(a, NULL, values, nulls));
}

/*
 * A weight as a float.  A positive weight below the smallest normal float becomes that
 * float: only a weight of zero means that there is no edge.
 */
static float
weight_value(const EdgeReader *edges, const Datum *values, const bool *nulls)
{
	const VgaeInputColumn *column = &edges->weight;
	Datum		value = values[column->place];
	double		weight;

	if (nulls[column->place])
		vgae_refuse_null(column, vgae_row_label(&edges->src, &edges->dst, values, nulls));
	weight = vgae_number_value(column, value);
	if (!isfinite((float) weight))
		vgae_refuse_not_finite(column, weight, vgae_value_display(column, value),
							   vgae_row_label(&edges->src, &edges->dst, values, nulls));
	if (weight < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"%s\" has a negative weight", column->argument),
				 errdetail("Column \"%s\" is %s in %s.", column->name,
						   vgae_value_display(column, value),
						   vgae_row_label(&edges->src, &edges->dst, values, nulls)),
				 errhint("Weights must be at least 0; edges of weight 0 are left out.")));
	return weight > 0 ? (float) Max(weight, FLT_MIN) : 0;
}

/* Take the numbers of the waiting keys, which are those of src and dst in turns. */
static void
take_numbers(EdgeReader *edges)
{
	VgaeEdgeRows *rows = edges->rows;
	int32		number[VGAE_WAITING_KEYS];
	int			count = vgae_key_set_take(edges->nodes->set, number);

	for (int i = 0; i < count; i += 2)
	{
		rows->src[edges->numbered] = number[i];
		rows->dst[edges->numbered] = number[i + 1];
		edges->numbered++;
	}
}

static void
read_edge(VgaeRowReader *reader, const Datum *values, const bool *nulls)
{
	EdgeReader *edges = (EdgeReader *) reader;
	VgaeEdgeRows *rows = edges->rows;
	VgaeKeySet *set = edges->nodes->set;
	int64		row = rows->count;
	bool		full = false;

	require_keys(&edges->src, &edges->dst, values, nulls);
	if (row == edges->capacity)
	{
		edges->capacity = vgae_next_capacity(edges->capacity, sizeof(int32));
		vgae_resize(rows->src, edges->capacity);
		vgae_resize(rows->dst, edges->capacity);
		if (edges->weighted)
			vgae_resize(rows->weight, edges->capacity);
	}
	if (edges->weighted)
		rows->weight[row] = weight_value(edges, values, nulls);
	full |= vgae_key_set_put(set, vgae_key_value(&edges->src, values[edges->src.place]));
	full |= vgae_key_set_put(set, vgae_key_value(&edges->dst, values[edges->dst.place]));
	rows->count++;
	if (full)
		take_numbers(edges);
}

static void
end_edges(VgaeRowReader *reader)
{
	EdgeReader *edges = (EdgeReader *) reader;
	VgaeEdgeRows *rows = edges->rows;

	take_numbers(edges);
	vgae_resize(rows->src, rows->count);
	vgae_resize(rows->dst, rows->count);
	if (edges->weighted)
		vgae_resize(rows->weight, rows->count);
}

void
vgae_edges_read(GaeEnv *env, const char *text, VgaeNodeKeys *nodes, MemoryContext context,
				VgaeEdgeRows *edges)
{
	EdgeReader	reader = {
		.reader = {"edges", env, start_edges, read_edge, end_edges},
		.nodes = nodes,
		.rows = edges,
		.context = context,
	};

	vgae_query_run(text, &reader.reader);
}

typedef struct PairReader
{
	VgaeRowReader reader;		/* must be first */
	const VgaeKeys *keys;
	const VgaeKeyFinder *finder;
	VgaeInputColumn src;
	VgaeInputColumn dst;
	VgaeKeySet *unknown;		/* keys that are not among "keys" */
	int64		count;
	int64		capacity;
	int32	   *src_index;
	int32	   *dst_index;
} PairReader;

static int
start_pairs(VgaeRowReader *reader, TupleDesc columns)
{
	PairReader *pairs = (PairReader *) reader;
	int			place[3];

	vgae_columns_find(reader->argument, columns, edge_columns, "weight", place);
	vgae_known_column(reader->argument, columns, place[0], pairs->keys, &pairs->src);
	vgae_known_column(reader->argument, columns, place[1], pairs->keys, &pairs->dst);
	pairs->unknown = vgae_key_set_create(pairs->keys->type);
	pairs->capacity = VGAE_INITIAL_ROWS;
	pairs->src_index = palloc(pairs->capacity * sizeof(int32));
	pairs->dst_index = palloc(pairs->capacity * sizeof(int32));
	return Max(place[0], place[1]) + 1;
}

static int32
known_index(PairReader *pairs, const VgaeInputColumn *column, const Datum *values)
{
	Datum		key = vgae_key_value(column, values[column->place]);
	int32		index = vgae_key_finder_find(pairs->finder, key);
	bool		found;

	if (index < 0)
		(void) vgae_key_set_add(pairs->unknown, key, &found);
	return index;
}

static void
read_pair(VgaeRowReader *reader, const Datum *values, const bool *nulls)
{
	PairReader *pairs = (PairReader *) reader;

	require_keys(&pairs->src, &pairs->dst, values, nulls);
	if (pairs->count == pairs->capacity)
	{
		pairs->capacity = vgae_next_capacity(pairs->capacity, sizeof(int32));
		vgae_resize(pairs->src_index, pairs->capacity);
		vgae_resize(pairs->dst_index, pairs->capacity);
	}
	pairs->src_index[pairs->count] = known_index(pairs, &pairs->src, values);
	pairs->dst_index[pairs->count] = known_index(pairs, &pairs->dst, values);
	pairs->count++;
}

void
vgae_pairs_read(GaeEnv *env, const char *argument, const char *sql, const VgaeKeys *keys,
				const VgaeKeyFinder *finder, int64 *count, int32 **src, int32 **dst)
{
	PairReader	pairs = {
		.reader = {argument, env, start_pairs, read_pair, NULL},
		.keys = keys,
		.finder = finder,
	};
	int			unknown;

	vgae_query_run(sql, &pairs.reader);
	unknown = vgae_key_set_count(pairs.unknown);
	if (unknown > 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"%s\" has nodes that the model does not know", argument),
				 errdetail_plural("The first is %s; there is %d such key in all.",
								  "The first is %s; there are %d such keys in all.",
								  unknown, vgae_key_set_display(pairs.unknown, 0), unknown),
				 errhint("Leave out the rows that name them.")));
	*count = pairs.count;
	*src = pairs.src_index;
	*dst = pairs.dst_index;
}
