/*
 * range.h
 *		The lesser and the greater of two numbers, and how items are cut into blocks of
 *		work.
 */
#ifndef GAE_RANGE_H
#define GAE_RANGE_H

#include <stdint.h>

static inline int64_t
gae_min(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static inline int64_t
gae_max(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* The items first … end - 1. */
typedef struct GaeRange
{
	int64_t		first;
	int64_t		end;
} GaeRange;

/* How many blocks of "size" items cover "count" items. */
static inline int64_t
gae_blocks(int64_t count, int64_t size)
{
	return count / size + (count % size != 0);
}

/* The items of block number "block"; the last block may be shorter. */
static inline GaeRange
gae_block_range(int64_t block, int64_t size, int64_t count)
{
	return (GaeRange) {block * size, gae_min((block + 1) * size, count)};
}

#endif							/* GAE_RANGE_H */
