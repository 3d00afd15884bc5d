/*
 * split.h
 *		Which edges or rows are held out: for validation, while a model is trained, and for
 *		the test of the trained model.
 *
 * An edge or row is held out, or not, by the hash of its keys and the seed alone.  So its part
 * stays the same while others come and go, and a model that goes on from a former one with the
 * same seed and fractions holds out what that one held out.
 */
#ifndef GAE_SPLIT_H
#define GAE_SPLIT_H

#include "core/graph/graph.h"

/* Parts, in an order in which part <= GAE_PART_VALIDATION is everything but the test part. */
#define GAE_PART_TRAINING 0
#define GAE_PART_VALIDATION 1
#define GAE_PART_TEST 2
#define GAE_PARTS 3

typedef struct GaeSplit
{
	double		validation_fraction;
	double		test_fraction;
	int64_t		seed;
} GaeSplit;

/*
 * part[i] = the part of each row, one of GAE_PART_…, where hash[i] is that of the row's key, and
 * count[p] = how many are of part p.  The test part does not depend on validation_fraction.
 * Where no row would remain for training, none is held out.
 */
extern GaeStatus gae_split_rows(GaeEnv *env, const GaeSplit *split, int64_t rows,
								const uint64_t *hash, uint8_t **part, int64_t count[GAE_PARTS]);

/*
 * The same of each edge of a graph, where hash[i] is that of node i's key.  An edge and its
 * reverse are of the same part.
 */
extern GaeStatus gae_split_edges(GaeEnv *env, const GaeSplit *split, const GaeGraph *graph,
								 const uint64_t *hash, uint8_t **part, int64_t count[GAE_PARTS]);

/*
 * The parts as models of format 1 drew them: floor(count · fraction) of "count" edges, chosen
 * by their places in the graph.
 */
extern GaeStatus gae_split_of_format_1(GaeEnv *env, const GaeSplit *split, int64_t count,
									   uint8_t **part);

/* Bytes of "part". */
extern double gae_split_bytes(double count);

#endif							/* GAE_SPLIT_H */
