/*
 * test_elementwise.c
 *		Sigmoid and softplus against long double arithmetic, over the whole range.
 */
#include <float.h>
#include <math.h>

#include "core/linalg/elementwise.h"
#include "support.h"

#ifdef GAE_DOUBLE
#define TOLERANCE 1e-14
#define LONG_TOLERANCE 1e-8
#define SMALLEST DBL_MIN
#else
#define TOLERANCE 1e-6
#define LONG_TOLERANCE 1e-5
#define SMALLEST 2e-38			/* exp(-87): what lies below comes out as this */
#endif

/* Copies of a value: a whole chunk, and some that are left over. */
#define VALUES 300

/*
 * A softplus's error is relative to the value, but for this much: the logarithms
 * of several 1 + exp(-|x|) are taken together, which rounds each of them once.
 */
#define SOFTPLUS_ROUNDING (2 * TEST_EPSILON)

static long double
exact_sigmoid(double x)
{
	return 1 / (1 + expl(-(long double) x));
}

static long double
exact_softplus(double x)
{
	return x > 0 ? x + log1pl(expl(-(long double) x)) : log1pl(expl((long double) x));
}

/* The relative error, above the smallest numbers. */
static double
error_of(double found, long double exact)
{
	if (fabsl(exact) < SMALLEST && fabs(found) <= SMALLEST)
		return 0;
	return (double) fabsl((found - exact) / exact);
}

static void
check_value(double x, double *worst_sigmoid, double *worst_softplus)
{
	GaeReal		value = (GaeReal) x;
	GaeReal		copies[VALUES];
	double		sum;

	for (int i = 0; i < VALUES; i++)
		copies[i] = value;
	sum = gae_sigmoid_softplus(copies, VALUES);
	for (int i = 0; i < VALUES; i++)
		*worst_sigmoid = fmax(*worst_sigmoid, error_of(copies[i], exact_sigmoid(value)));
	*worst_softplus = fmax(*worst_softplus,
						   (fabs(sum / VALUES - (double) exact_softplus(value)) - SOFTPLUS_ROUNDING) /
						   (double) exact_softplus(value));
}

static void
test_relative_errors(void **state)
{
	double		worst_sigmoid = 0;
	double		worst_softplus = 0;

	(void) state;
	for (double x = -120; x <= 120; x += 0.0137)
		check_value(x, &worst_sigmoid, &worst_softplus);
	for (double x = 1e-30; x < 1e30; x *= 1.37)
	{
		check_value(x, &worst_sigmoid, &worst_softplus);
		check_value(-x, &worst_sigmoid, &worst_softplus);
	}
	print_message("worst relative errors: sigmoid %.2g, softplus %.2g\n", worst_sigmoid, worst_softplus);
	assert_true(worst_sigmoid < TOLERANCE);
	assert_true(worst_softplus < TOLERANCE);
}

static void
test_scalars(void **state)
{
	(void) state;
	for (double x = -700; x <= 700; x += 0.37)
	{
		assert_near(gae_sigmoid(x), (double) exact_sigmoid(x), 1e-14, 0);
		assert_near(gae_softplus(x), (double) exact_softplus(x), 1e-14, 0);
	}
	assert_true(gae_sigmoid(-1e6) == 0 && gae_sigmoid(1e6) == 1);
	assert_true(gae_softplus(-1e6) == 0 && gae_softplus(1e6) == 1e6);
	assert_true(gae_sigmoid(-INFINITY) == 0 && gae_sigmoid(INFINITY) == 1);
	assert_true(isnan(gae_sigmoid(NAN)) && isnan(gae_softplus(NAN)));
}

/* Every count: whole vectors, and what remains. */
static void
test_counts(void **state)
{
	GaeReal		x[600];

	(void) state;
	for (int count = 0; count < 600; count = count < 40 ? count + 1 : count + 37)
	{
		double		expected = 0;
		double		sum;

		for (int i = 0; i < 600; i++)
			x[i] = (GaeReal) (0.3 * (i % 60) - 9);
		for (int i = 0; i < count; i++)
			expected += gae_softplus(x[i]);
		sum = gae_sigmoid_softplus(x, count);
		assert_near(sum, expected, TOLERANCE, 0);
		for (int i = 0; i < 600; i++)
			assert_near(x[i], i < count ? gae_sigmoid((GaeReal) (0.3 * (i % 60) - 9)) : (GaeReal) (0.3 * (i % 60) - 9),
						TOLERANCE, 0);
	}
}

/* An infinite or undefined value shows in the sum, wherever it stands. */
static void
test_special_values(void **state)
{
	(void) state;
	for (int at = 0; at < 270; at++)
	{
		GaeReal		x[270] = {0};

		x[at] = (GaeReal) NAN;
		assert_true(isnan(gae_sigmoid_softplus(x, 270)));
		x[at] = (GaeReal) INFINITY;
		assert_true(isinf(gae_sigmoid_softplus(x, 270)));
		assert_true(x[at] == 1);
		x[at] = (GaeReal) -INFINITY;
		assert_true(isfinite(gae_sigmoid_softplus(x, 270)));
		assert_true(fabs(x[at]) <= SMALLEST);
	}
}

/* A long sum keeps its precision. */
static void
test_long_sum(void **state)
{
	const int64_t count = test_quick() ? 2000000 : 20000000;
	GaeReal    *x = gae_alloc(*state, count, sizeof(GaeReal));

	for (int64_t i = 0; i < count; i++)
		x[i] = (GaeReal) 0.25;
	assert_near(gae_sigmoid_softplus(x, count) / (double) count, gae_softplus(0.25), LONG_TOLERANCE, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_relative_errors),
		TEST(test_scalars),
		TEST(test_counts),
		TEST(test_special_values),
		TEST(test_long_sum),
	};

	return cmocka_run_group_tests_name("elementwise", tests, NULL, NULL);
}
