/*
 * matmul.c
 *		Matrix products, and sums of columns, cut into blocks that threads share
 *		and that a cancel need not wait for.
 *
 * Where a product is cut depends on its sizes alone, and every element comes
 * from the same products of blocks in the same order: so the bytes do not depend
 * on the number of threads.
 */
#include "core/linalg/openblas.h"

#include <string.h>

#include "core/base/parallel.h"
#include "core/base/simd.h"

/*
 * A product is cut into this many blocks, so that two threads, or four, share the
 * product of a mini-batch evenly.  More blocks would be smaller, and each packs its
 * inputs anew: at 8, that costs 6 % of a product of 445 x 512 x 784; at 4 nothing.
 */
#define WANTED_BLOCKS 4

/*
 * Multiply-adds of a block: at least some 5 µs of one core, or handing it over takes
 * longer; and at most 0.4 ms, from which on larger blocks are no faster, so that large
 * products are for more than four threads.
 */
#define LEAST_WORK (INT64_C(1) << 18)
#define MOST_WORK (INT64_C(3) << 24)

/*
 * OpenBLAS computes c in pieces of so many rows and columns (for AVX-512; smaller
 * ones divide them): blocks that are no whole pieces lose up to 10 %.
 */
#define PIECE_ROWS 24
#define PIECE_COLUMNS 16

/*
 * Up to so many multiply-adds (100³), OpenBLAS does not pack its inputs, if it has
 * kernels for that (for AVX-512).  Where an input or the output is so narrow that packing
 * is a good part of the work, that is 1.3 to 1.8 times as fast: so such products are
 * computed strip by strip, unless strips would have too few rows.
 */
#define STRIP_WORK 1000000
#define STRIP_COLUMNS 64
#define LEAST_STRIP_ROWS 24

/* Sums over many rows: at least this many a block of a product, and at most so many blocks. */
#define TALL_ROWS 2048
#define TALL_BLOCKS 32

/* A gradient of at least so many values is cut into blocks of its own. */
#define LARGE_GRADIENT 65536

/* How c (m x n) is cut into blocks. */
typedef struct Cut
{
	int64_t		rows;			/* of a block */
	int64_t		columns;
	int64_t		across;			/* blocks side by side */
	int64_t		blocks;
} Cut;

static int64_t
whole_pieces(int64_t size, int64_t parts, int64_t piece)
{
	int64_t		block = gae_blocks(gae_blocks(size, parts), piece) * piece;

	return block < size ? block : size;
}

/* Halve the longer side until there are enough blocks, each small enough. */
static Cut
cut_product(int64_t m, int64_t n, int64_t k)
{
	Cut			cut = {.rows = m, .columns = n};
	int64_t		down = 1;
	int64_t		across = 1;

	for (;;)
	{
		int64_t		work = cut.rows * cut.columns * k;
		bool		more = down * across < WANTED_BLOCKS && work >= 2 * LEAST_WORK;

		if (!more && work <= MOST_WORK)
			break;
		if (cut.rows >= cut.columns && cut.rows > PIECE_ROWS)
			cut.rows = whole_pieces(m, down *= 2, PIECE_ROWS);
		else if (cut.columns > PIECE_COLUMNS)
			cut.columns = whole_pieces(n, across *= 2, PIECE_COLUMNS);
		else
			break;
	}
	cut.across = gae_blocks(n, cut.columns);
	cut.blocks = gae_blocks(m, cut.rows) * cut.across;
	return cut;
}

/* c (m x n) = op(a) · op(b) + beta · c */
typedef struct Product
{
	GaeTranspose transpose_a;
	GaeTranspose transpose_b;
	int64_t		m;
	int64_t		n;
	int64_t		k;
	const GaeReal *a;
	int64_t		lda;
	const GaeReal *b;
	int64_t		ldb;
	GaeReal		beta;
	GaeReal    *c;
	int64_t		ldc;
} Product;

static void
multiply_whole(const Product *p)
{
	gae_gemm(p->transpose_a, p->transpose_b, p->m, p->n, p->k,
			 1, p->a, p->lda, p->b, p->ldb, p->beta, p->c, p->ldc);
}

/* Rows of a strip, each of so many multiply-adds; all of them if strips do not pay. */
static int64_t
strip_rows(int64_t row_work, int64_t all)
{
	int64_t		rows = row_work > 0 ? STRIP_WORK / row_work : all;

	return rows < LEAST_STRIP_ROWS || rows > all ? all : rows;
}

