/*
 * specs.c
 *		The trainings that other tests repeat, interrupt, starve and damage.
 */
#include "specs.h"

#include <math.h>
#include <stdio.h>

const ProblemSpec small_specs[] = {
	{.kind = GAE_MODEL_GAE, .hidden_layers = 1, .hidden_dims = {6}, .latent_dim = 4, .nodes = 30,
		.form = GAE_FEATURES_SPARSE, .columns = 9, .epochs = 3, .validation_fraction = 0.1, .seed = 1},
	{.kind = GAE_MODEL_GAE, .latent_dim = 3, .nodes = 25, .form = GAE_FEATURES_NONE,
		.epochs = 3, .negatives = 2, .weighted = true, .latent_scale = 1.8, .seed = 2},
	{.kind = GAE_MODEL_VGAE, .hidden_layers = 1, .hidden_dims = {6}, .latent_dim = 4, .nodes = 30,
		.form = GAE_FEATURES_DENSE, .columns = 5, .epochs = 4, .validation_fraction = 0.15,
		.test_fraction = 0.1, .patience = 2, .dropout = 0.2, .edge_mask = 0.3, .seed = 3},
	{.kind = GAE_MODEL_VGAE, .hidden_layers = 2, .hidden_dims = {6, 5}, .latent_dim = 4, .nodes = 28,
		.form = GAE_FEATURES_SPARSE, .columns = 12, .epochs = 3, .directed = true, .weighted = true,
		.negatives = 3, .dropout = 0.3, .validation_fraction = 0.1, .kl_weight = 0.5, .seed = 4},
	{.kind = GAE_MODEL_VGAE, .hidden_layers = 1, .hidden_dims = {6}, .latent_dim = 4, .nodes = 30,
		.form = GAE_FEATURES_SPARSE, .columns = 9, .indicators = 2, .node_weights = GAE_YES, .epochs = 3,
		.validation_fraction = 0.1, .seed = 10},
	{.kind = GAE_MODEL_GAE, .latent_dim = 3, .nodes = 60, .edge_rows = 500, .form = GAE_FEATURES_DENSE,
		.columns = 4, .compare = true, .epochs = 2, .test_fraction = 0.1, .seed = 11},
	{.kind = GAE_MODEL_VGAE, .latent_dim = 2, .nodes = 20, .form = GAE_FEATURES_NONE,
		.epochs = 2, .directed = true, .negatives = INFINITY, .test_fraction = 0.2, .seed = 5},
	{.kind = GAE_MODEL_AE, .hidden_layers = 1, .hidden_dims = {6}, .latent_dim = 2, .nodes = 30,
		.form = GAE_FEATURES_DENSE, .columns = 5, .epochs = 3, .validation_fraction = 0.1,
		.test_fraction = 0.1, .batch_size = 8, .seed = 6},
	{.kind = GAE_MODEL_AE, .latent_dim = 2, .nodes = 20, .form = GAE_FEATURES_SPARSE, .columns = 7,
		.epochs = 2, .reconstruction = GAE_RECONSTRUCTION_BCE, .dropout = 0.2, .seed = 7},
	{.kind = GAE_MODEL_VAE, .hidden_layers = 2, .hidden_dims = {6, 4}, .latent_dim = 3, .nodes = 30,
		.form = GAE_FEATURES_DENSE, .columns = 5, .epochs = 4, .validation_fraction = 0.2,
		.patience = 1, .batch_size = 7, .dropout = 0.1, .seed = 8},
	{.kind = GAE_MODEL_VAE, .hidden_layers = 1, .hidden_dims = {6}, .latent_dim = 3, .nodes = 20,
		.form = GAE_FEATURES_SPARSE, .columns = 8, .epochs = 2, .latent_scale = 2,
		.reconstruction = GAE_RECONSTRUCTION_BCE, .kl_weight = 0.1, .seed = 9},
};

const int	small_spec_count = (int) (sizeof(small_specs) / sizeof(small_specs[0]));

const char *
spec_name(const ProblemSpec *spec)
{
	static char name[64];

	snprintf(name, sizeof(name), "%s, seed %d", gae_model_kind_name(spec->kind), (int) spec->seed);
	return name;
}
