\echo Use "CREATE EXTENSION vgae" to load this file. \quit

/*
 * A C symbol is the SQL name, for all forms of a function.
 *
 * Node keys are integers, text or uuids.  A function that returns keys and takes none has
 * a form for integers and others in which key_type, the second argument, gives the type;
 * its value, usually NULL, is ignored.  That is one form of type anyelement where no
 * count comes next; where one does, an integer would fit key_type as well as the count,
 * so there is a form for text and another for uuid.
 * A function that takes keys and returns none takes text, so that strings of any type
 * come as they are, and anycompatible, for all other types.  "any" would not do: the type
 * of a parameter could not be told then.  Text is read as a key of the model's own type.
 * vgae_recommend takes and returns keys, as bigint, text or uuid.
 *
 * STRICT stands only where no argument may be NULL.  In the other functions a
 * NULL for an argument with a default that is not NULL is an error, and a
 * NULL for an argument without a default gives NULL or no row.
 *
 * COST is in units of cpu_operator_cost with the model already parsed; ROWS
 * assumes the default k, n or steps, and 1000 nodes where every node has a row.
 * The SUPPORT functions know better where these are constant.
 */
