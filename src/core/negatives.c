/*
 * negatives.c
 *		Random non-edges, systematic in their source and uniform in their target.
 */
#include "negatives.h"

#include <math.h>
#include <string.h>

#include "parallel.h"
#include "random.h"

/* Sources that share a random stream. */
#define BLOCK_NODES 1024

/* Random targets that may turn out to be neighbors before we count instead. */
#define MAX_TRIES 8

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
	negatives->nodes = nodes;
	GAE_ALLOC(env, negatives->dst, capacity);
	GAE_ALLOC(env, negatives->slope, capacity);
	GAE_ALLOC(env, negatives->by_dst, capacity);
	GAE_ALLOC(env, negatives->dst_offset, (int64_t) nodes + 1);
	return GAE_OK;
}

int64_t
gae_negatives_first(const GaeNegatives *negatives, int64_t i)
{
	double		per_node = (double) negatives->count / negatives->nodes;

	/* The smallest k with (k + u) · n / K >= i. */
	return i == negatives->nodes ? negatives->count
		: (int64_t) ceil((double) i * per_node - negatives->shift);
}

/*
 * The target number "rank" among the nodes that i is neither nor has an edge to:
 * each that is left out, in order, moves it up by one until they are beyond it.
 */
static int32_t
target_by_rank(const int32_t *neighbor, int64_t neighbors, int32_t i, int32_t rank)
{
	int32_t		target = rank;
	bool		self_left = true;
	int64_t		e = 0;

	while (self_left || e < neighbors)
	{
		int32_t		left_out;

		if (self_left && (e == neighbors || i < neighbor[e]))
		{
			left_out = i;
			self_left = false;
		}
		else
			left_out = neighbor[e++];
		if (left_out > target)
			break;
		target++;
	}
	return target;
}

static int32_t
draw_target(const GaeIncidence *incidence, int32_t i, GaeStream *stream)
{
	int64_t		first = incidence->directed ? incidence->out[i] : incidence->offset[i];
	int64_t		neighbors = incidence->offset[i + 1] - first;
	int64_t		others = incidence->nodes - 1 - neighbors;

	if (others == 0)
		return i;
	for (int tries = 0; tries < MAX_TRIES; tries++)
	{
		int32_t		target = (int32_t) gae_random_below(stream, (uint64_t) incidence->nodes);

		if (target != i && !gae_incidence_has(incidence, i, target))
			return target;
	}
	return target_by_rank(incidence->neighbor + first, neighbors, i,
						  (int32_t) gae_random_below(stream, (uint64_t) others));
}

typedef struct DrawTask
{
	const GaeIncidence *incidence;
	int64_t		seed;
	uint32_t	step;
	GaeNegatives *negatives;
} DrawTask;

static void
draw_block(void *arg, int64_t block, int worker)
{
	const DrawTask *t = arg;
	int64_t		first = block * BLOCK_NODES;
	int64_t		end = first + BLOCK_NODES < t->incidence->nodes ? first + BLOCK_NODES : t->incidence->nodes;
	GaeStream	stream = gae_stream(t->seed, GAE_RANDOM_NEGATIVE, t->step, (uint64_t) block + 1);
	int64_t		k = gae_negatives_first(t->negatives, first);

	(void) worker;
	for (int64_t i = first; i < end; i++)
		for (int64_t last = gae_negatives_first(t->negatives, i + 1); k < last; k++)
			t->negatives->dst[k] = draw_target(t->incidence, (int32_t) i, &stream);
}

/* Counting sort of the samples by target, each with its source. */
static GaeStatus
group_by_target(GaeEnv *env, GaeNegatives *negatives)
{
	int64_t    *offset = negatives->dst_offset;

	memset(offset, 0, ((size_t) negatives->nodes + 1) * sizeof(int64_t));
	for (int64_t k = 0; k < negatives->count; k++)
		offset[negatives->dst[k]]++;
	for (int32_t i = 0; i < negatives->nodes; i++)
		offset[i + 1] += offset[i];
	GAE_TRY(gae_poll(env));

	/* From the last sample to the first, each offset goes down to its start. */
	for (int32_t i = negatives->nodes; i-- > 0;)
	{
		for (int64_t k = gae_negatives_first(negatives, (int64_t) i + 1);
			 k-- > gae_negatives_first(negatives, i);)
			negatives->by_dst[--offset[negatives->dst[k]]] = (GaePlacedSample) {(int32_t) k, i};
		if (i % BLOCK_NODES == 0)
			GAE_TRY(gae_poll(env));
	}
	return GAE_OK;
}

GaeStatus
gae_negatives_draw(GaeEnv *env, const GaeIncidence *incidence, int64_t count,
				   int64_t seed, uint32_t step, GaeNegatives *negatives)
{
	GaeStream	shift = gae_stream(seed, GAE_RANDOM_NEGATIVE, step, 0);
	DrawTask	task = {incidence, seed, step, negatives};

	negatives->count = count;
	negatives->shift = gae_random_uniform(&shift);
	GAE_TRY(gae_parallel(env, gae_blocks(incidence->nodes, BLOCK_NODES), draw_block, &task));
	return group_by_target(env, negatives);
}
