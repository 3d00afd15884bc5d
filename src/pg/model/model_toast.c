/*
 * model_toast.c
 *		A model that is stored out of line, in a TOAST table: is what was parsed from
 *		there still what is stored?
 *
 * The model is known by its TOAST pointer: the table, the number of the value there,
 * and its sizes.  Why this never takes one model for another:
 *
 * - A TOAST pointer comes from PostgreSQL, never from the bytes of an argument, and
 *   what is kept for it was parsed, checksum and all, from what it points to.
 * - A TOAST value is never changed in its place.  UPDATE makes another one with
 *   another number; ROLLBACK leaves numbers unused; VACUUM FULL and CLUSTER keep a
 *   number only together with its value; ALTER TABLE and TRUNCATE, if they keep
 *   the table, go on with new numbers.
 * - Numbers are OIDs.  Once PostgreSQL has counted through all 2^32 of them it may
 *   give the number of a removed value to another one, or the OID of a dropped
 *   table to a new one.  A table that is dropped or rewritten is invalidated in the
 *   relation cache, which model_cache.c listens to; but whoever reads a page may remove
 *   dead values from it, and that tells nobody.  So whoever has kept a model longer
 *   than for a query must read the header of the stored value again, which holds its
 *   length and a checksum of its contents.
 * - Within a query that would cost more than the work.  There the header is read again
 *   only if another value may have got the number since it was read last.  That value
 *   was stored after the last reading, for until then the number was in use:
 *   - By another transaction.  We see its value only once it has ended, and then more
 *     transactions have ended.  Snapshots do not tell that, for PL/pgSQL evaluates
 *     simple expressions of IMMUTABLE functions under the snapshot of its caller.
 *   - By an earlier command of our transaction, in a subtransaction or not.  The
 *     number of the command has risen since, and ROLLBACK TO does not lower it.
 *   - By the command that is running.  A query does not see that value, but an AFTER
 *     trigger is given it, and so the header is always read again in triggers.
 * - A database has OIDs of its own, but a session stays in one database.
 */
#include "postgres.h"

#include "access/detoast.h"
#include "access/xact.h"
#include "utils/builtins.h"

#include "pg/model/model_parse.h"
#include "pg/model/model_toast.h"

static VgaeMoment
current_moment(void)
{
	return (VgaeMoment) {vgae_transactions_ended(), GetCurrentCommandId(false)};
}

static bool
is_now(const VgaeMoment *seen)
{
	VgaeMoment	now = current_moment();

	return now.ended == seen->ended && now.command == seen->command;
}

static bool
in_trigger(void)
{
	return DatumGetInt32(DirectFunctionCall1(pg_trigger_depth, (Datum) 0)) > 0;
}

struct varlena *
vgae_toast_fetch(VgaeToastedModel *toasted, struct varlena *argument)
{
	struct varlena *bytes;

	memset(toasted, 0, sizeof(*toasted));
	VARATT_EXTERNAL_GET_POINTER(toasted->pointer, argument);
	toasted->seen = current_moment();
	bytes = vgae_model_fetch(argument);

	/* What is shorter than the header is no model; whoever parses it will say so. */
	memcpy(toasted->header, VARDATA_ANY(bytes),
		   Min(VARSIZE_ANY_EXHDR(bytes), GAE_MODEL_HEADER_BYTES));
	return bytes;
}

bool
vgae_toast_is_at(const VgaeToastedModel *toasted, const struct varatt_external *pointer)
{
	return memcmp(&toasted->pointer, pointer, sizeof(*pointer)) == 0;
}

bool
vgae_toast_reread(VgaeToastedModel *toasted, struct varlena *argument)
{
	VgaeMoment	before = current_moment();
	struct varlena *header = detoast_attr_slice(argument, 0, GAE_MODEL_HEADER_BYTES);
	bool		same = VARSIZE_ANY_EXHDR(header) == GAE_MODEL_HEADER_BYTES &&
		memcmp(VARDATA_ANY(header), toasted->header, GAE_MODEL_HEADER_BYTES) == 0;

	pfree(header);
	toasted->seen = before;
	return same;
}

bool
vgae_toast_is_current(VgaeToastedModel *toasted, struct varlena *argument)
{
	return (is_now(&toasted->seen) && !in_trigger()) || vgae_toast_reread(toasted, argument);
}
