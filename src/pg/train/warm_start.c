/*
 * warm_start.c
 *		Going on from a former model: whether it fits, and which of its weights
 *		belong to what.
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "utils/memutils.h"

#include "pg/train/warm_start.h"

static void
refuse_warm_start(const char *what, const char *former, const char *now)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("argument \"%s\" does not fit argument \"warm_start\"", what),
			 errdetail("The model to go on from was trained with %s, not %s.", former, now),
			 errhint("Give the same value as then, or leave out argument \"warm_start\".")));
}

static char *
hidden_dims_text(const GaeConfig *config)
{
	StringInfoData text;

	initStringInfo(&text);
	appendStringInfoChar(&text, '{');
	for (int i = 0; i < config->hidden_layers; i++)
		appendStringInfo(&text, "%s%d", i > 0 ? "," : "", config->hidden_dims[i]);
	appendStringInfoChar(&text, '}');
	return text.data;
}

void
vgae_warm_start_check(const GaeConfig *config, const GaeConfig *former)
{
	if (former->kind != config->kind)
		refuse_warm_start("model", psprintf("\"%s\"", gae_model_kind_name(former->kind)),
						  psprintf("\"%s\"", gae_model_kind_name(config->kind)));
	if (former->hidden_layers != config->hidden_layers ||
		memcmp(former->hidden_dims, config->hidden_dims,
			   config->hidden_layers * sizeof(int32)) != 0)
		refuse_warm_start("hidden_dims", hidden_dims_text(former), hidden_dims_text(config));
	if (former->latent_dim != config->latent_dim)
		refuse_warm_start("latent_dim", psprintf("%d", former->latent_dim),
						  psprintf("%d", config->latent_dim));
	if (former->directed != config->directed)
		refuse_warm_start("directed", former->directed ? "true" : "false",
						  config->directed ? "true" : "false");
	if (gae_has_rows(config->kind) && former->reconstruction != config->reconstruction)
		refuse_warm_start("reconstruction",
						  psprintf("\"%s\"", gae_reconstruction_name(former->reconstruction)),
						  psprintf("\"%s\"", gae_reconstruction_name(config->reconstruction)));
}

int32 *
vgae_warm_start_map(const VgaeInput *input, const VgaeModel *former)
{
	bool		has_features = input->schema.width > 0;
	int64		columns = has_features ? input->schema.width : input->nodes;
	int32	   *map;

	if (has_features != (former->core.columns.features > 0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"warm_start\" is a model %s features",
						has_features ? "without" : "with"),
				 errdetail("This training has %lld features; the model was trained with %lld.",
						   (long long) input->schema.width, (long long) former->core.columns.features),
				 errhint("Only a model with features can go on with features, and one without them without.")));
	if (!has_features && input->keys.type != former->keys.type)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("argument \"warm_start\" is a model with node keys of another type"),
				 errdetail("Its keys are of type %s, those of this training of type %s.",
						   vgae_key_type_name(former->keys.type),
						   vgae_key_type_name(input->keys.type)),
				 errhint("Cast the keys in the queries.")));

	map = MemoryContextAllocHuge(CurrentMemoryContext, Max(columns, 1) * sizeof(int32));
	if (has_features)
		vgae_schema_map(&input->schema, &former->schema, map);
	else
		vgae_keys_map(&input->keys, &former->keys, 0, map);
	return map;
}
