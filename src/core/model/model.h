/*
 * model.h
 *		A trained model in memory; format.h has it as bytes.
 */
#ifndef GAE_MODEL_H
#define GAE_MODEL_H

#include "core/features/scaler.h"
#include "core/graph/adjacency.h"
#include "core/model/calibrate.h"
#include "core/nn/architecture.h"

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
	int			format_version;	/* of the bytes that it was read from; 0: it was trained here */
	char		library_version[16];
	GaeConfig	config;
	int32_t		nodes;			/* nodes of the graph, or rows */
	GaeColumns	columns;		/* that the encoder reads */

	/* The graph that was trained on; zero for rows. */
	bool		weighted;
	int64_t		edges;
	int32_t		isolated_nodes;
	int64_t		duplicate_edges;
	int64_t		self_loops;
	int64_t		zero_weight_edges;
	GaeAdjacency known;			/* all edges, without "edge" */

	/* How training went; NaN where a value does not exist. */
	int64_t		validation_items;	/* edges or rows held out; -1: format 1 did not tell */
	int64_t		test_items;
	bool		features_used;	/* or did they tell nothing of the edges? */
	bool		held_out_unseen;	/* had no training that this one goes on from seen them? */
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
	GaeScaler	scaler;			/* of the columns that are features */
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

/*
 * For what goes on from a former model's weights: map (allocated, for all columns of "columns")
 * = the column that each was in the former model, or -1.  Column j of X was x_map[j] (NULL:
 * j), node i was the former model's node node_map[i], or is new (-1; NULL: all are).
 */
extern GaeStatus gae_model_column_map(GaeEnv *env, const GaeModel *former, GaeColumns columns,
									  const int32_t *x_map, const int32_t *node_map, int32_t **map);

#endif							/* GAE_MODEL_H */
