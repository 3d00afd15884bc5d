/*
 * training_arguments.c
 *		The arguments of a training, as vgae_train and the functions that take the
 *		same ones have them.
 *
 * An argument is a line of the table below, and the same line of the list that the SQL
 * functions are made of (sql/install/training_arguments.txt).
 */
#include "postgres.h"

#include "pg/fn/training_arguments.h"

#include <math.h>

#include "utils/array.h"
#include "utils/builtins.h"

#include "pg/fn/arguments.h"

/* An argument: its name, whether it may be NULL, and how to read it to its place. */
typedef struct TrainingArgument
{
	const char *name;
	bool		nullable;
	void		(*read) (FunctionCallInfo fcinfo, int argno, const char *name, void *place);
	Size		offset;			/* of the place in VgaeTrainingArguments */
} TrainingArgument;

static void
refuse_word(const char *name, const char *word, const char *hint)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("invalid value for argument \"%s\"", name),
			 errdetail("The value is \"%s\".", word),
			 errhint("%s", hint)));
}

static void
read_kind(FunctionCallInfo fcinfo, int argno, const char *name, void *place)
{
	const char *word = vgae_argument_text(fcinfo, argno);
	char		names[GAE_MODEL_NAMES_BYTES];

	if (!gae_model_kind_from_name(word, place))
		refuse_word(name, word,
					psprintf("It must be %s.", gae_model_names(NULL, NULL, names)));
}

static void
read_reconstruction(FunctionCallInfo fcinfo, int argno, const char *name, void *place)
{
	const char *word = vgae_argument_text(fcinfo, argno);

	if (!gae_reconstruction_from_name(word, place))
		refuse_word(name, word, "It must be \"mse\" or \"bce\".");
}

/* The place is the whole configuration: the array has a number and elements. */
static void
read_hidden_dims(FunctionCallInfo fcinfo, int argno, const char *name, void *place)
{
	GaeConfig  *config = place;
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(argno);
	int			count = vgae_vector_length(array, name);

	if (count > GAE_MAX_LAYERS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"%s\" has too many elements", name),
				 errdetail("The array has %d elements.", count),
				 errhint("It may have %d at most.", GAE_MAX_LAYERS)));
	config->hidden_layers = count;
	if (count > 0)
		memcpy(config->hidden_dims, ARR_DATA_PTR(array), count * sizeof(int32));
}

static void
read_text(FunctionCallInfo fcinfo, int argno, const char *name, void *place)
{
	*(const char **) place = vgae_argument_text(fcinfo, argno);
}

static void
read_bytea(FunctionCallInfo fcinfo, int argno, const char *name, void *place)
{
	*(struct varlena **) place = PG_ARGISNULL(argno) ? NULL :
		(struct varlena *) PG_GETARG_POINTER(argno);
}

static void
read_boolean(FunctionCallInfo fcinfo, int argno, const char *name, void *place)
{
	*(bool *) place = PG_GETARG_BOOL(argno);
}

static void
read_choice(FunctionCallInfo fcinfo, int argno, const char *name, void *place)
{
	*(GaeChoice *) place = PG_ARGISNULL(argno) ? GAE_CHOOSE :
		PG_GETARG_BOOL(argno) ? GAE_YES : GAE_NO;
}

static void
read_integer(FunctionCallInfo fcinfo, int argno, const char *name, void *place)
{
	*(int32 *) place = PG_GETARG_INT32(argno);
}

/* At least 1 or, for NULL, 0. */
static void
read_positive(FunctionCallInfo fcinfo, int argno, const char *name, void *place)
{
	*(int32 *) place = PG_ARGISNULL(argno) ? 0 : vgae_argument_int32(fcinfo, argno, name, 1);
}

static void
read_bigint(FunctionCallInfo fcinfo, int argno, const char *name, void *place)
{
	*(int64 *) place = PG_GETARG_INT64(argno);
}

