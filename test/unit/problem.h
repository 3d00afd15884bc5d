/*
 * problem.h
 *		Small trainings for tests: an input with the options to train it with, and
 *		a look at a single step's loss and gradient.
 */
#ifndef UNIT_PROBLEM_H
#define UNIT_PROBLEM_H

#include "support.h"
#include "core/train/train.h"
#include "core/train/train_graph.h"
#include "core/train/train_rows.h"

/* What to make; zeros are good defaults but for kind, nodes and latent_dim. */
typedef struct ProblemSpec
{
	GaeModelKind kind;
	int			hidden_layers;
	int32_t		hidden_dims[4];
	int32_t		latent_dim;
	int32_t		nodes;
	int64_t		edge_rows;		/* 0: four a node */
	GaeFeatureForm form;
	int64_t		columns;
	int64_t		indicators;		/* columns of X behind these */
	GaeChoice	node_weights;	/* beside features; GAE_CHOOSE: none, unless X is to be compared */
	bool		compare;		/* are features informative, so that node_weights may be chosen? */
	bool		directed;
	bool		weighted;
	double		dropout;
	double		kl_weight;
	double		latent_scale;	/* 0: none */
	double		edge_mask;
	double		negatives;		/* 0: choose */
	GaeReconstruction reconstruction;
	int32_t		batch_size;
	double		validation_fraction;
	double		test_fraction;
	int32_t		epochs;
	int32_t		patience;
	uint64_t	seed;
} ProblemSpec;

typedef struct Problem
{
	GaeConfig	config;
	GaeGraph	graph;
	GaeFeatures features;
	GaeTrainingInput input;
	GaePlan		plan;			/* made by problem_trainer */
} Problem;

extern void problem_make(GaeEnv *env, const ProblemSpec *spec, Problem *problem);

/* A trainer at its start, as gae_train makes it: of a graph, or of rows. */
extern GaeTrainer *problem_trainer(GaeEnv *env, Problem *problem);
extern GaeGraphTrainer *problem_graph_trainer(GaeEnv *env, Problem *problem);

/*
 * The loss of one epoch, always with the same random streams: its first step has
 * this number.  Leaves the last step's gradient in trainer->gradient, and the
 * parameters as they were.
 */
#define PROBLEM_LOSS_STEP 5
extern double problem_loss(GaeEnv *env, GaeTrainer *trainer);

/* Train, and write the model's bytes. */
extern void problem_train(GaeEnv *env, Problem *problem, GaeModel *model);
extern uint8_t *problem_bytes(GaeEnv *env, const GaeModel *model, int64_t *bytes);

#endif							/* UNIT_PROBLEM_H */
