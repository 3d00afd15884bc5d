/*
 * memory.c
 *		Estimates of memory and of the size of a model.
 *
 * A training allocates little that it gives back before its end; what it does give
 * back is counted where that may be the most: so the estimate follows the training,
 * part by part.  The unit test compares it with what is allocated.
 */
#include "core/train/memory.h"

#include <math.h>

#include "core/linalg/matmul.h"
#include "core/base/parallel.h"
#include "core/base/sort.h"
#include "core/train/trainer.h"
#include "core/linalg/vector.h"

#define REAL ((double) sizeof(GaeReal))
#define INDEX ((double) sizeof(int32_t))
#define SCORE ((double) sizeof(double))
#define UNTRAINED ((double) sizeof(uint16_t))

#define TRAINING "training"
#define TRAINING_HINT "Raise vgae.memory_limit, or use a smaller latent_dim or hidden_dims."

/* What the parts of a training are computed from. */
typedef struct Sizes
{
	const GaeConfig *config;
	const GaeTrainingInput *input;
	const GaeParams *params;
	double		nodes;
	double		d;
	double		codes;			/* values of an encoded row: mu and perhaps log_std */
	double		validation;		/* edges or rows held out */
	double		test;
	int			workers;
} Sizes;

static Sizes
sizes_of(const GaeEnv *env, const GaeConfig *config, const GaeTrainingInput *input,
		 const GaeParams *params)
{
	int64_t		items = input->graph != NULL ? input->graph->edges : input->nodes;
	int64_t		validation;
	int64_t		test;

	gae_split_counts(items, config->validation_fraction, config->test_fraction, &validation, &test);
	return (Sizes) {
		.config = config, .input = input, .params = params, .nodes = input->nodes,
		.d = config->latent_dim,
		.codes = (gae_has_posterior(config->kind) ? 2 : 1) * (double) config->latent_dim,
		.validation = (double) validation, .test = (double) test, .workers = gae_workers(env)
	};
}

/* Weights with their gradient and its moments; the history; and the best weights, with patience. */
static double
weights_bytes(const GaeConfig *config, const GaeParams *params)
{
	return REAL * (double) params->count * (config->patience > 0 ? 5 : 4) +
		config->epochs * (double) sizeof(GaeHistoryRow);
}

/* The codes of so many rows, latents and the gradients of both; and an encoder's workspace. */
static double
workspace_bytes(const Sizes *s, double rows)
{
	return rows * REAL * (2 * s->codes + 2 * s->d) +
		gae_layers_bytes(s->params->layer, s->params->encoder_layers, rows, s->input->graph != NULL,
						s->config->latent_scale, s->config->latent_dim);
}

/* Of features that are sparse, Xᵀ; with dropout, the values of a second X; else perhaps Â · X. */
static double
features_bytes(const Sizes *s)
{
	const GaeFeatures *x = s->input->features;
	GaeFeatures identity;
	double		bytes;

	if (x == NULL)
	{
		gae_features_identity(s->input->nodes, &identity);
		x = &identity;
	}
	bytes = gae_features_prepare_bytes(x);
	if (s->config->dropout > 0)
		bytes += gae_features_droppable_bytes(x);
	else if (gae_input_propagated(s->config, x))
		bytes += REAL * (double) x->rows * (double) x->columns;
	return bytes;
}

/* Scores of so many edges and as many non-edges, while they are ranked. */
static double
ranking_bytes(double edges)
{
	return 2 * edges * SCORE + gae_sort_bytes(2 * edges);
}

/* All pairs: the vectors packed twice or, of a directed graph, three times; or the mirror. */
static double
decoder_bytes(const Sizes *s)
{
	double		negatives = gae_negatives_used(s->config, (int32_t) s->nodes);
	double		width = s->config->directed ? s->d / 2 : s->d;
	double		padded = ceil(width / GAE_VECTOR_PADDING) * GAE_VECTOR_PADDING;
	double		packed = ceil(s->nodes / GAE_PAIR_TILE) * GAE_PAIR_TILE * padded;
	double		pairs;

	if (!isinf(negatives))
	{
		pairs = fmin(negatives * (double) s->input->graph->edges, s->nodes * s->nodes);
		return gae_negatives_bytes(s->nodes, pairs);
	}
	return REAL * (s->config->directed ? 3 * packed : 2 * packed + s->nodes * s->d) +
		REAL * s->workers * GAE_PAIR_TILE * (2 * padded + GAE_MAX_GROUP);
}

