/*
 * heap.h
 *		The best few of many links, in bounded memory.
 */
#ifndef GAE_HEAP_H
#define GAE_HEAP_H

#include "topk.h"

/* A binary heap with the worst link that it keeps at its root. */
typedef struct GaeHeap
{
	GaeLink    *link;			/* room for "capacity" links, given by the owner */
	int64_t		capacity;
	int64_t		count;
} GaeHeap;

/* Does a come before b?  By score, highest first, then by src, then by dst. */
extern bool gae_link_before(const GaeLink *a, const GaeLink *b);

/*
 * A link with a lower score than this is not kept; -infinity while there is room,
 * infinity where there never is any.
 */
extern double gae_heap_threshold(const GaeHeap *heap);

/* Would the heap keep this link? */
extern bool gae_heap_takes(const GaeHeap *heap, const GaeLink *link);

extern void gae_heap_offer(GaeHeap *heap, GaeLink link);

/*
 * Put the links in order, best first; the heap is then only a list.  The first
 * for the main thread, the second for a block of work and thus a small heap.
 */
extern GaeStatus gae_heap_sort(GaeEnv *env, GaeHeap *heap);
extern void gae_heap_sort_small(GaeHeap *heap);

/* Links of a heap that is small: some milliseconds' sorting. */
#define GAE_HEAP_SMALL (1 << 15)

#endif							/* GAE_HEAP_H */
