/*
 * env.c
 *		Memory, errors and interrupts by way of the environment.
 */
#include "env.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void *
gae_alloc(GaeEnv *env, int64_t count, size_t size)
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

/* Bytes that are zeroed between two looks at interrupts: some milliseconds of new memory. */
#define ZERO_BYTES ((size_t) 8 << 20)

void *
gae_alloc_zero(GaeEnv *env, int64_t count, size_t size)
{
	char	   *memory = gae_alloc(env, count, size);
	size_t		bytes = (size_t) count * size;

	for (size_t first = 0; memory != NULL && first < bytes; first += ZERO_BYTES)
	{
		if (first > 0 && gae_poll(env) != GAE_OK)
			return NULL;
		memset(memory + first, 0, bytes - first < ZERO_BYTES ? bytes - first : ZERO_BYTES);
	}
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
