/*
 * test_plot_latent.c
 *		Pictures of latent spaces: that every node, edge and label is where it should be.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "picture.h"
#include "core/plot/plot.h"
#include "core/plot/svg.h"

/* A model with what pictures look at, a name for each node, and labels. */
typedef struct Subject
{
	GaeModel	model;
	GaeTexts	names;
	GaePlotLabels labels;
} Subject;

/* "count" texts, made by sprintf of a format with their number. */
static void
make_texts(GaeEnv *env, int64_t count, const char *format, GaeTexts *texts)
{
	uint64_t   *offset = gae_alloc(env, count + 1, sizeof(uint64_t));
	int64_t		room = (int64_t) strlen(format) + 20;
	char	   *bytes = gae_alloc(env, count * room, 1);

	offset[0] = 0;
	for (int64_t i = 0; i < count; i++)
	{
		char		text[2000];
		int			length = snprintf(text, sizeof(text), format, (int) i);

		assert_true(length < room);
		memcpy(bytes + offset[i], text, (size_t) length);
		offset[i + 1] = offset[i] + (uint64_t) length;
	}
	*texts = (GaeTexts) {count, offset, bytes};
}

static void
make_subject(GaeEnv *env, int32_t nodes, int dimensions, int64_t edges, bool directed, Subject *subject)
{
	TestRandom	random = {11};
	GaeModel   *model = &subject->model;
	GaeGraph	graph;

	memset(subject, 0, sizeof(*subject));
	gae_config_default(&model->config);
	model->config.kind = edges > 0 ? GAE_MODEL_VGAE : GAE_MODEL_VAE;
	model->config.latent_dim = dimensions;
	model->config.directed = directed;
	model->nodes = nodes;
	model->mu = gae_alloc(env, (int64_t) nodes * dimensions, sizeof(GaeReal));
	for (int64_t v = 0; v < (int64_t) nodes * dimensions; v++)
		model->mu[v] = (GaeReal) test_random_normal(&random);
	if (edges > 0)
	{
		test_random_graph(env, 5, nodes, edges, directed, false, &graph);
		assert_ok(env, gae_adjacency_build(env, &graph, NULL, 0, false, &model->known));
		model->edges = graph.edges;
	}
	make_texts(env, nodes, "node %d", &subject->names);
}

/* Label of node i: number of_node(i), made by the format. */
static void
make_labels(GaeEnv *env, Subject *subject, int64_t count, const char *format, int32_t (*of_node) (int32_t))
{
	int32_t    *labels = gae_alloc(env, subject->model.nodes, sizeof(int32_t));

	make_texts(env, count, format, &subject->labels.names);
	for (int32_t i = 0; i < subject->model.nodes; i++)
		labels[i] = of_node(i);
	subject->labels.of_node = labels;
	subject->labels.title = "kind of <thing>";
}

/* The picture, checked, as a string. */
static const char *
draw(GaeEnv *env, const Subject *subject)
{
	char	   *svg;
	int64_t		length;

	assert_ok(env, gae_plot_latent(env, &subject->model,
								   subject->model.nodes <= GAE_PLOT_MOST_POINTS ? &subject->names : NULL,
								   subject->labels.of_node != NULL ? &subject->labels : NULL, &svg, &length));
	return picture_check(env, svg, length);
}

/* How many edges there are: each is one move and one line. */
static int64_t
count_edges(const char *svg)
{
	const char *end;
	int64_t		count = 0;

	svg = strstr(svg, "<g id=\"edges\"");
	if (svg == NULL)
		return 0;
	end = strstr(svg, "</g>");
	for (; svg < end; svg++)
		count += *svg == 'L';
	return count;
}

static int32_t
by_thirds(int32_t node)
{
	return node % 3 == 0 ? -1 : node % 3 - 1;
}

static void
test_points(void **state)
{
	GaeEnv	   *env = *state;
	Subject		subject;
	const char *svg;

	make_subject(env, 30, 5, 60, false, &subject);
	svg = draw(env, &subject);
	assert_int_equal(picture_count(svg, "<circle"), 30);
	assert_int_equal(count_edges(svg), subject.model.edges);
	assert_int_equal(picture_count(svg, "<title>node 7</title>"), 1);
	assert_int_equal(picture_count(svg, ">node 7</text>"), 1);
	assert_int_equal(picture_count(svg, "edges are drawn"), 0);
	assert_int_equal(picture_count(svg, "legend"), 0);
	assert_string_equal(draw(env, &subject), svg);

	make_labels(env, &subject, 2, "<label> %d", by_thirds);
	svg = draw(env, &subject);
	assert_int_equal(picture_count(svg, "<circle"), 30 + 3);
	assert_int_equal(picture_count(svg, "<title>node 7: &lt;label&gt; 0</title>"), 1);
	assert_int_equal(picture_count(svg, "<title>node 9</title>"), 1);
	assert_int_equal(picture_count(svg, ">kind of &lt;thing&gt;</text>"), 1);
	assert_int_equal(picture_count(svg, ">no label</text>"), 1);
	assert_int_equal(picture_count(svg, ">other</text>"), 0);
}

