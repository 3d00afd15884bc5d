/*
 * trainer.h
 *		What the trainings of graphs and of rows have in common: parameters, an encoder, a
 *		latent, a decoder and an optimizer, and one step with them.
 */
#ifndef GAE_TRAINER_H
#define GAE_TRAINER_H

#include "core/nn/adam.h"
#include "core/nn/decoder.h"
#include "core/train/plan.h"

/* A training.  Each kind's own structure begins with this. */
typedef struct GaeTrainer GaeTrainer;

/* Where training on a graph and on rows differ. */
typedef struct GaeTrainerKind
{
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

struct GaeTrainer
{
	const GaeTrainerKind *kind;
	const GaePlan *plan;
	const GaeLatent *latent;
	GaeFeatures features;		/* the plan's, ready for products with Xᵀ */
	GaeReal    *parameter;
	GaeReal    *gradient;
	GaeAdam		adam;
	uint32_t	step;			/* names the random streams of a step */
	GaeProgress progress;

	GaeEncoder *encoder;
	GaeDecoder *decoder;
	int64_t		step_rows;		/* the most rows of a step */
	GaeReal    *e;				/* step_rows x heads · d: the encoder's output */
	bool		encoded;		/* e is that of the next step's input and the present weights */
	GaeReal    *z;				/* step_rows x d */
	GaeReal    *d_e;
	GaeReal    *d_z;
};

/* Begin: make the parameters, with their first values. */
extern GaeStatus gae_trainer_begin(GaeEnv *env, const GaePlan *plan, const GaeTrainerKind *kind,
								   GaeTrainer *trainer);

/*
 * Allocate the workspace of steps of at most "rows" rows, except the decoder's.  encoded:
 * features of the form that steps encode.
 */
extern GaeStatus gae_trainer_workspace(GaeEnv *env, GaeTrainer *trainer, int64_t rows,
									   const GaeFeatures *encoded);

/* Bytes that these take, without features that are dropped out. */
extern double gae_trainer_weights_bytes(const GaeConfig *config, const GaeParams *params);
extern double gae_trainer_workspace_bytes(const GaePlan *plan, double rows);

/* Tell the environment how far the training is, and that a phase begins. */
extern void gae_trainer_report(GaeEnv *env, const GaeTrainer *trainer);
extern void gae_trainer_phase(GaeEnv *env, GaeTrainer *trainer, GaePhase phase);

/*
 * One step of gradient descent: forward, backward, Adam.  target and masked are the decoder's;
 * kl_scale is what the divergence, summed over rows and dimensions, is multiplied by.  Sets
 * loss, reconstruction and kl of *row.
 */
extern GaeStatus gae_trainer_step(GaeEnv *env, GaeTrainer *trainer, const GaeEncoderInput *input,
								  const GaeReal *target, const bool *masked, double kl_scale,
								  GaeHistoryRow *row);

/* trainer->e of an input by these parameters, without dropout. */
extern GaeStatus gae_trainer_encode(GaeEnv *env, GaeTrainer *trainer, const GaeReal *parameter,
									const GaeEncoderInput *input);

/* Room in the model for what its latent stores of each node or row. */
extern GaeStatus gae_trainer_allocate_codes(GaeEnv *env, const GaeTrainer *trainer, GaeModel *model);
extern double gae_trainer_codes_bytes(const GaePlan *plan);

#endif							/* GAE_TRAINER_H */
