/*
 * compat.h
 *		What differs between PostgreSQL's major versions: the only file that may
 *		test PG_VERSION_NUM.
 */
#ifndef VGAE_COMPAT_H
#define VGAE_COMPAT_H

#include "catalog/objectaccess.h"
#include "catalog/pg_authid.h"
#include "catalog/pg_proc.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "utils/acl.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"

/* Earlier versions lack InitMaterializedSRF, and what goes with it. */
#if PG_VERSION_NUM < 150000
#error "vgae needs PostgreSQL 15 or later"
#endif

#ifndef INTERRUPTS_CAN_BE_PROCESSED
#define INTERRUPTS_CAN_BE_PROCESSED() \
	(InterruptHoldoffCount == 0 && CritSectionCount == 0 && QueryCancelHoldoffCount == 0)
#endif

/* The i-th backend, from 1, of those that pgstat_fetch_stat_numbackends() counted. */
static inline const PgBackendStatus *
vgae_backend_status(int i)
{
#if PG_VERSION_NUM >= 160000
	LocalPgBackendStatus *local = pgstat_get_local_beentry_by_index(i);
#else
	LocalPgBackendStatus *local = pgstat_fetch_stat_local_beentry(i);
#endif

	return local == NULL ? NULL : &local->backendStatus;
}

/* May the current user see what a backend of this user does, as pg_stat_activity has it? */
static inline bool
vgae_may_see_activity(Oid user)
{
	return has_privs_of_role(GetUserId(), ROLE_PG_READ_ALL_STATS) || has_privs_of_role(GetUserId(), user);
}

/* An error unless the current user may call the function. */
static inline void
vgae_require_function(Oid function)
{
	AclResult	result;

#if PG_VERSION_NUM >= 160000
	result = object_aclcheck(ProcedureRelationId, function, GetUserId(), ACL_EXECUTE);
#else
	result = pg_proc_aclcheck(function, GetUserId(), ACL_EXECUTE);
#endif
	if (result != ACLCHECK_OK)
		aclcheck_error(result, OBJECT_FUNCTION, get_func_name(function));
	InvokeFunctionExecuteHook(function);
}

#endif							/* VGAE_COMPAT_H */