/* Strips of a and b, whose products add up. */
static void
multiply_sum(Product p)
{
	int64_t		rows = p.k;

	if (rows == 0)
		multiply_whole(&p);
	p.k = strip_rows(p.m * p.n, rows);
	for (; rows > 0; rows -= p.k)
	{
		p.k = rows < p.k ? rows : p.k;
		multiply_whole(&p);
		p.a += p.k * p.lda;
		p.b += p.k * p.ldb;
		p.beta = 1;
	}
}

/* Strips of a and c. */
static void
multiply_narrow(Product p)
{
	int64_t		rows = p.m;

	p.m = strip_rows(p.n * p.k, rows);
	for (; rows > 0; rows -= p.m)
	{
		p.m = rows < p.m ? rows : p.m;
		multiply_whole(&p);
		p.a += p.m * p.lda;
		p.c += p.m * p.ldc;
	}
}

typedef struct MultiplyTask
{
	Product		whole;
	Cut			cut;
} MultiplyTask;

static void
multiply_block(void *arg, int64_t block, int worker)
{
	const MultiplyTask *t = arg;
	int64_t		i = block / t->cut.across * t->cut.rows;
	int64_t		j = block % t->cut.across * t->cut.columns;
	Product		p = t->whole;

	(void) worker;
	p.m = p.m - i < t->cut.rows ? p.m - i : t->cut.rows;
	p.n = p.n - j < t->cut.columns ? p.n - j : t->cut.columns;
	p.a += p.transpose_a ? i : i * p.lda;
	p.b += p.transpose_b ? j * p.ldb : j;
	p.c += i * p.ldc + j;
	if (p.transpose_a)
		multiply_sum(p);
	else if (!p.transpose_b && p.n <= STRIP_COLUMNS)
		multiply_narrow(p);
	else
		multiply_whole(&p);
}

static GaeStatus
multiply(GaeEnv *env, const Product *whole)
{
	MultiplyTask task = {.whole = *whole};

	if (whole->m == 0 || whole->n == 0)
		return GAE_OK;
	task.cut = cut_product(whole->m, whole->n, whole->k);
	return gae_parallel(env, task.cut.blocks, multiply_block, &task);
}

GaeStatus
gae_matmul(GaeEnv *env, int64_t rows, int64_t n, int64_t k,
			 const GaeReal *a, int64_t lda,
			 GaeTranspose transpose_b, const GaeReal *b, int64_t ldb,
			 GaeReal beta, GaeReal *c, int64_t ldc)
{
	Product		whole = {
		GAE_PLAIN, transpose_b, rows, n, k, a, lda, b, ldb, beta, c, ldc
	};

	return multiply(env, &whole);
}

/* Some rows after the others, each time c cut into blocks. */
static GaeStatus
multiply_in_turn(GaeEnv *env, Product p)
{
	int64_t		rows = p.k;

	if (rows == 0)
		return multiply(env, &p);
	for (; rows > 0; rows -= p.k)
	{
		p.k = rows < TALL_ROWS ? rows : TALL_ROWS;
		GAE_TRY(multiply(env, &p));
		p.a += p.k * p.lda;
		p.b += p.k * p.ldb;
		p.beta = 1;
	}
	return GAE_OK;
}

typedef struct TallTask
{
	Product		whole;
	int64_t		block_rows;
	GaeReal    *parts;			/* blocks x m x n */
} TallTask;

static void
multiply_tall_block(void *arg, int64_t block, int worker)
{
	const TallTask *t = arg;
	int64_t		first = block * t->block_rows;
	Product		p = t->whole;

	(void) worker;
	p.k = p.k - first < t->block_rows ? p.k - first : t->block_rows;
	p.a += first * p.lda;
	p.b += first * p.ldb;
	p.c = t->parts + block * p.m * p.n;
	multiply_sum(p);
}

/* sum (count) = the parts, added up in their order. */
static void
add_parts(const GaeReal *parts, int64_t blocks, int64_t count, GaeReal *sum)
{
	memset(sum, 0, (size_t) count * sizeof(GaeReal));
	for (int64_t block = 0; block < blocks; block++)
		for (int64_t i = 0; i < count; i++)
			sum[i] += parts[block * count + i];
}

/* Rows of a block, where the blocks' sums are added up: the least, if all are one block. */
static int64_t
tall_block_rows(int64_t rows, int64_t least)
{
	int64_t		blocks = gae_blocks(rows, least);

	if (blocks <= 1)
		return least;
	return gae_blocks(rows, blocks < TALL_BLOCKS ? blocks : TALL_BLOCKS);
}

int64_t
gae_matmul_tall_parts(int64_t rows, int64_t m, int64_t n)
{
	int64_t		blocks = gae_blocks(rows, tall_block_rows(rows, TALL_ROWS));

	return blocks <= 1 || m * n >= LARGE_GRADIENT ? 0 : blocks * m * n;
}

