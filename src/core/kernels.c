/*
 * kernels.c
 *		Sigmoid and softplus by polynomials that the compiler vectorises.
 *
 * One portable build holds several versions of each loop; the dynamic linker
 * takes the best that the machine can run (GCC's function multi-versioning).
 */
#include "kernels.h"

#include <math.h>
#include <string.h>

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && defined(__linux__)
#define GAE_VECTORISED __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define GAE_VECTORISED
#endif

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

#ifdef GAE_DOUBLE

double
gae_sigmoid_softplus(GaeReal *x, int64_t count)
{
	double		sum = 0;

	for (int64_t i = 0; i < count; i++)
	{
		sum += gae_softplus(x[i]);
		x[i] = gae_sigmoid(x[i]);
	}
	return sum;
}

#else

/* Partial sums kept side by side: a vector register's worth, or several. */
#define LANES 16

/* Values summed in float before they go to a double: 64 a lane lose no digit that counts. */
#define SUM_VALUES 1024

/*
 * exp(-a) for a >= 0, with a relative error below 2e-7 (exp(-87) below that, where
 * float's normal range ends).  exp(-a) = 2^n · exp(r), |r| <= log(2)/2, by Cody
 * and Waite's reduction and Taylor's polynomial of degree 6.
 */
static inline float
exp_negative(float a)
{
	const float log2_e = 1.44269504f;
	const float ln2_high = 0.693359375f;	/* exact in 9 bits */
	const float ln2_low = -2.12194440e-4f;
	const float round_magic = 12582912.0f;	/* 1.5 · 2^23: adding it rounds */
	const uint32_t round_magic_bits = 0x4B400000;
	const float smallest = -87.0f;
	float		x = -a < smallest ? smallest : -a;
	float		shifted = x * log2_e + round_magic;
	float		n = shifted - round_magic;
	float		r = (x - n * ln2_high) - n * ln2_low;
	float		p = 1.0f / 720;
	uint32_t	bits;
	float		power;

	p = p * r + 1.0f / 120;
	p = p * r + 1.0f / 24;
	p = p * r + 1.0f / 6;
	p = p * r + 0.5f;
	p = p * r + 1.0f;
	p = p * r + 1.0f;

	/* The sum's last bits hold n; as such they may be anything, a NaN's too. */
	memcpy(&bits, &shifted, sizeof(bits));
	bits = (bits - round_magic_bits + 127) << 23;
	memcpy(&power, &bits, sizeof(power));
	return p * power;
}

/*
 * log(1 + e) for 0 <= e <= 1, with a relative error below 2e-7:
 * 2 · atanh(t) with t = e / (2 + e) <= 1/3, by its series up to t^13.
 */
static inline float
log_one_plus(float e)
{
	float		t = e / (2.0f + e);
	float		s = t * t;
	float		p = 2.0f / 13;

	p = p * s + 2.0f / 11;
	p = p * s + 2.0f / 9;
	p = p * s + 2.0f / 7;
	p = p * s + 2.0f / 5;
	p = p * s + 2.0f / 3;
	p = p * s + 2.0f;
	return p * t;
}

GAE_VECTORISED double
gae_sigmoid_softplus(GaeReal *x, int64_t count)
{
	double		sum = 0;
	int64_t		i = 0;

	while (i + LANES <= count)
	{
		float		lane[LANES] = {0};
		int64_t		end = count - i < SUM_VALUES ? count - LANES : i + SUM_VALUES - LANES;

		for (; i <= end; i += LANES)
		{
			for (int j = 0; j < LANES; j++)
			{
				float		v = x[i + j];
				float		a = v < 0 ? -v : v;
				float		e = exp_negative(a);
				float		numerator = v < 0 ? e : 1.0f;

				lane[j] += (v < 0 ? 0.0f : v) + log_one_plus(e);
				x[i + j] = numerator / (1.0f + e);
			}
		}
		for (int j = 0; j < LANES; j++)
			sum += lane[j];
	}
	for (; i < count; i++)
	{
		sum += gae_softplus(x[i]);
		x[i] = (float) gae_sigmoid(x[i]);
	}
	return sum;
}

#endif							/* GAE_DOUBLE */
