/*
 * scaler.h
 *		Standardisation of features: learnt from columns, applied to rows, and undone.
 */
#ifndef GAE_SCALER_H
#define GAE_SCALER_H

#include "core/features/feature_column.h"

/*
 * A column j of X holds (x - center[j]) / scale[j], and 0 where scale[j] is 0 (a column
 * that is constant).  A column that is not standardised has center 0 and scale 1.  Both
 * are in double, so that numbers far from 0, such as a time in seconds, keep their
 * differences.
 */
typedef struct GaeScaler
{
	int64_t		columns;		/* of X */
	double	   *center;			/* columns */
	double	   *scale;			/* columns */
} GaeScaler;

/*
 * Learn means and standard deviations of those of the "count" feature columns that are to
 * be standardised.  Each column has "rows" rows, as read; row i is node rank[i] (NULL:
 * node i).  Only nodes with part[node] <= last_part count (all nodes when part is NULL).
 */
extern GaeStatus gae_scaler_learn(GaeEnv *env, const GaeFeatureColumn *columns, int count,
								  int64_t rows, const int32_t *rank,
								  const uint8_t *part, uint8_t last_part, GaeScaler *scaler);

/* The value of X for the value x of the given column of X. */
static inline GaeReal
gae_scaled(const GaeScaler *scaler, int64_t column, double x)
{
	if (scaler->scale[column] == 0)
		return 0;
	return (GaeReal) ((x - scaler->center[column]) / scaler->scale[column]);
}

/* One row: scaled (columns) = what X has for x (columns), and back. */
extern void gae_scaler_apply(const GaeScaler *scaler, const GaeReal *x, GaeReal *scaled);
extern void gae_scaler_revert(const GaeScaler *scaler, const GaeReal *scaled, GaeReal *x);

#endif							/* GAE_SCALER_H */
