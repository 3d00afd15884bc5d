/*
 * mips.h
 *		Maximum-inner-product search: which pairs of nodes may be among the best.
 *
 * Sources, the queries, are multiplied with all targets, a query block with a column
 * block at a time.  Targets are packed by descending norm (see norm_bounds.h): once a
 * column block's longest vector is too short for every query, so are all later ones,
 * and the search of the query block ends.
 *
 * What is left is bound by the rate of multiplication.  The kernel tile_product (see
 * vector.h) therefore starts each sum from the negated bound of its query: it writes
 * the tile of excesses over the bounds to memory, and says which queries have one that
 * is not negative.  Only the rows of these are read.
 */
#ifndef GAE_MIPS_H
#define GAE_MIPS_H

#include <stdatomic.h>

#include "core/base/range.h"
#include "core/search/candidate.h"
#include "core/search/norm_bounds.h"

/* Rows of a query block: as many as stay in the cache beside a column block. */
#define GAE_QUERY_ROWS 64
#define GAE_QUERY_GROUPS (GAE_QUERY_ROWS / GAE_TILE_ROWS)

/* Where k is above GAE_LARGE_HEAP, a block of work takes no more column blocks than this. */
#define GAE_LARGE_HEAP 4096
#define GAE_LARGE_HEAP_COLUMN_BLOCKS 32

/* What all query blocks of a search share. */
typedef struct GaeMips
{
	const GaeModel *model;
	const GaeTopkOptions *options;
	const GaeVectorKernels *kernels;
	int64_t		width;			/* of the vectors that are multiplied */
	GaeNormBounds target;		/* the nodes that can have links: as targets, packed */
	GaeNormOrder source;		/* the same as sources; "target.order" if factors are the same */
	double		least_score;	/* no pair with a lower score has min_probability */
	double		error;			/* of a product, relative to |a| |b| */
	GaeReal    *scratch;		/* for each worker: the rows of a query block, and a tile */
	int64_t		scratch_size;	/* numbers for each worker */
	int64_t		span;			/* column blocks that a block of work takes */
	bool		once;			/* (i, j) and (j, i) are one pair, offered from one row only */
	_Atomic double threshold;	/* pairs with lower scores are not among the k best */
} GaeMips;

/* Some sources, and what their products with targets must exceed. */
typedef struct GaeQueryBlock
{
	int64_t		first;			/* place of row 0 in the order of the sources */
	int			groups;			/* of GAE_TILE_ROWS rows */
	GaeReal    *rows;			/* groups x width x GAE_TILE_ROWS: the scaled vectors */
	GaeReal    *excess;			/* GAE_TILE_ROWS x GAE_TILE_COLUMNS: see tile_product */
	double		longest;		/* the largest norm of a column in this search */
	double		threshold;		/* GaeMips.threshold as it was last read */
	int32_t		node[GAE_QUERY_ROWS];	/* -1: the row is not used */
	double		norm[GAE_QUERY_ROWS];	/* of the scaled vector */
	GaeHeap    *heap[GAE_QUERY_ROWS];	/* takes the row's pairs */
	GaeReal		bound[GAE_QUERY_ROWS];	/* lower products with the row do not matter */
	double		least_norm[GAE_QUERY_ROWS]; /* columns with a smaller norm do not matter */
	double		group_least_norm[GAE_QUERY_GROUPS]; /* the least of the group's rows */
} GaeQueryBlock;

/*
 * Order and pack the nodes that can have links, as sources and as targets, and allocate
 * scratch memory.  "once" is false; a caller who wants each undirected pair once sets it.
 */
extern GaeStatus gae_mips_init(GaeEnv *env, const GaeModel *model, const GaeTopkOptions *options,
							   GaeMips *mips);

/*
 * In a block of work: begin a query block for the sources with the places "rows", at
 * most GAE_QUERY_ROWS of them, and then set each row or leave it out.  "norm" is that of the
 * scaled vector, as GaeMips.source has it.
 */
extern void gae_query_block_begin(const GaeMips *mips, int worker, GaeRange rows,
								  GaeQueryBlock *block);
extern void gae_query_block_leave_out(const GaeMips *mips, GaeQueryBlock *block, int r);
extern void gae_query_block_set_row(const GaeMips *mips, GaeQueryBlock *block, int r,
									int32_t node, double norm, GaeHeap *heap);

/*
 * Offer the pairs of the rows with the vectors of the given column blocks to the rows'
 * heaps, save those that cannot be among the best.  "shared" says that all heaps hold
 * links of one list: then a full heap raises GaeMips.threshold for all workers.
 */
extern void gae_query_block_search(GaeMips *mips, GaeQueryBlock *block, GaeRange column_blocks,
								   bool shared);

#endif							/* GAE_MIPS_H */
