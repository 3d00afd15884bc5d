/*
 * test_heap.c
 *		Bounded heaps against sorted lists.
 */
#include <math.h>
#include <stdlib.h>

#include "core/base/range.h"
#include "core/search/heap.h"
#include "support.h"

/* The heap keeps the best of what it is offered, in any order, with ties. */
static void
test_heap(void **state)
{
	GaeEnv	   *env = *state;
	TestRandom	random = {1};
	GaeLink		offered[200];
	GaeLink		room[200];

	for (int round = 0; round < 500; round++)
	{
		int64_t		count = test_random_below(&random, 200);
		GaeHeap		heap = {room, test_random_below(&random, 50), 0};
		int64_t		kept;

		for (int64_t l = 0; l < count; l++)
		{
			offered[l] = (GaeLink) {
				(int32_t) test_random_below(&random, 5), (int32_t) l, (double) test_random_below(&random, 30)
			};
			gae_heap_offer(&heap, offered[l]);
			if (heap.capacity > 0)
				assert_true(gae_heap_threshold(&heap) ==
							(heap.count < heap.capacity ? -INFINITY : heap.link[0].score));
		}
		kept = gae_min(count, heap.capacity);
		assert_int_equal(heap.count, kept);
		assert_ok(env, gae_heap_sort(env, &heap));
		qsort(offered, (size_t) count, sizeof(GaeLink), test_compare_links);
		assert_memory_equal(heap.link, offered, (size_t) kept * sizeof(GaeLink));
	}
}

/* What a heap says that it takes is what it keeps. */
static void
test_takes(void **state)
{
	GaeLink		room[2];
	GaeHeap		heap = {room, 2, 0};
	GaeHeap		none = {room, 0, 0};
	GaeLink		link = {4, 5, 1};

	(void) state;
	assert_false(gae_heap_takes(&none, &link));
	assert_true(gae_heap_takes(&heap, &link));
	gae_heap_offer(&heap, link);
	gae_heap_offer(&heap, (GaeLink) {4, 4, 2});
	assert_false(gae_heap_takes(&heap, &link));
	assert_false(gae_heap_takes(&heap, &(GaeLink) {4, 6, 1}));
	assert_false(gae_heap_takes(&heap, &(GaeLink) {5, 0, 1}));
	assert_true(gae_heap_takes(&heap, &(GaeLink) {4, 3, 1}));
	assert_true(gae_heap_takes(&heap, &(GaeLink) {3, 9, 1}));
	assert_true(gae_heap_takes(&heap, &(GaeLink) {9, 9, 1.5}));
}

/* More links than are put in order between two looks at interrupts */
static void
test_large_heap(void **state)
{
	GaeEnv	   *env = *state;
	TestRandom	random = {2};
	int64_t		counts[] = {GAE_HEAP_POLL_LINKS, GAE_HEAP_POLL_LINKS + 1, 3 * GAE_HEAP_POLL_LINKS + 5};

	for (int c = 0; c < 3; c++)
	{
		GaeHeap		heap = {.capacity = counts[c]};

		heap.link = gae_alloc(env, counts[c], sizeof(GaeLink));
		for (int64_t l = 0; l < counts[c] + 100; l++)
			gae_heap_offer(&heap, (GaeLink) {
				(int32_t) test_random_below(&random, 100), (int32_t) l, (double) test_random_below(&random, 50)
			});
		assert_ok(env, gae_heap_sort(env, &heap));
		assert_int_equal(heap.count, counts[c]);
		for (int64_t l = 1; l < heap.count; l++)
			assert_true(gae_link_before(&heap.link[l - 1], &heap.link[l]));
	}
}

static void
test_interrupted_sort(void **state)
{
	GaeEnv	   *env = *state;
	TestContext *context = test_context(env);
	GaeHeap		heap = {.capacity = 3 * GAE_HEAP_POLL_LINKS};

	heap.link = gae_alloc_zero(env, heap.capacity, sizeof(GaeLink));
	heap.count = heap.capacity;
	context->interrupt_at = context->polls + 2;
	context->interrupt_ends = true;
	assert_status(GAE_INTERRUPTED, gae_heap_sort(env, &heap));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_heap),
		TEST(test_takes),
		TEST(test_large_heap),
		TEST(test_interrupted_sort),
	};

	return cmocka_run_group_tests_name("heap", tests, NULL, NULL);
}