GaeStatus
gae_matmul_tall(GaeEnv *env, int64_t rows, int64_t m, int64_t n,
				  const GaeReal *a, int64_t lda,
				  const GaeReal *b, int64_t ldb, GaeReal *c)
{
	TallTask	task = {
		.whole = {GAE_TRANSPOSED, GAE_PLAIN, m, n, rows, a, lda, b, ldb, 0, c, n},
		.block_rows = tall_block_rows(rows, TALL_ROWS)
	};
	int64_t		blocks = gae_blocks(rows, task.block_rows);
	int64_t		parts = gae_matmul_tall_parts(rows, m, n);

	if (parts == 0)
		return multiply_in_turn(env, task.whole);
	GAE_ALLOC(env, task.parts, parts);
	GAE_TRY(gae_parallel(env, blocks, multiply_tall_block, &task));
	add_parts(task.parts, blocks, m * n, c);
	gae_free(env, task.parts);
	return GAE_OK;
}

/* y += x (4) · w (4 x n) */
GAE_INLINE void
add_four_rows(int64_t n, const GaeReal *x, const GaeReal *restrict w, int64_t ldw, GaeReal *restrict y)
{
	const GaeReal *restrict w1 = w + ldw;
	const GaeReal *restrict w2 = w1 + ldw;
	const GaeReal *restrict w3 = w2 + ldw;
	GaeReal		x0 = x[0];
	GaeReal		x1 = x[1];
	GaeReal		x2 = x[2];
	GaeReal		x3 = x[3];

	for (int64_t j = 0; j < n; j++)
		y[j] += (x0 * w[j] + x1 * w1[j]) + (x2 * w2[j] + x3 * w3[j]);
}

/* BLAS would pack the whole matrix for this one row, and needs its buffers. */
GAE_VECTORISED void
gae_matmul_row(int64_t k, int64_t n, const GaeReal *x, const GaeReal *w, int64_t ldw,
				 GaeReal *restrict y)
{
	int64_t		l = 0;

	memset(y, 0, (size_t) n * sizeof(GaeReal));
	for (; l + 4 <= k; l += 4)
		add_four_rows(n, x + l, w + l * ldw, ldw, y);
	for (; l < k; l++)
		for (int64_t j = 0; j < n; j++)
			y[j] += x[l] * w[l * ldw + j];
}

/* ---- sums ---- */

/* Rows of a block of a sum of columns: at least so many. */
#define SUM_ROWS 64

typedef struct SumTask
{
	int64_t		rows;
	int64_t		block_rows;
	int64_t		n;
	const GaeReal *a;
	int64_t		lda;
	GaeReal    *parts;			/* blocks x n */
} SumTask;

GAE_VECTORISED static void
sum_block(void *arg, int64_t block, int worker)
{
	const SumTask *t = arg;
	int64_t		first = block * t->block_rows;
	int64_t		end = first + t->block_rows < t->rows ? first + t->block_rows : t->rows;
	GaeReal    *restrict sum = t->parts + block * t->n;

	(void) worker;
	memset(sum, 0, (size_t) t->n * sizeof(GaeReal));
	for (int64_t i = first; i < end; i++)
		for (int64_t j = 0; j < t->n; j++)
			sum[j] += t->a[i * t->lda + j];
}

GaeStatus
gae_column_sums(GaeEnv *env, int64_t rows, int64_t n, const GaeReal *a, int64_t lda, GaeReal *sums)
{
	int64_t		block_rows = tall_block_rows(rows, SUM_ROWS);
	int64_t		blocks = gae_blocks(rows, block_rows);
	SumTask		task = {.rows = rows, .block_rows = block_rows, .n = n, .a = a, .lda = lda};

	GAE_ALLOC(env, task.parts, blocks * n);
	GAE_TRY(gae_parallel(env, blocks, sum_block, &task));
	add_parts(task.parts, blocks, n, sums);
	gae_free(env, task.parts);
	return GAE_OK;
}

GAE_VECTORISED double
gae_dot(const GaeReal *a, const GaeReal *b, int64_t n)
{
	double		lane[GAE_LANES] = {0};
	int64_t		i = 0;

	for (; i + GAE_LANES <= n; i += GAE_LANES)
		for (int l = 0; l < GAE_LANES; l++)
			lane[l] += (double) a[i + l] * (double) b[i + l];
	for (int l = 0; i + l < n; l++)
		lane[l] += (double) a[i + l] * (double) b[i + l];
	for (int half = GAE_LANES / 2; half > 0; half /= 2)
		for (int l = 0; l < half; l++)
			lane[l] += lane[l + half];
	return lane[0];
}
