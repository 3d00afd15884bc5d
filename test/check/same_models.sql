/*
 * same_models.sql: trains a model of every kind, with every option, type of key and form of
 * input, asks each all that it can answer, and prints a line for each: its name, the SHA-256
 * of its bytes and the SHA-256 of its answers.  Run by same_models.sh, which sets the
 * variables data, cora and digits (files) and has_cora and has_digits (true or false) and
 * gives it an empty database.
 */
\set QUIET
\set ON_ERROR_STOP
\pset format unaligned
\pset tuples_only
SET client_min_messages = error;
SET timezone = 'UTC';
SET jit = off;
CREATE EXTENSION vgae;


/* Inputs */

-- 120 nodes: several edges twice and in both directions, self-loops and weights of 0.
CREATE TABLE edges AS
	SELECT i % 120 AS src, (i * i + 3 * i) % 119 AS dst, (i % 7) / 3.0 AS weight
	FROM generate_series(1, 700) AS i;
CREATE TABLE nodes AS
	SELECT i AS id, sin(i) * 1e6 AS number, i % 3 = 0 AS flag, 'kind ' || i % 5 AS kind,
		ARRAY[cos(i), i % 2]::real[] AS pair, 5 AS constant
	FROM generate_series(0, 122) AS i;
CREATE TABLE words AS
	SELECT i % 123 AS node, 'word ' || i % 30 AS feature, 1 + sin(i) AS value
	FROM generate_series(1, 900) AS i;

CREATE VIEW far_edges AS
	SELECT (src - 60) * 1000000000000 AS src, (dst - 60) * 1000000000000 AS dst, weight FROM edges;
CREATE VIEW far_nodes AS SELECT (id - 60) * 1000000000000 AS id, number, kind FROM nodes;
CREATE VIEW text_edges AS SELECT 'n' || src AS src, 'n' || dst AS dst, weight FROM edges;
CREATE VIEW text_nodes AS SELECT 'n' || id AS id, number, flag, kind FROM nodes;
CREATE VIEW text_words AS SELECT 'n' || node AS node, feature, value FROM words;
CREATE VIEW uuid_edges AS
	SELECT md5(src::text)::uuid AS src, md5(dst::text)::uuid AS dst, weight FROM edges;
CREATE VIEW uuid_nodes AS SELECT md5(id::text)::uuid AS id, number, pair FROM nodes;

-- Above 5000 nodes non-edges are drawn, and pictures are mosaics.
CREATE TABLE large_edges AS
	SELECT i % 5200 AS src, (i::bigint * i + 7 * i) % 5197 AS dst FROM generate_series(1, 20000) AS i;

\cd :data
CREATE TABLE karate (src integer, dst integer);
\copy karate from 'karate.csv' with (format csv, header)
CREATE TABLE factions (node integer, label text);
\copy factions from 'karate_factions.csv' with (format csv, header)
CREATE TABLE miserables (src text, dst text, weight float8);
\copy miserables from 'les_miserables.csv' with (format csv, header)

CREATE TABLE citations (src integer, dst integer);
CREATE TABLE paper_words (node integer, feature integer);
\if :has_cora
\cd :cora
\copy citations from 'edges.csv' with (format csv, header)
\copy paper_words from 'features.csv' with (format csv, header)
\endif
CREATE TABLE digits (id integer, label integer, features real[]);
\if :has_digits
\cd :digits
\copy digits from 'digits.csv' with (format csv, header)
\endif


/* Trainings: what is asked of a model needs its inputs again, so they stand apart. */

CREATE TABLE trainings (place serial, name text PRIMARY KEY, edges text, nodes text, features text, options text,
	threads integer DEFAULT 0);

