/*
 * status.h
 *		Outcomes of core functions, and the words that explain a failure.
 *
 * Core functions that can fail return a GaeStatus; the first failure of a call
 * is described in its environment's GaeError (see env.h).
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

/* Texts follow PostgreSQL's message style: see the error style guide. */
typedef struct GaeError
{
	GaeStatus	status;
	char		message[192];
	char		detail[384];
	char		hint[384];
} GaeError;

/* Hand a failure on to the caller. */
#define GAE_TRY(call) \
	do { \
		GaeStatus	gae_try_status = (call); \
		if (gae_try_status != GAE_OK) \
			return gae_try_status; \
	} while (0)

#endif							/* GAE_STATUS_H */
