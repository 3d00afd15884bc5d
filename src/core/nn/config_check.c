/*
 * config_check.c
 *		What the arguments of a training may be, and which of them apply to a model.
 */
#include "core/nn/config_check.h"

#include <math.h>

#include "core/nn/architecture.h"

static GaeStatus
refuse(GaeEnv *env, const char *name, double value, const char *must)
{
	gae_fail(env, GAE_INVALID_ARGUMENT, "invalid value for argument \"%s\"", name);
	if (isfinite(value))
		gae_error_detail(env, "The value is %.15g.", value);
	else
		gae_error_detail(env, "The value is %s.",
						 isnan(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
	gae_error_hint(env, "It must be %s.", must);
	return GAE_INVALID_ARGUMENT;
}

/* NaN is in no range. */
#define REQUIRE(value, condition, must) \
	do { \
		if (!(condition)) \
			return refuse(env, #value, (double) config->value, (must)); \
	} while (0)

static GaeStatus
check_options_of_architecture(GaeEnv *env, const GaeConfig *config)
{
	const GaeArchitecture *architecture = gae_architecture(config->kind);
	bool		links = architecture->links != NULL;
	const char *misplaced = NULL;
	char		names[GAE_MODEL_NAMES_BYTES];

	if (links)
	{
		if (config->batch_size != 0)
			misplaced = "batch_size";
		else if (config->reconstruction != GAE_RECONSTRUCTION_MSE)
			misplaced = "reconstruction";
	}
	else
	{
		if (config->directed)
			misplaced = "directed";
		else if (config->edge_mask != 0)
			misplaced = "edge_mask";
		else if (!isnan(config->negatives))
			misplaced = "negatives";
		else if (config->node_weights != GAE_CHOOSE)
			misplaced = "node_weights";
	}
	if (misplaced == NULL)
		return GAE_OK;
	gae_fail(env, GAE_INVALID_ARGUMENT, "argument \"%s\" does not apply to model \"%s\"",
			 misplaced, architecture->name);
	gae_error_hint(env, "Leave it at its default, or train a model of %s: %s.",
				   links ? "rows" : "a graph",
				   gae_model_names(links ? gae_has_rows : gae_has_links, NULL, names));
	return GAE_INVALID_ARGUMENT;
}

GaeStatus
gae_config_check(GaeEnv *env, const GaeConfig *config)
{
	static const char dimension[] = "between 1 and 65536";
	static const char fraction[] = "at least 0 and below 1";

	for (int i = 0; i < config->hidden_layers; i++)
		if (config->hidden_dims[i] < 1 || config->hidden_dims[i] > GAE_MAX_DIM)
			return refuse(env, "hidden_dims", config->hidden_dims[i], dimension);
	REQUIRE(latent_dim, config->latent_dim >= 1 && config->latent_dim <= GAE_MAX_DIM, dimension);
	REQUIRE(epochs, config->epochs >= 0 && config->epochs <= GAE_MAX_EPOCHS, "between 0 and 10000000");
	REQUIRE(learning_rate, config->learning_rate > 0 && isfinite(config->learning_rate),
			"positive and finite");
	REQUIRE(dropout, config->dropout >= 0 && config->dropout < 1, fraction);
	REQUIRE(weight_decay, config->weight_decay >= 0 && isfinite(config->weight_decay),
			"finite and not negative");
	REQUIRE(kl_weight, config->kl_weight >= 0 && isfinite(config->kl_weight),
			"finite and not negative");
	REQUIRE(latent_scale, isnan(config->latent_scale) ||
			(config->latent_scale > 0 && isfinite(config->latent_scale)),
			"positive and finite, or NULL");
	REQUIRE(edge_mask, config->edge_mask >= 0 && config->edge_mask < 1, fraction);
	REQUIRE(negatives, isnan(config->negatives) || config->negatives > 0,
			"positive, 'Infinity' for all pairs, or NULL");
	REQUIRE(batch_size, config->batch_size >= 0, "at least 1, or NULL");
	REQUIRE(validation_fraction,
			config->validation_fraction >= 0 && config->validation_fraction < 1, fraction);
	REQUIRE(test_fraction, config->test_fraction >= 0 && config->test_fraction < 1, fraction);
	REQUIRE(test_fraction, config->test_fraction + config->validation_fraction < 1,
			"below 1 together with validation_fraction");
	REQUIRE(patience, config->patience >= 0, "at least 1, or NULL");
	if (config->patience > 0 && config->validation_fraction == 0)
	{
		gae_fail(env, GAE_INVALID_ARGUMENT, "argument \"patience\" needs held-out data");
		gae_error_detail(env, "The value of validation_fraction is 0.");
		gae_error_hint(env, "Give a validation_fraction above 0, or leave patience NULL.");
		return GAE_INVALID_ARGUMENT;
	}
	if (config->directed && config->latent_dim % 2 != 0)
		return refuse(env, "latent_dim", config->latent_dim,
					  "even in a directed model: one half is for sources, one for targets");
	return check_options_of_architecture(env, config);
}
