/*
 * random.c
 *		Philox4x32-10, and integers, uniform and normal numbers made of its words.
 */
#include "core/base/random.h"

#include "core/base/simd.h"

#define PHILOX_ROUNDS 10

/* Multipliers and Weyl increments of Philox4x32 (Salmon et al., section 3.3). */
#define PHILOX_MULTIPLIER_0 UINT32_C(0xD2511F53)
#define PHILOX_MULTIPLIER_1 UINT32_C(0xCD9E8D57)
#define PHILOX_WEYL_0 UINT32_C(0x9E3779B9)
#define PHILOX_WEYL_1 UINT32_C(0xBB67AE85)

/* Blocks of Philox computed side by side: four words each. */
#define PHILOX_LANES 16

/*
 * words[w][l] = word w of the block of Philox with the counter first + l; the other parts
 * of the counter are those of the stream.
 */
GAE_INLINE void
philox_lanes(const GaeStream *stream, uint32_t first, uint32_t words[4][PHILOX_LANES])
{
	uint32_t   *x0 = words[0];
	uint32_t   *x1 = words[1];
	uint32_t   *x2 = words[2];
	uint32_t   *x3 = words[3];
	uint32_t	k0 = stream->key[0];
	uint32_t	k1 = stream->key[1];

	for (uint32_t l = 0; l < PHILOX_LANES; l++)
	{
		x0[l] = first + l;
		x1[l] = stream->counter[1];
		x2[l] = stream->counter[2];
		x3[l] = stream->counter[3];
	}
	for (int round = 0; round < PHILOX_ROUNDS; round++)
	{
		for (int l = 0; l < PHILOX_LANES; l++)
		{
			uint64_t	product0 = (uint64_t) PHILOX_MULTIPLIER_0 * x0[l];
			uint64_t	product1 = (uint64_t) PHILOX_MULTIPLIER_1 * x2[l];

			x0[l] = (uint32_t) (product1 >> 32) ^ x1[l] ^ k0;
			x1[l] = (uint32_t) product1;
			x2[l] = (uint32_t) (product0 >> 32) ^ x3[l] ^ k1;
			x3[l] = (uint32_t) product0;
		}
		k0 += PHILOX_WEYL_0;
		k1 += PHILOX_WEYL_1;
	}
}

GaeStream
gae_stream(int64_t seed, GaeRandomUse use, uint32_t step, uint64_t block)
{
	GaeStream	stream = {0};

	stream.key[0] = (uint32_t) (uint64_t) seed;
	stream.key[1] = (uint32_t) ((uint64_t) seed >> 32);
	stream.counter[0] = 0;		/* the position in the stream */
	stream.counter[1] = (uint32_t) block;
	stream.counter[2] = step;
	stream.counter[3] = ((uint32_t) use << 24) | (uint32_t) (block >> 32);
	return stream;
}

/* The next words of the stream, in the order of their counters. */
GAE_VECTORISED static void
refill(GaeStream *stream)
{
	uint32_t	words[4][PHILOX_LANES];

	philox_lanes(stream, stream->counter[0], words);
	stream->counter[0] += PHILOX_LANES;
	for (int l = 0; l < PHILOX_LANES; l++)
		for (int w = 0; w < 4; w++)
			stream->words[GAE_STREAM_WORDS - 1 - (4 * l + w)] = words[w][l];
	stream->left = GAE_STREAM_WORDS;
}

uint32_t
gae_random_word(GaeStream *stream)
{
	if (stream->left == 0)
		refill(stream);
	return stream->words[--stream->left];
}

static uint64_t
random_word64(GaeStream *stream)
{
	uint64_t	high = gae_random_word(stream);

	return high << 32 | gae_random_word(stream);
}

/* Lemire, "Fast random integer generation in an interval", TOMACS 2019. */
static uint32_t
random_below32(GaeStream *stream, uint32_t bound)
{
	uint64_t	product = (uint64_t) gae_random_word(stream) * bound;

	if ((uint32_t) product < bound)
	{
		/*
		 * Where 2^32 is no multiple of bound, some numbers come from one word more than
		 * others: these words are drawn again.
		 */
		uint32_t	excess = (0 - bound) % bound;

		while ((uint32_t) product < excess)
			product = (uint64_t) gae_random_word(stream) * bound;
	}
	return (uint32_t) (product >> 32);
}

uint64_t
gae_random_below(GaeStream *stream, uint64_t bound)
{
	uint64_t	excess;
	uint64_t	word;

	if (bound <= UINT32_MAX)
		return random_below32(stream, (uint32_t) bound);
	excess = (UINT64_MAX % bound + 1) % bound;
	do
		word = random_word64(stream);
	while (word > UINT64_MAX - excess);
	return word % bound;
}

double
gae_random_uniform(GaeStream *stream)
{
	return (double) (random_word64(stream) >> 11) * 0x1p-53;
}

/* Deviates made at a time are two of each pair of words. */
_Static_assert(GAE_NORMAL_CHUNK == 4 * PHILOX_LANES, "as many as words are computed");

/*
 * out (GAE_NORMAL_CHUNK) = standard normal deviates (Box & Muller, "A note on the generation
 * of random normal deviates", 1958).  The radius comes from a uniform number in (0, 1) of
 * 24 bits, so that deviates go up to 5.9.
 */
GAE_INLINE void
normal_chunk(GaeStream *stream, GaeReal *restrict out)
{
	uint32_t	words[4][PHILOX_LANES];

	philox_lanes(stream, stream->counter[0], words);
	stream->counter[0] += PHILOX_LANES;
	for (int pair = 0; pair < 4; pair += 2)
	{
		for (int l = 0; l < PHILOX_LANES; l++)
		{
			GaeReal		u = ((GaeReal) (int32_t) (words[pair][l] >> 8) + (GaeReal) 0.5) * (GaeReal) 0x1p-24;
			GaeReal		turn = (GaeReal) (int32_t) (words[pair + 1][l] >> 8) * (GaeReal) 0x1p-24;
			GaeReal		radius = gae_real_sqrt(-2 * gae_real_log(u));
			GaeReal		cosine;
			GaeReal		sine;

			gae_real_circle(turn, &cosine, &sine);
			out[pair * PHILOX_LANES + l] = radius * cosine;
			out[(pair + 1) * PHILOX_LANES + l] = radius * sine;
		}
	}
}

GAE_VECTORISED void
gae_random_normal(GaeStream *stream, GaeReal *out, int64_t count)
{
	GaeReal		last[GAE_NORMAL_CHUNK];
	int64_t		i = 0;

	for (; i + GAE_NORMAL_CHUNK <= count; i += GAE_NORMAL_CHUNK)
		normal_chunk(stream, out + i);
	if (i == count)
		return;
	normal_chunk(stream, last);
	memcpy(out + i, last, (size_t) (count - i) * sizeof(GaeReal));
}

void
gae_random_skip_normal(GaeStream *stream, int64_t count)
{
	stream->counter[0] += (uint32_t) (count / GAE_NORMAL_CHUNK * PHILOX_LANES);
}

/* Fisher and Yates's shuffle, in Durstenfeld's order. */
GaeStatus
gae_random_order(GaeEnv *env, GaeStream stream, int64_t count, int32_t *order)
{
	const int64_t poll_every = 100000;	/* a few milliseconds */

	for (int64_t i = 0; i < count; i++)
	{
		int64_t		j = (int64_t) gae_random_below(&stream, (uint64_t) i + 1);

		order[i] = order[j];
		order[j] = (int32_t) i;
		if (i % poll_every == 0)
			GAE_TRY(gae_poll(env));
	}
	return GAE_OK;
}
