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
SELECT * FROM rows_of('VALUES (1, 0.5, true), (2, 1, false), (3, 0, true)', NULL, 'bce');
SELECT * FROM rows_of('VALUES (1, 0.5), (7, 1.5)', NULL, 'bce');
SELECT * FROM rows_of('VALUES (1, 0.5), (7, -0.001)', NULL, 'bce');
SELECT * FROM rows_of('VALUES (1, ''{0,1}''::real[]), (7, ''{0,2}'')', NULL, 'bce');
SELECT * FROM rows_of(NULL, 'VALUES (1, 10), (1, 10), (7, 20)', 'bce');
SELECT * FROM rows_of('VALUES (1, ''a''), (2, ''b'')', NULL, 'bce');
SELECT sqlstate_of($$SELECT vgae_train(nodes => 'VALUES (1, 0.5), (7, 1.5)', model => 'ae', reconstruction => 'bce')$$) AS outside;

/* One row, and rows that are all the same: nothing to scale by */
SELECT * FROM rows_of('VALUES (1, 0.5)');
SELECT bool_and(vgae_reconstruct(vgae_train(nodes => 'SELECT i AS id, 5.0 AS x FROM generate_series(1, 20) AS i',
	model => 'ae', latent_dim => 1, epochs => 200), '{5}') IS NOT NULL) AS constant;
