/*
 * What is held out stays held out: its side depends on the keys and the seed alone, also in
 * a graph that grows night by night and in models that go on from each other.
 */
SET client_min_messages = warning;

/* A random graph has nothing to predict: half of all pairs are ranked rightly. */
CREATE TEMP TABLE night AS
SELECT n, format('SELECT DISTINCT least(a, b) AS src, greatest(a, b) AS dst FROM (SELECT 1 + abs(hashint8(i * 2)) %% 800 AS a,
	1 + abs(hashint8(i * 2 + 1)) %% 800 AS b FROM generate_series(1, %s::bigint) AS i) AS x WHERE a <> b', 4000 + 40 * n) AS edges
FROM generate_series(0, 14) AS n;
CREATE TEMP TABLE retrained (n int, model bytea);
DO $$
DECLARE
	former bytea;
	today record;
BEGIN
	FOR today IN SELECT * FROM night ORDER BY n LOOP
		former := vgae_train(today.edges, test_fraction => 0.2, validation_fraction => 0.2,
			epochs => CASE WHEN former IS NULL THEN 100 ELSE 20 END, warm_start => former);
		INSERT INTO retrained VALUES (today.n, former);
	END LOOP;
END
$$;
SELECT count(*) AS nights, bool_and(abs((i->>'test_auc')::float8 - 0.5) < 0.05) AS nothing_to_predict,
	abs(avg((i->>'test_auc')::float8) - 0.5) < 0.03 AS on_average,
	bool_and((i->>'held_out_unseen')::boolean) AS unseen
FROM retrained, vgae_info(model) AS i;

/* An edge is on the same side every night, as vgae_evaluate sees it: it warns of edges trained on. */
SELECT (vgae_info(model)->'held_out'->>'test')::int BETWEEN 700 AND 1000 AS about_a_fifth FROM retrained WHERE n = 14;

/* Another seed or fraction has seen what is held out now: a warning, and vgae_info remembers. */
\set first '(SELECT model FROM retrained WHERE n = 0)'
CREATE FUNCTION pg_temp.goes_on(former bytea, seed bigint, validation_fraction float8, test_fraction float8) RETURNS bytea LANGUAGE sql AS $$
	SELECT vgae_train((SELECT edges FROM night WHERE n = 1), epochs => 1, warm_start => former, seed => goes_on.seed,
		validation_fraction => goes_on.validation_fraction, test_fraction => goes_on.test_fraction)
$$;
SELECT vgae_info(pg_temp.goes_on(:first, 1, 0.2, 0.2))->'held_out_unseen' AS other_seed;
SELECT vgae_info(pg_temp.goes_on(:first, 0, 0.1, 0.2))->'held_out_unseen' AS other_validation;
SELECT vgae_info(pg_temp.goes_on(:first, 0, 0.2, 0.3))->'held_out_unseen' AS other_test;
SELECT vgae_info(pg_temp.goes_on(pg_temp.goes_on(:first, 0, 0.2, 0.3), 0, 0.2, 0.3))->'held_out_unseen' AS and_what_follows;
SELECT vgae_info(pg_temp.goes_on(:first, 1, 0, 0))->'held_out_unseen' AS nothing_held_out;

/* Rows likewise */
CREATE FUNCTION pg_temp.rows_of(count int, seed bigint, former bytea) RETURNS bytea LANGUAGE sql AS $$
	SELECT vgae_train(nodes => format('SELECT i AS id, sin(i) AS x, cos(i) AS y FROM generate_series(1, %s) AS i', count),
		model => 'vae', latent_dim => 1, epochs => 2, test_fraction => 0.2, seed => rows_of.seed, warm_start => former)
$$;
SELECT vgae_info(pg_temp.rows_of(110, 0, pg_temp.rows_of(100, 0, NULL)))->'held_out_unseen' AS same;
SELECT vgae_info(pg_temp.rows_of(110, 1, pg_temp.rows_of(100, 0, NULL)))->'held_out_unseen' AS other_seed;

/* An edge and its reverse are of one side: a positive the model was trained on in either direction is warned of. */
CREATE TEMP TABLE both_ways AS
SELECT vgae_train('SELECT src, dst FROM karate UNION ALL SELECT dst, src FROM karate', directed => true, test_fraction => 0.5,
	epochs => 1, seed => 3) AS model;
SELECT vgae_info(model)->'held_out' AS even_numbers FROM both_ways;

/* Nothing would be left to train on: nothing is held out. */
SELECT vgae_info(vgae_train('VALUES (1, 2)', validation_fraction => 0, test_fraction => 0.999999))->'held_out' AS held_out;
