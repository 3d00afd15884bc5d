/*
 * What the planner knows of a call before it runs.
 */
SET client_min_messages = warning;

/* The rows that the planner expects of the topmost function scan, or join, of a query */
CREATE FUNCTION expected_rows(query text) RETURNS numeric LANGUAGE plpgsql
AS $$
DECLARE
	plan json;
BEGIN
	EXECUTE 'EXPLAIN (FORMAT JSON) ' || query INTO plan;
	RETURN plan->0->'Plan'->>'Plan Rows';
END
$$;
CREATE FUNCTION expected_cost(query text) RETURNS numeric LANGUAGE plpgsql
AS $$
DECLARE
	plan json;
BEGIN
	EXECUTE 'EXPLAIN (FORMAT JSON) ' || query INTO plan;
	RETURN plan->0->'Plan'->>'Total Cost';
END
$$;

/* The argument that counts */
SELECT call, expected_rows('SELECT * FROM ' || call) AS rows
FROM unnest(ARRAY[
	'vgae_predict_links(NULL)',
	'vgae_predict_links(NULL, 25)',
	'vgae_predict_links(NULL, 25::smallint)',
	'vgae_predict_links(NULL, 25::bigint)',
	'vgae_predict_links(NULL, 9223372036854775807)',
	'vgae_recommend(NULL, 7, min_probability => 0.5, k => 25)',
	'vgae_recommend(NULL, $$7$$, 25)',
	'vgae_predict_links(NULL, NULL::text, 25)',
	'vgae_predict_links(NULL, NULL::uuid, k => 25, min_probability => 0.5)',
	'vgae_predict_links(NULL, include_known => true, k => 2147483647)',
	'vgae_recommend(NULL, 7)',
	'vgae_recommend(NULL, 7::bigint, 25)',
	'vgae_recommend(NULL, ''a''::text, k => 25)',
	'vgae_recommend(NULL, uuid_of(1), 25)',
	'vgae_anomalies(NULL, 25)',
	'vgae_anomalies(NULL, NULL::uuid, 25)',
	'vgae_sample_prior(NULL, 25)',
	'vgae_sample_prior(NULL)',
	'vgae_interpolate(NULL, NULL, NULL, 25)',
	'vgae_recommend_all(NULL)',
	'vgae_recommend_all(NULL, NULL::text, 25)',
	'vgae_recommend_all(NULL, k => 2147483647)',
	'vgae_sample_posterior(NULL)',
	'vgae_sample_posterior(NULL, NULL::uuid, 25, 7)',
	'vgae_embeddings(NULL, NULL::text)',
	/* what it cannot know, or what would be an error, is left to ROWS */
	'vgae_predict_links(NULL, NULL)',
	'vgae_predict_links(NULL, 0)',
	'vgae_predict_links(NULL, (random() * 1000)::int)',
	'vgae_predict_links(NULL, (SELECT 25))',
	'vgae_recommend_all(NULL, -3)',
	'vgae_sample_posterior(NULL, NULL::text, NULL)',
	/* what it can compute, it does */
	'vgae_predict_links(NULL, 20 + 5)',
	'vgae_predict_links(NULL, current_setting(''server_version_num'')::int / 10000 * 0 + 25)'
]) WITH ORDINALITY AS c (call, n) ORDER BY n;

/* In the target list, too */
SELECT expected_rows('SELECT vgae_predict_links(model, 25) FROM models WHERE name = ''karate''') AS rows;
SELECT expected_rows('SELECT r.* FROM karate, LATERAL vgae_recommend(NULL, src, 3) r')
	= 3 * expected_rows('SELECT * FROM karate') AS three_each;

/* A model that is known gives its nodes; anything else that is a bytea does not. */
SELECT what, expected_rows(format('SELECT * FROM vgae_embeddings(%L)', model)) AS embeddings,
	expected_rows(format('SELECT * FROM vgae_recommend_all(%L, 3)', model)) AS recommendations,
	expected_rows(format('SELECT * FROM vgae_sample_posterior(%L::bytea, n => 2)', model)) AS samples
FROM (VALUES ('karate', trained('karate')), ('points', trained('points_vae')), ('beginning', substr(trained('karate'), 1, 1000)),
	('too little', substr(trained('karate'), 1, 100)), ('no model', '\x00'), ('nothing', '')) AS v (what, model);
/* A model is not fetched for it. */
SELECT expected_rows('SELECT * FROM vgae_embeddings(trained(''points_ae''))') AS rows;
PREPARE embeddings (bytea) AS SELECT * FROM vgae_embeddings($1);
SET plan_cache_mode = force_custom_plan;
SELECT expected_rows(format('EXECUTE embeddings (%L)', trained('points_ae'))) AS rows;
SET plan_cache_mode = force_generic_plan;
SELECT expected_rows(format('EXECUTE embeddings (%L)', trained('points_ae'))) AS rows;
RESET plan_cache_mode;
DEALLOCATE embeddings;

/* Samples cost, and so a cheaper condition comes first. */
SELECT expected_cost('SELECT vgae_link_probability(model, 1, 2, 1000) FROM models')
	> expected_cost('SELECT vgae_link_probability(model, 1, 2, 10) FROM models') AS more_samples_cost_more,
	expected_cost('SELECT vgae_link_probability(model, 1, 2) FROM models')
	= expected_cost('SELECT vgae_link_probability(model, 1, 2, NULL) FROM models') AS none_as_cost_says;
EXPLAIN (COSTS OFF) SELECT name FROM models
WHERE vgae_link_probability(model, 1, 2, 1000) > 0.5 AND vgae_link_probability(model, 1, 2) > 0.3;

/* A real[] is not cast to float8[] for functions that take either; other arrays are. */
CREATE TABLE latents (model bytea, r real[], d float8[], n numeric[]);
EXPLAIN (COSTS OFF) SELECT FROM latents WHERE vgae_decode_link(model, r::float8[], d) > 0.5;
EXPLAIN (COSTS OFF) SELECT FROM latents WHERE vgae_decode_link(model, r, n::float8[]) > 0.5;
EXPLAIN (COSTS OFF) SELECT FROM latents WHERE vgae_decode(model, r::float8[]) = vgae_encode(model, r::float8[])
	AND vgae_reconstruct(model, r::float8[]) = r;
/* and an index on a function of the real[] is found */
CREATE INDEX ON latents (vgae_decode_link(model, r, r));
SET enable_seqscan = off;
SELECT count(*) > 0 AS index_is_used
FROM plan_of($$SELECT FROM latents WHERE vgae_decode_link(model, r, r) > 0.5$$) AS line WHERE line ~ 'Index Cond';
RESET enable_seqscan;
DROP TABLE latents;

DROP FUNCTION expected_rows, expected_cost;
