/*
 * model_cache.h
 *		Models that functions take as bytea, parsed once a session.
 */
#ifndef VGAE_MODEL_CACHE_H
#define VGAE_MODEL_CACHE_H

#include "fmgr.h"

#include "core/model.h"
#include "feature_schema.h"
#include "key_finder.h"
#include "key_index.h"

typedef struct VgaeModel
{
	GaeModel	core;
	VgaeKeys	keys;
	const VgaeKeyFinder *finder;	/* of the keys */
	VgaeSchema	schema;
} VgaeModel;

/*
 * Parse a model into the current memory context; it does not refer to "bytes"
 * afterwards.  Error: invalid_binary_representation with message "invalid vgae
 * model".
 */
extern VgaeModel *vgae_model_parse(struct varlena *bytes);

/*
 * The model in argument argno of this call.  It is good until the next call with
 * the same FmgrInfo, or the end of fn_mcxt.  The argument must not be NULL.
 */
extern const VgaeModel *vgae_model_of_call(FunctionCallInfo fcinfo, int argno);

#endif							/* VGAE_MODEL_CACHE_H */
