/*
 * test_adam.c
 *		Adam against the formulas of its paper.
 */
#include <math.h>
#include <string.h>

#include "core/nn/adam.h"
#include "support.h"

#define COUNT 40000				/* more than two blocks */
#define STEPS 30

/* Kingma & Ba, algorithm 1, with the decay's gradient added; in double. */
static void
test_formula(void **state)
{
	static const double rates[] = {0.01, 0.1};
	static const double decays[] = {0, 0.05};
	GaeEnv	   *env = *state;

	for (int variant = 0; variant < 2; variant++)
	{
		TestRandom	random = {5};
		GaeAdam		adam;
		GaeReal    *w = gae_alloc(env, COUNT, sizeof(GaeReal));
		GaeReal    *g = gae_alloc(env, COUNT, sizeof(GaeReal));
		double	   *expected = gae_alloc(env, COUNT, sizeof(double));
		double	   *m = gae_alloc_zero(env, COUNT, sizeof(double));
		double	   *v = gae_alloc_zero(env, COUNT, sizeof(double));

		assert_ok(env, gae_adam_create(env, rates[variant], decays[variant], COUNT, &adam));
		for (int i = 0; i < COUNT; i++)
			expected[i] = w[i] = (GaeReal) test_random_normal(&random);
		for (int t = 1; t <= STEPS; t++)
		{
			for (int i = 0; i < COUNT; i++)
			{
				double		gradient;

				g[i] = (GaeReal) (test_random_normal(&random) * pow(10, i % 6 - 3));
				gradient = g[i] + decays[variant] * expected[i];
				m[i] = 0.9 * m[i] + 0.1 * gradient;
				v[i] = 0.999 * v[i] + 0.001 * gradient * gradient;
				expected[i] -= rates[variant] * (m[i] / (1 - pow(0.9, t))) /
					(sqrt(v[i] / (1 - pow(0.999, t))) + 1e-8);
			}
			assert_ok(env, gae_adam_step(env, &adam, g, w));
		}
		for (int i = 0; i < COUNT; i++)
			assert_near(w[i], expected[i], TEST_TOLERANCE, 1);
	}
}

/* The first step is the learning rate long, whatever the gradient's size. */
static void
test_first_step(void **state)
{
	GaeAdam		adam;
	GaeReal		w[4] = {1, 1, 1, 1};
	GaeReal		g[4] = {(GaeReal) 1e-4, -5, 1000, 0};

	assert_ok(*state, gae_adam_create(*state, 0.25, 0, 4, &adam));
	assert_ok(*state, gae_adam_step(*state, &adam, g, w));
	assert_near(w[0], 0.75, 1e-4, 1);
	assert_near(w[1], 1.25, 1e-6, 1);
	assert_near(w[2], 0.75, 1e-6, 1);
	assert_true(w[3] == 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_formula),
		TEST(test_first_step),
	};

	return cmocka_run_group_tests_name("adam", tests, NULL, NULL);
}
