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

GaeStatus
gae_model_column_map(GaeEnv *env, const GaeModel *former, GaeColumns columns,
					 const int32_t *x_map, const int32_t *node_map, int32_t **map)
{
	int64_t		of_x = columns.features + columns.indicators;
	int64_t		former_x = former->columns.features + former->columns.indicators;
	bool		know = node_map != NULL && former->columns.nodes > 0;

	GAE_ALLOC(env, *map, of_x + columns.nodes);
	for (int64_t j = 0; j < of_x; j++)
	{
		if (j % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(env));
		(*map)[j] = x_map != NULL ? x_map[j] : (int32_t) j;
	}
	for (int64_t i = 0; i < columns.nodes; i++)
	{
		if (i % GAE_POLL_ITEMS == 0)
			GAE_TRY(gae_poll(env));
		(*map)[of_x + i] = know && node_map[i] >= 0 ? (int32_t) (former_x + node_map[i]) : -1;
	}
	return GAE_OK;
}
