/*
 * pair_scores.c
 *		Scores of many pairs, by the factors of their nodes.
 */
#include "core/infer/pair_scores.h"

#include "core/base/parallel.h"
#include "core/base/range.h"
#include "core/base/simd.h"
#include "core/linalg/elementwise.h"

/* Pairs scored at a time. */
#define BLOCK_PAIRS 1024

typedef struct ScoreTask
{
	const GaeLinkFactors *factors;
	const GaePairs *pairs;
	double		sign;			/* of the scores in the loss */
	double	   *score;
	double	   *block_loss;		/* Σ softplus(sign · score); or NULL */
} ScoreTask;

static void
score_block(void *arg, int64_t block, int worker)
{
	const ScoreTask *t = arg;
	const GaePairs *pairs = t->pairs;
	const GaeLinkFactors *factors = t->factors;
	GaeRange	range = gae_block_range(block, BLOCK_PAIRS, pairs->count);
	double		loss = 0;

	(void) worker;
	for (int64_t k = range.first; k < range.end; k++)
	{
		if (k + GAE_PREFETCH_ENTRIES < range.end)
		{
			int64_t		src = pairs->src[k + GAE_PREFETCH_ENTRIES];
			int64_t		dst = pairs->dst[k + GAE_PREFETCH_ENTRIES];

			gae_prefetch_row(factors->left + src * factors->stride, factors->width);
			gae_prefetch_row(factors->right + dst * factors->stride, factors->width);
		}
		t->score[k] = gae_link_factors_score(factors, pairs->src[k], pairs->dst[k]);
		if (t->block_loss != NULL)
			loss += gae_softplus(t->sign * t->score[k]);
	}
	if (t->block_loss != NULL)
		t->block_loss[block] = loss;
}

GaeStatus
gae_score_pairs(GaeEnv *env, const GaeLinkFactors *factors, const GaePairs *pairs, double **scores)
{
	ScoreTask	task = {.factors = factors, .pairs = pairs};

	GAE_ALLOC(env, *scores, pairs->count);
	task.score = *scores;
	return gae_parallel(env, gae_blocks(pairs->count, BLOCK_PAIRS), score_block, &task);
}

GaeStatus
gae_score_pairs_loss(GaeEnv *env, const GaeLinkFactors *factors, const GaePairs *pairs, bool edges,
					 double **scores, double *loss)
{
	int64_t		blocks = gae_blocks(pairs->count, BLOCK_PAIRS);
	ScoreTask	task = {.factors = factors, .pairs = pairs, .sign = edges ? -1 : 1};

	*loss = 0;
	GAE_ALLOC(env, *scores, pairs->count);
	GAE_ALLOC(env, task.block_loss, blocks);
	task.score = *scores;
	GAE_TRY(gae_parallel(env, blocks, score_block, &task));
	for (int64_t b = 0; b < blocks; b++)
		*loss += task.block_loss[b];
	gae_free(env, task.block_loss);
	return GAE_OK;
}
