/*
 * pca.c
 *		Rows in two dimensions: principal component analysis.
 *
 * The covariance is summed over pieces of rows, whose size depends on the number of columns
 * alone; LAPACK finds its eigenvectors.
 */
#include "core/linalg/pca.h"

#include <math.h>

#include "core/linalg/matmul.h"
#include "core/linalg/openblas.h"
#include "core/base/random.h"
#include "core/base/range.h"

/* Columns, at most, of a covariance whose eigenvectors LAPACK finds: it takes some 10 ms. */
#define DIRECT_COLUMNS 256

/* Dimensions of the subspace in which they are found otherwise, and rounds that find it. */
#define SUBSPACE_COLUMNS 32
#define SUBSPACE_ROUNDS 8

/* Values of a piece: some milliseconds to centre. */
#define PIECE_VALUES (INT64_C(1) << 20)

/* A vector of which no more than this part is orthogonal to others depends on them. */
#define DEPENDENT 1e-9

typedef struct Centred
{
	GaeEnv	   *env;
	int64_t		rows;
	int64_t		columns;
	const GaeReal *a;
	double	   *mean;			/* columns */
	double		squares;		/* sum of the squared distances from it */
	double		scale;			/* makes the largest distance in a column 1 */
	int64_t		piece_rows;
	GaeReal    *piece;			/* piece_rows x columns, centred and scaled */
} Centred;

static GaeStatus
find_means(Centred *c)
{
	GAE_ALLOC_ZERO(c->env, c->mean, c->columns);
	for (int64_t i = 0; i < c->rows; i++)
	{
		if (i % c->piece_rows == 0)
			GAE_TRY(gae_poll(c->env));
		for (int64_t j = 0; j < c->columns; j++)
			c->mean[j] += c->a[i * c->columns + j];
	}
	for (int64_t j = 0; j < c->columns; j++)
		c->mean[j] /= (double) c->rows;
	return GAE_OK;
}

/* Find the sum of the squared distances from the means, and the scale. */
static GaeStatus
find_spread(Centred *c)
{
	double		largest = 0;

	for (int64_t i = 0; i < c->rows; i++)
	{
		if (i % c->piece_rows == 0)
			GAE_TRY(gae_poll(c->env));
		for (int64_t j = 0; j < c->columns; j++)
		{
			double		distance = c->a[i * c->columns + j] - c->mean[j];

			c->squares += distance * distance;
			largest = fmax(largest, fabs(distance));
		}
	}
	c->scale = largest > 0 ? 1 / largest : 0;
	return GAE_OK;
}

/* Fill c->piece with rows from "first" on; returns how many rows it has. */
static int64_t
take_piece(Centred *c, int64_t first)
{
	int64_t		count = gae_min(c->piece_rows, c->rows - first);

	for (int64_t i = 0; i < count; i++)
		for (int64_t j = 0; j < c->columns; j++)
			c->piece[i * c->columns + j] =
				(GaeReal) ((c->a[(first + i) * c->columns + j] - c->mean[j]) * c->scale);
	return count;
}

/* products (count x k) = the piece (count x columns) · basisᵀ (basis is k x columns). */
static GaeStatus
map_piece(Centred *c, int64_t count, int64_t k, const GaeReal *basis, GaeReal *products)
{
	return gae_matmul(c->env, count, k, c->columns, c->piece, c->columns,
					  GAE_TRANSPOSED, basis, c->columns, 0, products, k);
}

/*
 * covariance (k x k, not divided by the number of rows) += that of the rows mapped to the
 * basis (k x columns); where basis is NULL, of the rows themselves, and k = columns.
 */
static GaeStatus
sum_covariance(Centred *c, int64_t k, const GaeReal *basis, double *covariance)
{
	GaeReal    *products = c->piece;
	GaeReal    *part;

	GAE_ALLOC(c->env, part, k * k);
	if (basis != NULL)
		GAE_ALLOC(c->env, products, c->piece_rows * k);
	for (int64_t first = 0; first < c->rows; first += c->piece_rows)
	{
		int64_t		count = take_piece(c, first);

		if (basis != NULL)
			GAE_TRY(map_piece(c, count, k, basis, products));
		GAE_TRY(gae_matmul_tall(c->env, count, k, k, products, k, products, k, part));
		for (int64_t v = 0; v < k * k; v++)
			covariance[v] += part[v];
	}
	if (basis != NULL)
		gae_free(c->env, products);
	gae_free(c->env, part);
	return GAE_OK;
}

static double
inner_product(const double *a, const double *b, int64_t n)
{
	double		sum = 0;

	for (int64_t j = 0; j < n; j++)
		sum += a[j] * b[j];
	return sum;
}

/*
 * Make the rows of z (k x n) orthonormal by Gram and Schmidt; a row that depends on the
 * rows before it becomes 0.
 */
static GaeStatus
orthonormalise(GaeEnv *env, int64_t k, int64_t n, double *z)
{
	for (int64_t r = 0; r < k; r++)
	{
		double	   *row = z + r * n;
		double		before = sqrt(inner_product(row, row, n));
		double		length;

		GAE_TRY(gae_poll(env));
		for (int64_t q = 0; q < 2 * r; q++) /* twice, as the first time leaves rounding errors */
		{
			const double *other = z + q % r * n;
			double		common = inner_product(row, other, n);

			for (int64_t j = 0; j < n; j++)
				row[j] -= common * other[j];
		}
		length = sqrt(inner_product(row, row, n));
		for (int64_t j = 0; j < n; j++)
			row[j] = length > DEPENDENT * before ? row[j] / length : 0;
	}
	return GAE_OK;
}

