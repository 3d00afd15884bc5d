/*
 * result.h
 *		Rows and arrays that functions return: the only place that forms tuples.
 */
#ifndef VGAE_RESULT_H
#define VGAE_RESULT_H

#include "fmgr.h"

#include "core/base/env.h"

typedef struct VgaeResult VgaeResult;

/* Start a set-returning function's result (materialised). */
extern VgaeResult *vgae_result_begin(FunctionCallInfo fcinfo);

/* Memory for the values of one row: vgae_result_put() empties it. */
extern MemoryContext vgae_result_memory(const VgaeResult *result);
extern void vgae_result_put(VgaeResult *result, const Datum *values, const bool *nulls);

/* A real[] of count values. */
extern Datum vgae_real_array(const GaeReal *values, int64 count);

/* A real[] of count > 0 values, which the caller writes to *values: once, or anew for each row. */
extern Datum vgae_real_array_of(int64 count, GaeReal **values);

/* float8, or NULL for a NaN. */
extern Datum vgae_float_or_null(double value, bool *isnull);

#endif							/* VGAE_RESULT_H */
