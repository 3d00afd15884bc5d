/*
 * warm_start.c
 *		Going on from a former model: whether it fits, and which of its weights
 *		belong to what.
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "utils/memutils.h"

#include "core/train/train.h"
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

/* The first argument that makes what is held out another than it was, and its values. */
static char *
held_out_difference(const GaeConfig *config, const GaeModel *former)
{
	const GaeConfig *then = &former->config;

	if (former->format_version == 1)
		return pstrdup("An earlier version of vgae trained it, which held out others.");
	if (then->seed != config->seed)
		return psprintf("Its seed was %lld, not %lld.", (long long) then->seed,
						(long long) config->seed);
	if (then->validation_fraction != config->validation_fraction)
		return psprintf("Its validation_fraction was %g, not %g.", then->validation_fraction,
						config->validation_fraction);
	if (then->test_fraction != config->test_fraction)
		return psprintf("Its test_fraction was %g, not %g.", then->test_fraction,
						config->test_fraction);
	return pstrdup("It went on itself from a model that had seen them.");
}

static void
warn_of_seen(const GaeConfig *config, const GaeModel *former)
{
	if (gae_same_held_out(config, former) ||
		(config->validation_fraction == 0 && config->test_fraction == 0))
		return;
	ereport(WARNING,
			(errmsg("argument \"warm_start\" is a model that has seen what is held out now"),
			 errdetail("%s Validation and test figures are then too good, and patience and calibration are misled.",
					   held_out_difference(config, former)),
			 errhint("Give the same seed, validation_fraction and test_fraction in every training, or train anew.")));
}

static void
check_shape(const GaeConfig *config, const GaeConfig *former)
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

void
vgae_warm_start_check(const GaeConfig *config, const GaeModel *former)
{
	check_shape(config, &former->config);
	warn_of_seen(config, former);
}

void
vgae_warm_start_map(const VgaeInput *input, const VgaeModel *former, GaeTrainingInput *core)
{
	bool		has_features = input->schema.width > 0;
	int32	   *column_map;

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

	core->warm_start = &former->core;
	core->node_map = vgae_keys_new_map(&input->keys, &former->keys);
	if (!has_features)
		return;
	column_map = MemoryContextAllocHuge(CurrentMemoryContext,
										Max(input->features.columns, 1) * sizeof(int32));
	vgae_schema_map(&input->schema, &former->schema, column_map);
	core->column_map = column_map;
}
