/*
 * architecture.h
 *		The square of models: which encoder, latent and decoder each is made of.
 *
 *					point latent		Gaussian latent
 *		rows		ae					vae
 *		graph		gae					vgae
 *
 * A model is a line of the table in architecture.c, and its kind is the line's number:
 * GaeModelKind names those that code has to name.  Code elsewhere asks what a model can do, not
 * which one it is.
 */
#ifndef GAE_ARCHITECTURE_H
#define GAE_ARCHITECTURE_H

#include "core/nn/encoder.h"
#include "core/nn/latent.h"
#include "core/nn/link_factors.h"

typedef struct GaeArchitecture
{
	const char *name;			/* what vgae_train's argument "model" calls it */
	const GaeEncoderKind *encoder;
	const GaeLatent *latent;
	const GaeLinkFactorsKind *links;	/* how links are decoded; NULL: rows are rebuilt */
} GaeArchitecture;

extern const GaeArchitecture *gae_architecture(GaeModelKind kind);

extern bool gae_model_kind_from_name(const char *name, GaeModelKind *kind);
extern const char *gae_model_kind_name(GaeModelKind kind);

/* Kinds are numbered from 0: this one is the last. */
extern GaeModelKind gae_model_kind_last(void);

/*
 * What a kind of model can do: tell of links; encode and rebuild rows; sample its latents;
 * store a log_std beside each mu.
 */
extern bool gae_has_links(GaeModelKind kind);
extern bool gae_has_rows(GaeModelKind kind);
extern bool gae_has_posterior(GaeModelKind kind);
extern bool gae_has_log_std(GaeModelKind kind);

/*
 * For hints: the names of the models that can do this, and that as well unless it is NULL, as
 * in "gae" or "vgae".  Returns the buffer.
 */
#define GAE_MODEL_NAMES_BYTES 256
extern const char *gae_model_names(bool (*able) (GaeModelKind kind),
								   bool (*also) (GaeModelKind kind),
								   char buffer[GAE_MODEL_NAMES_BYTES]);

/*
 * Lay out the parameters of a model that reads these columns.  Errors: GAE_TOO_LARGE when they
 * could not be stored.
 */
extern GaeStatus gae_architecture_layout(GaeEnv *env, const GaeConfig *config, GaeColumns columns,
										 GaeParams *params);

#endif							/* GAE_ARCHITECTURE_H */
