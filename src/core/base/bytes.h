/*
 * bytes.h
 *		Little-endian numbers in byte buffers of any alignment.
 */
#ifndef GAE_BYTES_H
#define GAE_BYTES_H

#include <stdint.h>
#include <string.h>

/*
 * On a little-endian machine loading and storing are copies, and compilers make vector code
 * of a loop of copies.
 */
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__

static inline uint32_t
gae_load_u32(const uint8_t *p)
{
	uint32_t	value;

	memcpy(&value, p, sizeof(value));
	return value;
}

static inline uint64_t
gae_load_u64(const uint8_t *p)
{
	uint64_t	value;

	memcpy(&value, p, sizeof(value));
	return value;
}

static inline void
gae_store_u32(uint8_t *p, uint32_t value)
{
	memcpy(p, &value, sizeof(value));
}

static inline void
gae_store_u64(uint8_t *p, uint64_t value)
{
	memcpy(p, &value, sizeof(value));
}

static inline uint16_t
gae_load_u16(const uint8_t *p)
{
	uint16_t	value;

	memcpy(&value, p, sizeof(value));
	return value;
}

static inline void
gae_store_u16(uint8_t *p, uint16_t value)
{
	memcpy(p, &value, sizeof(value));
}

#else

static inline uint16_t
gae_load_u16(const uint8_t *p)
{
	return (uint16_t) (p[0] | p[1] << 8);
}

static inline void
gae_store_u16(uint8_t *p, uint16_t value)
{
	p[0] = (uint8_t) value;
	p[1] = (uint8_t) (value >> 8);
}

static inline uint32_t
gae_load_u32(const uint8_t *p)
{
	return (uint32_t) p[0] | (uint32_t) p[1] << 8 | (uint32_t) p[2] << 16 | (uint32_t) p[3] << 24;
}

static inline uint64_t
gae_load_u64(const uint8_t *p)
{
	return (uint64_t) gae_load_u32(p) | (uint64_t) gae_load_u32(p + 4) << 32;
}

static inline void
gae_store_u32(uint8_t *p, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t) (value >> (8 * i));
}

static inline void
gae_store_u64(uint8_t *p, uint64_t value)
{
	for (int i = 0; i < 8; i++)
		p[i] = (uint8_t) (value >> (8 * i));
}

#endif

static inline float
gae_load_f32(const uint8_t *p)
{
	uint32_t	bits = gae_load_u32(p);
	float		value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

static inline double
gae_load_f64(const uint8_t *p)
{
	uint64_t	bits = gae_load_u64(p);
	double		value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

static inline void
gae_store_f32(uint8_t *p, float value)
{
	uint32_t	bits;

	memcpy(&bits, &value, sizeof(bits));
	gae_store_u32(p, bits);
}

static inline void
gae_store_f64(uint8_t *p, double value)
{
	uint64_t	bits;

	memcpy(&bits, &value, sizeof(bits));
	gae_store_u64(p, bits);
}

#endif							/* GAE_BYTES_H */
