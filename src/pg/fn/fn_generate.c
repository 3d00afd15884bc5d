/*
 * fn_generate.c
 *		vgae_sample_posterior, vgae_sample_prior, vgae_decode, vgae_decode_link,
 *		vgae_reconstruct, vgae_interpolate, vgae_generate_graph: from latents back
 *		to data.
 */
#include "postgres.h"

#include "fmgr.h"

#include "pg/fn/arguments.h"
#include "pg/fn/node_keys.h"
#include "core/infer/encode.h"
#include "core/infer/generate.h"
#include "core/infer/sample.h"
#include "core/infer/score.h"
#include "pg/base/env_pg.h"
#include "pg/model/model_cache.h"
#include "pg/base/result.h"
#include "pg/model/row_model.h"

/* Latents that vgae_interpolate decodes at once: at most, and fewer if their rows are long. */
#define BATCH_MAX_ROWS 128
#define BATCH_MAX_VALUES (1024 * 1024)

PG_FUNCTION_INFO_V1(vgae_sample_posterior);
PG_FUNCTION_INFO_V1(vgae_sample_prior);
PG_FUNCTION_INFO_V1(vgae_decode);
PG_FUNCTION_INFO_V1(vgae_decode_link);
PG_FUNCTION_INFO_V1(vgae_reconstruct);
PG_FUNCTION_INFO_V1(vgae_interpolate);
PG_FUNCTION_INFO_V1(vgae_generate_graph);

/* vgae_sample_posterior(model, [key_type], n, seed) */
Datum
vgae_sample_posterior(PG_FUNCTION_ARGS)
{
	VgaeResult *result = vgae_result_begin(fcinfo);
	int			argno = PG_NARGS() - 2;	/* of n; key_type may stand before it */
	static const bool nulls[3] = {false};
	const VgaeModel *model;
	VgaeKeyColumn keys;
	MemoryContext caller;
	GaeReal    *latent;
	int32		latent_dim;
	int64		n;
	int64		seed;

	if (PG_ARGISNULL(0))
		return (Datum) 0;
	if (argno > 1)
		vgae_require_no_count(fcinfo, "n");
	n = vgae_argument_count(fcinfo, argno, "n", 1, PG_INT32_MAX);
	seed = vgae_argument_int64(fcinfo, argno + 1, "seed");
	model = vgae_model_of_call(fcinfo, 0);
	vgae_require_gaussian(model, "posterior");
	vgae_require_key_type(fcinfo, &model->keys, "vgae_sample_posterior", "", ", ...");

	latent_dim = model->core.config.latent_dim;
	latent = palloc(latent_dim * sizeof(GaeReal));
	vgae_key_column(fcinfo, &model->keys, &keys);
	caller = MemoryContextSwitchTo(vgae_result_memory(result));
	for (int32 node = 0; node < model->core.nodes; node++)
	{
		for (int32 sample = 0; sample < n; sample++)
		{
			Datum		values[3];

			gae_sample_posterior(&model->core, node, sample, seed, latent);
			values[0] = vgae_key_column_datum(&keys, node);
			values[1] = Int32GetDatum(sample + 1);
			values[2] = vgae_real_array(latent, latent_dim);
			vgae_result_put(result, values, nulls);
		}
	}
	MemoryContextSwitchTo(caller);
	return (Datum) 0;
}

/* vgae_sample_prior(model, n, seed) */
Datum
vgae_sample_prior(PG_FUNCTION_ARGS)
{
	VgaeResult *result = vgae_result_begin(fcinfo);
	static const bool nulls[2] = {false};
	const VgaeModel *model;
	MemoryContext caller;
	GaeReal    *latent;
	int32		latent_dim;
	int64		n;
	int64		seed;

	if (PG_ARGISNULL(0))
		return (Datum) 0;
	n = vgae_argument_count(fcinfo, 1, "n", 1, PG_INT32_MAX);
	seed = vgae_argument_int64(fcinfo, 2, "seed");
	model = vgae_model_of_call(fcinfo, 0);
	vgae_require_gaussian(model, "prior");

	latent_dim = model->core.config.latent_dim;
	latent = palloc(latent_dim * sizeof(GaeReal));
	caller = MemoryContextSwitchTo(vgae_result_memory(result));
	for (int32 sample = 0; sample < n; sample++)
	{
		Datum		values[2];

		gae_sample_prior(&model->core, sample, seed, latent);
		values[0] = Int32GetDatum(sample + 1);
		values[1] = vgae_real_array(latent, latent_dim);
		vgae_result_put(result, values, nulls);
	}
	MemoryContextSwitchTo(caller);
	return (Datum) 0;
}

