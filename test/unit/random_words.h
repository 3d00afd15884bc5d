/*
 * random_words.h
 *		A generator of test inputs that has nothing to do with the core's:
 *		SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
 */
#ifndef UNIT_RANDOM_WORDS_H
#define UNIT_RANDOM_WORDS_H

#include <stdint.h>

typedef struct TestRandom
{
	uint64_t	state;
} TestRandom;

static inline uint64_t
test_random_word(TestRandom *random)
{
	uint64_t	z = random->state += UINT64_C(0x9E3779B97F4A7C15);

	z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
	return z ^ z >> 31;
}

/* One of 0 … bound - 1, which must be above 0. */
static inline int64_t
test_random_below(TestRandom *random, int64_t bound)
{
	return (int64_t) (test_random_word(random) % (uint64_t) bound);
}

#endif							/* UNIT_RANDOM_WORDS_H */
