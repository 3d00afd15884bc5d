/*
 * test_model.c
 *		Models as bytes: written and read back, cut short, and damaged.
 *
 * Damage comes with a repaired length and checksum, as from someone who means it:
 * what is read all the same must be usable.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/model/format.h"
#include "damage.h"
#include "specs.h"
#include "use_model.h"

#define LENGTH(array) ((int) (sizeof(array) / sizeof((array)[0])))

/* Models of about a kilobyte, one of each shape. */
static const ProblemSpec tiny_specs[] = {
	{.kind = GAE_MODEL_GAE, .hidden_layers = 1, .hidden_dims = {3}, .latent_dim = 2, .nodes = 9,
		.form = GAE_FEATURES_DENSE, .columns = 4, .epochs = 2, .validation_fraction = 0.1, .seed = 1},
	{.kind = GAE_MODEL_GAE, .latent_dim = 2, .nodes = 8, .form = GAE_FEATURES_NONE, .epochs = 1,
		.weighted = true, .latent_scale = 2, .directed = true, .negatives = 2, .seed = 2},
	{.kind = GAE_MODEL_VGAE, .hidden_layers = 2, .hidden_dims = {3, 2}, .latent_dim = 2, .nodes = 9,
		.form = GAE_FEATURES_SPARSE, .columns = 5, .epochs = 2, .test_fraction = 0.2, .seed = 3},
	{.kind = GAE_MODEL_VGAE, .latent_dim = 2, .nodes = 8, .form = GAE_FEATURES_NONE, .epochs = 0,
		.directed = true, .seed = 4},
	{.kind = GAE_MODEL_AE, .hidden_layers = 1, .hidden_dims = {3}, .latent_dim = 2, .nodes = 9,
		.form = GAE_FEATURES_DENSE, .columns = 4, .epochs = 2, .seed = 5},
	{.kind = GAE_MODEL_VAE, .latent_dim = 2, .nodes = 9, .form = GAE_FEATURES_DENSE, .columns = 4,
		.epochs = 2, .reconstruction = GAE_RECONSTRUCTION_BCE, .validation_fraction = 0.2, .seed = 6},
};

static uint8_t *
trained_bytes(GaeEnv *env, const ProblemSpec *spec, int64_t *bytes)
{
	Problem		problem;
	GaeModel	model;

	problem_make(env, spec, &problem);
	problem_train(env, &problem, &model);
	return problem_bytes(env, &model, bytes);
}

static bool
same_double(double a, double b)
{
	return memcmp(&a, &b, sizeof(a)) == 0;
}

static void
check_round_trip(GaeEnv *env, const ProblemSpec *spec)
{
	Problem		problem;
	GaeModel	model;
	GaeModel	read;
	int64_t		bytes;
	int64_t		again_bytes;
	uint8_t    *buffer;
	uint8_t    *unaligned;
	uint8_t    *again;

	problem_make(env, spec, &problem);
	problem_train(env, &problem, &model);
	buffer = problem_bytes(env, &model, &bytes);
	assert_int_equal(bytes % 8, 0);

	/* A bytea's data need not be aligned. */
	unaligned = gae_alloc(env, bytes + 1, 1);
	memcpy(unaligned + 1, buffer, (size_t) bytes);
	assert_ok(env, gae_model_read(env, unaligned + 1, bytes, &read));
	again = problem_bytes(env, &read, &again_bytes);
	assert_int_equal(again_bytes, bytes);
	assert_memory_equal(again, buffer, (size_t) bytes);

	assert_string_equal(read.library_version, "0.0.0");
	assert_int_equal(read.config.kind, spec->kind);
	assert_int_equal(read.config.hidden_layers, spec->hidden_layers);
	assert_int_equal(read.config.latent_dim, spec->latent_dim);
	assert_int_equal(read.config.seed, spec->seed);
	assert_int_equal(read.nodes, spec->nodes);
	assert_int_equal(read.epochs_run, model.epochs_run);
	assert_int_equal(read.best_epoch, model.best_epoch);
	assert_int_equal(read.edges, model.edges);
	assert_int_equal(read.isolated_nodes, model.isolated_nodes);
	assert_int_equal(read.duplicate_edges, model.duplicate_edges);
	assert_int_equal(read.self_loops, model.self_loops);
	assert_true(same_double(read.loss, model.loss));
	assert_true(same_double(read.validation_auc, model.validation_auc));
	assert_true(same_double(read.test_loss, model.test_loss));
	assert_true(same_double(read.calibration.scale, model.calibration.scale));
	assert_true(same_double(read.negatives_used, model.negatives_used));
	assert_int_equal(read.keys.length, 4);
	assert_memory_equal(read.keys.data, "keys", 4);
	assert_memory_equal(read.schema.data, "schema", 6);
	assert_ok(env, use_model(env, &read, true));
	if (gae_has_rows(spec->kind))
		return;
	assert_memory_equal(read.known.offset, model.known.offset, (size_t) (spec->nodes + 1) * 8);
	assert_memory_equal(read.known.neighbor, model.known.neighbor, (size_t) (2 * model.edges) * 4);
}

