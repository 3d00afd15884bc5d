\echo Use "CREATE EXTENSION vgae" to load this file. \quit

/*
 * A C symbol is the SQL name.  Where a function is overloaded on the type of
 * the node keys it is the SQL name and one of _int, _text, _uuid.
 *
 * STRICT stands only where no argument may be NULL.  In the other functions a
 * NULL for an argument with a default that is not NULL is an error, and a
 * NULL for an argument without a default gives NULL or no row.  node_type
 * only picks the overload; its value, usually NULL, is ignored.
 *
 * COST is in units of cpu_operator_cost with the model already parsed; ROWS
 * assumes the default k, n or steps, and 1000 nodes where every node has a row.
 * The SUPPORT functions know better where these are constant.
 */
