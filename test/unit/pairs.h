/*
 * pairs.h
 *		Models with random latents, and the best links by a list of all pairs.
 */
#ifndef UNIT_PAIRS_H
#define UNIT_PAIRS_H

#include "core/search/topk.h"
#include "support.h"

/*
 * A model of a random graph with random latents, three edges for each node; with "ties" many
 * latents are equal, and with them many scores.  It has features, so that isolated nodes
 * have links like the others.
 */
extern void pairs_make_model(GaeEnv *env, uint64_t seed, int32_t nodes, int32_t d, bool directed,
							 bool ties, GaeModel *model);

/* The same without features, of a graph of "rows" random edges, not all of them different. */
extern void pairs_make_sparse_model(GaeEnv *env, uint64_t seed, int32_t nodes, int64_t rows,
									int32_t d, bool directed, GaeModel *model);

/* All links that the options allow, best first; of one source unless it is -1. */
extern GaeLink *pairs_all_links(GaeEnv *env, const GaeModel *model, const GaeTopkOptions *options,
								int32_t source, int64_t *count);

extern void pairs_assert_same(const GaeLink *links, int64_t count, const GaeLink *expected,
							  int64_t expected_count, const char *what);

/* The three functions of topk.h give what the list of all pairs gives. */
extern void pairs_check_topk(GaeEnv *env, const GaeModel *model, const GaeTopkOptions *options);

/* Set the memory limit to "links" links beside what is held. */
extern void pairs_set_limit(GaeEnv *env, int64_t links);

#endif							/* UNIT_PAIRS_H */
