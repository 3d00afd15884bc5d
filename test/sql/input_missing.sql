/*
 * Missing values: NULL in nodes and features, and nodes without features
 */
SET client_min_messages = warning;
\set SHOW_CONTEXT never

/* NULL may stand in every type of column; the number of features stays. */
SELECT type, (rows_of(format('SELECT i AS id, CASE WHEN i <> 3 THEN %s END AS x FROM generate_series(1, 9) AS i', type))).columns
FROM unnest(ARRAY['i', 'i::numeric', 'i > 4', 'ARRAY[i, i % 3]::real[]', 'ARRAY[i, NULL, i % 3]::float8[]', '(i % 2)::text',
	'date ''2024-01-01'' + i']) WITH ORDINALITY AS t (type, place) ORDER BY place;
SELECT (rows_of(NULL, 'SELECT i, i % 3, nullif(i, 4) FROM generate_series(1, 9) AS i')).columns AS sparse;

/* A missing number, category or element takes the mean, beside an indicator. */
CREATE TEMP TABLE holes AS
SELECT i AS id, nullif(i % 5, 2) AS number, CASE WHEN i % 4 > 0 THEN (ARRAY['a', 'b', 'c'])[1 + i % 3] END AS category,
	CASE i % 6 WHEN 1 THEN NULL WHEN 2 THEN ARRAY[sin(i), NULL] ELSE ARRAY[sin(i), cos(i)] END AS pair, i % 2 = 0 AS flag
FROM generate_series(1, 60) AS i;
CREATE FUNCTION pg_temp.model(nodes text, features text DEFAULT NULL, epochs int DEFAULT 0) RETURNS bytea LANGUAGE sql AS $$
	SELECT vgae_train(nodes => nodes, features => features, model => 'ae', hidden_dims => '{}', latent_dim => 2,
		epochs => epochs, validation_fraction => 0)
$$;
CREATE TEMP TABLE trained_holes AS SELECT pg_temp.model('holes', epochs => 100) AS model;
SELECT vgae_info(model)->'features' AS features, cardinality(vgae_decode(model, '{0,0}')) AS decoded FROM trained_holes;
SELECT bool_and(near(e.embedding, vgae_encode(model, ARRAY[h.number, (h.category = 'a')::int, (h.category = 'b')::int,
		(h.category = 'c')::int, h.pair[1], h.pair[2], h.flag::int]::real[]))) AS as_rows
FROM trained_holes, holes AS h, vgae_embeddings(model) AS e WHERE e.node = h.id;

/* The indicator tells a missing value from one that is the mean. */
WITH mean AS (SELECT avg(number) AS number FROM holes)
SELECT near(vgae_encode(model, ARRAY[NULL, 1, 0, 0, 0, 0, 1]::real[]), vgae_encode(model, ARRAY[mean.number, 1, 0, 0, 0, 0, 1]::real[])) AS same
FROM trained_holes, mean;

/* Where the training misses no value, a missing one is the mean and nothing else. */
WITH full_model AS (SELECT pg_temp.model('SELECT id, coalesce(number, 2) AS number, flag FROM holes', epochs => 100) AS model),
	mean AS (SELECT avg(coalesce(number, 2)) AS number, avg(flag::int) AS flag FROM holes)
SELECT near(vgae_encode(model, '{NULL,NULL}'), vgae_encode(model, ARRAY[mean.number, mean.flag]::real[])) AS as_mean,
	near(vgae_encode(model, '{NULL,1}'::float8[]), vgae_encode(model, ARRAY[mean.number, 1]::real[])) AS one_of_two
FROM full_model, mean;

/* The order of the rows does not matter, nor do rows that come before the first array. */
SELECT pg_temp.model('SELECT * FROM holes ORDER BY id', epochs => 5) = pg_temp.model('SELECT * FROM holes ORDER BY pair, id DESC', epochs => 5) AS up,
	pg_temp.model('SELECT * FROM holes ORDER BY id', epochs => 5) = pg_temp.model('SELECT * FROM holes ORDER BY pair DESC, id', epochs => 5) AS down;

/* A NULL value of a sparse feature is the mean of its values other than 0. */
SELECT near(vgae_embedding(model, 4), vgae_encode(model, '{0,5.5,0}')) AS mean, near(vgae_embedding(model, 4), vgae_encode(model, '{0,0,0}')) AS zero,
	near(vgae_embedding(model, 4), vgae_encode(model, '{0,NULL,0}')) AS as_array
FROM pg_temp.model(NULL, 'SELECT i, i % 3, CASE i WHEN 4 THEN NULL WHEN 7 THEN 0 ELSE i END FROM generate_series(1, 12) AS i') AS model;

/* Repeated rows: a NULL adds nothing to what is given. */
SELECT pg_temp.model(NULL, 'SELECT i, i % 3, i FROM generate_series(1, 9) AS i UNION ALL VALUES (4, 1, NULL::int)') =
	pg_temp.model(NULL, 'SELECT i, i % 3, i FROM generate_series(1, 9) AS i') AS same;

