/*
 * How models.csv and answers.csv came to be, by version 0.1.0:
 *
 *     cd test/data/golden/format-1 && psql -X -v ON_ERROR_STOP=1 -f write.sql
 *
 * in an empty database.  The links of model "gae" were asked anew when nodes without edges were
 * left out of them.  Once a release has written them they stay as they are: see
 * test/t/012_upgrade.pl.
 */
SET client_min_messages = error;
CREATE EXTENSION vgae;
CREATE TABLE models (name text PRIMARY KEY, model bytea NOT NULL);
CREATE TABLE answers (name text, question text, answer jsonb);

/* All kinds, types of keys and of features, held-out parts and ways of training, small */
INSERT INTO models VALUES
	('ae', vgae_train(model => 'ae', nodes => $$SELECT i AS id, i % 3 = 0 AS flag, ARRAY[i % 2, 1 - i % 2]::real[] AS pair
			FROM generate_series(1, 15) AS i$$, features => 'SELECT i, i % 4 * 10 FROM generate_series(1, 15) AS i',
		reconstruction => 'bce', hidden_dims => '{5,4}', latent_dim => 2, epochs => 4, batch_size => 4, validation_fraction => 0)),
	('vae', vgae_train(model => 'vae', nodes => $$SELECT lpad(i::text, 32, '0')::uuid AS id, 1000 + 7 * i AS number, sin(i) AS sine,
			(ARRAY['red', 'green', 'blue'])[1 + i % 3] AS colour, 5 AS constant FROM generate_series(1, 20) AS i$$,
		hidden_dims => '{6}', latent_dim => 3, epochs => 4, kl_weight => 0.5, dropout => 0.1, weight_decay => 0.001,
		validation_fraction => 0.2, test_fraction => 0.1, patience => 2, seed => 7)),
	('gae', vgae_train($$SELECT 1000000000000 * (i % 11 - 5), 1000000000000 * (i * i % 11 - 5) FROM generate_series(1, 60) AS i$$,
		model => 'gae', directed => true, hidden_dims => '{}', latent_dim => 4, epochs => 4, latent_scale => 1.8, negatives => 2,
		validation_fraction => 0, seed => -1)),
	('vgae', vgae_train($$SELECT 'n' || i % 12, 'n' || (i * i + 1) % 12, i % 5 / 2.0 FROM generate_series(1, 40) AS i$$,
		nodes => $$SELECT 'n' || i AS id, i * 0.5 AS number, i % 2 = 0 AS flag, CASE WHEN i < 5 THEN 'few' ELSE 'Übrige' END AS kind
			FROM generate_series(0, 13) AS i$$,
		features => $$SELECT 'n' || i % 14, 'word ' || i * i % 7, 1 + i / 10.0 FROM generate_series(1, 30) AS i$$,
		hidden_dims => '{5}', latent_dim => 3, epochs => 5, edge_mask => 0.3, validation_fraction => 0.2, test_fraction => 0.1));
INSERT INTO models
SELECT 'went on', vgae_train($$SELECT i, i + 1 FROM generate_series(1, 9) AS i$$, epochs => 2, latent_dim => 2, hidden_dims => '{3}',
	warm_start => vgae_train($$SELECT i, i + 1 FROM generate_series(1, 9) AS i$$, epochs => 3, latent_dim => 2, hidden_dims => '{3}'));
INSERT INTO models VALUES
	('untrained', vgae_train('VALUES (1, 2), (2, 3), (3, 1), (3, 4)', model => 'gae', epochs => 0, latent_dim => 2, validation_fraction => 0));

