--
-- The pictures of docs/guide.md. In the top directory of vgae, and a database that
-- has the extension,
--
--     psql -f docs/pictures/pictures.sql
--
-- makes them anew; "make pictures" does the same. It leaves nothing in the database.
--
\set ON_ERROR_STOP on
\if :{?directory}
\else
	\set directory docs/pictures
\endif
SET client_min_messages = warning;

CREATE TEMP TABLE karate (src int, dst int);
CREATE TEMP TABLE factions (node int, label text);
CREATE TEMP TABLE miserables (src text, dst text, weight float8);

\copy karate from 'test/data/karate.csv' with (format csv, header)
\copy factions from 'test/data/karate_factions.csv' with (format csv, header)
\copy miserables from 'test/data/les_miserables.csv' with (format csv, header)

-- As examples/demo.sql trains them
CREATE TEMP TABLE models AS
SELECT 'karate' AS name, vgae_train('karate', latent_dim => 4, test_fraction => 0.1, seed => 1) AS model
UNION ALL
SELECT 'miserables', vgae_train('miserables', latent_dim => 8, test_fraction => 0.1, seed => 1);

\pset tuples_only on
\pset format unaligned
\o :directory/karate.svg
SELECT vgae_plot(model, labels => 'factions') FROM models WHERE name = 'karate';
\o :directory/les_miserables.svg
SELECT vgae_plot(model) FROM models WHERE name = 'miserables';
\o :directory/history.svg
SELECT vgae_plot(model, 'history') FROM models WHERE name = 'miserables';
\o