static void
test_round_trip(void **state)
{
	for (int s = 0; s < small_spec_count; s++)
		check_round_trip(*state, &small_specs[s]);
	for (int s = 0; s < LENGTH(tiny_specs); s++)
		check_round_trip(*state, &tiny_specs[s]);
}

/* At a glance: of the first bytes, from a certain number on. */
static void
test_glance(void **state)
{
	for (int s = 0; s < LENGTH(tiny_specs); s++)
	{
		GaeEnv	   *env = *state;
		int64_t		bytes;
		int64_t		needed = 0;
		uint8_t    *buffer = trained_bytes(env, &tiny_specs[s], &bytes);
		GaeModel	model;

		while (gae_model_glance(env, buffer, needed, &model) != GAE_OK)
		{
			assert_int_equal(env->error.status, GAE_INVALID_MODEL);
			assert_true(++needed <= bytes);
		}
		assert_int_equal(model.nodes, tiny_specs[s].nodes);
		assert_int_equal(model.epochs_run, tiny_specs[s].epochs);
		assert_int_equal(model.config.kind, tiny_specs[s].kind);

		/* Where there are as many hidden layers as there may be, each takes four bytes more. */
		assert_true(needed + 4 * GAE_MAX_LAYERS <= GAE_MODEL_GLANCE_BYTES);
		buffer[0] ^= 1;
		assert_status(GAE_INVALID_MODEL, gae_model_glance(env, buffer, bytes, &model));
	}
}

/* ---- damage ---- */

/* How reading damaged bytes ended. */
typedef struct Tally
{
	int64_t		refused;
	int64_t		used;
} Tally;

static void
read_and_use(const uint8_t *buffer, int64_t bytes, Tally *tally)
{
	/* Now and then a new graph, which takes long. */
	if (use_bytes(buffer, bytes, (tally->used + 1) % 200 == 0))
		tally->used++;
	else
		tally->refused++;
}

static void
test_cut_short(void **state)
{
	for (int s = 0; s < LENGTH(tiny_specs); s++)
	{
		Tally		tally = {0};
		int64_t		bytes;
		uint8_t    *buffer = trained_bytes(*state, &tiny_specs[s], &bytes);
		uint8_t    *copy = malloc((size_t) bytes + 64);

		for (int64_t length = 0; length < bytes; length++)
		{
			read_and_use(buffer, length, &tally);
			memcpy(copy, buffer, (size_t) bytes);
			damage_repair(copy, length);
			read_and_use(copy, length, &tally);
		}
		/* And too long. */
		for (int64_t more = 1; more <= 64; more++)
		{
			memcpy(copy, buffer, (size_t) bytes);
			memset(copy + bytes, 0, (size_t) more);
			read_and_use(copy, bytes + more, &tally);
			damage_repair(copy, bytes + more);
			read_and_use(copy, bytes + more, &tally);
		}
		free(copy);
		assert_int_equal(tally.used, 0);
	}
}

/* What one byte is changed into. */
static uint8_t
damaged_byte(uint8_t byte, int change)
{
	return change < 8 ? byte ^ (uint8_t) (1 << change) : change == 8 ? (uint8_t) ~byte : 0xFF;
}

static void
test_one_damaged_byte(void **state)
{
	for (int s = 0; s < LENGTH(tiny_specs); s++)
	{
		Tally		tally = {0};
		int64_t		bytes;
		uint8_t    *buffer = trained_bytes(*state, &tiny_specs[s], &bytes);

		for (int64_t position = 0; position < bytes; position++)
		{
			uint8_t		original = buffer[position];
			int			stride = test_quick() ? 3 : 1;

			/* Without a repair the checksum finds all of it. */
			buffer[position] = damaged_byte(original, (int) (position % 8));
			{
				Tally		found = {0};

				read_and_use(buffer, bytes, &found);
				assert_int_equal(found.used, 0);
			}
			for (int change = (int) (position % stride); change < 10; change += stride)
			{
				buffer[position] = damaged_byte(original, change);
				if (position >= GAE_MODEL_HEADER_BYTES)
					damage_repair(buffer, bytes);
				if (buffer[position] != original)
					read_and_use(buffer, bytes, &tally);
			}
			buffer[position] = original;
			damage_repair(buffer, bytes);
		}
		print_message("%s, %lld bytes: %lld refused, %lld used\n", spec_name(&tiny_specs[s]),
					  (long long) bytes, (long long) tally.refused, (long long) tally.used);
	}
}

