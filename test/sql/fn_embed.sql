/*
 * vgae_embeddings, vgae_embedding, vgae_encode, vgae_encode_graph
 */
SET client_min_messages = warning;

/* One row a node, in the order of the keys */
SELECT name, count(*) AS nodes, min(cardinality(embedding)) AS dimensions, max(cardinality(stddev)) AS deviations,
	bool_and(0 < ALL (stddev)) AS positive, bool_and(array_ndims(embedding) = 1) AS flat
FROM models, vgae_embeddings(model) WHERE name IN ('karate', 'karate_gae', 'karate_directed', 'karate_members',
	'points_ae', 'points_vae')
GROUP BY name ORDER BY name COLLATE "C";
SELECT count(*) AS nodes, min(cardinality(embedding)) AS dimensions, min(cardinality(stddev)) AS deviations
FROM vgae_embeddings(trained('miserables'), NULL::text);
SELECT count(*) AS nodes, min(cardinality(embedding)) AS dimensions, min(cardinality(stddev)) AS deviations
FROM vgae_embeddings(trained('karate_uuid'), NULL::uuid);
SELECT array_agg(node) AS first FROM (SELECT node FROM vgae_embeddings(trained('karate')) LIMIT 5) AS e;
SELECT array_agg(node) AS first FROM (SELECT node
	FROM vgae_embeddings(trained('miserables'), NULL::text) LIMIT 5) AS e;
SELECT array_agg(node) AS first FROM (SELECT node
	FROM vgae_embeddings(trained('karate_uuid'), NULL::uuid) LIMIT 2) AS e;
SELECT node FROM vgae_embeddings(trained('karate')) EXCEPT SELECT id FROM members;
SELECT node FROM vgae_embeddings(trained('miserables'),
	'the value is ignored'::text) EXCEPT SELECT unnest(ARRAY[src, dst]) FROM miserables;

/* The wrong overload, and a NULL model */
SELECT count(*) FROM vgae_embeddings(trained('miserables'));
SELECT count(*) FROM vgae_embeddings(trained('miserables'), NULL::uuid);
SELECT count(*) FROM vgae_embeddings(trained('karate'), NULL::text);
SELECT count(*) FROM vgae_embeddings(trained('karate_uuid'));
SELECT sqlstate_of($$SELECT * FROM vgae_embeddings(trained('miserables'))$$);
SELECT count(*) FROM vgae_embeddings(NULL);
SELECT count(*) FROM vgae_embeddings(NULL, NULL::text);
SELECT count(*) FROM vgae_embeddings(NULL, NULL::uuid);

/* One node */
SELECT bool_and(embedding = vgae_embedding(trained('karate'), node)) AS same FROM vgae_embeddings(trained('karate'));
SELECT bool_and(embedding = vgae_embedding(trained('miserables'), node)) AS same
	FROM vgae_embeddings(trained('miserables'), NULL::text);
SELECT bool_and(embedding = vgae_embedding(trained('karate_uuid'), node)) AS same
	FROM vgae_embeddings(trained('karate_uuid'), NULL::uuid);
SELECT vgae_embedding(trained('karate'), 1::smallint) = vgae_embedding(trained('karate'), 1::bigint) AS widened,
	vgae_embedding(trained('miserables'), 'Valjean') = vgae_embedding(trained('miserables'),
	'Valjean'::varchar) AS varchar;
SELECT vgae_embedding(trained('karate'), 4711) IS NULL AS unknown_int,
	vgae_embedding(trained('karate'), -9223372036854775808) IS NULL AS least,
	vgae_embedding(trained('miserables'), 'Nobody') IS NULL AS unknown_text,
	vgae_embedding(trained('miserables'), '') IS NULL AS empty,
	vgae_embedding(trained('miserables'), 'valjean') IS NULL AS other_case,
	vgae_embedding(trained('miserables'), 'Valjea') IS NULL AS prefix,
	vgae_embedding(trained('miserables'), 'Valjean ') IS NULL AS padded,
	vgae_embedding(trained('karate_uuid'), uuid_of(4711)) IS NULL AS unknown_uuid;
SELECT vgae_embedding(NULL, 1) IS NULL AS model, vgae_embedding(trained('karate'), NULL::int) IS NULL AS node;
SELECT vgae_embedding(trained('karate'), 'Valjean') IS NULL;
SELECT vgae_embedding(trained('karate'), '1') IS NULL;
SELECT vgae_embedding(trained('karate'), uuid_of(1)) IS NULL;
SELECT vgae_embedding(trained('miserables'), 1) IS NULL;
SELECT vgae_embedding(trained('karate_uuid'), '00000000-0000-0000-0000-000000000001') IS NULL;
SELECT vgae_embedding(trained('karate_uuid'), 1) IS NULL;
SELECT sqlstate_of($$SELECT vgae_embedding(trained('karate'), 'Valjean')$$);

