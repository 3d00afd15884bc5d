/*
 * limits.c
 *		How fast this machine can be, for 1 and for 2 threads: matrix products,
 *		streams through memory, rows gathered from memory, the elementwise pass of
 *		the inner-product decoder, and that decoder fused tile by tile.
 *
 *		cc -O3 -march=native -ffast-math limits.c -o limits -ldl -lm -pthread
 *		limits THREADS [gather ROW_BYTES ROWS | fused NODES DIMENSIONS]...
 *
 * Prints one line of JSON. OpenBLAS chooses its kernels when it is loaded: the
 * caller sets OPENBLAS_CORETYPE where it chooses badly, and OPENBLAS_NUM_THREADS=1,
 * for every thread here multiplies for itself.
 */
#include <dlfcn.h>
#include <math.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SECONDS 0.3				/* a trial lasts at least this long */
#define TRIALS 5				/* the best of them counts */
#define MAX_THREADS 64
#define SQUARE 2048				/* of a large product */
#define TILE 256				/* of a product that stays in cache */
#define TILE_DEPTH 16
#define STREAM (64L << 20)		/* floats in each of the triad's arrays */
#define AHEAD 16				/* rows that a gather prefetches */

enum {ROW_MAJOR = 101, PLAIN = 111, TRANSPOSED = 112};

typedef void (*Gemm) (int order, int ta, int tb, int m, int n, int k, float alpha, const float *a,
					  int lda, const float *b, int ldb, float beta, float *c, int ldc);

typedef struct Task
{
	void		(*work) (struct Task *task);
	int			thread;
	int			threads;
	int64_t		rows;			/* gather, fused */
	int64_t		width;			/* floats in a row */
	float	   *a;
	float	   *b;
	float	   *c;
	const int32_t *index;
	int64_t		count;
	double		sum;
} Task;

static Gemm gemm;

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + 1e-9 * t.tv_nsec;
}

static float *
floats(int64_t count)
{
	float	   *p = aligned_alloc(64, (count * sizeof(float) + 63) / 64 * 64);

	if (p == NULL)
		exit(2);
	for (int64_t i = 0; i < count; i++)
		p[i] = (float) (i % 17) * 0.1f - 0.8f;
	return p;
}

static void *
start(void *task)
{
	((Task *) task)->work(task);
	return NULL;
}

/* Seconds that all threads take to do their part of the work once. */
static double
once(Task *tasks, int threads)
{
	pthread_t	id[MAX_THREADS];
	double		begin = now();

	for (int t = 1; t < threads; t++)
		if (pthread_create(&id[t], NULL, start, &tasks[t]) != 0)
			exit(2);
	start(&tasks[0]);
	for (int t = 1; t < threads; t++)
		pthread_join(id[t], NULL);
	return now() - begin;
}

static double
best(Task *tasks, int threads)
{
	double		fastest = INFINITY;
	double		begin = now();

	for (int trial = 0; trial < TRIALS || now() - begin < SECONDS; trial++)
		fastest = fmin(fastest, once(tasks, threads));
	return fastest;
}

static void
square_work(Task *t)
{
	gemm(ROW_MAJOR, PLAIN, PLAIN, SQUARE / t->threads, SQUARE, SQUARE, 1,
		 t->a + (int64_t) SQUARE / t->threads * t->thread * SQUARE, SQUARE, t->b, SQUARE, 0,
		 t->c + (int64_t) SQUARE / t->threads * t->thread * SQUARE, SQUARE);
}

/* The three products of a tile: Z·Zᵀ, and its gradient by either factor. */
#define TILE_REPEATS 2000
static void
tile_work(Task *t)
{
	for (int i = 0; i < TILE_REPEATS; i++)
	{
		gemm(ROW_MAJOR, PLAIN, TRANSPOSED, TILE, TILE, TILE_DEPTH, 1, t->a, TILE_DEPTH,
			 t->b, TILE_DEPTH, 0, t->c, TILE);
		gemm(ROW_MAJOR, PLAIN, PLAIN, TILE, TILE_DEPTH, TILE, 1, t->c, TILE,
			 t->b, TILE_DEPTH, 0, t->a + TILE * TILE_DEPTH, TILE_DEPTH);
		gemm(ROW_MAJOR, TRANSPOSED, PLAIN, TILE, TILE_DEPTH, TILE, 1, t->c, TILE,
			 t->a, TILE_DEPTH, 0, t->b + TILE * TILE_DEPTH, TILE_DEPTH);
	}
}

