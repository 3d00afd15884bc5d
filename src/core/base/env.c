/*
 * env.c
 *		Memory, errors and interrupts by way of the environment.
 */
#include "core/base/env.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

GaeStatus
gae_memory_expect(GaeEnv *env, double bytes, const char *work, const char *hint)
{
	if (env->held != NULL)
		bytes += (double) env->held(env->context);
	if (env->memory_limit == 0 || bytes <= (double) env->memory_limit)
		return GAE_OK;
	gae_fail(env, GAE_TOO_LARGE, "%s would need too much memory", work);
	gae_error_detail(env, "It would need about %.0f MB; vgae.memory_limit is %.0f MB.",
					 ceil(bytes / 1048576), floor((double) env->memory_limit / 1048576));
	gae_error_hint(env, "%s", hint);
	return GAE_TOO_LARGE;
}

/* Bytes written between two looks at interrupts: new memory takes some milliseconds. */
#define PIECE_BYTES ((size_t) 8 << 20)

/* The least that a system has for a page, and what is large enough to be touched at once. */
#define PAGE_BYTES 4096
#define LARGE_BYTES ((size_t) 4 << 20)

/* The bytes of the piece that begins at "first". */
static size_t
piece_at(size_t first, size_t bytes)
{
	return bytes - first < PIECE_BYTES ? bytes - first : PIECE_BYTES;
}

GaeStatus
gae_zero(GaeEnv *env, void *to, size_t bytes)
{
	for (size_t first = 0; first < bytes; first += PIECE_BYTES)
	{
		if (first > 0)
			GAE_TRY(gae_poll(env));
		memset((char *) to + first, 0, piece_at(first, bytes));
	}
	return GAE_OK;
}

GaeStatus
gae_copy(GaeEnv *env, void *to, const void *from, size_t bytes)
{
	for (size_t first = 0; first < bytes; first += PIECE_BYTES)
	{
		if (first > 0)
			GAE_TRY(gae_poll(env));
		memcpy((char *) to + first, (const char *) from + first, piece_at(first, bytes));
	}
	return GAE_OK;
}

/* As gae_alloc(), but the memory is not touched. */
static void *
allocate(GaeEnv *env, int64_t count, size_t size)
{
	void	   *memory = NULL;

	/* An empty array is a valid request: it gets one element. */
	if (count == 0)
		count = 1;
	if (count > 0 && (uint64_t) count <= (SIZE_MAX / 2) / size)
		memory = env->allocate(env->context, (size_t) count * size);
	if (memory == NULL)
	{
		gae_fail(env, GAE_OUT_OF_MEMORY, "out of memory");
		gae_error_detail(env, "Failed on request for %lld elements of %zu bytes.",
						 (long long) count, size);
	}
	return memory;
}

/*
 * New memory is touched here, in its order: the system clears a page when it is first
 * touched, and of huge pages a block of work that writes here and there would wait for
 * gigabytes.
 */
static GaeStatus
touch(GaeEnv *env, void *memory, size_t bytes)
{
	volatile char *byte = memory;

	for (size_t first = 0; first < bytes; first += PIECE_BYTES)
	{
		GAE_TRY(gae_poll(env));
		for (size_t i = first; i < first + piece_at(first, bytes); i += PAGE_BYTES)
			byte[i] = 0;
	}
	return GAE_OK;
}

void *
gae_alloc(GaeEnv *env, int64_t count, size_t size)
{
	void	   *memory = allocate(env, count, size);
	size_t		bytes = (size_t) count * size;

	if (memory == NULL || (bytes >= LARGE_BYTES && touch(env, memory, bytes) != GAE_OK))
		return NULL;
	return memory;
}

void *
gae_alloc_zero(GaeEnv *env, int64_t count, size_t size)
{
	void	   *memory = allocate(env, count, size);

	if (memory == NULL || gae_zero(env, memory, (size_t) count * size) != GAE_OK)
		return NULL;
	return memory;
}

void *
gae_alloc_aligned(GaeEnv *env, int64_t count, size_t size)
{
	int64_t		spare = (int64_t) (GAE_CACHE_LINE / size + 1);
	char	   *memory;

	if (count > INT64_MAX - spare)
		count = INT64_MAX - spare;	/* too large in any case */
	memory = gae_alloc_zero(env, count + spare, size);
	if (memory == NULL)
		return NULL;
	return memory + (GAE_CACHE_LINE - (uintptr_t) memory % GAE_CACHE_LINE) % GAE_CACHE_LINE;
}

void
gae_free(GaeEnv *env, void *memory)
{
	if (memory != NULL)
		env->release(env->context, memory);
}

GaeStatus
gae_fail(GaeEnv *env, GaeStatus status, const char *message, ...)
{
	va_list		args;

	env->error.status = status;
	env->error.detail[0] = '\0';
	env->error.hint[0] = '\0';
	va_start(args, message);
	vsnprintf(env->error.message, sizeof(env->error.message), message, args);
	va_end(args);
	return status;
}

void
gae_error_detail(GaeEnv *env, const char *detail, ...)
{
	va_list		args;

	va_start(args, detail);
	vsnprintf(env->error.detail, sizeof(env->error.detail), detail, args);
	va_end(args);
}

void
gae_error_hint(GaeEnv *env, const char *hint, ...)
{
	va_list		args;

	va_start(args, hint);
	vsnprintf(env->error.hint, sizeof(env->error.hint), hint, args);
	va_end(args);
}

GaeStatus
gae_poll(GaeEnv *env)
{
	if (env->pending(env->context) && env->interrupted(env->context))
		return gae_fail(env, GAE_INTERRUPTED, "interrupted");
	return GAE_OK;
}
