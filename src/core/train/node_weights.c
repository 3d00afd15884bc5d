/*
 * node_weights.c
 *		What a node is to the encoder: its features, weights of its own, or both.
 */
#include "core/train/node_weights.h"

#include <math.h>
#include <string.h>

#include "core/base/parallel.h"
#include "core/base/range.h"
#include "core/graph/non_edges.h"
#include "core/graph/propagation.h"
#include "core/infer/metrics.h"
#include "core/linalg/matmul.h"
#include "core/linalg/openblas.h"

/* Columns of a random projection: cosines are off by about 1 / √WIDTH. */
#define WIDTH 64

/* How often codes are averaged over neighbours. */
#define HOPS 2

/* The share of the training edges that is hidden, and about how many at most. */
#define HIDDEN_SHARE 0.1
#define HIDDEN_EDGES 10000

/* Of fewer hidden edges the comparison says nothing. */
#define LEAST_EDGES 10

/* Values of a block of random numbers: each block has a stream of its own. */
#define PROJECTION_BLOCK 4096

/* What both comparisons share. */
typedef struct Comparison
{
	const GaeGraph *graph;
	const uint8_t *part;		/* of each edge */
	int64_t		training;		/* training edges */
	int64_t		seed;
	GaeAdjacency known;			/* all edges */
	GaeAdjacency training_edges;
	GaePropagation propagation; /* without the hidden edges */
	bool	   *hidden;			/* edges */
	GaePairs	edges;			/* the hidden ones, */
	GaePairs	non_edges;		/* and as many non-edges, if there are */
	GaeReal    *codes;			/* nodes x WIDTH */
	GaeReal    *spare;			/* likewise */
} Comparison;

static double
hidden_share(int64_t training)
{
	return fmin(HIDDEN_SHARE, HIDDEN_EDGES / (double) training);
}

/* Room for the hidden edges: about as many as expected, for sure. */
static int64_t
hidden_room(int64_t training)
{
	double		expected = hidden_share(training) * (double) training;

	return gae_min(training, (int64_t) (expected + 10 * sqrt(expected) + 10));
}

static GaeStatus
hide_edges(GaeEnv *env, Comparison *comparison)
{
	const GaeGraph *graph = comparison->graph;
	GaePairs   *edges = &comparison->edges;
	GaeStream	stream = gae_stream(comparison->seed, GAE_RANDOM_NODE_WEIGHTS, 0, 0);
	double		share = hidden_share(comparison->training);
	int64_t		room = hidden_room(comparison->training);

	GAE_ALLOC(env, comparison->hidden, graph->edges);
	GAE_ALLOC(env, edges->src, room);
	GAE_ALLOC(env, edges->dst, room);
	edges->count = 0;
	for (int64_t e = 0; e < graph->edges; e++)
	{
		if (e % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(env));
		comparison->hidden[e] = gae_random_uniform(&stream) < share &&
			comparison->part[e] == GAE_PART_TRAINING && edges->count < room;
		if (!comparison->hidden[e])
			continue;
		edges->src[edges->count] = graph->src[e];
		edges->dst[edges->count++] = graph->dst[e];
	}
	return GAE_OK;
}

static GaeStatus
begin(GaeEnv *env, Comparison *comparison)
{
	const GaeGraph *graph = comparison->graph;
	int64_t		values = (int64_t) graph->nodes * WIDTH;

	GAE_TRY(gae_openblas_load(env));
	GAE_TRY(hide_edges(env, comparison));
	GAE_TRY(gae_adjacency_build(env, graph, NULL, 0, false, &comparison->known));
	GAE_TRY(gae_sample_non_edges(env, &comparison->known, gae_non_edges(graph),
								 comparison->edges.count,
								 gae_stream(comparison->seed, GAE_RANDOM_NODE_WEIGHTS, 1, 0),
								 &comparison->non_edges));
	GAE_TRY(gae_adjacency_build(env, graph, comparison->part, GAE_PART_TRAINING, true,
								&comparison->training_edges));
	GAE_TRY(gae_propagation_create(env, &comparison->training_edges, &comparison->propagation));
	GAE_TRY(gae_propagation_weigh(env, &comparison->propagation, graph, comparison->hidden));
	GAE_ALLOC(env, comparison->codes, values);
	GAE_ALLOC(env, comparison->spare, values);
	return GAE_OK;
}

