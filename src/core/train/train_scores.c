/*
 * train_scores.c
 *		Scores of pairs by a training's present embeddings: of held-out ones, and of
 *		those that calibration looks at.
 */
#include "core/train/trainer.h"

#include <math.h>

#include "core/model/calibrate.h"
#include "core/linalg/matmul.h"
#include "core/linalg/elementwise.h"
#include "core/infer/metrics.h"
#include "core/base/parallel.h"
#include "core/base/simd.h"

/* Pairs scored at a time. */
#define SCORE_BLOCK 1024

typedef struct ScoreTask
{
	const GaeTrainer *trainer;
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
	int64_t		d = t->trainer->config->latent_dim;
	int64_t		stride = t->trainer->latent->heads * d;
	int64_t		width = t->trainer->config->directed ? d / 2 : d;
	const GaeReal *left = t->trainer->e;
	const GaeReal *right = left + (d - width);
	int64_t		first = block * SCORE_BLOCK;
	int64_t		end = first + SCORE_BLOCK < pairs->count ? first + SCORE_BLOCK : pairs->count;
	double		loss = 0;

	(void) worker;
	for (int64_t k = first; k < end; k++)
	{
		if (k + GAE_PREFETCH_ENTRIES < end)
		{
			gae_prefetch_row(left + pairs->src[k + GAE_PREFETCH_ENTRIES] * stride, width);
			gae_prefetch_row(right + pairs->dst[k + GAE_PREFETCH_ENTRIES] * stride, width);
		}
		t->score[k] = gae_dot(left + pairs->src[k] * stride, right + pairs->dst[k] * stride, width);
		if (t->block_loss != NULL)
			loss += gae_softplus(t->sign * t->score[k]);
	}
	if (t->block_loss != NULL)
		t->block_loss[block] = loss;
}

/* Scores of pairs by the means in trainer->e. */
static GaeStatus
score_pairs(GaeEnv *env, const GaeTrainer *trainer, const GaePairs *pairs, double **scores)
{
	ScoreTask	task = {.trainer = trainer, .pairs = pairs};

	GAE_ALLOC(env, *scores, pairs->count);
	task.score = *scores;
	return gae_parallel(env, gae_blocks(pairs->count, SCORE_BLOCK), score_block, &task);
}

