/*
 * kernels.c
 *		Sigmoid and softplus, vectorised.
 */
#include "kernels.h"

#include <math.h>

#include "simd.h"

double
gae_sigmoid(double x)
{
	double		e = exp(-fabs(x));

	return (x >= 0 ? 1 : e) / (1 + e);
}

double
gae_softplus(double x)
{
	return fmax(x, 0) + log1p(exp(-fabs(x)));
}

/*
 * So many values are taken at a time; their 1 + exp(-|x|), each at most 2, are
 * multiplied down to GAE_LANES products before a logarithm is taken:
 * Σ log(1 + e) = log Π (1 + e).
 */
#define CHUNK (16 * GAE_LANES)

/* Σ softplus of a chunk, which becomes its sigmoids. */
GAE_INLINE double
chunk_sum(GaeReal *restrict x)
{
	GaeReal		positive[CHUNK];
	GaeReal		product[CHUNK];
	double		sum = 0;

	for (int i = 0; i < CHUNK; i++)
	{
		GaeReal		v = x[i];
		GaeReal		e = gae_real_exp(-gae_real_abs(v));

		positive[i] = v < 0 ? 0 : v;
		product[i] = 1 + e;
		x[i] = gae_real_sigmoid(v, e);
	}
	for (int half = CHUNK / 2; half >= GAE_LANES; half /= 2)
	{
		for (int i = 0; i < half; i++)
		{
			positive[i] += positive[i + half];
			product[i] *= product[i + half];
		}
	}
	for (int i = 0; i < GAE_LANES; i++)
		positive[i] += gae_real_log(product[i]);
	for (int i = 0; i < GAE_LANES; i++)
		sum += positive[i];
	return sum;
}

GAE_VECTORISED double
gae_sigmoid_softplus(GaeReal *x, int64_t count)
{
	double		sum = 0;
	int64_t		i = 0;

	for (; i + CHUNK <= count; i += CHUNK)
		sum += chunk_sum(x + i);
	for (; i < count; i++)
	{
		GaeReal		e = gae_real_exp(-gae_real_abs(x[i]));

		sum += gae_real_softplus(x[i], e);
		x[i] = gae_real_sigmoid(x[i], e);
	}
	return sum;
}
