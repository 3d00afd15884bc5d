/*
 * vgae_sample_posterior, vgae_sample_prior, vgae_decode, vgae_decode_link,
 * vgae_reconstruct, vgae_interpolate, vgae_generate_graph
 */
SET client_min_messages = warning;

/* vgae_sample_posterior: n latents a node, numbered from 1 */
SELECT count(*) AS samples, count(DISTINCT node) AS nodes, min(sample) AS first, max(sample) AS last,
	min(cardinality(latent)) AS dimensions,
	count(DISTINCT latent) AS different
FROM vgae_sample_posterior(trained('karate'), 3);
SELECT count(*) AS samples, max(sample) AS last FROM vgae_sample_posterior(trained('karate'));
SELECT count(*) AS samples, pg_typeof(min(node)) FROM vgae_sample_posterior(trained('miserables'), NULL::text, 2);
SELECT count(*) AS samples, count(DISTINCT node) AS nodes
	FROM vgae_sample_posterior(trained('karate_uuid'), NULL::uuid, 2);
SELECT count(*) AS samples FROM vgae_sample_posterior(trained('points_vae'), 2);
WITH once AS (SELECT * FROM vgae_sample_posterior(trained('karate'), 2, 7)),
	again AS (SELECT * FROM vgae_sample_posterior(trained('karate'), 2, seed => 7)),
	other AS (SELECT * FROM vgae_sample_posterior(trained('karate'), 2, 8)),
	more AS (SELECT * FROM vgae_sample_posterior(trained('karate'), 4, 7))
SELECT (SELECT count(*) FROM (TABLE once INTERSECT TABLE again) AS i) AS repeatable,
	(SELECT count(*) FROM (TABLE once INTERSECT TABLE other) AS i) AS other_seed,
	(SELECT count(*) FROM (TABLE once INTERSECT TABLE more) AS i) AS first_of_more;
/* Their mean and spread are those of the posterior: z-scores over all nodes and dimensions */
SELECT count(*) AS values, abs(avg(z)) < 0.02 AS mean_0, abs(stddev(z) - 1) < 0.02 AS deviation_1,
	max(abs(z)) < 7 AS no_outlier
FROM vgae_sample_posterior(trained('karate'), 200) AS s JOIN vgae_embeddings(trained('karate')) AS e USING (node),
	LATERAL (SELECT (l - m) / d AS z FROM unnest(s.latent, e.embedding, e.stddev) AS u (l, m, d)) AS standardised;

/* vgae_sample_prior: n latents, standard normal */
SELECT count(*) AS samples, min(sample) AS first, max(sample) AS last, min(cardinality(latent)) AS dimensions,
	count(DISTINCT latent) AS different
FROM vgae_sample_prior(trained('karate'), 5);
SELECT count(*) AS samples FROM vgae_sample_prior(trained('points_vae'));
SELECT abs(avg(z)) < 0.02 AS mean_0, abs(stddev(z) - 1) < 0.02 AS deviation_1, max(abs(z)) < 7 AS no_outlier
FROM vgae_sample_prior(trained('karate'), 5000) AS s, unnest(s.latent) AS z;
WITH once AS (SELECT * FROM vgae_sample_prior(trained('karate'), 2, 7)),
	again AS (SELECT * FROM vgae_sample_prior(trained('karate'), 2, seed => 7)),
	other AS (SELECT * FROM vgae_sample_prior(trained('karate'), 2, 8)),
	more AS (SELECT * FROM vgae_sample_prior(trained('karate'), 4, 7))
SELECT (SELECT count(*) FROM (TABLE once INTERSECT TABLE again) AS i) AS repeatable,
	(SELECT count(*) FROM (TABLE once INTERSECT TABLE other) AS i) AS other_seed,
	(SELECT count(*) FROM (TABLE once INTERSECT TABLE more) AS i) AS first_of_more;

