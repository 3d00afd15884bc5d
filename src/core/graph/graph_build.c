/*
 * graph_build.c
 *		From rows of edges to canonical edges.
 *
 * A row becomes a record: the pair as one number, src << 32 | dst, and in a weighted graph
 * the bits of the weight (positive floats order as their bits do).  Records are
 * distributed to buckets by the upper bits of src; each bucket, small enough for the
 * cache, is sorted, and its duplicates are merged.  As records of the same pair are sorted
 * by weight, their sum does not depend on the order of the rows.
 */
#include "core/graph/graph_build.h"

#include <math.h>
#include <string.h>

#include "core/base/buckets.h"
#include "core/base/parallel.h"
#include "core/base/sort.h"

/* Records that a bucket should have: they and as much spare room fit a core's cache. */
#define BUCKET_RECORDS 8192

/* Buckets, at most: a cache writes to more of them at a time more slowly. */
#define MAX_BUCKETS 2048

/* Records of a large bucket between two looks at interrupts: a node may have any number of edges. */
#define POLL_RECORDS (1 << 20)

typedef struct Build
{
	/* The rows, as in gae_graph_build. */
	const int32_t *rank;
	bool		directed;
	int64_t		rows;
	const int32_t *src;
	const int32_t *dst;
	const float *weight;

	int			words;			/* of a record: 2 with weights, else 1 */
	uint64_t   *record;
	int			shift;			/* the bucket of a record is src >> shift */
	GaeBuckets	buckets;
	int64_t    *self_loops;		/* that each worker found */
	int64_t    *zero_weights;
	uint64_t   *spare;			/* for the sort: spare_records of each worker */
	int64_t		spare_records;
	int64_t    *edges;			/* of each bucket */
	double	   *overflow;		/* of each bucket: the first sum beyond a float, or 0 */
	int64_t    *first_edge;		/* of each bucket */
	GaeGraph   *graph;
} Build;

/* The ends of a row's edge in canonical order; equal for a self-loop. */
static inline void
ends_of_row(const Build *build, int64_t row, int32_t *from, int32_t *to)
{
	int32_t		a = build->src[row];
	int32_t		b = build->dst[row];

	if (build->rank != NULL)
	{
		a = build->rank[a];
		b = build->rank[b];
	}
	*from = build->directed || a < b ? a : b;
	*to = build->directed || a < b ? b : a;
}

/* A GaeBucketBlock */
static void
count_rows(void *task, GaeRange rows, int64_t *place, int worker)
{
	Build	   *build = task;
	int64_t		self_loops = 0;
	int64_t		zero_weights = 0;

	for (int64_t row = rows.first; row < rows.end; row++)
	{
		int32_t		from;
		int32_t		to;

		ends_of_row(build, row, &from, &to);
		if (from == to)
			self_loops++;
		else if (build->weight != NULL && build->weight[row] == 0)
			zero_weights++;
		else
			place[from >> build->shift]++;
	}
	build->self_loops[worker] += self_loops;
	build->zero_weights[worker] += zero_weights;
}

/* A GaeBucketBlock */
static void
put_rows(void *task, GaeRange rows, int64_t *place, int worker)
{
	Build	   *build = task;

	(void) worker;
	for (int64_t row = rows.first; row < rows.end; row++)
	{
		uint64_t   *record;
		uint32_t	bits;
		int32_t		from;
		int32_t		to;

		ends_of_row(build, row, &from, &to);
		if (from == to || (build->weight != NULL && build->weight[row] == 0))
			continue;
		record = build->record + place[from >> build->shift]++ * build->words;
		record[0] = (uint64_t) (uint32_t) from << 32 | (uint32_t) to;
		if (build->weight == NULL)
			continue;
		memcpy(&bits, &build->weight[row], sizeof(bits));
		record[1] = bits;
	}
}

/* The weight of a record of two words. */
static float
weight_of(const uint64_t *record)
{
	uint32_t	bits = (uint32_t) record[1];
	float		weight;

	memcpy(&weight, &bits, sizeof(weight));
	return weight;
}

/* The first record of a bucket. */
static uint64_t *
bucket_start(const Build *build, int64_t b)
{
	return build->record + build->buckets.start[b] * build->words;
}

/* Keep one record of each pair in a sorted bucket, with the sum of the weights. */
static GaeStatus
merge_bucket(GaeEnv *env, Build *build, int64_t b)
{
	int			words = build->words;
	uint64_t   *record = bucket_start(build, b);
	int64_t		count = gae_bucket_records(&build->buckets, b);
	int64_t		edges = 0;

	for (int64_t i = 0; i < count; edges++)
	{
		uint64_t	pair = record[i * words];
		double		sum = 0;
		float		weight;
		uint32_t	bits;

		for (; i < count && record[i * words] == pair; i++)
		{
			if (i % POLL_RECORDS == 0 && env != NULL)
				GAE_TRY(gae_poll(env));
			if (words == 2)
				sum += weight_of(&record[i * words]);
		}
		record[edges * words] = pair;
		if (words == 1)
			continue;
		weight = (float) sum;
		if (!isfinite(weight) && build->overflow[b] == 0)
			build->overflow[b] = sum;
		memcpy(&bits, &weight, sizeof(bits));
		record[edges * words + 1] = bits;
	}
	build->edges[b] = edges;
	return GAE_OK;
}

