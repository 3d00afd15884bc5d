/*
 * vector.c
 *		Choosing the products of short rows for this processor.
 */
#include "vector.h"

#include <string.h>

#include "simd.h"

#define KERNEL(name) name##_any
#define VECTOR_BYTES 16
#define GROUP 4
#include "vector_kernel.h"

#ifdef GAE_DISPATCHED

#pragma GCC push_options
#pragma GCC target("arch=x86-64-v3")
#define KERNEL(name) name##_v3
#define VECTOR_BYTES 32
#define GROUP 4
#include "vector_kernel.h"
#pragma GCC pop_options

#pragma GCC push_options
#pragma GCC target("arch=x86-64-v4")
#define KERNEL(name) name##_v4
#define VECTOR_BYTES 64
#define GROUP 8
#include "vector_kernel.h"
#pragma GCC pop_options

#endif

const GaeVectorKernels *
gae_vector_kernels_number(int number)
{
	switch (number)
	{
		case 0:
			return &kernels_any;
#ifdef GAE_DISPATCHED
		case 1:
			return __builtin_cpu_supports("x86-64-v3") ? &kernels_v3 : NULL;
		case 2:
			return __builtin_cpu_supports("x86-64-v4") ? &kernels_v4 : NULL;
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
