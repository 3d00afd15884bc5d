/*
 * calibrate.c
 *		Two-parameter logistic calibration by Newton's method.
 */
#include "calibrate.h"

#include <math.h>

#include "kernels.h"

#define MAX_ITERATIONS 50
#define TOLERANCE 1e-9

/* The scale's prior: a normal distribution around 1, worth one held-out edge. */
#define PRIOR_SCALE 1.0

/* Lower scales would make all probabilities alike. */
#define SMALLEST_SCALE 1e-3

/* How far, in logits, the first step towards a total may go. */
#define FIRST_REACH 5.0

/* Sums of the logistic loss over some scores: its value, gradient and Hessian. */
typedef struct Sums
{
	double		loss;
	double		by_scale;
	double		by_offset;
	double		by_scale2;
	double		by_both;
	double		by_offset2;
} Sums;

static void
add_scores(const double *score, int64_t count, double weight, double label,
		   double scale, double offset, Sums *sums)
{
	for (int64_t i = 0; i < count; i++)
	{
		double		x = scale * score[i] + offset;
		double		p = gae_sigmoid(x);
		double		slope = weight * (p - label);
		double		curvature = weight * p * (1 - p);

		sums->loss += weight * (label > 0 ? gae_softplus(-x) : gae_softplus(x));
		sums->by_scale += slope * score[i];
		sums->by_offset += slope;
		sums->by_scale2 += curvature * score[i] * score[i];
		sums->by_both += curvature * score[i];
		sums->by_offset2 += curvature;
	}
}

GaeStatus
gae_calibrate(GaeEnv *env, const double *positive, int64_t positives,
			  const double *negative, int64_t negatives, double density,
			  GaeCalibration *calibration)
{
	/* All weights relative to one positive. */
	double		negative_weight = (double) positives * (1 - density) / density / (double) negatives;
	double		scale = PRIOR_SCALE;
	double		offset = log(density / (1 - density));
	double		loss = INFINITY;
	double		step_scale = 0;
	double		step_offset = 0;

	for (int iteration = 0; iteration < MAX_ITERATIONS; iteration++)
	{
		Sums		sums = {0};
		double		determinant;

		GAE_TRY(gae_poll(env));
		add_scores(positive, positives, 1, 1, scale, offset, &sums);
		add_scores(negative, negatives, negative_weight, 0, scale, offset, &sums);
		sums.loss += 0.5 * (scale - PRIOR_SCALE) * (scale - PRIOR_SCALE);
		sums.by_scale += scale - PRIOR_SCALE;
		sums.by_scale2 += 1;

		/* A step that made it worse is halved; the loss is convex. */
		if (!(sums.loss <= loss))
		{
			step_scale /= 2;
			step_offset /= 2;
			scale += step_scale;
			offset += step_offset;
			continue;
		}
		if (loss - sums.loss < TOLERANCE * (1 + fabs(sums.loss)))
			break;
		loss = sums.loss;
		sums.by_offset2 += TOLERANCE;
		determinant = sums.by_scale2 * sums.by_offset2 - sums.by_both * sums.by_both;
		step_scale = (sums.by_scale * sums.by_offset2 - sums.by_offset * sums.by_both) / determinant;
		step_offset = (sums.by_offset * sums.by_scale2 - sums.by_scale * sums.by_both) / determinant;
		scale -= step_scale;
		offset -= step_offset;
	}
	calibration->scale = scale > SMALLEST_SCALE ? scale : SMALLEST_SCALE;
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
		double		sum = 0;
		double		slope = 0;
		double		next;

		GAE_TRY(gae_poll(env));
		for (int64_t i = 0; i < count; i++)
		{
			double		p = gae_sigmoid(calibration->scale * score[i] + offset);

			sum += weight[i] * p;
			slope += weight[i] * p * (1 - p);
		}
		if (fabs(sum - total) <= TOLERANCE * total)
			break;
		if (sum < total)
			low = offset;
		else
			high = offset;

		/*
		 * In the flat tails log Σ is nearly linear: step by it, at most as far as
		 * we reach, which is farther each time.  Where scores are spread widely
		 * such steps creep: halve what remains now and then.
		 */
		next = offset + fmax(-reach, fmin(reach, (log(total) - log(sum)) * sum / slope));
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
