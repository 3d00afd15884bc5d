/*
 * memory.c
 *		Estimates of memory and of the size of a model.
 */
#include "memory.h"

#include <math.h>

#include "trainer.h"
#include "vector.h"

#define REAL ((double) sizeof(GaeReal))
#define INDEX ((double) sizeof(int32_t))
#define OFFSET ((double) sizeof(int64_t))
#define UNTRAINED ((double) sizeof(uint16_t))

/* Edges between two looks at interrupts: about a millisecond's work. */
#define POLL_EDGES (1 << 20)

static double
features_bytes(const GaeConfig *config, const GaeFeatures *features)
{
	/* A second dense X: after dropout, or times Â. */
	double		copies = config->dropout > 0 ||
		(gae_model_is_graph(config->kind) && features != NULL &&
		 features->form == GAE_FEATURES_DENSE) ? 2 : 1;
	double		entries;

	if (features == NULL)
		return 0;
	if (features->form == GAE_FEATURES_DENSE)
		return copies * REAL * (double) features->rows * (double) features->columns;
	entries = (double) features->sparse.offset[features->rows];
	/* X, and Xᵀ with the origin of its entries. */
	return entries * (2 * INDEX + OFFSET + 2 * copies * REAL) +
		OFFSET * (double) (features->rows + features->columns);
}

/* A batch of rows, dropped out perhaps, and what is rebuilt of it. */
static double
batch_bytes(const GaeConfig *config, double rows, double columns)
{
	return rows * columns * REAL * (config->dropout > 0 ? 3 : 2);
}

static double
graph_bytes(const GaeGraph *graph)
{
	double		edges = (double) graph->edges;
	double		canonical = edges * (3 * INDEX + 1);
	double		training = 2 * edges * (2 * INDEX + REAL);
	double		final = 2 * edges * (INDEX + REAL);
	double		known = 2 * edges * INDEX;

	return canonical + training + final + known + graph->nodes * (6 * OFFSET + 2 * REAL);
}

/* Of a stack that encodes "rows" rows at a time, with what goes with its output. */
static double
workspace_bytes(const GaeConfig *config, const GaeParams *params, double rows)
{
	double		width = 0;
	double		widest = 0;
	double		d = config->latent_dim;
	double		heads = gae_model_is_variational(config->kind) ? 2 : 1;

	for (int l = 0; l < params->encoder_layers + params->decoder_layers; l++)
	{
		width += (double) params->layer[l].out;
		widest = fmax(widest, (double) params->layer[l].out);
	}
	/* Hidden layers, two buffers between them; e and its gradient, z and its gradient. */
	return rows * REAL * (width + 2 * widest + 2 * heads * d + 2 * d);
}

/* All pairs, exactly: the vectors packed twice or, of a directed graph, three times; or the mirror. */
static double
pairs_bytes(const GaeConfig *config, double nodes)
{
	double		factors = config->directed ? config->latent_dim / 2 : config->latent_dim;
	double		padded = ceil(factors / GAE_VECTOR_PADDING) * GAE_VECTOR_PADDING;

	if (!isinf(gae_negatives_used(config, (int32_t) nodes)))
		return 0;
	return nodes * REAL * (config->directed ? 3 * padded : 2 * padded + config->latent_dim);
}

/* Beside the input's rows, which go when the graph is made of them. */
static double
training_bytes(const GaeConfig *config, const GaeTrainingInput *input, const GaeParams *params)
{
	double		nodes = input->nodes;
	double		heads = gae_model_is_variational(config->kind) ? 2 : 1;
	double		memory = features_bytes(config, input->features) +
		nodes * heads * config->latent_dim * REAL + config->epochs * (double) sizeof(GaeHistoryRow);

	/* Weights, gradient and two moments; the best weights, too, with patience. */
	memory += (double) params->count * REAL * (config->patience > 0 ? 5 : 4);
	if (input->graph != NULL)
		memory += graph_bytes(input->graph) + pairs_bytes(config, nodes) +
			workspace_bytes(config, params, nodes) + nodes * config->latent_dim * UNTRAINED;
	else
	{
		double		rows = (double) gae_batch_rows(config, input->nodes);

		memory += batch_bytes(config, rows, (double) params->layer[0].in) +
			workspace_bytes(config, params, rows);
	}
	return memory;
}

/*
 * Measure a model that has the sizes of the one to be trained, but no values.  Of
 * its graph the format stores, for each node, the targets of the canonical
 * edges, which lie together: these are looked at where they are.
 */
static GaeStatus
model_bytes(GaeEnv *env, const GaeConfig *config, const GaeTrainingInput *input,
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
			if (e % POLL_EDGES == 0)
				GAE_TRY(gae_poll(env));
			start[graph->src[e] + 1]++;
		}
		for (int32_t i = 0; i < graph->nodes; i++)
			start[i + 1] += start[i];
		model.known = (GaeIncidence) {
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

GaeStatus
gae_memory_estimate(GaeEnv *env, const GaeConfig *config, const GaeTrainingInput *input,
					GaeEstimate *estimate)
{
	int64_t		columns = input->features != NULL ? input->features->columns : input->nodes;
	GaeParams	params;

	GAE_TRY(gae_params_layout(env, config, columns, &params));
	estimate->memory_bytes = training_bytes(config, input, &params);
	return model_bytes(env, config, input, &params, &estimate->model_bytes);
}

GaeStatus
gae_memory_check(GaeEnv *env, const GaeConfig *config, const GaeTrainingInput *input,
				 const GaeParams *params)
{
	double		memory = training_bytes(config, input, params);
	int64_t		bytes;

	if (env->memory_limit > 0 && memory > (double) env->memory_limit)
	{
		gae_fail(env, GAE_TOO_LARGE, "training would need too much memory");
		gae_error_detail(env, "It would need about %.0f MB; vgae.memory_limit is %.0f MB.",
						 ceil(memory / 1048576), floor((double) env->memory_limit / 1048576));
		gae_error_hint(env, "Raise vgae.memory_limit, or use a smaller latent_dim or hidden_dims.");
		return GAE_TOO_LARGE;
	}
	return model_bytes(env, config, input, params, &bytes);
}
