/*
 * features: long form, and the order of all features
 */
SET client_min_messages = warning;
\set SHOW_CONTEXT never

/* features: columns by name or position, keys that are integers or text, rows that add up */
SELECT query, r.*
FROM unnest(ARRAY['VALUES (1, 10), (2, 20)', 'VALUES (1, 10, 0.5), (2, 20, 2)', 'SELECT 10 AS feature, 1 AS node',
	'SELECT 0.5 AS value, ''word'' AS feature, now() AS since, 1 AS node',
	'VALUES (1, ''ten''), (2, ''twenty''), (2, ''ten'')',
	'VALUES (''paper'', 10), (''other'', 20), (''other'', 20)',
	'SELECT uuid_of(1), 10::bigint, 3::smallint']) WITH ORDINALITY AS q (query, place), rows_of(NULL, query) AS r
	ORDER BY place;
SELECT key_type, node_count, columns FROM graph_of('VALUES (1, 2)', NULL, 'VALUES (2, 10), (3, 20)');
SELECT node_count, isolated, columns FROM graph_of('VALUES (1, 2)',
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
SELECT * FROM rows_of(NULL, 'VALUES (1, 10), (2, NULL)');
SELECT * FROM rows_of(NULL, 'VALUES (1, 10), (NULL, 20)');
SELECT * FROM rows_of(NULL, 'VALUES (1, 10, 0.5::float8), (2, 20, ''NaN'')');
SELECT * FROM rows_of(NULL, 'VALUES (1, 10, 0.5::float8), (2, 20, ''-Infinity'')');
SELECT * FROM rows_of(NULL, 'VALUES (1, 10, 0.5), (2, 20, 1e400)');
SELECT * FROM rows_of(NULL, 'VALUES (1, 10, 3e38::real), (1, 10, 3e38)');
SELECT * FROM rows_of(NULL, 'VALUES (1, 10, true)');
SELECT * FROM rows_of(NULL, 'VALUES (1, 10, ''much'')');
SELECT * FROM rows_of(NULL, 'VALUES (1, uuid_of(1))');
SELECT * FROM rows_of(NULL, 'VALUES (1, 1.5)');
SELECT * FROM rows_of(NULL, 'VALUES (1.5, 1)');
SELECT * FROM rows_of(NULL, 'VALUES (1)');
SELECT * FROM rows_of(NULL, 'SELECT 1 AS a, 2 AS b, 3 AS c, 4 AS d');
SELECT * FROM rows_of(NULL, 'SELECT 1, 2 WHERE false');
SELECT * FROM rows_of('VALUES (1, 0.5)', 'VALUES (1, 10), (2, 20), (3, 20)');

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
		features => 'SELECT i, f, f + sin(i) / 10 FROM generate_series(1, 50) AS i, unnest(ARRAY[10, 2]) AS f',
		model => 'ae', hidden_dims => '{}', latent_dim => 2, epochs => 1000),
	'{700,2,10}') AS r;
