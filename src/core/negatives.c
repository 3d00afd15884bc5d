/*
 * negatives.c
 *		Random permutations of the nodes, computed one value at a time.
 *
 * The nodes lie in a grid just large enough for them.  A step adds to the row a
 * hash of the column, modulo the number of rows, and the next step to the column
 * one of the row: whatever the hash, that can be undone (a Feistel network; see
 * Black and Rogaway, "Ciphers with arbitrary finite domains", CT-RSA 2002, also
 * for what is done about the few places of the grid that are no nodes: go on
 * permuting until a node is met).
 */
#include "negatives.h"

#include <math.h>
#include <string.h>

#include "random.h"
#include "simd.h"

GaeStatus
gae_negatives_create(GaeEnv *env, int32_t nodes, int64_t capacity, GaeNegatives *negatives)
{
	int64_t		rounds = capacity / nodes + (capacity % nodes != 0);

	memset(negatives, 0, sizeof(*negatives));
	if (capacity > INT32_MAX)
	{
		gae_fail(env, GAE_TOO_LARGE, "too many sampled non-edges");
		gae_error_detail(env, "%lld would be drawn each epoch; at most %d are supported.",
						 (long long) capacity, INT32_MAX);
		gae_error_hint(env, "Lower the argument negatives.");
		return GAE_TOO_LARGE;
	}
	negatives->nodes = nodes;
	negatives->capacity = capacity;
	negatives->rows = (uint32_t) ceil(sqrt(nodes));
	negatives->columns = (uint32_t) ((nodes + (int64_t) negatives->rows - 1) / negatives->rows);
	for (int s = 0; s < GAE_PERMUTATION_STEPS; s++)
		GAE_ALLOC(env, negatives->key[s], rounds);
	return GAE_OK;
}

void
gae_negatives_draw(int64_t count, int64_t seed, uint32_t step, GaeNegatives *negatives)
{
	GaeStream	stream = gae_stream(seed, GAE_RANDOM_NEGATIVE, step, 0);
	int64_t		nodes = negatives->nodes;

	negatives->count = count;
	negatives->rounds = count / nodes + (count % nodes != 0);
	negatives->last_sources = count - (negatives->rounds - 1) * nodes;
	negatives->last_shift = (int64_t) gae_random_below(&stream, (uint64_t) nodes);
	for (int64_t round = 0; round < negatives->rounds; round++)
		for (int s = 0; s < GAE_PERMUTATION_STEPS; s++)
			negatives->key[s][round] = gae_random_word(&stream);
}

/* A hash of a row or column, below "bound", which is less than 2^16. */
GAE_INLINE uint32_t
hash_below(uint32_t value, uint32_t key, uint32_t bound)
{
	/* Two odd multipliers, and a shift that brings high bits down between them. */
	uint32_t	h = (value ^ key) * UINT32_C(0x9E3779B1);

	h = (h ^ h >> 15) * UINT32_C(0x85EBCA77);

	/* Of 23 bits, the product is rounded to less than the bound. */
	return (uint32_t) (int32_t) ((float) (int32_t) (h >> 9) * (0x1p-23f * (float) bound));
}

/* (value + addend) modulo bound, of two that are below it */
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

/* A place of the grid. */
typedef struct Place
{
	uint32_t	row;
	uint32_t	column;
} Place;

GAE_INLINE Place
place_of(const GaeNegatives *n, uint32_t i)
{
	return (Place) {i / n->columns, i % n->columns};
}

/* What is at the place where the one given goes in a round. */
GAE_INLINE uint32_t
permute(const GaeNegatives *n, Place at, int64_t round)
{
	for (int s = 0; s < GAE_PERMUTATION_STEPS; s += 2)
	{
		at.row = add_modulo(at.row, hash_below(at.column, n->key[s][round], n->rows), n->rows);
		at.column = add_modulo(at.column, hash_below(at.row, n->key[s + 1][round], n->columns), n->columns);
	}
	return at.row * n->columns + at.column;
}

/* What is at the place that it comes from. */
GAE_INLINE uint32_t
permute_back(const GaeNegatives *n, Place at, int64_t round)
{
	for (int s = GAE_PERMUTATION_STEPS - 2; s >= 0; s -= 2)
	{
		at.column = subtract_modulo(at.column, hash_below(at.row, n->key[s + 1][round], n->columns), n->columns);
		at.row = subtract_modulo(at.row, hash_below(at.column, n->key[s][round], n->rows), n->rows);
	}
	return at.row * n->columns + at.column;
}

/*
 * In the last round node i is a source if i · sources + shift passes a multiple of
 * the number of nodes on the way to i + 1: that many do.
 */
static bool
is_last_source(const GaeNegatives *n, int64_t i)
{
	return (i * n->last_sources + n->last_shift) % n->nodes >= n->nodes - n->last_sources;
}

GAE_VECTORISED int
gae_negatives_look_up(const GaeNegatives *n, int32_t node, int64_t round,
					  GaeNegativesTable target, GaeNegativesTable source)
{
	int			rounds = (int) (n->rounds - round < GAE_NEGATIVES_ROUNDS ? n->rounds - round : GAE_NEGATIVES_ROUNDS);
	uint32_t	nodes = (uint32_t) n->nodes;
	uint32_t	row[GAE_NEGATIVES_NODES];
	uint32_t	column[GAE_NEGATIVES_NODES];

	for (int i = 0; i < GAE_NEGATIVES_NODES; i++)
	{
		/* Behind the last node, the last one again. */
		uint32_t	of_lane = (uint32_t) node + (uint32_t) i;
		Place		at = place_of(n, of_lane < nodes ? of_lane : nodes - 1);

		row[i] = at.row;
		column[i] = at.column;
	}
	for (int r = 0; r < rounds; r++)
	{
		for (int i = 0; i < GAE_NEGATIVES_NODES; i++)
		{
			target[r][i] = (int32_t) permute(n, (Place) {row[i], column[i]}, round + r);
			source[r][i] = (int32_t) permute_back(n, (Place) {row[i], column[i]}, round + r);
		}

		/* A place that is no node is gone on from. */
		for (int i = 0; i < GAE_NEGATIVES_NODES; i++)
		{
			while ((uint32_t) target[r][i] >= nodes)
				target[r][i] = (int32_t) permute(n, place_of(n, (uint32_t) target[r][i]), round + r);
			while ((uint32_t) source[r][i] >= nodes)
				source[r][i] = (int32_t) permute_back(n, place_of(n, (uint32_t) source[r][i]), round + r);
		}
	}
	if (round + rounds == n->rounds)
		for (int i = 0; i < GAE_NEGATIVES_NODES; i++)
		{
			if (!is_last_source(n, node + (int64_t) i))
				target[rounds - 1][i] = -1;
			if (!is_last_source(n, source[rounds - 1][i]))
				source[rounds - 1][i] = -1;
		}
	return rounds;
}
