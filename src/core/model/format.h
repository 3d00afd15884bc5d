/*
 * format.h
 *		A trained model as bytes.
 *
 * The bytes are little-endian and versioned: a header with a checksum, then sections
 * (see format.c and sections.h).  Reading checks every length, index and value before
 * anything is computed from them.
 */
#ifndef GAE_FORMAT_H
#define GAE_FORMAT_H

#include "core/model/model.h"

#define GAE_FORMAT_VERSION 2

/* The header's length; it holds the format's version, the model's length and a checksum. */
#define GAE_MODEL_HEADER_BYTES 24

/* pg_dump writes a bytea as text, which must stay below 1 GB. */
#define GAE_MODEL_MAX_BYTES (INT64_C(512) * 1024 * 1024)

/* The length of the model as bytes; GAE_TOO_LARGE if that is above GAE_MODEL_MAX_BYTES. */
extern GaeStatus gae_model_size(GaeEnv *env, const GaeModel *model, int64_t *bytes);

/* The error for a model of more than GAE_MODEL_MAX_BYTES. */
extern GaeStatus gae_model_too_large(GaeEnv *env, int64_t bytes);

/* Write the model into a buffer of the length that gae_model_size gave. */
extern GaeStatus gae_model_write(GaeEnv *env, const GaeModel *model, uint8_t *buffer,
								 int64_t bytes);

/*
 * Read only the arguments, the results and the calibration, which lie in the first
 * GAE_MODEL_GLANCE_BYTES bytes of every model.  The checksum is not compared, so that
 * damage may pass unseen.
 */
#define GAE_MODEL_GLANCE_BYTES 2048
extern GaeStatus gae_model_glance(GaeEnv *env, const uint8_t *buffer, int64_t bytes,
								  GaeModel *model);

/*
 * Read a model of this format version or an earlier one.  The blobs point into the buffer; all else is copied or computed.
 * Errors: GAE_INVALID_MODEL for anything that gae_model_write has not written.
 */
extern GaeStatus gae_model_read(GaeEnv *env, const uint8_t *buffer, int64_t bytes, GaeModel *model);

#endif							/* GAE_FORMAT_H */
