/*
 * anomalies.h
 *		The known edges that the model finds least likely.
 */
#ifndef GAE_ANOMALIES_H
#define GAE_ANOMALIES_H

#include "core/model/model.h"
#include "core/search/heap.h"

/* The k known edges with the lowest scores, lowest first. */
extern GaeStatus gae_anomalies(GaeEnv *env, const GaeModel *model, int64_t k,
							   GaeLink **links, int64_t *count);

#endif							/* GAE_ANOMALIES_H */