/* Sums of products that are added up block by block: the most of any layer. */
static double
gradient_parts_bytes(const Sizes *s)
{
	const GaeFeatures *x = s->input->features;
	double		most = 0;

	for (int l = 0; l < s->params->encoder_layers; l++)
	{
		const GaeLayer *layer = &s->params->layer[l];

		if (l > 0 || (x != NULL && x->form == GAE_FEATURES_DENSE))
			most = fmax(most, gae_matmul_tall_bytes(s->input->nodes, layer->in, layer->out));
	}
	return most;
}

/* Beside what is held when it begins: the graph, the features and the keys. */
static double
graph_training_bytes(const Sizes *s, double model_bytes)
{
	const GaeGraph *graph = s->input->graph;
	double		edges = (double) graph->edges;
	double		held_out = s->validation + s->test;
	double		sample = fmin(GAE_CALIBRATION_PAIRS, gae_non_edges(graph));
	double		filling = gae_adjacency_build_bytes(s->nodes);
	double		held = weights_bytes(s->config, s->params) + features_bytes(s);
	double		drawing;
	double		most;

	/* Holding out, and Â */
	held += gae_adjacency_bytes(s->nodes, edges, false) + gae_split_bytes(edges);
	drawing = gae_non_edges_bytes(s->nodes, graph->directed, gae_non_edges(graph), held_out) +
		gae_non_edges_build_bytes(s->nodes, graph->directed, gae_non_edges(graph), held_out);
	most = held + fmax(fmax(filling, gae_split_build_bytes(edges)),
					   gae_pairs_bytes(held_out) + drawing);
	held += gae_pairs_bytes(2 * held_out) + gae_adjacency_bytes(s->nodes, edges - held_out, true);
	most = fmax(most, held + filling);
	held += gae_propagation_bytes(s->nodes, edges - held_out) + (s->config->edge_mask > 0 ? edges : 0);

	/* The epochs */
	held += workspace_bytes(s, s->nodes) + decoder_bytes(s);
	most = fmax(most, held + fmax(gradient_parts_bytes(s), ranking_bytes(s->validation)));
	if (s->config->patience > 0)
		held -= REAL * (double) s->params->count;

	/* The final embeddings, calibration, and the model while all is still there */
	held += gae_non_edges_bytes(s->nodes, graph->directed, gae_non_edges(graph), sample);
	most = fmax(most, held + gae_non_edges_build_bytes(s->nodes, graph->directed,
													   gae_non_edges(graph), sample));
	held += gae_adjacency_bytes(s->nodes, edges - s->test, graph->weight != NULL);
	most = fmax(most, held + filling);
	held += gae_propagation_bytes(s->nodes, edges - s->test) +
		s->nodes * (s->d * UNTRAINED + s->codes * REAL);
	held += gae_pairs_bytes((double) gae_calibration_edges(graph->edges));
	most = fmax(most, held + fmax(3 * SCORE * (gae_calibration_edges(graph->edges) + sample),
								  ranking_bytes(s->test)));
	return fmax(most, held + model_bytes);
}

/* Beside what is held when it begins: the features and the keys. */
static double
rows_training_bytes(const Sizes *s, double model_bytes)
{
	const GaeParams *params = s->params;
	double		training = s->nodes - s->validation - s->test;
	double		rows = (double) gae_batch_rows(s->config, (int64_t) training);
	double		columns = (double) params->layer[0].in;
	double		held = weights_bytes(s->config, params) + s->nodes * (1 + INDEX);
	double		width = 0;
	double		widest = 0;

	for (int l = params->encoder_layers; l < params->encoder_layers + params->decoder_layers - 1; l++)
	{
		width += (double) params->layer[l].out;
		widest = fmax(widest, (double) params->layer[l].out);
	}
	/* The batch, dropped out perhaps, and rebuilt. */
	held += rows * (INDEX + REAL * (columns * (s->config->dropout > 0 ? 3 : 2) + width + 2 * widest)) +
		workspace_bytes(s, rows);
	return fmax(held + INDEX * training,
				held + REAL * s->nodes * s->codes + model_bytes -
				(s->config->patience > 0 ? REAL * (double) params->count : 0));
}

