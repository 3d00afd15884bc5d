/*
 * infer.h
 *		What a trained model says about rows, graphs and latents.
 */
#ifndef GAE_INFER_H
#define GAE_INFER_H

#include "core/features/features.h"
#include "core/model/model.h"
#include "core/base/random.h"

/* z_i · z_j; in a directed model the source half of i with the target half of j. */
extern double gae_latent_score(const GaeModel *model, const GaeReal *source, const GaeReal *target);
extern double gae_link_score(const GaeModel *model, int32_t src, int32_t dst);

/* The same by the embeddings of the encoder before it was trained. */
extern double gae_untrained_score(const GaeModel *model, int32_t src, int32_t dst);

/* Have the embedding of a node, which a score will ask for soon, fetched into the cache. */
extern void gae_link_prefetch(const GaeModel *model, int32_t node);

/* σ(scale · score + offset) */
extern double gae_calibrated(const GaeCalibration *calibration, double score);

/*
 * The probability averaged over samples of both posteriors (vgae); for samples =
 * 0 that of the means.
 */
extern GaeStatus gae_link_probability(GaeEnv *env, const GaeModel *model, int32_t src, int32_t dst,
									  int32_t samples, int64_t seed, double *probability);

/*
 * Encode X, already scaled, with the given graph (NULL for rows): mu and, for
 * variational models, log_std (rows x latent_dim each; log_std may be NULL).
 */
extern GaeStatus gae_encode(GaeEnv *env, const GaeModel *model, const GaeGraph *graph,
							GaeFeatures *features, GaeReal *mu, GaeReal *log_std);

/* Decode rows of latents (count x latent_dim) to features in the input's units (ae, vae). */
extern GaeStatus gae_decode(GaeEnv *env, const GaeModel *model, int64_t count,
							const GaeReal *latent, GaeReal *features);

/*
 * The same for one row (ae, vae), cheap enough to be called for each row of a query:
 * mu, and the features of a latent.  "work" has room for gae_row_work() values.
 * Sums may differ from those of many rows in their last digits.
 */
extern int64_t gae_row_work(const GaeModel *model);
extern void gae_encode_row(const GaeModel *model, const GaeReal *x, GaeReal *work, GaeReal *mu);
extern void gae_decode_row(const GaeModel *model, const GaeReal *latent, GaeReal *work,
						   GaeReal *features);

/* One sample of node i's posterior; sample counts from 0. */
extern void gae_sample_posterior(const GaeModel *model, int32_t node, int32_t sample, int64_t seed,
								 GaeRandomUse use, GaeReal *latent);

/* One sample of the prior N(0, I). */
extern void gae_sample_prior(const GaeModel *model, int32_t sample, int64_t seed, GaeReal *latent);

/*
 * A new graph: "nodes" latents from the prior, and each pair an edge with its
 * calibrated probability, the offset chosen so that the expected density is that
 * of the training graph.  Calls found() for every edge, in order; it returns false
 * to stop.
 */
typedef bool (*GaeEdgeFound) (void *context, int32_t src, int32_t dst, double probability);
extern GaeStatus gae_generate_graph(GaeEnv *env, const GaeModel *model, int32_t nodes, int64_t seed,
									GaeEdgeFound found, void *context);

/* To be called before so many bytes are taken for it: gae_memory_expect(). */
extern GaeStatus gae_new_graph_expect(GaeEnv *env, double bytes);

#endif							/* GAE_INFER_H */
