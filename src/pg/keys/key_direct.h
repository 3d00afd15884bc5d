/*
 * key_direct.h
 *		Integer keys that lie close together: their numbers in an array over the range
 *		of the keys.
 *
 * The array takes no more memory than a hash table would, finds a number with one
 * access, and holds the keys in order.
 */
#ifndef VGAE_KEY_DIRECT_H
#define VGAE_KEY_DIRECT_H

typedef struct VgaeKeyRange
{
	int64		least;
	int64		greatest;
} VgaeKeyRange;

typedef struct VgaeKeyDirect
{
	int32	   *place;			/* number + 1 of each value, 0 where none; NULL: no array */
	uint64		places;
	uint64		first;			/* the value of place[0], modulo 2^64 */
} VgaeKeyDirect;

/* The place of a value; there is none if the result is not below direct->places. */
static inline uint64
vgae_direct_place(const VgaeKeyDirect *direct, int64 value)
{
	return (uint64) value - direct->first;
}

/* Is the range narrow enough to begin an array for a number of keys? */
extern bool vgae_direct_fits(VgaeKeyRange range, int64 keys);

/* Make the array over the range, with these keys, which have the numbers 0 … count - 1. */
extern void vgae_direct_create(VgaeKeyDirect *direct, MemoryContext context, VgaeKeyRange range,
							   const int64 *integer, int32 count);

/*
 * Widen the array, if need be, to the range of at most "keys" keys, of which the first
 * "count" are in the array.  False, and the array as it was, if it would be too wide.
 */
extern bool vgae_direct_reserve(VgaeKeyDirect *direct, MemoryContext context, VgaeKeyRange range,
								int64 keys, const int64 *integer, int32 count);

/* The keys in order, and rank[number] = the index of each. */
extern void vgae_direct_sort(const VgaeKeyDirect *direct, int64 *integer, int32 *rank);

extern void vgae_direct_free(VgaeKeyDirect *direct);

#endif							/* VGAE_KEY_DIRECT_H */
