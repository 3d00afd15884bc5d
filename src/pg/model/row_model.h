/*
 * row_model.h
 *		Single rows through a model of rows (ae, vae).
 */
#ifndef VGAE_ROW_MODEL_H
#define VGAE_ROW_MODEL_H

#include "pg/model/model_cache.h"

/*
 * code (latent_dim) = the mean that the encoder gives to a row of features in
 * the input's units; NaN is a missing one.  Errors: invalid_parameter_value for a row outside the
 * model's domain, numeric_value_out_of_range.
 */
extern void vgae_row_encode(const VgaeModel *model, const GaeReal *row, GaeReal *code);

/*
 * rows (count x features, in the input's units) = the decoder's answers to
 * latents (count x latent_dim).  Errors: numeric_value_out_of_range.
 */
extern void vgae_rows_decode(const VgaeModel *model, int64 count, const GaeReal *latents,
							 GaeReal *rows);

#endif							/* VGAE_ROW_MODEL_H */
