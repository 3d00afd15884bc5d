/*
 * latent_gaussian.c
 *		The Gaussian latent of VAE and VGAE: z = mu + σ · ε, ε ~ N(0, I) (Kingma & Welling,
 *		arXiv:1312.6114, section 2.4).
 */
#include "core/nn/latent.h"

#include <math.h>
#include <string.h>

#include "core/base/parallel.h"
#include "core/base/range.h"
#include "core/base/simd.h"

/* Rows that share a random stream. */
#define BLOCK_ROWS 256

/*
 * Where latents have more than LONG_LATENT values, a block of work has only PART_ROWS of
 * these rows: a whole number of chunks of the stream, and well under 50 ms.
 */
#define LONG_LATENT 4096
#define PART_ROWS GAE_NORMAL_CHUNK

_Static_assert(BLOCK_ROWS % PART_ROWS == 0, "parts fill a block");

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

GAE_VECTORISED static void
sample_rows(const GaussianTask *t, GaeRange rows)
{
	int64_t		d = t->d;

	for (int64_t i = rows.first; i < rows.end; i++)
	{
		const GaeReal *restrict mu = t->e + i * 2 * d;
		const GaeReal *restrict log_std = mu + d;
		GaeReal    *restrict z = t->z + i * d;

		for (int64_t j = 0; j < d; j++)
			z[j] = mu[j] + gae_real_exp(clamped(log_std[j])) * z[j];
	}
}

/* Rows of a block of work that sums nothing over its rows. */
static int64_t
part_rows(int64_t d)
{
	return d > LONG_LATENT ? PART_ROWS : BLOCK_ROWS;
}

static void
sample_block(void *arg, int64_t part, int worker)
{
	const GaussianTask *t = arg;
	GaeRange	rows = gae_block_range(part, part_rows(t->d), t->rows);
	int64_t		block = rows.first / BLOCK_ROWS;
	GaeStream	stream = gae_stream(t->seed, GAE_RANDOM_LATENT, t->step, (uint64_t) block);

	(void) worker;
	gae_random_skip_normal(&stream, (rows.first - block * BLOCK_ROWS) * t->d);
	gae_random_normal(&stream, t->z + rows.first * t->d, (rows.end - rows.first) * t->d);
	sample_rows(t, rows);
}

static GaeStatus
forward(GaeEnv *env, int64_t rows, int64_t d, const GaeReal *e, int64_t seed, uint32_t step,
		GaeReal *z)
{
	GaussianTask task = {.rows = rows, .d = d, .e = e, .seed = seed, .step = step, .z = z};

	return gae_parallel(env, gae_blocks(rows, part_rows(d)), sample_block, &task);
}

/* KL(N(mu, σ²) ‖ N(0, 1)) = -½ (1 + 2 log σ - mu² - σ²)  (ibid., appendix B) */
GAE_INLINE double
divergence_of(GaeReal mu, GaeReal log_std)
{
	GaeReal		s = clamped(log_std);

	return 0.5 * ((double) mu * mu + gae_real_exp(2 * s) - 1) - s;
}

GAE_VECTORISED static double
divergence_of_rows(const GaussianTask *t, GaeRange rows)
{
	double		lane[GAE_LANES] = {0};
	double		sum = 0;
	int64_t		d = t->d;

	for (int64_t i = rows.first; i < rows.end; i++)
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
	t->block_sum[block] = divergence_of_rows(t, gae_block_range(block, BLOCK_ROWS, t->rows));
}

static GaeStatus
divergence(GaeEnv *env, int64_t rows, int64_t d, const GaeReal *e, double *result)
{
	int64_t		blocks = gae_blocks(rows, BLOCK_ROWS);
	GaussianTask task = {.rows = rows, .d = d, .e = e};

	GAE_ALLOC(env, task.block_sum, blocks);
	GAE_TRY(gae_parallel(env, blocks, divergence_block, &task));
	*result = 0;
	for (int64_t b = 0; b < blocks; b++)
		*result += task.block_sum[b];
	gae_free(env, task.block_sum);
	return GAE_OK;
}

GAE_VECTORISED static void
backward_rows(const GaussianTask *t, GaeRange rows)
{
	int64_t		d = t->d;
	GaeReal		kl_scale = t->kl_scale;

	for (int64_t i = rows.first; i < rows.end; i++)
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
backward_block(void *arg, int64_t part, int worker)
{
	const GaussianTask *t = arg;

	(void) worker;
	backward_rows(t, gae_block_range(part, part_rows(t->d), t->rows));
}

static GaeStatus
backward(GaeEnv *env, int64_t rows, int64_t d, const GaeReal *e, const GaeReal *z,
		 const GaeReal *d_z, double kl_scale, GaeReal *d_e)
{
	GaussianTask task = {
		.rows = rows, .d = d, .e = e, .z = (GaeReal *) z, .d_z = d_z,
		.kl_scale = (GaeReal) kl_scale, .d_e = d_e
	};

	return gae_parallel(env, gae_blocks(rows, part_rows(d)), backward_block, &task);
}

static GaeStatus
store(GaeEnv *env, int64_t rows, int64_t d, const GaeReal *e, GaeReal *mu, GaeReal *log_std)
{
	int64_t		poll_rows = 1 + GAE_POLL_ITEMS / d;

	for (int64_t i = 0; i < rows; i++)
	{
		const GaeReal *of_row = e + i * 2 * d;

		if (i % poll_rows == 0)
			GAE_TRY(gae_poll(env));
		memcpy(mu + i * d, of_row, (size_t) d * sizeof(GaeReal));
		for (int64_t j = 0; j < d && log_std != NULL; j++)
			log_std[i * d + j] = clamped(of_row[d + j]);
	}
	return GAE_OK;
}

static void
sample_posterior(int64_t d, const GaeReal *mu, const GaeReal *log_std, GaeStream *stream,
				 GaeReal *latent)
{
	gae_random_normal(stream, latent, d);
	for (int64_t j = 0; j < d; j++)
		latent[j] = (GaeReal) (mu[j] + exp(log_std[j]) * latent[j]);
}

static void
sample_prior(int64_t d, GaeStream *stream, GaeReal *latent)
{
	gae_random_normal(stream, latent, d);
}

const GaeLatent gae_latent_gaussian = {
	.heads = 2,
	.forward = forward,
	.divergence = divergence,
	.backward = backward,
	.store = store,
	.sample_posterior = sample_posterior,
	.sample_prior = sample_prior
};
