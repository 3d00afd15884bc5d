/*
 * sections.h
 *		The contents of a model's sections.
 *
 * Each function measures, writes or reads one section, as the codec's mode says.
 * Reading checks all that it reads, and relies on the sections before: format.c has
 * their order.  The codec's end is that of the section.
 */
#ifndef GAE_SECTIONS_H
#define GAE_SECTIONS_H

#include "core/model/codec.h"
#include "core/model/model.h"

/* The version of the library that trained it, and the arguments of the training. */
extern void gae_code_config(GaeCodec *codec, GaeModel *model);

/* The numbers of nodes and features, how training went, and the calibration. */
extern void gae_code_results(GaeCodec *codec, GaeModel *model);

/* A row for each epoch that was run. */
extern void gae_code_history(GaeCodec *codec, GaeModel *model);

/* mu and, of a variational model, log_std. */
extern void gae_code_latents(GaeCodec *codec, GaeModel *model);

/* The weights of all layers; reading makes their layout from the arguments. */
extern void gae_code_parameters(GaeCodec *codec, GaeModel *model);

/* The embeddings before training; empty for rows. */
extern void gae_code_untrained(GaeCodec *codec, GaeModel *model);

/* The mean, the deviation and the scaling of each feature. */
extern void gae_code_scaler(GaeCodec *codec, GaeModel *model);

/* Counts of what the input held, and the edges; of rows the counts alone. */
extern void gae_code_graph(GaeCodec *codec, GaeModel *model);

/* The caller's blobs. */
extern void gae_code_keys(GaeCodec *codec, GaeModel *model);
extern void gae_code_schema(GaeCodec *codec, GaeModel *model);

#endif							/* GAE_SECTIONS_H */
