/*
 * What becomes of features: categories, standardisation, and none of it under bce
 */
SET client_min_messages = warning;
\set SHOW_CONTEXT never

CREATE TYPE pg_temp.size AS ENUM ('small', 'medium', 'large');

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
 * Arrays are standardised if a value lies outside [-1, 1]; booleans are taken as they are.
 */
CREATE FUNCTION pg_temp.codes(nodes text, features text DEFAULT NULL) RETURNS real[] LANGUAGE sql AS $$
	SELECT array_agg(code ORDER BY node, place)
	FROM vgae_embeddings(vgae_train(nodes => nodes, features => features, model => 'ae', hidden_dims => '{}', latent_dim => 2,
			epochs => 0)) AS e,
		unnest(embedding) WITH ORDINALITY AS u (code, place)
$$;
SELECT near(pg_temp.codes('SELECT id, x, y FROM points'),
	pg_temp.codes('SELECT id, 1000 * x - 5, y FROM points')) AS numbers,
	near(pg_temp.codes('SELECT id, x, y FROM points'), pg_temp.codes('SELECT id, ARRAY[x, 2 * y] FROM points')) AS arrays,
	near(pg_temp.codes('SELECT id, ARRAY[sin(id), cos(id)] FROM points'),
	pg_temp.codes('SELECT id, ARRAY[sin(id), cos(id) / 2] FROM points')) AS small_arrays,
	pg_temp.codes('SELECT id, upper, 7 FROM points') = pg_temp.codes('SELECT id, upper, -1e6 FROM points') AS constants,
	near(pg_temp.codes('SELECT id, upper FROM points'), pg_temp.codes('SELECT id, upper::int FROM points')) AS booleans;

