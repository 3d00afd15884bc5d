/*
 * random.h
 *		Counter-based random numbers: Philox4x32-10 (Salmon, Moraes, Dror, Shaw,
 *		"Parallel random numbers: as easy as 1, 2, 3", SC 2011).
 *
 * A stream is named by a seed, a use, a step and a block, so that every block of work draws
 * the same numbers whichever thread runs it.
 */
#ifndef GAE_RANDOM_H
#define GAE_RANDOM_H

#include "core/base/env.h"

/*
 * What the numbers of a stream are for; streams of different uses never overlap.  The
 * numbers of the enumeration are part of what makes a seed reproducible.
 */
typedef enum GaeRandomUse
{
	GAE_RANDOM_INIT = 1,		/* initial weights */
	GAE_RANDOM_SPLIT,			/* which edges or rows were held out in models of format 1 */
	GAE_RANDOM_HELD_OUT,		/* the non-edges that held-out edges are compared with */
	GAE_RANDOM_DROPOUT,			/* which values dropout sets to 0 */
	GAE_RANDOM_LATENT,			/* the noise of a Gaussian latent */
	GAE_RANDOM_MASK,			/* which edges an epoch hides */
	GAE_RANDOM_NEGATIVE,		/* the non-edges of an epoch */
	GAE_RANDOM_BATCH,			/* the order of the rows in an epoch */
	GAE_RANDOM_CALIBRATION,		/* the non-edges of the calibration */
	GAE_RANDOM_POSTERIOR,		/* latents that are sampled from a posterior */
	GAE_RANDOM_PRIOR,			/* latents that are sampled from the prior */
	GAE_RANDOM_EVALUATION,		/* the non-edges of vgae_evaluate */
	GAE_RANDOM_GENERATION,		/* nodes and edges of a generated graph */
	GAE_RANDOM_PCA,				/* where the search for principal components starts */
	GAE_RANDOM_PICTURE,			/* which edges a picture shows */
	GAE_RANDOM_NODE_WEIGHTS		/* the comparison of features and places */
} GaeRandomUse;

/*
 * One step of splitmix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators",
 * OOPSLA 2014): every bit of x counts in every bit of the result.
 */
static inline uint64_t
gae_mix(uint64_t x)
{
	x += UINT64_C(0x9E3779B97F4A7C15);
	x = (x ^ (x >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94D049BB133111EB);
	return x ^ (x >> 31);
}

/* Words that are computed at a time. */
#define GAE_STREAM_WORDS 64

typedef struct GaeStream
{
	uint32_t	key[2];			/* the seed */
	uint32_t	counter[4];		/* of the words to be computed next */
	int			left;			/* words not yet handed out: words[left - 1] is the next */
	uint32_t	words[GAE_STREAM_WORDS];
} GaeStream;

/* The stream for a seed, a use, a step (an epoch, say) and a block (below 2^56). */
extern GaeStream gae_stream(int64_t seed, GaeRandomUse use, uint32_t step, uint64_t block);

/* 32 random bits. */
extern uint32_t gae_random_word(GaeStream *stream);

/* A uniform integer in 0 … bound - 1; bound is at least 1. */
extern uint64_t gae_random_below(GaeStream *stream, uint64_t bound);

/* A uniform number in [0, 1), with 53 bits. */
extern double gae_random_uniform(GaeStream *stream);

/*
 * out (count) = standard normal deviates.  They are made of newly computed words, not of
 * those left in the stream; what is computed for the last of them and not needed is
 * dropped.
 */
extern void gae_random_normal(GaeStream *stream, GaeReal *out, int64_t count);

/* Go on as if "count" deviates, a multiple of GAE_NORMAL_CHUNK, had been made. */
#define GAE_NORMAL_CHUNK GAE_STREAM_WORDS
extern void gae_random_skip_normal(GaeStream *stream, int64_t count);

/* A random order of 0 … count - 1. */
extern GaeStatus gae_random_order(GaeEnv *env, GaeStream stream, int64_t count, int32_t *order);

#endif							/* GAE_RANDOM_H */