/* ae and gae have neither posterior nor prior; the wrong overload; n out of range; NULLs */
SELECT count(*) FROM vgae_sample_posterior(trained('karate_gae'));
SELECT count(*) FROM vgae_sample_posterior(trained('points_ae'));
SELECT count(*) FROM vgae_sample_prior(trained('karate_gae'));
SELECT count(*) FROM vgae_sample_prior(trained('points_ae'));
SELECT count(*) FROM vgae_sample_posterior(trained('miserables'));
SELECT count(*) FROM vgae_sample_posterior(trained('karate'), NULL::text);
SELECT count(*) FROM vgae_sample_posterior(trained('karate'), 0);
SELECT count(*) FROM vgae_sample_posterior(trained('karate'), n => NULL);
SELECT count(*) FROM vgae_sample_posterior(trained('karate'), seed => NULL);
SELECT count(*) FROM vgae_sample_prior(trained('karate'), 0);
SELECT count(*) FROM vgae_sample_prior(trained('karate'), -5);
SELECT count(*) FROM vgae_sample_prior(trained('karate'), 2147483648);
SELECT count(*) FROM vgae_sample_posterior(trained('karate'), 9223372036854775807);
SELECT count(*) FROM vgae_interpolate(trained('points_ae'), '{0,1}', '{1,-1}', 2147483648);
SELECT count(*) FROM vgae_sample_prior(trained('karate'), NULL);
SELECT count(*) FROM vgae_sample_prior(trained('karate'), 1, NULL);
SELECT (SELECT count(*) FROM vgae_sample_posterior(NULL)) AS posterior,
	(SELECT count(*) FROM vgae_sample_posterior(NULL, NULL::text)) AS posterior_text,
	(SELECT count(*) FROM vgae_sample_posterior(NULL, NULL::uuid)) AS posterior_uuid,
	(SELECT count(*) FROM vgae_sample_prior(NULL)) AS prior;

/* vgae_reconstruct = vgae_decode of vgae_encode, in the input's units */
SELECT bool_and(vgae_reconstruct(model, p.row) = vgae_decode(model, vgae_encode(model, p.row))) AS decode_of_encode,
	min(cardinality(vgae_reconstruct(model, p.row))) AS features
FROM models, (SELECT ARRAY[x, y, z, upper::int]::real[] AS row FROM points) AS p
	WHERE name IN ('points_ae', 'points_vae');
SELECT avg(abs(r[1] - x)) < 5 AS x, avg(abs(r[2] - y)) < 0.5 AS y, avg(abs(r[3] - z)) < 25 AS z,
	avg(abs(r[4] - upper::int)) < 0.4 AS upper
FROM points, vgae_reconstruct(trained('points_ae'), ARRAY[x, y, z, upper::int]::real[]) AS r;
SELECT vgae_decode(trained('points_ae'), vgae_embedding(trained('points_ae'), 1)) = vgae_decode(trained('points_ae'),
	vgae_embedding(trained('points_ae'), 1)) AS deterministic;
SELECT bool_and(vgae_decode(trained('points_vae'), latent) IS NOT NULL) AS decoded
	FROM vgae_sample_prior(trained('points_vae'), 5);
SELECT vgae_decode(NULL, '{1,2}') IS NULL AS decode_model,
	vgae_decode(trained('points_ae'), NULL) IS NULL AS decode_latent,
	vgae_reconstruct(NULL, '{1,2,3,4}') IS NULL AS reconstruct_model,
	vgae_reconstruct(trained('points_ae'), NULL) IS NULL AS reconstruct_features;
SELECT vgae_decode(trained('points_ae'), '[5:6]={1,2}') = vgae_decode(trained('points_ae'), '{1,2}') AS other_bounds;
SELECT vgae_decode(trained('points_ae'), '{1}') IS NULL;
SELECT vgae_decode(trained('points_ae'), '{1,2,3}') IS NULL;
SELECT vgae_decode(trained('points_ae'), '{}') IS NULL;
SELECT vgae_decode(trained('points_ae'), '{1,NULL}') IS NULL;
SELECT vgae_decode(trained('points_ae'), '{1,Infinity}') IS NULL;
SELECT vgae_decode(trained('points_ae'), '{{1},{2}}') IS NULL;
SELECT vgae_decode(trained('karate'), '{1,2,3,4,5,6,7,8}') IS NULL;
SELECT vgae_reconstruct(trained('points_ae'), '{1,2,3}') IS NULL;
SELECT bool_and(r IS NOT NULL) AS missing_is_rebuilt FROM unnest(vgae_reconstruct(trained('points_ae'), '{100,20,700,NULL}')) AS r;
SELECT vgae_reconstruct(trained('points_ae'), '{1,2,3,NaN}') IS NULL;
SELECT vgae_reconstruct(trained('karate_gae'), '{1,2,3,4}') IS NULL;

