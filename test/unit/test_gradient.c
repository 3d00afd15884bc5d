/*
 * test_gradient.c
 *		The loss and the gradient of a whole training step, of every model with every
 *		option.
 */
#include <math.h>

#include "gradient.h"

#define LENGTH(array) ((int) (sizeof(array) / sizeof((array)[0])))

static void
set_hidden(ProblemSpec *spec, int layers)
{
	spec->hidden_layers = layers;
	spec->hidden_dims[0] = 8;
	spec->hidden_dims[1] = 5;
}

/* What may be combined with every kind of graph. */
static const struct
{
	double		dropout;
	double		kl_weight;
	double		latent_scale;
	double		edge_mask;
	double		validation_fraction;
	GaeChoice	node_weights;
} graph_options[] = {
	{0, 0, 0, 0, 0, GAE_CHOOSE},
	{0.4, 0, 0, 0, 0.1, GAE_CHOOSE},
	{0, 0, 0, 0, 0.1, GAE_YES},
	{0.4, 0.3, 1.8, 0.3, 0, GAE_YES},
	{0, 0.3, 1.8, 0, 0, GAE_CHOOSE},
	{0, 2, 1.5, 0, 0.1, GAE_CHOOSE},
	{0, 0, 0, 0.5, 0.1, GAE_CHOOSE},
	{0.3, 7, 2.5, 0.4, 0.1, GAE_CHOOSE},
};

static void
test_graph_models(void **state)
{
	ProblemSpec spec = {.latent_dim = 4, .nodes = 23, .columns = 11, .edge_rows = 60};

	(void) state;
	for (int combination = 0; combination < 2 * 3 * 3 * 2 * 2 * 2; combination++)
	{
		int			rest = combination;

		spec.kind = rest % 2 == 0 ? GAE_MODEL_GAE : GAE_MODEL_VGAE;
		rest /= 2;
		set_hidden(&spec, rest % 3);
		rest /= 3;
		spec.form = (GaeFeatureForm) (rest % 3);
		rest /= 3;
		spec.negatives = rest % 2 == 0 ? INFINITY : 2.5;
		rest /= 2;
		spec.directed = rest % 2;
		rest /= 2;
		spec.weighted = rest % 2;
		for (int o = 0; o < LENGTH(graph_options); o++)
		{
			spec.dropout = graph_options[o].dropout;
			spec.kl_weight = graph_options[o].kl_weight;
			spec.latent_scale = graph_options[o].latent_scale;
			spec.edge_mask = graph_options[o].edge_mask;
			spec.validation_fraction = graph_options[o].validation_fraction;
			spec.node_weights = graph_options[o].node_weights;
			spec.seed = (uint64_t) (1000 * combination + 10 * o);
			gradient_check(&spec, true);
		}
	}
	gradient_print_worst();
}

/* Tiles of 128 nodes: from one to nine of them, and incomplete ones. */
static void
test_graphs_of_several_tiles(void **state)
{
	static const int32_t nodes[] = {127, 128, 129, 256, 300, 512, 769, 1030};
	ProblemSpec spec = {
		.kind = GAE_MODEL_VGAE, .latent_dim = 6, .columns = 20, .form = GAE_FEATURES_SPARSE
	};

	(void) state;
	set_hidden(&spec, 1);
	for (int n = 0; n < LENGTH(nodes); n++)
	{
		for (int variant = 0; variant < 4; variant++)
		{
			spec.nodes = nodes[n];
			spec.directed = variant % 2;
			spec.weighted = n % 2;
			spec.negatives = variant < 2 ? INFINITY : 3;
			spec.edge_mask = n % 3 == 0 ? 0.3 : 0;
			spec.seed = (uint64_t) (7000 + 100 * n + 10 * variant);
			if (spec.nodes > 600 && test_quick())
				continue;
			gradient_check(&spec, false);
		}
	}
	gradient_print_worst();
}

