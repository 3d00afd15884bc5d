/*
 * negatives.h
 *		Pairs of nodes drawn anew each epoch, to stand for the non-edges.
 *
 * A draw goes in rounds.  In each, every node is the source of one pair and the
 * target of another: the target of node i is π(i), for a random permutation π of
 * the nodes that is computed, not stored, and can be computed backwards.  So the
 * pairs take no memory, any thread finds those of a node from either end, and
 * nodes are drawn evenly.  The last round may have fewer sources: those that follow
 * a random node.
 *
 * Over many draws every ordered pair (i, j) is as likely as any other; i = j, and
 * pairs that are edges, are for the caller to leave out.
 */
#ifndef GAE_NEGATIVES_H
#define GAE_NEGATIVES_H

#include "core/base/env.h"

/* Steps of a permutation: see negatives.c. */
#define GAE_PERMUTATION_STEPS 6

/* Nodes, and rounds at most, that are looked up together. */
#define GAE_NEGATIVES_NODES 16
#define GAE_NEGATIVES_ROUNDS 16

/* Other ends of pairs, by round and node; -1 where there is none. */
typedef int32_t GaeNegativesTable[GAE_NEGATIVES_ROUNDS][GAE_NEGATIVES_NODES];

typedef struct GaeNegatives
{
	int32_t		nodes;
	int64_t		capacity;		/* pairs that a draw may have */

	/* The present draw. */
	int64_t		count;
	int64_t		rounds;			/* the last one perhaps not whole */
	int64_t		last_first;		/* sources of the last round: from this node on, … */
	int64_t		last_sources;	/* … so many, the last node followed by the first */
	uint32_t   *key[GAE_PERMUTATION_STEPS]; /* for each step, of each round */

	/* Nodes lie in a grid of so many rows and columns; i is at (i / columns, i % columns). */
	uint32_t	rows;
	uint32_t	columns;
} GaeNegatives;

/*
 * How many pairs a draw has at most: so many for each edge (infinity, for all pairs
 * exactly: none), but no more than there are ordered pairs, or a node would have any
 * number of them.  Errors: GAE_TOO_LARGE.
 */
extern GaeStatus gae_sampled_pairs(GaeEnv *env, int32_t nodes, double negatives, double edges,
								   int64_t *count);

/* Make room for draws of at most "capacity" pairs. */
extern GaeStatus gae_negatives_create(GaeEnv *env, int32_t nodes, int64_t capacity,
									  GaeNegatives *negatives);

/* Bytes that gae_negatives_create allocates. */
extern double gae_negatives_bytes(double nodes, double capacity);

/* Begin a draw of "count" pairs. */
extern GaeStatus gae_negatives_draw(GaeEnv *env, int64_t count, int64_t seed, uint32_t step,
									GaeNegatives *negatives);

/*
 * The targets of the nodes from "node" on in the rounds from "round" on, and the
 * sources whose targets they are.  Returns the number of rounds that there are.
 */
extern int	gae_negatives_look_up(const GaeNegatives *negatives, int32_t node, int64_t round,
								  GaeNegativesTable target, GaeNegativesTable source);

#endif							/* GAE_NEGATIVES_H */
