/*
 * model_parse.h
 *		From the bytes of a model to the model, its keys and the names of its features.
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

/* The bytes of a model, fetched into memory; "stored" itself if it is there already. */
extern struct varlena *vgae_model_fetch(struct varlena *stored);

/*
 * Parse a model into the current memory context; it does not refer to "bytes"
 * afterwards.  Error: invalid_binary_representation with message "invalid vgae
 * model".
 */
extern VgaeModel *vgae_model_parse(struct varlena *bytes);

/* The number of nodes that the first bytes of a model tell; 0 if these are not a model's. */
extern int32 vgae_model_nodes(struct varlena *bytes);

#endif							/* VGAE_MODEL_PARSE_H */
