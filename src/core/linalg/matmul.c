/*
 * matmul.c
 *		Matrix products cut into blocks that threads share
 *		and that a cancel need not wait for.
 *
 * Where a product is cut depends on its sizes alone, and every element comes
 * from the same products of blocks in the same order: so the bytes do not depend
 * on the number of threads.
 */
#include "core/linalg/matmul.h"

#include <string.h>

#include "core/base/parallel.h"
#include "core/base/simd.h"
#include "core/linalg/column_sums.h"

/*
 * Blocks that a product is cut into at least, so that two threads, or four, share the
 * product of a mini-batch evenly.  OpenBLAS packs its inputs anew for each block: with 8
 * blocks that costs 6 % of a product of 445 x 512 x 784, with 4 nothing.
 */
#define WANTED_BLOCKS 4

/*
 * Multiply-adds of a block.  LEAST_WORK is about 5 µs of one core; handing a smaller
 * block to a thread takes longer than computing it.  MOST_WORK is about 0.4 ms: larger
 * blocks are not faster, and smaller ones let more than four threads share a large
 * product.
 */
#define LEAST_WORK (INT64_C(1) << 18)
#define MOST_WORK (INT64_C(3) << 24)

/*
 * Values, at most, that a block reads and writes, and values of c among them: where k is
 * small, or huge, a block takes as long as its memory.  Where only rows are left to cut into
 * fewer than a piece has, b is packed so often that more values are better.
 */
#define MOST_VALUES (INT64_C(1) << 23)
#define MOST_RESULTS (INT64_C(1) << 22)
#define MOST_VALUES_OF_ROWS (INT64_C(1) << 25)

/*
 * Rows and columns of the pieces in which OpenBLAS's AVX-512 kernels compute c; the
 * pieces of other kernels divide them.  A block that ends inside a piece loses up to
 * 10 % of its speed.
 */
#define PIECE_ROWS 24
#define PIECE_COLUMNS 16

/*
 * OpenBLAS's AVX-512 kernels do not pack the inputs of a product of at most 100³
 * multiply-adds.  Packing is a good part of the work where a matrix is narrow: a product
 * with a c of at most STRIP_COLUMNS columns, or with a transposed a, is 1.3 to 1.8 times
 * as fast when it is computed in strips of STRIP_WORK multiply-adds.  Strips of fewer
 * than LEAST_STRIP_ROWS rows are not worth it.
 */
#define STRIP_WORK 1000000
#define STRIP_COLUMNS 64
#define LEAST_STRIP_ROWS 24

/* Rows of a block of a sum over rows that blocks share, at least. */
#define TALL_ROWS 2048

/* A c of at least this many values is cut into blocks itself, not its sum over rows. */
#define LARGE_GRADIENT 65536

/* How c (m x n) is cut into blocks; the last ones may be smaller. */
typedef struct Cut
{
	int64_t		rows;			/* of a block */
	int64_t		columns;
	int64_t		across;			/* blocks side by side */
	int64_t		blocks;
} Cut;

/* The size of a block, in whole pieces, of which "parts" cover the given size. */
static int64_t
whole_pieces(int64_t size, int64_t parts, int64_t piece)
{
	return gae_min(gae_blocks(gae_blocks(size, parts), piece) * piece, size);
}