-- Kinds of model, and their options
INSERT INTO trainings (name, edges, nodes, features, options) VALUES
	('vgae', 'edges', NULL, NULL, 'epochs => 8'),
	('vgae-unweighted', 'SELECT src, dst FROM edges', NULL, NULL, 'epochs => 8'),
	('vgae-seed', 'edges', NULL, NULL, 'epochs => 8, seed => -7'),
	('vgae-linear', 'edges', NULL, NULL, $$epochs => 8, hidden_dims => '{}'$$),
	('vgae-deep', 'edges', NULL, NULL, $$epochs => 8, hidden_dims => '{24,12,10}', latent_dim => 7$$),
	('vgae-dropout', 'edges', 'nodes', NULL, 'epochs => 8, dropout => 0.3'),
	('vgae-kl', 'edges', NULL, NULL, 'epochs => 8, kl_weight => 0.2, learning_rate => 0.03'),
	('vgae-decay', 'edges', 'nodes', NULL, 'epochs => 8, weight_decay => 0.01'),
	('vgae-scale', 'edges', NULL, NULL, 'epochs => 8, latent_scale => 1.8'),
	('vgae-mask', 'edges', 'nodes', 'words', 'epochs => 8, edge_mask => 0.4'),
	('vgae-mask-sampled', 'edges', NULL, NULL, 'epochs => 8, edge_mask => 0.3, negatives => 2, dropout => 0.1'),
	('vgae-directed', 'edges', NULL, NULL, 'epochs => 8, directed => true'),
	('vgae-directed-sampled', 'edges', 'nodes', NULL, 'epochs => 8, directed => true, negatives => 3'),
	('vgae-sampled', 'edges', NULL, NULL, 'epochs => 8, negatives => 1.5'),
	('vgae-all-pairs', 'edges', NULL, NULL, $$epochs => 8, negatives => 'Infinity'$$),
	('vgae-nothing-held-out', 'edges', NULL, NULL, 'epochs => 8, validation_fraction => 0'),
	('vgae-held-out', 'edges', 'nodes', NULL, 'epochs => 8, validation_fraction => 0.1, test_fraction => 0.2'),
	('vgae-patience', 'edges', 'nodes', NULL, 'epochs => 60, patience => 2, learning_rate => 0.1, validation_fraction => 0.2'),
	('vgae-untrained', 'edges', NULL, NULL, 'epochs => 0'),
	('vgae-dense', 'edges', 'nodes', NULL, 'epochs => 8'),
	('vgae-sparse', 'edges', NULL, 'words', 'epochs => 8'),
	('vgae-counted-words', 'edges', NULL, 'SELECT node, feature FROM words', 'epochs => 8'),
	('vgae-dense-sparse', 'edges', 'nodes', 'words', 'epochs => 8, latent_scale => 2'),
	('gae', 'edges', NULL, NULL, $$epochs => 8, model => 'gae'$$),
	('gae-linear-features', 'edges', 'nodes', 'words', $$epochs => 8, model => 'gae', hidden_dims => '{}'$$),
	('gae-directed-scale', 'edges', 'nodes', NULL, $$epochs => 8, model => 'gae', directed => true, latent_scale => 2$$),
	('gae-sampled', 'edges', NULL, NULL, $$epochs => 8, model => 'gae', negatives => 2, hidden_dims => '{16,8}'$$),
	('gae-untrained', 'edges', 'nodes', NULL, $$epochs => 0, model => 'gae', validation_fraction => 0$$),
	('ae', NULL, 'nodes', NULL, $$epochs => 8, model => 'ae'$$),
	('ae-linear', NULL, 'nodes', NULL, $$epochs => 8, model => 'ae', hidden_dims => '{}', latent_dim => 3$$),
	('ae-sparse', NULL, NULL, 'words', $$epochs => 8, model => 'ae', hidden_dims => '{12,8}', validation_fraction => 0$$),
	('ae-batch', NULL, 'nodes', 'words', $$epochs => 8, model => 'ae', batch_size => 10, dropout => 0.2, test_fraction => 0.1$$),
	('vae', NULL, 'nodes', NULL, $$epochs => 8, model => 'vae'$$),
	('vae-batch', NULL, 'nodes', 'words', $$epochs => 8, model => 'vae', batch_size => 32, kl_weight => 0.5, weight_decay => 0.001$$),
	('vae-patience', NULL, 'nodes', NULL, $$epochs => 60, model => 'vae', patience => 2, validation_fraction => 0.3, learning_rate => 0.1$$),
	('vae-untrained', NULL, 'nodes', NULL, $$epochs => 0, model => 'vae'$$),
	('ae-bce', NULL, 'SELECT id, flag, ARRAY[id % 2, 1 - id % 2]::real[] AS pair FROM nodes', NULL,
		$$epochs => 8, model => 'ae', reconstruction => 'bce'$$),
	('vae-bce', NULL, 'SELECT id, flag, kind FROM nodes', NULL, $$epochs => 8, model => 'vae', reconstruction => 'bce', batch_size => 16$$);

