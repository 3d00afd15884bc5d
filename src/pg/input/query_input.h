/*
 * query_input.h
 *		Running SQL: the queries that users name as inputs, and the few statements of
 *		our own.  The only place that runs SQL.
 */
#ifndef VGAE_QUERY_INPUT_H
#define VGAE_QUERY_INPUT_H

#include "access/tupdesc.h"

#include "core/base/env.h"

/*
 * Takes the rows of a query.  It is the first member of the reader of each kind of
 * input.
 */
typedef struct VgaeRowReader VgaeRowReader;
struct VgaeRowReader
{
	const char *argument;		/* the argument of the SQL function, for messages */
	GaeEnv	   *env;

	/*
	 * Called once, before the first row, in the memory context that was current at
	 * vgae_query_run: chooses the columns.  Returns the number of leading columns
	 * among which all chosen ones lie; row() must not look at others.
	 */
	int			(*start) (VgaeRowReader *reader, TupleDesc columns);

	/* Called for each row, in a memory context that is emptied after it. */
	void		(*row) (VgaeRowReader *reader, const Datum *values, const bool *nulls);

	/* Called once, after the last row; may be NULL. */
	void		(*end) (VgaeRowReader *reader);
};

/*
 * Read the rows of a relation or query, named by a text, with the caller's rights, as
 * in a READ ONLY transaction that is then rolled back.
 */
extern void vgae_query_run(const char *text, VgaeRowReader *reader);

/*
 * Run a statement of our own that writes, with the values as $1, $2, …; returns the
 * number of rows.  The plan is made for any values, for one made for these values
 * would hold copies of them, and they may be large.
 */
extern uint64 vgae_statement_run(const char *statement, int count, Oid *types, Datum *values);

/*
 * Fetch the column of type bytea of the only row of a query of our own, run with the
 * active snapshot: false if there is no row; *value is NULL if it is null.
 */
extern bool vgae_bytea_fetch(const char *query, int count, Oid *types, Datum *values,
							 struct varlena **value);

/*
 * End the transaction, and with it our snapshot and locks; the next one begins at
 * once.  The portal and what is in its memory live on.
 */
extern void vgae_commit(void);

#endif							/* VGAE_QUERY_INPUT_H */
