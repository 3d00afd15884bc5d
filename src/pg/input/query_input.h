/*
 * query_input.h
 *		The inputs that users name by a relation or a query: edges, nodes,
 *		features and labels.  The only place that runs SQL.
 */
#ifndef VGAE_QUERY_INPUT_H
#define VGAE_QUERY_INPUT_H

#include "core/nn/config.h"
#include "core/features/features.h"
#include "core/features/scaler.h"
#include "core/graph/graph.h"
#include "pg/input/feature_schema.h"
#include "pg/keys/key_finder.h"
#include "pg/keys/key_index.h"

/* What is asked for: texts, NULL where the argument is NULL. */
typedef struct VgaeInputQuery
{
	const char *edges;
	const char *nodes;
	const char *features;
	bool		unit_interval;	/* values must lie in [0, 1], and are not standardised */
	const GaeConfig *config;	/* of a training, which may hold rows out; else NULL */

	/*
	 * Put the features into the columns of this schema, scaled like this: for new
	 * data and trained weights.  NULL: learn both from the data.
	 */
	const VgaeSchema *schema;
	const GaeScaler *scaler;

	/*
	 * Learn both, but scale the columns that this former schema has, too, as its
	 * scaler does: for a training that goes on from former weights.
	 */
	const VgaeSchema *former_schema;
	const GaeScaler *former_scaler;
} VgaeInputQuery;

typedef struct VgaeInput
{
	VgaeKeys	keys;			/* of the nodes; what follows is by their index */
	int32		nodes;
	int32	   *rank;			/* row numbers of edges → index */

	/* Rows of edges as read; to be handed to gae_graph_build with "rank". */
	int64		edge_rows;
	int32	   *src;
	int32	   *dst;
	float	   *weight;			/* NULL: no weight column */

	VgaeSchema	schema;
	GaeScaler	scaler;
	GaeFeatures features;		/* form GAE_FEATURES_IDENTITY: featureless */
	int64		unknown_features;	/* keys that the given schema does not have; they were left out */
} VgaeInput;

/* Read all inputs; env holds what the core builds. */
extern void vgae_input_read(GaeEnv *env, const VgaeInputQuery *query, VgaeInput *input);

/*
 * Read pairs of known nodes, for evaluation: the indices of the rows of "sql",
 * which names edges.  A key that is not among "keys", whose finder it is, is an error.
 */
extern void vgae_pairs_read(GaeEnv *env, const char *argument, const char *sql,
							const VgaeKeys *keys, const VgaeKeyFinder *finder,
							int64 *count, int32 **src, int32 **dst);

/* Labels of nodes. */
typedef struct VgaeLabels
{
	VgaeKeys	names;			/* of type text, each once */
	int32	   *of_node;		/* the index of its name, or -1: none */
	const char *title;			/* what the column is called */
} VgaeLabels;

/*
 * Read the rows (node, label) of "sql".  Labels of any type become text.  A NULL is
 * none; rows of nodes that are not among "keys" are passed over, but if all are, that
 * is an error, as is a node with two labels.
 */
extern void vgae_labels_read(GaeEnv *env, const char *argument, const char *sql, const VgaeKeys *keys,
							 const VgaeKeyFinder *finder, VgaeLabels *labels);

/*
 * Run a statement of our own that writes, with these values as $1, …; the number of
 * rows is returned.  Large values are not copied into the plan, as one for these very
 * values would have them.
 */
extern uint64 vgae_statement_run(const char *statement, int count, Oid *types, Datum *values);

/*
 * End the transaction, and with it our snapshot and locks; the next one begins at
 * once.  The portal and what is in its memory live on.
 */
extern void vgae_commit(void);

#endif							/* VGAE_QUERY_INPUT_H */
