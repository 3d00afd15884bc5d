/*
 * input_arrays.h
 *		Arrays with one element for each row of an input, which grow as rows are read.
 */
#ifndef VGAE_INPUT_ARRAYS_H
#define VGAE_INPUT_ARRAYS_H

#include "utils/palloc.h"

/* Rows handled between two looks at interrupts. */
#define VGAE_POLL_ROWS (1 << 16)

/* Rows that an array has room for at first. */
#define VGAE_INITIAL_ROWS 256

/* Bytes from which on repalloc moves an array without copying it. */
#define VGAE_LARGE_ARRAY (16 * 1024 * 1024)

/* Give an array another size; its memory stays in its context. */
#define vgae_resize(array, capacity) \
	((array) = repalloc_huge((array), (Size) Max(capacity, 1) * sizeof(*(array))))

/*
 * The rows that a full array gets room for: twice as many or, where it is large, a
 * quarter more.
 */
static inline int64
vgae_next_capacity(int64 capacity, Size row_bytes)
{
	return capacity < VGAE_LARGE_ARRAY / (int64) row_bytes ? 2 * capacity : capacity + capacity / 4 + 1;
}

#endif							/* VGAE_INPUT_ARRAYS_H */
