/*
 * row_norm.h
 *		Rows brought to one length: t = s · h / |h| (VGNAE, arXiv:2108.08046, equations 5-6).
 */
#ifndef GAE_ROW_NORM_H
#define GAE_ROW_NORM_H

#include "core/base/env.h"

/* Of each row the first "columns" columns are normalised; the others stay as they are. */
typedef struct GaeRowNorm
{
	double		scale;			/* s: the length that rows get; NaN: they are left alone */
	int64_t		columns;

	/* What forward leaves for backward. */
	GaeReal    *norm;			/* rows: |h|, */
	GaeReal    *direction;		/* rows x columns: and h / |h| */
} GaeRowNorm;

/* For at most "rows" rows at a time; without a scale it takes no memory. */
extern GaeStatus gae_row_norm_create(GaeEnv *env, double scale, int64_t columns, int64_t rows,
									 GaeRowNorm *norm);
extern double gae_row_norm_bytes(double scale, int64_t columns, double rows);
extern void gae_row_norm_free(GaeEnv *env, GaeRowNorm *norm);

/* Normalise h (rows x width) in place. */
extern GaeStatus gae_row_norm_forward(GaeEnv *env, const GaeRowNorm *norm, int64_t rows,
									  int64_t width, GaeReal *h);

/* Turn the gradient of t (rows x width) into that of h, in place. */
extern GaeStatus gae_row_norm_backward(GaeEnv *env, const GaeRowNorm *norm, int64_t rows,
									   int64_t width, GaeReal *d);

/* One row of "columns" values, on this thread and without leaving anything for backward. */
extern void gae_row_norm_one(double scale, int64_t columns, GaeReal *h);

#endif							/* GAE_ROW_NORM_H */
