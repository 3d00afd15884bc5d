/*
 * heap.c
 *		A bounded heap of links.
 */
#include "core/search/heap.h"

#include <math.h>

GaeStatus
gae_links_alloc(GaeEnv *env, int64_t count, const char *hint, GaeLink **links)
{
	GAE_TRY(gae_memory_expect(env, (double) count * sizeof(GaeLink), "the list of links", hint));
	GAE_ALLOC(env, *links, count);
	return GAE_OK;
}

bool
gae_link_before(const GaeLink *a, const GaeLink *b)
{
	if (a->score != b->score)
		return a->score > b->score;
	if (a->src != b->src)
		return a->src < b->src;
	return a->dst < b->dst;
}

double
gae_heap_threshold(const GaeHeap *heap)
{
	if (heap->count < heap->capacity)
		return -INFINITY;
	return heap->capacity > 0 ? heap->link[0].score : INFINITY;
}

/* Let the link at "hole" sink until no child is worse. */
static void
sink(GaeLink *link, int64_t count, int64_t hole)
{
	GaeLink		moving = link[hole];

	for (;;)
	{
		int64_t		child = 2 * hole + 1;

		if (child >= count)
			break;
		if (child + 1 < count && gae_link_before(&link[child], &link[child + 1]))
			child++;
		if (!gae_link_before(&moving, &link[child]))
			break;
		link[hole] = link[child];
		hole = child;
	}
	link[hole] = moving;
}

bool
gae_heap_takes(const GaeHeap *heap, const GaeLink *link)
{
	if (heap->count < heap->capacity)
		return true;
	return heap->capacity > 0 && gae_link_before(link, &heap->link[0]);
}

void
gae_heap_offer(GaeHeap *heap, GaeLink link)
{
	int64_t		hole = heap->count;

	if (!gae_heap_takes(heap, &link))
		return;
	if (heap->count == heap->capacity)
	{
		heap->link[0] = link;
		sink(heap->link, heap->count, 0);
		return;
	}
	heap->count++;
	while (hole > 0 && gae_link_before(&heap->link[(hole - 1) / 2], &link))
	{
		heap->link[hole] = heap->link[(hole - 1) / 2];
		hole = (hole - 1) / 2;
	}
	heap->link[hole] = link;
}

/* Sort the links first … last, all of which come before those after "last", into place. */
static void
sort_down(GaeHeap *heap, int64_t first, int64_t last)
{
	for (; last >= first; last--)
	{
		GaeLink		worst = heap->link[0];

		heap->link[0] = heap->link[last];
		heap->link[last] = worst;
		sink(heap->link, last, 0);
	}
}

void
gae_heap_sort_small(GaeHeap *heap)
{
	sort_down(heap, 1, heap->count - 1);
}

GaeStatus
gae_heap_sort(GaeEnv *env, GaeHeap *heap)
{
	for (int64_t last = heap->count - 1; last > 0; last -= GAE_HEAP_POLL_LINKS)
	{
		GAE_TRY(gae_poll(env));
		sort_down(heap, last > GAE_HEAP_POLL_LINKS ? last - GAE_HEAP_POLL_LINKS + 1 : 1, last);
	}
	return GAE_OK;
}
