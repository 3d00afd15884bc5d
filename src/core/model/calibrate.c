/*
 * calibrate.c
 *		Two-parameter logistic calibration by Newton's method.
 */
#include "core/model/calibrate.h"

#include <math.h>
#include <string.h>

#include "core/base/parallel.h"
#include "core/base/range.h"
#include "core/base/simd.h"

#define MAX_ITERATIONS 50

/* The relative precision of sums of terms in GaeReal. */
#define TOLERANCE (sizeof(GaeReal) == sizeof(float) ? 1e-7 : 1e-9)

/* The scale's prior: a normal distribution around 1, worth one held-out edge. */
#define PRIOR_SCALE 1.0

/* Lower scales would make all probabilities alike. */
#define SMALLEST_SCALE 1e-3

/*
 * The prior expects scores to be near logits.  Where some are larger than this, as those
 * of a model that diverged or was never trained may be, all are taken in a larger unit.
 */
#define LARGEST_SCORE 128.0

/* How far, in logits, the first step towards a total may go. */
#define FIRST_REACH 5.0

/* Scores whose sums are taken together. */
#define BLOCK_SCORES 4096

/* Sums over scores s with weights w, where x = scale · s + offset is the logit. */
typedef enum Sum
{
	LOSS,						/* Σ w softplus(±x) */
	PROBABILITY,				/* Σ w σ(x) */
	PROBABILITY_SCORE,			/* Σ w σ(x) s */
	CURVATURE,					/* Σ w σ(x) σ(-x) */
	CURVATURE_SCORE,			/* Σ w σ(x) σ(-x) s */
	CURVATURE_SCORE2,			/* Σ w σ(x) σ(-x) s² */
	SUMS
} Sum;

typedef struct SumTask
{
	const double *score;
	const double *weight;		/* or NULL: all 1 */
	int64_t		count;
	double		per_unit;		/* a score is multiplied by this first */
	double		sign;			/* of x in the loss */
	double		scale;
	double		offset;
	double		(*block_sum)[SUMS];
} SumTask;

GAE_VECTORISED static void
sum_block(void *arg, int64_t block, int worker)
{
	const SumTask *t = arg;
	GaeRange	range = gae_block_range(block, BLOCK_SCORES, t->count);
	double		lane[SUMS][GAE_LANES] = {{0}};

	(void) worker;
	for (int64_t i = range.first; i < range.end; i += GAE_LANES)
	{
		double		score[GAE_LANES] = {0};
		double		weight[GAE_LANES] = {0};
		int64_t		lanes = gae_min(range.end - i, GAE_LANES);

		for (int64_t l = 0; l < lanes; l++)
		{
			score[l] = t->score[i + l] * t->per_unit;
			weight[l] = t->weight != NULL ? t->weight[i + l] : 1;
		}
		for (int l = 0; l < GAE_LANES; l++)
		{
			GaeReal		x = (GaeReal) (t->scale * score[l] + t->offset);
			GaeReal		e = gae_real_exp_minus(gae_real_abs(x));
			double		probability = weight[l] * gae_real_sigmoid(x, e);
			double		curvature = probability * gae_real_sigmoid(-x, e);

			lane[LOSS][l] += weight[l] * gae_real_softplus((GaeReal) t->sign * x, e);
			lane[PROBABILITY][l] += probability;
			lane[PROBABILITY_SCORE][l] += probability * score[l];
			lane[CURVATURE][l] += curvature;
			lane[CURVATURE_SCORE][l] += curvature * score[l];
			lane[CURVATURE_SCORE2][l] += curvature * score[l] * score[l];
		}
	}
	for (int s = 0; s < SUMS; s++)
	{
		t->block_sum[block][s] = 0;
		for (int l = 0; l < GAE_LANES; l++)
			t->block_sum[block][s] += lane[s][l];
	}
}

/* The sums of all blocks, in their order. */
static GaeStatus
take_sums(GaeEnv *env, SumTask *task, double sums[SUMS])
{
	int64_t		blocks = gae_blocks(task->count, BLOCK_SCORES);

	GAE_ALLOC(env, task->block_sum, blocks);
	GAE_TRY(gae_parallel(env, blocks, sum_block, task));
	memset(sums, 0, SUMS * sizeof(double));
	for (int64_t b = 0; b < blocks; b++)
		for (int s = 0; s < SUMS; s++)
			sums[s] += task->block_sum[b][s];
	gae_free(env, task->block_sum);
	return GAE_OK;
}

/* The logistic loss of a calibration; its gradient and Hessian by scale and offset. */
typedef struct Loss
{
	double		value;
	double		by_scale;
	double		by_offset;
	double		by_scale2;
	double		by_both;
	double		by_offset2;
} Loss;

