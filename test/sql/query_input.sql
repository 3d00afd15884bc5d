/*
 * edges, nodes and features: what they may be, what is read from them, and every
 * error in them.
 */
SET client_min_messages = warning;
\set SHOW_CONTEXT never

/* What was read: the graph, by an untrained vgae; the rows, by an untrained ae */
CREATE FUNCTION pg_temp.graph(edges text, nodes text DEFAULT NULL, features text DEFAULT NULL,
	directed boolean DEFAULT false)
RETURNS TABLE (key_type text, node_count int, isolated int, edge_count int, duplicates int, loops int, zeros int,
	weighted boolean, columns int)
LANGUAGE sql AS $$
	SELECT i->>'node_type', (i->>'nodes')::int, (i->>'isolated_nodes')::int, (i->>'edges')::int,
		(i->>'duplicate_edges')::int, (i->>'self_loops')::int, (i->>'zero_weight_edges')::int,
		(i->>'weighted')::boolean, (i->>'features')::int
	FROM (SELECT vgae_train(edges, nodes, features, hidden_dims => '{}', latent_dim => 2, epochs => 0,
			validation_fraction => 0, directed => directed) AS model) AS trained,
		vgae_info(model) AS i
$$;
CREATE FUNCTION pg_temp.rows(nodes text, features text DEFAULT NULL, reconstruction text DEFAULT 'mse')
RETURNS TABLE (key_type text, row_count int, columns int)
LANGUAGE sql AS $$
	SELECT i->>'node_type', (i->>'nodes')::int, (i->>'features')::int
	FROM (SELECT vgae_train(nodes => nodes, features => features, model => 'ae', reconstruction => reconstruction,
			hidden_dims => '{}', latent_dim => 2, epochs => 0, validation_fraction => 0) AS model) AS trained,
		vgae_info(model) AS i
$$;
/* Do two inputs come to the same graph, as far as training can tell? */
CREATE FUNCTION pg_temp.same(a text, b text) RETURNS boolean
LANGUAGE sql AS $$
	SELECT bool_and(x.embedding = y.embedding)
	FROM vgae_embeddings(vgae_train(a, latent_dim => 2, epochs => 10, validation_fraction => 0)) AS x
		FULL JOIN vgae_embeddings(vgae_train(b, latent_dim => 2, epochs => 10, validation_fraction => 0)) AS y
		USING (node)
$$;


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
	pg_temp.graph(name) AS g ORDER BY place;
SELECT node_count, edge_count FROM pg_temp.graph(' karate ');
SELECT node_count, edge_count FROM pg_temp.graph('Public . Karate');
SELECT count(*) FROM karate;
SELECT * FROM pg_temp.graph('no_such_table');
SELECT * FROM pg_temp.graph('elsewhere.no_such_table');
SELECT * FROM pg_temp.graph('no_such_schema.karate');
SELECT * FROM pg_temp.graph('"KARATE"');
SELECT * FROM pg_temp.graph('"select');
SELECT * FROM pg_temp.graph('a.b.c.d');
CREATE SEQUENCE elsewhere.a_sequence;
CREATE INDEX an_index ON elsewhere.links (src);
CREATE TYPE elsewhere.a_type AS (src int, dst int);
SELECT * FROM pg_temp.graph('elsewhere.a_sequence');
SELECT sqlstate_of($$SELECT pg_temp.graph('elsewhere.an_index')$$) AS an_index,
	sqlstate_of($$SELECT pg_temp.graph('elsewhere.a_type')$$) AS a_type;
/* under the caller's search_path */
SET search_path = elsewhere, public;
SELECT node_count, edge_count FROM pg_temp.graph('links');
RESET search_path;
SELECT * FROM pg_temp.graph('links');

/* A query: SELECT, VALUES, WITH or TABLE */
SELECT query, g.node_count, g.edge_count
FROM unnest(ARRAY['SELECT src, dst FROM karate', 'VALUES (1, 2), (2, 3)', 'TABLE karate',
	'WITH k AS (SELECT * FROM karate) SELECT * FROM k', 'SELECT src, dst FROM karate UNION ALL VALUES (34, 35)',
	'SELECT * FROM karate ORDER BY random() LIMIT 78',
	'WITH RECURSIVE path (src, dst) AS (VALUES (1, 2) UNION ALL SELECT dst, dst + 1 FROM path WHERE dst < 10) TABLE path',
	'SELECT DISTINCT least(src, dst), greatest(src, dst) FROM karate',
	'SELECT i, i + 1 FROM generate_series(1, 5) AS i']) WITH ORDINALITY AS q (query, place),
	pg_temp.graph(query) AS g ORDER BY place;