/* A GaeBucketWork: copy the edges of a merged bucket to their place in the graph. */
static GaeStatus
copy_bucket(GaeEnv *env, void *task, int64_t b, int worker)
{
	const Build *build = task;
	int			words = build->words;
	const uint64_t *record = bucket_start(build, b);
	int64_t		first = build->first_edge[b];
	GaeGraph   *graph = build->graph;

	(void) worker;
	for (int64_t e = 0; e < build->edges[b]; e++)
	{
		if (e % POLL_RECORDS == 0 && env != NULL)
			GAE_TRY(gae_poll(env));
		graph->src[first + e] = (int32_t) (record[e * words] >> 32);
		graph->dst[first + e] = (int32_t) (uint32_t) record[e * words];
		if (words == 2)
			graph->weight[first + e] = weight_of(&record[e * words]);
	}
	return GAE_OK;
}

/* A GaeBucketWork: sort a bucket and merge its duplicates. */
static GaeStatus
sort_bucket(GaeEnv *env, void *task, int64_t b, int worker)
{
	Build	   *build = task;
	int64_t		count = gae_bucket_records(&build->buckets, b);
	uint64_t   *spare = build->spare + worker * build->spare_records * build->words;

	if (env != NULL)
		GAE_ALLOC(env, spare, count * build->words);
	GAE_TRY(gae_sort_records(env, bucket_start(build, b), spare, count, build->words));
	if (env != NULL)
		gae_free(env, spare);
	return merge_bucket(env, build, b);
}

/* Distribute the rows to buckets of consecutive nodes. */
static GaeStatus
fill_buckets(GaeEnv *env, Build *build)
{
	int64_t		wanted = gae_min(gae_blocks(build->rows, BUCKET_RECORDS), MAX_BUCKETS);
	int64_t		nodes = build->graph->nodes;

	while ((nodes >> build->shift) + 1 > wanted && build->shift < 31)
		build->shift++;
	GAE_ALLOC_ZERO(env, build->self_loops, gae_workers(env));
	GAE_ALLOC_ZERO(env, build->zero_weights, gae_workers(env));
	GAE_TRY(gae_buckets_count(env, build->rows, (nodes >> build->shift) + 1, count_rows, build,
							  &build->buckets));
	for (int worker = 0; worker < gae_workers(env); worker++)
	{
		build->graph->self_loops += build->self_loops[worker];
		build->graph->zero_weight_edges += build->zero_weights[worker];
	}
	gae_free(env, build->zero_weights);
	gae_free(env, build->self_loops);
	GAE_ALLOC(env, build->record, build->buckets.start[build->buckets.count] * build->words);
	return gae_buckets_put(env, &build->buckets, put_rows, build);
}

/* The error for weights that add up to more than a float can hold, if any do. */
static GaeStatus
check_sums(GaeEnv *env, const Build *build)
{
	for (int64_t b = 0; b < build->buckets.count; b++)
	{
		if (build->overflow[b] == 0)
			continue;
		gae_fail(env, GAE_INVALID_ARGUMENT, "edge weights are too large");
		gae_error_detail(env, "The weights of duplicate edges add up to %g, above the range of real.",
						 build->overflow[b]);
		gae_error_hint(env, "Divide all weights by a constant.");
		return GAE_INVALID_ARGUMENT;
	}
	return GAE_OK;
}

static GaeStatus
sort_buckets(GaeEnv *env, Build *build)
{
	for (int64_t b = 0; b < build->buckets.count; b++)
	{
		int64_t		count = gae_bucket_records(&build->buckets, b);

		if (count <= GAE_BLOCK_RECORDS)
			build->spare_records = gae_max(build->spare_records, count);
	}
	GAE_ALLOC(env, build->spare, gae_workers(env) * build->spare_records * build->words);
	GAE_ALLOC(env, build->edges, build->buckets.count);
	GAE_ALLOC_ZERO(env, build->overflow, build->buckets.count);
	GAE_TRY(gae_buckets_each(env, &build->buckets, sort_bucket, build));
	gae_free(env, build->spare);
	GAE_TRY(check_sums(env, build));
	gae_free(env, build->overflow);
	return GAE_OK;
}

/* Copy the edges out of the buckets. */
static GaeStatus
take_edges(GaeEnv *env, Build *build)
{
	GaeGraph   *graph = build->graph;

	GAE_ALLOC(env, build->first_edge, build->buckets.count);
	for (int64_t b = 0; b < build->buckets.count; b++)
	{
		build->first_edge[b] = graph->edges;
		graph->edges += build->edges[b];
	}
	graph->duplicate_edges = build->buckets.start[build->buckets.count] - graph->edges;
	GAE_ALLOC(env, graph->src, graph->edges);
	GAE_ALLOC(env, graph->dst, graph->edges);
	if (build->weight != NULL)
		GAE_ALLOC(env, graph->weight, graph->edges);
	GAE_TRY(gae_buckets_each(env, &build->buckets, copy_bucket, build));
	gae_free(env, build->first_edge);
	gae_free(env, build->edges);
	gae_free(env, build->record);
	gae_buckets_free(env, &build->buckets);
	return GAE_OK;
}

GaeStatus
gae_graph_build(GaeEnv *env, int32_t nodes, const int32_t *rank, bool directed,
				int64_t rows, const int32_t *src, const int32_t *dst,
				const float *weight, GaeGraph *graph)
{
	Build		build = {
		.rank = rank, .directed = directed, .rows = rows, .src = src, .dst = dst,
		.weight = weight, .words = weight != NULL ? 2 : 1, .graph = graph
	};

	memset(graph, 0, sizeof(*graph));
	graph->nodes = nodes;
	graph->directed = directed;

	/* The records, and the edges that are made of them. */
	GAE_TRY(gae_memory_expect(env, (double) rows * (build.words * sizeof(uint64_t) +
													2 * sizeof(int32_t) +
													(weight != NULL ? sizeof(float) : 0)),
							  "the graph", "Raise vgae.memory_limit, or give fewer edges."));
	GAE_TRY(fill_buckets(env, &build));
	GAE_TRY(sort_buckets(env, &build));
	return take_edges(env, &build);
}
