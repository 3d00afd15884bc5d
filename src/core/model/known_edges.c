/*
 * known_edges.c
 *		The edges that a model knows, as bytes.
 */
#include "core/model/known_edges.h"

#include <string.h>

#include "core/base/range.h"

/* Edges and nodes between two looks at interrupts: about a millisecond's work. */
#define POLL_ITEMS (1 << 16)

/*
 * The place of an edge's entry is prefetched this many edges ahead, and the element of
 * into[] that holds the place, twice as many.
 */
#define PREFETCH_EDGES 16

/* The node before the first one that an edge of node i may lead to. */
static int64_t
before_first(bool directed, int32_t i)
{
	return directed ? -1 : i;
}

/*
 * Look at interrupts if POLL_ITEMS items were done since the last look; "done" counts
 * all so far.  False if an interrupt ends the call.
 */
static inline bool
poll_items(GaeCodec *codec, int64_t done, int64_t *polled)
{
	if (done - *polled < POLL_ITEMS)
		return true;
	*polled = done;
	return gae_codec_poll(codec);
}

static void
write_edges(GaeCodec *codec, const GaeAdjacency *known)
{
	int64_t		edge = 0;
	int64_t		polled = 0;

	for (int32_t i = 0; i < known->nodes; i++)
	{
		uint64_t	degree = (uint64_t) (known->offset[i + 1] - known->out[i]);
		int64_t		before = before_first(known->directed, i);

		if (!poll_items(codec, edge + i, &polled))
			return;
		gae_code_varint(codec, &degree);
		for (int64_t e = known->out[i]; e < known->offset[i + 1]; e++)
		{
			uint64_t	gap = (uint64_t) (known->neighbor[e] - before - 1);

			if (!poll_items(codec, edge++ + i, &polled))
				return;
			gae_code_varint(codec, &gap);
			before = known->neighbor[e];
		}
	}
}

/* Read "count" neighbors of node i that come after *before; false on failure. */
static bool
read_neighbors(GaeCodec *codec, const GaeAdjacency *known, int32_t i, int64_t count,
			   int64_t *before, int32_t *target, uint32_t *into)
{
	for (int64_t e = 0; e < count; e++)
	{
		uint64_t	gap = gae_codec_read_varint(codec);

		if (gap >= (uint64_t) (known->nodes - *before - 1) || *before + 1 + (int64_t) gap == i)
		{
			gae_codec_fail(codec, "An edge of node %ld leads nowhere.", (long) i);
			return false;
		}
		*before += 1 + (int64_t) gap;
		target[e] = (int32_t) *before;
		into[*before]++;
	}
	return codec->status == GAE_OK;
}

/*
 * Read the other ends of all edges into target (edges), in order.  known->out[i] and
 * into[i] become the numbers of edges from and to node i.
 */
static void
read_targets(GaeCodec *codec, const GaeAdjacency *known, int64_t edges,
			 int32_t *target, uint32_t *into)
{
	int64_t		edge = 0;
	int64_t		polled = 0;

	for (int32_t i = 0; i < known->nodes; i++)
	{
		uint64_t	degree = gae_codec_read_varint(codec);
		int64_t		before = before_first(known->directed, i);

		if (degree > (uint64_t) (edges - edge))
			gae_codec_fail(codec, "It has more edges than it says.");
		if (codec->status != GAE_OK || !poll_items(codec, edge + i, &polled))
			return;
		known->out[i] = (int64_t) degree;
		while (degree > 0)
		{
			int64_t		count = gae_min((int64_t) degree, POLL_ITEMS);

			if (!read_neighbors(codec, known, i, count, &before, target + edge, into))
				return;
			edge += count;
			degree -= (uint64_t) count;
			if (!poll_items(codec, edge + i, &polled))
				return;
		}
	}
	if (edge != edges)
		gae_codec_fail(codec, "It has fewer edges than it says.");
}

/*
 * Make offset and out from the numbers of edges; into[i] becomes the place of the
 * first edge to node i.  False if an interrupt ends the call.
 */
static bool
lay_out(GaeCodec *codec, GaeAdjacency *known, uint32_t *into)
{
	int64_t		polled = 0;

	known->offset[0] = 0;
	for (int32_t i = 0; i < known->nodes; i++)
	{
		int64_t		out_of = known->out[i];

		if (!poll_items(codec, i, &polled))
			return false;
		known->out[i] = known->offset[i] + into[i];
		known->offset[i + 1] = known->out[i] + out_of;
		into[i] = (uint32_t) known->offset[i];
	}
	return true;
}

/*
 * Enter each edge at both of its ends.  The edges to a node stand in the order of their
 * sources, since the loop goes through all edges in that order.
 */
static void
fill_neighbors(GaeCodec *codec, GaeAdjacency *known, int64_t edges, const int32_t *target,
			   uint32_t *into)
{
	int32_t    *neighbor = known->neighbor;
	int64_t		edge = 0;
	int64_t		polled = 0;

	for (int32_t i = 0; i < known->nodes; i++)
	{
		int64_t		out_of = known->offset[i + 1] - known->out[i];
		int64_t		end = edge + out_of;

		if (!poll_items(codec, edge + i, &polled))
			return;
		if (out_of > 0)
			memcpy(neighbor + known->out[i], target + edge, (size_t) out_of * sizeof(int32_t));
		for (; edge < end; edge++)
		{
			if (!poll_items(codec, edge + i, &polled))
				return;
			if (edge + 2 * PREFETCH_EDGES < edges)
			{
				__builtin_prefetch(&into[target[edge + 2 * PREFETCH_EDGES]], 1);
				__builtin_prefetch(&neighbor[into[target[edge + PREFETCH_EDGES]]], 1);
			}
			neighbor[into[target[edge]]++] = i;
		}
	}
}

static void
read_edges(GaeCodec *codec, int64_t edges, GaeAdjacency *known)
{
	GaeEnv	   *env = codec->env;
	int32_t    *target;
	uint32_t   *into;

	/* An edge takes at least a byte: this bounds what we allocate. */
	if (!gae_codec_has(codec, edges, 1))
		return;
	known->offset = gae_alloc(env, (int64_t) known->nodes + 1, sizeof(int64_t));
	known->out = gae_alloc(env, known->nodes, sizeof(int64_t));
	known->neighbor = gae_alloc(env, 2 * edges, sizeof(int32_t));
	target = gae_alloc(env, edges, sizeof(int32_t));
	into = gae_alloc_zero(env, known->nodes, sizeof(uint32_t));
	if (known->offset == NULL || known->out == NULL || known->neighbor == NULL ||
		target == NULL || into == NULL)
	{
		codec->status = env->error.status;
		return;
	}
	read_targets(codec, known, edges, target, into);
	if (codec->status != GAE_OK || !lay_out(codec, known, into))
		return;
	fill_neighbors(codec, known, edges, target, into);
	gae_free(env, target);
	gae_free(env, into);
}

void
gae_code_known_edges(GaeCodec *codec, int32_t nodes, bool directed, int64_t edges,
					 GaeAdjacency *known)
{
	if (codec->mode != GAE_CODEC_READ)
	{
		write_edges(codec, known);
		return;
	}
	memset(known, 0, sizeof(*known));
	known->nodes = nodes;
	known->directed = directed;
	read_edges(codec, edges, known);
}