static void
triad_work(Task *t)
{
	int64_t		first = STREAM / t->threads * t->thread;
	int64_t		end = first + STREAM / t->threads;
	float	   *restrict a = t->a;
	const float *restrict b = t->b;
	const float *restrict c = t->c;

	for (int64_t i = first; i < end; i++)
		a[i] = b[i] + 3 * c[i];
}

static void
gather_work(Task *t)
{
	int64_t		first = t->count / t->threads * t->thread;
	int64_t		end = first + t->count / t->threads;
	int64_t		width = t->width;
	float		sum[64] = {0};

	for (int64_t i = first; i < end; i++)
	{
		const float *row = t->a + t->index[i] * width;
		const char *next = (const char *) (t->a + t->index[i + AHEAD] * width);

		for (int64_t byte = 0; byte < width * 4; byte += 64)
			__builtin_prefetch(next + byte);
		for (int64_t j = 0; j < width; j++)
			sum[j] += row[j];
	}
	for (int64_t j = 0; j < width; j++)
		t->sum += sum[j];
}

/* exp(x) for -87 < x <= 0, to about 1e-6: 2^k times a polynomial of the rest. */
static inline float
exponential(float x)
{
	float		t = fmaxf(x, -87) * 1.44269504f;
	float		k = rintf(t);
	float		f = t - k;
	float		p = 1 + f * (0.693147f + f * (0.240227f + f * (0.0555041f + f * (0.00961813f + f * 0.00133336f))));
	int32_t		bits = ((int32_t) k + 127) << 23;
	float		power;

	memcpy(&power, &bits, sizeof(power));
	return p * power;
}

/*
 * x becomes sigmoid(x); returns the sum of softplus(x) = max(x, 0) + log(1 + exp(-|x|)),
 * with one logarithm for a product of many terms.
 */
#define LANES 64
#define TERMS 16
static double
sigmoid_softplus(float *restrict x, int64_t count)
{
	float		sum[LANES] = {0};
	double		total = 0;

	for (int64_t i = 0; i < count; i += LANES * TERMS)
	{
		float		product[LANES];

		for (int j = 0; j < LANES; j++)
			product[j] = 1;
		for (int64_t k = i; k < i + LANES * TERMS && k < count; k += LANES)
		{
			int			lanes = count - k < LANES ? (int) (count - k) : LANES;

			for (int j = 0; j < lanes; j++)
			{
				float		e = exponential(-fabsf(x[k + j]));
				float		r = 1 / (1 + e);

				product[j] *= 1 + e;
				sum[j] += fmaxf(x[k + j], 0);
				x[k + j] = x[k + j] >= 0 ? r : 1 - r;
			}
		}
		for (int j = 0; j < LANES; j++)
			sum[j] += logf(product[j]);
	}
	for (int j = 0; j < LANES; j++)
		total += sum[j];
	return total;
}

#define ELEMENT_REPEATS 200
static void
element_work(Task *t)
{
	for (int i = 0; i < ELEMENT_REPEATS; i++)
		t->sum += sigmoid_softplus(t->c, TILE * TILE);
}

/* Loss and gradient of the non-edges' term over the upper triangle, tile by tile. */
static void
fused_work(Task *t)
{
	int64_t		tiles = (t->rows + TILE - 1) / TILE;

	for (int64_t i = t->thread; i < tiles; i += t->threads)
		for (int64_t k = 0; k < tiles / 2 + 1 - (tiles % 2 == 0 && i >= tiles / 2); k++)
		{
			int64_t		j = (i + k) % tiles;
			int			rows = t->rows - i * TILE < TILE ? t->rows - i * TILE : TILE;
			int			columns = t->rows - j * TILE < TILE ? t->rows - j * TILE : TILE;
			const float *left = t->a + i * TILE * t->width;
			const float *right = t->a + j * TILE * t->width;

			gemm(ROW_MAJOR, PLAIN, TRANSPOSED, rows, columns, t->width, 1, left, t->width,
				 right, t->width, 0, t->c, columns);
			t->sum += sigmoid_softplus(t->c, (int64_t) rows * columns);
			gemm(ROW_MAJOR, PLAIN, PLAIN, rows, t->width, columns, 1, t->c, columns,
				 right, t->width, 1, t->b + i * TILE * t->width, t->width);
			if (k > 0)
				gemm(ROW_MAJOR, TRANSPOSED, PLAIN, columns, t->width, rows, 1, t->c, columns,
					 left, t->width, 1, t->b + j * TILE * t->width, t->width);
		}
}

