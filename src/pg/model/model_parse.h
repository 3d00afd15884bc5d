/*
 * model_parse.h
 *		A model with what its bytes say of keys and features.
 */
#ifndef VGAE_MODEL_PARSE_H
#define VGAE_MODEL_PARSE_H

#include "core/model/model.h"
#include "pg/input/feature_schema.h"
#include "pg/keys/key_finder.h"
#include "pg/keys/key_index.h"

typedef struct VgaeModel
{
	GaeModel	core;
	VgaeKeys	keys;
	const VgaeKeyFinder *finder;	/* of the keys */
	VgaeSchema	schema;
} VgaeModel;

/* The bytes of a model, as it was passed, in memory; a copy unless they were. */
extern struct varlena *vgae_model_fetch(struct varlena *stored);

/*
 * Parse a model into the current memory context; it does not refer to "bytes"
 * afterwards.  Error: invalid_binary_representation with message "invalid vgae
 * model".
 */
extern VgaeModel *vgae_model_parse(struct varlena *bytes);

/* How many nodes it says to have, without a look at the rest; 0 if it is no model. */
extern int32 vgae_model_nodes(struct varlena *bytes);

#endif							/* VGAE_MODEL_PARSE_H */
