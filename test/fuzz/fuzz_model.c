/*
 * fuzz_model.c
 *		libFuzzer on the reader of models, and on everything that uses what it read.
 */
#include <stdlib.h>
#include <string.h>

#include "core/model/format.h"
#include "damage.h"
#include "use_model.h"

extern int	LLVMFuzzerInitialize(int *argc, char ***argv);
extern int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
extern size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room, unsigned int seed);
extern size_t LLVMFuzzerCustomCrossOver(const uint8_t *data, size_t size,
										const uint8_t *other, size_t other_size,
										uint8_t *out, size_t room, unsigned int seed);

/* libFuzzer's own mutator, which knows what bytes were compared with. */
extern size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t room);

/* A failed assertion of cmocka's must not look like a normal end. */
int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void) argc;
	(void) argv;
	return setenv("CMOCKA_TEST_ABORT", "1", 1);
}

/* Read them once more, with an allocation that fails. */
static void
read_starved(const uint8_t *data, int64_t bytes, int64_t fail_at)
{
	GaeEnv	   *env = test_env_create(1);
	GaeModel	model;
	GaeStatus	status;

	test_context(env)->fail_at = fail_at;
	status = gae_model_read(env, data, bytes, &model);
	assert_true(status == GAE_OK || status == GAE_INVALID_MODEL || status == GAE_OUT_OF_MEMORY);
	if (test_context(env)->allocations >= fail_at)
		assert_int_equal(status, GAE_OUT_OF_MEMORY);
	test_env_destroy(env);
}

/* What else varies depends on the bytes, too, so that every finding can be repeated. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int			choice = size > 0 ? data[size / 2] ^ data[size / 3] : 0;

	use_bytes(data, (int64_t) size, choice % 64 == 0);
	read_starved(data, (int64_t) size, 1 + choice % 16);
	return 0;
}

static int64_t
change(TestRandom *random, uint8_t *bytes, int64_t length, int64_t room)
{
	if (test_random_below(random, 2) == 0)
		return damage_bytes(random, bytes, length, room);
	return (int64_t) LLVMFuzzerMutate(bytes, (size_t) length, (size_t) room);
}

size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room, unsigned int seed)
{
	TestRandom	random = {seed};

	return (size_t) damage_model(&random, data, (int64_t) size, (int64_t) room, change);
}

size_t
LLVMFuzzerCustomCrossOver(const uint8_t *data, size_t size, const uint8_t *other, size_t other_size,
						  uint8_t *out, size_t room, unsigned int seed)
{
	TestRandom	random = {seed};

	if (size > room)
		return 0;
	memcpy(out, data, size);
	return (size_t) damage_cross(&random, out, (int64_t) size, (int64_t) room,
								 other, (int64_t) other_size);
}
