/*
 * trainer.h
 *		What the training loop works with; between train.c, train_graph.c,
 *		train_scores.c and train_rows.c only.
 */
#ifndef GAE_TRAINER_H
#define GAE_TRAINER_H

#include "core/nn/decoder_links.h"
#include "core/nn/decoder_rows.h"
#include "core/nn/latent.h"
#include "core/nn/adam.h"
#include "core/graph/non_edges.h"
#include "core/graph/split.h"
#include "core/nn/layers.h"
#include "core/train/train.h"

typedef struct GaeTrainer GaeTrainer;

/* Where training on a graph and on rows differ. */
typedef struct GaeTrainerKind
{
	/* Hold out data; make the encoder, the decoder and their workspace. */
	GaeStatus	(*prepare) (GaeEnv *env, GaeTrainer *trainer);

	/* One epoch, with one step or several; sets loss, reconstruction and kl. */
	GaeStatus	(*epoch) (GaeEnv *env, GaeTrainer *trainer, uint32_t epoch, GaeHistoryRow *row);

	/*
	 * Score the held-out data by the present weights: sets the validation
	 * columns, and *score, of which more is better.
	 */
	GaeStatus	(*validate) (GaeEnv *env, GaeTrainer *trainer, GaeHistoryRow *row, double *score);

	/* The embeddings, test metrics and calibration of the trained model. */
	GaeStatus	(*finish) (GaeEnv *env, GaeTrainer *trainer, GaeModel *model);
} GaeTrainerKind;

extern const GaeTrainerKind gae_train_graph;
extern const GaeTrainerKind gae_train_rows;

/* Held-out pairs: edges, and as many non-edges. */
typedef struct GaeHeldOut
{
	GaePairs	edges;
	GaePairs	non_edges;
} GaeHeldOut;

struct GaeTrainer
{
	const GaeConfig *config;
	GaeTrainingInput *input;
	const GaeTrainerKind *kind;
	const GaeLatent *latent;
	GaeFeatures features;		/* of the input, or the identity */
	GaeParams	params;
	GaeReal    *parameter;
	GaeReal    *gradient;
	GaeAdam		adam;
	uint32_t	step;			/* names the random streams of a step */
	GaeProgress progress;

	GaeLayers	encoder;
	GaeDecoder *decoder;
	int64_t		step_rows;		/* the most rows of a step */
	GaeReal    *e;				/* step_rows x heads · d: the encoder's output */
	bool		encoded;		/* graphs: e is that of the present weights and Â */
	GaeReal    *z;				/* step_rows x d */
	GaeReal    *d_e;
	GaeReal    *d_z;

	uint8_t    *part;			/* of each edge or row */
	int64_t		validation;		/* how many are held out for what */
	int64_t		test;

	/* Graphs. */
	double		negatives;		/* as used; infinity: all pairs */
	GaeAdjacency training_edges;
	GaeAdjacency known;			/* all edges */
	GaePropagation propagation;
	GaeFeatures x;				/* what steps encode: the features, or Â times them */
	GaeLinkDecoder pair_decoder;
	GaeHeldOut	validation_pairs;
	GaeHeldOut	test_pairs;
	bool	   *masked;			/* the edges that an epoch hides, or NULL */

	/* Rows. */
	GaeRowDecoder row_decoder;
	int32_t    *training_rows;
	int32_t    *batch_row;
	GaeFeatures batch;
};

/* Rows of a step, of a training on rows. */
extern int64_t gae_batch_rows(const GaeConfig *config, int64_t rows);

/* Non-edges that a training on a graph draws for each edge; infinity: all pairs. */
extern double gae_negatives_used(const GaeConfig *config, int32_t nodes);

/* Tell the environment that this phase begins. */
extern void gae_trainer_phase(GaeEnv *env, GaeTrainer *trainer, GaePhase phase);

/* Is what steps encode Â · X, computed before the first? */
extern bool gae_input_propagated(const GaeConfig *config, const GaeFeatures *features);

/* The workspace of steps of at most "rows" rows. */
extern GaeStatus gae_trainer_workspace(GaeEnv *env, GaeTrainer *trainer, int64_t rows,
									   const GaePropagation *propagation, const GaeFeatures *form);

/*
 * One step of gradient descent on x: forward, backward, Adam.  target and masked
 * are the decoder's; kl_scale is what the divergence, summed over rows and
 * dimensions, is multiplied by.  Sets loss, reconstruction and kl of *row.
 */
extern GaeStatus gae_trainer_step(GaeEnv *env, GaeTrainer *trainer, const GaeFeatures *x,
								  const GaeReal *target, const bool *masked, double kl_scale,
								  GaeHistoryRow *row);

/* trainer->e of x by the present weights, without dropout. */
extern GaeStatus gae_trainer_encode(GaeEnv *env, GaeTrainer *trainer, const GaeFeatures *x);

/* Edges, and non-edges, that calibration looks at. */
#define GAE_CALIBRATION_PAIRS 100000

/* The most edges, of so many, that calibration takes. */
extern int64_t gae_calibration_edges(int64_t edges);

/* AUC, average precision and mean cross-entropy of held-out pairs, by trainer->e. */
extern GaeStatus gae_score_held_out(GaeEnv *env, const GaeTrainer *trainer,
									const GaeHeldOut *held_out, double *auc,
									double *average_precision, double *loss);

/*
 * Fit the calibration's scale to edges that were held out of Â (or, if there are
 * none, to the edges trained on), by the embeddings that do not know them.
 */
extern GaeStatus gae_calibrate_scale(GaeEnv *env, GaeTrainer *trainer, const GaePairs *non_edges,
									 GaeCalibration *calibration);

/*
 * Shift the offset so that by the final embeddings (in trainer->e) the
 * probabilities of all pairs add up to the number of edges; of large graphs, those
 * of a sample stand for all.
 */
extern GaeStatus gae_calibrate_offset(GaeEnv *env, GaeTrainer *trainer, const GaePairs *non_edges,
									  GaeCalibration *calibration);

#endif							/* GAE_TRAINER_H */