/* An argument that is a latent. */
static const GaeReal *
latent_argument(FunctionCallInfo fcinfo, int argno, const char *name, const VgaeModel *model)
{
	return vgae_argument_reals(fcinfo, argno, name, model->core.config.latent_dim,
							   "latent dimensions");
}

static Datum
decoded_array(const VgaeModel *model, const GaeReal *latent)
{
	GaeReal    *row = palloc(model->core.columns.features * sizeof(GaeReal));

	vgae_rows_decode(model, 1, latent, row);
	return vgae_real_array(row, model->core.columns.features);
}

/* vgae_decode(model, latent) */
Datum
vgae_decode(PG_FUNCTION_ARGS)
{
	const VgaeModel *model = vgae_model_of_call(fcinfo, 0);

	vgae_require_rows(model, "Use vgae_decode_link: a graph's decoder gives the probability of a link.");
	PG_RETURN_DATUM(decoded_array(model, latent_argument(fcinfo, 1, "latent", model)));
}

/* vgae_reconstruct(model, features) */
Datum
vgae_reconstruct(PG_FUNCTION_ARGS)
{
	const VgaeModel *model = vgae_model_of_call(fcinfo, 0);
	const GaeReal *features;
	GaeReal    *code;

	vgae_require_rows(model, "Use vgae_link_probability: a graph's decoder reconstructs links.");
	features = vgae_argument_features(fcinfo, 1, "features", model);
	code = palloc(model->core.config.latent_dim * sizeof(GaeReal));
	vgae_row_encode(model, features, code);
	PG_RETURN_DATUM(decoded_array(model, code));
}

/* vgae_decode_link(model, a, b) */
Datum
vgae_decode_link(PG_FUNCTION_ARGS)
{
	const VgaeModel *model = vgae_model_of_call(fcinfo, 0);
	const GaeReal *a;
	const GaeReal *b;
	double		score;

	vgae_require_links(model);
	a = latent_argument(fcinfo, 1, "a", model);
	b = latent_argument(fcinfo, 2, "b", model);
	score = gae_latent_score(&model->core, a, b);
	PG_RETURN_FLOAT8(gae_calibrated(&model->core.calibration, score));
}

/* Return the rows (step, t, latent, decoded) of the steps first … first + count - 1, counted from 0. */
static void
put_steps(VgaeResult *result, const VgaeModel *model, const GaeReal *from, const GaeReal *to,
		  int32 steps, int32 first, int32 count, GaeReal *latents, GaeReal *decoded)
{
	int32		latent_dim = model->core.config.latent_dim;
	int64		features = model->core.columns.features;
	MemoryContext caller;

	for (int32 i = 0; i < count; i++)
	{
		double		t = (double) (first + i) / (steps - 1);

		for (int32 d = 0; d < latent_dim; d++)
			latents[(Size) i * latent_dim + d] = (GaeReal) ((1 - t) * from[d] + t * to[d]);
	}
	if (decoded != NULL)
		vgae_rows_decode(model, count, latents, decoded);

	caller = MemoryContextSwitchTo(vgae_result_memory(result));
	for (int32 i = 0; i < count; i++)
	{
		Datum		values[4];
		bool		nulls[4] = {false, false, false, decoded == NULL};

		values[0] = Int32GetDatum(first + i + 1);
		values[1] = Float8GetDatum((double) (first + i) / (steps - 1));
		values[2] = vgae_real_array(&latents[(Size) i * latent_dim], latent_dim);
		if (decoded != NULL)
			values[3] = vgae_real_array(&decoded[i * features], features);
		vgae_result_put(result, values, nulls);
	}
	MemoryContextSwitchTo(caller);
}

