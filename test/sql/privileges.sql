/*
 * What a query that is given to vgae may do: what its caller may, and only read.
 */
SET client_min_messages = warning;
\set SHOW_CONTEXT never

DROP ROLE IF EXISTS regress_vgae_reader;
DROP ROLE IF EXISTS regress_vgae_owner;
CREATE ROLE regress_vgae_reader;
CREATE ROLE regress_vgae_owner;
GRANT SELECT ON karate, members, models TO regress_vgae_reader, regress_vgae_owner;

/* Every argument that takes a query, as a call with the query as %1$L */
CREATE TABLE taker (argument text, call text);
INSERT INTO taker VALUES
	('vgae_train, edges', 'SELECT vgae_train(%1$L, epochs => 1)'),
	('vgae_train, nodes', 'SELECT vgae_train(''karate'', nodes => %1$L, epochs => 1)'),
	('vgae_train, features', 'SELECT vgae_train(''karate'', features => %1$L, epochs => 1)'),
	('vgae_estimate, edges', 'SELECT * FROM vgae_estimate(%1$L)'),
	('vgae_encode_graph, edges', 'SELECT * FROM vgae_encode_graph(trained(''karate_members''), %1$L, ''members'')'),
	('vgae_encode_graph, nodes', 'SELECT * FROM vgae_encode_graph(trained(''karate_members''), ''karate'', %1$L)'),
	('vgae_evaluate, positives', 'SELECT * FROM vgae_evaluate(trained(''karate''), %1$L)'),
	('vgae_evaluate, negatives', 'SELECT * FROM vgae_evaluate(trained(''karate''), ''VALUES (1, 2)'', %1$L)');
GRANT SELECT ON taker TO regress_vgae_reader;


/* ---- The rights are the caller's. ---- */

CREATE TABLE secret AS SELECT src, dst, 1.0 AS weight FROM karate;
ALTER TABLE secret OWNER TO regress_vgae_owner;
CREATE VIEW shown AS TABLE secret;
ALTER VIEW shown OWNER TO regress_vgae_owner;
GRANT SELECT ON shown TO regress_vgae_reader;
CREATE FUNCTION edges_in(text) RETURNS text LANGUAGE sql
AS $$ SELECT vgae_info(vgae_train($1, epochs => 0))->>'edges' $$;

/* No table, column or schema that the caller may not read */
SET ROLE regress_vgae_reader;
SELECT argument, sqlstate_of(format(call, 'secret')) AS by_name,
	sqlstate_of(format(call, 'SELECT src, dst FROM secret')) AS by_query
FROM taker ORDER BY argument;
SELECT edges_in('shown') AS through_the_owners_view;
RESET ROLE;
GRANT SELECT (src, dst) ON secret TO regress_vgae_reader;
SET ROLE regress_vgae_reader;
SELECT edges_in('SELECT src, dst FROM secret') AS two_columns;
SELECT sqlstate_of($$SELECT edges_in('SELECT src, dst, weight FROM secret')$$) AS three_columns,
	sqlstate_of($$SELECT edges_in('SELECT src, dst FROM secret WHERE weight > 0')$$) AS a_condition,
	sqlstate_of($$SELECT edges_in('secret')$$) AS the_whole_table;
RESET ROLE;
CREATE SCHEMA hidden;
CREATE TABLE hidden.links AS TABLE karate;
GRANT SELECT ON hidden.links TO regress_vgae_reader;
SET ROLE regress_vgae_reader;
SELECT sqlstate_of($$SELECT edges_in('hidden.links')$$) AS no_usage_on_the_schema;
RESET ROLE;
CREATE FUNCTION not_for_all() RETURNS int LANGUAGE sql AS 'SELECT 1';
REVOKE EXECUTE ON FUNCTION not_for_all() FROM PUBLIC;
SET ROLE regress_vgae_reader;
SELECT sqlstate_of($$SELECT edges_in('SELECT src + not_for_all(), dst FROM karate')$$) AS a_function;
RESET ROLE;

/* Row security, by the user that the caller is at the time */
CREATE TABLE shared_links AS SELECT src, dst, (ARRAY['regress_vgae_reader', 'regress_vgae_owner'])[1 + src % 2] AS of_role
FROM karate;
ALTER TABLE shared_links ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON shared_links USING (of_role = current_user);
GRANT SELECT ON shared_links TO regress_vgae_reader, regress_vgae_owner;
PREPARE visible AS SELECT current_user, edges_in('shared_links')::int = count(*) AS those_of_the_role, count(*) FROM shared_links;
SET ROLE regress_vgae_reader;
EXECUTE visible;
SET ROLE regress_vgae_owner;
EXECUTE visible;
SET row_security = off;
SELECT sqlstate_of($$SELECT edges_in('shared_links')$$) AS rather_than_less;
RESET row_security;
RESET ROLE;
DEALLOCATE visible;