-- Types of keys
INSERT INTO trainings (name, edges, nodes, features, options) VALUES
	('far-keys', 'far_edges', NULL, NULL, 'epochs => 8'),
	('far-keys-dense', 'far_edges', 'far_nodes', NULL, $$epochs => 8, model => 'gae'$$),
	('far-keys-rows', NULL, 'far_nodes', NULL, $$epochs => 8, model => 'vae'$$),
	('text-keys', 'text_edges', NULL, NULL, 'epochs => 8, test_fraction => 0.1'),
	('text-keys-features', 'text_edges', 'text_nodes', 'text_words', 'epochs => 8, edge_mask => 0.3'),
	('text-keys-rows', NULL, 'text_nodes', 'text_words', $$epochs => 8, model => 'ae'$$),
	('uuid-keys', 'uuid_edges', NULL, NULL, $$epochs => 8, model => 'gae', directed => true$$),
	('uuid-keys-features', 'uuid_edges', 'uuid_nodes', NULL, 'epochs => 8'),
	('uuid-keys-rows', NULL, 'uuid_nodes', NULL, $$epochs => 8, model => 'vae'$$);

-- Real graphs and rows, with the defaults where that is quick
INSERT INTO trainings (name, edges, nodes, features, options) VALUES
	('karate', 'karate', NULL, NULL, ''),
	('karate-directed', 'karate', NULL, NULL, $$directed => true, model => 'gae', patience => 20$$),
	('les-miserables', 'miserables', NULL, NULL, ''),
	('large', 'large_edges', NULL, NULL, 'epochs => 3'),
	('large-locality', 'large_edges', 'SELECT id, sin(id) AS number FROM generate_series(0, 5250) AS id', NULL,
		$$epochs => 3, model => 'gae', edge_mask => 0.2, hidden_dims => '{}'$$);
INSERT INTO trainings (name, edges, nodes, features, options, threads) VALUES
	('threads-1', 'edges', 'nodes', 'words', $$epochs => 8, negatives => 'Infinity'$$, 1),
	('threads-2', 'edges', 'nodes', 'words', $$epochs => 8, negatives => 'Infinity'$$, 2),
	('large-threads-1', 'large_edges', NULL, NULL, 'epochs => 2, dropout => 0.1', 1),
	('large-threads-2', 'large_edges', NULL, NULL, 'epochs => 2, dropout => 0.1', 2);
INSERT INTO trainings (name, edges, nodes, features, options)
SELECT * FROM (VALUES
	('cora', 'citations', NULL, NULL, 'epochs => 3, test_fraction => 0.1'),
	('cora-features', 'citations', NULL, 'paper_words', 'epochs => 3, latent_scale => 2'),
	('cora-gae', 'citations', NULL, 'paper_words', $$epochs => 3, model => 'gae', negatives => 1, edge_mask => 0.1$$)) AS t
WHERE :'has_cora';
INSERT INTO trainings (name, edges, nodes, features, options)
SELECT * FROM (VALUES
	('digits-ae', NULL, 'SELECT id, features FROM digits', NULL, $$epochs => 4, model => 'ae', hidden_dims => '{64}'$$),
	('digits-vae', NULL, 'SELECT id, ARRAY(SELECT x / 16 FROM unnest(features) AS x) AS pixels FROM digits', NULL,
		$$epochs => 3, model => 'vae', reconstruction => 'bce', latent_dim => 8$$)) AS t
WHERE :'has_digits';

-- Trainings that go on: after those that they begin with
INSERT INTO trainings (name, edges, nodes, features, options)
SELECT name || '-went-on', edges, nodes, features,
	format('%s, seed => 3, warm_start => (SELECT model FROM models WHERE name = %L)', options, name)
