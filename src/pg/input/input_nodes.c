/*
 * input_nodes.c
 *		Reading nodes: their keys and their feature columns.
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "pg/input/input_nodes.h"
#include "pg/input/query_input.h"

typedef struct NodeReader
{
	VgaeRowReader reader;		/* must be first */
	VgaeNodeKeys *nodes;
	const VgaeSchema *schema;	/* NULL: learn it */
	VgaeInputColumn id;
	VgaeNodeRows *rows;
} NodeReader;

/* Columns that cannot be read, for one message about all of them. */
typedef struct FaultyColumns
{
	int			count;
	const VgaeFeatureColumn *first;
	StringInfoData list;
} FaultyColumns;

static void
add_faulty(FaultyColumns *faulty, const VgaeFeatureColumn *column, const char *fault)
{
	if (faulty->count++ == 0)
	{
		faulty->first = column;
		initStringInfo(&faulty->list);
	}
	appendStringInfo(&faulty->list, "%s\"%s\" %s", faulty->count > 1 ? ", " : "",
					 column->input.name, fault);
}

/* The error for columns of types that cannot be features. */
static void
refuse_types(const char *argument, const FaultyColumns *faulty)
{
	if (faulty->count == 1)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("%s cannot be a feature", vgae_column_label(&faulty->first->input)),
				 errdetail("It has type %s.", format_type_be(faulty->first->input.type)),
				 errhint("Leave it out in a query, or make a number, boolean, real[] or text of it there.")));
	ereport(ERROR,
			(errcode(ERRCODE_DATATYPE_MISMATCH),
			 errmsg("%d columns of argument \"%s\" cannot be features", faulty->count, argument),
			 errdetail_internal("%s.", faulty->list.data),
			 errhint("Leave them out in a query, or make numbers, booleans, real[] or text of them there.")));
}

/* Begin to read every column but the key.  Returns the number of columns to look at. */
static int
learn_columns(NodeReader *nodes, TupleDesc columns)
{
	const char *argument = nodes->reader.argument;
	VgaeNodeRows *rows = nodes->rows;
	FaultyColumns faulty = {0};

	rows->column = palloc0(columns->natts * sizeof(VgaeFeatureColumn));
	for (int i = 0; i < columns->natts; i++)
	{
		VgaeFeatureColumn *column = &rows->column[rows->columns];

		if (i == nodes->id.place)
			continue;
		if (!vgae_feature_column_begin(argument, columns, i, NULL, column))
			add_faulty(&faulty, column,
					   psprintf("has type %s", format_type_be(column->input.type)));

		/* Later, columns are found by their names: these must differ. */
		(void) vgae_column_place(argument, columns, column->input.name);
		rows->columns++;
	}
	if (faulty.count > 0)
		refuse_types(argument, &faulty);
	return columns->natts;
}

/* Tell of the columns that are left out, since the model was not trained with them. */
static void
tell_unknown_columns(const NodeReader *nodes, TupleDesc columns)
{
	const VgaeSchema *schema = nodes->schema;
	const char *first = NULL;
	int			unknown = 0;

	for (int i = 0; i < columns->natts; i++)
	{
		const char *name = NameStr(TupleDescAttr(columns, i)->attname);
		bool		known = i == nodes->id.place;

		for (int c = 0; c < schema->columns && !known; c++)
			known = strcmp(schema->column[c].name, name) == 0;
		if (!known && unknown++ == 0)
			first = name;
	}
	if (unknown > 0)
		ereport(NOTICE,
				(errmsg_plural("%d column of argument \"%s\" unknown to the model was left out",
							   "%d columns of argument \"%s\" unknown to the model were left out",
							   unknown, unknown, nodes->reader.argument),
				 errdetail("The first is \"%s\".", first)));
}

/* The error for columns of the model that the argument does not have. */
static void
refuse_missing_columns(const char *argument, const VgaeSchemaColumn *first, int count,
					   const char *list)
{
	if (count == 1)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("argument \"%s\" has no column \"%s\"", argument, first->name),
				 errdetail("The model was trained with this column, which held %s.",
						   vgae_feature_kind_name(first->kind)),
				 errhint("Give the column by this name in a query.")));
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_COLUMN),
			 errmsg("argument \"%s\" lacks %d columns of the model", argument, count),
			 errdetail("The model was trained with %s.", list),
			 errhint("Give the columns by these names in a query.")));
}

/* The error for columns that are not of the kind that the model was trained with. */
static void
refuse_kinds(const char *argument, const VgaeSchemaColumn *wanted, const FaultyColumns *faulty)
{
	const VgaeInputColumn *first = &faulty->first->input;

	if (faulty->count == 1)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("%s does not fit the model", vgae_column_label(first)),
				 errdetail("It has type %s, but the model was trained with %s.",
						   format_type_be(first->type), vgae_feature_kind_name(wanted->kind)),
				 errhint("Cast the column in a query.")));
	ereport(ERROR,
			(errcode(ERRCODE_DATATYPE_MISMATCH),
			 errmsg("%d columns of argument \"%s\" do not fit the model", faulty->count, argument),
			 errdetail_internal("%s.", faulty->list.data),
			 errhint("Cast the columns in a query.")));
}