/* Called by a function with its owner's rights, and only by it, a query has these. */
CREATE FUNCTION edges_of_owner(text) RETURNS text LANGUAGE sql SECURITY DEFINER
AS $$ SELECT edges_in($1) $$;
ALTER FUNCTION edges_of_owner(text) OWNER TO regress_vgae_owner;
SET ROLE regress_vgae_reader;
SELECT edges_of_owner('secret') AS as_the_owner, sqlstate_of($$SELECT edges_in('secret')$$) AS as_oneself;
SELECT edges_in('SELECT src, dst FROM karate WHERE current_user = ''regress_vgae_reader''') AS all_by_the_reader;
/* Nor does it reach files. */
SELECT sqlstate_of($$SELECT edges_in('SELECT src, dst FROM karate WHERE lo_import(''/etc/passwd'') > 0')$$) AS lo_import,
	sqlstate_of($$SELECT edges_in('SELECT src, dst FROM karate WHERE lo_export(1, ''/tmp/regress_vgae'') > 0')$$) AS lo_export,
	sqlstate_of($$SELECT edges_in('SELECT src, dst FROM karate WHERE pg_read_file(''PG_VERSION'') <> ''''')$$) AS pg_read_file;
RESET ROLE;

/* A type named as pgvector's and its cast, which the caller has not written, are nobody's trap. */
CREATE SCHEMA trap;
CREATE TYPE trap.vector AS (elements real[]);
CREATE FUNCTION trap.spring(trap.vector) RETURNS real[] LANGUAGE plpgsql AS $$ BEGIN RAISE 'trapped'; END $$;
CREATE CAST (trap.vector AS real[]) WITH FUNCTION trap.spring(trap.vector);
CREATE TABLE trap.baited AS SELECT id, ROW('{1,2}'::real[])::trap.vector AS features FROM members;
CREATE DOMAIN trap.tempting AS trap.vector;
SELECT vgae_train('karate', nodes => 'trap.baited') IS NULL;
SELECT vgae_train('karate', nodes => 'SELECT id, features::trap.tempting FROM trap.baited') IS NULL;

/* Nothing that vgae does itself is found by the search_path. */
CREATE FUNCTION trap.spring(int, int) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE 'trapped'; END $$;
CREATE FUNCTION trap.spring(text, text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE 'trapped'; END $$;
CREATE OPERATOR trap.= (LEFTARG = int, RIGHTARG = int, FUNCTION = trap.spring);
CREATE OPERATOR trap.= (LEFTARG = text, RIGHTARG = text, FUNCTION = trap.spring);
CREATE OPERATOR trap.< (LEFTARG = int, RIGHTARG = int, FUNCTION = trap.spring);
CREATE OPERATOR trap.< (LEFTARG = text, RIGHTARG = text, FUNCTION = trap.spring);
CREATE FUNCTION trap.float8(anyelement) RETURNS float8 LANGUAGE plpgsql AS $$ BEGIN RAISE 'trapped'; END $$;
CREATE FUNCTION trap.vgae_train(text) RETURNS bytea LANGUAGE plpgsql AS $$ BEGIN RAISE 'trapped'; END $$;
CREATE DOMAIN trap.bytea AS text;
CREATE TABLE trap.pg_class ();
CREATE TABLE trap.pg_type ();
SET search_path = trap, public, pg_catalog;
SELECT public.vgae_train('karate', nodes => 'members', epochs => 1) IS NOT NULL AS trained;
SELECT public.vgae_train('miserables', epochs => 1) IS NOT NULL AS trained;
SELECT count(*) > 0 AS encoded
FROM public.vgae_encode_graph((SELECT model FROM models WHERE name OPERATOR(pg_catalog.=) 'karate_members'), 'karate', 'members');
SET client_min_messages = error;	-- it warns of edges that were trained on
SELECT count(*) > 0 AS evaluated
FROM public.vgae_evaluate((SELECT model FROM models WHERE name OPERATOR(pg_catalog.=) 'karate'), 'karate');
RESET search_path;
SET client_min_messages = warning;
DROP SCHEMA trap CASCADE;


/* ---- It is one query that reads. ---- */

CREATE TABLE written (n int);
CREATE TEMP TABLE written_for_now (n int);
CREATE SEQUENCE counter;
CREATE MATERIALIZED VIEW matview AS SELECT 1 AS n;
SELECT lo_create(424242) AS large_object;

/* What no query may change: what is stored, and what the session has set and holds */
CREATE FUNCTION state() RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', (SELECT count(*) FROM written), (SELECT count(*) FROM written_for_now),
		(SELECT last_value + is_called::int FROM counter), (SELECT count(*) FROM pg_class), (SELECT count(*) FROM pg_proc),
		(SELECT count(*) FROM pg_authid), (SELECT count(*) FROM pg_description),
		(SELECT count(*) FROM pg_largeobject_metadata), (SELECT count(*) FROM pg_largeobject),
		(SELECT count(*) FROM pg_listening_channels()),
		(SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND (locktype = 'advisory' OR mode = 'ShareLock')),
		(SELECT md5(string_agg(name || '=' || setting, ',' ORDER BY name)) FROM pg_settings
			WHERE name NOT LIKE 'vgae.%' AND source = 'session'), current_user, session_user)
$$;

/* As text: every argument refuses what is not one query, or more than a query. */
CREATE TEMP TABLE before (state text);
INSERT INTO before SELECT state();
SELECT text, string_agg(DISTINCT sqlstate_of(format(call, text)), ' ') AS sqlstates
FROM taker, unnest(ARRAY['INSERT INTO written VALUES (1) RETURNING n, n', 'EXPLAIN ANALYZE INSERT INTO written VALUES (1)',
	'COPY written FROM PROGRAM ''echo 1''', 'COPY (SELECT 1, 2) TO PROGRAM ''cat''', 'COPY karate TO STDOUT',
	'CALL something()', 'DO ''BEGIN END''', 'PREPARE p AS SELECT 1, 2', 'DECLARE c CURSOR FOR SELECT 1, 2',
	'SET search_path = pg_temp', 'RESET ALL', 'SET ROLE NONE', 'BEGIN', 'COMMIT', 'ROLLBACK', 'SAVEPOINT s',
	'LOCK TABLE written', 'VACUUM', 'NOTIFY n', 'CREATE TABLE more AS SELECT 1, 2', 'TRUNCATE written',
	'SELECT 1, 2; COMMIT', 'SELECT 1, 2; INSERT INTO written VALUES (1)', 'COMMIT; SELECT 1, 2', 'SELECT 1, 2 INTO more',
	'SELECT 1, 2 UNION ALL SELECT 3, 4 FOR UPDATE',
	'SELECT * FROM (WITH w AS (INSERT INTO written VALUES (1) RETURNING n) SELECT n, n FROM w) AS s',
	'WITH a AS (WITH w AS (DELETE FROM written RETURNING n) TABLE w) SELECT n, n FROM a',
	'SELECT 1, (WITH w AS (UPDATE written SET n = 2 RETURNING n) SELECT n FROM w)',
	'SELECT 1, 2 UNION ALL (WITH w AS (INSERT INTO written VALUES (1) RETURNING n) SELECT n, n FROM w)',
	'VALUES (1, 2) /* ; */; TRUNCATE written']) WITH ORDINALITY AS t (text, place)