/* Label l of 0 … 11 has 12 - l nodes, but 6, 7 and 8 have 5 each. */
static int32_t
by_triangle(int32_t node)
{
	int32_t		label = 0;

	for (; node >= 12 - label; label++)
		node -= 12 - label;
	return label == 6 && node == 5 ? 8 : label;
}

/* The seven most frequent labels have colours; of equals the first in order. */
static void
test_classes(void **state)
{
	GaeEnv	   *env = *state;
	Subject		subject;
	const char *svg;
	const char *legend;
	char		text[100];
	int			rows = 0;

	make_subject(env, 78, 5, 100, false, &subject);
	make_labels(env, &subject, 12, "label %d", by_triangle);
	svg = draw(env, &subject);
	legend = strstr(svg, "id=\"legend\"");
	assert_non_null(legend);
	assert_int_equal(picture_count(legend, "<circle"), 8);
	for (const char *at = legend; picture_next(&at, "<circle", "</text>", text, 1000) != NULL;)
	{
		const char *wanted[] = {
			">label 0", ">label 1", ">label 2", ">label 3", ">label 4", ">label 5", ">label 6", ">other"
		};

		assert_non_null(strstr(text, wanted[rows++]));
	}
	assert_int_equal(picture_count(legend, ">12</text>"), 1);
	assert_int_equal(picture_count(legend, ">5</text>"), 1);
	assert_int_equal(picture_count(legend, ">16</text>"), 1);
	assert_int_equal(picture_count(svg, ": label 11</title>"), 1);
}

/* Too many edges are thinned, evenly over the graph, and the picture says so. */
static void
test_thinned_edges(void **state)
{
	GaeEnv	   *env = *state;

	for (int directed = 0; directed < 2; directed++)
	{
		Subject		subject;
		const char *svg;
		char		text[100];
		char		all[GAE_COUNT_BYTES];

		make_subject(env, 300, 4, 30000, directed != 0, &subject);
		svg = draw(env, &subject);
		assert_int_equal(count_edges(svg), 6000);
		snprintf(text, sizeof(text), "6,000 of %s edges are drawn.", gae_count_text(subject.model.edges, all));
		assert_int_equal(picture_count(svg, text), 1);

		/* One more than the limit, and as many */
		for (int more = 1; more >= 0; more--)
		{
			GaeGraph	graph;

			assert_ok(env, gae_graph_of_adjacency(env, &subject.model.known, &graph));
			graph.edges = 6000 + more;
			assert_ok(env, gae_adjacency_build(env, &graph, NULL, 0, false, &subject.model.known));
			subject.model.edges = graph.edges;
			svg = draw(env, &subject);
			assert_int_equal(count_edges(svg), 6000);
			assert_int_equal(picture_count(svg, "edges are drawn"), more);
		}
	}
}

static int32_t
by_hundreds(int32_t node)
{
	return node % 100;
}

/* Each node is in a cell or is said to be outside; whatever the names, the size is bounded. */
static void
test_mosaic(void **state)
{
	static const int32_t nodes[] = {GAE_PLOT_MOST_POINTS + 1, 60000};
	GaeEnv	   *env = *state;

	for (int n = 0; n < 2; n++)
	{
		for (int labelled = 0; labelled < 2; labelled++)
		{
			Subject		subject;
			const char *svg;
			char		text[200];
			int64_t		inside = 0;
			int64_t		outside;

			make_subject(env, nodes[n], 3, 100000, false, &subject);
			if (labelled)
				make_labels(env, &subject, 100, "<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<%d", by_hundreds);
			svg = draw(env, &subject);
			assert_true(strlen(svg) < 2000000);
			assert_uint_in_range(count_edges(svg), 2900, 3000);
			for (const char *at = strstr(svg, "id=\"cells\""); picture_next(&at, "<title>", "</title>", text, 200) != NULL;)
				inside += atoll(text);
			assert_non_null(picture_next(&svg, ". ", " lie outside.", text, 200));
			outside = atoll(text);
			assert_int_equal(inside + outside, nodes[n]);
			assert_uint_in_range(outside, 0, (uintmax_t) (nodes[n] * 0.004));
		}
	}
}

