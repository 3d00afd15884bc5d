/*
 * openblas.c
 *		OpenBLAS: loaded when a call first needs it, and kept to the calling thread.
 */
#include "core/linalg/openblas.h"

#include <cblas.h>
#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>

#include "core/base/parallel.h"

/*
 * Address space that OpenBLAS maps: at most BLAS_BUFFER_BYTES for the first product of a
 * thread (134 MB measured for 0.3.13 to 0.3.34), and at most BLAS_LOAD_BYTES when it is
 * loaded (180 MB measured for 0.3.34; from 0.3.29 on it maps a buffer then, too).  Where
 * OpenBLAS cannot map it, it waits for ever, crashes or exits: so we try first.
 */
#define BLAS_BUFFER_BYTES ((size_t) 136 * 1024 * 1024)
#define BLAS_LOAD_BYTES ((size_t) 200 * 1024 * 1024)

#ifdef GAE_DOUBLE
#define GEMM_SYMBOL "cblas_dgemm"
typedef __typeof__(&cblas_dgemm) GemmFunction;
#else
#define GEMM_SYMBOL "cblas_sgemm"
typedef __typeof__(&cblas_sgemm) GemmFunction;
#endif

typedef __typeof__(&openblas_set_num_threads) SetThreadsFunction;

/* LAPACK's dsyev, as Fortran compilers call it: the lengths of the strings come last. */
typedef void (*EigenFunction) (const char *job, const char *triangle, const blasint *n, double *a,
							   const blasint *lda, double *value, double *work, const blasint *work_size,
							   blasint *info, size_t job_length, size_t triangle_length);

/* What openblas_get_parallel() returns: how the library was built. */
#define BLAS_SERIAL 0
#define BLAS_OPENMP 2

/* The process's OpenBLAS; it stays once it is loaded. */
static struct
{
	GemmFunction gemm;			/* NULL: not loaded */
	EigenFunction eigen;		/* NULL: built without LAPACK */
	int			build;
	void	   *(*take_buffer) (int which);
	void		(*give_buffer) (void *buffer);
	void		(*set_openmp_threads) (int threads);
	int			buffers;		/* work buffers that are mapped: one a thread that multiplies */
} blas;

/* The serial build takes its buffers without a lock: one product at a time. */
static pthread_mutex_t serial_lock = PTHREAD_MUTEX_INITIALIZER;

/* The error GAE_OUT_OF_MEMORY unless there is address space for what OpenBLAS will map. */
static GaeStatus
require_room(GaeEnv *env, size_t bytes, const char *purpose)
{
	void	   *probe = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
							 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (probe == MAP_FAILED)
	{
		gae_fail(env, GAE_OUT_OF_MEMORY, "out of memory");
		gae_error_detail(env, "OpenBLAS needs %zu bytes of address space %s.", bytes, purpose);
		gae_error_hint(env, "Lower vgae.threads, or raise the limit of the server's address space.");
		return GAE_OUT_OF_MEMORY;
	}
	munmap(probe, bytes);
	return GAE_OK;
}

/*
 * OpenBLAS maps a buffer when a thread needs one, and keeps it.  So before threads
 * multiply, see that there is address space for the buffers of all of them, and have them
 * mapped.
 */
static GaeStatus
prepare_buffers(GaeEnv *env)
{
	void	   *buffer[GAE_MAX_THREADS];
	int			wanted = blas.build == BLAS_SERIAL ? 1 : gae_workers(env);
	int			taken = 0;

	if (wanted <= blas.buffers)
		return GAE_OK;
	GAE_TRY(require_room(env, BLAS_BUFFER_BYTES * (size_t) (wanted - blas.buffers),
						 "for its work buffers"));
	while (taken < wanted && (buffer[taken] = blas.take_buffer(0)) != NULL)
		taken++;
	for (int i = 0; i < taken; i++)
		blas.give_buffer(buffer[i]);
	blas.buffers = taken;
	if (taken < wanted)
	{
		gae_fail(env, GAE_UNAVAILABLE, "could not use OpenBLAS");
		gae_error_detail(env, "The library libopenblas.so.0 has work buffers for %d threads.", taken);
		gae_error_hint(env, "Lower vgae.threads.");
		return GAE_UNAVAILABLE;
	}
	return GAE_OK;
}

/* An environment variable, and its former value, which is put back. */
typedef struct Variable
{
	const char *name;
	char	   *former;
} Variable;

static Variable
set_variable(const char *name, const char *value)
{
	const char *former = getenv(name);
	Variable	variable = {name, former != NULL ? strdup(former) : NULL};

	setenv(name, value, 1);
	return variable;
}

static void
restore_variable(Variable variable)
{
	if (variable.former != NULL)
		setenv(variable.name, variable.former, 1);
	else
		unsetenv(variable.name);
	free(variable.former);
}

/*
 * Load the library; core is the kind of processor whose kernels it is to use, or NULL.
 *
 * The threaded builds of OpenBLAS start threads when they are loaded.  We ask for one
 * thread, which is ours.  In case a build starts others nevertheless, all signals are
 * blocked meanwhile, as a thread inherits the signal mask of the thread that starts it.
 */
static void *
open_blas(const char *core)
{
	Variable	threads = set_variable("OPENBLAS_NUM_THREADS", "1");
	Variable	core_type = {0};
	sigset_t	all;
	sigset_t	before;
	void	   *library;

	if (core != NULL)
		core_type = set_variable("OPENBLAS_CORETYPE", core);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	library = dlopen("libopenblas.so.0", RTLD_NOW | RTLD_LOCAL);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (core != NULL)
		restore_variable(core_type);
	restore_variable(threads);
	return library;
}

