/*
 * pair_chunk.c
 *		The pairs at some nodes, listed a chunk at a time.
 */
#include "core/nn/pair_chunk.h"

#include "core/base/range.h"

/* List a pair behind those of the chunk, in the run of its node if that is the last one. */
static void
put_pair(GaePairChunk *chunk, int32_t node, bool into, int32_t other,
		 double positive, double negative, double counted)
{
	int			at = chunk->count++;
	GaePairRun *run = chunk->runs > 0 ? &chunk->run[chunk->runs - 1] : NULL;

	if (run == NULL || run->node != node || run->into != into)
	{
		run = &chunk->run[chunk->runs++];
		run->node = node;
		run->into = into;
		run->first = at;
	}
	run->end = at + 1;
	chunk->other[at] = other;
	chunk->positive[at] = (GaeReal) positive;
	chunk->negative[at] = (GaeReal) negative;
	chunk->counted[at] = (GaeReal) counted;
}

/* Look up the group's sampled pairs from a round on. */
static void
look_up_samples(GaePairCursor *cursor, int64_t round)
{
	const GaeNegatives *sample = cursor->listing->sample;

	cursor->round = round;
	cursor->rounds = sample == NULL ? 0 :
		gae_negatives_look_up(sample, (int32_t) cursor->group, round, cursor->sampled_out, cursor->sampled_into);
}

static void
begin_group(GaePairCursor *cursor, int64_t node)
{
	cursor->node = cursor->group = node;
	cursor->group_end = gae_min(node + GAE_NEGATIVES_NODES, cursor->end);
	cursor->part = GAE_PAIR_DIAGONAL;
	if (node < cursor->end)
		look_up_samples(cursor, 0);
}

static void
next_node(GaePairCursor *cursor)
{
	int64_t		next_round = cursor->round + cursor->rounds;

	cursor->node++;
	if (cursor->node < cursor->group_end)
		cursor->part = cursor->round == 0 ? GAE_PAIR_DIAGONAL : GAE_PAIR_SAMPLED_OUT;
	else if (cursor->rounds > 0 && next_round < cursor->listing->sample->rounds)
	{
		cursor->node = cursor->group;
		cursor->part = GAE_PAIR_SAMPLED_OUT;
		look_up_samples(cursor, next_round);
	}
	else
		begin_group(cursor, cursor->node);
}

/* The node with itself is a target (A + I). */
static void
put_diagonal(GaePairCursor *cursor, GaePairChunk *chunk)
{
	const GaePairListing *listing = cursor->listing;
	int32_t		i = (int32_t) cursor->node;

	put_pair(chunk, i, false, i, listing->positive, listing->edge_negative, 1);
	if (listing->graph->directed)
		put_pair(chunk, i, true, i, listing->positive, listing->edge_negative, 0);
	cursor->part = GAE_PAIR_EDGES;
	cursor->entry = listing->adjacency->offset[i];
}

/*
 * What an edge counts as a target: nothing unless it is one; in a weighted graph with its weight
 * over the mean weight.
 */
static double
positive_of_edge(const GaePairListing *listing, int32_t edge)
{
	if (listing->masked != NULL && !listing->masked[edge])
		return 0;
	if (listing->graph->weight == NULL)
		return listing->positive;
	return listing->positive * listing->graph->weight[edge] / listing->mean_weight;
}

static void
put_edges(GaePairCursor *cursor, GaePairChunk *chunk)
{
	const GaePairListing *listing = cursor->listing;
	const GaeAdjacency *adjacency = listing->adjacency;
	int32_t		i = (int32_t) cursor->node;
	bool		alike = listing->masked == NULL && listing->graph->weight == NULL;
	int64_t		e = cursor->entry;

	for (; e < adjacency->offset[i + 1] && chunk->count < GAE_CHUNK_PAIRS; e++)
	{
		bool		into = adjacency->directed && e < adjacency->out[i];

		put_pair(chunk, i, into, adjacency->neighbor[e],
				 alike ? listing->positive : positive_of_edge(listing, adjacency->edge[e]),
				 listing->edge_negative, into ? 0 : 1);
	}
	cursor->entry = e;
	if (e < adjacency->offset[i + 1])
		return;
	if (cursor->rounds > 0)
		cursor->part = GAE_PAIR_SAMPLED_OUT;
	else
		next_node(cursor);
}

/* Sampled pairs of which the node is the source, or the target.  Edges do not count. */
static void
put_samples(GaePairCursor *cursor, GaePairChunk *chunk)
{
	const GaePairListing *listing = cursor->listing;
	bool		into = cursor->part == GAE_PAIR_SAMPLED_INTO;
	int32_t		i = (int32_t) cursor->node;
	int64_t		in_group = cursor->node - cursor->group;

	for (int r = 0; r < cursor->rounds; r++)
	{
		int32_t		other = into ? cursor->sampled_into[r][in_group] : cursor->sampled_out[r][in_group];

		if (other < 0 || other == i ||
			(into ? gae_adjacency_has_into(listing->adjacency, other, i)
			 : gae_adjacency_has(listing->adjacency, i, other)))
			continue;

		/* An undirected pair's loss is counted by halves, at either end. */
		if (listing->graph->directed)
			put_pair(chunk, i, into, other, 0, listing->sample_negative, into ? 0 : 1);
		else
			put_pair(chunk, i, false, other, 0, listing->sample_negative / 2, 1);
	}
	if (into)
		next_node(cursor);
	else
		cursor->part = GAE_PAIR_SAMPLED_INTO;
}

void
gae_pair_cursor_begin(const GaePairListing *listing, int64_t first, int64_t end,
					  GaePairCursor *cursor)
{
	*cursor = (GaePairCursor) {.listing = listing, .end = end};
	begin_group(cursor, first);
}

void
gae_pair_chunk_fill(GaePairCursor *cursor, GaePairChunk *chunk)
{
	chunk->count = 0;
	chunk->runs = 0;
	while (cursor->node < cursor->end && chunk->count <= GAE_CHUNK_PAIRS - GAE_NEGATIVES_ROUNDS)
	{
		switch (cursor->part)
		{
			case GAE_PAIR_DIAGONAL:
				put_diagonal(cursor, chunk);
				break;
			case GAE_PAIR_EDGES:
				put_edges(cursor, chunk);
				break;
			case GAE_PAIR_SAMPLED_OUT:
			case GAE_PAIR_SAMPLED_INTO:
				put_samples(cursor, chunk);
				break;
		}
	}
}
