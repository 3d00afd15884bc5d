/*
 * model_toast.h
 *		A model that is stored out of line, in a TOAST table: is what was parsed from
 *		there still what is stored?
 */
#ifndef VGAE_MODEL_TOAST_H
#define VGAE_MODEL_TOAST_H

#include "core/model/format.h"
#include "pg/base/compat.h"

/*
 * What a snapshot knows of other transactions.  The end of a transaction raises "next"
 * or lowers one of the two other numbers: between two snapshots that are alike in all
 * three, no transaction has ended.
 */
typedef struct VgaeMoment
{
	TransactionId next;			/* the first that had not begun; invalid if no snapshot was active */
	uint32		running;		/* transactions before it that had not ended */
	int32		subrunning;		/* subtransactions likewise; in recovery, both kinds */
} VgaeMoment;

typedef struct VgaeToastedModel
{
	struct varatt_external pointer;
	uint8		header[GAE_MODEL_HEADER_BYTES];
	VgaeMoment	seen;			/* when the stored value was last seen to have this header */
} VgaeToastedModel;

/* Note that these bytes, which are a model, were just fetched from where the pointer leads. */
extern void vgae_toast_note(VgaeToastedModel *toasted, const struct varatt_external *pointer,
							const struct varlena *bytes);

extern bool vgae_toast_is_at(const VgaeToastedModel *toasted, const struct varatt_external *pointer);

/*
 * Does "argument", which is the pointer that was noted, still lead to that model?
 * vgae_toast_reread() reads the header of the stored value; vgae_toast_is_current() does
 * so only if a transaction may have ended since that was done last.
 */
extern bool vgae_toast_reread(VgaeToastedModel *toasted, struct varlena *argument);
extern bool vgae_toast_is_current(VgaeToastedModel *toasted, struct varlena *argument);

#endif							/* VGAE_MODEL_TOAST_H */
