/*
 * long_memory.h
 *		Memory of any length: allocated so that it is soon given back; copied and set to
 *		zero with looks at interrupts on the way.
 */
#ifndef VGAE_LONG_MEMORY_H
#define VGAE_LONG_MEMORY_H

#include <sys/mman.h>

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

/*
 * The size of a huge page, and bytes of an array that is worth some: as many as NumPy asks
 * for.
 */
#define VGAE_HUGE_PAGE_BYTES ((uintptr_t) 2 * 1024 * 1024)
#define VGAE_LARGE_BYTES (UINT64CONST(4) * 1024 * 1024)

/*
 * Where the system leaves it to programs, have a large array in huge pages.  Small ones
 * take so long to be given back, 0.1 s or more for a gigabyte, that a training which is
 * cancelled would keep its session waiting, and no look at interrupts helps there.
 */
static inline void
vgae_want_huge_pages(void *memory, uint64 bytes)
{
#ifdef MADV_HUGEPAGE
	uintptr_t	first = TYPEALIGN(VGAE_HUGE_PAGE_BYTES, memory);
	uintptr_t	end = TYPEALIGN_DOWN(VGAE_HUGE_PAGE_BYTES, (uintptr_t) memory + bytes);

	/* A kernel without them refuses; nothing depends on it. */
	if (bytes >= VGAE_LARGE_BYTES)
		(void) madvise((void *) first, end - first, MADV_HUGEPAGE);
#endif
}

/* New memory that is all zero, in huge pages perhaps. */
static inline void *
vgae_alloc_zero_long(MemoryContext context, uint64 bytes)
{
	void	   *memory = MemoryContextAllocHuge(context, bytes);

	vgae_want_huge_pages(memory, bytes);
	vgae_zero_long(memory, bytes);
	return memory;
}

/*
 * New memory.  A large array is set to zero, too: the system clears a page when it is
 * first touched, and of huge pages whoever writes here and there would wait for gigabytes.
 */
static inline void *
vgae_alloc_long(MemoryContext context, uint64 bytes)
{
	if (bytes >= VGAE_LARGE_BYTES)
		return vgae_alloc_zero_long(context, bytes);
	return MemoryContextAllocHuge(context, bytes);
}

/*
 * As pfree(), of an array of that size; but the pages of a large one are given back a few at
 * a time.
 */
static inline void
vgae_free_long(void *memory, uint64 bytes)
{
#ifdef MADV_DONTNEED
	uint64		start = TYPEALIGN(VGAE_HUGE_PAGE_BYTES, memory) - (uintptr_t) memory;

	for (uint64 done = start; bytes >= VGAE_LARGE_BYTES && done + VGAE_BYTES_AT_ONCE <= bytes;
		 done += VGAE_BYTES_AT_ONCE)
	{
		CHECK_FOR_INTERRUPTS();
		(void) madvise((char *) memory + done, VGAE_BYTES_AT_ONCE, MADV_DONTNEED);
	}
#endif
	pfree(memory);
}

#endif							/* VGAE_LONG_MEMORY_H */
