/*
 * tile.c
 *		Tiles of inner products, in the registers of several instruction sets.
 */
#include "tile.h"

#ifdef GAE_DOUBLE
typedef int64_t TileBits;
#else
typedef int32_t TileBits;
#endif

#ifdef __clang__
#define TILE_UNROLL _Pragma("clang loop unroll(full)")
#else
#define TILE_UNROLL _Pragma("GCC unroll 8")
#endif

#if defined(__x86_64__)

/* 16 accumulators, 2 columns and a broadcast, in 32 registers. */
#define TILE_NAME tile_avx512
#define TILE_TARGET __attribute__((target("avx512f")))
#define TILE_VECTOR_BYTES 64
#define TILE_REGISTER_ROWS 8
#include "tile_kernel.h"

/* 8 accumulators, 2 columns and a broadcast, in 16 registers. */
#define TILE_NAME tile_avx2
#define TILE_TARGET __attribute__((target("avx2,fma")))
#define TILE_VECTOR_BYTES 32
#define TILE_REGISTER_ROWS 4
#include "tile_kernel.h"

#endif

/* Any machine: vectors of 16 bytes, as SSE2 and NEON have them. */
#define TILE_NAME tile_baseline
#define TILE_TARGET
#define TILE_VECTOR_BYTES 16
#define TILE_REGISTER_ROWS 4
#include "tile_kernel.h"

int
gae_tile_products(GaeTileProduct product[GAE_TILE_PRODUCTS])
{
	int			count = 0;

	product[count++] = tile_baseline;
#if defined(__x86_64__)
	if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
		product[count++] = tile_avx2;
	if (__builtin_cpu_supports("avx512f"))
		product[count++] = tile_avx512;
#endif
	return count;
}

GaeTileProduct
gae_tile_product(void)
{
	GaeTileProduct product[GAE_TILE_PRODUCTS];

	return product[gae_tile_products(product) - 1];
}