static void
free_adjacency(GaeEnv *env, GaeAdjacency *adjacency)
{
	gae_free(env, adjacency->edge);
	gae_free(env, adjacency->neighbor);
	gae_free(env, adjacency->out);
	gae_free(env, adjacency->offset);
}

static void
end(GaeEnv *env, Comparison *comparison)
{
	gae_free(env, comparison->spare);
	gae_free(env, comparison->codes);
	gae_free(env, comparison->propagation.value);
	gae_free(env, comparison->propagation.diagonal);
	free_adjacency(env, &comparison->training_edges);
	gae_free(env, comparison->non_edges.src);
	gae_free(env, comparison->non_edges.dst);
	free_adjacency(env, &comparison->known);
	gae_free(env, comparison->edges.src);
	gae_free(env, comparison->edges.dst);
	gae_free(env, comparison->hidden);
}

typedef struct ProjectionTask
{
	int64_t		seed;
	int64_t		count;
	GaeReal    *value;
} ProjectionTask;

/* A GaeBlock */
static void
projection_block(void *arg, int64_t block, int worker)
{
	const ProjectionTask *t = arg;
	GaeRange	values = gae_block_range(block, PROJECTION_BLOCK, t->count);
	GaeStream	stream = gae_stream(t->seed, GAE_RANDOM_NODE_WEIGHTS, 2, (uint64_t) block);

	(void) worker;
	gae_random_normal(&stream, t->value + values.first, values.end - values.first);
}

/* Give each node the code of another: codes = P · codes, for a random permutation P. */
static GaeStatus
permute_codes(GaeEnv *env, Comparison *comparison)
{
	int32_t		nodes = comparison->graph->nodes;
	GaeReal    *permuted = comparison->spare;
	int32_t    *order;

	GAE_ALLOC(env, order, nodes);
	GAE_TRY(gae_random_order(env, gae_stream(comparison->seed, GAE_RANDOM_NODE_WEIGHTS, 3, 0), nodes,
							 order));
	for (int64_t i = 0; i < nodes; i++)
	{
		if (i % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(env));
		memcpy(permuted + i * WIDTH, comparison->codes + (int64_t) order[i] * WIDTH,
			   WIDTH * sizeof(GaeReal));
	}
	gae_free(env, order);
	comparison->spare = comparison->codes;
	comparison->codes = permuted;
	return GAE_OK;
}

/* comparison->codes = Â · Â · x · a random matrix (inputs of x x WIDTH), or of P · x */
static GaeStatus
make_codes(GaeEnv *env, Comparison *comparison, const GaeFeatures *x, bool permuted)
{
	ProjectionTask task = {
		.seed = comparison->seed, .count = gae_features_inputs(x) * WIDTH
	};

	GAE_ALLOC(env, task.value, task.count);
	GAE_TRY(gae_parallel(env, gae_blocks(task.count, PROJECTION_BLOCK), projection_block, &task));
	GAE_TRY(gae_features_multiply(env, x, WIDTH, task.value, comparison->codes));
	gae_free(env, task.value);
	if (permuted)
		GAE_TRY(permute_codes(env, comparison));
	for (int hop = 0; hop < HOPS; hop++)
	{
		GaeReal    *averaged = comparison->spare;

		GAE_TRY(gae_propagate(env, &comparison->propagation, WIDTH, comparison->codes, averaged));
		comparison->spare = comparison->codes;
		comparison->codes = averaged;
	}
	return GAE_OK;
}

/* *scores = the cosines of the pairs' codes; 0 where a code is 0. */
static GaeStatus
cosines(GaeEnv *env, const Comparison *comparison, const GaePairs *pairs, double **scores)
{
	GAE_ALLOC(env, *scores, pairs->count);
	for (int64_t p = 0; p < pairs->count; p++)
	{
		const GaeReal *a = comparison->codes + (int64_t) pairs->src[p] * WIDTH;
		const GaeReal *b = comparison->codes + (int64_t) pairs->dst[p] * WIDTH;
		double		norms = sqrt((double) gae_dot(a, a, WIDTH) * (double) gae_dot(b, b, WIDTH));

		(*scores)[p] = norms > 0 ? (double) gae_dot(a, b, WIDTH) / norms : 0;
	}
	return GAE_OK;
}

