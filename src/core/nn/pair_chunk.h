/*
 * pair_chunk.h
 *		Which pairs the sparse loss looks at, and what each counts, a chunk at a time.
 */
#ifndef GAE_PAIR_CHUNK_H
#define GAE_PAIR_CHUNK_H

#include "core/graph/adjacency.h"
#include "core/graph/negatives.h"

/* What is listed: each node with itself, the edges, and sampled non-edges. */
typedef struct GaePairListing
{
	const GaeGraph *graph;
	const GaeAdjacency *adjacency;	/* of the edges, with "edge" */
	const bool *masked;			/* the edges that are targets; NULL: all */
	const GaeNegatives *sample; /* NULL: none */

	/*
	 * What a pair counts as a target, and as a non-edge.  An edge of a weighted graph counts
	 * as a target with its weight over the mean weight.
	 */
	double		positive;
	double		mean_weight;
	double		edge_negative;
	double		sample_negative;
} GaePairListing;

/* Pairs of a chunk: their factors, of usual width, stay in the second-level cache. */
#define GAE_CHUNK_PAIRS 512

/* Pairs with one node, that have it at the same end. */
typedef struct GaePairRun
{
	int32_t		node;
	bool		into;			/* directed: the node is their target */
	int			first;			/* in the chunk */
	int			end;
} GaePairRun;

typedef struct GaePairChunk
{
	int			count;
	int			runs;
	GaePairRun	run[GAE_CHUNK_PAIRS];
	int32_t		other[GAE_CHUNK_PAIRS]; /* the other node of each pair */
	GaeReal		positive[GAE_CHUNK_PAIRS];	/* what it counts as a target, … */
	GaeReal		negative[GAE_CHUNK_PAIRS];	/* … as a non-edge, … */
	GaeReal		counted[GAE_CHUNK_PAIRS];	/* … and whether its loss counts at this end */
	GaeReal		x[GAE_CHUNK_PAIRS]; /* room for its score, and then the slope of its loss */
} GaePairChunk;

/*
 * Where the listing of the pairs at some nodes has come to.  It goes by groups of nodes, whose
 * sampled pairs are looked up together: each node's diagonal, edges and first sampled pairs;
 * then, if there are more rounds of samples, each node's next ones.
 */
typedef struct GaePairCursor
{
	const GaePairListing *listing;
	int64_t		node;
	int64_t		group;			/* its first node … */
	int64_t		group_end;		/* … and the one behind its last */
	int64_t		end;
	enum
	{
		GAE_PAIR_DIAGONAL,
		GAE_PAIR_EDGES,
		GAE_PAIR_SAMPLED_OUT,
		GAE_PAIR_SAMPLED_INTO
	}			part;
	int64_t		entry;			/* of the adjacency */
	int64_t		round;			/* the first that is looked up */
	int			rounds;			/* that are looked up; 0 without samples */
	GaeNegativesTable sampled_out;	/* other ends of sampled pairs out of the group's nodes */
	GaeNegativesTable sampled_into;	/* and of those into them */
} GaePairCursor;

/* Begin with the pairs at the nodes first … end - 1. */
extern void gae_pair_cursor_begin(const GaePairListing *listing, int64_t first, int64_t end,
								  GaePairCursor *cursor);

/* Fill the chunk with the next pairs; with none, if there are no more. */
extern void gae_pair_chunk_fill(GaePairCursor *cursor, GaePairChunk *chunk);

#endif							/* GAE_PAIR_CHUNK_H */
