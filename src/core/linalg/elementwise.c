/*
 * elementwise.c
 *		Sigmoid and softplus, vectorised.
 */
#include "core/linalg/elementwise.h"

#include <math.h>

#include "core/base/simd.h"

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
 * CHUNK values are computed at a time, in four quarters side by side.  Logarithms and
 * reciprocals are what takes long.  So the 1 + exp(-|x|) of a lane, each at most 2, are
 * multiplied before one logarithm is taken, Σ log(1 + e) = log Π (1 + e); and one
 * reciprocal serves four values: 1 / a = b / (a · b).
 */
#define QUARTER (8 * GAE_LANES)
#define CHUNK (4 * QUARTER)

_Static_assert(CHUNK == GAE_SIGMOID_CHUNK, "callers give multiples of it");

/* Add softplus of a chunk to sum (LANES), and replace the chunk by its sigmoids. */
GAE_INLINE void
take_chunk(GaeReal *restrict x, double *restrict sum)
{
	GaeReal		positive[QUARTER];
	GaeReal		product[QUARTER];

	for (int i = 0; i < QUARTER; i++)
	{
		GaeReal		a = x[i];
		GaeReal		b = x[i + QUARTER];
		GaeReal		c = x[i + 2 * QUARTER];
		GaeReal		d = x[i + 3 * QUARTER];
		GaeReal		exp_a = gae_real_exp_minus(gae_real_abs(a));
		GaeReal		exp_b = gae_real_exp_minus(gae_real_abs(b));
		GaeReal		exp_c = gae_real_exp_minus(gae_real_abs(c));
		GaeReal		exp_d = gae_real_exp_minus(gae_real_abs(d));
		GaeReal		of_ab = (1 + exp_a) * (1 + exp_b);
		GaeReal		of_cd = (1 + exp_c) * (1 + exp_d);
		GaeReal		reciprocal = gae_real_reciprocal(of_ab * of_cd);

		positive[i] = (gae_real_positive(a) + gae_real_positive(b)) +
			(gae_real_positive(c) + gae_real_positive(d));
		product[i] = of_ab * of_cd;
		x[i] = (a < 0 ? exp_a : 1) * (reciprocal * of_cd * (1 + exp_b));
		x[i + QUARTER] = (b < 0 ? exp_b : 1) * (reciprocal * of_cd * (1 + exp_a));
		x[i + 2 * QUARTER] = (c < 0 ? exp_c : 1) * (reciprocal * of_ab * (1 + exp_d));
		x[i + 3 * QUARTER] = (d < 0 ? exp_d : 1) * (reciprocal * of_ab * (1 + exp_c));
	}
	for (int half = QUARTER / 2; half >= GAE_LANES; half /= 2)
	{
		for (int i = 0; i < half; i++)
		{
			positive[i] += positive[i + half];
			product[i] *= product[i + half];
		}
	}
	for (int i = 0; i < GAE_LANES; i++)
		sum[i] += positive[i] + gae_real_log(product[i]);
}

GAE_VECTORISED double
gae_sigmoid_softplus(GaeReal *x, int64_t count)
{
	double		lane[GAE_LANES] = {0};
	double		sum = 0;
	int64_t		i = 0;

	for (; i + CHUNK <= count; i += CHUNK)
		take_chunk(x + i, lane);
	for (; i < count; i++)
	{
		GaeReal		e = gae_real_exp_minus(gae_real_abs(x[i]));

		sum += gae_real_softplus(x[i], e);
		x[i] = gae_real_sigmoid(x[i], e);
	}
	for (int l = 0; l < GAE_LANES; l++)
		sum += lane[l];
	return sum;
}