/* How well x, or P · x, tells the hidden edges from the non-edges. */
static GaeStatus
auc_of(GaeEnv *env, Comparison *comparison, const GaeFeatures *x, bool permuted, double *auc)
{
	GaeRanking	ranking;
	double	   *positive;
	double	   *negative;

	GAE_TRY(make_codes(env, comparison, x, permuted));
	GAE_TRY(cosines(env, comparison, &comparison->edges, &positive));
	GAE_TRY(cosines(env, comparison, &comparison->non_edges, &negative));
	GAE_TRY(gae_ranking(env, positive, comparison->edges.count, negative, comparison->non_edges.count,
						&ranking));
	gae_free(env, negative);
	gae_free(env, positive);
	*auc = ranking.auc;
	return GAE_OK;
}

/* Three standard deviations of an area under the ROC curve, at most, from this number of edges. */
static double
chance(int64_t edges)
{
	return 1.5 / sqrt((double) edges);
}

/* Is there something to compare, or is the choice made? */
static bool
is_open(const GaeConfig *config, const GaeTrainingInput *input)
{
	return config->node_weights == GAE_CHOOSE && input->graph != NULL &&
		input->features != NULL && input->warm_start == NULL && input->informative > 0;
}

/* The choice where nothing is compared. */
static GaeNodeInput
given_choice(const GaeConfig *config, const GaeTrainingInput *input)
{
	const GaeModel *former = input->warm_start;

	if (config->node_weights == GAE_NO)
		return GAE_NODE_FEATURES;
	if (config->node_weights == GAE_CHOOSE && former != NULL)
		return former->columns.nodes == 0 ? GAE_NODE_FEATURES :
			former->features_used ? GAE_NODE_BOTH : GAE_NODE_PLACE;
	return input->informative > 0 ? GAE_NODE_BOTH : GAE_NODE_PLACE;
}

static GaeStatus
compare(GaeEnv *env, Comparison *comparison, const GaeFeatures *x, GaeNodeInput *choice)
{
	double		beyond_chance = chance(comparison->edges.count);
	GaeFeatures places;
	double		by_features;
	double		by_others;
	double		by_places;

	gae_features_identity(x->rows, &places);
	GAE_TRY(auc_of(env, comparison, x, false, &by_features));
	GAE_TRY(auc_of(env, comparison, x, true, &by_others));
	GAE_TRY(auc_of(env, comparison, &places, false, &by_places));
	*choice = by_features > by_places + beyond_chance ? GAE_NODE_FEATURES :
		by_features > by_others + beyond_chance ? GAE_NODE_BOTH : GAE_NODE_PLACE;
	return GAE_OK;
}

GaeStatus
gae_choose_node_weights(GaeEnv *env, const GaeConfig *config, const GaeTrainingInput *input,
						const uint8_t *part, int64_t training, GaeNodeInput *choice)
{
	Comparison	comparison = {
		.graph = input->graph, .part = part, .training = training, .seed = config->seed
	};

	*choice = given_choice(config, input);
	if (!is_open(config, input))
		return GAE_OK;
	GAE_TRY(gae_memory_expect(env, gae_choose_node_weights_bytes(config, input, training),
							  "looking at the features",
							  "Raise vgae.memory_limit, or say whether to use node_weights."));
	GAE_TRY(begin(env, &comparison));
	if (comparison.edges.count >= LEAST_EDGES && comparison.non_edges.count >= LEAST_EDGES)
		GAE_TRY(compare(env, &comparison, input->features, choice));
	end(env, &comparison);
	return GAE_OK;
}

double
gae_choose_node_weights_bytes(const GaeConfig *config, const GaeTrainingInput *input,
							  int64_t training)
{
	double		nodes = input->nodes;
	double		edges;
	double		inputs;

	if (!is_open(config, input))
		return 0;
	edges = (double) input->graph->edges;
	inputs = fmax((double) input->features->columns, nodes);
	return edges + gae_pairs_bytes(2 * (double) hidden_room(training)) +
		gae_adjacency_bytes(nodes, edges, false) +
		gae_adjacency_bytes(nodes, (double) training, true) +
		gae_propagation_bytes(nodes, (double) training) +
		nodes * sizeof(int32_t) + (2 * nodes + inputs) * WIDTH * sizeof(GaeReal);
}
