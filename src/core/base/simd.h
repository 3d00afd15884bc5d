/*
 * simd.h
 *		Loops that the compiler turns into vector code, and the functions in them.
 *
 * One portable build holds several versions of each function that is marked
 * GAE_VECTORISED; the dynamic linker takes the best one that the machine can run (function
 * multi-versioning by GCC 12 or later, with glibc).  A function that a marked one calls must
 * be inlined, or be marked, too.
 */
#ifndef GAE_SIMD_H
#define GAE_SIMD_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "core/base/env.h"

#if defined(__x86_64__) && !defined(__clang__) && __GNUC__ >= 12 && defined(__GLIBC__) && \
	!defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define GAE_VECTORISED \
	__attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define GAE_VECTORISED
#endif

#define GAE_INLINE static inline __attribute__((always_inline))

/*
 * Sums are kept in this many lanes side by side, and the lanes are added up in order, so
 * that every version of a function gives the same sum.
 */
#define GAE_LANES 16

#ifdef GAE_DOUBLE

GAE_INLINE double
gae_real_sqrt(double x)
{
	return sqrt(x);
}

GAE_INLINE double
gae_real_abs(double x)
{
	return fabs(x);
}

GAE_INLINE double
gae_real_exp(double x)
{
	return exp(x);
}

GAE_INLINE double
gae_real_exp_minus(double x)
{
	return exp(-x);
}

GAE_INLINE double
gae_real_reciprocal(double x)
{
	return 1 / x;
}

GAE_INLINE double
gae_real_log(double x)
{
	return log(x);
}

GAE_INLINE double
gae_real_log1p(double x)
{
	return log1p(x);
}

/* cos and sin of 2π·turn, 0 <= turn < 1 */
GAE_INLINE void
gae_real_circle(double turn, double *cosine, double *sine)
{
	const double two_pi = 6.28318530717958647692;

	*cosine = cos(two_pi * turn);
	*sine = sin(two_pi * turn);
}

#else

GAE_INLINE float
gae_real_sqrt(float x)
{
	return sqrtf(x);
}

GAE_INLINE float
gae_real_abs(float x)
{
	return fabsf(x);
}

/* Adding 1.5 · 2^23 to a small float rounds it to an integer, held in its low bits. */
#define GAE_ROUND_MAGIC 12582912.0f
#define GAE_ROUND_MAGIC_BITS UINT32_C(0x4B400000)

/*
 * exp(x) with a relative error below 3e-7, for -87 <= x <= 88, where the result is
 * a normal float.  exp(x) = 2^n · exp(r), |r| <= log(2)/2, by Cody and Waite's
 * reduction and Taylor's polynomial of degree 6.
 */
GAE_INLINE float
gae_real_exp_in_range(float x)
{
	const float log2_e = 1.44269504f;
	const float ln2_high = 0.693359375f;	/* exact in 9 bits */
	const float ln2_low = -2.12194440e-4f;
	float		shifted;
	float		n;
	float		r;
	float		p = 1.0f / 720;
	uint32_t	bits;
	float		power;

	shifted = x * log2_e + GAE_ROUND_MAGIC;
	n = shifted - GAE_ROUND_MAGIC;
	r = (x - n * ln2_high) - n * ln2_low;
	p = p * r + 1.0f / 120;
	p = p * r + 1.0f / 24;
	p = p * r + 1.0f / 6;
	p = p * r + 0.5f;
	p = p * r + 1.0f;
	p = p * r + 1.0f;

	/* The last bits of "shifted" hold n.  Of a NaN they hold anything, but then p is NaN. */
	memcpy(&bits, &shifted, sizeof(bits));
	bits = (bits - GAE_ROUND_MAGIC_BITS + 127) << 23;
	memcpy(&power, &bits, sizeof(power));
	return p * power;
}

/* exp(x) for any x, clamped to that range. */
GAE_INLINE float
gae_real_exp(float x)
{
	x = x < -87.0f ? -87.0f : x;
	x = x > 88.0f ? 88.0f : x;
	return gae_real_exp_in_range(x);
}

/* exp(-x) for x >= 0, and exp(-87) for x > 87; floats >= 0 order as their bits do. */
GAE_INLINE float
gae_real_exp_minus(float x)
{
	const uint32_t most = 0x42AE0000;	/* of 87 */
	uint32_t	bits;

	memcpy(&bits, &x, sizeof(bits));
	bits = bits < most ? bits : most;
	memcpy(&x, &bits, sizeof(x));
	return gae_real_exp_in_range(-x);
}

