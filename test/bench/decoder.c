/*
 * decoder.c
 *		The time of our decoder of all pairs alone, as it is in training.
 *
 *		decoder THREADS NODES EDGES DIMENSIONS
 *
 * Linked with src/core. Prints the seconds of one loss and gradient: the best of
 * many, on a random graph with latents of the size that training gives.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "core/nn/decoder_links.h"
#include "core/linalg/openblas.h"
#include "core/base/parallel.h"
#include "core/graph/graph_build.h"

#define SECONDS 1.0
#define TRIALS 20

static void *
allocate(void *context, size_t bytes)
{
	(void) context;
	return malloc(bytes);
}

static void
release(void *context, void *memory)
{
	(void) context;
	free(memory);
}

static bool
never(void *context)
{
	(void) context;
	return false;
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + 1e-9 * t.tv_nsec;
}

/* Uniform in [0, 1). */
static double
uniform(void)
{
	static uint64_t state = 1;

	state = state * 6364136223846793005u + 1442695040888963407u;
	return (double) (state >> 33) / (double) (UINT64_C(1) << 31);
}

static void
must(GaeEnv *env, GaeStatus status)
{
	if (status != GAE_OK)
	{
		fprintf(stderr, "%s\n", env->error.message);
		exit(1);
	}
}

int
main(int argc, char **argv)
{
	GaeEnv		env = {.allocate = allocate, .release = release, .pending = never, .interrupted = never};
	GaeDecoderStep step = {0};
	GaeConfig	config;
	GaeLinkDecoder decoder;
	GaeAdjacency adjacency;
	GaeGraph	graph;
	double		fastest = INFINITY;
	double		begin = now();

	if (argc != 5)
		return 1;
	env.threads = atoi(argv[1]);

	int32_t		nodes = atoi(argv[2]);
	int64_t		edges = atoll(argv[3]);
	int64_t		width = atoll(argv[4]);
	int32_t    *src = malloc(edges * sizeof(int32_t));
	int32_t    *dst = malloc(edges * sizeof(int32_t));
	GaeReal    *z = malloc(nodes * width * sizeof(GaeReal));
	GaeReal    *d_z = malloc(nodes * width * sizeof(GaeReal));

	if (src == NULL || dst == NULL || z == NULL || d_z == NULL)
		return 1;
	for (int64_t e = 0; e < edges; e++)
	{
		src[e] = (int32_t) (uniform() * nodes);
		dst[e] = (int32_t) (uniform() * nodes);
	}
	for (int64_t i = 0; i < nodes * width; i++)
		z[i] = (GaeReal) (2 * uniform() - 1);

	must(&env, gae_openblas_load(&env));
	must(&env, gae_graph_build(&env, nodes, NULL, false, edges, src, dst, NULL, &graph));
	must(&env, gae_adjacency_build(&env, &graph, NULL, 0, true, &adjacency));
	gae_config_default(&config);
	config.latent_dim = (int32_t) width;
	must(&env, gae_link_decoder_create(&env, &gae_link_factors_inner, &config, NULL, &graph, &adjacency,
									   INFINITY, &decoder));
	step.rows = nodes;
	for (int trial = 0; trial < TRIALS || now() - begin < SECONDS; trial++)
	{
		double		start = now();
		double		loss;

		must(&env, decoder.base.loss(&env, &decoder.base, &step, z, d_z, &loss));
		fastest = fmin(fastest, now() - start);
	}
	printf("%.9f\n", fastest);
	gae_pool_stop(&env);
	return 0;
}
