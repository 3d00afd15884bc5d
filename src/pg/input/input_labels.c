/*
 * input_labels.c
 *		Reading labels of nodes: (node, label), where labels are of any type.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "pg/base/long_memory.h"
#include "pg/input/input_columns.h"
#include "pg/input/input_labels.h"
#include "pg/input/query_input.h"

/* Nodes handled between two looks at interrupts. */
#define POLL_NODES (1 << 16)

typedef struct LabelReader
{
	VgaeRowReader reader;		/* must be first */
	const VgaeKeys *keys;
	const VgaeKeyFinder *finder;
	VgaeInputColumn node;
	VgaeInputColumn label;
	FmgrInfo	output;			/* of the label's type */
	VgaeKeySet *set;			/* the labels */
	int64		known;			/* number of rows of nodes that the model has */
	int64		unknown;		/* number of other rows */
	char	   *first_unknown;	/* the key in the first of these */
	VgaeLabels *labels;
} LabelReader;

static int
start_labels(VgaeRowReader *reader, TupleDesc columns)
{
	LabelReader *labels = (LabelReader *) reader;
	const char *argument = reader->argument;
	int			node = vgae_column_place(argument, columns, "node");
	int			label = vgae_column_place(argument, columns, "label");
	Oid			output;
	bool		is_varlena;

	if (node < 0)
		node = vgae_column_place(argument, columns, "id");
	if (node < 0 || label < 0)
		vgae_first_columns(argument, columns, "node", "label", &node, &label);
	vgae_known_column(argument, columns, node, labels->keys, &labels->node);
	vgae_column_describe(argument, columns, label, &labels->label);
	getTypeOutputInfo(labels->label.type, &output, &is_varlena);
	fmgr_info(output, &labels->output);
	labels->labels->title = strcmp(labels->label.name, "?column?") == 0 ? "label" : labels->label.name;
	return Max(node, label) + 1;
}

/* A label as its type's cast to text gives it. */
static Datum
label_text(LabelReader *labels, Datum value)
{
	switch (labels->label.type)
	{
		case TEXTOID:
		case VARCHAROID:
			return value;
		case BOOLOID:
			return DirectFunctionCall1(booltext, value);
		case BPCHAROID:
			return DirectFunctionCall1(rtrim1, value);
		default:
			return CStringGetTextDatum(OutputFunctionCall(&labels->output, value));
	}
}

static void
refuse_second_label(const LabelReader *labels, const Datum *values)
{
	const VgaeInputColumn *node = &labels->node;

	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("argument \"%s\" gives a node more than one label", node->argument),
			 errdetail("Column \"%s\" is %s in rows where column \"%s\" differs.", node->name,
					   vgae_value_display(node, values[node->place]), labels->label.name),
			 errhint("Give one label for each node, for example with DISTINCT ON or max().")));
}

static void
read_label(VgaeRowReader *reader, const Datum *values, const bool *nulls)
{
	LabelReader *labels = (LabelReader *) reader;
	const VgaeInputColumn *node = &labels->node;
	int32	   *of_node = labels->labels->of_node;
	int32		index;
	int32		number;
	bool		found;

	if (nulls[node->place])
		vgae_refuse_null_key(node, nulls[labels->label.place] ? NULL :
							 vgae_row_label(&labels->label, NULL, values, nulls));
	index = vgae_key_finder_find(labels->finder, vgae_key_value(node, values[node->place]));
	if (index < 0)
	{
		if (labels->unknown++ == 0)
			labels->first_unknown = MemoryContextStrdup(GetMemoryChunkContext(of_node),
														vgae_value_display(node, values[node->place]));
		return;
	}
	labels->known++;
	if (nulls[labels->label.place])
		return;
	number = vgae_key_set_add(labels->set, label_text(labels, values[labels->label.place]), &found);
	if (of_node[index] >= 0 && of_node[index] != number)
		refuse_second_label(labels, values);
	of_node[index] = number;
}

void
vgae_labels_read(GaeEnv *env, const char *argument, const char *sql, const VgaeKeys *keys,
				 const VgaeKeyFinder *finder, VgaeLabels *labels)
{
	LabelReader reader = {
		.reader = {argument, env, start_labels, read_label, NULL},
		.keys = keys,
		.finder = finder,
		.set = vgae_key_set_create(VGAE_KEY_TEXT),
		.labels = labels,
	};
	int32	   *rank;

	labels->of_node = vgae_alloc_long(CurrentMemoryContext, (Size) keys->count * sizeof(int32));
	for (int32 i = 0; i < keys->count; i++)
		labels->of_node[i] = -1;
	vgae_query_run(sql, &reader.reader);
	if (reader.known == 0 && reader.unknown > 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"%s\" has no node that the model knows", argument),
				 errdetail_plural("Its only row is of node %s.", "The first of its rows is of node %s.",
								  (unsigned long) reader.unknown, reader.first_unknown),
				 errhint("Give the nodes by the keys that the model was trained with.")));

	vgae_key_set_sort(reader.set, &labels->names, &rank);
	for (int32 i = 0; i < keys->count; i++)
	{
		if (i % POLL_NODES == 0)
			CHECK_FOR_INTERRUPTS();
		if (labels->of_node[i] >= 0)
			labels->of_node[i] = rank[labels->of_node[i]];
	}
	pfree(rank);
}
