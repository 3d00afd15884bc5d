/*
 * test_params.c
 *		Layouts, initial weights, and weights taken over from another model.
 */
#include <math.h>
#include <string.h>

#include "core/nn/architecture.h"
#include "support.h"

static GaeConfig
config_of(GaeModelKind kind, int layers, int32_t first, int32_t second, int32_t latent_dim)
{
	GaeConfig	config;

	gae_config_default(&config);
	config.kind = kind;
	config.hidden_layers = layers;
	config.hidden_dims[0] = first;
	config.hidden_dims[1] = second;
	config.latent_dim = latent_dim;
	return config;
}

/* Layers follow each other without gaps, and fit together. */
static void
check_layout(GaeEnv *env, const GaeConfig *config, int64_t columns)
{
	bool		graph = gae_has_links(config->kind);
	int			heads = gae_has_posterior(config->kind) ? 2 : 1;
	int64_t		at = 0;
	GaeParams	params;

	assert_ok(env, gae_architecture_layout(env, config, (GaeColumns) {.features = columns}, &params));
	assert_int_equal(params.encoder_layers, config->hidden_layers + 1);
	assert_int_equal(params.decoder_layers, graph ? 0 : config->hidden_layers + 1);
	for (int l = 0; l < params.encoder_layers + params.decoder_layers; l++)
	{
		const GaeLayer *layer = &params.layer[l];
		int64_t		in = columns;

		if (l == params.encoder_layers)
			in = config->latent_dim;
		else if (l > 0)
			in = params.layer[l - 1].out;
		assert_int_equal(layer->in, in);
		assert_int_equal(layer->weight, at);
		at += layer->in * layer->out;
		assert_int_equal(layer->bias, graph ? -1 : at);
		at += graph ? 0 : layer->out;
	}
	assert_int_equal(params.layer[params.encoder_layers - 1].out, heads * config->latent_dim);
	assert_int_equal(params.count, at);
	if (!graph)
		assert_int_equal(params.layer[params.encoder_layers + params.decoder_layers - 1].out, columns);
}

static void
test_layouts(void **state)
{
	for (int kind = GAE_MODEL_AE; kind <= GAE_MODEL_VGAE; kind++)
	{
		for (int layers = 0; layers <= 2; layers++)
		{
			GaeConfig	config = config_of((GaeModelKind) kind, layers, 8, 5, 3);

			check_layout(*state, &config, 11);
		}
	}
}

static void
test_too_large(void **state)
{
	GaeConfig	config = config_of(GAE_MODEL_AE, 2, GAE_MAX_DIM, GAE_MAX_DIM, GAE_MAX_DIM);
	GaeParams	params;

	config.hidden_layers = GAE_MAX_LAYERS;
	for (int l = 0; l < GAE_MAX_LAYERS; l++)
		config.hidden_dims[l] = GAE_MAX_DIM;
	assert_status(GAE_TOO_LARGE, gae_architecture_layout(*state, &config, (GaeColumns) {.features = INT32_MAX}, &params));
}

/* Uniform within Glorot's range, its variance that of the range; mu and log_std alike. */
static void
test_init(void **state)
{
	GaeEnv	   *env = *state;

	for (int kind = GAE_MODEL_AE; kind <= GAE_MODEL_VGAE; kind++)
	{
		GaeConfig	config = config_of((GaeModelKind) kind, 1, 120, 0, 60);
		GaeParams	params;
		GaeReal    *value;

		config.seed = 42;
		assert_ok(env, gae_architecture_layout(env, &config, (GaeColumns) {.features = 90}, &params));
		value = gae_alloc(env, params.count, sizeof(GaeReal));
		assert_ok(env, gae_params_init(env, &params, config.seed, value));
		for (int l = 0; l < params.encoder_layers + params.decoder_layers; l++)
		{
			const GaeLayer *layer = &params.layer[l];
			int64_t		fan_out = l == 1 ? 60 : layer->out;
			double		range = sqrt(6.0 / (double) (layer->in + fan_out));
			int64_t		count = layer->in * layer->out;
			double		mean = 0;
			double		square = 0;
			double		largest = 0;

			for (int64_t i = 0; i < count; i++)
			{
				double		w = value[layer->weight + i];

				mean += w / (double) count;
				square += w * w / (double) count;
				largest = fmax(largest, fabs(w));
			}
			assert_true(largest <= range * (1 + TEST_EPSILON) && largest > 0.99 * range);
			assert_near(mean, 0, 5 * range / sqrt(3 * (double) count), 1);
			assert_near(square, range * range / 3, 0.05, 0);
			for (int64_t j = 0; j < layer->out && layer->bias >= 0; j++)
				assert_true(value[layer->bias + j] == 0);
		}
	}
}

/*
 * Going on from a model of other columns: rows of the first map and, where the
 * decoder writes columns, columns of the last one are matched by the map.
 */
static void
test_adopt(void **state)
{
	static const int32_t column_map[] = {3, -1, 0, 2};
	GaeEnv	   *env = *state;

	for (int kind = GAE_MODEL_AE; kind <= GAE_MODEL_VGAE; kind++)
	{
		GaeConfig	config = config_of((GaeModelKind) kind, 1, 6, 0, 3);
		GaeParams	former;
		GaeParams	params;
		GaeReal    *former_value;
		GaeReal    *value;
		int			last;

		assert_ok(env, gae_architecture_layout(env, &config, (GaeColumns) {.features = 5}, &former));
		assert_ok(env, gae_architecture_layout(env, &config, (GaeColumns) {.features = 4}, &params));
		former_value = gae_alloc(env, former.count, sizeof(GaeReal));
		value = gae_alloc(env, params.count, sizeof(GaeReal));
		for (int64_t i = 0; i < former.count; i++)
			former_value[i] = (GaeReal) (i + 1);
		for (int64_t i = 0; i < params.count; i++)
			value[i] = (GaeReal) -(i + 1);
		assert_ok(env, gae_params_adopt(env, &params, value, &former, former_value, column_map));
		last = params.encoder_layers + params.decoder_layers - 1;
		for (int l = 0; l <= last; l++)
		{
			const GaeLayer *to = &params.layer[l];
			const GaeLayer *from = &former.layer[l];
			bool		writes = params.decoder_layers > 0 && l == last;

			for (int64_t i = 0; i < to->in; i++)
			{
				for (int64_t j = 0; j < to->out; j++)
				{
					int64_t		row = l == 0 ? column_map[i] : i;
					int64_t		column = writes ? column_map[j] : j;
					int64_t		at = to->weight + i * to->out + j;

					assert_true(value[at] == (row < 0 || column < 0 ? (GaeReal) -(at + 1) :
											  former_value[from->weight + row * from->out + column]));
				}
			}
			for (int64_t j = 0; j < to->out && to->bias >= 0; j++)
			{
				int64_t		column = writes ? column_map[j] : j;

				assert_true(value[to->bias + j] == (column < 0 ? (GaeReal) -(to->bias + j + 1) :
													former_value[from->bias + column]));
			}
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_layouts),
		TEST(test_too_large),
		TEST(test_init),
		TEST(test_adopt),
	};

	return cmocka_run_group_tests_name("params", tests, NULL, NULL);
}