/* A node without sparse features is not one whose features are 0. */
CREATE TEMP TABLE some_words AS
SELECT id AS node, id % 5 AS feature, 1 + id % 2 AS value FROM generate_series(1, 60) AS id WHERE id % 3 > 0;
CREATE TEMP TABLE trained_words AS
SELECT pg_temp.model('SELECT id, id % 7 AS x FROM generate_series(1, 60) AS id', 'some_words', 100) AS model;
SELECT vgae_info(model)->'features' AS features,
	near(vgae_encode(model, '{3,0,0,0,0,0}'), vgae_encode(model, '{3,NULL,NULL,NULL,NULL,NULL}')) AS zeros_are_unknown,
	near(vgae_encode(model, '{3,NULL,NULL,NULL,NULL,NULL}'), vgae_embedding(model, 3)) AS as_the_node
FROM trained_words;
SELECT near(embedding, vgae_encode(model, '{3,NULL,NULL,NULL,NULL,NULL}')) AS unknown
FROM trained_words, vgae_encode_graph(model, NULL, 'SELECT i AS id, 3 AS x FROM generate_series(1, 2) AS i', 'VALUES (2, 1, 1)') WHERE node = 1;
SELECT near(embedding, vgae_encode(model, '{3,0,0,0,0,0}')) AS known
FROM trained_words, vgae_encode_graph(model, NULL, 'SELECT i AS id, 3 AS x FROM generate_series(1, 2) AS i', 'VALUES (1, 99, 1)') WHERE node = 1;

/* vgae_encode_graph: NULLs in new data, with indicators and without */
SELECT bool_and(near(e.embedding, o.embedding)) AS again
FROM trained_holes, vgae_encode_graph(model, NULL, 'SELECT flag, pair, category, number, id FROM holes') AS e,
	vgae_embeddings(model) AS o WHERE e.node = o.node;
CREATE TEMP TABLE trained_members AS
SELECT vgae_train('karate', 'SELECT id, nullif(degree, 2) AS degree, officer, team FROM members', epochs => 20) AS model;
SELECT vgae_info(model)->'features' AS features, bool_and(near(e.embedding, o.embedding)) AS again
FROM trained_members, vgae_embeddings(model) AS o, vgae_encode_graph(model, 'karate',
	'SELECT id, nullif(degree, 2) AS degree, officer, team FROM members') AS e WHERE e.node = o.node GROUP BY 1;
SELECT count(*) AS nodes, bool_and(embedding IS NOT NULL) AS encoded FROM trained_members, vgae_encode_graph(model, 'karate',
	'SELECT id, NULL::float8 AS degree, NULL::boolean AS officer, NULL::text AS team FROM members');

/* A warm start takes the weights of an indicator along, and keeps the indicator. */
CREATE TEMP TABLE went_on AS
SELECT model AS former, vgae_train(nodes => 'SELECT id, flag, number, pair FROM holes', model => 'ae', hidden_dims => '{}', latent_dim => 2,
		epochs => 0, validation_fraction => 0, warm_start => model) AS model,
	vgae_train(nodes => 'SELECT id, flag, coalesce(number, 2) AS number, pair FROM holes', model => 'ae', hidden_dims => '{}', latent_dim => 2,
		epochs => 0, validation_fraction => 0, warm_start => model) AS without_nulls
FROM (SELECT pg_temp.model('SELECT id, number, pair, flag FROM holes', epochs => 50) AS model) AS former;
SELECT bool_and(near(o.embedding, e.embedding)) AS as_before
FROM went_on, vgae_embeddings(former) AS o, vgae_embeddings(model) AS e WHERE o.node = e.node;
SELECT near(vgae_encode(model, '{1,NULL,0.5,0.5}'), vgae_encode(without_nulls, '{1,NULL,0.5,0.5}')) AS indicator_kept FROM went_on;

/* A graph whose features are all unknown but for a tenth trains. */
SELECT vgae_info(model)->'features' AS features, (vgae_info(model)->>'validation_auc') IS NOT NULL AS validated
FROM vgae_train('karate', features => 'SELECT id, team FROM members WHERE id % 10 = 0', epochs => 20) AS model;

/* What is null everywhere is left out. */
SELECT columns FROM rows_of('SELECT i AS id, i AS x, NULL::float8 AS a, NULL::text AS b, NULL::real[] AS c FROM generate_series(1, 9) AS i');
SELECT columns FROM graph_of('karate', 'SELECT id, NULL::text AS x FROM members');
SELECT * FROM rows_of('SELECT i AS id, NULL::text AS x FROM generate_series(1, 9) AS i');

/* Keys are never missing. */
SELECT * FROM rows_of('VALUES (1, 0.5), (NULL, 0.6)');

/* bce: the mean, as it is */
SELECT columns FROM rows_of('SELECT i AS id, nullif(i % 2, 1) / 2.0 AS x, nullif(i % 3, 0) = 1 AS y FROM generate_series(1, 9) AS i', NULL, 'bce');
SELECT near(vgae_encode(model, '{NULL,1}'), vgae_encode(model, '{0.5,1}')) AS mean
FROM vgae_train(nodes => 'SELECT i AS id, i % 2 AS x, i % 3 = 0 AS y FROM generate_series(1, 20) AS i', model => 'ae',
	reconstruction => 'bce', hidden_dims => '{}', latent_dim => 2, epochs => 10, validation_fraction => 0) AS model;