/* Arrays of all types of numbers, of which float8 has more and larger ones than the model */
SELECT vgae_decode(m, z) = vgae_decode(m, '{0.5,-2}') AS real, vgae_decode(m, z::float8[]) = vgae_decode(m, z) AS float8,
	vgae_decode(m, z::numeric[]) = vgae_decode(m, z) AS numeric, vgae_decode(m, '{1,2}'::integer[]) = vgae_decode(m, '{1,2}') AS integer,
	vgae_decode(m, '{1,2}'::bigint[]) = vgae_decode(m, '{1,2}') AS bigint, vgae_decode(m, ARRAY[0.1, 1e-300]) = vgae_decode(m, '{0.1,0}') AS rounded
FROM trained('points_ae') AS m, CAST('{0.5,-2}' AS real[]) AS z;
SELECT vgae_reconstruct(m, ARRAY[x, y, z, upper::int]) = vgae_reconstruct(m, ARRAY[x, y, z, upper::int]::real[]) AS reconstruct
FROM trained('points_ae') AS m, points WHERE id = 7;
SELECT vgae_decode_link(m, a, b) = vgae_decode_link(m, a::float8[], b) AS decode_link, vgae_decode_link(m, a, b) = vgae_decode_link(m, a, b::float8[]) AS b
FROM trained('karate') AS m, vgae_embedding(m, 1) AS a, vgae_embedding(m, 2) AS b;
SELECT bool_and(i.latent = j.latent AND i.step = j.step) AS interpolate
FROM trained('points_ae') AS m, vgae_interpolate(m, '{0,1}'::real[], '{1,-1}'::float8[], 5::smallint) AS i JOIN vgae_interpolate(m, '{0,1}', '{1,-1}', 5::bigint) AS j USING (step);
PREPARE decoded AS SELECT vgae_decode(m, $1) = vgae_decode(m, '{0.5,-2}') AS same FROM trained('points_ae') AS m;
EXECUTE decoded ('{0.5,-2}');
DEALLOCATE decoded;
SELECT vgae_decode(trained('points_ae'), '{1,1e39}') IS NULL;
SELECT vgae_decode_link(trained('karate'), '{1,2,3,4,5,6,7,-1e300}', '{1,2,3,4,5,6,7,8}') IS NULL;
SELECT vgae_reconstruct(trained('points_ae'), '{1,2,3,NULL}'::float8[]) = vgae_reconstruct(trained('points_ae'), '{1,2,3,NULL}') AS missing;
SELECT count(*) FROM vgae_interpolate(trained('points_ae'), '{0,1}', '{1,1e39}');
SELECT sqlstate_of($$SELECT vgae_decode(trained('points_ae'), '{1,1e39}')$$) AS out_of_range,
	sqlstate_of($$SELECT vgae_decode(trained('points_ae'), '{1,-Infinity}')$$) AS infinite;

/* vgae_decode_link: of the embeddings of two nodes it is their vgae_link_probability */
SELECT bool_and(abs(vgae_decode_link(model, vgae_embedding(model, src),
	vgae_embedding(model, dst)) - vgae_link_probability(model, src, dst)) < 1e-5) AS same
FROM models, karate WHERE name ~ '^karate($|_gae|_directed|_members)';
SELECT vgae_decode_link(trained('karate'), vgae_embedding(trained('karate'), 1), vgae_embedding(trained('karate'), 2))
	= vgae_decode_link(trained('karate'), vgae_embedding(trained('karate'), 2),
	vgae_embedding(trained('karate'), 1)) AS symmetric;
/* from a to b in a directed model: the first half of a, the second of b */
SELECT vgae_decode_link(model, '{1,0,0,0,0,0,0,0}', '{0,0,0,0,9,0,0,0}')
	> vgae_decode_link(model, '{0,0,0,0,9,0,0,0}', '{1,0,0,0,0,0,0,0}') AS from_a_to_b
FROM models WHERE name = 'karate_directed';
SELECT vgae_decode_link(trained('karate'), '{100,100,100,100,100,100,100,100}',
	'{100,100,100,100,100,100,100,100}') BETWEEN 0.99 AND 1 AS surely,
	vgae_decode_link(trained('karate'), '{100,100,100,100,100,100,100,100}',
	'{-100,-100,-100,-100,-100,-100,-100,-100}') BETWEEN 0 AND 0.01 AS surely_not;
SELECT vgae_decode_link(NULL, '{1}', '{1}') IS NULL AS model,
	vgae_decode_link(trained('karate'), NULL, '{1}') IS NULL AS a,
	vgae_decode_link(trained('karate'), '{1}', NULL) IS NULL AS b;
