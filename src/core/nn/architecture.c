/*
 * architecture.c
 *		The table of models, and what follows from it.
 */
#include "core/nn/architecture.h"

#include <stdio.h>
#include <string.h>

#include "core/nn/decoder_rows.h"

/* A model is stored with its parameters: more than this could not be (float). */
#define MAX_PARAMETERS (INT64_C(512) * 1024 * 1024 / 4)

/* Indexed by GaeModelKind.  Models are stored with their number: new ones come last. */
static const GaeArchitecture architectures[] = {
	[GAE_MODEL_AE] = {"ae", &gae_encoder_dense, &gae_latent_point, NULL},
	[GAE_MODEL_VAE] = {"vae", &gae_encoder_dense, &gae_latent_gaussian, NULL},
	[GAE_MODEL_GAE] = {"gae", &gae_encoder_gcn, &gae_latent_point, &gae_link_factors_inner},
	[GAE_MODEL_VGAE] = {"vgae", &gae_encoder_gcn, &gae_latent_gaussian, &gae_link_factors_inner},
};

#define ARCHITECTURES ((int) (sizeof(architectures) / sizeof(architectures[0])))

const GaeArchitecture *
gae_architecture(GaeModelKind kind)
{
	return &architectures[kind];
}

bool
gae_model_kind_from_name(const char *name, GaeModelKind *kind)
{
	for (int i = 0; i < ARCHITECTURES; i++)
	{
		if (strcmp(architectures[i].name, name) == 0)
		{
			*kind = (GaeModelKind) i;
			return true;
		}
	}
	return false;
}

const char *
gae_model_kind_name(GaeModelKind kind)
{
	return architectures[kind].name;
}

GaeModelKind
gae_model_kind_last(void)
{
	return (GaeModelKind) (ARCHITECTURES - 1);
}

bool
gae_has_links(GaeModelKind kind)
{
	return architectures[kind].links != NULL;
}

bool
gae_has_rows(GaeModelKind kind)
{
	return architectures[kind].links == NULL;
}

bool
gae_has_posterior(GaeModelKind kind)
{
	return architectures[kind].latent->sample_posterior != NULL;
}

bool
gae_has_log_std(GaeModelKind kind)
{
	return architectures[kind].latent->heads > 1;
}

const char *
gae_model_names(bool (*able) (GaeModelKind kind), bool (*also) (GaeModelKind kind),
				char buffer[GAE_MODEL_NAMES_BYTES])
{
	const char *names[ARCHITECTURES];
	int			count = 0;
	int			used = 0;

	for (int i = 0; i < ARCHITECTURES; i++)
		if ((able == NULL || able((GaeModelKind) i)) && (also == NULL || also((GaeModelKind) i)))
			names[count++] = architectures[i].name;
	buffer[0] = '\0';
	for (int i = 0; i < count && used < GAE_MODEL_NAMES_BYTES; i++)
		used += snprintf(buffer + used, (size_t) (GAE_MODEL_NAMES_BYTES - used), "%s\"%s\"",
						 i == 0 ? "" : i == count - 1 ? " or " : ", ", names[i]);
	return buffer;
}

GaeStatus
gae_architecture_layout(GaeEnv *env, const GaeConfig *config, GaeColumns columns,
						GaeParams *params)
{
	const GaeArchitecture *architecture = gae_architecture(config->kind);

	memset(params, 0, sizeof(*params));
	architecture->encoder->layout(architecture->encoder, config, gae_columns_in_all(columns),
								  architecture->latent->heads, params);
	params->layer[0].own = columns.nodes;
	if (architecture->links == NULL)
		gae_row_decoder_layout(config, columns.features, params);
	else if (architecture->links->layout != NULL)
		architecture->links->layout(config, params);
	if (params->count > MAX_PARAMETERS)
	{
		gae_fail(env, GAE_TOO_LARGE, "model would be too large");
		gae_error_detail(env, "It would have %lld weights; at most %lld can be stored.",
						 (long long) params->count, (long long) MAX_PARAMETERS);
		gae_error_hint(env, "Use smaller hidden_dims, or fewer features or nodes.");
		return GAE_TOO_LARGE;
	}
	return GAE_OK;
}
