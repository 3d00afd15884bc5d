/*
 * key_finder.h
 *		Finding keys of a model fast: once a row of a join.
 */
#ifndef VGAE_KEY_FINDER_H
#define VGAE_KEY_FINDER_H

#include "pg/keys/key_index.h"

typedef struct VgaeKeyFinder VgaeKeyFinder;

/* Make a finder of these keys, to which it refers, in the current memory context. */
extern const VgaeKeyFinder *vgae_key_finder_create(const VgaeKeys *keys);

/* As vgae_key_find(): the index of a key given as a Datum, or -1. */
extern int32 vgae_key_finder_find(const VgaeKeyFinder *finder, Datum key);

#endif							/* VGAE_KEY_FINDER_H */
