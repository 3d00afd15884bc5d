/*
 * latent.c
 *		The point latent (AE, GAE) and the Gaussian one (VAE, VGAE).
 */
#include "core/nn/latent.h"

#include <string.h>

#include "core/base/parallel.h"
#include "core/base/simd.h"

/* Rows that share a random stream. */
#define BLOCK_ROWS 256

/* ---- point: z = mu ---- */

static GaeStatus
point_forward(GaeEnv *env, int64_t rows, int64_t d, const GaeReal *e,
			  int64_t seed, uint32_t step, GaeReal *z)
{
	(void) seed;
	(void) step;
	return gae_copy(env, z, e, (size_t) (rows * d) * sizeof(GaeReal));
}

static GaeStatus
point_divergence(GaeEnv *env, int64_t rows, int64_t d, const GaeReal *e, double *divergence)
{
	(void) rows;
	(void) d;
	(void) e;
	*divergence = 0;
	return gae_poll(env);
}

static GaeStatus
point_backward(GaeEnv *env, int64_t rows, int64_t d, const GaeReal *e, const GaeReal *z,
			   const GaeReal *d_z, double kl_scale, GaeReal *d_e)
{
	(void) e;
	(void) z;
	(void) kl_scale;
	return gae_copy(env, d_e, d_z, (size_t) (rows * d) * sizeof(GaeReal));
}

/* ---- Gaussian: z = mu + σ · ε, ε ~ N(0, I) (Kingma & Welling, arXiv:1312.6114, 2.4) ---- */

GAE_INLINE GaeReal
clamped(GaeReal log_std)
{
	return log_std < GAE_MAX_LOG_STD ? log_std : GAE_MAX_LOG_STD;
}

/* What the blocks of a pass read and write; each pass uses some of it. */
typedef struct GaussianTask
{
	int64_t		rows;
	int64_t		d;
	const GaeReal *e;
	int64_t		seed;
	uint32_t	step;
	GaeReal    *z;
	const GaeReal *d_z;
	GaeReal		kl_scale;
	GaeReal    *d_e;
	double	   *block_sum;
} GaussianTask;

static int64_t
block_end(const GaussianTask *t, int64_t block)
{
	int64_t		end = (block + 1) * BLOCK_ROWS;

	return end < t->rows ? end : t->rows;
}

GAE_VECTORISED static void
sample_rows(const GaussianTask *t, int64_t first, int64_t end)
{
	int64_t		d = t->d;

	for (int64_t i = first; i < end; i++)
	{
		const GaeReal *restrict mu = t->e + i * 2 * d;
		const GaeReal *restrict log_std = mu + d;
		GaeReal    *restrict z = t->z + i * d;

		for (int64_t j = 0; j < d; j++)
			z[j] = mu[j] + gae_real_exp(clamped(log_std[j])) * z[j];
	}
}

static void
sample_block(void *arg, int64_t block, int worker)
{
	const GaussianTask *t = arg;
	int64_t		first = block * BLOCK_ROWS;
	int64_t		end = block_end(t, block);
	GaeStream	stream = gae_stream(t->seed, GAE_RANDOM_LATENT, t->step, (uint64_t) block);

	(void) worker;
	gae_random_normal(&stream, t->z + first * t->d, (end - first) * t->d);
	sample_rows(t, first, end);
}

static GaeStatus
gaussian_forward(GaeEnv *env, int64_t rows, int64_t d, const GaeReal *e,
				 int64_t seed, uint32_t step, GaeReal *z)
{
	GaussianTask task = {.rows = rows, .d = d, .e = e, .seed = seed, .step = step, .z = z};

	return gae_parallel(env, gae_blocks(rows, BLOCK_ROWS), sample_block, &task);
}

/* KL(N(mu, σ²) ‖ N(0, 1)) = -½ (1 + 2 log σ - mu² - σ²)  (ibid., appendix B) */
GAE_INLINE double
divergence_of(GaeReal mu, GaeReal log_std)
{
	GaeReal		s = clamped(log_std);

	return 0.5 * ((double) mu * mu + gae_real_exp(2 * s) - 1) - s;
}

