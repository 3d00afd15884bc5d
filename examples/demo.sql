--
-- Two small real graphs, from tables to predicted links.
--
-- ./quickstart.sh demo runs this in a throw-away server. To run it in your own,
-- go to the top directory of vgae, create an empty database and say
--
--     psql -f examples/demo.sql that_database
--
\set ON_ERROR_STOP on
\pset footer off

CREATE EXTENSION IF NOT EXISTS vgae;

-- A graph is a table with one row for each edge. Nodes have any keys you like:
-- the members of a karate club have numbers, the characters of a novel names.

CREATE TABLE karate (src int, dst int);
CREATE TABLE miserables (src text, dst text, weight float8);

\copy karate from 'test/data/karate.csv' with (format csv, header)
\copy miserables from 'test/data/les_miserables.csv' with (format csv, header)

-- A model is a value of type bytea, and lives where you put it. One edge in ten
-- is kept out of the training altogether, to see how well the model predicts it.
-- SELECT jsonb_pretty(vgae_info(model)) FROM models tells all that is known of one.

CREATE TABLE models (name text PRIMARY KEY, model bytea);

INSERT INTO models VALUES
	('karate club', vgae_train('karate', latent_dim => 4, test_fraction => 0.1, seed => 1)),
	('Les Misérables', vgae_train('miserables', latent_dim => 8, test_fraction => 0.1, seed => 1));

\echo
\echo 'What was trained, and how well it tells edges it has never seen from pairs without an edge'
\echo '(area under the ROC curve and average precision: 0.5 is chance, 1 is perfect)'
\echo
SELECT name,
	info ->> 'model' AS model,
	(info -> 'nodes')::int AS nodes,
	(info -> 'edges')::int AS edges,
	(info -> 'epochs_run')::int AS epochs,
	round((info ->> 'loss')::numeric, 3) AS loss,
	round((info ->> 'test_auc')::numeric, 2) AS auc,
	round((info ->> 'test_ap')::numeric, 2) AS ap,
	pg_size_pretty((info ->> 'bytes')::bigint) AS size
FROM models, vgae_info(model) AS info
ORDER BY name;

\echo 'The ten most likely links that are missing in Les Misérables'
\echo
SELECT src, dst, round(probability::numeric, 2) AS probability
FROM models, vgae_predict_links(model, NULL::text, k => 10)
WHERE name = 'Les Misérables';

\echo 'Where the model puts Valjean: his embedding'
\echo
SELECT ARRAY(SELECT round(coordinate::numeric, 2) FROM unnest(embedding) AS coordinate) AS valjean
FROM models, vgae_embedding(model, 'Valjean'::text) AS embedding
WHERE name = 'Les Misérables';

\echo 'Five nodes that are not in the karate club: samples from the prior'
\echo
SELECT sample, ARRAY(SELECT round(coordinate::numeric, 2) FROM unnest(latent) AS coordinate) AS latent
FROM models, vgae_sample_prior(model, n => 5, seed => 1)
WHERE name = 'karate club';
