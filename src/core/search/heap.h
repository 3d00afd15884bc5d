/*
 * heap.h
 *		The best few of many links, in bounded memory.
 */
#ifndef GAE_HEAP_H
#define GAE_HEAP_H

#include "core/base/env.h"

/* A pair of nodes and its score, a logit. */
typedef struct GaeLink
{
	int32_t		src;
	int32_t		dst;
	double		score;
} GaeLink;

/*
 * Allocate "count" links.  The error is GAE_TOO_LARGE, with the given hint, where
 * the memory limit does not allow it.
 */
extern GaeStatus gae_links_alloc(GaeEnv *env, int64_t count, const char *hint, GaeLink **links);

#define GAE_LOWER_K "Raise vgae.memory_limit, or lower k."

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
 * Put the links in order, best first; the heap is then only a list.  gae_heap_sort
 * polls and is for the main thread; gae_heap_sort_small is for small heaps in a block
 * of work.
 */
extern GaeStatus gae_heap_sort(GaeEnv *env, GaeHeap *heap);
extern void gae_heap_sort_small(GaeHeap *heap);

/* Links that are moved between two looks at interrupts: some milliseconds' work. */
#define GAE_HEAP_POLL_LINKS (1 << 13)

#endif							/* GAE_HEAP_H */
