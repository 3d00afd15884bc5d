/*
 * random.c
 *		Philox4x32-10 and what is drawn from it.
 */
#include "random.h"

#include <math.h>

#define PHILOX_ROUNDS 10

/* Multipliers and Weyl increments of Philox4x32 (Salmon et al., section 3.3). */
#define PHILOX_MULTIPLIER_0 UINT32_C(0xD2511F53)
#define PHILOX_MULTIPLIER_1 UINT32_C(0xCD9E8D57)
#define PHILOX_WEYL_0 UINT32_C(0x9E3779B9)
#define PHILOX_WEYL_1 UINT32_C(0xBB67AE85)

#define TWO_PI 6.28318530717958647692

static void
philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4])
{
	uint32_t	x0 = counter[0];
	uint32_t	x1 = counter[1];
	uint32_t	x2 = counter[2];
	uint32_t	x3 = counter[3];
	uint32_t	k0 = key[0];
	uint32_t	k1 = key[1];

	for (int round = 0; round < PHILOX_ROUNDS; round++)
	{
		uint64_t	product0 = (uint64_t) PHILOX_MULTIPLIER_0 * x0;
		uint64_t	product1 = (uint64_t) PHILOX_MULTIPLIER_1 * x2;

		x0 = (uint32_t) (product1 >> 32) ^ x1 ^ k0;
		x1 = (uint32_t) product1;
		x2 = (uint32_t) (product0 >> 32) ^ x3 ^ k1;
		x3 = (uint32_t) product0;
		k0 += PHILOX_WEYL_0;
		k1 += PHILOX_WEYL_1;
	}
	out[0] = x0;
	out[1] = x1;
	out[2] = x2;
	out[3] = x3;
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

uint32_t
gae_random_word(GaeStream *stream)
{
	if (stream->left == 0)
	{
		philox(stream->counter, stream->key, stream->words);
		stream->counter[0]++;
		stream->left = 4;
	}
	return stream->words[--stream->left];
}

static uint64_t
random_word64(GaeStream *stream)
{
	uint64_t	high = gae_random_word(stream);

	return high << 32 | gae_random_word(stream);
}

uint64_t
gae_random_below(GaeStream *stream, uint64_t bound)
{
	/* Numbers from the last, incomplete copy of the range are drawn again. */
	uint64_t	excess = (UINT64_MAX % bound + 1) % bound;
	uint64_t	word;

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

/* Box & Muller, "A note on the generation of random normal deviates", 1958. */
void
gae_random_normal(GaeStream *stream, GaeReal *out, int64_t count)
{
	for (int64_t i = 0; i < count; i += 2)
	{
		/* The radius's uniform lies in (0, 1): its logarithm is finite. */
		double		u = (gae_random_word(stream) + 0.5) * 0x1p-32;
		double		angle = TWO_PI * (gae_random_word(stream) * 0x1p-32);
		double		radius = sqrt(-2.0 * log(u));

		out[i] = (GaeReal) (radius * cos(angle));
		if (i + 1 < count)
			out[i + 1] = (GaeReal) (radius * sin(angle));
	}
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
