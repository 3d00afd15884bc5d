/*
 * training_arguments.c
 *		The arguments of a training, as vgae_train and those that take the same have
 *		them.
 */
#include "postgres.h"

#include <math.h>

#include "fmgr.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "pg/fn/arguments.h"
#include "pg/fn/training_arguments.h"

/* By position. */
typedef enum Argument
{
	EDGES,
	NODES,
	FEATURES,
	MODEL,
	HIDDEN_DIMS,
	LATENT_DIM,
	EPOCHS,
	LEARNING_RATE,
	DROPOUT,
	WEIGHT_DECAY,
	KL_WEIGHT,
	LATENT_SCALE,
	EDGE_MASK,
	DIRECTED,
	NEGATIVES,
	RECONSTRUCTION,
	BATCH_SIZE,
	VALIDATION_FRACTION,
	TEST_FRACTION,
	PATIENCE,
	WARM_START,
	SEED,
	ARGUMENTS
} Argument;

static const struct
{
	const char *name;
	bool		nullable;
}			arguments[ARGUMENTS] = {
	[EDGES] = {"edges", true},
	[NODES] = {"nodes", true},
	[FEATURES] = {"features", true},
	[MODEL] = {"model", false},
	[HIDDEN_DIMS] = {"hidden_dims", false},
	[LATENT_DIM] = {"latent_dim", false},
	[EPOCHS] = {"epochs", false},
	[LEARNING_RATE] = {"learning_rate", false},
	[DROPOUT] = {"dropout", false},
	[WEIGHT_DECAY] = {"weight_decay", false},
	[KL_WEIGHT] = {"kl_weight", false},
	[LATENT_SCALE] = {"latent_scale", true},
	[EDGE_MASK] = {"edge_mask", false},
	[DIRECTED] = {"directed", false},
	[NEGATIVES] = {"negatives", true},
	[RECONSTRUCTION] = {"reconstruction", false},
	[BATCH_SIZE] = {"batch_size", true},
	[VALIDATION_FRACTION] = {"validation_fraction", false},
	[TEST_FRACTION] = {"test_fraction", false},
	[PATIENCE] = {"patience", true},
	[WARM_START] = {"warm_start", true},
	[SEED] = {"seed", false},
};

static void
require_arguments(FunctionCallInfo fcinfo)
{
	for (int i = 0; i < ARGUMENTS; i++)
	{
		if (PG_ARGISNULL(i) && !arguments[i].nullable)
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("argument \"%s\" must not be NULL", arguments[i].name),
					 errhint("Leave the argument out to take its default.")));
	}
}

static void
refuse_word(Argument argument, const char *word, const char *hint)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("invalid value for argument \"%s\"", arguments[argument].name),
			 errdetail("The value is \"%s\".", word),
			 errhint("%s", hint)));
}

/* A number or, for the NULL that the configuration writes as NaN, NaN. */
static double
number_or_nan(FunctionCallInfo fcinfo, Argument argument)
{
	double		value;

	if (PG_ARGISNULL(argument))
		return NAN;
	value = PG_GETARG_FLOAT8(argument);
	if (isnan(value))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid value for argument \"%s\"", arguments[argument].name),
				 errdetail("The value is NaN."),
				 errhint("Give a number, or NULL.")));
	return value;
}

/* A number of at least 1 or, for NULL, 0. */
static int32
positive_or_zero(FunctionCallInfo fcinfo, Argument argument)
{
	if (PG_ARGISNULL(argument))
		return 0;
	return vgae_argument_int32(fcinfo, argument, arguments[argument].name, 1);
}

static void
get_hidden_dims(ArrayType *array, GaeConfig *config)
{
	int			count = vgae_vector_length(array, "hidden_dims");

	if (count > GAE_MAX_LAYERS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"hidden_dims\" has too many elements"),
				 errdetail("The array has %d elements.", count),
				 errhint("It may have %d at most.", GAE_MAX_LAYERS)));
	config->hidden_layers = count;
	if (count > 0)
		memcpy(config->hidden_dims, ARR_DATA_PTR(array), count * sizeof(int32));
}

static void
get_config(FunctionCallInfo fcinfo, GaeConfig *config)
{
	char	   *model = text_to_cstring(PG_GETARG_TEXT_PP(MODEL));
	char	   *reconstruction = text_to_cstring(PG_GETARG_TEXT_PP(RECONSTRUCTION));

	gae_config_default(config);
	if (!gae_model_kind_from_name(model, &config->kind))
		refuse_word(MODEL, model, "It must be \"ae\", \"vae\", \"gae\" or \"vgae\".");
	if (!gae_reconstruction_from_name(reconstruction, &config->reconstruction))
		refuse_word(RECONSTRUCTION, reconstruction, "It must be \"mse\" or \"bce\".");
	get_hidden_dims(PG_GETARG_ARRAYTYPE_P(HIDDEN_DIMS), config);
	config->latent_dim = PG_GETARG_INT32(LATENT_DIM);
	config->epochs = PG_GETARG_INT32(EPOCHS);
	config->learning_rate = PG_GETARG_FLOAT8(LEARNING_RATE);
	config->dropout = PG_GETARG_FLOAT8(DROPOUT);
	config->weight_decay = PG_GETARG_FLOAT8(WEIGHT_DECAY);
	config->kl_weight = PG_GETARG_FLOAT8(KL_WEIGHT);
	config->latent_scale = number_or_nan(fcinfo, LATENT_SCALE);
	config->edge_mask = PG_GETARG_FLOAT8(EDGE_MASK);
	config->directed = PG_GETARG_BOOL(DIRECTED);
	config->negatives = number_or_nan(fcinfo, NEGATIVES);
	config->batch_size = positive_or_zero(fcinfo, BATCH_SIZE);
	config->validation_fraction = PG_GETARG_FLOAT8(VALIDATION_FRACTION);
	config->test_fraction = PG_GETARG_FLOAT8(TEST_FRACTION);
	config->patience = positive_or_zero(fcinfo, PATIENCE);
	config->warm_start = !PG_ARGISNULL(WARM_START);
	config->seed = PG_GETARG_INT64(SEED);
}

void
vgae_training_arguments(FunctionCallInfo fcinfo, VgaeTrainingArguments *training)
{
	VgaeInputQuery *query = &training->query;
	GaeConfig  *config = &training->config;

	memset(training, 0, sizeof(*training));
	require_arguments(fcinfo);
	get_config(fcinfo, config);
	query->edges = vgae_argument_text(fcinfo, EDGES);
	query->nodes = vgae_argument_text(fcinfo, NODES);
	query->features = vgae_argument_text(fcinfo, FEATURES);
	query->unit_interval = gae_has_rows(config->kind) &&
		config->reconstruction == GAE_RECONSTRUCTION_BCE;
	if (!PG_ARGISNULL(WARM_START))
		training->warm_start = (struct varlena *) PG_GETARG_POINTER(WARM_START);
}
