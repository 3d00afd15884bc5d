/*
 * Small models of every kind and shape, to be damaged; and what to call their
 * functions with.
 */

CREATE FUNCTION uuid_key(i int) RETURNS uuid LANGUAGE sql IMMUTABLE
AS $$ SELECT md5(i::text)::uuid $$;
CREATE FUNCTION text_key(i int) RETURNS text LANGUAGE sql IMMUTABLE
AS $$ SELECT 'n' || repeat('ö', i * i / 2) || i $$;

CREATE TABLE int_edges (src int, dst int, weight float8);
INSERT INTO int_edges VALUES (1, 2, 1), (2, 3, 1), (3, 1, 0.5), (3, 4, 2), (4, 5, 1), (5, 6, 1), (6, 4, 1), (6, 7, 3),
	(7, 8, 1), (8, 9, 1), (2, 1, 1), (5, 5, 1), (1, 9, 0);
CREATE VIEW text_edges AS SELECT text_key(src) AS src, text_key(dst) AS dst, weight FROM int_edges;
CREATE VIEW uuid_edges AS SELECT uuid_key(src) AS src, uuid_key(dst) AS dst, weight FROM int_edges;

/* Edges of nodes whose numbers are more than 127 apart take more than a byte */
CREATE VIEW far_edges AS SELECT i AS src, 140 - i AS dst FROM generate_series(1, 20) AS i;
CREATE VIEW far_nodes AS SELECT i AS id, i % 7 AS number FROM generate_series(1, 140) AS i;

/* Columns of every kind, seven features in all, two of which some rows miss */
CREATE TABLE int_nodes AS
SELECT i AS id, 100 + i AS number, i % 2 = 0 AS flag, (ARRAY['x', 'ü', 'zz'])[1 + i % 3] AS kind,
	CASE WHEN i % 3 > 0 THEN ARRAY[i / 10.0, 1 - i / 10.0]::real[] END AS vector
FROM generate_series(1, 9) AS i;
CREATE VIEW text_nodes AS SELECT text_key(id) AS id, flag, kind, vector FROM int_nodes;

CREATE TABLE int_words AS
SELECT i AS node, 10 * (i % 5) AS feature, (i % 4) / 4.0 AS value FROM generate_series(1, 9) AS i;
CREATE VIEW text_words AS SELECT text_key(node) AS node, 'w' || feature AS feature, value FROM int_words;
CREATE VIEW uuid_words AS SELECT uuid_key(node) AS node, feature, value FROM int_words;

CREATE TABLE seeds (
	name text PRIMARY KEY,
	kind text,
	edges text,					-- of its training, as are nodes and features
	nodes text,
	features text,
	arguments text,				-- the others of its training, as SQL
	pairs text,					-- edges, also for models of rows
	x real[],					-- a row of features
	z real[],					-- a latent
	model bytea
);
INSERT INTO seeds (name, kind, edges, nodes, features, arguments, x) VALUES
	('gae_int', 'gae', 'int_edges', 'int_nodes', NULL, $$, hidden_dims => '{3}', validation_fraction => 0.1$$,
	 '{101,0,0,1,0,0.1,0.9}'),
	('gae_text', 'gae', 'text_edges', NULL, NULL,
	 $$, hidden_dims => '{}', directed => true, latent_scale => 2, negatives => 2$$, '{}'),
	('vgae_uuid', 'vgae', 'uuid_edges', NULL, NULL, $$, hidden_dims => '{}', validation_fraction => 0$$, '{}'),
	('vgae_text', 'vgae', 'text_edges', 'text_nodes', 'text_words',
	 $$, hidden_dims => '{3,2}', test_fraction => 0.2, edge_mask => 0.2, node_weights => true$$, '{1,0,1,0,0.2,0.8,0,1,0,0,0}'),
	('vgae_int', 'vgae', 'int_edges', NULL, 'int_words', $$, hidden_dims => '{2}', directed => true, dropout => 0.1$$,
	 '{0,0.5,0,0,0}'),
	('gae_far', 'gae', 'far_edges', 'far_nodes', NULL, $$, hidden_dims => '{}', validation_fraction => 0$$, '{3}'),
	('ae_int', 'ae', NULL, 'int_nodes', NULL, $$, hidden_dims => '{3}', validation_fraction => 0.2$$,
	 '{101,0,0,1,0,0.1,0.9}'),
	('vae_text', 'vae', NULL, 'text_nodes', NULL,
	 $$, hidden_dims => '{}', reconstruction => 'bce', test_fraction => 0.2$$, '{1,0,1,0,0.2,0.8}'),
	('vae_uuid', 'vae', NULL, NULL, 'uuid_words', $$, hidden_dims => '{3,2}', patience => 1, validation_fraction => 0.4$$, '{0,0.5,0,0,0}');
UPDATE seeds SET pairs = substring(name FROM '_(.*)') || '_edges', z = '{0.5,-1}',
	arguments = ', latent_dim => 2' || arguments;

/* As vgae_train is to be called for them, with 1 epoch more or less */
CREATE FUNCTION training(s seeds, epochs int) RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT format('edges => %L, nodes => %L, features => %L, model => %L, epochs => %s%s',
		s.edges, s.nodes, s.features, s.kind, epochs, s.arguments) $$;
DO $$
DECLARE
	seed seeds;
BEGIN
	FOR seed IN SELECT * FROM seeds LOOP
		EXECUTE format('UPDATE seeds SET model = vgae_train(%s) WHERE name = %L', training(seed, 2), seed.name);
	END LOOP;
END $$;
INSERT INTO seeds SELECT 'untrained', kind, edges, nodes, features, arguments, pairs, x, z FROM seeds WHERE name = 'vgae_int';
UPDATE seeds SET model = vgae_train('int_edges', features => 'int_words', hidden_dims => '{2}', latent_dim => 2,
	directed => true, epochs => 0) WHERE name = 'untrained';
