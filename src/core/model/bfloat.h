/*
 * bfloat.h
 *		bfloat16: the upper half of a float, with its range and eight bits of its
 *		precision.
 */
#ifndef GAE_BFLOAT_H
#define GAE_BFLOAT_H

#include <stdint.h>
#include <string.h>

/* All of these bits are set in a number that is infinite or not a number. */
#define GAE_BFLOAT_EXPONENT UINT16_C(0x7F80)
#define GAE_BFLOAT_SIGN UINT16_C(0x8000)

/*
 * The nearest bfloat16, ties to even; the largest finite one for values beyond it and
 * for those that are not a number.
 */
static inline uint16_t
gae_bfloat(float value)
{
	uint32_t	bits;
	uint16_t	sign;
	uint16_t	rounded;

	memcpy(&bits, &value, sizeof(bits));
	sign = (uint16_t) (bits >> 16) & GAE_BFLOAT_SIGN;
	bits &= UINT32_C(0x7FFFFFFF);
	rounded = (uint16_t) ((bits + UINT32_C(0x7FFF) + (bits >> 16 & 1)) >> 16);
	if (rounded >= GAE_BFLOAT_EXPONENT)
		rounded = GAE_BFLOAT_EXPONENT - 1;
	return sign | rounded;
}

static inline float
gae_float_of_bfloat(uint16_t bfloat)
{
	uint32_t	bits = (uint32_t) bfloat << 16;
	float		value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

#endif							/* GAE_BFLOAT_H */