/* Values that a block reads and writes. */
static int64_t
values_of_block(const Cut *cut, int64_t k)
{
	return (cut->rows + cut->columns) * k + cut->rows * cut->columns;
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
		bool		spacious = values_of_block(&cut, k) > MOST_VALUES ||
			cut.rows * cut.columns > MOST_RESULTS;

		if (!more && work <= MOST_WORK && !spacious)
			break;
		if (cut.rows >= cut.columns && cut.rows > PIECE_ROWS)
			cut.rows = whole_pieces(m, down *= 2, PIECE_ROWS);
		else if (cut.columns > PIECE_COLUMNS)
			cut.columns = whole_pieces(n, across *= 2, PIECE_COLUMNS);
		else if (cut.rows > 1 && values_of_block(&cut, k) > MOST_VALUES_OF_ROWS)
			cut.rows = gae_blocks(m, down *= 2);
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

/* Rows of a strip, where a row takes row_work multiply-adds; all rows if strips do not pay. */
static int64_t
strip_rows(int64_t row_work, int64_t all)
{
	int64_t		rows = row_work > 0 ? STRIP_WORK / row_work : all;

	return rows < LEAST_STRIP_ROWS || rows > all ? all : rows;
}

/* aᵀ · b, the sum of the products of strips of rows of a and b. */
static void
multiply_sum(Product p)
{
	int64_t		rows = p.k;

	p.k = strip_rows(p.m * p.n, rows);
	do
	{
		p.k = gae_min(rows, p.k);
		multiply_whole(&p);
		p.a += p.k * p.lda;
		p.b += p.k * p.ldb;
		p.beta = 1;
		rows -= p.k;
	} while (rows > 0);
}

/* a · b, strips of rows of a giving the same rows of c. */
static void
multiply_narrow(Product p)
{
	int64_t		rows = p.m;

	p.m = strip_rows(p.n * p.k, rows);
	for (; rows > 0; rows -= p.m)
	{
		p.m = gae_min(rows, p.m);
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

/* A GaeBlock: one block of c. */
static void
multiply_block(void *arg, int64_t block, int worker)
{
	const MultiplyTask *t = arg;
	int64_t		i = block / t->cut.across * t->cut.rows;
	int64_t		j = block % t->cut.across * t->cut.columns;
	Product		p = t->whole;

	(void) worker;
	p.m = gae_min(p.m - i, t->cut.rows);
	p.n = gae_min(p.n - j, t->cut.columns);
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
	Product		whole = {GAE_PLAIN, transpose_b, rows, n, k, a, lda, b, ldb, beta, c, ldc};

	return multiply(env, &whole);
}

/* aᵀ · b, summed over TALL_ROWS rows of a and b at a time, each time c cut into blocks. */
static GaeStatus
multiply_in_turn(GaeEnv *env, Product p)
{
	int64_t		rows = p.k;

	do
	{
		p.k = gae_min(rows, TALL_ROWS);
		GAE_TRY(multiply(env, &p));
		p.a += p.k * p.lda;
		p.b += p.k * p.ldb;
		p.beta = 1;
		rows -= p.k;
	} while (rows > 0);
	return GAE_OK;
}

/*
 * Multiply-adds, about, of a part of a block of a sum over rows: some milliseconds.  Where a
 * product is not computed in strips, it is cut only if it has LARGE_STRIP of them.
 */
#define PART_WORK (INT64_C(1) << 28)
#define LARGE_STRIP (INT64_C(1) << 30)

typedef struct TallTask
{
	Product		whole;
	int64_t		block_rows;
	int64_t		part_rows;		/* of each block that are summed in one region */
	int64_t		done_rows;		/* of each block that have been */
	GaeReal    *parts;			/* blocks x m x n: each block's sum */
} TallTask;

/* A GaeBlock: go on with the sum over one block of rows. */
static void
multiply_tall_block(void *arg, int64_t block, int worker)
{
	const TallTask *t = arg;
	GaeRange	rows = gae_block_range(block, t->block_rows, t->whole.k);
	Product		p = t->whole;

	(void) worker;
	rows.first += t->done_rows;
	p.k = gae_min(rows.end - rows.first, t->part_rows);
	if (p.k <= 0 && t->done_rows > 0)
		return;
	p.a += rows.first * p.lda;
	p.b += rows.first * p.ldb;
	p.beta = t->done_rows > 0 ? 1 : 0;
	p.c = t->parts + block * p.m * p.n;
	multiply_sum(p);
}

/* Rows of a part of a block, in whole strips, so that every sum is what it would be in one part. */
static int64_t
tall_part_rows(int64_t row_work, int64_t block_rows)
{
	int64_t		strip = strip_rows(row_work, block_rows);

	if (strip * row_work >= LARGE_STRIP)
		strip = LARGE_STRIP / row_work;
	return gae_max(PART_WORK / (strip * row_work), 1) * strip;
}

double
gae_matmul_tall_bytes(int64_t rows, int64_t m, int64_t n)
{
	int64_t		blocks = gae_blocks(rows, gae_sum_part_rows(rows, TALL_ROWS));

	return blocks <= 1 || m * n >= LARGE_GRADIENT ? 0 : (double) (blocks * m * n) * sizeof(GaeReal);
}

GaeStatus
gae_matmul_tall(GaeEnv *env, int64_t rows, int64_t m, int64_t n,
				const GaeReal *a, int64_t lda,
				const GaeReal *b, int64_t ldb, GaeReal *c)
{
	TallTask	task = {
		.whole = {GAE_TRANSPOSED, GAE_PLAIN, m, n, rows, a, lda, b, ldb, 0, c, n},
		.block_rows = gae_sum_part_rows(rows, TALL_ROWS)
	};
	int64_t		blocks = gae_blocks(rows, task.block_rows);

	if (gae_matmul_tall_bytes(rows, m, n) == 0)
		return multiply_in_turn(env, task.whole);
	GAE_ALLOC(env, task.parts, blocks * m * n);
	task.part_rows = tall_part_rows(m * n, task.block_rows);
	for (; task.done_rows < task.block_rows; task.done_rows += task.part_rows)
		GAE_TRY(gae_parallel(env, blocks, multiply_tall_block, &task));
	GAE_TRY(gae_sum_add_parts(env, task.parts, blocks, m * n, c));
	gae_free(env, task.parts);
	return GAE_OK;
}

/* y += x (4) · w (4 x n) */
GAE_INLINE void
add_four_rows(int64_t n, const GaeReal *x, const GaeReal *restrict w, int64_t ldw,
			  GaeReal *restrict y)
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

/* OpenBLAS would pack all of w for this one row. */
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
