/*
 * next_oid.c
 *		A function for tests: set_next_oid(oid) sets the counter of OIDs, from which values
 *		in TOAST tables get their numbers, so that a number comes again.
 */
#include "postgres.h"

#include "access/transam.h"
#include "fmgr.h"
#include "storage/lwlock.h"

#include "pg/base/compat.h"

PG_MODULE_MAGIC;

PG_FUNCTION_INFO_V1(set_next_oid);
Datum
set_next_oid(PG_FUNCTION_ARGS)
{
	LWLockAcquire(OidGenLock, LW_EXCLUSIVE);
	TransamVariables->nextOid = PG_GETARG_OID(0);
	TransamVariables->oidCount = 0; /* none is written to the WAL beforehand */
	LWLockRelease(OidGenLock);
	PG_RETURN_VOID();
}
