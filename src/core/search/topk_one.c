/*
 * topk_one.c
 *		The best partners of one node, in one pass over all nodes.
 *
 * To order and pack the nodes, as mips.h does, would take longer than the pass.
 */
#include "core/search/topk.h"

#include <math.h>

#include "core/base/range.h"
#include "core/base/simd.h"
#include "core/linalg/matmul.h"

/* Nodes whose products are computed before those that matter are looked at. */
#define SCAN_NODES 256

/* An allowance for what underflow may take from a product, above it. */
#define UNDERFLOW 0x1p-120

/* A vector whose square underflows has a norm below this. */
#define SHORT ((GaeReal) 0x1p-50)

/*
 * Four lanes, which every machine has: wider ones would leave little to do for a
 * short vector but to add them up.  Memory may have any alignment.
 */
typedef GaeReal Quad __attribute__((vector_size(4 * sizeof(GaeReal)), may_alias,
									aligned(sizeof(GaeReal))));

/*
 * out (nodes): upper bounds of the products of a (width) with the rows of b (nodes x
 * width, "stride" apart).  "error" is the rounding error of a product with a row of
 * norm 1.
 */
GAE_VECTORISED static void
products_at_most(int64_t width, const GaeReal *a, const GaeReal *b, int64_t stride, int64_t nodes,
				 GaeReal error, GaeReal *out)
{
	GaeReal		square[SCAN_NODES];

	for (int64_t j = 0; j < nodes; j++, b += stride)
	{
		Quad		products = {0};
		Quad		squares = {0};
		Quad		more_products = {0};
		Quad		more_squares = {0};
		int64_t		k = 0;

		/* Two sums each: an addition waits for the one before it. */
		for (; k + 8 <= width; k += 8)
		{
			Quad		x = *(const Quad *) (b + k);
			Quad		y = *(const Quad *) (b + k + 4);

			products += *(const Quad *) (a + k) * x;
			more_products += *(const Quad *) (a + k + 4) * y;
			squares += x * x;
			more_squares += y * y;
		}
		products += more_products;
		squares += more_squares;
		out[j] = (products[0] + products[2]) + (products[1] + products[3]);
		square[j] = (squares[0] + squares[2]) + (squares[1] + squares[3]);
		for (; k < width; k++)
		{
			out[j] += a[k] * b[k];
			square[j] += b[k] * b[k];
		}
	}
	for (int64_t j = 0; j < nodes; j++)
		out[j] += error * (gae_real_sqrt(square[j]) + SHORT);
}

/* A pair whose product is below this bound has a score below "score". */
static GaeReal
scan_bound(double score)
{
	if (isinf(score))
		return (GaeReal) score;
	return (GaeReal) (score - 2 * GAE_REAL_EPSILON * fabs(score) - UNDERFLOW);
}

GaeStatus
gae_recommend(GaeEnv *env, const GaeModel *model, int32_t node, const GaeTopkOptions *options,
			  GaeLink **links, int64_t *count)
{
	const GaeLinkFactors *factors = &model->factors;
	int64_t		width = factors->width;
	const GaeReal *source = factors->left + node * factors->stride;
	double		length = sqrt(gae_dot(source, source, width));
	GaeReal		error = (GaeReal) (2 * (double) (width + 8) * GAE_REAL_EPSILON * length);
	double		least = gae_least_score(model, options);
	GaeHeap		heap = {.capacity = gae_min(options->k, (int64_t) model->nodes - 1)};
	GaeReal		bound = scan_bound(least);

	if (!gae_can_have_links(model, node))
		heap.capacity = 0;
	GAE_TRY(gae_links_alloc(env, heap.capacity, GAE_LOWER_K, &heap.link));
	for (int64_t first = 0; heap.capacity > 0 && first < model->nodes; first += SCAN_NODES)
	{
		GaeReal		product[SCAN_NODES];
		int64_t		nodes = gae_min(model->nodes - first, SCAN_NODES);

		products_at_most(width, source, factors->right + first * factors->stride, factors->stride,
						 nodes, error, product);
		for (int64_t j = 0; j < nodes; j++)
		{
			/* What has overflowed on the way is not finite, and says nothing. */
			if ((product[j] < bound && isfinite(product[j])) || first + j == node ||
				!gae_can_have_links(model, (int32_t) (first + j)))
				continue;
			if (gae_candidate_offer(model, options, node, (int32_t) (first + j),
									&heap) == GAE_TAKEN)
				bound = scan_bound(fmax(gae_heap_threshold(&heap), least));
		}
		GAE_TRY(gae_poll(env));
	}
	GAE_TRY(gae_heap_sort(env, &heap));
	*links = heap.link;
	*count = heap.count;
	return GAE_OK;
}