GAE_VECTORISED static double
divergence_of_rows(const GaussianTask *t, int64_t first, int64_t end)
{
	double		lane[GAE_LANES] = {0};
	double		sum = 0;
	int64_t		d = t->d;

	for (int64_t i = first; i < end; i++)
	{
		const GaeReal *mu = t->e + i * 2 * d;
		const GaeReal *log_std = mu + d;
		int64_t		j = 0;

		for (; j + GAE_LANES <= d; j += GAE_LANES)
			for (int l = 0; l < GAE_LANES; l++)
				lane[l] += divergence_of(mu[j + l], log_std[j + l]);
		for (; j < d; j++)
			sum += divergence_of(mu[j], log_std[j]);
	}
	for (int l = 0; l < GAE_LANES; l++)
		sum += lane[l];
	return sum;
}

static void
divergence_block(void *arg, int64_t block, int worker)
{
	const GaussianTask *t = arg;

	(void) worker;
	t->block_sum[block] = divergence_of_rows(t, block * BLOCK_ROWS, block_end(t, block));
}

static GaeStatus
gaussian_divergence(GaeEnv *env, int64_t rows, int64_t d, const GaeReal *e, double *divergence)
{
	int64_t		blocks = gae_blocks(rows, BLOCK_ROWS);
	GaussianTask task = {.rows = rows, .d = d, .e = e};

	GAE_ALLOC(env, task.block_sum, blocks);
	GAE_TRY(gae_parallel(env, blocks, divergence_block, &task));
	*divergence = 0;
	for (int64_t b = 0; b < blocks; b++)
		*divergence += task.block_sum[b];
	gae_free(env, task.block_sum);
	return GAE_OK;
}

GAE_VECTORISED static void
backward_rows(const GaussianTask *t, int64_t first, int64_t end)
{
	int64_t		d = t->d;
	GaeReal		kl_scale = t->kl_scale;

	for (int64_t i = first; i < end; i++)
	{
		const GaeReal *restrict mu = t->e + i * 2 * d;
		const GaeReal *restrict log_std = mu + d;
		const GaeReal *restrict z = t->z + i * d;
		const GaeReal *restrict d_z = t->d_z + i * d;
		GaeReal    *restrict d_mu = t->d_e + i * 2 * d;
		GaeReal    *restrict d_log_std = d_mu + d;

		for (int64_t j = 0; j < d; j++)
		{
			GaeReal		variance = gae_real_exp(2 * clamped(log_std[j]));

			/* dz/dlogσ = σ ε = z - mu; a clamped log σ does not move. */
			GaeReal		d_s = d_z[j] * (z[j] - mu[j]) + kl_scale * (variance - 1);

			d_mu[j] = d_z[j] + kl_scale * mu[j];
			d_log_std[j] = log_std[j] < GAE_MAX_LOG_STD ? d_s : 0;
		}
	}
}

static void
backward_block(void *arg, int64_t block, int worker)
{
	const GaussianTask *t = arg;

	(void) worker;
	backward_rows(t, block * BLOCK_ROWS, block_end(t, block));
}

static GaeStatus
gaussian_backward(GaeEnv *env, int64_t rows, int64_t d, const GaeReal *e, const GaeReal *z,
				  const GaeReal *d_z, double kl_scale, GaeReal *d_e)
{
	GaussianTask task = {
		.rows = rows, .d = d, .e = e, .z = (GaeReal *) z, .d_z = d_z,
		.kl_scale = (GaeReal) kl_scale, .d_e = d_e
	};

	return gae_parallel(env, gae_blocks(rows, BLOCK_ROWS), backward_block, &task);
}

static const GaeLatent point = {1, point_forward, point_divergence, point_backward};
static const GaeLatent gaussian = {2, gaussian_forward, gaussian_divergence, gaussian_backward};

const GaeLatent *
gae_latent_of(GaeModelKind kind)
{
	return gae_has_posterior(kind) ? &gaussian : &point;
}

GaeStatus
gae_latent_split(GaeEnv *env, const GaeLatent *latent, int64_t rows, int64_t d, const GaeReal *e,
				 GaeReal *mu, GaeReal *log_std)
{
	int64_t		poll_rows = 1 + GAE_POLL_ITEMS / d;

	for (int64_t i = 0; i < rows; i++)
	{
		const GaeReal *of_row = e + i * latent->heads * d;

		if (i % poll_rows == 0)
			GAE_TRY(gae_poll(env));
		memcpy(mu + i * d, of_row, (size_t) d * sizeof(GaeReal));
		for (int64_t j = 0; j < d && log_std != NULL; j++)
			log_std[i * d + j] = clamped(of_row[d + j]);
	}
	return GAE_OK;
}