/* The places of the schema's columns; an error if some are not there. */
static int *
find_columns(const NodeReader *nodes, TupleDesc columns)
{
	const char *argument = nodes->reader.argument;
	const VgaeSchema *schema = nodes->schema;
	const VgaeSchemaColumn *first = NULL;
	int		   *place = palloc(Max(schema->columns, 1) * sizeof(int));
	int			missing = 0;
	StringInfoData list;

	initStringInfo(&list);
	for (int c = 0; c < schema->columns; c++)
	{
		const VgaeSchemaColumn *wanted = &schema->column[c];

		place[c] = vgae_column_place(argument, columns, wanted->name);
		if (place[c] >= 0 && place[c] != nodes->id.place)
			continue;
		if (missing++ == 0)
			first = wanted;
		appendStringInfo(&list, "%s\"%s\" (%s)", missing > 1 ? ", " : "", wanted->name,
						 vgae_feature_kind_name(wanted->kind));
	}
	if (missing > 0)
		refuse_missing_columns(argument, first, missing, list.data);
	return place;
}

/* Begin to read the columns of the schema, in its order.  Returns the number of columns to look at. */
static int
match_columns(NodeReader *nodes, TupleDesc columns)
{
	const char *argument = nodes->reader.argument;
	const VgaeSchema *schema = nodes->schema;
	VgaeNodeRows *rows = nodes->rows;
	int			needed = nodes->id.place + 1;
	int		   *place = find_columns(nodes, columns);
	FaultyColumns faulty = {0};

	rows->columns = schema->columns;
	rows->column = palloc0(Max(rows->columns, 1) * sizeof(VgaeFeatureColumn));
	for (int c = 0; c < schema->columns; c++)
	{
		const VgaeSchemaColumn *wanted = &schema->column[c];
		VgaeFeatureColumn *column = &rows->column[c];

		if (!vgae_feature_column_begin(argument, columns, place[c], wanted, column))
			add_faulty(&faulty, column,
					   psprintf("has type %s, but the model was trained with %s",
								format_type_be(column->input.type),
								vgae_feature_kind_name(wanted->kind)));
		needed = Max(needed, place[c] + 1);
	}
	if (faulty.count > 0)
		refuse_kinds(argument, &schema->column[faulty.first - rows->column], &faulty);
	tell_unknown_columns(nodes, columns);
	return needed;
}

static int
start_nodes(VgaeRowReader *reader, TupleDesc columns)
{
	NodeReader *nodes = (NodeReader *) reader;
	int			place = vgae_column_place(reader->argument, columns, "id");

	if (columns->natts == 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("argument \"%s\" has no column \"id\"", reader->argument),
				 errdetail("It has no columns."),
				 errhint("Give a column \"id\", and one for each feature.")));
	if (place < 0)
		place = vgae_column_place(reader->argument, columns, "node");
	if (place < 0)
		place = 0;
	vgae_node_column(nodes->nodes, reader->argument, columns, place, &nodes->id);
	if (nodes->schema != NULL)
		return match_columns(nodes, columns);
	return learn_columns(nodes, columns);
}

static void
read_node(VgaeRowReader *reader, const Datum *values, const bool *nulls)
{
	NodeReader *nodes = (NodeReader *) reader;
	const VgaeInputColumn *id = &nodes->id;
	VgaeNodeRows *rows = nodes->rows;
	bool		found;

	if (nulls[id->place])
		vgae_refuse_null_key(id, NULL);
	(void) vgae_key_set_add(nodes->nodes->set, vgae_key_value(id, values[id->place]), &found);
	if (found)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"%s\" has a repeated key", reader->argument),
				 errdetail("Column \"%s\" is %s in more than one row.", id->name,
						   vgae_value_display(id, values[id->place])),
				 errhint("Give one row for each node, for example with DISTINCT ON.")));
	for (int c = 0; c < rows->columns; c++)
		vgae_feature_column_read(&rows->column[c], rows->count, id, values, nulls);
	rows->count++;
}

void
vgae_nodes_read(GaeEnv *env, const char *text, VgaeNodeKeys *nodes, const VgaeSchema *schema,
				VgaeNodeRows *rows)
{
	NodeReader	reader = {
		.reader = {"nodes", env, start_nodes, read_node, NULL},
		.nodes = nodes,
		.schema = schema,
		.rows = rows,
	};

	memset(rows, 0, sizeof(*rows));
	vgae_query_run(text, &reader.reader);
}

void
vgae_nodes_columns(VgaeNodeRows *rows, bool scaled, GaeFeatureColumn *columns,
				   VgaeSchemaColumn *schema)
{
	for (int c = 0; c < rows->columns; c++)
		vgae_feature_column_end(&rows->column[c], rows->count, scaled, &columns[c],
								schema != NULL ? &schema[c] : NULL);
}