/* The largest picture of points, with names that take as much room as names can. */
static void
test_bounded(void **state)
{
	GaeEnv	   *env = *state;
	Subject		subject;
	char		format[1000] = "%d";

	for (int i = 0; i < 100; i++)
		strcat(format, "\xF0\x9F\x98\x80<");
	make_subject(env, GAE_PLOT_MOST_POINTS, 3, 100000, false, &subject);
	make_texts(env, subject.model.nodes, format, &subject.names);
	make_labels(env, &subject, 100, format, by_hundreds);
	assert_true(strlen(draw(env, &subject)) < 2000000);
}

/* One dimension, one node, equal nodes, and numbers near the limits of float */
static void
test_odd_shapes(void **state)
{
	static const struct
	{
		int32_t		nodes;
		int			dimensions;
		double		factor;
	}			shapes[] = {
		{40, 1, 1}, {1, 4, 1}, {2, 4, 0}, {50, 300, 1}, {40, 1, 0}, {40, 3, 1e37}, {40, 3, 1e-37}, {6000, 1, 1},
		{6000, 2, 0}
	};
	GaeEnv	   *env = *state;

	for (size_t s = 0; s < sizeof(shapes) / sizeof(shapes[0]); s++)
	{
		for (int edges = 0; edges < 2; edges++)
		{
			Subject		subject;
			const char *svg;

			make_subject(env, shapes[s].nodes, shapes[s].dimensions, shapes[s].nodes > 1 ? 80 * edges : 0, false,
						 &subject);
			for (int64_t v = 0; v < (int64_t) shapes[s].nodes * shapes[s].dimensions; v++)
				subject.model.mu[v] *= (GaeReal) shapes[s].factor;
			svg = draw(env, &subject);
			assert_int_equal(picture_count(svg, "nan"), 0);
			assert_int_equal(picture_count(svg, "inf"), 0);
			assert_int_equal(picture_count(svg, "first principal component"), shapes[s].dimensions > 1);
			assert_int_equal(picture_count(svg, "<circle"), shapes[s].nodes <= GAE_PLOT_MOST_POINTS ? shapes[s].nodes : 0);
		}
	}
}

/* The same picture for any number of threads */
static void
test_threads(void **state)
{
	char	   *first = NULL;

	(void) state;
	for (int threads = 1; threads <= 3; threads++)
	{
		GaeEnv	   *env = test_env_create(threads);
		Subject		subject;

		make_subject(env, 400, 16, 1000, false, &subject);
		if (threads == 1)
			first = strdup(draw(env, &subject));
		assert_string_equal(draw(env, &subject), first);
		test_env_destroy(env);
	}
	free(first);
}

/* Without memory, or interrupted, at every point where that can be */
static void
test_failures(void **state)
{
	static const int32_t nodes[] = {50, 6000};
	GaeEnv	   *env = *state;
	TestContext *context = test_context(env);

	for (int n = 0; n < 2; n++)
	{
		Subject		subject;
		int64_t		allocations = context->allocations;
		int64_t		polls = context->polls;
		char	   *svg;
		int64_t		length;

		make_subject(env, nodes[n], 8, 300, false, &subject);
		make_labels(env, &subject, 100, "%d", by_hundreds);
		allocations = context->allocations;
		polls = context->polls;
		assert_ok(env, gae_plot_latent(env, &subject.model, &subject.names, &subject.labels, &svg, &length));
		allocations = context->allocations - allocations;
		polls = context->polls - polls;
		for (int64_t fail = 1; fail <= allocations; fail++)
		{
			context->fail_at = context->allocations + fail;
			assert_status(GAE_OUT_OF_MEMORY, gae_plot_latent(env, &subject.model, &subject.names, &subject.labels,
															  &svg, &length));
		}
		context->fail_at = 0;
		context->interrupt_ends = true;
		for (int64_t poll = 1; poll <= polls; poll += 1 + poll / 20)
		{
			context->interrupt_at = context->polls + poll;
			assert_status(GAE_INTERRUPTED, gae_plot_latent(env, &subject.model, &subject.names, &subject.labels,
															&svg, &length));
		}
		context->interrupt_at = 0;
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_points),
		TEST(test_classes),
		TEST(test_thinned_edges),
		TEST(test_mosaic),
		TEST(test_bounded),
		TEST(test_odd_shapes),
		TEST(test_threads),
		TEST(test_failures),
	};

	return cmocka_run_group_tests_name("plot_latent", tests, NULL, NULL);
}