/* z (k x columns) = basis (k x columns) · the covariance, which is never there as a whole. */
static GaeStatus
multiply_covariance(Centred *c, int64_t k, const GaeReal *basis, double *z)
{
	GaeReal    *products;
	GaeReal    *part;

	GAE_ALLOC(c->env, products, c->piece_rows * k);
	GAE_ALLOC(c->env, part, k * c->columns);
	for (int64_t v = 0; v < k * c->columns; v++)
		z[v] = 0;
	for (int64_t first = 0; first < c->rows; first += c->piece_rows)
	{
		int64_t		count = take_piece(c, first);

		GAE_TRY(map_piece(c, count, k, basis, products));
		GAE_TRY(gae_matmul_tall(c->env, count, k, c->columns, products, k,
								c->piece, c->columns, part));
		for (int64_t v = 0; v < k * c->columns; v++)
			z[v] += part[v];
	}
	gae_free(c->env, part);
	gae_free(c->env, products);
	return GAE_OK;
}

/* basis (k x columns) = a basis of about the subspace with most of the variance. */
static GaeStatus
find_subspace(Centred *c, int64_t k, GaeReal *basis)
{
	GaeStream	stream = gae_stream(0, GAE_RANDOM_PCA, 0, 0);
	int64_t		values = k * c->columns;
	double	   *z;

	GAE_ALLOC(c->env, z, values);
	gae_random_normal(&stream, basis, values);
	for (int round = 0; round < SUBSPACE_ROUNDS; round++)
	{
		GAE_TRY(multiply_covariance(c, k, basis, z));
		GAE_TRY(orthonormalise(c->env, k, c->columns, z));
		for (int64_t v = 0; v < values; v++)
			basis[v] = (GaeReal) z[v];
	}
	gae_free(c->env, z);
	return GAE_OK;
}

/* Make the largest weight (n) positive. */
static void
settle_sign(int64_t n, double *loading)
{
	int64_t		largest = 0;

	for (int64_t j = 1; j < n; j++)
		if (fabs(loading[j]) > fabs(loading[largest]))
			largest = j;
	if (loading[largest] < 0)
		for (int64_t j = 0; j < n; j++)
			loading[j] = -loading[j];
}

/* The weights (columns) of the components, and the variances of the components. */
static GaeStatus
find_components(Centred *c, int components, double *const loading[2], double variance[2])
{
	bool		direct = c->columns <= DIRECT_COLUMNS;
	int64_t		k = direct ? c->columns : SUBSPACE_COLUMNS;
	GaeReal    *basis = NULL;
	double	   *covariance;
	double	   *value;

	GAE_ALLOC_ZERO(c->env, covariance, k * k);
	GAE_ALLOC(c->env, value, k);
	if (!direct)
	{
		GAE_ALLOC(c->env, basis, k * c->columns);
		GAE_TRY(find_subspace(c, k, basis));
	}
	GAE_TRY(sum_covariance(c, k, basis, covariance));
	GAE_TRY(gae_eigen_symmetric(c->env, (int) k, covariance, value));
	for (int which = 0; which < components; which++)
	{
		const double *vector = covariance + (k - 1 - which) * k;

		variance[which] = fmax(value[k - 1 - which], 0);
		for (int64_t j = 0; j < c->columns; j++)
		{
			loading[which][j] = direct ? vector[j] : 0;
			for (int64_t r = 0; r < k && !direct; r++)
				loading[which][j] += vector[r] * basis[r * c->columns + j];
		}
		settle_sign(c->columns, loading[which]);
	}
	gae_free(c->env, basis);
	gae_free(c->env, value);
	gae_free(c->env, covariance);
	return GAE_OK;
}

/* score (rows) = the centred rows · loading (columns) */
static GaeStatus
find_scores(const Centred *c, const double *loading, double *score)
{
	for (int64_t i = 0; i < c->rows; i++)
	{
		if (i % c->piece_rows == 0)
			GAE_TRY(gae_poll(c->env));
		score[i] = 0;
		for (int64_t j = 0; j < c->columns; j++)
			score[i] += (c->a[i * c->columns + j] - c->mean[j]) * loading[j];
	}
	return GAE_OK;
}

GaeStatus
gae_pca(GaeEnv *env, int64_t rows, int64_t columns, const GaeReal *a, GaePca *pca)
{
	Centred		c = {.env = env, .rows = rows, .columns = columns, .a = a};
	int			components = columns > 1 ? 2 : 1;
	double	   *loading[2] = {NULL, NULL};
	double		variance[2] = {0, 0};

	c.piece_rows = gae_min(gae_max(PIECE_VALUES / columns, 1), rows);
	for (int which = 0; which < 2; which++)
		GAE_ALLOC_ZERO(env, pca->score[which], rows);
	for (int which = 0; which < components; which++)
		GAE_ALLOC(env, loading[which], columns);
	GAE_TRY(find_means(&c));
	GAE_TRY(find_spread(&c));
	if (c.scale > 0)
	{
		GAE_TRY(gae_openblas_load(env));
		GAE_ALLOC(env, c.piece, c.piece_rows * columns);
		GAE_TRY(find_components(&c, components, loading, variance));
		for (int which = 0; which < components; which++)
			GAE_TRY(find_scores(&c, loading[which], pca->score[which]));
	}
	for (int which = 0; which < 2; which++)
		pca->share[which] = c.scale > 0
			? fmin(variance[which] / (c.scale * c.scale * c.squares), 1) : 0;
	gae_free(env, c.piece);
	gae_free(env, c.mean);
	for (int which = 0; which < components; which++)
		gae_free(env, loading[which]);
	return GAE_OK;
}
