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
 * A moment of the session.  Between two that are alike, no other transaction has stored
 * anything that this session sees, and no earlier command of its own has.
 */
typedef struct VgaeMoment
{
	uint64		ended;			/* transactions that had ended, in the whole server */
	CommandId	command;		/* of the running transaction */
} VgaeMoment;

typedef struct VgaeToastedModel
{
	struct varatt_external pointer;
	uint8		header[GAE_MODEL_HEADER_BYTES];
	VgaeMoment	seen;			/* the stored value was seen to have this header then, or later */
} VgaeToastedModel;

/*
 * The model that the argument, a TOAST pointer, leads to, as vgae_model_fetch() gives it;
 * what it is known by later goes to "toasted".
 */
extern struct varlena *vgae_toast_fetch(VgaeToastedModel *toasted, struct varlena *argument);

extern bool vgae_toast_is_at(const VgaeToastedModel *toasted, const struct varatt_external *pointer);

/*
 * Does "argument", which is the pointer that was fetched from, still lead to that model?
 * vgae_toast_reread() reads the header of the stored value; vgae_toast_is_current() does
 * so only if another value may have been stored since that was done last.
 */
extern bool vgae_toast_reread(VgaeToastedModel *toasted, struct varlena *argument);
extern bool vgae_toast_is_current(VgaeToastedModel *toasted, struct varlena *argument);

#endif							/* VGAE_MODEL_TOAST_H */