/* vgae_interpolate(model, from_latent, to_latent, steps) */
Datum
vgae_interpolate(PG_FUNCTION_ARGS)
{
	VgaeResult *result = vgae_result_begin(fcinfo);
	const VgaeModel *model;
	const GaeReal *from;
	const GaeReal *to;
	GaeReal    *latents;
	GaeReal    *decoded = NULL;
	int32		steps;
	int32		batch = BATCH_MAX_ROWS;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(2))
		return (Datum) 0;
	steps = vgae_argument_count(fcinfo, 3, "steps", 2, PG_INT32_MAX);
	model = vgae_model_of_call(fcinfo, 0);
	from = latent_argument(fcinfo, 1, "from_latent", model);
	to = latent_argument(fcinfo, 2, "to_latent", model);

	if (gae_has_rows(model->core.config.kind))
	{
		batch = Min(batch, Max(1, BATCH_MAX_VALUES / model->core.columns.features));
		decoded = palloc(batch * model->core.columns.features * sizeof(GaeReal));
	}
	latents = palloc(batch * model->core.config.latent_dim * sizeof(GaeReal));
	for (int32 first = 0; first < steps;)
	{
		int32		count = Min(batch, steps - first);

		put_steps(result, model, from, to, steps, first, count, latents, decoded);
		first += count;
	}
	return (Datum) 0;
}

/* The edges that gae_generate_graph has found so far. */
typedef struct FoundEdge
{
	int32		src;
	int32		dst;
	double		probability;
} FoundEdge;

typedef struct FoundEdges
{
	GaeEnv	   *env;
	FoundEdge  *edge;
	int64		count;
	int64		room;
	GaeStatus	status;
} FoundEdges;

static GaeStatus
make_room(FoundEdges *found, int64 room)
{
	GaeEnv	   *env = found->env;
	FoundEdge  *edge;

	GAE_TRY(gae_new_graph_expect(env, (double) room * sizeof(FoundEdge)));
	GAE_ALLOC(env, edge, room);
	GAE_TRY(gae_copy(env, edge, found->edge, found->count * sizeof(FoundEdge)));
	gae_free(env, found->edge);
	found->edge = edge;
	found->room = room;
	return GAE_OK;
}

/*
 * Keep an edge.  Core code calls this, and no error may unwind it; so the edges go to
 * the tuplestore, which may raise errors, only when all are there.
 */
static bool
keep_edge(void *context, int32 src, int32 dst, double probability)
{
	FoundEdges *found = context;

	if (found->count == found->room)
	{
		found->status = make_room(found, Max(1024, 2 * found->room));
		if (found->status != GAE_OK)
			return false;
	}
	found->edge[found->count].src = src;
	found->edge[found->count].dst = dst;
	found->edge[found->count].probability = probability;
	found->count++;
	return true;
}

static void
put_edges(VgaeResult *result, const FoundEdges *found)
{
	MemoryContext caller = MemoryContextSwitchTo(vgae_result_memory(result));
	static const bool nulls[3] = {false};

	for (int64 i = 0; i < found->count; i++)
	{
		Datum		values[3];

		values[0] = Int32GetDatum(found->edge[i].src + 1);
		values[1] = Int32GetDatum(found->edge[i].dst + 1);
		values[2] = Float8GetDatum(found->edge[i].probability);
		vgae_result_put(result, values, nulls);
	}
	MemoryContextSwitchTo(caller);
}

/* vgae_generate_graph(model, nodes, seed) */
Datum
vgae_generate_graph(PG_FUNCTION_ARGS)
{
	VgaeResult *result = vgae_result_begin(fcinfo);
	FoundEdges	found = {.status = GAE_OK};
	const VgaeModel *model;
	int32		nodes;
	int64		seed;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		return (Datum) 0;
	nodes = vgae_argument_int32(fcinfo, 1, "nodes", 1);
	seed = vgae_argument_int64(fcinfo, 2, "seed");
	model = vgae_model_of_call(fcinfo, 0);
	vgae_require_links(model);
	vgae_require_gaussian(model, "prior");

	found.env = vgae_env_begin();
	vgae_check(found.env, gae_generate_graph(found.env, &model->core, nodes, seed, keep_edge, &found));
	vgae_check(found.env, found.status);
	put_edges(result, &found);
	vgae_env_end(found.env);
	return (Datum) 0;
}