GROUP BY text, place ORDER BY place;
SELECT bool_and(sqlstate_of(format(call, 'MERGE INTO written USING karate ON false WHEN NOT MATCHED THEN INSERT VALUES (1)'))
	= CASE WHEN current_setting('server_version_num')::int < 150000 THEN '42601' ELSE '0A000' END) AS merge
FROM taker;
/* In a function of the query, by the superuser who may do all of this: each statement fails, or nothing is left of it. */
CREATE FUNCTION do_it(statement text) RETURNS int LANGUAGE plpgsql
AS $$ BEGIN EXECUTE statement; RETURN 1; END $$;
CREATE FUNCTION sqlstate_in_query(statement text) RETURNS text LANGUAGE sql
AS $$ SELECT sqlstate_of(format('SELECT vgae_train(%L, epochs => 1)', format('SELECT do_it(%L), 2', statement))) $$;
TRUNCATE before;
INSERT INTO before SELECT state();
SELECT statement, sqlstate_in_query(statement) AS sqlstate,
	CASE WHEN state() <> state THEN 'changed to ' || state() ELSE '' END AS state
FROM before, unnest(ARRAY['INSERT INTO written VALUES (1)', 'UPDATE written SET n = 2', 'DELETE FROM written',
	'INSERT INTO written_for_now VALUES (1)', 'TRUNCATE written', 'COPY written FROM PROGRAM ''echo 1''',
	'EXPLAIN ANALYZE INSERT INTO written VALUES (1)', 'SELECT 1 FROM written FOR UPDATE', 'CREATE TABLE more ()',
	'CREATE TEMP TABLE more ()', 'CREATE TABLE more AS SELECT 1', 'SELECT 1 INTO more', 'DROP TABLE written',
	'ALTER TABLE written ADD m int', 'CREATE INDEX ON written (n)', 'CREATE ROLE regress_vgae_more',
	'GRANT SELECT ON written TO PUBLIC', 'COMMENT ON TABLE written IS ''x''', 'REFRESH MATERIALIZED VIEW matview',
	'DO $x$ BEGIN INSERT INTO written VALUES (1); END $x$', 'ALTER SYSTEM SET work_mem = 64', 'VACUUM written', 'CLUSTER',
	'COMMIT', 'ROLLBACK', 'SAVEPOINT s', 'BEGIN', 'PREPARE TRANSACTION ''x''',
	'SELECT nextval(''counter'')', 'SELECT setval(''counter'', 7)', 'SELECT lo_create(0)',
	'SELECT lo_from_bytea(0, ''x'')', 'SELECT lo_put(424242, 0, ''x'')', 'SELECT lo_unlink(424242)',
	'SELECT lowrite(lo_open(424242, 131072), ''x'')',
	'SET search_path = pg_temp', 'SELECT set_config(''work_mem'', ''64'', false)', 'SET ROLE regress_vgae_reader',
	'SET SESSION AUTHORIZATION regress_vgae_reader', 'RESET ALL', 'SET transaction_read_only = on',
	'SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY',
	'LISTEN regress_vgae', 'SELECT pg_advisory_xact_lock(1)', 'LOCK TABLE written IN SHARE MODE',
	'SET transaction_read_only = off', 'SET TRANSACTION READ WRITE',
	'SELECT set_config(''transaction_read_only'', ''off'', true)'])
	WITH ORDINALITY AS s (statement, place) ORDER BY place;

