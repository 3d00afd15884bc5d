/*
 * fixture.c
 *		Reading of fixtures.
 */
#include "fixture.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static double
read_number(FILE *file)
{
	double		value;

	assert_int_equal(fscanf(file, "%lf", &value), 1);
	return value;
}

static void
read_matrix(GaeEnv *env, FILE *file, Fixture *fixture)
{
	Matrix	   *matrix = &fixture->matrix[fixture->matrices++];

	assert_uint_in_range(fixture->matrices, 1, MAX_MATRICES);
	assert_int_equal(fscanf(file, "%47s %d %d", matrix->name, &matrix->rows, &matrix->columns), 3);
	matrix->value = gae_alloc(env, matrix->rows * matrix->columns, sizeof(double));
	for (int i = 0; i < matrix->rows * matrix->columns; i++)
		matrix->value[i] = read_number(file);
}

static void
read_edges(FILE *file, Fixture *fixture)
{
	fixture->edges = (int) read_number(file);
	assert_uint_in_range(fixture->edges, 0, MAX_EDGES);
	for (int e = 0; e < fixture->edges; e++)
	{
		fixture->src[e] = (int32_t) read_number(file);
		fixture->dst[e] = (int32_t) read_number(file);
		fixture->weight[e] = (float) read_number(file);
		fixture->hidden[e] = read_number(file) != 0;
		fixture->any_hidden |= fixture->hidden[e];
	}
}

static void
read_word(FILE *file, char *word)
{
	assert_int_equal(fscanf(file, "%47s", word), 1);
}

/* Read what follows a word of the configuration; false if the word is another. */
static bool
read_config(FILE *file, const char *word, GaeConfig *config)
{
	char		name[48];

	if (strcmp(word, "model") == 0)
	{
		read_word(file, name);
		assert_true(gae_model_kind_from_name(name, &config->kind));
	}
	else if (strcmp(word, "hidden") == 0)
	{
		config->hidden_layers = (int) read_number(file);
		for (int l = 0; l < config->hidden_layers; l++)
			config->hidden_dims[l] = (int32_t) read_number(file);
	}
	else if (strcmp(word, "directed") == 0)
		config->directed = read_number(file) != 0;
	else if (strcmp(word, "kl_weight") == 0)
		config->kl_weight = read_number(file);
	else if (strcmp(word, "latent_scale") == 0)
		config->latent_scale = read_number(file);
	else if (strcmp(word, "learning_rate") == 0)
		config->learning_rate = read_number(file);
	else if (strcmp(word, "weight_decay") == 0)
		config->weight_decay = read_number(file);
	else
		return false;
	return true;
}

void
fixture_read(GaeEnv *env, const char *name, Fixture *fixture)
{
	GaeConfig  *config = &fixture->config;
	char		word[512];
	FILE	   *file;

	memset(fixture, 0, sizeof(*fixture));
	gae_config_default(config);
	snprintf(word, sizeof(word), "%s%s.txt", UNIT_FIXTURES, name);
	file = fopen(word, "r");
	if (file == NULL)
		fail_msg("cannot read %s: run the test at the root of the repository", word);
	assert_non_null(fgets(word, sizeof(word), file));	/* the comment */
	while (fscanf(file, "%47s", word) == 1)
	{
		if (read_config(file, word, config))
			continue;
		if (strcmp(word, "matrix") == 0)
			read_matrix(env, file, fixture);
		else if (strcmp(word, "edges") == 0)
			read_edges(file, fixture);
		else if (strcmp(word, "reconstruction") == 0 && fixture->matrices == 0)
		{
			read_word(file, word);
			assert_true(gae_reconstruction_from_name(word, &config->reconstruction));
		}
		else if (strcmp(word, "weighted") == 0)
			fixture->weighted = read_number(file) != 0;
		else if (strcmp(word, "featureless") == 0)
			fixture->featureless = read_number(file) != 0;
		else if (strcmp(word, "adam_steps") == 0)
			fixture->adam_steps = (int) read_number(file);
		else if (strcmp(word, "loss") == 0)
			fixture->loss = read_number(file);
		else if (strcmp(word, "reconstruction") == 0)
			fixture->reconstruction = read_number(file);
		else if (strcmp(word, "kl") == 0)
			fixture->kl = read_number(file);
		else
			fail_msg("%s: unknown word \"%s\"", name, word);
	}
	fclose(file);
	if (config->latent_scale == 0)
		config->latent_scale = NAN;
}

const Matrix *
fixture_matrix(const Fixture *fixture, const char *prefix, const char *name)
{
	char		full[96];

	snprintf(full, sizeof(full), "%s%s", prefix, name);
	for (int m = 0; m < fixture->matrices; m++)
		if (strcmp(fixture->matrix[m].name, full) == 0)
			return &fixture->matrix[m];
	fail_msg("there is no matrix \"%s\"", full);
	return NULL;
}
