/*
 * config.h
 *		What a training is asked to do.
 */
#ifndef GAE_CONFIG_H
#define GAE_CONFIG_H

#include "core/base/env.h"

/* Upper bounds that keep sizes far from overflow. */
#define GAE_MAX_LAYERS 256
#define GAE_MAX_DIM 65536
#define GAE_MAX_EPOCHS 10000000

/* What a model is made of: see architecture.h, which has a line for each. */
typedef enum GaeModelKind
{
	GAE_MODEL_AE,
	GAE_MODEL_VAE,
	GAE_MODEL_GAE,
	GAE_MODEL_VGAE
} GaeModelKind;

typedef enum GaeReconstruction
{
	GAE_RECONSTRUCTION_MSE,
	GAE_RECONSTRUCTION_BCE
} GaeReconstruction;

extern bool gae_reconstruction_from_name(const char *name, GaeReconstruction *reconstruction);
extern const char *gae_reconstruction_name(GaeReconstruction reconstruction);

/* An argument that is true, false or NULL. */
typedef enum GaeChoice
{
	GAE_CHOOSE,
	GAE_NO,
	GAE_YES
} GaeChoice;

/* The arguments of vgae_train, as given.  NaN and 0 stand for NULL where noted. */
typedef struct GaeConfig
{
	GaeModelKind kind;
	int			hidden_layers;
	int32_t		hidden_dims[GAE_MAX_LAYERS];
	int32_t		latent_dim;
	int32_t		epochs;
	double		learning_rate;
	double		dropout;
	double		weight_decay;
	double		kl_weight;
	double		latent_scale;	/* NaN: not normalised */
	double		edge_mask;
	bool		directed;
	double		negatives;		/* NaN: choose; infinity: all pairs */
	GaeReconstruction reconstruction;
	int32_t		batch_size;		/* 0: choose */
	double		validation_fraction;
	double		test_fraction;
	int32_t		patience;		/* 0: do not stop early */
	GaeChoice	node_weights;	/* own weights for each node beside features? */
	bool		warm_start;		/* a model was given to go on from */
	int64_t		seed;
} GaeConfig;

/* The defaults of vgae_train. */
extern void gae_config_default(GaeConfig *config);

#endif							/* GAE_CONFIG_H */