SELECT vgae_decode_link(trained('karate'), '{1}', '{1,2,3,4,5,6,7,8}') IS NULL;
SELECT vgae_decode_link(trained('karate'), '{1,2,3,4,5,6,7,8}', '{1,2,3,4,5,6,7,8,9}') IS NULL;
SELECT vgae_decode_link(trained('karate'), '{1,2,3,4,5,6,7,NULL}', '{1,2,3,4,5,6,7,8}') IS NULL;
SELECT vgae_decode_link(trained('karate'), '{1,2,3,4,5,6,7,8}', '{1,2,3,4,5,6,7,NaN}') IS NULL;
SELECT vgae_decode_link(trained('points_vae'), '{1,2}', '{1,2}') IS NULL;

/* vgae_interpolate: a straight line, both ends included */
SELECT step, round(t::numeric, 4) AS t, latent, cardinality(decoded) AS features
	FROM vgae_interpolate(trained('points_ae'), '{0,1}', '{1,-1}', 5);
SELECT count(*) AS steps, min(t) AS first, max(t) AS last,
	bool_and(near(decoded, vgae_decode(trained('points_vae'), latent))) AS decodes
FROM vgae_interpolate(trained('points_vae'), '{0,1}', '{1,-1}');
/* more steps than are decoded at once */
SELECT count(*) AS steps, bool_and(t = (step - 1) / 999.0::float8) AS even,
	bool_and(near(decoded, vgae_decode(trained('points_ae'), latent))) AS decodes
FROM vgae_interpolate(trained('points_ae'), '{0,1}', '{1,-1}', 1000);
SELECT count(*) AS steps, count(decoded) AS decoded, bool_or(latent = vgae_embedding(trained('karate'), 1)) AS first,
	bool_or(latent = vgae_embedding(trained('karate'), 2)) AS last
FROM vgae_interpolate(trained('karate'), vgae_embedding(trained('karate'), 1), vgae_embedding(trained('karate'), 2),
	3);
SELECT count(*) AS steps FROM vgae_interpolate(trained('karate_gae'), vgae_embedding(trained('karate_gae'), 1),
	vgae_embedding(trained('karate_gae'), 2), steps => 2);
SELECT count(*) FROM vgae_interpolate(trained('points_ae'), '{0,1}', '{1,-1}', 1);
SELECT count(*) FROM vgae_interpolate(trained('points_ae'), '{0,1}', '{1,-1}', NULL);
SELECT count(*) FROM vgae_interpolate(trained('points_ae'), '{0,1,2}', '{1,-1}');
SELECT count(*) FROM vgae_interpolate(trained('points_ae'), '{0,1}', '{1}');
SELECT count(*) FROM vgae_interpolate(trained('points_ae'), '{0,NaN}', '{1,1}');
SELECT count(*) FROM vgae_interpolate(trained('points_ae'), '{0,1}', '{1,NULL}');
SELECT (SELECT count(*) FROM vgae_interpolate(NULL, '{0,1}', '{1,-1}')) AS model,
	(SELECT count(*) FROM vgae_interpolate(trained('points_ae'), NULL, '{1,-1}')) AS from_latent,
	(SELECT count(*) FROM vgae_interpolate(trained('points_ae'), '{0,1}', NULL)) AS to_latent;

/* vgae_generate_graph: as dense as the club, repeatable, each pair once */
SELECT bool_and(src BETWEEN 1 AND 34 AND dst BETWEEN 1 AND 34) AS from_1, bool_and(src < dst) AS one_way,
	count(*) = count(DISTINCT (src, dst)) AS once,
	bool_and(probability BETWEEN 0 AND 1) AS probability
FROM vgae_generate_graph(trained('karate'), 34);
SELECT avg(edges) / 78 BETWEEN 0.7 AND 1.4 AS about_as_dense
FROM (SELECT count(*) AS edges FROM generate_series(1, 20) AS seed, vgae_generate_graph(trained('karate'), 34, seed)
	GROUP BY seed) AS graphs;
SELECT count(*) / (200.0 * 199 / 2) / (78 / (34.0 * 33 / 2)) BETWEEN 0.7 AND 1.4 AS about_as_dense_when_larger
	FROM vgae_generate_graph(trained('karate'), 200);
WITH once AS (SELECT * FROM vgae_generate_graph(trained('karate'), 50, 7)),
	again AS (SELECT * FROM vgae_generate_graph(trained('karate'), 50, seed => 7)),
	other AS (SELECT * FROM vgae_generate_graph(trained('karate'), 50, 8))
