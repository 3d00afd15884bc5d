/*
 * anomalies.c
 *		One pass over the known edges, with a heap of those with the lowest scores.
 */
#include "core/search/anomalies.h"

#include "core/base/range.h"
#include "core/infer/score.h"

/* Edges of one node that are scored between two looks at interrupts: some milliseconds. */
#define POLL_EDGES (1 << 14)

GaeStatus
gae_anomalies(GaeEnv *env, const GaeModel *model, int64_t k, GaeLink **links, int64_t *count)
{
	const GaeAdjacency *known = &model->known;
	GaeHeap		heap = {.capacity = gae_min(k, model->edges)};

	GAE_TRY(gae_links_alloc(env, heap.capacity, GAE_LOWER_K, &heap.link));
	for (int32_t i = 0; i < model->nodes; i++)
	{
		/* The heap keeps the highest scores: negated, those are the lowest. */
		for (int64_t e = known->out[i]; e < known->offset[i + 1]; e++)
		{
			int32_t		j = known->neighbor[e];

			if (e % POLL_EDGES == 0)
				GAE_TRY(gae_poll(env));
			gae_heap_offer(&heap, (GaeLink) {i, j, -gae_link_score(model, i, j)});
		}
		GAE_TRY(gae_poll(env));
	}
	GAE_TRY(gae_heap_sort(env, &heap));
	for (int64_t l = 0; l < heap.count; l++)
		heap.link[l].score = -heap.link[l].score;
	*links = heap.link;
	*count = heap.count;
	return GAE_OK;
}
