/*
 * nodes: ids, features of every type, and every error in them
 */
SET client_min_messages = warning;
\set SHOW_CONTEXT never

/* nodes: the id by name or else the first column; isolated nodes; every other column a feature */
SELECT query, g.node_count, g.isolated, g.columns
FROM unnest(ARRAY['SELECT generate_series(1, 5) AS id', 'SELECT generate_series(1, 5) AS node',
	'SELECT generate_series(1, 5)', 'SELECT 1.5 AS x, i AS id, true AS y FROM generate_series(1, 5) AS i',
	'SELECT i AS anything, 0.5 AS x FROM generate_series(1, 4) AS i',
	'SELECT 0.5 AS node, i AS id FROM generate_series(1, 4) AS i']) WITH ORDINALITY AS q (query, place),
	graph_of('VALUES (1, 2), (2, 3)', query) AS g ORDER BY place;
SELECT * FROM graph_of('VALUES (1, 2), (2, 3), (9, 8)', 'VALUES (1), (2)');
SELECT * FROM graph_of('VALUES (1, 2)', 'VALUES (1), (2)', 'VALUES (3, 1)');
SELECT * FROM graph_of($$VALUES ('a', 'b')$$, $$VALUES ('a')$$);
SELECT * FROM graph_of('VALUES (1, 2)', 'VALUES (1, 0.5), (2, 0.5), (1, 0.7)');
SELECT * FROM graph_of('VALUES (1, 2)', 'VALUES (1), (2), (NULL)');
SELECT * FROM graph_of('VALUES (1, 2)', 'SELECT generate_series(1, 2) AS id, 3 AS id');
SELECT * FROM graph_of('VALUES (1, 2)', 'SELECT generate_series(1, 2) AS id, 3 AS x, 4 AS x');
SELECT * FROM graph_of('VALUES (1, 2)', 'SELECT 1 WHERE false');
SELECT * FROM graph_of('VALUES (1, 2)', 'SELECT FROM karate');
SELECT * FROM graph_of('VALUES (1, 2)', 'no_such_table');
SELECT sqlstate_of($$SELECT vgae_train('VALUES (1, 2)', 'VALUES (1)')$$) AS not_listed,
	sqlstate_of($$SELECT vgae_train('VALUES (1, 2)', 'VALUES (1), (2), (1)')$$) AS listed_twice;

/* The types of features, and how many columns each gives */
CREATE TYPE pg_temp.size AS ENUM ('small', 'medium', 'large');
SELECT type, (rows_of(format('SELECT i AS id, %s AS x FROM generate_series(1, 4) AS i', type))).columns
FROM unnest(ARRAY['i::smallint', 'i::int', 'i::bigint', 'i::real', 'i::float8', 'i::numeric', 'i > 2',
	'ARRAY[i, 2, 3]::real[]', 'ARRAY[i, 2]::float8[]', '(i % 3)::text', '(i % 3)::text::varchar(9)',
	'(enum_range(NULL::pg_temp.size))[1 + i % 2]']) WITH ORDINALITY AS t (type, place) ORDER BY place;
SELECT *
	FROM rows_of('SELECT i AS id, i AS a, i > 1 AS b, ARRAY[i, i]::real[] AS c, i::text AS d FROM generate_series(1, 3) AS i');
CREATE SCHEMA elsewhere;
/* pgvector's type, known by its name and its cast to real[]: a stand-in for it */
CREATE TYPE elsewhere.vector;
CREATE FUNCTION elsewhere.vector_in(cstring) RETURNS elsewhere.vector LANGUAGE internal IMMUTABLE STRICT AS 'textin';
CREATE FUNCTION elsewhere.vector_out(elsewhere.vector) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
CREATE TYPE elsewhere.vector (INPUT = elsewhere.vector_in, OUTPUT = elsewhere.vector_out, LIKE = text);
CREATE FUNCTION elsewhere.elements(elsewhere.vector) RETURNS real[] LANGUAGE sql IMMUTABLE
AS $$ SELECT $1::text::real[] $$;
CREATE CAST (elsewhere.vector AS real[]) WITH FUNCTION elsewhere.elements(elsewhere.vector);
SELECT *
	FROM rows_of('SELECT i AS id, format(''{%s,2,3}'', i)::elsewhere.vector AS x FROM generate_series(1, 4) AS i');