static double
training_bytes(const GaeEnv *env, const GaeConfig *config, const GaeTrainingInput *input,
			   const GaeParams *params, double model_bytes)
{
	Sizes		sizes = sizes_of(env, config, input, params);

	return input->graph != NULL ? graph_training_bytes(&sizes, model_bytes) :
		rows_training_bytes(&sizes, model_bytes);
}

/*
 * Measure a model that has the sizes of the one to be trained, but no values.  Of
 * its graph the format stores, for each node, the targets of the canonical
 * edges, which lie together: these are looked at where they are.
 */
static GaeStatus
measure_model(GaeEnv *env, const GaeConfig *config, const GaeTrainingInput *input,
			const GaeParams *params, int64_t *bytes)
{
	const GaeGraph *graph = input->graph;
	GaeModel	model = {
		.config = *config,
		.nodes = input->nodes,
		.features = input->features != NULL ? input->features->columns : 0,
		.params = *params,
		.keys.length = input->blob_bytes,
	};
	int64_t    *start = NULL;

	if (graph != NULL)
	{
		GAE_ALLOC_ZERO(env, start, (int64_t) graph->nodes + 1);
		for (int64_t e = 0; e < graph->edges; e++)
		{
			if (e % GAE_POLL_ITEMS == 0)
				GAE_TRY(gae_poll(env));
			start[graph->src[e] + 1]++;
		}
		for (int32_t i = 0; i < graph->nodes; i++)
		{
			if (i % GAE_POLL_ITEMS == 0)
				GAE_TRY(gae_poll(env));
			start[i + 1] += start[i];
		}
		model.known = (GaeAdjacency) {
			.nodes = graph->nodes, .directed = graph->directed,
			.offset = start, .out = start, .neighbor = graph->dst
		};
	}
	GAE_TRY(gae_model_size(env, &model, bytes));
	gae_free(env, start);

	/* If training stops early, the history is shorter. */
	*bytes += config->epochs * (int64_t) sizeof(GaeHistoryRow);
	if (*bytes > GAE_MODEL_MAX_BYTES)
		return gae_model_too_large(env, *bytes);
	return GAE_OK;
}

/* What could not be stored, or would be above the limit whatever the input. */
GaeStatus
gae_memory_check_arguments(GaeEnv *env, const GaeConfig *config)
{
	GaeParams	params;
	double		least;

	GAE_TRY(gae_config_check(env, config));
	GAE_TRY(gae_params_layout(env, config, 1, &params));
	least = REAL * (double) params.count + config->epochs * (double) sizeof(GaeHistoryRow);
	if (least > (double) GAE_MODEL_MAX_BYTES)
		return gae_model_too_large(env, (int64_t) least);
	return gae_memory_expect(env, weights_bytes(config, &params) + least, TRAINING, TRAINING_HINT);
}

GaeStatus
gae_memory_estimate(GaeEnv *env, const GaeConfig *config, const GaeTrainingInput *input,
					GaeEstimate *estimate)
{
	int64_t		columns = input->features != NULL ? input->features->columns : input->nodes;
	GaeParams	params;

	GAE_TRY(gae_train_check(env, config, input));
	GAE_TRY(gae_params_layout(env, config, columns, &params));
	GAE_TRY(measure_model(env, config, input, &params, &estimate->model_bytes));
	estimate->memory_bytes =
		training_bytes(env, config, input, &params, (double) estimate->model_bytes);
	return GAE_OK;
}

GaeStatus
gae_memory_check(GaeEnv *env, const GaeConfig *config, const GaeTrainingInput *input)
{
	GaeEstimate estimate;

	GAE_TRY(gae_memory_estimate(env, config, input, &estimate));
	return gae_memory_expect(env, estimate.memory_bytes, TRAINING, TRAINING_HINT);
}
