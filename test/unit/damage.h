/*
 * damage.h
 *		Damage to models, by someone who knows their format and means it.
 *
 * Most of it keeps what surrounds the damage right: the section's length, the
 * whole's, and the checksum.  So it gets as far into the reader as can be.
 */
#ifndef UNIT_DAMAGE_H
#define UNIT_DAMAGE_H

#include "random_words.h"

/* The length and the checksum in the header become those of what is there. */
extern void damage_repair(uint8_t *model, int64_t bytes);

/* Change "length" bytes where there is room for "room"; returns how many there are then. */
typedef int64_t (*DamageChange) (TestRandom *random, uint8_t *bytes, int64_t length, int64_t room);

/* One small change of any bytes: a bit, a number, a piece moved, put in or taken out. */
extern int64_t damage_bytes(TestRandom *random, uint8_t *bytes, int64_t length, int64_t room);

/*
 * Damage a model, or what is left of one, in a buffer with room for "room" bytes;
 * returns its new length.  What is no model is just changed.
 */
extern int64_t damage_model(TestRandom *random, uint8_t *model, int64_t bytes, int64_t room,
							DamageChange change);

/* Put a section of another model in the place of the same one of a model; the new length. */
extern int64_t damage_cross(TestRandom *random, uint8_t *model, int64_t bytes, int64_t room,
							const uint8_t *other, int64_t other_bytes);

#endif							/* UNIT_DAMAGE_H */
