/*
 * use_model.h
 *		Everything that can be asked of a model, asked.
 */
#ifndef UNIT_USE_MODEL_H
#define UNIT_USE_MODEL_H

#include "core/infer/encode.h"
#include "core/infer/generate.h"
#include "core/infer/sample.h"
#include "core/infer/score.h"
#include "core/plot/plot.h"
#include "support.h"
#include "core/search/anomalies.h"
#include "core/search/topk.h"

/*
 * Call every function on the model that its kind allows; returns the first
 * failure.  The results may be nonsense, as the model may be.  New graphs are
 * generated if asked for: that takes some milliseconds.
 */
extern GaeStatus use_model(GaeEnv *env, const GaeModel *model, bool generate);

/*
 * Read bytes that may be anything, from memory of just their size.  Either they are
 * refused as a model (false), or they are what writing would have written, and the
 * model can be used.
 */
extern bool use_bytes(const uint8_t *buffer, int64_t bytes, bool generate);

#endif							/* UNIT_USE_MODEL_H */
