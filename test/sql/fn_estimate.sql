/*
 * vgae_estimate: what vgae_train would take, checked against what it takes.
 */
SET client_min_messages = warning;

/* What the inputs hold, and the model's size to the byte (but for how two blobs are filled up) */
CREATE TEMP TABLE estimated AS
SELECT 'karate' AS name, e.*, vgae_train('karate', epochs => 5) AS model
FROM vgae_estimate('karate', epochs => 5) AS e
UNION ALL
SELECT 'text keys, weights', e.*, vgae_train('miserables', epochs => 5, directed => true)
FROM vgae_estimate('miserables', epochs => 5, directed => true) AS e
UNION ALL
SELECT 'uuid keys', e.*, vgae_train('SELECT uuid_of(src), uuid_of(dst) FROM karate', model => 'gae', epochs => 0)
FROM vgae_estimate('SELECT uuid_of(src), uuid_of(dst) FROM karate', model => 'gae', epochs => 0) AS e
UNION ALL
SELECT 'features', e.*, vgae_train('karate', 'members', 'SELECT id, team FROM members', epochs => 5)
FROM vgae_estimate('karate', 'members', 'SELECT id, team FROM members', epochs => 5) AS e
UNION ALL
SELECT 'rows', e.*, vgae_train(nodes => 'points', model => 'vae', hidden_dims => '{9,5}', epochs => 5)
FROM vgae_estimate(nodes => 'points', model => 'vae', hidden_dims => '{9,5}', epochs => 5) AS e;
SELECT name, nodes, edges, features,
	ARRAY[nodes::text, edges::text, features::text]
	= ARRAY[info->>'nodes', info->>'edges', info->>'features'] AS as_trained,
	octet_length(model) - model_bytes BETWEEN 0 AND 8 AS size_as_trained, memory_bytes > model_bytes AS memory
FROM estimated, vgae_info(model) AS info ORDER BY name COLLATE "C";

/* More of anything takes more memory; the best weights are given back before the end. */
SELECT wide.memory_bytes > plain.memory_bytes AS wider, wide.model_bytes > plain.model_bytes AS wider_model,
	patient.memory_bytes = plain.memory_bytes AS patient, patient.model_bytes = plain.model_bytes AS same_model
FROM vgae_estimate('karate') AS plain, vgae_estimate('karate', hidden_dims => '{64}') AS wide,
	vgae_estimate('karate', patience => 50) AS patient;

/* With a model to go on from */
SELECT model_bytes = octet_length(trained('karate_gae')) AS same
FROM vgae_estimate('karate', model => 'gae', hidden_dims => '{16}', latent_dim => 8,
	warm_start => trained('karate_gae'));

/* Above vgae.memory_limit it is training that fails. */
SET vgae.memory_limit = '1MB';
SELECT memory_bytes > 1024 * 1024 AS above FROM vgae_estimate('karate', hidden_dims => '{4096}');
SELECT sqlstate_of($$SELECT vgae_train('karate', hidden_dims => '{4096}')$$) AS refused;
RESET vgae.memory_limit;

/* What training refuses */
SELECT * FROM vgae_estimate('karate', epochs => NULL);
SELECT * FROM vgae_estimate('karate', model => 'gan');
SELECT * FROM vgae_estimate('karate', latent_dim => 0);
SELECT * FROM vgae_estimate();
SELECT * FROM vgae_estimate('SELECT 1, 1');
SELECT * FROM vgae_estimate('SELECT 1, NULL::int');
SELECT * FROM vgae_estimate('karate', model => 'ae');
SELECT * FROM vgae_estimate('karate', nodes => 'SELECT 1');
SELECT * FROM vgae_estimate('karate', warm_start => trained('karate'));
SELECT * FROM vgae_estimate('karate', epochs => 10000000, hidden_dims => '{65536}', latent_dim => 256);
SELECT * FROM vgae_estimate('karate', negatives => 1e9);
SELECT vgae_train('karate', negatives => 1e9);
SELECT * FROM vgae_estimate('karate', patience => 5, validation_fraction => 0);
SELECT vgae_train('karate', patience => 5, validation_fraction => 0);
SELECT * FROM vgae_estimate(nodes => 'points', model => 'ae', patience => 5, validation_fraction => 0.001);

/* An argument that no input could satisfy is refused before the input is read. */
SELECT vgae_train('SELECT 1 / (g - g), 1 FROM generate_series(1, 2) g', hidden_dims => '{65536,65536}');
