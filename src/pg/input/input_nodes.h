/*
 * input_nodes.h
 *		Reading nodes: their keys and their feature columns.
 */
#ifndef VGAE_INPUT_NODES_H
#define VGAE_INPUT_NODES_H

#include "core/base/env.h"
#include "pg/input/input_feature_columns.h"

/* The rows of "nodes"; row i belongs to the key with number i. */
typedef struct VgaeNodeRows
{
	int64		count;
	int			columns;
	VgaeFeatureColumn *column;
} VgaeNodeRows;

/*
 * Read "nodes".  With a schema its columns are read, and others are left out; with
 * NULL, all columns but the key are read.
 */
extern void vgae_nodes_read(GaeEnv *env, const char *text, VgaeNodeKeys *nodes,
							const VgaeSchema *schema, VgaeNodeRows *rows);

/*
 * What was read, as columns for the core and, unless "schema" is NULL, for the schema.
 * "scaled" says whether features are to be brought to scale.
 */
extern void vgae_nodes_columns(VgaeNodeRows *rows, bool scaled, GaeFeatureColumn *columns,
							   VgaeSchemaColumn *schema);

#endif							/* VGAE_INPUT_NODES_H */
