/*
 * encode.h
 *		Codes that a trained model gives to rows and graphs, and rows decoded from codes.
 */
#ifndef GAE_ENCODE_H
#define GAE_ENCODE_H

#include "core/model/model.h"

/*
 * Encode X, already scaled, with the given graph (NULL for rows): mu and, for
 * models that have it, log_std (rows x latent_dim each; log_std may be NULL).  A node of the
 * graph is the model's node node_map[i], with that one's own weights if it has any, or is new
 * (-1; NULL: all are).
 */
extern GaeStatus gae_encode(GaeEnv *env, const GaeModel *model, const GaeGraph *graph,
							const GaeFeatures *features, const int32_t *node_map,
							GaeReal *mu, GaeReal *log_std);

/* Decode rows of latents (count x latent_dim) to features in the input's units. */
extern GaeStatus gae_decode(GaeEnv *env, const GaeModel *model, int64_t count,
							const GaeReal *latent, GaeReal *features);

/*
 * The same for one row, cheap enough to be called for each row of a query: mu, and the
 * features of a latent.  "work" has room for gae_row_work() values.
 * Sums may differ from those of many rows in their last digits.
 */
extern int64_t gae_row_work(const GaeModel *model);
extern void gae_encode_row(const GaeModel *model, const GaeReal *x, GaeReal *work, GaeReal *mu);
extern void gae_decode_row(const GaeModel *model, const GaeReal *latent, GaeReal *work,
						   GaeReal *features);

#endif							/* GAE_ENCODE_H */