/*
 * 1 / x for 1 <= x <= 2^16, with a relative error below 2e-7.  A constant less the bits of x
 * are the bits of 1 / x within an eighth; each of three steps of Newton squares the error.
 */
GAE_INLINE float
gae_real_reciprocal(float x)
{
	uint32_t	bits;
	float		r;

	memcpy(&bits, &x, sizeof(bits));
	bits = UINT32_C(0x7EF311C3) - bits;
	memcpy(&r, &bits, sizeof(r));
	r += r * (1.0f - x * r);
	r += r * (1.0f - x * r);
	return r + r * (1.0f - x * r);
}

/* 2 · atanh(t) for |t| <= 1/3 by its series up to t^13, relative error below 2e-7. */
GAE_INLINE float
gae_real_twice_atanh(float t)
{
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

/*
 * log(x) for positive, normal x: x = 2^n · m with m in [1/√2, √2), and
 * log(m) = 2 · atanh((m - 1) / (m + 1)).
 */
GAE_INLINE float
gae_real_log(float x)
{
	const float ln2 = 0.693147181f;
	const int32_t root_half_bits = 0x3F3504F3;	/* of 1/√2 */
	int32_t		bits;
	int32_t		n;
	float		m;

	memcpy(&bits, &x, sizeof(bits));
	n = (bits - root_half_bits) >> 23;
	bits -= n * (1 << 23);		/* n may be negative: no shift */
	memcpy(&m, &bits, sizeof(m));
	return (float) n * ln2 + gae_real_twice_atanh((m - 1.0f) / (m + 1.0f));
}

/* log(1 + x) for 0 <= x <= 1 */
GAE_INLINE float
gae_real_log1p(float x)
{
	return gae_real_twice_atanh(x / (2.0f + x));
}

/*
 * cos and sin of 2π·turn, 0 <= turn < 1, with an absolute error below 4e-7.  turn is split
 * into whole quarters and a rest of at most an eighth, for which Taylor's polynomials of
 * degree 8 and 7 are enough.
 */
GAE_INLINE void
gae_real_circle(float turn, float *cosine, float *sine)
{
	const float half_pi = 1.57079633f;
	float		quarters = (4.0f * turn + GAE_ROUND_MAGIC) - GAE_ROUND_MAGIC;
	float		r = (4.0f * turn - quarters) * half_pi;
	float		s = r * r;
	float		c = 1.0f + s * (-0.5f + s * (1.0f / 24 + s * (-1.0f / 720 + s * (1.0f / 40320))));
	float		d = r * (1.0f + s * (-1.0f / 6 + s * (1.0f / 120 + s * (-1.0f / 5040))));
	int32_t		quarter = (int32_t) quarters & 3;
	float		x = quarter & 1 ? d : c;
	float		y = quarter & 1 ? c : d;

	*cosine = quarter == 1 || quarter == 2 ? -x : x;
	*sine = quarter >= 2 ? -y : y;
}

#endif							/* GAE_DOUBLE */

/*
 * Rows of a large matrix that are gathered in random order are fetched into the cache this
 * many rows before they are needed: about as many as a processor can wait for at a time.
 */
#define GAE_PREFETCH_ENTRIES 12

/* Ask for a row (n) to be fetched into the cache. */
GAE_INLINE void
gae_prefetch_row(const GaeReal *row, int64_t n)
{
	for (int64_t j = 0; j < n; j += GAE_CACHE_LINE / (int64_t) sizeof(GaeReal))
		__builtin_prefetch(row + j);
}

/* max(x, 0), and NaN for NaN */
GAE_INLINE GaeReal
gae_real_positive(GaeReal x)
{
	return x < 0 ? 0 : x;
}

/* σ(x) = 1 / (1 + exp(-x)) and softplus(x) = log(1 + exp(x)), where exp(-|x|) is given. */
GAE_INLINE GaeReal
gae_real_sigmoid(GaeReal x, GaeReal exp_minus_abs)
{
	return (x < 0 ? exp_minus_abs : 1) / (1 + exp_minus_abs);
}

GAE_INLINE GaeReal
gae_real_softplus(GaeReal x, GaeReal exp_minus_abs)
{
	return gae_real_positive(x) + gae_real_log1p(exp_minus_abs);
}

#endif							/* GAE_SIMD_H */
