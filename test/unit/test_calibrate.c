/*
 * test_calibrate.c
 *		Calibration minimises its loss, finds the law that made the data, and keeps
 *		totals.
 */
#include <math.h>

#include "core/model/calibrate.h"
#include "core/linalg/elementwise.h"
#include "support.h"

#define MOST 20000

static double positive[MOST];
static double negative[MOST];

/* The penalised logistic loss that gae_calibrate documents. */
static double
loss_at(int64_t positives, int64_t negatives, double density, double scale, double offset)
{
	double		weight = (double) positives * (1 - density) / density / (double) negatives;
	double		sum = 0.5 * (scale - 1) * (scale - 1);

	for (int64_t i = 0; i < positives; i++)
		sum += gae_softplus(-scale * positive[i] - offset);
	for (int64_t i = 0; i < negatives; i++)
		sum += weight * gae_softplus(scale * negative[i] + offset);
	return sum;
}

/* Scores of different shapes, sizes and overlaps. */
static void
test_minimum(void **state)
{
	static const double separations[] = {0, 0.5, 2, 20};
	static const double spreads[] = {0.1, 1, 10};

	for (int c = 0; c < 4 * 3 * 3; c++)
	{
		TestRandom	random = {(uint64_t) c};
		double		separation = separations[c % 4];
		double		spread = spreads[c / 4 % 3];
		double		density = c / 12 == 0 ? 0.001 : c / 12 == 1 ? 0.3 : 0.97;
		int64_t		positives = c % 5 == 0 ? 3 : 500;
		int64_t		negatives = 3000;
		GaeCalibration calibration;
		double		found;

		for (int64_t i = 0; i < positives; i++)
			positive[i] = separation + spread * test_random_normal(&random);
		for (int64_t i = 0; i < negatives; i++)
			negative[i] = spread * test_random_normal(&random);
		assert_ok(*state, gae_calibrate(*state, positive, positives, negative, negatives, density,
										&calibration));
		assert_true(calibration.scale > 0 && isfinite(calibration.offset));
		if (calibration.scale <= 1e-3)
			continue;			/* held at its bound */
		found = loss_at(positives, negatives, density, calibration.scale, calibration.offset);
		for (double step = 1e-3; step < 2; step *= 10)
		{
			double		up = calibration.scale * (1 + step);
			double		down = calibration.scale / (1 + step);
			double		other = loss_at(positives, negatives, density, up, calibration.offset);

			assert_true(other > found * (1 - 1e-9));
			other = loss_at(positives, negatives, density, down, calibration.offset);
			assert_true(other > found * (1 - 1e-9));
			other = loss_at(positives, negatives, density, calibration.scale, calibration.offset + step);
			assert_true(other > found * (1 - 1e-9));
			other = loss_at(positives, negatives, density, calibration.scale, calibration.offset - step);
			assert_true(other > found * (1 - 1e-9));
		}
	}
}

/* Labels drawn from σ(2 s - 3): all pairs given, so nothing stands for more. */
static void
test_recovery(void **state)
{
	TestRandom	random = {7};
	GaeCalibration calibration;
	int64_t		positives = 0;
	int64_t		negatives = 0;

	for (int i = 0; i < MOST; i++)
	{
		double		score = 2 * test_random_normal(&random);

		if (test_random_uniform(&random) < gae_sigmoid(2 * score - 3))
			positive[positives++] = score;
		else
			negative[negatives++] = score;
	}
	assert_ok(*state, gae_calibrate(*state, positive, positives, negative, negatives,
									positives / (double) MOST, &calibration));
	assert_near(calibration.scale, 2, 0.05, 0);
	assert_near(calibration.offset, -3, 0.05, 0);
}

/* Scores that rank the wrong way round: the order of scores is kept all the same. */
static void
test_wrong_order(void **state)
{
	GaeCalibration calibration;

	for (int i = 0; i < 1000; i++)
	{
		positive[i] = -i / 100.0;
		negative[i] = i / 100.0;
	}
	assert_ok(*state, gae_calibrate(*state, positive, 1000, negative, 1000, 0.1, &calibration));
	assert_true(calibration.scale > 0 && isfinite(calibration.offset));
}

/*
 * Scores of any size: those of a model that was never trained, or has gone astray.
 * The unit does not matter once they are far larger than logits are.
 */
static void
test_large_scores(void **state)
{
	for (int c = 0; c < 4; c++)
	{
		double		separation = c % 2 == 0 ? 0 : 3;
		double		density = c / 2 == 0 ? 0.01 : 0.9;
		double		in_first_unit = 0;

		for (double spread = 1e4; spread < 1e80; spread *= 1e6)
		{
			TestRandom	random = {(uint64_t) c};
			GaeCalibration calibration;
			double		sum = 0;

			for (int i = 0; i < 200; i++)
				positive[i] = spread * (separation + test_random_normal(&random));
			for (int i = 0; i < 2000; i++)
				negative[i] = spread * test_random_normal(&random);
			assert_ok(*state, gae_calibrate(*state, positive, 200, negative, 2000, density, &calibration));
			assert_true(calibration.scale > 0 && isfinite(calibration.scale));
			assert_true(isfinite(calibration.offset));

			/* As the logits of the least and the greatest scores: neither all alike nor steps. */
			assert_true(calibration.scale * spread < 1e3);
			if (separation > 0)
			{
				assert_true(calibration.scale * spread > 0.1);
				if (in_first_unit > 0)
					assert_near(calibration.scale * spread, in_first_unit, 0.3, 0);
				in_first_unit = calibration.scale * spread;
			}

			/* The share of the edges comes out, by the scores of all. */
			assert_ok(*state, gae_calibrate_total(*state, negative, NULL, 2000, density * 2000, &calibration));
			for (int i = 0; i < 2000; i++)
				sum += gae_sigmoid(calibration.scale * negative[i] + calibration.offset);
			assert_near(sum, density * 2000, 1e-5, 0);
		}
	}
}

static void
test_totals(void **state)
{
	static double score[MOST];
	static double weight[MOST];

	for (int c = 0; c < 60; c++)
	{
		TestRandom	random = {(uint64_t) c};
		double		spread = pow(10, c % 5 - 1);
		double		share = c / 5 % 4 == 0 ? 1e-6 : c / 5 % 4 == 1 ? 0.01 : c / 5 % 4 == 2 ? 0.5 : 0.9999;
		GaeCalibration calibration = {c % 2 == 0 ? 1 : 0.2, c < 20 ? 0 : c < 40 ? 50 : -300, 0};
		double		all = 0;
		double		sum = 0;

		for (int i = 0; i < MOST; i++)
		{
			score[i] = spread * test_random_normal(&random);
			weight[i] = i % 10 == 0 ? 1 : 37;
			all += weight[i];
		}
		assert_ok(*state, gae_calibrate_total(*state, score, weight, MOST, share * all, &calibration));
		for (int i = 0; i < MOST; i++)
			sum += weight[i] * gae_sigmoid(calibration.scale * score[i] + calibration.offset);
		assert_near(sum, share * all, sizeof(GaeReal) == sizeof(float) ? 1e-6 : 1e-8, 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_minimum),
		TEST(test_recovery),
		TEST(test_wrong_order),
		TEST(test_large_scores),
		TEST(test_totals),
	};

	return cmocka_run_group_tests_name("calibrate", tests, NULL, NULL);
}