SELECT * FROM rows_of('SELECT i AS id, array_fill(1, ARRAY[i])::text::elsewhere.vector AS x
	FROM generate_series(1, 4) AS i');
SELECT * FROM rows_of('SELECT 1 AS id, ''{}''::jsonb AS x');
SELECT * FROM rows_of('SELECT 1 AS id, uuid_of(1) AS x');
SELECT * FROM rows_of('SELECT 1 AS id, ARRAY[1, 2] AS x');
SELECT * FROM rows_of('SELECT 1 AS id, ARRAY[''a''] AS x');
SELECT * FROM rows_of('SELECT 1 AS id, ''{}''::jsonb AS x, 1 AS y, uuid_of(1) AS z, ARRAY[1] AS "Z", ''10:00+02''::timetz AS t');
SELECT sqlstate_of($$SELECT vgae_train(nodes => 'SELECT 1 AS id, uuid_of(1) AS x', model => 'ae')$$) AS type,
	sqlstate_of($$SELECT vgae_train(nodes => 'SELECT 1 AS id, uuid_of(1) AS x, uuid_of(2) AS y', model => 'ae')$$) AS types;

/* Non-finite features: the row's key is named. */
SELECT * FROM rows_of('VALUES (1, ''{1,2}''::real[]), (7, ''{1,NaN}'')');
SELECT * FROM rows_of('VALUES (1, ''{1,2}''::real[]), (7, ''{NULL,NaN}'')');
SELECT * FROM rows_of('VALUES (1, ''{1,2}''::float8[]), (7, ''{1,-Infinity}'')');
SELECT * FROM rows_of('VALUES (1, ''{1,2}''::float8[]), (7, ''{1,1e300}'')');
SELECT * FROM rows_of('VALUES (1, 0.5::float8), (7, ''NaN'')');
SELECT * FROM rows_of('VALUES (1, 0.5::real), (7, ''Infinity'')');
SELECT * FROM rows_of('VALUES (1, 0.5), (7, ''NaN''::numeric)');
SELECT * FROM rows_of('VALUES (1, 0.5), (7, 1e400)');
SELECT * FROM rows_of('VALUES (''Valjean'', 0.5::float8), (''Javert'', ''NaN'')');
SELECT * FROM rows_of('SELECT uuid_of(i), CASE i WHEN 2 THEN ''NaN'' ELSE i::float8 END AS x FROM generate_series(1, 3) AS i');
SELECT sqlstate_of($$SELECT vgae_train(nodes => 'VALUES (1, 0.5::float8), (7, ''NaN'')', model => 'ae')$$) AS nan;

/* Arrays have one length, at least 1, and one dimension. */
SELECT * FROM rows_of('VALUES (1, ''{1,2}''::real[]), (7, ''{1,2,3}'')');
SELECT * FROM rows_of('VALUES (1, ''{}''::real[]), (7, ''{}'')');
SELECT * FROM rows_of('VALUES (1, ''{1,2,3,4}''::real[]), (7, ''{{1,2},{3,4}}'')');
SELECT columns FROM rows_of('VALUES (1, ''{1,2}''::real[]), (7, ''[0:1]={1,2}'')');

/* One-hot: up to 1000 categories */
SELECT columns FROM rows_of('SELECT i AS id, (i % 1000)::text AS x FROM generate_series(1, 2000) AS i');
SELECT * FROM rows_of('SELECT i AS id, (i % 1001)::text AS x FROM generate_series(1, 2000) AS i');
SELECT columns FROM rows_of('VALUES (1, ''a''), (2, ''A''), (3, ''''), (4, ''a '')');

DROP SCHEMA elsewhere CASCADE;