/* Many models in one query, and many rows of one */
SELECT count(*) AS calls, count(embedding) AS known
FROM (SELECT vgae_embedding(model, node) AS embedding FROM models, generate_series(1, 100) AS node
	WHERE name ~ '^karate($|_gae|_directed|_members)') AS e;
SELECT count(DISTINCT vgae_embedding(model, 1)) AS different FROM models
	WHERE name ~ '^karate($|_gae|_directed|_members)';

/* vgae_encode: the code of a row that was trained on is its embedding. */
SELECT bool_and(near(vgae_encode(trained('points_ae'), ARRAY[x, y, z, upper::int]::real[]),
	vgae_embedding(trained('points_ae'), id))) AS ae,
	bool_and(near(vgae_encode(trained('points_vae'), ARRAY[x, y, z, upper::int]::real[]),
	vgae_embedding(trained('points_vae'), id))) AS vae
FROM points;
SELECT vgae_encode(trained('points_ae'), ARRAY[100, 20, 700, 1]) = vgae_encode(trained('points_ae'),
	'{100,20,700,1}') AS deterministic,
	cardinality(vgae_encode(trained('points_ae'), '{0,0,0,0}')) AS dimensions;
SELECT vgae_encode(NULL, '{1,2,3,4}') IS NULL AS model, vgae_encode(trained('points_ae'), NULL) IS NULL AS features;
SELECT vgae_encode(trained('points_ae'), '[0:3]={100,20,700,1}') = vgae_encode(trained('points_ae'),
	'{100,20,700,1}') AS other_bounds;
SELECT bool_and(vgae_encode(m, ARRAY[x, y, z, upper::int]) = vgae_encode(m, ARRAY[x, y, z, upper::int]::real[])) AS float8,
	bool_and(vgae_encode(m, ARRAY[x, y, z, upper::int]::numeric[]::real[]) = vgae_encode(m, ARRAY[x, y, z, upper::int]::numeric[])) AS numeric
FROM points, trained('points_ae') AS m;
SELECT vgae_encode(trained('points_ae'), '{1e39,0,0,0}') IS NULL;
SELECT vgae_encode(trained('points_ae'), '{1,2,3}') IS NULL;
SELECT vgae_encode(trained('points_ae'), '{1,2,3,4,5}') IS NULL;
SELECT vgae_encode(trained('points_ae'), '{}') IS NULL;
SELECT vgae_encode(trained('points_ae'), '{1,2,NULL}') IS NULL;
SELECT vgae_encode(trained('points_ae'), '{1,2,NaN,4}') IS NULL;
SELECT vgae_encode(trained('points_ae'), '{1,2,-Infinity,4}') IS NULL;
SELECT vgae_encode(trained('points_ae'), '{{1,2},{3,4}}') IS NULL;
SELECT vgae_encode(trained('karate'), '{1,2,3,4}') IS NULL;
SELECT vgae_encode(trained('karate_members'), '{1,2,3,4,5}') IS NULL;
SELECT sqlstate_of($$SELECT vgae_encode(trained('points_ae'), '{1,2,3}')$$) AS length,
	sqlstate_of($$SELECT vgae_encode(trained('points_ae'), '{1,2,NULL,4}')$$) AS missing,
	sqlstate_of($$SELECT vgae_encode(trained('points_ae'), '{1,2,NaN,4}')$$) AS nan,
	sqlstate_of($$SELECT vgae_encode(trained('karate'), '{1,2,3,4}')$$) AS graph_model;

/* vgae_encode_graph: the graph of the training gives its embeddings again. */
SELECT count(*) AS nodes, bool_and(near(again.embedding, e.embedding)) AS same_embedding,
	bool_and(near(again.stddev, e.stddev)) AS same_stddev
FROM vgae_encode_graph(trained('karate_members'), 'karate', 'members') AS again
	JOIN vgae_embeddings(trained('karate_members')) AS e USING (node);

/* so it does of a directed and weighted one, whatever the order of the rows */
CREATE TEMP TABLE weighted AS SELECT src, dst, 1 + src % 3 AS weight FROM karate;
CREATE TEMP TABLE directed AS SELECT vgae_train('weighted', nodes => 'members', directed => true,
	validation_fraction => 0.1, epochs => 20) AS model;
SELECT count(*) AS nodes, bool_and(near(again.embedding, e.embedding)) AS same_embedding,
	bool_and(near(again.stddev, e.stddev)) AS same_stddev