/* Run the work with arrays of these sizes; private ones are each thread's own. */
static double
measure(void (*work) (Task *), Task like, int64_t a, int64_t b, int64_t c, int private)
{
	Task		tasks[MAX_THREADS];
	double		fastest;

	for (int i = 0; i < like.threads; i++)
	{
		tasks[i] = like;
		tasks[i].work = work;
		tasks[i].thread = i;
		tasks[i].a = i == 0 || private >= 3 ? floats(a) : tasks[0].a;
		tasks[i].b = i == 0 || private >= 2 ? floats(b) : tasks[0].b;
		tasks[i].c = i == 0 || private >= 1 ? floats(c) : tasks[0].c;
	}
	fastest = best(tasks, like.threads);
	for (int i = 0; i < like.threads; i++)
	{
		if (i == 0 || private >= 3)
			free(tasks[i].a);
		if (i == 0 || private >= 2)
			free(tasks[i].b);
		if (i == 0 || private >= 1)
			free(tasks[i].c);
	}
	return fastest;
}

/* Rows a second that come from random places of an array. */
static double
gathers(int threads, int64_t row_bytes, int64_t rows)
{
	int64_t		count = 4 << 20;
	int32_t    *index = malloc((count + AHEAD) * sizeof(int32_t));
	uint64_t	state = 1;
	Task		like = {.threads = threads, .rows = rows, .width = row_bytes / 4, .index = index, .count = count};
	double		seconds;

	if (index == NULL)
		exit(2);
	for (int64_t i = 0; i < count + AHEAD; i++)
	{
		state = state * 6364136223846793005u + 1442695040888963407u;
		index[i] = (state >> 33) * rows >> 31;
	}
	seconds = measure(gather_work, like, rows * like.width, 1, 1, 0);
	free(index);
	return count / seconds;
}

int
main(int argc, char **argv)
{
	int			threads = argc > 1 ? atoi(argv[1]) : 1;
	void	   *library = dlopen("libopenblas.so.0", RTLD_NOW | RTLD_LOCAL);
	char	   *(*core_name) (void);
	char	   *(*configuration) (void);
	Task		like = {.threads = threads};

	if (threads < 1 || threads > MAX_THREADS || library == NULL)
		return 1;
	gemm = (Gemm) dlsym(library, "cblas_sgemm");
	core_name = (char *(*) (void)) dlsym(library, "openblas_get_corename");
	configuration = (char *(*) (void)) dlsym(library, "openblas_get_config");
	printf("{\"threads\": %d, \"core\": \"%s\", \"openblas\": \"%s\"", threads, core_name(), configuration());
	printf(", \"sgemm\": %.4g", 2.0 * SQUARE * SQUARE * SQUARE /
		   measure(square_work, like, SQUARE * SQUARE, SQUARE * SQUARE, SQUARE * SQUARE, 0));
	printf(", \"sgemm_tile\": %.4g", threads * TILE_REPEATS * 6.0 * TILE * TILE * TILE_DEPTH /
		   measure(tile_work, like, 2 * TILE * TILE_DEPTH, 2 * TILE * TILE_DEPTH, TILE * TILE, 3));
	printf(", \"triad\": %.4g", 3.0 * STREAM * sizeof(float) /
		   measure(triad_work, like, STREAM, STREAM, STREAM, 0));
	printf(", \"elements\": %.4g", (double) threads * ELEMENT_REPEATS * TILE * TILE /
		   measure(element_work, like, 1, 1, TILE * TILE, 1));
	for (int i = 2; i + 2 < argc; i += 3)
	{
		int64_t		first = atoll(argv[i + 1]);
		int64_t		second = atoll(argv[i + 2]);

		if (strcmp(argv[i], "gather") == 0)
			printf(", \"gather %ld %ld\": %.4g", (long) first, (long) second,
				   gathers(threads, first, second));
		else
		{
			like.rows = first;
			like.width = second;
			printf(", \"fused %ld %ld\": %.4g", (long) first, (long) second,
				   measure(fused_work, like, first * second, first * second, TILE * TILE, 2));
		}
	}
	printf("}\n");
	return 0;
}
