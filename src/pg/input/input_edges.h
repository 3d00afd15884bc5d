/*
 * input_edges.h
 *		Reading edges, and pairs of nodes that a model knows.
 */
#ifndef VGAE_INPUT_EDGES_H
#define VGAE_INPUT_EDGES_H

#include "core/base/env.h"
#include "pg/input/input_columns.h"
#include "pg/keys/key_finder.h"

/* Rows of edges as read: nodes by the numbers that their set of keys gives them. */
typedef struct VgaeEdgeRows
{
	int64		count;
	int32	   *src;
	int32	   *dst;
	float	   *weight;			/* NULL: no weight column */
} VgaeEdgeRows;

/* Read "edges" into arrays that are made in the given context. */
extern void vgae_edges_read(GaeEnv *env, const char *text, VgaeNodeKeys *nodes,
							MemoryContext context, VgaeEdgeRows *edges);

/*
 * Read pairs of known nodes, for evaluation, from the rows of "sql", which has the
 * columns of edges: their indices in "keys", which "finder" finds.  A key that is not
 * among them is an error.
 */
extern void vgae_pairs_read(GaeEnv *env, const char *argument, const char *sql,
							const VgaeKeys *keys, const VgaeKeyFinder *finder,
							int64 *count, int32 **src, int32 **dst);

#endif							/* VGAE_INPUT_EDGES_H */