/* Nor does it help to take the setting back, which versions before 16 allow. */
CREATE FUNCTION resets() RETURNS int LANGUAGE plpgsql AS $$
BEGIN
	RESET transaction_read_only;
	INSERT INTO written VALUES (1);
	SET transaction_read_only = on;
	RETURN 1;
END $$;
CREATE FUNCTION resets_by_name() RETURNS int LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('transaction_read_only', NULL, false);
	INSERT INTO written VALUES (1);
	RETURN 1;
END $$;
CREATE FUNCTION resets_in_block() RETURNS int LANGUAGE plpgsql AS $$
BEGIN
	BEGIN
		PERFORM set_config('transaction_read_only', NULL, true);
		INSERT INTO written VALUES (1);
	EXCEPTION WHEN OTHERS THEN
	END;
	INSERT INTO written VALUES (2);
	RETURN 1;
END $$;
SELECT sqlstate_of('CREATE FUNCTION resets_by_clause() RETURNS int LANGUAGE sql SET transaction_read_only = off
	AS $$ INSERT INTO written VALUES (1) RETURNING n $$') IN ('00000', '0A000') AS made_or_refused;
CREATE FUNCTION catches() RETURNS int LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO written VALUES (1);
	RETURN 1;
EXCEPTION WHEN OTHERS THEN
	RETURN 1;
END $$;
TRUNCATE before;
INSERT INTO before SELECT state();
SELECT name, sqlstate_of(format($$SELECT vgae_train('SELECT %s(), 2', epochs => 1)$$, name)) <> '00000' AS refused,
	CASE WHEN state() <> state THEN 'changed to ' || state() ELSE '' END AS state
FROM before, unnest('{resets,resets_by_name,resets_in_block,resets_by_clause,catches}'::text[]) AS name;
SELECT sqlstate_of($$SELECT vgae_train('SELECT lo_create(0)::bigint, 2')$$) AS lo_create;
TABLE written;

/* Notifications are not sent: psql would show one here. */
LISTEN regress_vgae;
SELECT vgae_train('SELECT 1, 2 FROM pg_notify(''regress_vgae'', ''x'')', epochs => 1) IS NOT NULL AS trained;
SELECT 1 AS nothing_above;
UNLISTEN *;

/* A query under way cannot be turned into another by what it calls. */
CREATE FUNCTION drops() RETURNS int LANGUAGE plpgsql AS $$ BEGIN DEALLOCATE ALL; DISCARD PLANS; RETURN 1; END $$;
SELECT sqlstate_of($$SELECT vgae_train('SELECT drops() + src, dst FROM karate', epochs => 1)$$) AS sqlstate;


/* ---- The caller's own transaction goes on as it was. ---- */

/* Functions that read, though they might write, and what the transaction has written so far, are no offence. */
CREATE FUNCTION looks(n int) RETURNS int LANGUAGE plpgsql AS $$
BEGIN
	PERFORM count(*) FROM written;
	BEGIN
		PERFORM 1 / (n - n);
	EXCEPTION WHEN division_by_zero THEN
		RETURN n;
	END;
END $$;
BEGIN;
INSERT INTO written VALUES (10);
INSERT INTO written_for_now VALUES (10);
CREATE TEMP TABLE kept AS SELECT vgae_train('SELECT looks(src), dst FROM karate', epochs => 1) AS model;
INSERT INTO kept SELECT vgae_train('SELECT n, n + 1 FROM written UNION ALL SELECT n, n + 2 FROM written_for_now', epochs => 1);
SELECT vgae_info(model)->>'edges' AS edges FROM kept;
SHOW transaction_read_only;
COMMIT;
TABLE written;

/* After an error in a query the block that catches it, and no other, is rolled back. */
DO $$
DECLARE
	failed int := 0;
BEGIN
	INSERT INTO written VALUES (11);
	FOR i IN 1 .. 20 LOOP
		BEGIN
			INSERT INTO written VALUES (99);
			PERFORM vgae_train(CASE i % 4 WHEN 0 THEN 'SELECT resets(), 2' WHEN 1 THEN 'SELECT 1 / 0, 2'
				WHEN 2 THEN 'SELECT do_it(''INSERT INTO written VALUES (1)''), 2' ELSE 'no_such_table' END);
		EXCEPTION WHEN OTHERS THEN
			failed := failed + 1;
		END;
	END LOOP;
	INSERT INTO written VALUES (12);
	RAISE WARNING '% of 20 failed', failed;
END $$;
BEGIN;
INSERT INTO written VALUES (13);
SAVEPOINT s;
SELECT vgae_train('SELECT do_it(''INSERT INTO written VALUES (1)''), 2');
ROLLBACK TO s;
INSERT INTO written VALUES (14);
COMMIT;
SELECT array_agg(n ORDER BY n) AS written FROM written;

/* In a parallel plan, where no subtransaction can be */
CREATE TABLE many AS SELECT generate_series(1, 20000) AS n;
ANALYZE many;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET max_parallel_workers_per_gather = 2;
SELECT count(*) > 0 AS parallel FROM plan_of($$SELECT vgae_train('karate', epochs => 1) IS NOT NULL, n
	FROM (SELECT count(*) AS n FROM many) AS c$$) AS line WHERE line ~ 'Gather';
SELECT vgae_train('karate', epochs => 1) IS NOT NULL AS trained, n FROM (SELECT count(*) AS n FROM many) AS c;
SELECT vgae_train('SELECT resets(), 2') IS NOT NULL AS trained, n FROM (SELECT count(*) AS n FROM many) AS c;

/* The workers of a parallel query see that it only reads. */
CREATE FUNCTION reads_only() RETURNS boolean LANGUAGE plpgsql PARALLEL SAFE
AS $$ BEGIN RETURN current_setting('transaction_read_only')::boolean; END $$;
SET parallel_leader_participation = off;
SELECT count(*) > 0 AS parallel FROM plan_of('SELECT n, n + 1 FROM many WHERE reads_only()') AS line WHERE line ~ 'Gather';
SELECT edges_in('SELECT n, n + 1 FROM many WHERE reads_only()') AS edges, current_setting('transaction_read_only') AS afterwards,
	current_setting('default_transaction_read_only') AS default_afterwards;
RESET parallel_leader_participation;
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;
RESET max_parallel_workers_per_gather;
SELECT array_agg(n ORDER BY n) AS written FROM written;

SELECT lo_unlink(424242) AS gone;
DROP TABLE many, taker, shared_links, written;
DROP SEQUENCE counter;
DROP MATERIALIZED VIEW matview;
DROP SCHEMA hidden CASCADE;
DROP VIEW shown;
DROP TABLE secret;
DROP FUNCTION edges_of_owner(text), edges_in(text), not_for_all(), state(), do_it(text), sqlstate_in_query(text), resets(),
	resets_by_name(), resets_in_block(), catches(), drops(), looks(int), reads_only();
DROP FUNCTION IF EXISTS resets_by_clause();
REVOKE ALL ON karate, members, models FROM regress_vgae_reader, regress_vgae_owner;
DROP ROLE regress_vgae_reader;
DROP ROLE regress_vgae_owner;
