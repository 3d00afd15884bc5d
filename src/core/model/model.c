/*
 * model.c
 *		What a model computes from what is stored of it.
 */
#include "core/model/model.h"

GaeStatus
gae_model_make_factors(GaeEnv *env, GaeModel *model)
{
	const GaeLinkFactorsKind *kind = gae_architecture(model->config.kind)->links;

	if (kind == NULL)
		return GAE_OK;
	GAE_TRY(gae_link_factors_create(env, kind, &model->config, &model->params, model->nodes, false,
									&model->factors));
	return kind->forward(env, &model->factors, model->parameter, model->nodes, model->mu,
						 model->config.latent_dim);
}