/*
 * The kind of processor whose kernels the library should have chosen, or NULL if it chose
 * well or was told what to choose.  An OpenBLAS older than the processor does not know it
 * and chooses kernels of twenty years ago, which have a third of the speed.
 */
static const char *
better_core(void *library)
{
#if defined(__x86_64__) && defined(__GNUC__)
	static const char *const good[] = {"Haswell", "Zen", "SkylakeX", "Cooperlake", "Sapphirerapids"};
	const char *(*core_name) (void) =
		(const char *(*) (void)) dlsym(library, "openblas_get_corename");

	if (core_name == NULL || getenv("OPENBLAS_CORETYPE") != NULL)
		return NULL;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		if (strcasecmp(core_name(), good[i]) == 0)
			return NULL;
	if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
		__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq"))
		return "SkylakeX";
	if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
		return "Haswell";
#else
	(void) library;
#endif
	return NULL;
}

/* Load the library, and look up the functions that we use. */
static GaeStatus
load_blas(GaeEnv *env)
{
	const char *core;
	void	   *library;
	GemmFunction gemm;
	SetThreadsFunction set_threads;
	int			(*get_build) (void);

	GAE_TRY(require_room(env, BLAS_LOAD_BYTES, "to be loaded"));
	library = open_blas(NULL);
	if (library != NULL && (core = better_core(library)) != NULL)
	{
		/* It chooses when it is loaded.  Where others have it loaded, nothing changes. */
		dlclose(library);
		library = open_blas(core);
	}
	if (library == NULL)
	{
		gae_fail(env, GAE_UNAVAILABLE, "could not load OpenBLAS");
		gae_error_detail(env, "%s", dlerror());
		gae_error_hint(env, "Install the package libopenblas0 (Debian, Ubuntu) or openblas (Fedora, RHEL).");
		return GAE_UNAVAILABLE;
	}
	gemm = (GemmFunction) dlsym(library, GEMM_SYMBOL);
	set_threads = (SetThreadsFunction) dlsym(library, "openblas_set_num_threads");
	get_build = (int (*) (void)) dlsym(library, "openblas_get_parallel");
	blas.take_buffer = (void *(*) (int)) dlsym(library, "blas_memory_alloc");
	blas.give_buffer = (void (*) (void *)) dlsym(library, "blas_memory_free");
	if (gemm == NULL || set_threads == NULL || get_build == NULL ||
		blas.take_buffer == NULL || blas.give_buffer == NULL)
	{
		gae_fail(env, GAE_UNAVAILABLE, "could not use OpenBLAS");
		gae_error_detail(env, "The library libopenblas.so.0 lacks %s, openblas_set_num_threads, "
						 "openblas_get_parallel, blas_memory_alloc or blas_memory_free.", GEMM_SYMBOL);
		gae_error_hint(env, "Install an unmodified OpenBLAS.");
		return GAE_UNAVAILABLE;
	}

	/* Another library may have loaded it before us, with threads. */
	set_threads(1);
	blas.build = get_build();
	if (blas.build == BLAS_OPENMP)
		blas.set_openmp_threads = (void (*) (int)) dlsym(library, "omp_set_num_threads");
	blas.eigen = (EigenFunction) dlsym(library, "dsyev_");
	blas.gemm = gemm;
	return GAE_OK;
}

GaeStatus
gae_openblas_load(GaeEnv *env)
{
	if (blas.gemm == NULL)
		GAE_TRY(load_blas(env));
	return prepare_buffers(env);
}

/* To be called before this thread calls the library, … */
static void
enter_blas(void)
{
	/* OpenMP has a number of threads for each thread that it did not start. */
	static _Thread_local bool openmp_told = false;

	if (blas.set_openmp_threads != NULL && !openmp_told)
	{
		blas.set_openmp_threads(1);
		openmp_told = true;
	}
	if (blas.build == BLAS_SERIAL)
		pthread_mutex_lock(&serial_lock);
}

/* … and after that. */
static void
leave_blas(void)
{
	if (blas.build == BLAS_SERIAL)
		pthread_mutex_unlock(&serial_lock);
}

void
gae_gemm(GaeTranspose transpose_a, GaeTranspose transpose_b,
		 int64_t m, int64_t n, int64_t k,
		 GaeReal alpha, const GaeReal *a, int64_t lda,
		 const GaeReal *b, int64_t ldb,
		 GaeReal beta, GaeReal *c, int64_t ldc)
{
	if (m == 0 || n == 0)
		return;
	enter_blas();
	blas.gemm(CblasRowMajor,
			  transpose_a ? CblasTrans : CblasNoTrans,
			  transpose_b ? CblasTrans : CblasNoTrans,
			  (blasint) m, (blasint) n, (blasint) k,
			  alpha, a, (blasint) lda, b, (blasint) ldb, beta, c, (blasint) ldc);
	leave_blas();
}

GaeStatus
gae_eigen_symmetric(GaeEnv *env, int n, double *a, double *value)
{
	blasint		size = (blasint) n;
	blasint		work_size = 8 * size;	/* as much as LAPACK's blocked code can use */
	blasint		info;
	double	   *work;

	if (blas.eigen == NULL)
	{
		gae_fail(env, GAE_UNAVAILABLE, "could not use OpenBLAS");
		gae_error_detail(env, "The library libopenblas.so.0 was built without LAPACK.");
		gae_error_hint(env, "Install an unmodified OpenBLAS.");
		return GAE_UNAVAILABLE;
	}
	GAE_ALLOC(env, work, work_size);
	enter_blas();
	blas.eigen("V", "L", &size, a, &size, value, work, &work_size, &info, 1, 1);
	leave_blas();
	gae_free(env, work);
	if (info != 0)
		return gae_fail(env, GAE_UNAVAILABLE, "OpenBLAS found no eigenvectors");
	return GAE_OK;
}
