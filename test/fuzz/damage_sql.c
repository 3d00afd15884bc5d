/*
 * damage_sql.c
 *		damage(model bytea, seed bigint) RETURNS bytea, for tests in a server:
 *		damage.c as a function; and repair(bytea) RETURNS bytea, which makes length
 *		and checksum right.
 */
#include "postgres.h"

#include "fmgr.h"

#include "pg/base/compat.h"
#include "damage.h"

/* As much may be added, in bytes. */
#define MORE_BYTES 1024

PG_MODULE_MAGIC;

PG_FUNCTION_INFO_V1(damage);

Datum
damage(PG_FUNCTION_ARGS)
{
	bytea	   *model = PG_GETARG_BYTEA_PP(0);
	TestRandom	random = {(uint64) PG_GETARG_INT64(1)};
	int64		bytes = VARSIZE_ANY_EXHDR(model);
	bytea	   *damaged = palloc(VARHDRSZ + bytes + MORE_BYTES);

	memcpy(VARDATA(damaged), VARDATA_ANY(model), bytes);
	bytes = damage_model(&random, (uint8 *) VARDATA(damaged), bytes, bytes + MORE_BYTES, damage_bytes);
	SET_VARSIZE(damaged, VARHDRSZ + bytes);
	PG_RETURN_BYTEA_P(damaged);
}

PG_FUNCTION_INFO_V1(repair);

Datum
repair(PG_FUNCTION_ARGS)
{
	bytea	   *model = PG_GETARG_BYTEA_P_COPY(0);

	damage_repair((uint8 *) VARDATA(model), VARSIZE(model) - VARHDRSZ);
	PG_RETURN_BYTEA_P(model);
}
