/*
 * candidate.c
 *		The exact score of a pair, and whether the pair is wanted.
 */
#include "core/search/candidate.h"

#include <math.h>

#include "core/infer/score.h"

bool
gae_can_have_links(const GaeModel *model, int32_t node)
{
	return model->features_used || model->known.offset[node] < model->known.offset[node + 1];
}

int32_t
gae_nodes_without_links(const GaeModel *model)
{
	return model->features_used ? 0 : model->isolated_nodes;
}

GaeVerdict
gae_candidate_offer(const GaeModel *model, const GaeTopkOptions *options, int32_t src, int32_t dst,
					GaeHeap *heap)
{
	GaeLink		link = {src, dst, gae_link_score(model, src, dst)};

	if (!gae_heap_takes(heap, &link))
		return GAE_TOO_FAR_BACK;
	if (!options->include_known && gae_adjacency_has(&model->known, src, dst))
		return GAE_LEFT_OUT;
	if (options->min_probability > 0 &&
		gae_calibrated(&model->calibration, link.score) < options->min_probability)
		return GAE_LEFT_OUT;
	gae_heap_offer(heap, link);
	return GAE_TAKEN;
}

/*
 * The score whose calibrated probability is min_probability, less what rounding may
 * take from it.  Near 1, where the sigmoid is flat, one bit of the probability is a
 * large step of the logit.
 */
double
gae_least_score(const GaeModel *model, const GaeTopkOptions *options)
{
	const GaeCalibration *calibration = &model->calibration;
	const double slack = 8 * DBL_EPSILON;
	double		p = options->min_probability;
	double		logit;

	if (p <= 0)
		return -INFINITY;
	logit = log(p * (1 - slack) / (1 - p + slack));
	logit -= 1e-9 * (1 + fabs(logit) + fabs(calibration->offset));
	return (logit - calibration->offset) / calibration->scale;
}
