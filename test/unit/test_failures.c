/*
 * test_failures.c
 *		A training, and the use of its model, when memory runs out or an interrupt
 *		comes, at every point where it can.
 */
#include "core/model/format.h"
#include "specs.h"
#include "use_model.h"

/* Everything from rows to answers; the first failure. */
static GaeStatus
whole_path(GaeEnv *env, const ProblemSpec *spec, const Problem *made)
{
	Problem		problem = *made;
	TestRows	rows;
	GaeModel	model;
	GaeModel	read;
	uint8_t    *buffer;
	int64_t		bytes;

	if (problem.input.graph != NULL)
	{
		GaeStatus	status;

		/* The rows are the test's, not the core's. */
		GaeEnv	   *own = test_env_create(1);

		test_random_rows(own, spec->seed + 1, spec->nodes, 4 * (int64_t) spec->nodes, spec->weighted, &rows);
		status = gae_graph_build(env, spec->nodes, NULL, spec->directed, rows.count, rows.src, rows.dst,
								 rows.weight, &problem.graph);
		test_env_destroy(own);
		GAE_TRY(status);
		problem.input.graph = &problem.graph;
	}
	if (problem.input.features != NULL)
		problem.input.features = &problem.features;
	GAE_TRY(gae_train(env, &problem.config, &problem.input, &model));
	model.library_version[0] = '\0';
	GAE_TRY(gae_model_size(env, &model, &bytes));
	GAE_ALLOC(env, buffer, bytes);
	GAE_TRY(gae_model_write(env, &model, buffer, bytes));
	GAE_TRY(gae_model_read(env, buffer, bytes, &read));
	return use_model(env, &read, true);
}

/* The path in an environment of its own, told to fail. */
static GaeStatus
run(const ProblemSpec *spec, const Problem *made, int threads, int64_t fail_at, int64_t interrupt_at,
	int64_t *allocations, int64_t *polls)
{
	GaeEnv	   *env = test_env_create(threads);
	TestContext *context = test_context(env);
	GaeStatus	status;

	context->fail_at = fail_at;
	context->interrupt_at = interrupt_at;
	status = whole_path(env, spec, made);
	if (status != GAE_OK)
	{
		assert_int_equal(env->error.status, status);
		assert_true(env->error.message[0] != '\0');
	}
	*allocations = context->allocations;
	*polls = context->polls;
	test_env_destroy(env);
	return status;
}

static void
check_spec(const ProblemSpec *spec, int threads)
{
	GaeEnv	   *env = test_env_create(1);
	Problem		problem;
	int64_t		allocations;
	int64_t		polls;
	int64_t		ignored;
	int64_t		stride;

	/* In float all of them; failing does not depend on the numbers' precision. */
	bool		sampled = test_quick() || sizeof(GaeReal) > sizeof(float);

	problem_make(env, spec, &problem);
	assert_int_equal(run(spec, &problem, threads, 0, 0, &allocations, &polls), GAE_OK);
	assert_true(allocations > 30 && polls > 30);

	stride = sampled ? 1 + allocations / 50 : 1;
	for (int64_t n = 1; n <= allocations; n += stride)
		if (run(spec, &problem, threads, n, 0, &ignored, &ignored) != GAE_OUT_OF_MEMORY)
			fail_msg("%s: allocation %lld of %lld failed, and nobody noticed",
					 spec_name(spec), (long long) n, (long long) allocations);

	/* The number of polls varies a little with several threads. */
	stride = sampled ? 1 + polls / 50 : 1;
	for (int64_t n = 1; n <= (threads == 1 ? polls : polls / 2); n += stride)
		if (run(spec, &problem, threads, 0, n, &ignored, &ignored) != GAE_INTERRUPTED)
			fail_msg("%s: interrupt at poll %lld of %lld, and nobody noticed",
					 spec_name(spec), (long long) n, (long long) polls);
	print_message("%s, %d threads: %lld allocations, %lld polls\n", spec_name(spec), threads,
				  (long long) allocations, (long long) polls);
	test_env_destroy(env);
}

static void
test_one_thread(void **state)
{
	(void) state;
	for (int s = 0; s < small_spec_count; s++)
		check_spec(&small_specs[s], 1);
}

static void
test_three_threads(void **state)
{
	(void) state;
	for (int s = 0; s < small_spec_count; s += 4)
		check_spec(&small_specs[s], 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_thread),
		cmocka_unit_test(test_three_threads),
	};

	return cmocka_run_group_tests_name("failures", tests, NULL, NULL);
}
