/*
 * generate.h
 *		New graphs from the prior.
 */
#ifndef GAE_GENERATE_H
#define GAE_GENERATE_H

#include "core/model/model.h"

/*
 * A new graph: "nodes" latents from the prior, and each pair an edge with its
 * calibrated probability, the offset chosen so that the expected density is that
 * of the training graph.  Calls found() for every edge, in order; it returns false
 * to stop.
 */
typedef bool (*GaeEdgeFound) (void *context, int32_t src, int32_t dst, double probability);
extern GaeStatus gae_generate_graph(GaeEnv *env, const GaeModel *model, int32_t nodes, int64_t seed,
									GaeEdgeFound found, void *context);

/* Check the memory limit before "bytes" are allocated for a new graph.  Errors: GAE_TOO_LARGE. */
extern GaeStatus gae_new_graph_expect(GaeEnv *env, double bytes);

#endif							/* GAE_GENERATE_H */