SELECT NOT EXISTS (TABLE once EXCEPT TABLE again) AS repeatable,
	EXISTS (TABLE once EXCEPT TABLE other) AS other_seed_differs;
SELECT bool_or(src > dst) AS both_directions, bool_or(src = dst) AS loops
	FROM vgae_generate_graph(trained('karate_directed'), 100);
SELECT avg(edges) / 78 BETWEEN 0.7 AND 1.4 AS about_as_dense_when_directed
FROM (SELECT count(*) AS edges FROM generate_series(1, 20) AS seed,
	vgae_generate_graph(trained('karate_directed'), 34, seed) GROUP BY seed) AS graphs;
SELECT count(*) > 0 AS of_a_text_model FROM vgae_generate_graph(trained('miserables'), 50);
SELECT count(*) AS edges_of_one_node FROM vgae_generate_graph(trained('karate'), 1);
SELECT count(*) FROM vgae_generate_graph(trained('karate'), 0);
SELECT count(*) FROM vgae_generate_graph(trained('karate'), -1);
SELECT count(*) FROM vgae_generate_graph(trained('karate'), 10, NULL);
SELECT count(*) FROM vgae_generate_graph(trained('karate_gae'), 10);
SELECT count(*) FROM vgae_generate_graph(trained('points_vae'), 10);
SELECT count(*) FROM vgae_generate_graph(trained('points_ae'), 10);
SELECT (SELECT count(*) FROM vgae_generate_graph(NULL, 10)) AS model,
	(SELECT count(*) FROM vgae_generate_graph(trained('karate'), NULL)) AS nodes;

/* The SQLSTATEs */
SELECT call, sqlstate_of('SELECT vgae_' || call) AS sqlstate
FROM unnest(ARRAY[
	'sample_posterior(trained(''karate_gae''))', 'sample_posterior(trained(''miserables''))',
	'sample_posterior(trained(''karate''), 0)', 'sample_posterior(trained(''karate''), n => NULL)',
	'sample_posterior(trained(''karate''), seed => NULL)', 'sample_prior(trained(''points_ae''))',
	'sample_prior(trained(''karate''), 0)', 'sample_prior(trained(''karate''), NULL)',
	'sample_prior(trained(''karate''), 1, NULL)', 'decode(trained(''karate''), ''{1}'')',
	'decode(trained(''points_ae''), ''{1}'')', 'decode(trained(''points_ae''), ''{1,NULL}'')',
	'decode(trained(''points_ae''), ''{1,NaN}'')', 'decode_link(trained(''points_ae''), ''{1}'', ''{1}'')',
	'decode_link(trained(''karate''), ''{1}'', ''{1}'')',
	'reconstruct(trained(''karate''), ''{1}'')', 'reconstruct(trained(''points_ae''), ''{1}'')',
	'interpolate(trained(''points_ae''), ''{0,1}'', ''{1,1}'', 1)',
	'interpolate(trained(''points_ae''), ''{0,1}'', ''{1,1}'', NULL)',
	'interpolate(trained(''points_ae''), ''{0,1}'', ''{1}'')', 'generate_graph(trained(''karate_gae''), 5)',
	'generate_graph(trained(''points_vae''), 5)', 'generate_graph(trained(''karate''), 0)',
	'generate_graph(trained(''karate''), 5, NULL)']) AS call;

/* What is learnt from a complete graph generates graphs that are nearly so. */
SELECT count(*) > 0.8 * 50 * 49 / 2 AS nearly_complete
FROM vgae_generate_graph(vgae_train('SELECT a AS src, b AS dst FROM generate_series(1, 6) a, generate_series(1, 6) b',
	epochs => 10), nodes => 50);

/* A graph that takes more memory than the limit is refused before the system has none left. */
CREATE TEMP TABLE full_graph AS
SELECT vgae_train('SELECT a AS src, b AS dst FROM generate_series(1, 6) a, generate_series(1, 6) b', latent_dim => 2) AS model;
SET vgae.memory_limit = '8MB';
SELECT sqlstate_of('SELECT count(*) FROM full_graph, vgae_generate_graph(model, 2000000)') AS too_many_nodes,
	sqlstate_of('SELECT count(*) FROM full_graph, vgae_generate_graph(model, 1500)') AS too_many_edges,
	(SELECT count(*) > 0 FROM full_graph, vgae_generate_graph(model, 100)) AS few;
RESET vgae.memory_limit;
