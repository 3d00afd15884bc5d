/*
 * test_config.c
 *		What arguments may be, and which one an error names.
 */
#include <math.h>
#include <string.h>

#include "core/nn/architecture.h"
#include "core/nn/config_check.h"
#include "support.h"

static GaeConfig
default_of(GaeModelKind kind)
{
	GaeConfig	config;

	gae_config_default(&config);
	config.kind = kind;
	return config;
}

static void
test_names(void **state)
{
	static const char *const names[] = {"ae", "vae", "gae", "vgae"};
	GaeModelKind kind;
	GaeReconstruction reconstruction;

	(void) state;
	for (int k = 0; k < 4; k++)
	{
		assert_true(gae_model_kind_from_name(names[k], &kind));
		assert_int_equal(kind, k);
		assert_string_equal(gae_model_kind_name(kind), names[k]);
		assert_int_equal(gae_has_links(kind), k >= 2);
		assert_int_equal(gae_has_posterior(kind), k % 2);
	}
	assert_false(gae_model_kind_from_name("VGAE", &kind));
	assert_false(gae_model_kind_from_name("", &kind));
	assert_true(gae_reconstruction_from_name("bce", &reconstruction));
	assert_string_equal(gae_reconstruction_name(reconstruction), "bce");
	assert_false(gae_reconstruction_from_name("bc", &reconstruction));
}

static void
test_defaults_are_valid(void **state)
{
	for (int kind = GAE_MODEL_AE; kind <= GAE_MODEL_VGAE; kind++)
	{
		GaeConfig	config = default_of((GaeModelKind) kind);

		assert_ok(*state, gae_config_check(*state, &config));
	}
}

/* The config with one argument changed is refused, and the message names it. */
#define REFUSED(model, change, name) \
	do { \
		GaeConfig	c = default_of(model); \
		change; \
		assert_status(GAE_INVALID_ARGUMENT, gae_config_check(env, &c)); \
		if (strstr(env->error.message, "\"" name "\"") == NULL) \
			fail_msg("%s: message is \"%s\"", #change, env->error.message); \
		assert_true(env->error.hint[0] != '\0'); \
	} while (0)

static void
test_refused(void **state)
{
	GaeEnv	   *env = *state;

	REFUSED(GAE_MODEL_VGAE, c.hidden_dims[0] = 0, "hidden_dims");
	REFUSED(GAE_MODEL_VGAE, c.hidden_dims[0] = GAE_MAX_DIM + 1, "hidden_dims");
	REFUSED(GAE_MODEL_VGAE, c.latent_dim = 0, "latent_dim");
	REFUSED(GAE_MODEL_VGAE, c.epochs = -1, "epochs");
	REFUSED(GAE_MODEL_VGAE, c.epochs = GAE_MAX_EPOCHS + 1, "epochs");
	REFUSED(GAE_MODEL_VGAE, c.learning_rate = 0, "learning_rate");
	REFUSED(GAE_MODEL_VGAE, c.learning_rate = NAN, "learning_rate");
	REFUSED(GAE_MODEL_VGAE, c.learning_rate = INFINITY, "learning_rate");
	REFUSED(GAE_MODEL_VGAE, c.dropout = 1, "dropout");
	REFUSED(GAE_MODEL_VGAE, c.dropout = -0.1, "dropout");
	REFUSED(GAE_MODEL_VGAE, c.dropout = NAN, "dropout");
	REFUSED(GAE_MODEL_VGAE, c.weight_decay = -1, "weight_decay");
	REFUSED(GAE_MODEL_VGAE, c.kl_weight = -1, "kl_weight");
	REFUSED(GAE_MODEL_VGAE, c.kl_weight = INFINITY, "kl_weight");
	REFUSED(GAE_MODEL_VGAE, c.latent_scale = 0, "latent_scale");
	REFUSED(GAE_MODEL_VGAE, c.latent_scale = INFINITY, "latent_scale");
	REFUSED(GAE_MODEL_VGAE, c.edge_mask = 1, "edge_mask");
	REFUSED(GAE_MODEL_VGAE, c.negatives = 0, "negatives");
	REFUSED(GAE_MODEL_VGAE, c.negatives = -INFINITY, "negatives");
	REFUSED(GAE_MODEL_VAE, c.batch_size = -1, "batch_size");
	REFUSED(GAE_MODEL_VGAE, c.validation_fraction = 1, "validation_fraction");
	REFUSED(GAE_MODEL_VGAE, c.test_fraction = NAN, "test_fraction");
	REFUSED(GAE_MODEL_VGAE, (c.validation_fraction = 0.5, c.test_fraction = 0.5), "test_fraction");
	REFUSED(GAE_MODEL_VGAE, c.patience = -1, "patience");
	REFUSED(GAE_MODEL_VGAE, (c.patience = 1, c.validation_fraction = 0), "patience");
	REFUSED(GAE_MODEL_VGAE, (c.directed = true, c.latent_dim = 5), "latent_dim");
	REFUSED(GAE_MODEL_GAE, c.batch_size = 8, "batch_size");
	REFUSED(GAE_MODEL_GAE, c.reconstruction = GAE_RECONSTRUCTION_BCE, "reconstruction");
	REFUSED(GAE_MODEL_AE, c.directed = true, "directed");
	REFUSED(GAE_MODEL_AE, c.edge_mask = 0.1, "edge_mask");
	REFUSED(GAE_MODEL_AE, c.negatives = 1, "negatives");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_names),
		TEST(test_defaults_are_valid),
		TEST(test_refused),
	};

	return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
