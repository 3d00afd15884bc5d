/*
 * edges: their columns, and which rows are edges
 */
SET client_min_messages = warning;
\set SHOW_CONTEXT never

/* edges: columns by name, in any order, others ignored; else two or three by position */
SELECT query, g.node_count, g.edge_count, g.weighted
FROM unnest(ARRAY['SELECT 1 AS src, 2 AS dst', 'SELECT 2 AS dst, 1 AS src', 'SELECT 1 AS source, 2 AS target',
	'SELECT now() AS since, 2 AS dst, ''x'' AS label, 1 AS src',
	'SELECT 1 AS src, 2 AS dst, 3 AS weight', 'SELECT 3 AS weight, 2 AS target, 1 AS source',
	'SELECT 3 AS weight, now() AS since, 2 AS dst, 1 AS src',
	'SELECT 1 AS src, 2 AS dst, ''text'' AS remark', 'SELECT 1 AS a, 2 AS b', 'SELECT 1 AS a, 2 AS b, 3 AS c',
	'SELECT 1, 2', 'SELECT 1, 2, 0.5', 'SELECT 1 AS src, 2 AS target',
	'SELECT 7 AS source, 2 AS dst, 7 AS src, 8 AS target', 'SELECT 1 AS "SRC", 2 AS "DST"'])
	WITH ORDINALITY AS q (query, place), graph_of(query) AS g ORDER BY place;
CREATE TEMP TABLE dropped (gone text, a int, also_gone int, b int);
ALTER TABLE dropped DROP COLUMN gone, DROP COLUMN also_gone;
INSERT INTO dropped VALUES (1, 2);
SELECT node_count, edge_count, weighted FROM graph_of('dropped');
SELECT * FROM graph_of('SELECT 1');
SELECT * FROM graph_of('SELECT 1 AS a, 2 AS b, 3 AS c, 4 AS d');
SELECT * FROM graph_of('SELECT FROM karate');
SELECT * FROM graph_of('SELECT 1 AS src, 2 AS a, 3 AS b, 4 AS c');
SELECT * FROM graph_of('SELECT 1 AS src, 2 AS dst, 3 AS dst');
SELECT * FROM graph_of('SELECT 1 AS src, 2 AS dst, ''heavy'' AS weight');
SELECT * FROM graph_of('SELECT 1 AS src, 2 AS dst, true AS weight');
SELECT * FROM graph_of('SELECT 1, 2, ''heavy''');
/* a number that is the third column of three, but not the weight */
SET client_min_messages = notice;
SELECT query, g.edge_count, g.weighted
FROM unnest(ARRAY['SELECT 1 AS src, 2 AS dst, 3 AS "how often"', 'SELECT 0.5 AS x, 2 AS target, 1 AS source',
	'SELECT 1 AS src, 2 AS dst, 3 AS weight', 'SELECT 1 AS src, 2 AS dst, now() AS since', 'SELECT 1 AS a, 2 AS b, 3 AS c',
	'SELECT 1 AS src, 2 AS dst, 3 AS a, 4 AS b', 'SELECT 1 AS src, 2 AS dst'])
	WITH ORDINALITY AS q (query, place), graph_of(query) AS g ORDER BY place;
SET client_min_messages = warning;

/* Duplicates, self-loops and zero weights are dropped and counted. */
SELECT edge_count, duplicates, loops, zeros, weighted
	FROM graph_of('VALUES (1, 2), (2, 1), (1, 2), (2, 3), (3, 3), (4, 4)');
SELECT edge_count, duplicates, loops, zeros, weighted
	FROM graph_of('VALUES (1, 2), (2, 1), (1, 2), (2, 3), (3, 3), (4, 4)', directed => true);
SELECT node_count, isolated, edge_count, duplicates, loops, zeros, weighted
	FROM graph_of('VALUES (1, 2, 1.0), (2, 1, 2), (3, 3, 1), (2, 3, 0), (3, 4, 0.5), (5, 6, 0)');
SELECT node_count, isolated, edge_count FROM graph_of('VALUES (1, 2), (7, 7)');
/* without weights a duplicate counts once; with weights they add up */
SELECT same_graph('VALUES (1, 2), (2, 3), (2, 1)', 'VALUES (1, 2), (2, 3)') AS binary_,
	same_graph('VALUES (1, 2, 1), (2, 3, 1), (2, 1, 2)', 'VALUES (1, 2, 3), (2, 3, 1)') AS added_up,
	same_graph('VALUES (1, 2, 1), (2, 3, 1), (2, 1, 2)', 'VALUES (1, 2, 1), (2, 3, 1)') AS first_alone,
	same_graph('VALUES (1, 2, 0.25), (2, 3, 1), (2, 1, 0.5), (1, 2, 0.25)',
	'VALUES (1, 2, 0.5), (2, 1, 0.25), (3, 2, 1), (1, 2, 0.25)') AS in_any_order;
SELECT name, same_graph(format('VALUES (1, 2, 2::%1$s), (2, 3, 1::%1$s)', name),
	'VALUES (1, 2, 2::float8), (2, 3, 1::float8)') AS same
	FROM unnest('{smallint,int,bigint,real,float8,numeric}'::text[]) AS name;
SELECT * FROM graph_of('VALUES (1, 2, 1.0), (2, 3, -0.5)');
SELECT * FROM graph_of('VALUES (1, 2, 1.0), (2, 3, ''NaN'')');
SELECT * FROM graph_of('VALUES (1, 2, 1.0), (2, 3, ''Infinity''::float8)');
SELECT * FROM graph_of('VALUES (1, 2, 1e300), (1, 2, 1e300::float8)');
SELECT * FROM graph_of('VALUES (1, 2, 1e400)');
SELECT * FROM graph_of('VALUES (1, 2, 1.0), (2, 3, NULL)');
SELECT * FROM graph_of('SELECT src, dst, -weight AS weight FROM miserables');
SELECT * FROM graph_of('VALUES (1, 2, 3e38::real), (2, 1, 3e38)');
SELECT sqlstate_of($$SELECT vgae_train('VALUES (1, 2, -1)')$$) AS negative,
	sqlstate_of($$SELECT vgae_train('VALUES (1, 2, ''NaN''::float8)')$$) AS nan;

/* At least one edge must remain. */
SELECT * FROM graph_of('SELECT src, dst FROM karate WHERE false');
SELECT * FROM graph_of('VALUES (1, 1), (2, 2)');
SELECT * FROM graph_of('VALUES (1, 2, 0), (2, 3, 0)');

/* A graph of one edge */
SELECT node_count, edge_count FROM graph_of('VALUES (1, 2)');
SELECT vgae_train('VALUES (1, 2)') IS NOT NULL AS trained;
