/*
 * model.h
 *		A trained model: in memory, and as bytes.
 *
 * The bytes are little-endian and versioned: a header with a checksum, then
 * sections (see model.c).  Reading checks every length, index and value
 * before anything is computed from them.
 */
#ifndef GAE_MODEL_H
#define GAE_MODEL_H

#include "core/features/scaler.h"
#include "core/graph/adjacency.h"
#include "core/model/calibrate.h"
#include "core/nn/architecture.h"

#define GAE_FORMAT_VERSION 1

/*
 * Every model begins with so many bytes that tell its format, its length and a
 * checksum of the rest.
 */
#define GAE_MODEL_HEADER_BYTES 24

/* pg_dump writes a bytea as text, which must stay below 1 GB. */
#define GAE_MODEL_MAX_BYTES (INT64_C(512) * 1024 * 1024)

/* Bytes that the core keeps without knowing what they mean. */
typedef struct GaeBlob
{
	const uint8_t *data;
	int64_t		length;
} GaeBlob;

/* One epoch of training; NaN where a value does not exist. */
typedef struct GaeHistoryRow
{
	double		loss;
	double		reconstruction;
	double		kl;
	double		validation_auc;
	double		validation_ap;
	double		validation_loss;
} GaeHistoryRow;

typedef struct GaeModel
{
	char		library_version[16];
	GaeConfig	config;
	int32_t		nodes;			/* nodes of the graph, or rows */
	int64_t		features;		/* columns of X; 0: featureless */

	/* The graph that was trained on; zero for rows. */
	bool		weighted;
	int64_t		edges;
	int32_t		isolated_nodes;
	int64_t		duplicate_edges;
	int64_t		self_loops;
	int64_t		zero_weight_edges;
	GaeAdjacency known;			/* all edges, without "edge" */

	/* How training went; NaN where a value does not exist. */
	double		negatives_used; /* infinity: all pairs; NaN: rows */
	int32_t		epochs_run;
	int32_t		best_epoch;		/* the epoch whose weights are kept */
	double		loss;			/* these three: of that epoch */
	double		reconstruction;
	double		kl;
	double		validation_auc;
	double		validation_ap;
	double		validation_loss;
	double		test_auc;
	double		test_ap;
	double		test_loss;
	GaeHistoryRow *history;		/* epochs_run rows */
	GaeCalibration calibration;

	GaeParams	params;
	GaeReal    *parameter;		/* params.count values */
	GaeScaler	scaler;			/* "features" columns */
	GaeReal    *mu;				/* nodes x latent_dim: the embeddings */
	GaeReal    *log_std;		/* likewise; NULL unless its latent stores it */

	/* Made of these, by gae_model_make_factors, for models that have links. */
	GaeLinkFactors factors;

	/*
	 * What the encoder made of the same graph before it was trained, as bfloat16
	 * (see bfloat.h): to compare with.  NULL for rows.
	 */
	uint16_t   *untrained;

	GaeBlob		keys;			/* the caller's: what the nodes are called */
	GaeBlob		schema;			/* the caller's: what the features are called */
} GaeModel;

/* Make what is not stored but computed from what is: see GaeModel.factors. */
extern GaeStatus gae_model_make_factors(GaeEnv *env, GaeModel *model);

/* How many bytes the model takes; GAE_TOO_LARGE if too many to be stored. */
extern GaeStatus gae_model_size(GaeEnv *env, const GaeModel *model, int64_t *bytes);

/* The error for a model of more than GAE_MODEL_MAX_BYTES. */
extern GaeStatus gae_model_too_large(GaeEnv *env, int64_t bytes);

/* Write it into a buffer of that size. */
extern GaeStatus gae_model_write(GaeEnv *env, const GaeModel *model, uint8_t *buffer, int64_t bytes);

/*
 * Read what a model tells of itself first, config to calibration, from its first
 * bytes: so many of them hold it.  No checksum is looked at, so it may be wrong.
 */
#define GAE_MODEL_GLANCE_BYTES 2048
extern GaeStatus gae_model_glance(GaeEnv *env, const uint8_t *buffer, int64_t bytes, GaeModel *model);

/*
 * Read a model.  The blobs point into the buffer; all else is copied.
 * Errors: GAE_INVALID_MODEL for anything that gae_model_write has not written.
 */
extern GaeStatus gae_model_read(GaeEnv *env, const uint8_t *buffer, int64_t bytes, GaeModel *model);

#endif							/* GAE_MODEL_H */