/* The same, and their cross-entropy as edges (sign -1) or as non-edges (sign 1). */
static GaeStatus
score_pairs_loss(GaeEnv *env, const GaeTrainer *trainer, const GaePairs *pairs, double sign,
				 double **scores, double *loss)
{
	int64_t		blocks = gae_blocks(pairs->count, SCORE_BLOCK);
	ScoreTask	task = {.trainer = trainer, .pairs = pairs, .sign = sign};

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

GaeStatus
gae_score_held_out(GaeEnv *env, const GaeTrainer *trainer, const GaeHeldOut *held_out,
				   double *auc, double *average_precision, double *loss)
{
	GaeRanking	ranking;
	double	   *positive;
	double	   *negative;
	double		loss_of_edges;
	double		loss_of_non_edges;

	GAE_TRY(score_pairs_loss(env, trainer, &held_out->edges, -1, &positive, &loss_of_edges));
	GAE_TRY(score_pairs_loss(env, trainer, &held_out->non_edges, 1, &negative, &loss_of_non_edges));
	GAE_TRY(gae_ranking(env, positive, held_out->edges.count,
						negative, held_out->non_edges.count, &ranking));
	*auc = ranking.auc;
	*average_precision = ranking.average_precision;
	*loss = (loss_of_edges + loss_of_non_edges) / (double) (held_out->edges.count + held_out->non_edges.count);
	gae_free(env, negative);
	gae_free(env, positive);
	return GAE_OK;
}

static int64_t
calibration_step(int64_t edges)
{
	return edges > GAE_CALIBRATION_PAIRS ? edges / GAE_CALIBRATION_PAIRS : 1;
}

int64_t
gae_calibration_edges(int64_t edges)
{
	return gae_blocks(edges, calibration_step(edges));
}

/*
 * Of the edges up to a part: all, or every so-many-th, so that less than twice
 * GAE_CALIBRATION_PAIRS are left.
 */
static GaeStatus
some_edges(GaeEnv *env, const GaeTrainer *trainer, uint8_t last_part, GaePairs *edges)
{
	const GaeGraph *graph = trainer->input->graph;
	int64_t		step = calibration_step(graph->edges);

	GAE_ALLOC(env, edges->src, gae_calibration_edges(graph->edges));
	GAE_ALLOC(env, edges->dst, gae_calibration_edges(graph->edges));
	edges->count = 0;
	for (int64_t e = 0; e < graph->edges; e += step)
	{
		if (trainer->part[e] > last_part)
			continue;
		edges->src[edges->count] = graph->src[e];
		edges->dst[edges->count] = graph->dst[e];
		edges->count++;
	}
	return GAE_OK;
}

GaeStatus
gae_calibrate_scale(GaeEnv *env, GaeTrainer *trainer, const GaePairs *non_edges,
					GaeCalibration *calibration)
{
	const GaeGraph *graph = trainer->input->graph;
	GaePairs	edges;
	double		total = gae_non_edges(graph) + (double) graph->edges;
	double	   *positive;
	double	   *negative;

	calibration->scale = 1;
	calibration->offset = 0;
	if (trainer->validation > 0)
	{
		edges = trainer->validation_pairs.edges;
		calibration->fitted_on = GAE_FITTED_ON_VALIDATION;
	}
	else
	{
		GAE_TRY(some_edges(env, trainer, GAE_PART_TRAINING, &edges));
		calibration->fitted_on = GAE_FITTED_ON_TRAINING;
	}
	if (non_edges->count == 0)
		return GAE_OK;
	GAE_TRY(gae_trainer_encode(env, trainer, &trainer->x));
	GAE_TRY(score_pairs(env, trainer, &edges, &positive));
	GAE_TRY(score_pairs(env, trainer, non_edges, &negative));
	GAE_TRY(gae_calibrate(env, positive, edges.count, negative, non_edges->count,
						  (double) graph->edges / total, calibration));
	gae_free(env, negative);
	gae_free(env, positive);
	return GAE_OK;
}

GaeStatus
gae_calibrate_offset(GaeEnv *env, GaeTrainer *trainer, const GaePairs *non_edges,
					 GaeCalibration *calibration)
{
	const GaeGraph *graph = trainer->input->graph;
	GaePairs	edges;
	int64_t		count;
	double		pairs = gae_non_edges(graph) + (double) graph->edges;
	double	   *of_edges;
	double	   *of_non_edges;
	double	   *score;
	double	   *weight;

	GAE_TRY(some_edges(env, trainer, GAE_PART_VALIDATION, &edges));
	count = edges.count + non_edges->count;
	GAE_TRY(score_pairs(env, trainer, &edges, &of_edges));
	GAE_TRY(score_pairs(env, trainer, non_edges, &of_non_edges));
	GAE_ALLOC(env, score, count);
	GAE_ALLOC(env, weight, count);
	for (int64_t k = 0; k < count; k++)
	{
		bool		edge = k < edges.count;

		score[k] = edge ? of_edges[k] : of_non_edges[k - edges.count];
		weight[k] = edge ? (double) graph->edges / (double) edges.count
			: gae_non_edges(graph) / (double) non_edges->count;
	}

	/* In a complete graph no finite offset reaches the total. */
	GAE_TRY(gae_calibrate_total(env, score, weight, count,
								fmin((double) graph->edges, pairs - 0.5), calibration));
	gae_free(env, weight);
	gae_free(env, score);
	gae_free(env, of_non_edges);
	gae_free(env, of_edges);
	return GAE_OK;
}
