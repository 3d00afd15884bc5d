/*
 * model_store.h
 *		Storing a model in a user's table: the only place that writes to one.
 */
#ifndef VGAE_MODEL_STORE_H
#define VGAE_MODEL_STORE_H

/*
 * Is this a table (name, model, trained_at) with a unique key on name, where the
 * current user may insert and update?  Else an error.
 */
extern void vgae_model_store_check(Oid table);

/* Insert the model or, if the name is there, replace the one of that name. */
extern void vgae_model_store(Oid table, text *name, bytea *model);

#endif							/* VGAE_MODEL_STORE_H */
