/*
 * What edges, nodes and features may be: relations and queries
 */
SET client_min_messages = warning;
\set SHOW_CONTEXT never

/* A relation: plain, quoted, qualified, and of every kind that holds rows */
CREATE SCHEMA elsewhere;
CREATE TABLE elsewhere.links (src int, dst int);
INSERT INTO elsewhere.links VALUES (1, 2), (2, 3);
CREATE TABLE elsewhere."Links; DROP TABLE karate" (src int, dst int);
INSERT INTO elsewhere."Links; DROP TABLE karate" VALUES (1, 2), (2, 3), (3, 4);
CREATE TABLE elsewhere."say ""links"", please" AS TABLE elsewhere.links;
CREATE TABLE "select" (src int, dst int);
INSERT INTO "select" VALUES (1, 2);
CREATE VIEW elsewhere.a_view AS TABLE elsewhere.links;
CREATE MATERIALIZED VIEW elsewhere.a_matview AS TABLE elsewhere.links;
CREATE TABLE elsewhere.parted (src int, dst int) PARTITION BY HASH (src);
CREATE TABLE elsewhere.part_0 PARTITION OF elsewhere.parted FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE elsewhere.part_1 PARTITION OF elsewhere.parted FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO elsewhere.parted TABLE elsewhere.links;
CREATE TEMP TABLE temporary_links AS TABLE elsewhere.links;
SELECT name, g.node_count, g.edge_count
FROM unnest(ARRAY['karate', 'KARATE', 'public.karate', '"karate"', 'elsewhere.links', '"elsewhere"."links"',
	'elsewhere."Links; DROP TABLE karate"', 'elsewhere."say ""links"", please"',
	'"select"', 'elsewhere.a_view', 'elsewhere.a_matview', 'elsewhere.parted', 'temporary_links',
	'pg_temp.temporary_links']) WITH ORDINALITY AS r (name, place),
	graph_of(name) AS g ORDER BY place;
SELECT node_count, edge_count FROM graph_of(' karate ');
SELECT node_count, edge_count FROM graph_of('Public . Karate');
SELECT count(*) FROM karate;
SELECT * FROM graph_of('no_such_table');
SELECT * FROM graph_of('elsewhere.no_such_table');
SELECT * FROM graph_of('no_such_schema.karate');
SELECT * FROM graph_of('"KARATE"');
SELECT * FROM graph_of('"select');
SELECT * FROM graph_of('a.b.c.d');
CREATE SEQUENCE elsewhere.a_sequence;
CREATE INDEX an_index ON elsewhere.links (src);
CREATE TYPE elsewhere.a_type AS (src int, dst int);
SELECT * FROM graph_of('elsewhere.a_sequence');
SELECT sqlstate_of($$SELECT graph_of('elsewhere.an_index')$$) AS an_index,
	sqlstate_of($$SELECT graph_of('elsewhere.a_type')$$) AS a_type;
/* under the caller's search_path */
SET search_path = elsewhere, public;
SELECT node_count, edge_count FROM graph_of('links');
RESET search_path;
SELECT * FROM graph_of('links');

/* A query: SELECT, VALUES, WITH or TABLE */
SELECT query, g.node_count, g.edge_count
FROM unnest(ARRAY['SELECT src, dst FROM karate', 'VALUES (1, 2), (2, 3)', 'TABLE karate',
	'WITH k AS (SELECT * FROM karate) SELECT * FROM k', 'SELECT src, dst FROM karate UNION ALL VALUES (34, 35)',
	'SELECT * FROM karate ORDER BY random() LIMIT 78',
	'WITH RECURSIVE path (src, dst) AS (VALUES (1, 2) UNION ALL SELECT dst, dst + 1 FROM path WHERE dst < 10) TABLE path',
	'SELECT DISTINCT least(src, dst), greatest(src, dst) FROM karate',
	'SELECT i, i + 1 FROM generate_series(1, 5) AS i']) WITH ORDINALITY AS q (query, place),
	graph_of(query) AS g ORDER BY place;
/* in parentheses, with comments, with a last semicolon */
SELECT node_count, edge_count FROM graph_of('(SELECT src, dst FROM karate)');
SELECT node_count, edge_count FROM graph_of('/* all */ SELECT src, dst -- of them
	FROM karate');
SELECT node_count, edge_count FROM graph_of('SELECT src, dst FROM karate;');
/* more rows than one batch */
SELECT node_count, edge_count FROM graph_of('SELECT i, i % 30000 + 1 FROM generate_series(1, 30000) AS i');
/* what the same transaction has done is seen */
BEGIN;
INSERT INTO elsewhere.links VALUES (3, 4);
SELECT node_count, edge_count FROM graph_of('elsewhere.links');
ROLLBACK;

/* Anything else is refused. */
SELECT * FROM graph_of('');
SELECT * FROM graph_of('   ');
SELECT * FROM graph_of('-- nothing');
SELECT * FROM graph_of(';');
SELECT * FROM graph_of('SELEC src, dst FROM karate');
SELECT * FROM graph_of('SELECT nothing FROM karate');
SELECT * FROM graph_of('SELECT src, dst FROM karate WHERE src = $1');
SELECT * FROM graph_of('SELECT src, dst FROM karate; SELECT src, dst FROM karate');
SELECT * FROM graph_of('SELECT src, dst FROM karate; DROP TABLE karate');
SELECT * FROM graph_of('DROP TABLE karate');
SELECT * FROM graph_of('INSERT INTO karate VALUES (98, 99) RETURNING src, dst');
SELECT * FROM graph_of('UPDATE karate SET src = src RETURNING src, dst');
SELECT * FROM graph_of('DELETE FROM karate RETURNING src, dst');
SELECT * FROM graph_of('WITH gone AS (DELETE FROM karate RETURNING *) SELECT * FROM gone');
SELECT * FROM graph_of('SELECT src, dst INTO copied FROM karate');
SELECT * FROM graph_of('CREATE TABLE copied AS TABLE karate');
SELECT * FROM graph_of('SELECT src, dst FROM karate FOR UPDATE');
SELECT * FROM graph_of('SELECT * FROM (SELECT src, dst FROM karate FOR SHARE) AS k');
SELECT * FROM graph_of('COPY karate TO STDOUT');
SELECT * FROM graph_of('EXPLAIN SELECT src, dst FROM karate');
SELECT * FROM graph_of('SHOW search_path');
SELECT * FROM graph_of('SET search_path = elsewhere');
SELECT * FROM graph_of('DO $x$ BEGIN END $x$');
SELECT * FROM graph_of('BEGIN');
SELECT * FROM graph_of('COMMIT');
SELECT * FROM graph_of('EXECUTE something');
SELECT * FROM graph_of('FETCH ALL FROM something');
SELECT * FROM graph_of('SELECT 1, 1 / 0');
SELECT count(*) FROM karate;

DROP SCHEMA elsewhere CASCADE;
DROP TABLE "select";
