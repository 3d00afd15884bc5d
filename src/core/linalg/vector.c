/*
 * vector.c
 *		Choosing the products of short rows for this processor.
 */
#include "core/linalg/vector.h"

#include <string.h>

#include "core/base/simd.h"

/* An integer as long as a GaeReal, to look at its sign bit. */
#ifdef GAE_DOUBLE
typedef int64_t RealBits;
#else
typedef int32_t RealBits;
#endif

/* Said of a loop over registers: unroll it, so that each is one. */
#ifdef __clang__
#define UNROLLED _Pragma("clang loop unroll(full)")
#else
#define UNROLLED _Pragma("GCC unroll 8")
#endif

/* Said of the counter of a short loop, this keeps the compiler from vectorising the loop. */
#define KEEP_SCALAR(counter) __asm__("" : "+r"(counter))

/* Any machine: registers of 16 bytes, as SSE2 and NEON have them. */
#define KERNEL(name) name##_any
#define VECTOR_TARGET
#define VECTOR_BYTES 16
#define GROUP 4
#include "core/linalg/vector_kernel.h"

#if defined(__x86_64__)

/* 16 registers: 8 sums, 2 of columns and a broadcast. */
#define KERNEL(name) name##_avx2
#define VECTOR_TARGET __attribute__((target("avx2,fma")))
#define VECTOR_BYTES 32
#define GROUP 4
#include "core/linalg/vector_kernel.h"

/* 32 registers: 16 sums, 2 of columns and a broadcast. */
#define KERNEL(name) name##_avx512
#define VECTOR_TARGET __attribute__((target("avx512f")))
#define VECTOR_BYTES 64
#define GROUP 8
#include "core/linalg/vector_kernel.h"

#endif

const GaeVectorKernels *
gae_vector_kernels_number(int number)
{
	switch (number)
	{
		case 0:
			return &kernels_any;
#if defined(__x86_64__)
		case 1:
			return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ?
				&kernels_avx2 : NULL;
		case 2:
			return __builtin_cpu_supports("avx512f") ? &kernels_avx512 : NULL;
#endif
		default:
			return NULL;
	}
}

const GaeVectorKernels *
gae_vector_kernels(void)
{
	const GaeVectorKernels *best = NULL;
	const GaeVectorKernels *kernels;

	for (int number = 0; (kernels = gae_vector_kernels_number(number)) != NULL; number++)
		best = kernels;
	return best;
}
