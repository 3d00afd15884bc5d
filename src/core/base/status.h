/*
 * status.h
 *		What core functions return, and the words that explain a failure.
 *
 * A core function that can fail returns a GaeStatus; a failure is described in the GaeError
 * of the environment (see env.h).
 */
#ifndef GAE_STATUS_H
#define GAE_STATUS_H

typedef enum GaeStatus
{
	GAE_OK = 0,
	GAE_OUT_OF_MEMORY,			/* an allocation failed */
	GAE_INTERRUPTED,			/* the caller asked to stop */
	GAE_INVALID_ARGUMENT,		/* an argument is outside its domain */
	GAE_INVALID_MODEL,			/* bytes that are not a model */
	GAE_DIVERGED,				/* training produced a non-finite value */
	GAE_TOO_LARGE,				/* above a limit of memory or of model size */
	GAE_UNAVAILABLE				/* a library that is needed cannot be used */
} GaeStatus;

/* The texts follow PostgreSQL's error message style guide. */
typedef struct GaeError
{
	GaeStatus	status;
	char		message[192];
	char		detail[384];
	char		hint[384];
} GaeError;

/* Return the status of a call that failed to our caller. */
#define GAE_TRY(call) \
	do { \
		GaeStatus	gae_try_status = (call); \
		if (gae_try_status != GAE_OK) \
			return gae_try_status; \
	} while (0)

#endif							/* GAE_STATUS_H */
