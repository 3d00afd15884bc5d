--
-- What the examples begin with.
--
\set ON_ERROR_STOP on
\set QUIET on
\pset footer off
SET client_min_messages = warning;

CREATE EXTENSION IF NOT EXISTS vgae;

-- What differs a little from one type of machine to another, such as lists with near
-- ties, goes to :details: to the terminal, like all else, unless psql was started with
-- -v details=/dev/null. What then remains is the same everywhere; the tests compare it.
\if :{?details}
\else
	\set details ''
\endif

-- Made-up data need chance, but the same everywhere: a number from 0 to 1 that depends on
-- its arguments only. (random() after setseed() differs between versions of PostgreSQL.)
CREATE OR REPLACE FUNCTION pg_temp.chance(VARIADIC what text[]) RETURNS float8
LANGUAGE sql IMMUTABLE AS $$
	SELECT (hashtextextended(array_to_string($1, ' '), 0) & 1073741823) / 1073741824::float8
$$;