/* Add the loss of scores that share a label and a weight. */
static GaeStatus
add_scores(GaeEnv *env, const double *score, int64_t count, double per_unit, double weight,
		   bool positive, double scale, double offset, Loss *loss)
{
	SumTask		task = {
		.score = score, .count = count, .per_unit = per_unit, .sign = positive ? -1 : 1,
		.scale = scale, .offset = offset
	};
	double		sums[SUMS];
	double		scores = 0;

	GAE_TRY(take_sums(env, &task, sums));
	loss->value += weight * sums[LOSS];
	loss->by_scale += weight * sums[PROBABILITY_SCORE];
	loss->by_offset += weight * sums[PROBABILITY];
	loss->by_scale2 += weight * sums[CURVATURE_SCORE2];
	loss->by_both += weight * sums[CURVATURE_SCORE];
	loss->by_offset2 += weight * sums[CURVATURE];
	if (!positive)
		return GAE_OK;

	/* σ(x) less the label */
	for (int64_t i = 0; i < count; i++)
		scores += score[i] * per_unit;
	loss->by_scale -= weight * scores;
	loss->by_offset -= weight * (double) count;
	return GAE_OK;
}

/*
 * The factor that scores are multiplied by: a power of two, at most 1, by which no score
 * is above LARGEST_SCORE.
 */
static double
inverse_unit(const double *positive, int64_t positives, const double *negative, int64_t negatives)
{
	double		largest = 0;
	int			exponent;

	for (int64_t i = 0; i < positives; i++)
		largest = fmax(largest, fabs(positive[i]));
	for (int64_t i = 0; i < negatives; i++)
		largest = fmax(largest, fabs(negative[i]));
	(void) frexp(largest / LARGEST_SCORE, &exponent);
	return exponent > 0 ? ldexp(1, -exponent) : 1;
}

GaeStatus
gae_calibrate(GaeEnv *env, const double *positive, int64_t positives,
			  const double *negative, int64_t negatives, double density,
			  GaeCalibration *calibration)
{
	/* All weights relative to one positive. */
	double		negative_weight = (double) positives * (1 - density) / density / (double) negatives;
	double		per_unit = inverse_unit(positive, positives, negative, negatives);
	double		scale = PRIOR_SCALE;
	double		offset = log(density / (1 - density));
	double		loss = INFINITY;
	double		step_scale = 0;
	double		step_offset = 0;

	for (int iteration = 0; iteration < MAX_ITERATIONS; iteration++)
	{
		Loss		at = {0};
		double		determinant;

		GAE_TRY(add_scores(env, positive, positives, per_unit, 1, true, scale, offset, &at));
		GAE_TRY(add_scores(env, negative, negatives, per_unit, negative_weight, false, scale,
						   offset, &at));
		at.value += 0.5 * (scale - PRIOR_SCALE) * (scale - PRIOR_SCALE);
		at.by_scale += scale - PRIOR_SCALE;
		at.by_scale2 += 1;

		/* A step that made it worse is halved; the loss is convex. */
		if (!(at.value <= loss))
		{
			step_scale /= 2;
			step_offset /= 2;
			scale += step_scale;
			offset += step_offset;
			continue;
		}
		if (loss - at.value < TOLERANCE * (1 + fabs(at.value)))
			break;
		loss = at.value;
		at.by_offset2 += TOLERANCE;
		determinant = at.by_scale2 * at.by_offset2 - at.by_both * at.by_both;
		step_scale = (at.by_scale * at.by_offset2 - at.by_offset * at.by_both) / determinant;
		step_offset = (at.by_offset * at.by_scale2 - at.by_scale * at.by_both) / determinant;
		scale -= step_scale;
		offset -= step_offset;
	}
	calibration->scale = (scale > SMALLEST_SCALE ? scale : SMALLEST_SCALE) * per_unit;
	calibration->offset = offset;
	return GAE_OK;
}

GaeStatus
gae_calibrate_total(GaeEnv *env, const double *score, const double *weight, int64_t count,
					double total, GaeCalibration *calibration)
{
	double		low = -INFINITY;
	double		high = INFINITY;
	double		reach = FIRST_REACH;
	double		offset = calibration->offset;

	/* Newton's method on a rising function, kept between what is too low and too high. */
	for (int iteration = 0; iteration < 4 * MAX_ITERATIONS; iteration++)
	{
		SumTask		task = {
			.score = score, .weight = weight, .count = count, .per_unit = 1, .sign = 1,
			.scale = calibration->scale, .offset = offset
		};
		double		sums[SUMS];
		double		sum;
		double		next;

		GAE_TRY(take_sums(env, &task, sums));
		sum = sums[PROBABILITY];
		if (fabs(sum - total) <= TOLERANCE * total)
			break;
		if (sum < total)
			low = offset;
		else
			high = offset;

		/*
		 * In the flat tails log Σ is nearly linear in the offset: the Newton step is
		 * that of log Σ, limited to "reach", which doubles each time.  Where scores are
		 * spread widely these steps are too short: every third halves the interval.
		 */
		next = offset + fmax(-reach, fmin(reach, (log(total) - log(sum)) * sum / sums[CURVATURE]));
		if (isfinite(low) && isfinite(high) && iteration % 3 == 2)
			next = (low + high) / 2;
		if (!(next > low && next < high))
			next = isinf(low) ? high - reach : isinf(high) ? low + reach : (low + high) / 2;
		if (next == offset)
			break;
		offset = next;
		reach *= 2;
	}
	calibration->offset = offset;
	return GAE_OK;
}
