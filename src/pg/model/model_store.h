/*
 * model_store.h
 *		A model stored in a user's table: the only place that writes to one.
 */
#ifndef VGAE_MODEL_STORE_H
#define VGAE_MODEL_STORE_H

/*
 * Is this a table (name, model, trained_at) with a unique key on name, which takes
 * this name, and where the current user may insert, update and, for ON CONFLICT,
 * select the name?  Else an error.
 *
 * What depends on the whole row shows only when the model is stored: CHECKs, policies
 * of row-level security, the partition, triggers.
 */
extern void vgae_model_store_check(Oid table, text *name);

/*
 * The model of that name in the table, as it is stored, to start a training from.  An error
 * if there is none, or if the current user may not select it.
 */
extern struct varlena *vgae_model_stored(Oid table, text *name);

/*
 * Insert the model or, if the name is there, replace the one of that name.  An error
 * unless one row was written.
 */
extern void vgae_model_store(Oid table, text *name, bytea *model);

#endif							/* VGAE_MODEL_STORE_H */
