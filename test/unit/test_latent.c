/*
 * test_latent.c
 *		The point and the Gaussian latent.
 */
#include <math.h>
#include <string.h>

#include "core/nn/latent.h"
#include "support.h"

#define ROWS 2600				/* more than two blocks of noise */
#define D 3

static double
divergence(GaeEnv *env, const GaeLatent *latent, int64_t rows, int64_t d, const GaeReal *e)
{
	double		result = NAN;

	assert_ok(env, latent->divergence(env, rows, d, e, &result));
	return result;
}

static void
test_point(void **state)
{
	const GaeLatent *latent = &gae_latent_point;
	GaeReal		e[6] = {1, -2, 3, 4, 5, -6};
	GaeReal		z[6];
	GaeReal		d_e[6];

	assert_int_equal(latent->heads, 1);
	assert_ok(*state, latent->forward(*state, 2, 3, e, 1, 1, z));
	assert_memory_equal(z, e, sizeof(e));
	assert_null(latent->divergence);
	assert_ok(*state, latent->backward(*state, 2, 3, e, z, e, 5, d_e));
	assert_memory_equal(d_e, e, sizeof(e));
}

/* z - mu over σ is standard normal noise, new for each step and row. */
static void
test_noise(void **state)
{
	const GaeLatent *latent = &gae_latent_gaussian;
	GaeEnv	   *env = *state;
	GaeReal    *e = gae_alloc(env, ROWS * 2 * D, sizeof(GaeReal));
	GaeReal    *z = gae_alloc(env, ROWS * D, sizeof(GaeReal));
	GaeReal    *other = gae_alloc(env, ROWS * D, sizeof(GaeReal));
	double		mean = 0;
	double		square = 0;
	double		between = 0;

	assert_int_equal(latent->heads, 2);
	for (int i = 0; i < ROWS; i++)
	{
		for (int j = 0; j < D; j++)
		{
			e[i * 2 * D + j] = (GaeReal) 0.5;
			e[i * 2 * D + D + j] = (GaeReal) log(2);
		}
	}
	assert_ok(env, latent->forward(env, ROWS, D, e, 1, 7, z));
	assert_ok(env, latent->forward(env, ROWS, D, e, 1, 8, other));
	for (int i = 0; i < ROWS * D; i++)
	{
		double		noise = (z[i] - 0.5) / 2;

		mean += noise / (ROWS * D);
		square += noise * noise / (ROWS * D);
		between += noise * (other[i] - 0.5) / 2 / (ROWS * D);
		for (int k = 1; k <= 3 && i >= k; k++)
			assert_true(z[i] != z[i - k]);
	}
	assert_near(mean, 0, 0.06, 1);
	assert_near(square, 1, 0.08, 1);
	assert_near(between, 0, 0.06, 1);
}

/* A few divergences by hand. */
static void
test_divergence(void **state)
{
	const GaeLatent *latent = &gae_latent_gaussian;
	GaeReal		standard[4] = {0, 0, 0, 0};
	GaeReal		moved[4] = {2, 0, 0, 0};
	GaeReal		narrow[4] = {0, 0, -1, 0};

	assert_near(divergence(*state, latent, 1, 2, standard), 0, 1e-12, 1);
	assert_near(divergence(*state, latent, 1, 2, moved), 2, 1e-12, 1);	/* mu² / 2 */
	/* (σ² - 1) / 2 - log σ for log σ = -1 */
	assert_near(divergence(*state, latent, 1, 2, narrow), 0.5 * (exp(-2) - 1) + 1, 2e-7, 1);
}

/* Of many rows and widths around a vector register's, against plain sums. */
static void
test_divergence_of_many(void **state)
{
	static const int64_t widths[] = {1, 3, 16, 17, 40};
	const GaeLatent *latent = &gae_latent_gaussian;
	GaeEnv	   *env = *state;

	for (int w = 0; w < 5; w++)
	{
		TestRandom	random = {(uint64_t) w};
		int64_t		d = widths[w];
		GaeReal    *e = gae_alloc(env, ROWS * 2 * d, sizeof(GaeReal));
		double		expected = 0;

		for (int64_t i = 0; i < ROWS; i++)
		{
			for (int64_t j = 0; j < d; j++)
			{
				double		mu = e[i * 2 * d + j] = (GaeReal) test_random_normal(&random);
				double		s = e[i * 2 * d + d + j] = (GaeReal) (3 * test_random_normal(&random));

				s = fmin(s, GAE_MAX_LOG_STD);
				expected -= 0.5 * (1 + 2 * s - mu * mu - exp(2 * s));
			}
		}
		assert_near(divergence(env, latent, ROWS, d, e), expected, 1e-6, 0);
	}
}

/* The gradient in mu and log σ, by differences; a clamped log σ does not move. */
static void
test_backward(void **state)
{
	const GaeLatent *latent = &gae_latent_gaussian;
	GaeReal		e[4] = {(GaeReal) 0.7, (GaeReal) -1.1, (GaeReal) 0.4, 11};
	GaeReal		d_z[2] = {(GaeReal) 0.3, (GaeReal) -2};
	GaeReal		z[2];
	GaeReal		d_e[4];
	double		sigma = exp(e[2]);

	assert_ok(*state, latent->forward(*state, 1, 2, e, 3, 3, z));
	assert_ok(*state, latent->backward(*state, 1, 2, e, z, d_z, 0.5, d_e));
	assert_near(d_e[0], 0.3 + 0.5 * 0.7, 1e-6, 1);
	assert_near(d_e[1], -2 + 0.5 * -1.1, 1e-6, 1);
	assert_near(d_e[2], 0.3 * (z[0] - 0.7) + 0.5 * (sigma * sigma - 1), 1e-6, 1);
	assert_true(d_e[3] == 0);
	assert_true(fabs(z[1]) < 10 * exp(GAE_MAX_LOG_STD));
}

static void
test_store(void **state)
{
	GaeReal		e[8] = {1, 2, 3, 40, 5, 6, -7, 8};
	GaeReal		mu[4];
	GaeReal		log_std[4];
	static const GaeReal expected_mu[] = {1, 2, 5, 6};
	static const GaeReal expected_log_std[] = {3, GAE_MAX_LOG_STD, -7, 8};
	GaeEnv	   *env = *state;

	assert_ok(env, gae_latent_gaussian.store(env, 2, 2, e, mu, log_std));
	assert_memory_equal(mu, expected_mu, sizeof(mu));
	assert_memory_equal(log_std, expected_log_std, sizeof(log_std));
	memset(mu, 0, sizeof(mu));
	assert_ok(env, gae_latent_gaussian.store(env, 2, 2, e, mu, NULL));
	assert_memory_equal(mu, expected_mu, sizeof(mu));
	assert_ok(env, gae_latent_point.store(env, 2, 2, e, mu, NULL));
	assert_memory_equal(mu, e, sizeof(mu));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_point),
		TEST(test_noise),
		TEST(test_divergence),
		TEST(test_divergence_of_many),
		TEST(test_backward),
		TEST(test_store),
	};

	return cmocka_run_group_tests_name("latent", tests, NULL, NULL);
}
