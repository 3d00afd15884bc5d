/*
 * Keys: their types, their order, and thousands of them however they lie
 */
SET client_min_messages = warning;
\set SHOW_CONTEXT never

/* Keys: integers that may mix, text and varchar, uuid, and domains over them */
CREATE DOMAIN pg_temp.person AS text;
CREATE DOMAIN pg_temp.number AS bigint CHECK (value > 0);
CREATE TYPE pg_temp.colour AS ENUM ('red', 'green');
SELECT query, g.key_type, g.node_count
FROM unnest(ARRAY['SELECT 1::smallint, 2::smallint', 'SELECT 1::smallint, 2::bigint',
	'SELECT 1::int, 9223372036854775807::bigint', 'VALUES (-5, 0), (0, -9223372036854775808)',
	'SELECT ''a''::text, ''b''::varchar', 'SELECT ''a''::varchar(5), ''''', 'SELECT uuid_of(1), uuid_of(2)'])
	WITH ORDINALITY AS q (query, place), graph_of(query) AS g ORDER BY place;
SELECT key_type, node_count FROM graph_of('SELECT 1::pg_temp.number, 2');
SELECT key_type, node_count FROM graph_of('SELECT ''a''::pg_temp.person, ''b''');
SELECT * FROM graph_of('SELECT 1, ''b''::text');
SELECT * FROM graph_of('SELECT uuid_of(1), ''b''::text');
SELECT * FROM graph_of('SELECT 1.5, 2.5');
SELECT * FROM graph_of('SELECT 1::float8, 2::float8');
SELECT * FROM graph_of('SELECT 1::oid, 2::oid');
SELECT * FROM graph_of('SELECT true AS a, false AS b');
SELECT * FROM graph_of('SELECT ''a''::char(3), ''b''::char(3)');
SELECT * FROM graph_of('SELECT now(), now()');
SELECT * FROM graph_of('SELECT ''red''::pg_temp.colour, ''green''::pg_temp.colour');
SELECT * FROM graph_of('SELECT ARRAY[1], ARRAY[2]');
SELECT * FROM graph_of('SELECT 1, 2', 'SELECT ''a''::text AS id');
SELECT * FROM graph_of('SELECT uuid_of(1), uuid_of(2)', 'SELECT 1 AS id');
SELECT * FROM graph_of('SELECT 1, 2', NULL, 'SELECT ''a''::text, 1');
SELECT key_type, node_count FROM graph_of('SELECT 1::smallint, 2::smallint',
	'SELECT generate_series(1, 3)::bigint AS id', 'SELECT 1, 5');
SELECT * FROM graph_of('VALUES (1, 2), (2, NULL)');
SELECT * FROM graph_of('VALUES (1, 2), (NULL, 2)');
SELECT * FROM graph_of('VALUES (NULL::int, NULL::int)');
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
