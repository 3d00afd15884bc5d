/*
 * negatives.h
 *		Pairs of nodes that are drawn anew each epoch and stand for the non-edges.
 *
 * A draw consists of rounds.  In a round every node is the source of one pair and the
 * target of one pair: the target of node i is π(i), where π is a random permutation of the
 * nodes.  π and its inverse are computed, not stored.  So the pairs take no memory, every
 * thread finds the pairs of a node from either end, and all nodes are drawn equally often.
 * The last round may have fewer sources: a random node and the nodes that follow it.
 *
 * Over many draws every ordered pair (i, j) is as likely as any other.  The caller leaves
 * out pairs with i = j, and pairs that are edges.
 */
#ifndef GAE_NEGATIVES_H
#define GAE_NEGATIVES_H

#include "core/base/env.h"

/* Steps of which a permutation consists: see negatives.c. */
#define GAE_PERMUTATION_STEPS 6

/* Nodes, and rounds at most, that are looked up together. */
#define GAE_NEGATIVES_NODES 16
#define GAE_NEGATIVES_ROUNDS 16

/* Other ends of pairs, by round and node; -1 where there is none. */
typedef int32_t GaeNegativesTable[GAE_NEGATIVES_ROUNDS][GAE_NEGATIVES_NODES];

typedef struct GaeNegatives
{
	int32_t		nodes;
	int64_t		capacity;		/* pairs of a draw, at most */

	/* The present draw. */
	int64_t		count;			/* of pairs */
	int64_t		rounds;
	int64_t		last_first;		/* the first source of the last round */
	int64_t		last_sources;	/* how many sources it has: node 0 follows the last node */
	uint32_t   *key[GAE_PERMUTATION_STEPS]; /* rounds: the key of each step of a round's π */

	/* A grid of places, of which node i has that at (i / columns, i % columns). */
	uint32_t	rows;
	uint32_t	columns;
} GaeNegatives;

/*
 * count = the pairs of a draw, at most: "negatives" for each edge, but no more than there
 * are ordered pairs, which bounds the pairs of a node.  It is 0 where negatives is
 * infinity, which stands for all pairs and no draws.  Errors: GAE_TOO_LARGE for more than
 * 2^31 - 1.
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
 * Look up the pairs of GAE_NEGATIVES_NODES nodes, from "node" on, in GAE_NEGATIVES_ROUNDS
 * rounds, from "round" on: target[r][i] is the target of node + i, and source[r][i] the
 * source whose target node + i is.  Returns how many of these rounds the draw has; nodes
 * behind the last one have any value.
 */
extern int	gae_negatives_look_up(const GaeNegatives *negatives, int32_t node, int64_t round,
								  GaeNegativesTable target, GaeNegativesTable source);

#endif							/* GAE_NEGATIVES_H */
