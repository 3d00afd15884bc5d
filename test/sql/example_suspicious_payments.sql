/*
 * examples/suspicious_payments.sql, as a person runs it but without what depends on the machine.
 */
\set details /dev/null
\set ECHO none
\i examples/suspicious_payments.sql
