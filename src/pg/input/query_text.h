/*
 * query_text.h
 *		From the text that a user gives as an input to the query that reads it.
 */
#ifndef VGAE_QUERY_TEXT_H
#define VGAE_QUERY_TEXT_H

#include "pg/base/compat.h"

/*
 * The query that a text stands for: one SELECT, VALUES, WITH or TABLE query is itself,
 * and a qualified name is SELECT * FROM that relation.  An error if the text is neither
 * or, as far as its grammar shows, does more than read.
 */
extern const char *vgae_query_of_text(const char *argument, const char *text);

/* The error for a query that does more than read; "detail" says what that is. */
pg_noreturn extern void vgae_refuse_query(const char *argument, int sqlstate, const char *detail);

#endif							/* VGAE_QUERY_TEXT_H */
