/*
 * negatives.c
 *		Uniform random non-edges.
 */
#include "negatives.h"

#include <string.h>

#include "parallel.h"
#include "random.h"

/* Pairs that share a random stream. */
#define BLOCK_PAIRS 8192

/*
 * Draws for one pair before it is given up.  A graph must be all but complete
 * (one pair in ten a non-edge: (9/10)^200 < 10^-9) to lose pairs here.
 */
#define MAX_TRIES 200

GaeStatus
gae_negatives_create(GaeEnv *env, int32_t nodes, int64_t capacity, GaeNegatives *negatives)
{
	memset(negatives, 0, sizeof(*negatives));
	if (capacity > INT32_MAX)
	{
		gae_fail(env, GAE_TOO_LARGE, "too many sampled non-edges");
		gae_error_detail(env, "%lld would be drawn each epoch; at most %d are supported.",
						 (long long) capacity, INT32_MAX);
		gae_error_hint(env, "Lower the argument negatives.");
		return GAE_TOO_LARGE;
	}
	negatives->capacity = capacity;
	GAE_ALLOC(env, negatives->src, capacity);
	GAE_ALLOC(env, negatives->dst, capacity);
	GAE_ALLOC(env, negatives->slope, capacity);
	GAE_ALLOC(env, negatives->by_src, capacity);
	GAE_ALLOC(env, negatives->by_dst, capacity);
	GAE_ALLOC(env, negatives->src_offset, (int64_t) nodes + 1);
	GAE_ALLOC(env, negatives->dst_offset, (int64_t) nodes + 1);
	return GAE_OK;
}

typedef struct DrawTask
{
	const GaeIncidence *incidence;
	int64_t		count;
	int64_t		seed;
	uint32_t	step;
	GaeNegatives *negatives;
} DrawTask;

static void
draw_block(void *arg, int64_t block, int worker)
{
	const DrawTask *t = arg;
	uint64_t	nodes = (uint64_t) t->incidence->nodes;
	int64_t		first = block * BLOCK_PAIRS;
	int64_t		end = first + BLOCK_PAIRS < t->count ? first + BLOCK_PAIRS : t->count;
	GaeStream	stream = gae_stream(t->seed, GAE_RANDOM_NEGATIVE, t->step, (uint64_t) block);

	(void) worker;
	for (int64_t k = first; k < end; k++)
	{
		t->negatives->src[k] = -1;
		for (int tries = 0; tries < MAX_TRIES; tries++)
		{
			int32_t		i = (int32_t) gae_random_below(&stream, nodes);
			int32_t		j = (int32_t) gae_random_below(&stream, nodes);

			if (i == j || gae_incidence_has(t->incidence, i, j))
				continue;
			t->negatives->src[k] = i;
			t->negatives->dst[k] = j;
			break;
		}
	}
}

/* Counting sort: list[offset[i]] … list[offset[i+1] - 1] are the k with key[k] = i. */
static void
group(int32_t nodes, int64_t count, const int32_t *key, int64_t *offset, int32_t *list)
{
	memset(offset, 0, ((size_t) nodes + 1) * sizeof(int64_t));
	for (int64_t k = 0; k < count; k++)
		offset[key[k]]++;
	for (int32_t i = 0; i < nodes; i++)
		offset[i + 1] += offset[i];
	for (int64_t k = count; k-- > 0;)
		list[--offset[key[k]]] = (int32_t) k;
}

GaeStatus
gae_negatives_draw(GaeEnv *env, const GaeIncidence *incidence, int64_t count,
				   int64_t seed, uint32_t step, GaeNegatives *negatives)
{
	DrawTask	task = {incidence, count, seed, step, negatives};

	GAE_TRY(gae_parallel(env, gae_blocks(count, BLOCK_PAIRS), draw_block, &task));
	negatives->count = 0;
	for (int64_t k = 0; k < count; k++)
	{
		if (negatives->src[k] < 0)
			continue;
		negatives->src[negatives->count] = negatives->src[k];
		negatives->dst[negatives->count] = negatives->dst[k];
		negatives->count++;
	}
	group(incidence->nodes, negatives->count, negatives->src, negatives->src_offset, negatives->by_src);
	GAE_TRY(gae_poll(env));
	group(incidence->nodes, negatives->count, negatives->dst, negatives->dst_offset, negatives->by_dst);
	return gae_poll(env);
}
