/*
 * env.h
 *		What the core needs of its surroundings: memory, interrupts, progress and threads.
 *
 * All memory that core code allocates belongs to the environment.  The owner of the
 * environment frees it as a whole when the call ends, whether it succeeded or not;
 * gae_free() only gives large pieces back early.  Core code therefore needs no cleanup on
 * its error paths.
 */
#ifndef GAE_ENV_H
#define GAE_ENV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/status.h"

/*
 * The type of all arithmetic on model values.  The extension is built with float; the unit
 * tests are built a second time with double, where gradients can be checked sharply.
 */
#ifdef GAE_DOUBLE
typedef double GaeReal;
#else
typedef float GaeReal;
#endif

#if defined(__GNUC__)
#define GAE_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define GAE_PRINTF(text, first)
#endif

typedef struct GaePool GaePool;

/*
 * What a training does, in the order in which it does it.  The core reports the
 * three phases in the middle; its caller reads before them and writes after them.
 */
typedef enum GaePhase
{
	GAE_PHASE_READING,			/* the inputs */
	GAE_PHASE_TRAINING,			/* the epochs */
	GAE_PHASE_CALIBRATING,		/* gae, vgae: the link probabilities, by the final embeddings */
	GAE_PHASE_ENCODING,			/* ae, vae: all rows, by the final weights */
	GAE_PHASE_WRITING			/* the model's bytes */
} GaePhase;

/* How far a training is; loss and score are NaN where there is none yet. */
typedef struct GaeProgress
{
	GaePhase	phase;
	int			epoch;			/* the last one that ended, from 1; 0 before */
	int			epochs;
	double		loss;
	double		validation_score;
} GaeProgress;

typedef struct GaeEnv
{
	/* Memory; allocate returns NULL when there is none left.  Main thread only. */
	void	   *(*allocate) (void *context, size_t bytes);
	void		(*release) (void *context, void *memory);

	/* Bytes that the call holds at present, its arguments among them; NULL: unknown. */
	int64_t		(*held) (void *context);

	/*
	 * Main thread only.  pending() says cheaply whether an interrupt waits.  interrupted()
	 * serves the interrupts that wait and says whether to stop; it is called only while no
	 * worker thread runs a block.
	 */
	bool		(*pending) (void *context);
	bool		(*interrupted) (void *context);

	/* Called by the main thread when a phase begins and after every epoch; may be NULL. */
	void		(*progress) (void *context, const GaeProgress *progress);

	void	   *context;
	int			threads;		/* compute threads to use: 1 … GAE_MAX_THREADS */
	int64_t		memory_limit;	/* bytes that the call may hold; 0: no limit */
	GaePool    *pool;			/* made when first needed: see parallel.h */
	GaeError	error;
} GaeEnv;

/*
 * Allocate count elements of the given size.  NULL, with the error set, when the product
 * overflows, when there is not enough memory, or when an interrupt comes while a large
 * array is touched or set to zero.
 */
extern void *gae_alloc(GaeEnv *env, int64_t count, size_t size);
extern void *gae_alloc_zero(GaeEnv *env, int64_t count, size_t size);
extern void gae_free(GaeEnv *env, void *memory);

/*
 * To be called before work that allocates "bytes" beside what is held.  Error:
 * GAE_TOO_LARGE "<work> would need too much memory" when the sum is above the limit.
 */
extern GaeStatus gae_memory_expect(GaeEnv *env, double bytes, const char *work, const char *hint);

/* Zeroed memory that begins at a cache line.  It cannot be given back early. */
#define GAE_CACHE_LINE 64
extern void *gae_alloc_aligned(GaeEnv *env, int64_t count, size_t size);

/* p = room for count elements of *p; where that fails, the function returns the status. */
#define GAE_ALLOC(env, p, count) \
	do { \
		if (((p) = gae_alloc((env), (count), sizeof(*(p)))) == NULL) \
			return (env)->error.status; \
	} while (0)
#define GAE_ALLOC_ZERO(env, p, count) \
	do { \
		if (((p) = gae_alloc_zero((env), (count), sizeof(*(p)))) == NULL) \
			return (env)->error.status; \
	} while (0)

/* Record a failure; returns its status, for "return gae_fail(…)". */
extern GaeStatus gae_fail(GaeEnv *env, GaeStatus status, const char *message, ...)
			GAE_PRINTF(3, 4);
extern void gae_error_detail(GaeEnv *env, const char *detail, ...) GAE_PRINTF(2, 3);
extern void gae_error_hint(GaeEnv *env, const char *hint, ...) GAE_PRINTF(2, 3);

/* To be called by the main thread between blocks of work of at most 50 ms. */
extern GaeStatus gae_poll(GaeEnv *env);

/* memset to 0, and memcpy, of any number of bytes; they poll on the way. */
extern GaeStatus gae_zero(GaeEnv *env, void *to, size_t bytes);
extern GaeStatus gae_copy(GaeEnv *env, void *to, const void *from, size_t bytes);

/* A loop over items of some nanoseconds each polls when their number is a multiple of this. */
#define GAE_POLL_ITEMS (1 << 18)

#endif							/* GAE_ENV_H */
