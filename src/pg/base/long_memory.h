/*
 * long_memory.h
 *		Memory of any length, copied and set to zero with looks at interrupts on the way.
 */
#ifndef VGAE_LONG_MEMORY_H
#define VGAE_LONG_MEMORY_H

#include "miscadmin.h"
#include "utils/memutils.h"

/* Bytes between two looks at interrupts: some milliseconds, when the memory is new. */
#define VGAE_BYTES_AT_ONCE (UINT64CONST(1) << 23)

static inline void
vgae_copy_long(void *to, const void *from, uint64 bytes)
{
	for (uint64 done = 0; done < bytes; done += VGAE_BYTES_AT_ONCE)
	{
		CHECK_FOR_INTERRUPTS();
		memcpy((char *) to + done, (const char *) from + done,
			   Min(bytes - done, VGAE_BYTES_AT_ONCE));
	}
}

static inline void
vgae_zero_long(void *to, uint64 bytes)
{
	for (uint64 done = 0; done < bytes; done += VGAE_BYTES_AT_ONCE)
	{
		CHECK_FOR_INTERRUPTS();
		memset((char *) to + done, 0, Min(bytes - done, VGAE_BYTES_AT_ONCE));
	}
}

/* New memory that is all zero. */
static inline void *
vgae_alloc_zero_long(MemoryContext context, uint64 bytes)
{
	void	   *memory = MemoryContextAllocHuge(context, bytes);

	vgae_zero_long(memory, bytes);
	return memory;
}

#endif							/* VGAE_LONG_MEMORY_H */
