/*
 * Dates and times as features: numbers of seconds
 */
SET client_min_messages = warning;
SET timezone = 'UTC';
\set SHOW_CONTEXT never

CREATE FUNCTION pg_temp.model(nodes text, epochs int DEFAULT 0) RETURNS bytea LANGUAGE sql AS $$
	SELECT vgae_train(nodes => nodes, model => 'ae', hidden_dims => '{}', latent_dim => 2, epochs => epochs)
$$;
CREATE FUNCTION pg_temp.codes(nodes text) RETURNS real[] LANGUAGE sql AS $$
	SELECT array_agg(code ORDER BY node, place)
	FROM vgae_embeddings(pg_temp.model(nodes)) AS e, unnest(embedding) WITH ORDINALITY AS u (code, place)
$$;

/* As extract(epoch) counts them, but since 2000, which standardisation does not see */
SELECT type, near(pg_temp.codes(format('SELECT i AS id, %s AS x FROM generate_series(1, 20) AS i', type)),
	pg_temp.codes(format('SELECT i AS id, extract(epoch FROM %s) AS x FROM generate_series(1, 20) AS i', type))) AS as_epoch
FROM unnest(ARRAY['date ''2024-01-01'' + i * i', 'timestamp ''2024-01-01'' + i * i * interval ''7 hours''',
	'timestamptz ''1999-01-01'' + i * i * interval ''1 second''', 'time ''01:00'' + i * i * interval ''1 minute''',
	'i * i * interval ''1 day 2 hours''', 'i * interval ''1 month'' - interval ''11 years''']) WITH ORDINALITY AS t (type, place)
ORDER BY place;

/* Seconds since 2000 in arrays of features */
SELECT to_timestamp(946684800 + (vgae_decode(model, '{0,0}'))[1])::date BETWEEN '2024-01-01' AND '2024-04-01' AS among_the_dates
FROM pg_temp.model('SELECT i AS id, date ''2024-01-01'' + i AS day FROM generate_series(1, 60) AS i', 200) AS model;

/* An infinite one is an error; NULL is missing. */
SELECT * FROM rows_of('VALUES (1, date ''2024-01-01''), (7, ''infinity'')');
SELECT * FROM rows_of('VALUES (1, timestamp ''2024-01-01''), (7, ''-infinity'')');
SELECT * FROM rows_of('VALUES (1, timestamptz ''2024-01-01''), (7, ''infinity'')');
SELECT columns FROM rows_of('VALUES (1, date ''2024-01-01''), (7, NULL), (8, ''2024-02-01'')');

/* New data must hold the same; all columns that do not are named. */
CREATE TEMP TABLE trained_dates AS
SELECT pg_temp.model('SELECT i AS id, date ''2024-01-01'' + i AS day, i AS x FROM generate_series(1, 9) AS i') AS model;
SELECT bool_and(embedding = vgae_embedding(model, node)) AS again
FROM trained_dates, vgae_encode_graph(model, nodes => 'SELECT i AS id, i AS x, date ''2024-01-01'' + i AS day FROM generate_series(1, 9) AS i');
SELECT count(*) FROM trained_dates, vgae_encode_graph(model, nodes => 'SELECT 1 AS id, timestamp ''2024-01-01'' AS day, 2 AS x');
SELECT count(*) FROM trained_dates, vgae_encode_graph(model, nodes => 'SELECT 1 AS id, timestamp ''2024-01-01'' AS day, uuid_of(1) AS x');
SELECT count(*) FROM trained_dates, vgae_encode_graph(model, nodes => 'SELECT 1 AS id');
