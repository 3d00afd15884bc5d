/*
 * The extension, the graphs and the models that the other tests use.
 */
SET client_min_messages = warning;
CREATE EXTENSION vgae;

/* The graphs, read by the client: the server may not be allowed to. */
CREATE TABLE karate (src int, dst int);
\copy karate FROM 'test/data/karate.csv' WITH (FORMAT csv, HEADER)
CREATE TABLE miserables (src text, dst text, weight float8);
\copy miserables FROM 'test/data/les_miserables.csv' WITH (FORMAT csv, HEADER)
SELECT count(*) / 2 AS edges, count(DISTINCT node) AS nodes
FROM karate, LATERAL (VALUES (src), (dst)) AS ends (node);
SELECT count(*) / 2 AS edges, count(DISTINCT node) AS nodes
FROM miserables, LATERAL (VALUES (src), (dst)) AS ends (node);

/* Features of the club's members, made up but for the degree. */
CREATE TABLE members AS
SELECT node AS id, count(*)::float8 AS degree, node IN (1, 34) AS officer,
	(ARRAY['red', 'green', 'blue'])[1 + node % 3] AS team
FROM karate, LATERAL (VALUES (src), (dst)) AS ends (node) GROUP BY node;

/* Points on a circle, far from the origin and in different units. */
CREATE TABLE points AS
SELECT i AS id, 100 + 10 * cos(i / 5.0) AS x, 20 + sin(i / 5.0) AS y, 700 + 50 * cos(i / 5.0) AS z,
	sin(i / 5.0) > 0 AS upper
FROM generate_series(1, 120) AS i;

/* A uuid for each small number */
CREATE FUNCTION uuid_of(n int) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT lpad(n::text, 32, '0')::uuid $$;

/* One model of each kind, key type and direction */
CREATE TABLE models (name text PRIMARY KEY, model bytea NOT NULL);
INSERT INTO models
SELECT 'karate', vgae_train('karate', hidden_dims => '{16}', latent_dim => 8);
INSERT INTO models
SELECT 'karate_gae', vgae_train('karate', model => 'gae', hidden_dims => '{16}', latent_dim => 8);
INSERT INTO models
SELECT 'karate_directed', vgae_train('karate', directed => true, hidden_dims => '{16}', latent_dim => 8);
INSERT INTO models
SELECT 'karate_uuid', vgae_train('SELECT uuid_of(src), uuid_of(dst) FROM karate', hidden_dims => '{16}',
	latent_dim => 8);
INSERT INTO models
SELECT 'karate_members', vgae_train('karate', nodes => 'members', hidden_dims => '{16}', latent_dim => 8);
INSERT INTO models
SELECT 'miserables', vgae_train('miserables', hidden_dims => '{16}', latent_dim => 8);
INSERT INTO models
SELECT 'points_ae', vgae_train(nodes => 'points', model => 'ae', hidden_dims => '{16}', latent_dim => 2,
	epochs => 400);
INSERT INTO models
SELECT 'points_vae', vgae_train(nodes => 'points', model => 'vae', hidden_dims => '{16}', latent_dim => 2,
	epochs => 400);
SELECT name, vgae_info(model)->>'model' AS model, vgae_info(model)->>'node_type' AS node_type,
	vgae_info(model)->>'nodes' AS nodes, vgae_info(model)->>'features' AS features
FROM models ORDER BY name COLLATE "C";

/* The model of that name */
CREATE FUNCTION trained(text) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT model FROM models WHERE name = $1 $$;

/* Are the two arrays equal but for rounding? */
CREATE FUNCTION near(a real[], b real[]) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
	SELECT cardinality(a) = cardinality(b) AND bool_and(abs(x - y) <= 1e-4 * (1 + abs(x)))
	FROM unnest(a, b) AS u (x, y)
$$;

/* Inner product */
CREATE FUNCTION dot(a real[], b real[]) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT sum(x::float8 * y::float8) FROM unnest(a, b) AS u (x, y) $$;

/* The SQLSTATE that a statement ends with */
CREATE FUNCTION sqlstate_of(statement text) RETURNS text LANGUAGE plpgsql
AS $$
BEGIN
	EXECUTE statement;
	RETURN '00000';
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE;
END
$$;

/* The lines of a query's plan, which not all versions write alike */
CREATE FUNCTION plan_of(query text) RETURNS SETOF text LANGUAGE plpgsql
AS $$ BEGIN RETURN QUERY EXECUTE 'EXPLAIN (COSTS OFF) ' || query; END $$;

/* What was read: the graph, by an untrained vgae; the rows, by an untrained ae */
CREATE FUNCTION graph_of(edges text, nodes text DEFAULT NULL, features text DEFAULT NULL,
	directed boolean DEFAULT false)
RETURNS TABLE (key_type text, node_count int, isolated int, edge_count int, duplicates int, loops int, zeros int,
	weighted boolean, columns int)
LANGUAGE sql AS $$
	SELECT i->>'node_type', (i->>'nodes')::int, (i->>'isolated_nodes')::int, (i->>'edges')::int,
		(i->>'duplicate_edges')::int, (i->>'self_loops')::int, (i->>'zero_weight_edges')::int,
		(i->>'weighted')::boolean, (i->>'features')::int
	FROM (SELECT vgae_train(edges, nodes, features, hidden_dims => '{}', latent_dim => 2, epochs => 0,
			validation_fraction => 0, directed => directed) AS model) AS trained,
		vgae_info(model) AS i
$$;
CREATE FUNCTION rows_of(nodes text, features text DEFAULT NULL, reconstruction text DEFAULT 'mse')
RETURNS TABLE (key_type text, row_count int, columns int)
LANGUAGE sql AS $$
	SELECT i->>'node_type', (i->>'nodes')::int, (i->>'features')::int
	FROM (SELECT vgae_train(nodes => nodes, features => features, model => 'ae', reconstruction => reconstruction,
			hidden_dims => '{}', latent_dim => 2, epochs => 0, validation_fraction => 0) AS model) AS trained,
		vgae_info(model) AS i
$$;
/* Do two inputs come to the same graph, as far as training can tell? */
CREATE FUNCTION same_graph(a text, b text) RETURNS boolean
LANGUAGE sql AS $$
	SELECT bool_and(x.embedding = y.embedding)
	FROM vgae_embeddings(vgae_train(a, latent_dim => 2, epochs => 10, validation_fraction => 0)) AS x
		FULL JOIN vgae_embeddings(vgae_train(b, latent_dim => 2, epochs => 10, validation_fraction => 0)) AS y
		USING (node)
$$;
