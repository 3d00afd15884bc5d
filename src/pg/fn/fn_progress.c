/*
 * fn_progress.c
 *		vgae_get_progress: the trainings of all sessions, for the view vgae_progress.
 */
#include "postgres.h"

#include "catalog/pg_authid.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "pg/base/compat.h"
#include "pg/base/progress.h"
#include "pg/base/result.h"

PG_FUNCTION_INFO_V1(vgae_get_progress);

/* pid, database and role, the first columns, are for everybody, as in pg_stat_activity. */
#define PUBLIC_COLUMNS 3
#define COLUMNS 10

/* May the current user see the other columns of this user's trainings? As in pg_stat_activity. */
static bool
may_see_activity(Oid user)
{
	return has_privs_of_role(GetUserId(), ROLE_PG_READ_ALL_STATS) || has_privs_of_role(GetUserId(), user);
}

static void
put_training(VgaeResult *result, const PgBackendStatus *backend, const VgaeProgressRow *row)
{
	Datum		values[COLUMNS];
	bool		nulls[COLUMNS] = {false};
	MemoryContext caller = MemoryContextSwitchTo(vgae_result_memory(result));

	values[0] = Int32GetDatum(backend->st_procpid);
	values[1] = ObjectIdGetDatum(backend->st_databaseid);
	values[2] = ObjectIdGetDatum(backend->st_userid);
	values[3] = CStringGetTextDatum(vgae_phase_name(row->phase));
	values[4] = Int32GetDatum(row->epoch);
	values[5] = Int32GetDatum(row->epochs);
	values[6] = vgae_float_or_null(row->loss, &nulls[6]);
	values[7] = vgae_float_or_null(row->validation_score, &nulls[7]);
	values[8] = TimestampTzGetDatum(row->started);
	values[9] = TimestampTzGetDatum(row->estimated_end);
	nulls[9] = row->estimated_end == 0;
	if (!may_see_activity(backend->st_userid))
		memset(&nulls[PUBLIC_COLUMNS], true, COLUMNS - PUBLIC_COLUMNS);
	MemoryContextSwitchTo(caller);
	vgae_result_put(result, values, nulls);
}

Datum
vgae_get_progress(PG_FUNCTION_ARGS)
{
	VgaeResult *result = vgae_result_begin(fcinfo);
	int			backends = pgstat_fetch_stat_numbackends();

	for (int i = 1; i <= backends; i++)
	{
		const LocalPgBackendStatus *backend = pgstat_get_local_beentry_by_index(i);
		VgaeProgressRow row;

		if (backend != NULL && vgae_progress_of(&backend->backendStatus, &row))
			put_training(result, &backend->backendStatus, &row);
	}
	return (Datum) 0;
}
