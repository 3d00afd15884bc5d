/*
 * fuzz_picture.c
 *		libFuzzer on pictures: texts of any bytes, as the names of nodes and labels are in
 *		a database without an encoding, and any numbers that a model may hold.
 *
 * Whatever they are, the pictures are well-formed.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "picture.h"
#include "core/plot/plot.h"

extern int	LLVMFuzzerInitialize(int *argc, char ***argv);
extern int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* More labels than have colours of their own. */
#define NODES 12
#define LATENT_DIM 2
#define LATENTS (NODES * LATENT_DIM)
#define MOST_LABELS 10
#define TEXTS (NODES + MOST_LABELS)

/* Where the nodes are, which label each of them has, if any, and the texts' lengths; the texts follow. */
typedef struct Layout
{
	float		mu[LATENTS];
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

/* A graph of nodes there, as far as these are numbers that a model may hold. */
static void
make_graph(GaeEnv *env, const Layout *layout, GaeModel *model)
{
	GaeGraph	graph;

	gae_config_default(&model->config);
	model->config.kind = GAE_MODEL_GAE;
	model->config.latent_dim = LATENT_DIM;
	model->nodes = NODES;
	model->mu = gae_alloc(env, LATENTS, sizeof(GaeReal));
	for (int v = 0; v < LATENTS; v++)
		model->mu[v] = isfinite(layout->mu[v]) ? layout->mu[v] : 0;
	test_random_graph(env, 5, NODES, 2 * NODES, false, false, &graph);
	assert_ok(env, gae_adjacency_build(env, &graph, NULL, 0, false, &model->known));
	model->edges = graph.edges;
}

/*
 * "count" texts of these lengths, or what is left, in memory of just their size; and a
 * step beyond them.
 */
static void
take_texts(GaeEnv *env, const uint8_t **data, size_t *size, const uint8_t *length, int count,
		   GaeTexts *texts)
{
	uint64_t   *offset = gae_alloc(env, count + 1, sizeof(uint64_t));
	char	   *bytes;

	offset[0] = 0;
	for (int i = 0; i < count; i++)
		offset[i + 1] = offset[i] + length[i] < *size ? offset[i] + length[i] : *size;
	bytes = gae_alloc(env, (int64_t) offset[count], 1);
	memcpy(bytes, *data, offset[count]);
	*texts = (GaeTexts) {count, offset, bytes};
	*data += offset[count];
	*size -= offset[count];
}

static void
draw_latent(GaeEnv *env, const uint8_t *data, size_t size)
{
	Layout		layout;
	GaeModel	model = {0};
	int32_t		of_node[NODES];
	GaeTexts	names;
	GaePlotLabels labels = {.of_node = of_node};
	char	   *title;
	char	   *svg;
	int64_t		length;

	if (size < sizeof(layout))
		return;
	memcpy(&layout, data, sizeof(layout));
	data += sizeof(layout);
	size -= sizeof(layout);
	make_graph(env, &layout, &model);
	for (int i = 0; i < NODES; i++)
		of_node[i] = (int32_t) (layout.label[i] % (MOST_LABELS + 1)) - 1;
	take_texts(env, &data, &size, layout.length, NODES, &names);
	take_texts(env, &data, &size, layout.length + NODES, MOST_LABELS, &labels.names);
	title = gae_alloc(env, (int64_t) size + 1, 1);
	memcpy(title, data, size);
	title[size] = '\0';
	labels.title = title;
	assert_ok(env, gae_plot_latent(env, &model, &names, &labels, &svg, &length));
	(void) picture_check(env, svg, length);
	assert_ok(env, gae_plot_latent(env, &model, &names, NULL, &svg, &length));
	(void) picture_check(env, svg, length);
}

/* A history of these numbers, which may be NaN, but not infinite. */
static void
draw_history(GaeEnv *env, const uint8_t *data, size_t size)
{
	int32_t		epochs = (int32_t) (size / sizeof(GaeHistoryRow));
	GaeModel	model = {.epochs_run = epochs, .best_epoch = epochs};
	double	   *number;
	char	   *svg;
	int64_t		length;

	gae_config_default(&model.config);
	model.config.kind = size % 2 == 0 ? GAE_MODEL_VGAE : GAE_MODEL_AE;
	model.config.epochs = epochs;
	model.history = gae_alloc(env, epochs, sizeof(GaeHistoryRow));
	memcpy(model.history, data, (size_t) epochs * sizeof(GaeHistoryRow));
	number = (double *) model.history;
	for (int64_t i = 0; i < (int64_t) epochs * (int64_t) (sizeof(GaeHistoryRow) / sizeof(double)); i++)
		if (isinf(number[i]))
			number[i] = 0;
	assert_ok(env, gae_plot_history(env, &model, &svg, &length));
	(void) picture_check(env, svg, length);
}

/* The first byte tells which picture the others are for. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	GaeEnv	   *env = test_env_create(1);

	if (size > 0 && data[0] % 2 == 0)
		draw_latent(env, data + 1, size - 1);
	else if (size > 0)
		draw_history(env, data + 1, size - 1);
	test_env_destroy(env);
	return 0;
}