/* What a fuzzer does, and parts of other models. */
static void
test_much_damage(void **state)
{
	TestRandom	random = {1};
	Tally		tally = {0};
	int			rounds = test_quick() ? 200 : 2000;

	for (int s = 0; s < LENGTH(tiny_specs); s++)
	{
		int64_t		bytes;
		int64_t		other_bytes;
		uint8_t    *buffer = trained_bytes(*state, &tiny_specs[s], &bytes);
		uint8_t    *other = trained_bytes(*state, &tiny_specs[(s + 1) % LENGTH(tiny_specs)],
										  &other_bytes);
		int64_t		room = 2 * (bytes + other_bytes);
		uint8_t    *copy = malloc((size_t) room);

		for (int round = 0; round < rounds; round++)
		{
			int64_t		length = bytes;

			memcpy(copy, buffer, (size_t) bytes);
			if (round % 8 == 0)
				length = damage_cross(&random, copy, length, room, other, other_bytes);
			else
				length = damage_model(&random, copy, length, room, damage_bytes);
			assert_uint_in_range(length, 0, room);
			read_and_use(copy, length, &tally);
		}
		free(copy);
	}
	print_message("%lld refused, %lld used\n", (long long) tally.refused, (long long) tally.used);
	assert_true(tally.used > tally.refused / 20);
}

/*
 * A graph of one node, and of two without an edge: nobody can train on these, but
 * bytes can say so.
 */
static void
test_smallest_graphs(void **state)
{
	GaeEnv	   *env = *state;

	for (int variant = 0; variant < 4; variant++)
	{
		ProblemSpec spec = {
			.kind = GAE_MODEL_VGAE, .latent_dim = 2, .nodes = 1 + variant % 2, .seed = 1
		};
		Problem		problem;
		GaeModel	model = {.edges = 0};
		GaeModel	read;
		int64_t		bytes;
		uint8_t    *buffer;

		spec.directed = variant / 2;
		problem_make(env, &spec, &problem);
		problem.graph.edges = 0;
		model.config = problem.config;
		model.nodes = spec.nodes;
		model.calibration = (GaeCalibration) {1, 0, GAE_FITTED_ON_TRAINING};
		model.columns.nodes = spec.nodes;
		assert_ok(env, gae_architecture_layout(env, &model.config, model.columns, &model.params));
		model.parameter = gae_alloc_zero(env, model.params.count, sizeof(GaeReal));
		model.mu = gae_alloc_zero(env, spec.nodes * 2, sizeof(GaeReal));
		model.log_std = gae_alloc_zero(env, spec.nodes * 2, sizeof(GaeReal));
		model.untrained = gae_alloc_zero(env, spec.nodes * 2, sizeof(uint16_t));
		assert_ok(env, gae_adjacency_build(env, &problem.graph, NULL, 0, false, &model.known));
		buffer = problem_bytes(env, &model, &bytes);
		assert_ok(env, gae_model_read(env, buffer, bytes, &read));
		assert_ok(env, use_model(env, &read, true));
	}
}

/* Numbers that contradict each other. */
static void
test_contradictions(void **state)
{
	GaeEnv	   *env = *state;

	for (int s = 0; s < LENGTH(tiny_specs); s++)
	{
		for (int wrong = 0; wrong < 3; wrong++)
		{
			Problem		problem;
			GaeModel	model;
			GaeModel	read;
			int64_t		bytes;
			uint8_t    *buffer;

			problem_make(env, &tiny_specs[s], &problem);
			problem_train(env, &problem, &model);
			if (wrong == 0)
				model.best_epoch = model.epochs_run + 1;
			else if (wrong == 1)
				model.config.epochs = model.epochs_run - 1;
			else
				model.edges++;
			buffer = problem_bytes(env, &model, &bytes);
			assert_status(GAE_INVALID_MODEL, gae_model_read(env, buffer, bytes, &read));
		}
	}
}

/* An edge from a node to itself is none. */
static void
test_self_loop(void **state)
{
	GaeEnv	   *env = *state;
	ProblemSpec spec = tiny_specs[1];
	Problem		problem;
	GaeModel	model;
	GaeModel	read;
	int64_t		bytes;
	uint8_t    *buffer;
	int64_t		e;

	assert_true(spec.directed);
	problem_make(env, &spec, &problem);
	problem_train(env, &problem, &model);

	/* Turn the first edge of a node that has one into a loop. */
	for (int32_t i = 0; i < model.nodes; i++)
	{
		e = model.known.out[i];
		if (e == model.known.offset[i + 1] || model.known.neighbor[e] < i)
			continue;
		model.known.neighbor[e] = i;
		buffer = problem_bytes(env, &model, &bytes);
		assert_status(GAE_INVALID_MODEL, gae_model_read(env, buffer, bytes, &read));
		return;
	}
	fail_msg("the model has no edge to a higher node");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_round_trip),
		TEST(test_smallest_graphs),
		TEST(test_contradictions),
		TEST(test_self_loop),
		TEST(test_glance),
		TEST(test_cut_short),
		TEST(test_one_damaged_byte),
		TEST(test_much_damage),
	};

	return cmocka_run_group_tests_name("model", tests, NULL, NULL);
}
