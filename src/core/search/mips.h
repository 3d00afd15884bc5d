/*
 * mips.h
 *		Some nodes against all others: which pairs may be among the best.
 *
 * Nodes that are multiplied with many others are packed in the order of their
 * lengths.  By Cauchy and Schwarz |a · b| <= |a| |b|, so that for a node a no
 * panel matters any more from the first one on whose longest vector is too short.
 * What is left is bound by the rate of multiplication: the tiles of products (see
 * vector.h) are compared with each row's bound where they are computed.
 */
#ifndef GAE_MIPS_H
#define GAE_MIPS_H

#include <stdatomic.h>

#include "core/search/candidate.h"
#include "core/search/norm_bounds.h"

/* Nodes of a block: as many rows as stay in cache next to a panel. */
#define GAE_MIPS_ROWS 64
#define GAE_MIPS_GROUPS (GAE_MIPS_ROWS / GAE_TILE_ROWS)

/* Of a heap with more links than this, a block of work takes no more panels than so many. */
#define GAE_LARGE_HEAP 4096
#define GAE_LARGE_HEAP_BLOCKS 32

/* What all blocks of a search share. */
typedef struct GaeMips
{
	const GaeModel *model;
	const GaeTopkOptions *options;
	const GaeVectorKernels *kernels;
	int64_t		width;			/* of the vectors that are multiplied */
	GaeNormBounds	target;
	double		source_scale;	/* of the rows, as that of the targets' order */
	double		least_score;	/* that min_probability allows */
	double		error;			/* of a product, relative to |a| |b| */
	GaeReal    *scratch;		/* for each worker: rows of a block, and a tile */
	int64_t		scratch_size;
	int64_t		panels_per_block;	/* that a block of work takes */
	bool		once;			/* undirected: a pair counts in the order of its places only */
	_Atomic double threshold;	/* nobody needs a lower score */
} GaeMips;

/* Some nodes on their way through the panels. */
typedef struct GaeQueryBlock
{
	int64_t		first;			/* place of the first row */
	int			groups;			/* of GAE_TILE_ROWS */
	GaeReal    *value;			/* groups x width x GAE_TILE_ROWS, scaled */
	GaeReal    *excess;			/* a tile */
	double		reach;			/* the longest column's norm */
	double		threshold;		/* GaeMips.threshold, when it was last looked at */
	int32_t		node[GAE_MIPS_ROWS];	/* -1: none */
	double		norm[GAE_MIPS_ROWS];	/* scaled */
	GaeHeap    *heap[GAE_MIPS_ROWS];
	GaeReal		bound[GAE_MIPS_ROWS];	/* of scaled products that matter */
	double		shortest[GAE_MIPS_ROWS];	/* norm of a column that matters */
	double		group_shortest[GAE_MIPS_GROUPS];
} GaeQueryBlock;

/*
 * Pack the nodes as targets of links, and make scratch memory.  The caller says
 * how long sources are: "source_scale", as gae_norm_order gives it, for an
 * undirected model that of the targets.
 */
extern GaeStatus gae_mips_init(GaeEnv *env, const GaeModel *model, const GaeTopkOptions *options,
								GaeMips *sweep);

/* In a block of work: begin with a number of rows, at most GAE_MIPS_ROWS; then put each. */
extern void gae_query_block_begin(const GaeMips *sweep, int worker, int64_t first, int64_t rows,
						   GaeQueryBlock *block);
extern void gae_query_block_put(const GaeMips *sweep, GaeQueryBlock *block, int r, int32_t node, double norm,
						 GaeHeap *heap);

/*
 * Offer the pairs of the rows with the columns of panels first … end - 1 to the
 * rows' heaps, save those that cannot be among the best.  With "shared" the heaps
 * hold links of one list, and GaeMips.threshold is raised.
 */
extern void gae_query_block_search(GaeMips *sweep, GaeQueryBlock *block, int64_t first, int64_t end, bool shared);

#endif							/* GAE_MIPS_H */
