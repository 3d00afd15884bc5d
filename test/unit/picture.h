/*
 * picture.h
 *		Looking at the text of pictures.
 */
#ifndef UNIT_PICTURE_H
#define UNIT_PICTURE_H

#include "support.h"

/* A copy that ends with a zero, if it is well-formed XML in ASCII, of one element; if not, the test fails. */
extern char *picture_check(GaeEnv *env, const char *svg, int64_t length);

/* How often a string occurs in a text that picture_check has seen. */
extern int64_t picture_count(const char *svg, const char *what);

/* What stands between the next "before" and the next "after"; moves *svg behind it, NULL at the end. */
extern const char *picture_next(const char **svg, const char *before, const char *after, char *room,
								int64_t room_bytes);

#endif							/* UNIT_PICTURE_H */
