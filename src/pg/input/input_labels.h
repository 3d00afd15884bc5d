/*
 * input_labels.h
 *		Reading labels of nodes.
 */
#ifndef VGAE_INPUT_LABELS_H
#define VGAE_INPUT_LABELS_H

#include "core/base/env.h"
#include "pg/keys/key_finder.h"

typedef struct VgaeLabels
{
	VgaeKeys	names;			/* the different labels, as text keys in order */
	int32	   *of_node;		/* the index of each node's label in "names", or -1: none */
	const char *title;			/* what the column is called */
} VgaeLabels;

/*
 * Read the rows (node, label) of "sql".  Labels of any type become text; a NULL is no
 * label.  Rows of nodes that are not among "keys", unknown nodes, are passed over.  Errors: all rows
 * are of unknown nodes, or a node has two labels.
 */
extern void vgae_labels_read(GaeEnv *env, const char *argument, const char *sql, const VgaeKeys *keys,
							 const VgaeKeyFinder *finder, VgaeLabels *labels);

#endif							/* VGAE_INPUT_LABELS_H */
