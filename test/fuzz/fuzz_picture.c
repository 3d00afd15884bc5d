/*
 * fuzz_picture.c
 *		libFuzzer on the texts of pictures: names of nodes, and labels with their title,
 *		which in a database without an encoding are any bytes.
 *
 * Whatever they are, the picture is well-formed.
 */
#include <stdlib.h>
#include <string.h>

#include "picture.h"
#include "plot.h"

extern int	LLVMFuzzerInitialize(int *argc, char ***argv);
extern int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* More labels than have colours of their own. */
#define NODES 12
#define MOST_LABELS 10
#define TEXTS (NODES + MOST_LABELS)

/* The first bytes of an input: which label each node has, if any, and the texts' lengths. */
typedef struct Layout
{
	uint8_t		label[NODES];
	uint8_t		length[TEXTS];
} Layout;

/* A failed assertion of cmocka's must not look like a normal end. */
int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void) argc;
	(void) argv;
	return setenv("CMOCKA_TEST_ABORT", "1", 1);
}

static void
make_model(GaeEnv *env, GaeModel *model)
{
	TestRandom	random = {7};
	GaeGraph	graph;

	memset(model, 0, sizeof(*model));
	gae_config_default(&model->config);
	model->config.kind = GAE_MODEL_GAE;
	model->config.latent_dim = 2;
	model->nodes = NODES;
	model->mu = gae_alloc(env, 2 * NODES, sizeof(GaeReal));
	for (int v = 0; v < 2 * NODES; v++)
		model->mu[v] = (GaeReal) test_random_normal(&random);
	test_random_graph(env, 5, NODES, 2 * NODES, false, false, &graph);
	assert_ok(env, gae_incidence_build(env, &graph, NULL, 0, false, &model->known));
	model->edges = graph.edges;
}

/* "count" texts of these lengths, or what is left, in memory of just their size; returns how much that is. */
static size_t
take_texts(GaeEnv *env, const uint8_t *data, size_t size, const uint8_t *length, int count,
		   GaeTexts *texts)
{
	uint64_t   *offset = gae_alloc(env, count + 1, sizeof(uint64_t));
	char	   *bytes;

	offset[0] = 0;
	for (int i = 0; i < count; i++)
		offset[i + 1] = offset[i] + length[i] < size ? offset[i] + length[i] : size;
	bytes = gae_alloc(env, (int64_t) offset[count], 1);
	memcpy(bytes, data, offset[count]);
	*texts = (GaeTexts) {count, offset, bytes};
	return offset[count];
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	GaeEnv	   *env = test_env_create(1);
	const Layout *layout = (const Layout *) data;
	const uint8_t *rest = data + sizeof(Layout);
	int32_t		of_node[NODES];
	GaeModel	model;
	GaeTexts	names;
	GaePlotLabels labels = {.of_node = of_node};
	char	   *title;
	char	   *svg;
	int64_t		length;

	if (size >= sizeof(Layout))
	{
		size -= sizeof(Layout);
		make_model(env, &model);
		for (int i = 0; i < NODES; i++)
			of_node[i] = (int32_t) (layout->label[i] % (MOST_LABELS + 1)) - 1;
		rest += take_texts(env, rest, size, layout->length, NODES, &names);
		size -= names.offset[NODES];
		rest += take_texts(env, rest, size, layout->length + NODES, MOST_LABELS, &labels.names);
		size -= labels.names.offset[MOST_LABELS];
		title = gae_alloc(env, (int64_t) size + 1, 1);
		memcpy(title, rest, size);
		title[size] = '\0';
		labels.title = title;
		assert_ok(env, gae_plot_latent(env, &model, &names, &labels, &svg, &length));
		(void) picture_check(env, svg, length);
		assert_ok(env, gae_plot_latent(env, &model, &names, NULL, &svg, &length));
		(void) picture_check(env, svg, length);
	}
	test_env_destroy(env);
	return 0;
}
