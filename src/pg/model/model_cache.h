/*
 * model_cache.h
 *		Models that functions take as bytea, parsed once a session.
 */
#ifndef VGAE_MODEL_CACHE_H
#define VGAE_MODEL_CACHE_H

#include "fmgr.h"

#include "pg/model/model_parse.h"

/*
 * The model in argument argno of this call.  It is good until the next call with
 * the same FmgrInfo, or the end of fn_mcxt.  The argument must not be NULL.
 */
extern const VgaeModel *vgae_model_of_call(FunctionCallInfo fcinfo, int argno);

/*
 * Once vgae_model_of_call has been called, fn_extra points to this, for the rest of the
 * query: a place for the types of the arguments, InvalidOid at first.
 */
#define VGAE_TYPED_ARGUMENTS 3
typedef struct VgaeCallTypes
{
	Oid			argument[VGAE_TYPED_ARGUMENTS];
} VgaeCallTypes;

#endif							/* VGAE_MODEL_CACHE_H */
