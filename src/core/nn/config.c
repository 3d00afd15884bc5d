/*
 * config.c
 *		The defaults of a training, and the names of reconstruction losses.
 */
#include "core/nn/config.h"

#include <math.h>
#include <string.h>

/* Indexed by GaeReconstruction. */
static const char *const reconstructions[] = {
	[GAE_RECONSTRUCTION_MSE] = "mse",
	[GAE_RECONSTRUCTION_BCE] = "bce",
};

#define LENGTH(array) ((int) (sizeof(array) / sizeof((array)[0])))

bool
gae_reconstruction_from_name(const char *name, GaeReconstruction *reconstruction)
{
	for (int i = 0; i < LENGTH(reconstructions); i++)
	{
		if (strcmp(reconstructions[i], name) == 0)
		{
			*reconstruction = (GaeReconstruction) i;
			return true;
		}
	}
	return false;
}

const char *
gae_reconstruction_name(GaeReconstruction reconstruction)
{
	return reconstructions[reconstruction];
}

void
gae_config_default(GaeConfig *config)
{
	memset(config, 0, sizeof(*config));
	config->kind = GAE_MODEL_VGAE;
	config->hidden_layers = 1;
	config->hidden_dims[0] = 32;
	config->latent_dim = 16;
	config->epochs = 200;
	config->learning_rate = 0.01;
	config->kl_weight = 1;
	config->latent_scale = NAN;
	config->negatives = NAN;
	config->reconstruction = GAE_RECONSTRUCTION_MSE;
	config->validation_fraction = 0.05;
}
