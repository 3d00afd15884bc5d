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
 * - Within one snapshot, and so mostly within a query, the pointer alone will do: the
 *   snapshot that sees the row keeps its values.  But a simple expression of PL/pgSQL
 *   lives for a transaction, with a snapshot for each evaluation.  So the header is
 *   read again when a transaction has ended between two snapshots: no value that one of
 *   them still needs is removed without that.
 * - A database has OIDs of its own, but a session stays in one database.
 */
#include "postgres.h"

#include "access/detoast.h"
#include "utils/snapmgr.h"

#include "pg/model/model_toast.h"

static VgaeMoment
current_moment(void)
{
	Snapshot	snapshot = ActiveSnapshotSet() ? GetActiveSnapshot() : NULL;

	if (snapshot == NULL)
		return (VgaeMoment) {.next = InvalidTransactionId};
	return (VgaeMoment) {snapshot->xmax, snapshot->xcnt, snapshot->subxcnt};
}

static bool
is_now(const VgaeMoment *seen)
{
	VgaeMoment	now = current_moment();

	return TransactionIdIsValid(now.next) && now.next == seen->next &&
		now.running == seen->running && now.subrunning == seen->subrunning;
}

void
vgae_toast_note(VgaeToastedModel *toasted, const struct varatt_external *pointer,
				const struct varlena *bytes)
{
	toasted->pointer = *pointer;
	memcpy(toasted->header, VARDATA_ANY(bytes), GAE_MODEL_HEADER_BYTES);
	toasted->seen = current_moment();
}

bool
vgae_toast_is_at(const VgaeToastedModel *toasted, const struct varatt_external *pointer)
{
	return memcmp(&toasted->pointer, pointer, sizeof(*pointer)) == 0;
}

bool
vgae_toast_reread(VgaeToastedModel *toasted, struct varlena *argument)
{
	struct varlena *header = detoast_attr_slice(argument, 0, GAE_MODEL_HEADER_BYTES);
	bool		same = VARSIZE_ANY_EXHDR(header) == GAE_MODEL_HEADER_BYTES &&
		memcmp(VARDATA_ANY(header), toasted->header, GAE_MODEL_HEADER_BYTES) == 0;

	pfree(header);
	toasted->seen = current_moment();
	return same;
}

bool
vgae_toast_is_current(VgaeToastedModel *toasted, struct varlena *argument)
{
	return is_now(&toasted->seen) || vgae_toast_reread(toasted, argument);
}
