/*
 * fixture.h
 *		A small training computed by PyTorch: what fixture/generate.py has written.
 */
#ifndef UNIT_FIXTURE_H
#define UNIT_FIXTURE_H

#include "core/nn/architecture.h"
#include "support.h"

#define MAX_MATRICES 64
#define MAX_EDGES 64

typedef struct Matrix
{
	char		name[48];
	int			rows;
	int			columns;
	double	   *value;
} Matrix;

typedef struct Fixture
{
	GaeConfig	config;
	bool		weighted;
	bool		featureless;
	int			adam_steps;
	int			edges;
	int32_t		src[MAX_EDGES];
	int32_t		dst[MAX_EDGES];
	float		weight[MAX_EDGES];
	bool		hidden[MAX_EDGES];
	bool		any_hidden;
	double		loss;
	double		reconstruction;
	double		kl;
	int			matrices;
	Matrix		matrix[MAX_MATRICES];
} Fixture;

extern void fixture_read(GaeEnv *env, const char *name, Fixture *fixture);

/* The matrix called prefix and name; there must be one. */
extern const Matrix *fixture_matrix(const Fixture *fixture, const char *prefix, const char *name);

#endif							/* UNIT_FIXTURE_H */
