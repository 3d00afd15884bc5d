/*
 * compat.h
 *		What differs between PostgreSQL's major versions: the only file that may
 *		test PG_VERSION_NUM.
 */
#ifndef VGAE_COMPAT_H
#define VGAE_COMPAT_H

#include "catalog/pg_proc.h"
#include "miscadmin.h"
#include "nodes/pg_list.h"
#include "parser/parser.h"
#include "utils/acl.h"
#include "utils/guc.h"

#if PG_VERSION_NUM < 140000
#error "vgae needs PostgreSQL 14 or later"
#endif

/* 15 turned the prefix's reservation from a warning into a rule, and renamed it. */
#if PG_VERSION_NUM < 150000
#define MarkGUCPrefixReserved(prefix) EmitWarningsOnPlaceholders(prefix)
#endif

#ifndef INTERRUPTS_CAN_BE_PROCESSED
#define INTERRUPTS_CAN_BE_PROCESSED() \
	(InterruptHoldoffCount == 0 && CritSectionCount == 0 && QueryCancelHoldoffCount == 0)
#endif

/* May the current user call the function? */
static inline bool
vgae_function_allowed(Oid function)
{
#if PG_VERSION_NUM >= 160000
	return object_aclcheck(ProcedureRelationId, function, GetUserId(), ACL_EXECUTE) == ACLCHECK_OK;
#else
	return pg_proc_aclcheck(function, GetUserId(), ACL_EXECUTE) == ACLCHECK_OK;
#endif
}

#endif							/* VGAE_COMPAT_H */