FROM trainings
WHERE name IN ('vgae', 'gae-directed-scale', 'ae', 'vae-batch', 'text-keys-features', 'vgae-held-out') ORDER BY place;
INSERT INTO trainings (name, edges, nodes, features, options) VALUES
	('vgae-grown', 'SELECT src, dst, weight FROM edges UNION ALL VALUES (0, 200, 1), (201, 200, 2)', NULL, 'words',
		$$epochs => 8, seed => 1, warm_start => (SELECT model FROM models WHERE name = 'vgae-sparse')$$);


/* Models */

CREATE TABLE models (name text PRIMARY KEY, model bytea NOT NULL, trained_at timestamptz);
CREATE TABLE failures (name text, statement text, message text);

DO $$
DECLARE
	t trainings;
	statement text;
BEGIN
	FOR t IN SELECT * FROM trainings ORDER BY place LOOP
		PERFORM set_config('vgae.threads', t.threads::text, false);
		statement := format('SELECT %L, vgae_train(edges => %L, nodes => %L, features => %L%s)',
			t.name, t.edges, t.nodes, t.features, ', ' || NULLIF(t.options, ''));
		BEGIN
			EXECUTE 'INSERT INTO models ' || statement;
		EXCEPTION WHEN OTHERS THEN
			INSERT INTO failures VALUES (t.name, statement, SQLERRM);
		END;
	END LOOP;
	PERFORM set_config('vgae.threads', '0', false);
END $$;

-- Another way to store the model of karate
INSERT INTO trainings (name, edges, options) VALUES ('train-into', 'karate', '');
CALL vgae_train_into('models', 'train-into', 'karate');


/* Answers */

CREATE TABLE answers (place serial, name text, question text, answer text);

/* Questions: queries of which every row counts, in their order; $1 is the model. */
CREATE FUNCTION questions(t trainings, info jsonb, keys text[]) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	has_links boolean := info->>'model' IN ('gae', 'vgae');
	has_posterior boolean := info->>'model' IN ('vae', 'vgae');
	of_type text := CASE info->>'node_type' WHEN 'integer' THEN '' ELSE ', NULL::' || (info->>'node_type') END;
	node text[] := (SELECT array_agg(CASE info->>'node_type' WHEN 'integer' THEN key
			ELSE format('%L::%s', key, info->>'node_type') END ORDER BY i)
		FROM unnest(keys) WITH ORDINALITY AS k (key, i));
	code text := array_fill(0.5, ARRAY[(info->>'latent_dim')::integer])::text;
	row text := array_fill(1, ARRAY[(info->>'features')::integer])::text;
