/*
 * topk.h
 *		The best pairs of nodes, exactly: of those that can have links (see candidate.h).
 *
 * Order: higher score first; among equal scores the lower src, then the lower
 * dst.
 */
#ifndef GAE_TOPK_H
#define GAE_TOPK_H

#include "core/search/candidate.h"
#include "core/search/heap.h"

/* The k best pairs of the whole graph; each undirected pair once, src < dst. */
extern GaeStatus gae_predict_links(GaeEnv *env, const GaeModel *model,
								   const GaeTopkOptions *options, GaeLink **links, int64_t *count);

/* The k best partners of one node: links from it. */
extern GaeStatus gae_recommend(GaeEnv *env, const GaeModel *model, int32_t node,
							   const GaeTopkOptions *options, GaeLink **links, int64_t *count);

/*
 * The same for many nodes, at most "max_nodes" at a time: what does not depend on the
 * node is computed once.
 */
typedef struct GaeRecommender GaeRecommender;

extern GaeStatus gae_recommender_create(GaeEnv *env, const GaeModel *model,
										const GaeTopkOptions *options, int32_t max_nodes,
										GaeRecommender **recommender);

/*
 * For the nodes first … first + nodes - 1: links sorted by (src, order).  They
 * belong to the recommender, and are valid until it is asked again.
 */
extern GaeStatus gae_recommend_range(GaeEnv *env, GaeRecommender *recommender,
									 int32_t first, int32_t nodes,
									 const GaeLink **links, int64_t *count);

#endif							/* GAE_TOPK_H */