static void
read_float(FunctionCallInfo fcinfo, int argno, const char *name, void *place)
{
	*(double *) place = PG_GETARG_FLOAT8(argno);
}

/* The configuration has NaN for NULL: so a NaN that is given is an error. */
static void
read_float_or_nan(FunctionCallInfo fcinfo, int argno, const char *name, void *place)
{
	double		value = PG_ARGISNULL(argno) ? NAN : PG_GETARG_FLOAT8(argno);

	if (isnan(value) && !PG_ARGISNULL(argno))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid value for argument \"%s\"", name),
				 errdetail("The value is NaN."),
				 errhint("Give a number, or NULL.")));
	*(double *) place = value;
}

#define OF_TRAINING(field) offsetof(VgaeTrainingArguments, field)
#define OF_CONFIG(field) (OF_TRAINING(config) + offsetof(GaeConfig, field))
#define OF_QUERY(field) (OF_TRAINING(query) + offsetof(VgaeInputQuery, field))

/* In the order of the SQL functions. */
static const TrainingArgument arguments[] = {
	{"edges", true, read_text, OF_QUERY(edges)},
	{"nodes", true, read_text, OF_QUERY(nodes)},
	{"features", true, read_text, OF_QUERY(features)},
	{"model", false, read_kind, OF_CONFIG(kind)},
	{"hidden_dims", false, read_hidden_dims, OF_TRAINING(config)},
	{"latent_dim", false, read_integer, OF_CONFIG(latent_dim)},
	{"epochs", false, read_integer, OF_CONFIG(epochs)},
	{"learning_rate", false, read_float, OF_CONFIG(learning_rate)},
	{"dropout", false, read_float, OF_CONFIG(dropout)},
	{"weight_decay", false, read_float, OF_CONFIG(weight_decay)},
	{"kl_weight", false, read_float, OF_CONFIG(kl_weight)},
	{"latent_scale", true, read_float_or_nan, OF_CONFIG(latent_scale)},
	{"edge_mask", false, read_float, OF_CONFIG(edge_mask)},
	{"directed", false, read_boolean, OF_CONFIG(directed)},
	{"negatives", true, read_float_or_nan, OF_CONFIG(negatives)},
	{"reconstruction", false, read_reconstruction, OF_CONFIG(reconstruction)},
	{"batch_size", true, read_positive, OF_CONFIG(batch_size)},
	{"validation_fraction", false, read_float, OF_CONFIG(validation_fraction)},
	{"test_fraction", false, read_float, OF_CONFIG(test_fraction)},
	{"patience", true, read_positive, OF_CONFIG(patience)},
	{"warm_start", true, read_bytea, OF_TRAINING(warm_start)},
	{"seed", false, read_bigint, OF_CONFIG(seed)},
	{"node_weights", true, read_choice, OF_CONFIG(node_weights)},
};

void
vgae_training_arguments(FunctionCallInfo fcinfo, VgaeTrainingArguments *training)
{
	GaeConfig  *config = &training->config;

	if (PG_NARGS() != lengthof(arguments))
		elog(ERROR, "a training has %d arguments, not %d", (int) lengthof(arguments), PG_NARGS());
	for (int i = 0; i < lengthof(arguments); i++)
		if (!arguments[i].nullable)
			vgae_argument_not_null(fcinfo, i, arguments[i].name);

	memset(training, 0, sizeof(*training));
	gae_config_default(config);
	for (int i = 0; i < lengthof(arguments); i++)
		arguments[i].read(fcinfo, i, arguments[i].name, (char *) training + arguments[i].offset);
	vgae_training_start_from(training, training->warm_start);
	training->query.unit_interval = gae_has_rows(config->kind) &&
		config->reconstruction == GAE_RECONSTRUCTION_BCE;
}

void
vgae_training_start_from(VgaeTrainingArguments *training, struct varlena *model)
{
	training->warm_start = model;
	training->config.warm_start = model != NULL;
}
