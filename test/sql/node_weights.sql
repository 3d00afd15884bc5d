/*
 * Features never make it worse: nodes have weights of their own where features tell less
 * of the edges than their places do.
 */
SET client_min_messages = warning;

/* 40 communities of 50 */
CREATE TEMP TABLE community_edges AS
SELECT a AS src, b AS dst FROM generate_series(1, 2000) AS a, generate_series(1, 2000) AS b
WHERE a < b AND ((a / 50 = b / 50 AND abs(hashint8(a * 10000::bigint + b)) % 10 = 0) OR abs(hashint8(a * 10000::bigint + b)) % 4000 = 1);
CREATE FUNCTION pg_temp.trained_on(nodes text, features text, node_weights boolean DEFAULT NULL) RETURNS jsonb LANGUAGE sql AS $$
	SELECT vgae_info(vgae_train('community_edges', nodes => trained_on.nodes, features => trained_on.features, test_fraction => 0.1,
		epochs => 100, node_weights => trained_on.node_weights))
$$;
CREATE TEMP TABLE trained_with AS
SELECT 'nothing' AS what, pg_temp.trained_on(NULL, NULL) AS info
UNION ALL SELECT 'a random boolean', pg_temp.trained_on('SELECT i, abs(hashint4(i)) % 2 = 0 FROM generate_series(1, 2000) AS i', NULL)
UNION ALL SELECT 'an age', pg_temp.trained_on('SELECT i, 20 + abs(hashint4(i * 7)) % 60 FROM generate_series(1, 2000) AS i', NULL)
UNION ALL SELECT 'a constant', pg_temp.trained_on('SELECT i AS id, 5 AS five FROM generate_series(1, 2000) AS i', NULL)
UNION ALL SELECT 'all of these', pg_temp.trained_on('SELECT i AS id, abs(hashint4(i)) % 2 = 0 AS random, 20 + abs(hashint4(i * 7)) % 60 AS age, 5 AS five
	FROM generate_series(1, 2000) AS i', NULL)
UNION ALL SELECT 'the community', pg_temp.trained_on(NULL, $$SELECT i, 'community' || i / 50 FROM generate_series(1, 2000) AS i$$);
SELECT what, (info->>'test_auc')::float8 >= (SELECT (info->>'test_auc')::float8 FROM trained_with WHERE what = 'nothing') - 0.01 AS not_worse,
	info->'node_weights' AS node_weights, info->'features_used' AS features_used
FROM trained_with ORDER BY what COLLATE "C";

/* What is given wins, and is told. */
SELECT info->'node_weights' AS node_weights, info->'features_used' AS features_used, info->'arguments'->'node_weights' AS argument
FROM pg_temp.trained_on('SELECT i, abs(hashint4(i)) % 2 = 0 FROM generate_series(1, 2000) AS i', NULL, true) AS info;
SELECT info->'node_weights' AS node_weights, info->'features_used' AS features_used, info->'arguments'->'node_weights' AS argument
FROM pg_temp.trained_on('SELECT i, abs(hashint4(i)) % 2 = 0 FROM generate_series(1, 2000) AS i', NULL, false) AS info;
SET client_min_messages = notice;
SELECT vgae_train('community_edges', nodes => 'SELECT i, abs(hashint4(i)) % 2 = 0 FROM generate_series(1, 2000) AS i', epochs => 1) IS NULL;
SELECT vgae_train('karate', node_weights => false);
SELECT vgae_train(model => 'ae', nodes => 'SELECT 1, 2', node_weights => true);

/* New nodes have the features' part, known ones their own weights as well. */
CREATE TEMP TABLE with_both AS
SELECT vgae_train('karate', nodes => 'SELECT i, i % 3 AS a, i % 5 AS b FROM generate_series(1, 34) AS i', epochs => 20,
	validation_fraction => 0, node_weights => true) AS model;
SELECT bool_and(s.embedding[1] - e.embedding[1] BETWEEN -1e-4 AND 1e-4) AS known_nodes_as_stored
FROM with_both, vgae_embeddings(model) AS s, vgae_encode_graph(model, 'karate', 'SELECT i, i % 3 AS a, i % 5 AS b FROM generate_series(1, 34) AS i') AS e
WHERE s.node = e.node;
SELECT count(*) AS nodes, bool_or(s.embedding[1] - e.embedding[1] BETWEEN -1e-4 AND 1e-4) AS others_as_stored
FROM with_both, vgae_embeddings(model) AS s,
	vgae_encode_graph(model, 'SELECT src + 100, dst + 100 FROM karate', 'SELECT i + 100, i % 3 AS a, i % 5 AS b FROM generate_series(1, 34) AS i') AS e
WHERE s.node = e.node - 100;

/* Where features are not used, new nodes are known by their neighbours alone. */
SET client_min_messages = notice;
SELECT count(*) FROM vgae_encode_graph(vgae_train('community_edges', nodes => 'SELECT i, abs(hashint4(i)) % 2 = 0 FROM generate_series(1, 2000) AS i',
	epochs => 1), 'VALUES (1, 2), (2, 3001)', 'SELECT i, true FROM (VALUES (1), (2), (3001)) AS v (i)');
SET client_min_messages = warning;

/* A training goes on with own weights as before. */
SELECT i->'node_weights' AS node_weights, i->'features_used' AS features_used
FROM with_both, vgae_info(vgae_train('karate', nodes => 'SELECT i, i % 3 AS a, i % 5 AS b FROM generate_series(1, 34) AS i', epochs => 1,
	validation_fraction => 0, warm_start => model)) AS i;