/* in parentheses, with comments, with a last semicolon */
SELECT node_count, edge_count FROM pg_temp.graph('(SELECT src, dst FROM karate)');
SELECT node_count, edge_count FROM pg_temp.graph('/* all */ SELECT src, dst -- of them
	FROM karate');
SELECT node_count, edge_count FROM pg_temp.graph('SELECT src, dst FROM karate;');
/* more rows than one batch */
SELECT node_count, edge_count FROM pg_temp.graph('SELECT i, i % 30000 + 1 FROM generate_series(1, 30000) AS i');
/* what the same transaction has done is seen */
BEGIN;
INSERT INTO elsewhere.links VALUES (3, 4);
SELECT node_count, edge_count FROM pg_temp.graph('elsewhere.links');
ROLLBACK;

/* Anything else is refused. */
SELECT * FROM pg_temp.graph('');
SELECT * FROM pg_temp.graph('   ');
SELECT * FROM pg_temp.graph('-- nothing');
SELECT * FROM pg_temp.graph(';');
SELECT * FROM pg_temp.graph('SELEC src, dst FROM karate');
SELECT * FROM pg_temp.graph('SELECT nothing FROM karate');
SELECT * FROM pg_temp.graph('SELECT src, dst FROM karate WHERE src = $1');
SELECT * FROM pg_temp.graph('SELECT src, dst FROM karate; SELECT src, dst FROM karate');
SELECT * FROM pg_temp.graph('SELECT src, dst FROM karate; DROP TABLE karate');
SELECT * FROM pg_temp.graph('DROP TABLE karate');
SELECT * FROM pg_temp.graph('INSERT INTO karate VALUES (98, 99) RETURNING src, dst');
SELECT * FROM pg_temp.graph('UPDATE karate SET src = src RETURNING src, dst');
SELECT * FROM pg_temp.graph('DELETE FROM karate RETURNING src, dst');
SELECT * FROM pg_temp.graph('WITH gone AS (DELETE FROM karate RETURNING *) SELECT * FROM gone');
SELECT * FROM pg_temp.graph('SELECT src, dst INTO copied FROM karate');
SELECT * FROM pg_temp.graph('CREATE TABLE copied AS TABLE karate');
SELECT * FROM pg_temp.graph('SELECT src, dst FROM karate FOR UPDATE');
SELECT * FROM pg_temp.graph('SELECT * FROM (SELECT src, dst FROM karate FOR SHARE) AS k');
SELECT * FROM pg_temp.graph('COPY karate TO STDOUT');
SELECT * FROM pg_temp.graph('EXPLAIN SELECT src, dst FROM karate');
SELECT * FROM pg_temp.graph('SHOW search_path');
SELECT * FROM pg_temp.graph('SET search_path = elsewhere');
SELECT * FROM pg_temp.graph('DO $x$ BEGIN END $x$');
SELECT * FROM pg_temp.graph('BEGIN');
SELECT * FROM pg_temp.graph('COMMIT');
SELECT * FROM pg_temp.graph('EXECUTE something');
SELECT * FROM pg_temp.graph('FETCH ALL FROM something');
SELECT * FROM pg_temp.graph('SELECT 1, 1 / 0');
SELECT count(*) FROM karate;

/* A function in the query cannot write either, and cannot allow itself to. */
CREATE TABLE written (n int);
CREATE SEQUENCE counter;
CREATE FUNCTION writes(n int) RETURNS int LANGUAGE sql AS $$ INSERT INTO written VALUES (n) RETURNING n $$;
SELECT * FROM pg_temp.graph('SELECT writes(src), dst FROM karate');
SELECT * FROM pg_temp.graph('SELECT nextval(''counter''), dst FROM karate');
SELECT sqlstate_of($$SELECT vgae_train('SELECT src, dst FROM karate
	WHERE set_config(''transaction_read_only'', ''off'', false) IS NOT NULL AND writes(src) > 0')$$) LIKE '25%'
	AS allowing_itself_is_refused;
SELECT sqlstate_of($$SELECT vgae_train('SELECT writes(src), dst FROM karate')$$) AS writing;
/* Afterwards, also after an error in a subtransaction, the caller can write as before. */
BEGIN;
SELECT vgae_train('karate', epochs => 1) IS NOT NULL AS trained,
	sqlstate_of($$SELECT vgae_train('SELECT writes(src), dst FROM karate')$$) AS writing;
SHOW transaction_read_only;
SELECT writes(1);
COMMIT;
TABLE written;
/* In a read-only transaction training works, and leaves it read-only. */
BEGIN READ ONLY;
SELECT vgae_train('karate', epochs => 1) IS NOT NULL AS trained;
SHOW transaction_read_only;
SELECT writes(2);
ROLLBACK;
/* Training within a query of training, since reading is all that it does */
SELECT node_count
	FROM pg_temp.graph('SELECT src, dst FROM karate WHERE vgae_train(''VALUES (1, 2), (2, 3)'', epochs => 1) IS NOT NULL');

/* With the caller's rights, row security included */
DROP ROLE IF EXISTS regress_vgae_reader;
CREATE ROLE regress_vgae_reader;
CREATE TABLE guarded AS TABLE karate;
ALTER TABLE guarded ENABLE ROW LEVEL SECURITY;
CREATE POLICY few ON guarded USING (src < 3);
GRANT SELECT ON guarded TO regress_vgae_reader;
REVOKE ALL ON miserables FROM PUBLIC;
SET ROLE regress_vgae_reader;
SELECT vgae_train('miserables') IS NULL;
SELECT vgae_train('SELECT src, dst FROM miserables') IS NULL;
SELECT (vgae_info(vgae_train('guarded', epochs => 1))->>'edges')::int = (SELECT count(*)
	FROM guarded) AS only_what_the_policy_shows, count(*) AS shown FROM guarded;
RESET ROLE;
DROP TABLE guarded;
DROP ROLE regress_vgae_reader;

/* edges: columns by name, in any order, others ignored; else two or three by position */
SELECT query, g.node_count, g.edge_count, g.weighted
FROM unnest(ARRAY['SELECT 1 AS src, 2 AS dst', 'SELECT 2 AS dst, 1 AS src', 'SELECT 1 AS source, 2 AS target',
	'SELECT now() AS since, 2 AS dst, ''x'' AS label, 1 AS src',
	'SELECT 1 AS src, 2 AS dst, 3 AS weight', 'SELECT 3 AS weight, 2 AS target, 1 AS source',
	'SELECT 3 AS weight, now() AS since, 2 AS dst, 1 AS src',
	'SELECT 1 AS src, 2 AS dst, ''text'' AS remark', 'SELECT 1 AS a, 2 AS b', 'SELECT 1 AS a, 2 AS b, 3 AS c',
	'SELECT 1, 2', 'SELECT 1, 2, 0.5', 'SELECT 1 AS src, 2 AS target',
	'SELECT 7 AS source, 2 AS dst, 7 AS src, 8 AS target', 'SELECT 1 AS "SRC", 2 AS "DST"'])
	WITH ORDINALITY AS q (query, place), pg_temp.graph(query) AS g ORDER BY place;
CREATE TEMP TABLE dropped (gone text, a int, also_gone int, b int);
ALTER TABLE dropped DROP COLUMN gone, DROP COLUMN also_gone;
INSERT INTO dropped VALUES (1, 2);
SELECT node_count, edge_count, weighted FROM pg_temp.graph('dropped');
SELECT * FROM pg_temp.graph('SELECT 1');
SELECT * FROM pg_temp.graph('SELECT 1 AS a, 2 AS b, 3 AS c, 4 AS d');
SELECT * FROM pg_temp.graph('SELECT FROM karate');
SELECT * FROM pg_temp.graph('SELECT 1 AS src, 2 AS a, 3 AS b, 4 AS c');
SELECT * FROM pg_temp.graph('SELECT 1 AS src, 2 AS dst, 3 AS dst');
SELECT * FROM pg_temp.graph('SELECT 1 AS src, 2 AS dst, ''heavy'' AS weight');
SELECT * FROM pg_temp.graph('SELECT 1 AS src, 2 AS dst, true AS weight');
SELECT * FROM pg_temp.graph('SELECT 1, 2, ''heavy''');

/* Keys: integers that may mix, text and varchar, uuid, and domains over them */
CREATE DOMAIN pg_temp.person AS text;
CREATE DOMAIN pg_temp.number AS bigint CHECK (value > 0);
CREATE TYPE pg_temp.colour AS ENUM ('red', 'green');
SELECT query, g.key_type, g.node_count
FROM unnest(ARRAY['SELECT 1::smallint, 2::smallint', 'SELECT 1::smallint, 2::bigint',
	'SELECT 1::int, 9223372036854775807::bigint', 'VALUES (-5, 0), (0, -9223372036854775808)',
	'SELECT ''a''::text, ''b''::varchar', 'SELECT ''a''::varchar(5), ''''', 'SELECT uuid_of(1), uuid_of(2)'])
	WITH ORDINALITY AS q (query, place), pg_temp.graph(query) AS g ORDER BY place;
SELECT key_type, node_count FROM pg_temp.graph('SELECT 1::pg_temp.number, 2');
SELECT key_type, node_count FROM pg_temp.graph('SELECT ''a''::pg_temp.person, ''b''');
SELECT * FROM pg_temp.graph('SELECT 1, ''b''::text');
SELECT * FROM pg_temp.graph('SELECT uuid_of(1), ''b''::text');
SELECT * FROM pg_temp.graph('SELECT 1.5, 2.5');
SELECT * FROM pg_temp.graph('SELECT 1::float8, 2::float8');
SELECT * FROM pg_temp.graph('SELECT 1::oid, 2::oid');
SELECT * FROM pg_temp.graph('SELECT true AS a, false AS b');
SELECT * FROM pg_temp.graph('SELECT ''a''::char(3), ''b''::char(3)');
SELECT * FROM pg_temp.graph('SELECT now(), now()');
SELECT * FROM pg_temp.graph('SELECT ''red''::pg_temp.colour, ''green''::pg_temp.colour');
SELECT * FROM pg_temp.graph('SELECT ARRAY[1], ARRAY[2]');
SELECT * FROM pg_temp.graph('SELECT 1, 2', 'SELECT ''a''::text AS id');
SELECT * FROM pg_temp.graph('SELECT uuid_of(1), uuid_of(2)', 'SELECT 1 AS id');
SELECT * FROM pg_temp.graph('SELECT 1, 2', NULL, 'SELECT ''a''::text, 1');
SELECT key_type, node_count FROM pg_temp.graph('SELECT 1::smallint, 2::smallint',
	'SELECT generate_series(1, 3)::bigint AS id', 'SELECT 1, 5');
SELECT * FROM pg_temp.graph('VALUES (1, 2), (2, NULL)');
SELECT * FROM pg_temp.graph('VALUES (1, 2), (NULL, 2)');
SELECT * FROM pg_temp.graph('VALUES (NULL::int, NULL::int)');
SELECT sqlstate_of($$SELECT vgae_train('SELECT 1.5, 2.5')$$) AS key_type,
	sqlstate_of($$SELECT vgae_train('SELECT 1, ''b''::text')$$) AS two_types,
	sqlstate_of($$SELECT vgae_train('VALUES (1, 2), (2, NULL)')$$) AS null_key,
	sqlstate_of($$SELECT vgae_train('no_such_table')$$) AS no_table,
	sqlstate_of($$SELECT vgae_train('SELECT 1')$$) AS columns,
	sqlstate_of($$SELECT vgae_train('INSERT INTO karate VALUES (1, 2)')$$) AS not_a_query;
/* in the order of their bytes, whatever the collation */
SELECT array_agg(node ORDER BY place) FROM ROWS
	FROM (vgae_embeddings(vgae_train($$VALUES ('b', 'Z'), ('a', 'B'), ('aa', 'a b'), ('_', 'a')$$, epochs => 0),
	NULL::text)) WITH ORDINALITY AS e (node, embedding, stddev, place);
SELECT array_agg(node ORDER BY place) FROM ROWS
	FROM (vgae_embeddings(vgae_train('VALUES (10, 9), (-1, 2), (100, 9)', epochs => 0))) WITH ORDINALITY AS e (node,
	embedding, stddev, place);

/* Integers whose table grows at both ends, at once or in turns, or to the ends of what there is */
CREATE TEMP TABLE spread AS
SELECT 'both ways' AS name, i AS place, i::bigint AS src, -i::bigint AS dst FROM generate_series(1, 200000) AS i
UNION ALL SELECT 'both ways, with gaps', i, 3 * i, -3 * i FROM generate_series(1, 20000) AS i
UNION ALL SELECT 'in turns', i, x, x + 1
	FROM generate_series(1, 20000) AS i, LATERAL (SELECT CASE i / 2000 % 2 WHEN 0 THEN i ELSE -i END) AS s (x)
UNION ALL SELECT 'down to the least', 1000 - i, -9223372036854775808 + i, -9223372036854775807 + i
	FROM generate_series(0, 1000) AS i, generate_series(0, (i = 0)::int * 1000)
UNION ALL SELECT 'down to the least', 1001, -9223372036854775808, 9223372036854775807
UNION ALL SELECT 'up to the greatest', 1000 - i, 9223372036854775807 - i, 9223372036854775806 - i
	FROM generate_series(0, 1000) AS i, generate_series(0, (i = 0)::int * 1000)
UNION ALL SELECT 'up to the greatest', 1001, -9223372036854775808, 9223372036854775807;
CREATE TEMP TABLE spread_models AS
SELECT name, vgae_train(format('SELECT src, dst FROM spread WHERE name = %L ORDER BY place', name), hidden_dims => '{}',
	latent_dim => 2, epochs => 0, validation_fraction => 0) AS model
FROM (SELECT DISTINCT name FROM spread) AS names;
SELECT name, count(*) AS keys, bool_and(ascends) AS in_order
FROM (SELECT name, coalesce(node > lag(node) OVER (PARTITION BY name ORDER BY place), true) AS ascends
	FROM spread_models, ROWS FROM (vgae_embeddings(model)) WITH ORDINALITY AS e (node, embedding, stddev, place)) AS k
GROUP BY name ORDER BY name COLLATE "C";
SELECT m.name, count(*) AS edges, count(s.name) AS as_given
FROM spread_models AS m CROSS JOIN vgae_anomalies(model, k => 1000000) AS a
	LEFT JOIN (SELECT DISTINCT * FROM spread) AS s ON s.name = m.name AND least(s.src, s.dst) = a.src AND greatest(s.src, s.dst) = a.dst
GROUP BY m.name ORDER BY m.name COLLATE "C";
DROP TABLE spread, spread_models;

/* Duplicates, self-loops and zero weights are dropped and counted. */
SELECT edge_count, duplicates, loops, zeros, weighted
	FROM pg_temp.graph('VALUES (1, 2), (2, 1), (1, 2), (2, 3), (3, 3), (4, 4)');
SELECT edge_count, duplicates, loops, zeros, weighted
	FROM pg_temp.graph('VALUES (1, 2), (2, 1), (1, 2), (2, 3), (3, 3), (4, 4)', directed => true);
SELECT node_count, isolated, edge_count, duplicates, loops, zeros, weighted
	FROM pg_temp.graph('VALUES (1, 2, 1.0), (2, 1, 2), (3, 3, 1), (2, 3, 0), (3, 4, 0.5), (5, 6, 0)');
SELECT node_count, isolated, edge_count FROM pg_temp.graph('VALUES (1, 2), (7, 7)');
/* without weights a duplicate counts once; with weights they add up */
SELECT pg_temp.same('VALUES (1, 2), (2, 3), (2, 1)', 'VALUES (1, 2), (2, 3)') AS binary_,
	pg_temp.same('VALUES (1, 2, 1), (2, 3, 1), (2, 1, 2)', 'VALUES (1, 2, 3), (2, 3, 1)') AS added_up,
	pg_temp.same('VALUES (1, 2, 1), (2, 3, 1), (2, 1, 2)', 'VALUES (1, 2, 1), (2, 3, 1)') AS first_alone,
	pg_temp.same('VALUES (1, 2, 0.25), (2, 3, 1), (2, 1, 0.5), (1, 2, 0.25)',
	'VALUES (1, 2, 0.5), (2, 1, 0.25), (3, 2, 1), (1, 2, 0.25)') AS in_any_order;
SELECT name, pg_temp.same(format('VALUES (1, 2, 2::%1$s), (2, 3, 1::%1$s)', name),
	'VALUES (1, 2, 2::float8), (2, 3, 1::float8)') AS same
	FROM unnest('{smallint,int,bigint,real,float8,numeric}'::text[]) AS name;
SELECT * FROM pg_temp.graph('VALUES (1, 2, 1.0), (2, 3, -0.5)');
SELECT * FROM pg_temp.graph('VALUES (1, 2, 1.0), (2, 3, ''NaN'')');
SELECT * FROM pg_temp.graph('VALUES (1, 2, 1.0), (2, 3, ''Infinity''::float8)');
SELECT * FROM pg_temp.graph('VALUES (1, 2, 1e300), (1, 2, 1e300::float8)');
SELECT * FROM pg_temp.graph('VALUES (1, 2, 1e400)');
SELECT * FROM pg_temp.graph('VALUES (1, 2, 1.0), (2, 3, NULL)');
SELECT * FROM pg_temp.graph('SELECT src, dst, -weight AS weight FROM miserables');
SELECT * FROM pg_temp.graph('VALUES (1, 2, 3e38::real), (2, 1, 3e38)');
SELECT sqlstate_of($$SELECT vgae_train('VALUES (1, 2, -1)')$$) AS negative,
	sqlstate_of($$SELECT vgae_train('VALUES (1, 2, ''NaN''::float8)')$$) AS nan;

/* At least one edge must remain. */
SELECT * FROM pg_temp.graph('SELECT src, dst FROM karate WHERE false');
SELECT * FROM pg_temp.graph('VALUES (1, 1), (2, 2)');
SELECT * FROM pg_temp.graph('VALUES (1, 2, 0), (2, 3, 0)');

/* nodes: the id by name or else the first column; isolated nodes; every other column a feature */
SELECT query, g.node_count, g.isolated, g.columns
FROM unnest(ARRAY['SELECT generate_series(1, 5) AS id', 'SELECT generate_series(1, 5) AS node',
	'SELECT generate_series(1, 5)', 'SELECT 1.5 AS x, i AS id, true AS y FROM generate_series(1, 5) AS i',
	'SELECT i AS anything, 0.5 AS x FROM generate_series(1, 4) AS i',
	'SELECT 0.5 AS node, i AS id FROM generate_series(1, 4) AS i']) WITH ORDINALITY AS q (query, place),
	pg_temp.graph('VALUES (1, 2), (2, 3)', query) AS g ORDER BY place;
SELECT * FROM pg_temp.graph('VALUES (1, 2), (2, 3), (9, 8)', 'VALUES (1), (2)');
SELECT * FROM pg_temp.graph('VALUES (1, 2)', 'VALUES (1), (2)', 'VALUES (3, 1)');
SELECT * FROM pg_temp.graph($$VALUES ('a', 'b')$$, $$VALUES ('a')$$);
SELECT * FROM pg_temp.graph('VALUES (1, 2)', 'VALUES (1, 0.5), (2, 0.5), (1, 0.7)');
SELECT * FROM pg_temp.graph('VALUES (1, 2)', 'VALUES (1), (2), (NULL)');
SELECT * FROM pg_temp.graph('VALUES (1, 2)', 'SELECT generate_series(1, 2) AS id, 3 AS id');
SELECT * FROM pg_temp.graph('VALUES (1, 2)', 'SELECT generate_series(1, 2) AS id, 3 AS x, 4 AS x');
SELECT * FROM pg_temp.graph('VALUES (1, 2)', 'SELECT 1 WHERE false');
SELECT * FROM pg_temp.graph('VALUES (1, 2)', 'SELECT FROM karate');
SELECT * FROM pg_temp.graph('VALUES (1, 2)', 'no_such_table');
SELECT sqlstate_of($$SELECT vgae_train('VALUES (1, 2)', 'VALUES (1)')$$) AS not_listed,
	sqlstate_of($$SELECT vgae_train('VALUES (1, 2)', 'VALUES (1), (2), (1)')$$) AS listed_twice;

/* The types of features, and how many columns each gives */
CREATE TYPE pg_temp.size AS ENUM ('small', 'medium', 'large');
SELECT type, (pg_temp.rows(format('SELECT i AS id, %s AS x FROM generate_series(1, 4) AS i', type))).columns
FROM unnest(ARRAY['i::smallint', 'i::int', 'i::bigint', 'i::real', 'i::float8', 'i::numeric', 'i > 2',
	'ARRAY[i, 2, 3]::real[]', 'ARRAY[i, 2]::float8[]', '(i % 3)::text', '(i % 3)::text::varchar(9)',
	'(enum_range(NULL::pg_temp.size))[1 + i % 2]']) WITH ORDINALITY AS t (type, place) ORDER BY place;
SELECT *
	FROM pg_temp.rows('SELECT i AS id, i AS a, i > 1 AS b, ARRAY[i, i]::real[] AS c, i::text AS d FROM generate_series(1, 3) AS i');
/* pgvector's type, known by its name and its cast to real[]: a stand-in for it */
CREATE TYPE elsewhere.vector;
CREATE FUNCTION elsewhere.vector_in(cstring) RETURNS elsewhere.vector LANGUAGE internal IMMUTABLE STRICT AS 'textin';
CREATE FUNCTION elsewhere.vector_out(elsewhere.vector) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
CREATE TYPE elsewhere.vector (INPUT = elsewhere.vector_in, OUTPUT = elsewhere.vector_out, LIKE = text);
CREATE FUNCTION elsewhere.elements(elsewhere.vector) RETURNS real[] LANGUAGE sql IMMUTABLE
AS $$ SELECT $1::text::real[] $$;
CREATE CAST (elsewhere.vector AS real[]) WITH FUNCTION elsewhere.elements(elsewhere.vector);
SELECT *
	FROM pg_temp.rows('SELECT i AS id, format(''{%s,2,3}'', i)::elsewhere.vector AS x FROM generate_series(1, 4) AS i');
SELECT * FROM pg_temp.rows('SELECT i AS id, array_fill(1, ARRAY[i])::text::elsewhere.vector AS x
	FROM generate_series(1, 4) AS i');
SELECT * FROM pg_temp.rows('SELECT 1 AS id, now() AS x');
SELECT * FROM pg_temp.rows('SELECT 1 AS id, ''{}''::jsonb AS x');
SELECT * FROM pg_temp.rows('SELECT 1 AS id, uuid_of(1) AS x');
SELECT * FROM pg_temp.rows('SELECT 1 AS id, ARRAY[1, 2] AS x');
SELECT * FROM pg_temp.rows('SELECT 1 AS id, ARRAY[''a''] AS x');
SELECT sqlstate_of($$SELECT vgae_train(nodes => 'SELECT 1 AS id, now() AS x', model => 'ae')$$) AS type;

/* NULL and non-finite features: the row's key is named. */
SELECT * FROM pg_temp.rows('VALUES (1, 0.5), (7, NULL)');
SELECT * FROM pg_temp.rows('VALUES (1, true), (7, NULL)');
SELECT * FROM pg_temp.rows('VALUES (1, ''a''), (7, NULL)');
SELECT * FROM pg_temp.rows('VALUES (1, ''{1,2}''::real[]), (7, NULL)');
SELECT * FROM pg_temp.rows('VALUES (1, ''{1,2}''::real[]), (7, ''{1,NULL}'')');
SELECT * FROM pg_temp.rows('VALUES (1, ''{1,2}''::real[]), (7, ''{1,NaN}'')');
SELECT * FROM pg_temp.rows('VALUES (1, ''{1,2}''::float8[]), (7, ''{1,-Infinity}'')');
SELECT * FROM pg_temp.rows('VALUES (1, ''{1,2}''::float8[]), (7, ''{1,1e300}'')');
SELECT * FROM pg_temp.rows('VALUES (1, 0.5::float8), (7, ''NaN'')');
SELECT * FROM pg_temp.rows('VALUES (1, 0.5::real), (7, ''Infinity'')');
SELECT * FROM pg_temp.rows('VALUES (1, 0.5), (7, ''NaN''::numeric)');
SELECT * FROM pg_temp.rows('VALUES (1, 0.5), (7, 1e400)');
SELECT * FROM pg_temp.rows('VALUES (''Valjean'', 0.5::float8), (''Javert'', NULL)');
SELECT * FROM pg_temp.rows('SELECT uuid_of(i), nullif(i, 2) AS x FROM generate_series(1, 3) AS i');
SELECT sqlstate_of($$SELECT vgae_train(nodes => 'VALUES (1, 0.5), (7, NULL)', model => 'ae')$$) AS null_feature,
	sqlstate_of($$SELECT vgae_train(nodes => 'VALUES (1, 0.5::float8), (7, ''NaN'')', model => 'ae')$$) AS nan;

/* Arrays have one length, at least 1, and one dimension. */
SELECT * FROM pg_temp.rows('VALUES (1, ''{1,2}''::real[]), (7, ''{1,2,3}'')');
SELECT * FROM pg_temp.rows('VALUES (1, ''{}''::real[]), (7, ''{}'')');
SELECT * FROM pg_temp.rows('VALUES (1, ''{1,2,3,4}''::real[]), (7, ''{{1,2},{3,4}}'')');
SELECT columns FROM pg_temp.rows('VALUES (1, ''{1,2}''::real[]), (7, ''[0:1]={1,2}'')');

/* One-hot: up to 1000 categories */
SELECT columns FROM pg_temp.rows('SELECT i AS id, (i % 1000)::text AS x FROM generate_series(1, 2000) AS i');
SELECT * FROM pg_temp.rows('SELECT i AS id, (i % 1001)::text AS x FROM generate_series(1, 2000) AS i');
SELECT columns FROM pg_temp.rows('VALUES (1, ''a''), (2, ''A''), (3, ''''), (4, ''a '')');

/* features: columns by name or position, keys that are integers or text, rows that add up */
SELECT query, r.*
FROM unnest(ARRAY['VALUES (1, 10), (2, 20)', 'VALUES (1, 10, 0.5), (2, 20, 2)', 'SELECT 10 AS feature, 1 AS node',
	'SELECT 0.5 AS value, ''word'' AS feature, now() AS since, 1 AS node',
	'VALUES (1, ''ten''), (2, ''twenty''), (2, ''ten'')',
	'VALUES (''paper'', 10), (''other'', 20), (''other'', 20)',
	'SELECT uuid_of(1), 10::bigint, 3::smallint']) WITH ORDINALITY AS q (query, place), pg_temp.rows(NULL, query) AS r
	ORDER BY place;
SELECT key_type, node_count, columns FROM pg_temp.graph('VALUES (1, 2)', NULL, 'VALUES (2, 10), (3, 20)');
SELECT node_count, isolated, columns FROM pg_temp.graph('VALUES (1, 2)',
	'SELECT i, 0.5 AS x FROM generate_series(1, 4) AS i', 'VALUES (2, 10), (3, 20)');
SELECT bool_and(a.embedding = b.embedding) AS rows_add_up
FROM vgae_embeddings(vgae_train(features => 'VALUES (1, 10, 0.5), (2, 20, 1), (1, 10, 1.5)', model => 'ae',
	latent_dim => 2, epochs => 5)) AS a
	JOIN vgae_embeddings(vgae_train(features => 'VALUES (2, 20, 1), (1, 10, 2.0)', model => 'ae', latent_dim => 2,
	epochs => 5)) AS b USING (node);
SELECT bool_and(a.embedding = b.embedding) AS value_is_1
FROM vgae_embeddings(vgae_train(features => 'VALUES (1, 10), (2, 20)', model => 'ae', latent_dim => 2,
	epochs => 5)) AS a
	JOIN vgae_embeddings(vgae_train(features => 'VALUES (2, 20, 1), (1, 10, 1)', model => 'ae', latent_dim => 2,
	epochs => 5)) AS b USING (node);
SELECT * FROM pg_temp.rows(NULL, 'VALUES (1, 10), (2, NULL)');
SELECT * FROM pg_temp.rows(NULL, 'VALUES (1, 10), (NULL, 20)');
SELECT * FROM pg_temp.rows(NULL, 'VALUES (1, 10, 0.5), (2, 20, NULL)');
SELECT * FROM pg_temp.rows(NULL, 'VALUES (1, 10, 0.5::float8), (2, 20, ''NaN'')');
SELECT * FROM pg_temp.rows(NULL, 'VALUES (1, 10, 0.5::float8), (2, 20, ''-Infinity'')');
SELECT * FROM pg_temp.rows(NULL, 'VALUES (1, 10, 0.5), (2, 20, 1e400)');
SELECT * FROM pg_temp.rows(NULL, 'VALUES (1, 10, 3e38::real), (1, 10, 3e38)');
SELECT * FROM pg_temp.rows(NULL, 'VALUES (1, 10, true)');
SELECT * FROM pg_temp.rows(NULL, 'VALUES (1, 10, ''much'')');
SELECT * FROM pg_temp.rows(NULL, 'VALUES (1, uuid_of(1))');
SELECT * FROM pg_temp.rows(NULL, 'VALUES (1, 1.5)');
SELECT * FROM pg_temp.rows(NULL, 'VALUES (1.5, 1)');
SELECT * FROM pg_temp.rows(NULL, 'VALUES (1)');
SELECT * FROM pg_temp.rows(NULL, 'SELECT 1 AS a, 2 AS b, 3 AS c, 4 AS d');
SELECT * FROM pg_temp.rows(NULL, 'SELECT 1, 2 WHERE false');
SELECT * FROM pg_temp.rows('VALUES (1, 0.5)', 'VALUES (1, 10), (2, 20), (3, 20)');

/*
 * The order of the features: the columns of nodes, then the sorted keys of
 * features.  Each comes back near its own mean.
 */
SELECT r[1] BETWEEN 3 AND 7 AS fifth, r[2] BETWEEN 690 AND 710 AS hundreds, r[3] BETWEEN -1010 AND -990 AS below
FROM vgae_reconstruct(vgae_train(nodes => 'SELECT i AS id, 5 + sin(i) AS x, 700 + cos(i) AS y, -1000 + sin(i) AS z
		FROM generate_series(1, 50) AS i', model => 'ae', hidden_dims => '{}', latent_dim => 3, epochs => 50),
	'{5,700,-1000}') AS r;
SELECT r[1] BETWEEN 690 AND 710 AS hundreds, r[3] > r[2] + 1 AS tenth_after_second
FROM vgae_reconstruct(vgae_train(nodes => 'SELECT i AS id, 700 + sin(i) AS x FROM generate_series(1, 50) AS i',
		features => 'SELECT i, f, f FROM generate_series(1, 50) AS i, unnest(ARRAY[10, 2]) AS f',
		model => 'ae', hidden_dims => '{}', latent_dim => 2, epochs => 1000),
	'{700,2,10}') AS r;

/*
 * Categories are in the order of their bytes, also those of an enum: each node is
 * decoded to what it was.
 */
SELECT id, (SELECT array_agg(round(d)::int) FROM unnest(vgae_decode(model, embedding)) AS d) AS "A, a, b, large, small"
FROM (SELECT vgae_train(nodes => $$SELECT i AS id, (ARRAY['b', 'A', 'a'])[1 + i % 3] AS letter,
			(enum_range(NULL::pg_temp.size))[1 + i % 2 * 2] AS size FROM generate_series(1, 60) AS i$$,
		model => 'ae', latent_dim => 3, epochs => 500) AS model) AS trained, vgae_embeddings(model) AS e (id, embedding)
WHERE id <= 6 ORDER BY id;

/*
 * Numbers are standardised: their unit does not matter, and a constant is nothing.
 * Booleans and arrays are taken as they are.
 */
CREATE FUNCTION pg_temp.codes(nodes text) RETURNS real[] LANGUAGE sql AS $$
	SELECT array_agg(code ORDER BY node, place)
	FROM vgae_embeddings(vgae_train(nodes => nodes, model => 'ae', hidden_dims => '{}', latent_dim => 2,
			epochs => 0)) AS e,
		unnest(embedding) WITH ORDINALITY AS u (code, place)
$$;
SELECT near(pg_temp.codes('SELECT id, x, y FROM points'),
	pg_temp.codes('SELECT id, 1000 * x - 5, y FROM points')) AS numbers,
	near(pg_temp.codes('SELECT id, ARRAY[x, y] FROM points'),
	pg_temp.codes('SELECT id, ARRAY[2 * x, y] FROM points')) AS arrays,
	pg_temp.codes('SELECT id, upper, 7 FROM points') = pg_temp.codes('SELECT id, upper, -1e6 FROM points') AS constants,
	near(pg_temp.codes('SELECT id, upper FROM points'), pg_temp.codes('SELECT id, upper::int FROM points')) AS booleans;

/* bce takes values in [0, 1] and standardises nothing. */
SELECT * FROM pg_temp.rows('VALUES (1, 0.5, true), (2, 1, false), (3, 0, true)', NULL, 'bce');
SELECT * FROM pg_temp.rows('VALUES (1, 0.5), (7, 1.5)', NULL, 'bce');
SELECT * FROM pg_temp.rows('VALUES (1, 0.5), (7, -0.001)', NULL, 'bce');
SELECT * FROM pg_temp.rows('VALUES (1, ''{0,1}''::real[]), (7, ''{0,2}'')', NULL, 'bce');
SELECT * FROM pg_temp.rows(NULL, 'VALUES (1, 10), (1, 10), (7, 20)', 'bce');
SELECT * FROM pg_temp.rows('VALUES (1, ''a''), (2, ''b'')', NULL, 'bce');
SELECT sqlstate_of($$SELECT vgae_train(nodes => 'VALUES (1, 0.5), (7, 1.5)', model => 'ae', reconstruction => 'bce')$$) AS outside;

/* One row, and rows that are all the same: nothing to scale by */
SELECT * FROM pg_temp.rows('VALUES (1, 0.5)');
SELECT bool_and(vgae_reconstruct(vgae_train(nodes => 'SELECT i AS id, 5.0 AS x FROM generate_series(1, 20) AS i',
	model => 'ae', latent_dim => 1, epochs => 200), '{5}') IS NOT NULL) AS constant;

/*
 * Thousands of keys, however they lie and come: integers close together or far apart, and first the one and
 * then the other; texts that begin alike; uuids.  The graph stays the same, node by node.
 */
CREATE TEMP TABLE ring AS
SELECT i AS src, (i * 7 + 1) % 4000 AS dst FROM generate_series(0::bigint, 3999) AS i
UNION ALL SELECT i, (i * i) % 4000 FROM generate_series(0::bigint, 3999) AS i;
CREATE FUNCTION pg_temp.embedded(key text, row_order text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	type text;
	result text;
BEGIN
	EXECUTE format('SELECT pg_typeof(%s) FROM (SELECT 1::bigint AS i) AS one', key) INTO type;
	EXECUTE format('SELECT md5(string_agg(embedding::text, '' '' ORDER BY node%s)) FROM vgae_embeddings($1%s)',
		CASE type WHEN 'text' THEN ' COLLATE "C"' ELSE '' END, CASE type WHEN 'bigint' THEN '' ELSE ', NULL::' || type END)
	INTO result
	USING vgae_train(format('SELECT %s, %s FROM ring ORDER BY %s', regexp_replace(key, '\mi\M', 'src', 'g'),
		regexp_replace(key, '\mi\M', 'dst', 'g'), row_order), model => 'gae', hidden_dims => '{}', latent_dim => 2,
		epochs => 0);
	RETURN result;
END
$$;
WITH expected AS MATERIALIZED (SELECT pg_temp.embedded('i', 'src, dst') AS graph)
SELECT key, row_order
FROM expected, unnest(ARRAY[
	'i', 'i - 2000', '3 * i', '5 * i', '7 * i', '1000000007 * i', 'i << 51', '(i << 51) - (2000::bigint << 51)',
	'9223372036854775807 - 3999 + i', '-9223372036854775807 - 1 + i',
	'i + 9000000000000000000 * (i / 3999)', 'i - 9000000000000000000 * (1 - sign(i)::bigint)',
	'i + 20000 * (i / 2000)', 'i + 1000000 * (i / 3000)', 'i + (i / 1000) * 3000',
	'lpad(i::text, 5, ''0'')', 'repeat(''x'', 1000) || lpad(i::text, 5, ''0'')',
	'repeat(''x'', (i / 100)::int) || lpad(i::text, 5, ''0'')',
	'lpad(to_hex(i), 32, ''0'')::uuid', 'rpad(lpad(to_hex(i), 8, ''0''), 32, ''7'')::uuid'
	]) AS key, unnest(ARRAY['src DESC, dst', 'src * 1237 % 4001, dst']) AS row_order
WHERE pg_temp.embedded(key, row_order) <> graph;
SELECT count(DISTINCT pg_temp.embedded(key, 'src')) AS graphs
FROM unnest('{i,-i,i * i % 4001,lpad((i % 100)::text \, 2\, ''0'')}'::text[]) AS key;

/* A graph of one edge */
SELECT node_count, edge_count FROM pg_temp.graph('VALUES (1, 2)');
SELECT vgae_train('VALUES (1, 2)') IS NOT NULL AS trained;

/* A query may train, and so may the queries of that training, with threads of their own. */
SET vgae.threads = 2;
CREATE FUNCTION pg_temp.trains(depth int) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
	RETURN vgae_info(vgae_train(CASE depth WHEN 0 THEN 'SELECT src, dst FROM karate' ELSE
		format('SELECT src, dst + pg_temp.trains(%s) - 78 FROM karate WHERE src = 1', depth - 1) END, epochs => 1))->>'edges';
END $$;
SELECT pg_temp.trains(0) AS itself, pg_temp.trains(2) AS with_others_within;

/* Without an end it fails as any function that calls itself, and nothing is left of it. */
CREATE FUNCTION pg_temp.endless() RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
	RETURN length(vgae_train('SELECT pg_temp.endless(), 2'));
END $$;
SELECT sqlstate_of('SELECT pg_temp.endless()') AS sqlstate;
SELECT pg_temp.trains(1), (SELECT count(*) FROM vgae_progress) AS shown;

/* A cancel ends all of them; a handler that catches an error within goes on. */
CREATE FUNCTION pg_temp.long() RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
	RETURN length(vgae_train('karate', epochs => 1000000));
END $$;
SET statement_timeout = '100ms';
SELECT vgae_train('SELECT src, pg_temp.long() FROM karate');
RESET statement_timeout;
CREATE FUNCTION pg_temp.catches() RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
	PERFORM vgae_train('SELECT 1, 1 / (src - src) FROM karate');
EXCEPTION WHEN division_by_zero THEN
	RETURN length(vgae_train('karate', epochs => 1)) * 0 + 7;
END $$;
SELECT vgae_info(vgae_train('SELECT src, dst FROM karate WHERE pg_temp.catches() = 7', epochs => 1))->>'edges' AS edges;
RESET vgae.threads;

DROP SCHEMA elsewhere CASCADE;
DROP TABLE "select", written;
DROP SEQUENCE counter;
DROP FUNCTION writes(int);
