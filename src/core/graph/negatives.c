/*
 * negatives.c
 *		Random permutations of the nodes, computed one value at a time.
 *
 * The nodes have places in a grid that is just large enough.  A step adds to the row a hash
 * of the column, modulo the number of rows; the next step adds to the column a hash of the
 * row, modulo the number of columns.  Whatever the hash, a step can be undone: this is a
 * Feistel network (Black & Rogaway, "Ciphers with arbitrary finite domains", CT-RSA 2002).
 * A few places of the grid are no node's: where a permutation leads to an empty place, it is
 * applied again until it leads to a node (their "cycle walking").
 */
#include "core/graph/negatives.h"

#include <math.h>
#include <string.h>

#include "core/base/random.h"
#include "core/base/range.h"
#include "core/base/simd.h"

GaeStatus
gae_sampled_pairs(GaeEnv *env, int32_t nodes, double negatives, double edges, int64_t *count)
{
	double		pairs = isinf(negatives) ? 0 : ceil(negatives * edges);

	if (pairs > INT32_MAX)
	{
		gae_fail(env, GAE_TOO_LARGE, "too many sampled non-edges");
		gae_error_detail(env, "%.0f would be drawn each epoch; at most %d are supported.",
						 pairs, INT32_MAX);
		gae_error_hint(env, "Lower the argument negatives.");
		return GAE_TOO_LARGE;
	}
	*count = (int64_t) fmin(pairs, (double) nodes * nodes);
	return GAE_OK;
}

GaeStatus
gae_negatives_create(GaeEnv *env, int32_t nodes, int64_t capacity, GaeNegatives *negatives)
{
	int64_t		rounds = gae_blocks(capacity, nodes);

	memset(negatives, 0, sizeof(*negatives));
	negatives->nodes = nodes;
	negatives->capacity = capacity;
	negatives->rows = (uint32_t) ceil(sqrt(nodes));
	negatives->columns = (uint32_t) gae_blocks(nodes, negatives->rows);
	for (int s = 0; s < GAE_PERMUTATION_STEPS; s++)
		GAE_ALLOC(env, negatives->key[s], rounds);
	return GAE_OK;
}

double
gae_negatives_bytes(double nodes, double capacity)
{
	return capacity / nodes * GAE_PERMUTATION_STEPS * sizeof(uint32_t);
}

GaeStatus
gae_negatives_draw(GaeEnv *env, int64_t count, int64_t seed, uint32_t step, GaeNegatives *negatives)
{
	GaeStream	stream = gae_stream(seed, GAE_RANDOM_NEGATIVE, step, 0);
	int64_t		nodes = negatives->nodes;

	negatives->count = count;
	negatives->rounds = gae_blocks(count, nodes);
	negatives->last_sources = count - (negatives->rounds - 1) * nodes;
	negatives->last_first = (int64_t) gae_random_below(&stream, (uint64_t) nodes);
	for (int64_t round = 0; round < negatives->rounds; round++)
	{
		if (round % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(env));
		for (int s = 0; s < GAE_PERMUTATION_STEPS; s++)
			negatives->key[s][round] = gae_random_word(&stream);
	}
	return GAE_OK;
}

/* A hash of a row or column, below "bound", which is less than 2^16. */
GAE_INLINE uint32_t
hash_below(uint32_t value, uint32_t key, uint32_t bound)
{
	/* Two odd multipliers, and a shift that brings high bits down between them. */
	uint32_t	h = (value ^ key) * UINT32_C(0x9E3779B1);

	h = (h ^ h >> 15) * UINT32_C(0x85EBCA77);

	/* Of 23 bits, so that the product is less than the bound, however it is rounded. */
	return (uint32_t) (int32_t) ((float) (int32_t) (h >> 9) * (0x1p-23f * (float) bound));
}

/* (value + addend) modulo bound, where both are below it */
GAE_INLINE uint32_t
add_modulo(uint32_t value, uint32_t addend, uint32_t bound)
{
	uint32_t	sum = value + addend;

	return sum < bound ? sum : sum - bound;
}