BEGIN
	RETURN NEXT 'SELECT vgae_info($1)';
	RETURN NEXT 'SELECT * FROM vgae_history($1)';
	RETURN NEXT format('SELECT nodes, edges, features, model_bytes FROM vgae_estimate(edges => %L, nodes => %L, features => %L%s)',
		t.edges, t.nodes, t.features, ', ' || NULLIF(t.options, ''));
	RETURN NEXT format('SELECT * FROM vgae_embeddings($1%s)', of_type);
	RETURN NEXT format('SELECT vgae_embedding($1, %s)', node[2]);
	RETURN NEXT 'SELECT vgae_plot($1)';
	RETURN NEXT 'SELECT vgae_plot($1, ''history'')';
	IF t.edges = 'karate' THEN
		RETURN NEXT 'SELECT vgae_plot($1, ''latent'', ''factions'')';
	END IF;
	IF t.features IS NOT NULL OR t.nodes IS NOT NULL THEN
		RETURN NEXT format('SELECT * FROM vgae_encode_graph($1%s, edges => %L, nodes => %L, features => %L)',
			of_type, t.edges, t.nodes, t.features);
	END IF;

	IF has_links THEN
		RETURN NEXT format('SELECT * FROM vgae_predict_links($1%s, 50)', of_type);
		RETURN NEXT format('SELECT * FROM vgae_predict_links($1%s, 30, 0.1, true)', of_type);
		RETURN NEXT format('SELECT * FROM vgae_recommend_all($1%s, 3)', of_type);
		RETURN NEXT format('SELECT * FROM vgae_recommend($1, %s, 7, 0.01)', node[1]);
		RETURN NEXT format('SELECT * FROM vgae_recommend($1, %s, 500, include_known => true)', node[3]);
		RETURN NEXT format('SELECT * FROM vgae_anomalies($1%s, 40)', of_type);
		RETURN NEXT format('SELECT vgae_link_score($1, %s, %s)', node[1], node[2]);
		RETURN NEXT format('SELECT vgae_link_probability($1, %s, %s)', node[3], node[2]);
		RETURN NEXT format('SELECT * FROM vgae_evaluate($1, %L, seed => 5)',
			format('SELECT DISTINCT e.src, e.dst FROM (%s) AS e WHERE e.src <> e.dst',
				CASE WHEN t.edges ~ '^SELECT' THEN t.edges ELSE 'TABLE ' || t.edges END));
		RETURN NEXT format('SELECT vgae_decode_link($1, %L, %L)', code, replace(code, '0.5', '-0.25'));
		RETURN NEXT format('SELECT * FROM vgae_interpolate($1, %L, %L, 3)', code, replace(code, '0.5', '2'));
	ELSE
		RETURN NEXT format('SELECT vgae_encode($1, %L)', row);
		RETURN NEXT format('SELECT vgae_reconstruct($1, %L)', row);
		RETURN NEXT format('SELECT vgae_decode($1, %L)', code);
		RETURN NEXT format('SELECT vgae_decode($1, embedding) FROM vgae_embeddings($1%s)', of_type);
		RETURN NEXT format('SELECT * FROM vgae_interpolate($1, %L, %L)', code, replace(code, '0.5', '-1'));
	END IF;
	IF has_posterior THEN
		RETURN NEXT format('SELECT * FROM vgae_sample_posterior($1%s, 2, 9)', of_type);
		RETURN NEXT 'SELECT * FROM vgae_sample_prior($1, 4, 2)';
	END IF;
	IF has_posterior AND has_links THEN
		RETURN NEXT 'SELECT * FROM vgae_generate_graph($1, 60, 3)';
		RETURN NEXT format('SELECT vgae_link_probability($1, %s, %s, 40, 1)', node[1], node[3]);
	END IF;
END $$;

DO $$
DECLARE
	t trainings;
	trained bytea;
	info jsonb;
	keys text[];
	question text;
	answer text;
BEGIN
	FOR t IN SELECT trainings.* FROM trainings JOIN models USING (name) ORDER BY place LOOP
		SELECT model INTO trained FROM models WHERE name = t.name;
		PERFORM set_config('vgae.threads', t.threads::text, false);
		info := vgae_info(trained);
		EXECUTE format('SELECT array_agg(node::text) FROM (SELECT node FROM vgae_embeddings($1%s) LIMIT 3) AS n',
			CASE info->>'node_type' WHEN 'integer' THEN '' ELSE ', NULL::' || (info->>'node_type') END)
			INTO keys USING trained;
		FOR question IN SELECT * FROM questions(t, info, keys) LOOP
			BEGIN
				EXECUTE format('SELECT string_agg(a::text, E''\n'') FROM (%s) AS a', question) INTO answer USING trained;
			EXCEPTION WHEN OTHERS THEN
				INSERT INTO failures VALUES (t.name, question, SQLERRM);
				CONTINUE;
			END;
			INSERT INTO answers (name, question, answer) VALUES (t.name, question, coalesce(answer, 'no row'));
		END LOOP;
	END LOOP;
END $$;

\if :{?show}
SELECT question || E'\n' || answer || E'\n' FROM answers WHERE name = :'show' ORDER BY place;
\else
SELECT name || ' ' || encode(sha256(model), 'hex') || ' ' || coalesce(
	(SELECT encode(sha256(convert_to(string_agg(question || answer, E'\n' ORDER BY a.place), 'UTF8')), 'hex')
		FROM answers AS a WHERE a.name = t.name), '-')
FROM trainings AS t JOIN models USING (name) ORDER BY place;
SELECT 'cora skipped' WHERE NOT :'has_cora';
SELECT 'digits skipped' WHERE NOT :'has_digits';
\endif

-- A question that cannot be asked would have the same answer everywhere.
DO $$
BEGIN
	IF EXISTS (SELECT FROM failures) THEN
		RAISE 'not everything could be asked'
			USING DETAIL = (SELECT string_agg(format('%s: %s: %s', name, message, statement), E'\n') FROM failures);
	END IF;
END $$;
