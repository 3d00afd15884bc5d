/*
 * scaler_learn.h
 *		Means, deviations and the scaling of features, learnt from columns.
 */
#ifndef GAE_SCALER_LEARN_H
#define GAE_SCALER_LEARN_H

#include "core/features/scaler.h"

/*
 * The rows to learn from.  There are "rows" of them, as read; row i is node rank[i] (NULL:
 * node i).  Only nodes with part[node] <= last_part count (all nodes when part is NULL).
 */
typedef struct GaeLearningRows
{
	int64_t		rows;
	const int32_t *rank;
	const uint8_t *part;
	uint8_t		last_part;
} GaeLearningRows;

/*
 * Learn the mean and the deviation of each feature of the "count" columns, from the values
 * that are not missing, and how it is brought to scale.  Of sparse features the values are
 * those other than 0; where none is among the rows to learn from, those of all rows count.
 * A feature is constant if all its values are equal; a sparse one if, in addition, every row
 * to learn from gives it.  A column gets an indicator if some of the rows to learn from miss
 * its value and others do not; one that it has already stays.
 */
extern GaeStatus gae_scaler_learn(GaeEnv *env, GaeFeatureColumn *columns, int count,
								  const GaeLearningRows *from, GaeScaler *scaler);

#endif							/* GAE_SCALER_LEARN_H */