GAE_INLINE uint32_t
subtract_modulo(uint32_t value, uint32_t subtrahend, uint32_t bound)
{
	return add_modulo(value, bound - subtrahend, bound);
}

/* The grid, and the keys of one round's permutation. */
typedef struct Round
{
	uint32_t	rows;
	uint32_t	columns;
	uint32_t	key[GAE_PERMUTATION_STEPS];
} Round;

/* The place (row · columns + column) to which a permutation of the grid moves a place. */
GAE_INLINE uint32_t
permute(const Round *t, uint32_t row, uint32_t column)
{
	for (int s = 0; s < GAE_PERMUTATION_STEPS; s += 2)
	{
		row = add_modulo(row, hash_below(column, t->key[s], t->rows), t->rows);
		column = add_modulo(column, hash_below(row, t->key[s + 1], t->columns), t->columns);
	}
	return row * t->columns + column;
}

/* The place from which the permutation of the grid moves to this one. */
GAE_INLINE uint32_t
permute_back(const Round *t, uint32_t row, uint32_t column)
{
	for (int s = GAE_PERMUTATION_STEPS - 2; s >= 0; s -= 2)
	{
		column = subtract_modulo(column, hash_below(row, t->key[s + 1], t->columns), t->columns);
		row = subtract_modulo(row, hash_below(column, t->key[s], t->rows), t->rows);
	}
	return row * t->columns + column;
}

/* Is node i a source in the last round? */
static bool
is_last_source(const GaeNegatives *n, int64_t i)
{
	int64_t		past = i - n->last_first;

	return (past >= 0 ? past : past + n->nodes) < n->last_sources;
}

GAE_VECTORISED int
gae_negatives_look_up(const GaeNegatives *n, int32_t node, int64_t first_round,
					  GaeNegativesTable target, GaeNegativesTable source)
{
	int64_t		left = n->rounds - first_round;
	int			rounds = (int) gae_min(left, GAE_NEGATIVES_ROUNDS);
	uint32_t	nodes = (uint32_t) n->nodes;
	Round		round = {n->rows, n->columns, {0}};
	uint32_t	row[GAE_NEGATIVES_NODES];
	uint32_t	column[GAE_NEGATIVES_NODES];

	row[0] = (uint32_t) node / n->columns;
	column[0] = (uint32_t) node % n->columns;
	for (int i = 1; i < GAE_NEGATIVES_NODES; i++)
	{
		/* Behind the last node, the last node again. */
		bool		ended = (uint32_t) node + (uint32_t) i >= nodes;
		bool		full = column[i - 1] + 1 == n->columns;

		row[i] = row[i - 1] + (full && !ended);
		column[i] = ended ? column[i - 1] : full ? 0 : column[i - 1] + 1;
	}
	for (int r = 0; r < rounds; r++)
	{
		uint32_t	to[GAE_NEGATIVES_NODES];
		uint32_t	from[GAE_NEGATIVES_NODES];

		for (int s = 0; s < GAE_PERMUTATION_STEPS; s++)
			round.key[s] = n->key[s][first_round + r];
		for (int i = 0; i < GAE_NEGATIVES_NODES; i++)
			to[i] = permute(&round, row[i], column[i]);
		for (int i = 0; i < GAE_NEGATIVES_NODES; i++)
			from[i] = permute_back(&round, row[i], column[i]);

		/* From a place that is no node's, go on. */
		for (int i = 0; i < GAE_NEGATIVES_NODES; i++)
		{
			while (to[i] >= nodes)
				to[i] = permute(&round, to[i] / n->columns, to[i] % n->columns);
			while (from[i] >= nodes)
				from[i] = permute_back(&round, from[i] / n->columns, from[i] % n->columns);
			target[r][i] = (int32_t) to[i];
			source[r][i] = (int32_t) from[i];
		}
	}
	if (rounds == left)
		for (int i = 0; i < GAE_NEGATIVES_NODES; i++)
		{
			if (!is_last_source(n, node + (int64_t) i))
				target[rounds - 1][i] = -1;
			if (!is_last_source(n, source[rounds - 1][i]))
				source[rounds - 1][i] = -1;
		}
	return rounds;
}