/* A sparse feature is divided by the root mean square of its values: ones stay ones, and no unit matters. */
CREATE TEMP VIEW words AS SELECT i AS node, i * 7 % 10 AS feature, 1 + i % 3 AS value FROM generate_series(1, 60) AS i;
SELECT near(pg_temp.codes(NULL, 'SELECT node, feature, value FROM words'),
	pg_temp.codes(NULL, 'SELECT node, feature, 20000.0 * value AS value FROM words')) AS large,
	near(pg_temp.codes(NULL, 'SELECT node, feature, value FROM words'),
	pg_temp.codes(NULL, 'SELECT node, feature, 1e-9 * value AS value FROM words')) AS tiny,
	near(pg_temp.codes(NULL, 'SELECT node, feature FROM words'),
	pg_temp.codes(NULL, 'SELECT node, feature, -5 AS value FROM words')) AS sign,
	near(pg_temp.codes(NULL, 'SELECT node, feature FROM words'),
	pg_temp.codes('SELECT i, array_agg((i * 7 % 10 = f)::int::real ORDER BY f)
		FROM generate_series(1, 60) AS i, generate_series(0, 9) AS f GROUP BY i')) AS ones,
	pg_temp.codes(NULL, 'SELECT node, feature, value FROM words')
	= pg_temp.codes(NULL, 'TABLE words UNION ALL SELECT node, f, 0 FROM words, generate_series(0, 9) AS f
		WHERE f <> feature') AS zeros_that_are_given;

/* Arrays train as the columns that they are made of; a rebuilt row is in the input's units. */
CREATE TEMP TABLE units AS
SELECT i AS id, i % 7 AS a, 20000 + (i % 11) * 10 AS b, (i % 7) * 3 + (i % 11) * 2 AS c FROM generate_series(1, 500) AS i;
SELECT (vgae_info(model)->>'loss')::float8 < 0.05 AS small,
	vgae_info(model)->'loss' = vgae_info(of_columns)->'loss' AS as_columns,
	(SELECT bool_and(abs(r - x) < 10) FROM unnest(vgae_reconstruct(model, '{6,20000,18}'), '{6,20000,18}'::real[]) AS u (r, x)) AS rebuilt
FROM vgae_train(nodes => 'SELECT id, ARRAY[a, b, c]::real[] FROM units', model => 'ae', latent_dim => 2) AS model,
	vgae_train(nodes => 'units', model => 'ae', latent_dim => 2) AS of_columns;

/* An income does not drown what else the features tell. */
CREATE TEMP TABLE communities AS
SELECT a AS src, b AS dst FROM generate_series(1, 400) AS a, generate_series(1, 400) AS b
WHERE a < b AND ((a / 20 = b / 20 AND abs(hashint8(a * 10000::bigint + b)) % 4 = 0) OR abs(hashint8(a * 10000::bigint + b)) % 800 = 1);
SELECT (vgae_info(vgae_train('communities', features => $$SELECT i, 'community' || i / 20, 1.0 FROM generate_series(1, 400) AS i
	UNION ALL SELECT i, 'income', 20000.0 + abs(hashint4(i)) % 30000 FROM generate_series(1, 400) AS i$$,
	test_fraction => 0.1))->>'test_auc')::float8 > 0.85 AS sparse,
	(vgae_info(vgae_train('communities', 'SELECT i, ARRAY[20000.0 + abs(hashint4(i)) % 30000]::real[] FROM generate_series(1, 400) AS i',
	$$SELECT i, 'community' || i / 20, 1.0 FROM generate_series(1, 400) AS i$$,
	test_fraction => 0.1))->>'test_auc')::float8 > 0.85 AS in_array;

/* bce takes values in [0, 1] and standardises nothing. */
SELECT * FROM rows_of('VALUES (1, 0.5, true), (2, 1, false), (3, 0, true)', NULL, 'bce');
SELECT * FROM rows_of('VALUES (1, 0.5), (7, 1.5)', NULL, 'bce');
SELECT * FROM rows_of('VALUES (1, 0.5), (7, -0.001)', NULL, 'bce');
SELECT * FROM rows_of('VALUES (1, ''{0,1}''::real[]), (7, ''{0,2}'')', NULL, 'bce');
SELECT * FROM rows_of(NULL, 'VALUES (1, 10), (1, 10), (7, 20)', 'bce');
SELECT * FROM rows_of('VALUES (1, ''a''), (2, ''b'')', NULL, 'bce');
SELECT sqlstate_of($$SELECT vgae_train(nodes => 'VALUES (1, 0.5), (7, 1.5)', model => 'ae', reconstruction => 'bce')$$) AS outside;

/* What is constant is left out with a warning, and rebuilt as it was; not so under bce. */
SELECT * FROM rows_of('VALUES (1, 0.5)');
SELECT r[2:7] AS constants
FROM vgae_train(nodes => $$SELECT i AS id, i AS x, 5.25 AS number, true AS flag, ARRAY[0.5, 7]::real[] AS pair,
		'only' AS category, date '2000-01-02' AS day FROM generate_series(1, 50) AS i$$,
		model => 'ae', latent_dim => 1, epochs => 20) AS model, vgae_reconstruct(model, '{25,1,0,0,0,0,0}') AS r;
SELECT columns FROM rows_of('SELECT i AS id, ARRAY[sin(i), 1, cos(i), 0, NULL]::real[] AS x FROM generate_series(1, 9) AS i');
SELECT columns FROM rows_of(NULL, 'SELECT i, f, CASE f WHEN 1 THEN i ELSE 1 END FROM generate_series(1, 9) AS i, generate_series(1, 3) AS f');
SELECT columns FROM rows_of('SELECT i AS id, i % 2 AS x, true AS y, 0 AS z, ''{0,1}''::real[] AS pair FROM generate_series(1, 9) AS i',
	'SELECT i, 1 FROM generate_series(1, 9) AS i', 'bce');
SELECT columns FROM graph_of('karate', 'SELECT id, 1 AS x FROM members');

/* Text that looks like arrays is told; a category that merely has braces is not. */
SET client_min_messages = notice;
SELECT columns FROM rows_of($$SELECT i AS id, format('{%s,%s}', i % 3 / 10.0, -i) AS x FROM generate_series(1, 9) AS i$$);
SELECT columns FROM rows_of($$SELECT i AS id, format('[%s, 1e-3]', i % 3) AS x FROM generate_series(1, 9) AS i$$);
SELECT columns FROM rows_of($$SELECT i AS id, (ARRAY['{1}', '{one}', '{}'])[1 + i % 3] AS x FROM generate_series(1, 9) AS i$$);
