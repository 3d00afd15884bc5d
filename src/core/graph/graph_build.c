/*
 * graph_build.c
 *		From rows of edges to canonical edges.
 *
 * A row becomes a record: the pair (src, dst) as one number and, in a weighted
 * graph, the bits of the weight (those of positive floats order as the numbers
 * do).  Records are distributed to buckets by the upper bits of src; each
 * bucket, small enough for the cache, is sorted and rid of duplicates by itself.
 * Equal pairs lie in the order of their weights then, so that sums do not
 * depend on the order of the rows.
 */
#include "core/graph/graph_build.h"

#include <math.h>
#include <string.h>

#include "core/base/parallel.h"
#include "core/base/sort.h"

/* Rows of a block: about a millisecond's work. */
#define ROW_BLOCK (1 << 16)

/* Records that a bucket should have: they and as much spare room fit a core's cache. */
#define BUCKET_RECORDS 8192

/* More buckets at a time than this are more than the cache writes to well. */
#define MAX_BUCKETS 2048

/*
 * A bucket of more records (a node may have any number of edges) takes too long
 * for a block; it is sorted between looks at interrupts instead.
 */
#define BLOCK_RECORDS (1 << 19)

/* Records between two such looks. */
#define POLL_RECORDS (1 << 20)

typedef struct Build
{
	/* The rows, as in gae_graph_build */
	const int32_t *rank;
	bool		directed;
	int64_t		rows;
	const int32_t *src;
	const int32_t *dst;
	const float *weight;

	int			words;			/* of a record: 2 with weights, else 1 */
	uint64_t   *record;
	int64_t		buckets;
	int			shift;			/* the bucket of a record is src >> shift */
	int64_t    *start;			/* buckets + 1: the bucket's first record */
	int64_t    *place;			/* row blocks x buckets: how many records, then where they go */
	int64_t    *self_loops;		/* of each row block */
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

static inline int64_t
end_of_block(const Build *build, int64_t block)
{
	int64_t		end = (block + 1) * ROW_BLOCK;

	return end < build->rows ? end : build->rows;
}

/* A GaeBlock: how many of a block's rows go to each bucket. */
static void
count_rows(void *task, int64_t block, int worker)
{
	Build	   *build = task;
	int64_t    *count = build->place + block * build->buckets;

	(void) worker;
	for (int64_t row = block * ROW_BLOCK; row < end_of_block(build, block); row++)
	{
		int32_t		from;
		int32_t		to;

		ends_of_row(build, row, &from, &to);
		if (from == to)
			build->self_loops[block]++;
		else if (build->weight != NULL && build->weight[row] == 0)
			build->zero_weights[block]++;
		else
			count[from >> build->shift]++;
	}
}

/* A GaeBlock: put a block's rows into their buckets. */
static void
put_rows(void *task, int64_t block, int worker)
{
	Build	   *build = task;
	int64_t    *place = build->place + block * build->buckets;

	(void) worker;
	for (int64_t row = block * ROW_BLOCK; row < end_of_block(build, block); row++)
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

/* Turn the counts into places, block after block within each bucket. */
static void
find_places(Build *build, int64_t blocks)
{
	int64_t		total = 0;

	for (int64_t b = 0; b < build->buckets; b++)
	{
		build->start[b] = total;
		for (int64_t block = 0; block < blocks; block++)
		{
			int64_t    *place = &build->place[block * build->buckets + b];
			int64_t		count = *place;

			*place = total;
			total += count;
		}
	}
	build->start[build->buckets] = total;
}

static float
weight_of(const uint64_t *record)
{
	uint32_t	bits = (uint32_t) record[1];
	float		weight;

	memcpy(&weight, &bits, sizeof(weight));
	return weight;
}

/* Keep one record of each pair in a sorted bucket, with the sum of the weights. */
static GaeStatus
merge_bucket(GaeEnv *env, Build *build, int64_t b)
{
	int			words = build->words;
	uint64_t   *record = build->record + build->start[b] * words;
	int64_t		count = build->start[b + 1] - build->start[b];
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

/* Copy what a merged bucket holds to its place in the graph. */
static GaeStatus
copy_bucket(GaeEnv *env, const Build *build, int64_t b)
{
	int			words = build->words;
	const uint64_t *record = build->record + build->start[b] * words;
	int64_t		first = build->first_edge[b];
	GaeGraph   *graph = build->graph;

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

static int64_t
bucket_records(const Build *build, int64_t b)
{
	return build->start[b + 1] - build->start[b];
}

/* A GaeBlock */
static void
sort_bucket(void *task, int64_t b, int worker)
{
	Build	   *build = task;

	if (bucket_records(build, b) > BLOCK_RECORDS)
		return;
	(void) gae_sort_records(NULL, build->record + build->start[b] * build->words,
							build->spare + worker * build->spare_records * build->words,
							bucket_records(build, b), build->words);
	(void) merge_bucket(NULL, build, b);
}

/* A GaeBlock */
static void
take_bucket(void *task, int64_t b, int worker)
{
	Build	   *build = task;

	(void) worker;
	if (bucket_records(build, b) <= BLOCK_RECORDS)
		(void) copy_bucket(NULL, build, b);
}

/* What is too large for a block. */
static GaeStatus
sort_large_buckets(GaeEnv *env, Build *build)
{
	for (int64_t b = 0; b < build->buckets; b++)
	{
		int64_t		count = bucket_records(build, b);
		uint64_t   *spare;

		if (count <= BLOCK_RECORDS)
			continue;
		GAE_ALLOC(env, spare, count * build->words);
		GAE_TRY(gae_sort_records(env, build->record + build->start[b] * build->words, spare,
								 count, build->words));
		gae_free(env, spare);
		GAE_TRY(merge_bucket(env, build, b));
	}
	return GAE_OK;
}

static GaeStatus
take_large_buckets(GaeEnv *env, Build *build)
{
	for (int64_t b = 0; b < build->buckets; b++)
		if (bucket_records(build, b) > BLOCK_RECORDS)
			GAE_TRY(copy_bucket(env, build, b));
	return GAE_OK;
}

/* Distribute the rows to buckets. */
static GaeStatus
fill_buckets(GaeEnv *env, Build *build)
{
	int64_t		blocks = gae_blocks(build->rows, ROW_BLOCK);
	int64_t		wanted = gae_blocks(build->rows, BUCKET_RECORDS);
	int64_t		nodes = build->graph->nodes;

	if (wanted > MAX_BUCKETS)
		wanted = MAX_BUCKETS;
	while ((nodes >> build->shift) + 1 > wanted && build->shift < 31)
		build->shift++;
	build->buckets = (nodes >> build->shift) + 1;
	if (blocks > INT64_MAX / 8 / build->buckets)
		return gae_fail(env, GAE_OUT_OF_MEMORY, "out of memory");
	GAE_ALLOC(env, build->start, build->buckets + 1);
	GAE_ALLOC_ZERO(env, build->place, blocks * build->buckets);
	GAE_ALLOC_ZERO(env, build->self_loops, blocks);
	GAE_ALLOC_ZERO(env, build->zero_weights, blocks);
	GAE_TRY(gae_parallel(env, blocks, count_rows, build));
	for (int64_t block = 0; block < blocks; block++)
	{
		build->graph->self_loops += build->self_loops[block];
		build->graph->zero_weight_edges += build->zero_weights[block];
	}
	find_places(build, blocks);
	GAE_ALLOC(env, build->record, build->start[build->buckets] * build->words);
	GAE_TRY(gae_parallel(env, blocks, put_rows, build));
	gae_free(env, build->zero_weights);
	gae_free(env, build->self_loops);
	gae_free(env, build->place);
	return GAE_OK;
}

static GaeStatus
sort_buckets(GaeEnv *env, Build *build)
{
	for (int64_t b = 0; b < build->buckets; b++)
	{
		int64_t		count = bucket_records(build, b);

		if (count <= BLOCK_RECORDS && count > build->spare_records)
			build->spare_records = count;
	}
	GAE_ALLOC(env, build->spare, gae_workers(env) * build->spare_records * build->words);
	GAE_ALLOC(env, build->edges, build->buckets);
	GAE_ALLOC_ZERO(env, build->overflow, build->buckets);
	GAE_TRY(gae_parallel(env, build->buckets, sort_bucket, build));
	GAE_TRY(sort_large_buckets(env, build));
	gae_free(env, build->spare);

	for (int64_t b = 0; b < build->buckets; b++)
	{
		if (build->overflow[b] == 0)
			continue;
		gae_fail(env, GAE_INVALID_ARGUMENT, "edge weights are too large");
		gae_error_detail(env, "The weights of duplicate edges add up to %g, above the range of real.",
						 build->overflow[b]);
		gae_error_hint(env, "Divide all weights by a constant.");
		return GAE_INVALID_ARGUMENT;
	}
	gae_free(env, build->overflow);
	return GAE_OK;
}

/* Copy the edges out of the buckets. */
static GaeStatus
take_edges(GaeEnv *env, Build *build)
{
	GaeGraph   *graph = build->graph;

	GAE_ALLOC(env, build->first_edge, build->buckets);
	for (int64_t b = 0; b < build->buckets; b++)
	{
		build->first_edge[b] = graph->edges;
		graph->edges += build->edges[b];
	}
	graph->duplicate_edges = build->start[build->buckets] - graph->edges;
	GAE_ALLOC(env, graph->src, graph->edges);
	GAE_ALLOC(env, graph->dst, graph->edges);
	if (build->weight != NULL)
		GAE_ALLOC(env, graph->weight, graph->edges);
	GAE_TRY(gae_parallel(env, build->buckets, take_bucket, build));
	GAE_TRY(take_large_buckets(env, build));
	gae_free(env, build->first_edge);
	gae_free(env, build->edges);
	gae_free(env, build->start);
	gae_free(env, build->record);
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