FROM directed, vgae_encode_graph(model, 'TABLE weighted ORDER BY random()', 'TABLE members ORDER BY random()') AS again
	JOIN vgae_embeddings((SELECT model FROM directed)) AS e USING (node);
SELECT bool_and(near(again.embedding, e.embedding)) AS same_without_weights
FROM directed, vgae_encode_graph(model, 'karate', 'members') AS again
	JOIN vgae_embeddings((SELECT model FROM directed)) AS e USING (node);

/*
 * A new member, linked to node 1: it has an embedding, its neighbor's changes, and
 * those three links away keep theirs.
 */
SELECT count(*) FILTER (WHERE e.node IS NULL) AS new,
	bool_and(near(e.embedding, after.embedding)) FILTER (WHERE e.node = 1) AS same_at_1,
	bool_and(near(e.embedding, after.embedding)) FILTER (WHERE e.node IN (15, 16, 19, 21, 23)) AS same_far_away
FROM vgae_encode_graph(trained('karate_members'), 'TABLE karate UNION ALL VALUES (1, 35)',
		$$TABLE members UNION ALL VALUES (35, 1, false, 'red')$$) AS after
	LEFT JOIN vgae_embeddings(trained('karate_members')) AS e USING (node);
/* Nobody is linked to anybody. */
SELECT count(*) AS nodes, count(DISTINCT embedding) > 1 AS differ
	FROM vgae_encode_graph(trained('karate_members'), nodes => 'members');
/* Nobody at all */
SELECT count(*) AS nodes FROM vgae_encode_graph(trained('karate_members'), nodes => 'TABLE members LIMIT 0');
/* Rows of an ae and a vae */
SELECT count(*) AS rows, bool_and(near(again.embedding, e.embedding)) AS same, count(again.stddev) AS deviations
FROM vgae_encode_graph(trained('points_ae'), nodes => 'points') AS again
	JOIN vgae_embeddings(trained('points_ae')) AS e USING (node);
SELECT count(*) AS rows, bool_and(near(again.embedding, e.embedding)) AS same,
	bool_and(near(again.stddev, e.stddev)) AS same_deviations
FROM vgae_encode_graph(trained('points_vae'), nodes => 'points') AS again
	JOIN vgae_embeddings(trained('points_vae')) AS e USING (node);
SELECT count(*) FROM vgae_encode_graph(trained('points_ae'), 'karate', 'points');

/* More than the limit of memory is refused. */
CREATE TEMP TABLE wide AS
SELECT vgae_train('karate', 'SELECT id, degree FROM members', hidden_dims => '{2000}', epochs => 0) AS model;
SET vgae.memory_limit = '50MB';
SELECT sqlstate_of($$SELECT count(*) FROM wide, vgae_encode_graph(model, nodes => 'SELECT i AS id, i AS degree FROM generate_series(1, 5000) AS i')$$)
	AS too_many_nodes,
	(SELECT count(*) FROM wide, vgae_encode_graph(model, nodes => 'SELECT i AS id, i AS degree FROM generate_series(1, 500) AS i')) AS few;
RESET vgae.memory_limit;

/* Text and uuid keys, also where the model's own are integers */
SELECT pg_typeof(e.node), count(*) FROM vgae_encode_graph(trained('karate_members'), NULL::text,
	'SELECT src::text, dst::text FROM karate',
	'SELECT id::text, degree, officer, team FROM members', NULL) AS e GROUP BY 1;
SELECT pg_typeof(e.node), count(*) FROM vgae_encode_graph(trained('karate_members'), NULL::uuid,
	'SELECT uuid_of(src), uuid_of(dst) FROM karate',
	'SELECT uuid_of(id), degree, officer, team FROM members', NULL) AS e GROUP BY 1;
SELECT count(*) FROM vgae_encode_graph(trained('karate_members'), NULL::text, 'karate', 'members', NULL);
SELECT count(*) FROM vgae_encode_graph(trained('karate_members'), 'SELECT src::text, dst::text FROM karate',
	'SELECT id::text, degree, officer, team FROM members');

/* Features in long form: a feature that training did not see, and one that the new nodes lack */
CREATE TEMP TABLE wordy AS SELECT vgae_train('karate', features => 'SELECT id, team FROM members',
	epochs => 20) AS model;
SELECT count(*) AS nodes, bool_and(near(again.embedding, e.embedding)) AS same
FROM wordy, vgae_encode_graph(model, 'karate', features => 'SELECT id, team FROM members') AS again
	JOIN vgae_embeddings((SELECT model FROM wordy)) AS e USING (node);
SELECT count(*) AS nodes FROM wordy, vgae_encode_graph(model, 'karate',
	features => $$SELECT id, team FROM members WHERE team <> 'blue'$$);