/* Questions: SELECTs of one jsonb, in which $1 is the model. */
INSERT INTO answers (name, question)
SELECT name, question
FROM models, LATERAL (SELECT CASE vgae_info(model)->>'node_type' WHEN 'integer' THEN '' ELSE ', NULL::' || (vgae_info(model)->>'node_type') END,
		vgae_info(model)->>'model' ~ '^v', vgae_info(model)->>'model' ~ 'gae') AS m (node_type, gaussian, graph),
	LATERAL (
		SELECT 'SELECT vgae_info($1)'
		UNION ALL SELECT 'SELECT jsonb_agg(h ORDER BY epoch) FROM vgae_history($1) AS h'
		UNION ALL SELECT format('SELECT jsonb_agg(e ORDER BY node::text COLLATE "C") FROM vgae_embeddings($1%s) AS e', node_type)
		UNION ALL SELECT format('SELECT to_jsonb(md5(string_agg(embedding::text, '' '' ORDER BY node::text COLLATE "C"))) FROM vgae_embeddings($1%s)',
			node_type)
		UNION ALL SELECT format('SELECT jsonb_agg(l) FROM vgae_predict_links($1%s, 20, include_known => true) AS l', node_type) WHERE graph
		UNION ALL SELECT format('SELECT jsonb_agg(l) FROM vgae_predict_links($1%s, 20) AS l', node_type) WHERE graph
		UNION ALL SELECT format('SELECT jsonb_agg(r) FROM vgae_recommend_all($1%s, 2) AS r', node_type) WHERE graph
		UNION ALL SELECT format('SELECT jsonb_agg(a) FROM vgae_anomalies($1%s, 1000) AS a', node_type) WHERE graph
		UNION ALL SELECT format('SELECT jsonb_agg(s ORDER BY sample, node::text COLLATE "C") FROM vgae_sample_posterior($1%s, 2) AS s', node_type)
			WHERE gaussian
		UNION ALL SELECT 'SELECT jsonb_agg(s) FROM vgae_sample_prior($1, 3) AS s' WHERE gaussian
		UNION ALL SELECT 'SELECT jsonb_agg(g) FROM vgae_generate_graph($1, 12) AS g' WHERE gaussian AND graph
		UNION ALL SELECT format('SELECT jsonb_agg(vgae_decode($1, embedding) ORDER BY node::text COLLATE "C") FROM vgae_embeddings($1%s)', node_type)
			WHERE NOT graph
	) AS q (question);
INSERT INTO answers (name, question) VALUES
	('ae', 'SELECT to_jsonb(vgae_encode($1, ''{1,0,1,0,0,1,0}''))'),
	('ae', 'SELECT to_jsonb(vgae_reconstruct($1, ''{0,1,0,1,0,0,0}''))'),
	('ae', 'SELECT jsonb_agg(i) FROM vgae_interpolate($1, ''{0,0}'', ''{1,-1}'', 3) AS i'),
	('vae', 'SELECT to_jsonb(vgae_encode($1, ''{1050,0.5,1,0,0,5}''))'),
	('vae', 'SELECT to_jsonb(vgae_reconstruct($1, ''{1001,-0.5,0,0,1,5}''))'),
	('vae', $q$SELECT jsonb_agg(e ORDER BY node) FROM vgae_encode_graph($1, NULL::uuid, NULL,
		'SELECT ''00000000-0000-0000-0000-000000000099''::uuid AS id, 1020 AS number, 0.1 AS sine, ''blue''::text AS colour, 5 AS constant',
		NULL) AS e$q$),
	('vgae', $q$SELECT jsonb_agg(e ORDER BY node COLLATE "C") FROM vgae_encode_graph($1, NULL::text, 'VALUES (''a'', ''b'', 1.5)',
		'SELECT * FROM (VALUES (''a'', 2.5, true, ''few''), (''b'', 0, false, ''Übrige'')) AS n (id, number, flag, kind)',
		'VALUES (''a'', ''word 1'', 2), (''b'', ''word 4'', 1)') AS e$q$),
	('vgae', 'SELECT to_jsonb(ARRAY[vgae_link_score($1, ''n1''::text, ''n2''::text), vgae_link_probability($1, ''n1''::text, ''n2''::text),
		vgae_link_probability($1, ''n1''::text, ''n2''::text, 50), vgae_link_score($1, ''n1''::text, ''nobody''::text)])'),
	('gae', 'SELECT to_jsonb(ARRAY[vgae_link_score($1, 1000000000000, -5000000000000), vgae_link_score($1, -5000000000000, 1000000000000),
		vgae_decode_link($1, ''{1,2,3,4}'', ''{4,3,2,1}'')])'),
	('vgae', 'SELECT jsonb_agg(e) FROM vgae_evaluate($1, ''VALUES (''''n1'''', ''''n3''''), (''''n2'''', ''''n4'''')'',
		''VALUES (''''n12'''', ''''n13''''), (''''n0'''', ''''n13'''')'') AS e');

CREATE FUNCTION pg_temp.ask(question text, model bytea) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
	answer jsonb;
BEGIN
	EXECUTE question INTO STRICT answer USING model;
	RETURN answer;
END $$;
UPDATE answers SET answer = pg_temp.ask(question, model) FROM models WHERE models.name = answers.name;

\copy (SELECT * FROM models ORDER BY name COLLATE "C") to 'models.csv' with (format csv, header)
\copy (SELECT * FROM answers ORDER BY name COLLATE "C", question COLLATE "C") to 'answers.csv' with (format csv, header)
