/*
 * latent.c
 *		The point latent (AE, GAE) and the Gaussian one (VAE, VGAE).
 */
#include "latent.h"

#include <math.h>
#include <string.h>

#include "parallel.h"

/* Rows that share a random stream. */
#define BLOCK_ROWS 1024

/* ---- point: z = mu ---- */

static GaeStatus
point_forward(GaeEnv *env, int64_t rows, int64_t d, const GaeReal *e,
			  int64_t seed, uint32_t step, GaeReal *z)
{
	(void) seed;
	(void) step;
	memcpy(z, e, (size_t) (rows * d) * sizeof(GaeReal));
	return gae_poll(env);
}

static double
point_divergence(int64_t rows, int64_t d, const GaeReal *e)
{
	(void) rows;
	(void) d;
	(void) e;
	return 0;
}

static void
point_backward(int64_t rows, int64_t d, const GaeReal *e, const GaeReal *z,
			   const GaeReal *d_z, double kl_scale, GaeReal *d_e)
{
	(void) e;
	(void) z;
	(void) kl_scale;
	memcpy(d_e, d_z, (size_t) (rows * d) * sizeof(GaeReal));
}

/* ---- Gaussian: z = mu + σ · ε, ε ~ N(0, I) (Kingma & Welling, arXiv:1312.6114, 2.4) ---- */

static double
clamped(GaeReal log_std)
{
	return log_std < GAE_MAX_LOG_STD ? log_std : GAE_MAX_LOG_STD;
}

typedef struct SampleTask
{
	int64_t		rows;
	int64_t		d;
	const GaeReal *e;
	int64_t		seed;
	uint32_t	step;
	GaeReal    *z;
} SampleTask;

static void
sample_block(void *arg, int64_t block, int worker)
{
	const SampleTask *t = arg;
	int64_t		d = t->d;
	int64_t		first = block * BLOCK_ROWS;
	int64_t		end = first + BLOCK_ROWS < t->rows ? first + BLOCK_ROWS : t->rows;
	GaeStream	stream = gae_stream(t->seed, GAE_RANDOM_LATENT, t->step, (uint64_t) block);

	(void) worker;
	gae_random_normal(&stream, t->z + first * d, (end - first) * d);
	for (int64_t i = first; i < end; i++)
	{
		const GaeReal *mu = t->e + i * 2 * d;
		const GaeReal *log_std = mu + d;
		GaeReal    *z = t->z + i * d;

		for (int64_t j = 0; j < d; j++)
			z[j] = (GaeReal) (mu[j] + exp(clamped(log_std[j])) * z[j]);
	}
}

static GaeStatus
gaussian_forward(GaeEnv *env, int64_t rows, int64_t d, const GaeReal *e,
				 int64_t seed, uint32_t step, GaeReal *z)
{
	SampleTask	task = {rows, d, e, seed, step, z};

	return gae_parallel(env, gae_blocks(rows, BLOCK_ROWS), sample_block, &task);
}

/* KL(N(mu, σ²) ‖ N(0, 1)) = -½ (1 + 2 log σ - mu² - σ²)  (ibid., appendix B) */
static double
gaussian_divergence(int64_t rows, int64_t d, const GaeReal *e)
{
	double		sum = 0;

	for (int64_t i = 0; i < rows; i++)
	{
		const GaeReal *mu = e + i * 2 * d;
		const GaeReal *log_std = mu + d;

		for (int64_t j = 0; j < d; j++)
		{
			double		s = clamped(log_std[j]);

			sum -= 0.5 * (1 + 2 * s - (double) mu[j] * mu[j] - exp(2 * s));
		}
	}
	return sum;
}

static void
gaussian_backward(int64_t rows, int64_t d, const GaeReal *e, const GaeReal *z,
				  const GaeReal *d_z, double kl_scale, GaeReal *d_e)
{
	for (int64_t i = 0; i < rows; i++)
	{
		const GaeReal *mu = e + i * 2 * d;
		const GaeReal *log_std = mu + d;
		GaeReal    *d_mu = d_e + i * 2 * d;
		GaeReal    *d_log_std = d_mu + d;

		for (int64_t j = 0; j < d; j++)
		{
			double		dz = d_z[i * d + j];
			double		s = clamped(log_std[j]);

			d_mu[j] = (GaeReal) (dz + kl_scale * mu[j]);

			/* dz/dlogσ = σ ε = z - mu; a clamped log σ does not move. */
			d_log_std[j] = log_std[j] < GAE_MAX_LOG_STD
				? (GaeReal) (dz * (z[i * d + j] - mu[j]) + kl_scale * (exp(2 * s) - 1))
				: 0;
		}
	}
}

static const GaeLatent point = {1, point_forward, point_divergence, point_backward};
static const GaeLatent gaussian = {2, gaussian_forward, gaussian_divergence, gaussian_backward};

const GaeLatent *
gae_latent_of(GaeModelKind kind)
{
	return gae_model_is_variational(kind) ? &gaussian : &point;
}

void
gae_latent_split(const GaeLatent *latent, int64_t rows, int64_t d, const GaeReal *e,
				 GaeReal *mu, GaeReal *log_std)
{
	for (int64_t i = 0; i < rows; i++)
	{
		const GaeReal *of_row = e + i * latent->heads * d;

		memcpy(mu + i * d, of_row, (size_t) d * sizeof(GaeReal));
		for (int64_t j = 0; j < d && log_std != NULL; j++)
			log_std[i * d + j] = (GaeReal) clamped(of_row[d + j]);
	}
}