SET client_min_messages = notice;
SELECT count(*) AS nodes FROM vgae_encode_graph(trained('karate_members'), 'karate', 'SELECT *, 1 AS extra, 2 AS more FROM members');
SELECT count(*) AS nodes FROM wordy, vgae_encode_graph(model, 'karate',
	features => $$SELECT id, team FROM members UNION ALL VALUES (1, 'violet')$$);
SELECT count(*) AS nodes FROM wordy, vgae_encode_graph(model, 'karate',
	features => $$SELECT id, team FROM members UNION ALL VALUES (1, 'violet'), (2, 'pink')$$);
SET client_min_messages = warning;
SELECT count(*) AS nodes FROM wordy, vgae_encode_graph(model, 'karate', features => 'SELECT id, id FROM members');
SELECT count(*) AS nodes FROM wordy, vgae_encode_graph(model, 'karate', 'members');
SELECT count(*) AS nodes FROM vgae_encode_graph(trained('karate_members'), 'karate',
	features => 'SELECT id, team FROM members');

/* Columns of nodes: in another order, with more of them, and with a category that training did not see */
SELECT count(*) AS nodes, bool_and(near(again.embedding, e.embedding)) AS same
FROM vgae_encode_graph(trained('karate_members'), 'karate',
	'SELECT team, now() AS more, officer, id, degree FROM members') AS again
	JOIN vgae_embeddings(trained('karate_members')) AS e USING (node);
SET client_min_messages = notice;
SELECT count(*) AS nodes FROM vgae_encode_graph(trained('karate_members'), 'karate',
	$$SELECT id, degree, officer, CASE id WHEN 5 THEN 'violet' ELSE team END AS team FROM members$$);
SELECT count(*) AS nodes FROM vgae_encode_graph(trained('karate_members'), 'karate',
	$$SELECT id, degree, officer, 'violet' AS team FROM members$$);
SET client_min_messages = warning;

/* Under bce, values lie in [0, 1] here, too; arrays have the length that they had. */
CREATE TEMP TABLE shares AS SELECT vgae_train(nodes => 'SELECT id, ARRAY[id / 120.0, 0.5]::real[] AS share FROM points',
	model => 'ae', reconstruction => 'bce', latent_dim => 2, epochs => 5) AS model;
SELECT cardinality(vgae_encode(model, '{0,1}')) AS dimensions FROM shares;
SELECT vgae_encode(model, '{0,1.5}') IS NULL FROM shares;
SELECT count(*) FROM shares, vgae_encode_graph(model, nodes => 'SELECT 7 AS id, ARRAY[0, 1.5]::real[] AS share');
SELECT count(*) FROM shares, vgae_encode_graph(model, nodes => 'SELECT 7 AS id, ARRAY[0]::real[] AS share');

/* Numbers that overflow on the way are an error, not infinite. */
SELECT vgae_encode(trained('points_ae'), '{3e38,3e38,3e38,0}') IS NULL;
SELECT count(*) FROM vgae_encode_graph(trained('points_ae'),
	nodes => 'SELECT 7 AS id, 3e38::real AS x, 3e38::real AS y, 3e38::real AS z, true AS upper');

/* What cannot be encoded */
SELECT count(*) FROM vgae_encode_graph(trained('karate'), 'karate');
SELECT count(*) FROM vgae_encode_graph(trained('karate_members'), 'karate');
SELECT count(*) FROM vgae_encode_graph(trained('karate_members'));
SELECT count(*) FROM vgae_encode_graph(trained('karate_members'), 'karate', 'SELECT id, degree FROM members');
SELECT count(*) FROM vgae_encode_graph(trained('karate_members'), 'karate',
	'SELECT id, degree, officer::int, team FROM members');
SELECT count(*) FROM vgae_encode_graph(trained('karate_members'), 'karate', 'members', 'SELECT id, team FROM members');
SELECT count(*) FROM vgae_encode_graph(trained('karate_members'), 'TABLE karate UNION ALL VALUES (1, 99)', 'members');
SELECT count(*) FROM vgae_encode_graph(trained('karate_members'), 'no_such_table', 'members');
SELECT sqlstate_of($$SELECT * FROM vgae_encode_graph(trained('karate'), 'karate')$$) AS featureless,
	sqlstate_of($$SELECT * FROM vgae_encode_graph(trained('karate_members'), 'no_such_table', 'members')$$) AS no_table;
SELECT count(*) FROM vgae_encode_graph(NULL, 'no_such_table');
SELECT count(*) FROM vgae_encode_graph(NULL, NULL::text, 'no_such_table', NULL, NULL);
SELECT count(*) FROM vgae_encode_graph(NULL, NULL::uuid, 'no_such_table', NULL, NULL);
