/*
 * latent_point.c
 *		The point latent of AE and GAE: z = mu.
 */
#include "core/nn/latent.h"

static GaeStatus
forward(GaeEnv *env, int64_t rows, int64_t d, const GaeReal *e, int64_t seed, uint32_t step,
		GaeReal *z)
{
	(void) seed;
	(void) step;
	return gae_copy(env, z, e, (size_t) (rows * d) * sizeof(GaeReal));
}

static GaeStatus
backward(GaeEnv *env, int64_t rows, int64_t d, const GaeReal *e, const GaeReal *z,
		 const GaeReal *d_z, double kl_scale, GaeReal *d_e)
{
	(void) e;
	(void) z;
	(void) kl_scale;
	return gae_copy(env, d_e, d_z, (size_t) (rows * d) * sizeof(GaeReal));
}

static GaeStatus
store(GaeEnv *env, int64_t rows, int64_t d, const GaeReal *e, GaeReal *mu, GaeReal *log_std)
{
	(void) log_std;
	return gae_copy(env, mu, e, (size_t) (rows * d) * sizeof(GaeReal));
}

const GaeLatent gae_latent_point = {
	.heads = 1,
	.forward = forward,
	.backward = backward,
	.store = store
};