static void
test_row_models(void **state)
{
	ProblemSpec spec = {.latent_dim = 3, .nodes = 40, .columns = 9};

	(void) state;
	for (int combination = 0; combination < 2 * 3 * 2 * 2 * 2 * 2 * 2; combination++)
	{
		int			rest = combination;

		spec.kind = rest % 2 == 0 ? GAE_MODEL_AE : GAE_MODEL_VAE;
		rest /= 2;
		set_hidden(&spec, rest % 3);
		rest /= 3;
		spec.form = rest % 2 == 0 ? GAE_FEATURES_DENSE : GAE_FEATURES_SPARSE;
		rest /= 2;
		spec.reconstruction = (GaeReconstruction) (rest % 2);
		rest /= 2;
		spec.dropout = rest % 2 == 0 ? 0 : 0.3;
		rest /= 2;
		spec.latent_scale = rest % 2 == 0 ? 0 : 1.5;
		rest /= 2;
		spec.kl_weight = rest % 2 == 0 ? 0 : 0.25;
		spec.validation_fraction = rest % 2 == 0 ? 0 : 0.1;
		spec.seed = (uint64_t) (20000 + 10 * combination);
		gradient_check(&spec, true);
	}
	gradient_print_worst();
}

/*
 * More rows than one block of ReLU, noise and tall products: 16384 values, 256 and
 * 2048 rows.
 */
static void
test_rows_of_several_blocks(void **state)
{
	ProblemSpec spec = {
		.kind = GAE_MODEL_VAE, .latent_dim = 3, .nodes = 4500, .columns = 6,
		.form = GAE_FEATURES_DENSE, .batch_size = 4500, .dropout = 0.2, .seed = 31000
	};

	(void) state;
	set_hidden(&spec, 2);
	gradient_check(&spec, true);
	gradient_print_worst();
}

/* Layers so wide that their products are cut, to rows and columns that are not whole pieces. */
static void
test_wide_rows(void **state)
{
	ProblemSpec spec = {
		.latent_dim = 3, .nodes = 131, .columns = 150, .form = GAE_FEATURES_DENSE,
		.hidden_layers = 1, .hidden_dims = {101}
	};

	(void) state;
	for (int variant = 0; variant < 4; variant++)
	{
		spec.kind = variant % 2 == 0 ? GAE_MODEL_VAE : GAE_MODEL_AE;
		spec.reconstruction = (GaeReconstruction) (variant / 2);
		spec.batch_size = spec.nodes;
		spec.seed = (uint64_t) (33000 + variant);
		gradient_check(&spec, false);
	}
	gradient_print_worst();
}

/*
 * The last mini-batch of an epoch has fewer rows than the others: what those have
 * left in the workspace must not count.
 */
static void
test_last_batch(void **state)
{
	ProblemSpec spec = {
		.kind = GAE_MODEL_VAE, .latent_dim = 3, .nodes = 40, .columns = 6, .batch_size = 27
	};

	(void) state;
	for (int variant = 0; variant < 8; variant++)
	{
		spec.kind = variant % 2 == 0 ? GAE_MODEL_VAE : GAE_MODEL_AE;
		spec.form = variant / 2 % 2 == 0 ? GAE_FEATURES_DENSE : GAE_FEATURES_SPARSE;
		spec.dropout = variant < 4 ? 0 : 0.4;
		spec.seed = (uint64_t) (32000 + variant);
		set_hidden(&spec, 2);
		gradient_check(&spec, true);
	}
	gradient_print_worst();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_graph_models),
		cmocka_unit_test(test_graphs_of_several_tiles),
		cmocka_unit_test(test_row_models),
		cmocka_unit_test(test_rows_of_several_blocks),
		cmocka_unit_test(test_wide_rows),
		cmocka_unit_test(test_last_batch),
	};

	return cmocka_run_group_tests_name("gradient", tests, NULL, NULL);
}
