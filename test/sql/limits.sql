/*
 * The ends of what can be trained: the smallest graphs and rows, the largest and
 * smallest numbers, and trainings that diverge.  A training ends with a model of
 * which everything is finite, or with an error that says why.
 */
SET client_min_messages = error;
SET vgae.threads = 1;	-- the fastest way through more than a thousand tiny trainings
\set SHOW_CONTEXT never

/* Is it a number, neither NaN nor infinite?  To PostgreSQL NaN is the largest. */
CREATE FUNCTION pg_temp.finite(x float8) RETURNS boolean LANGUAGE sql IMMUTABLE
AS $$ SELECT x IS NOT NULL AND x > '-Infinity' AND x < 'Infinity' $$;
CREATE FUNCTION pg_temp.finite(x real[]) RETURNS boolean LANGUAGE sql IMMUTABLE
AS $$ SELECT x IS NOT NULL AND x::text !~ '[NI]' $$;	-- NaN, NULL, Infinity

/* What a trained model of that kind must know of itself and does not */
CREATE FUNCTION pg_temp.missing(i jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(key, ' ') FROM (VALUES
		('loss', (i->>'epochs_run')::int > 0), ('reconstruction', (i->>'epochs_run')::int > 0),
		('kl', (i->>'epochs_run')::int > 0 AND i->>'model' ~ '^v'),
		('validation_loss', i->'calibration'->>'fitted_on' = 'validation'),
		('negatives_used', i->>'model' ~ 'gae')) AS needed (key, condition)
	WHERE condition AND i->>key IS NULL
$$;

/* The first thing that is wrong in a model of a graph, or NULL */
CREATE FUNCTION pg_temp.fault_in_links(model bytea) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	i jsonb := vgae_info(model);
	n int := i->>'nodes';
	pairs float8 := CASE WHEN (i->>'directed')::boolean THEN n * (n - 1.0) ELSE n * (n - 1.0) / 2 END;
	total float8;
BEGIN
	IF NOT (pg_temp.finite((i->'calibration'->>'scale')::float8) AND (i->'calibration'->>'scale')::float8 > 0
			AND pg_temp.finite((i->'calibration'->>'offset')::float8)) THEN
		RETURN 'calibration ' || (i->>'calibration');
	END IF;
	IF EXISTS (SELECT FROM vgae_predict_links(model, 1000, include_known => true) AS l
			WHERE NOT pg_temp.finite(score) OR NOT probability BETWEEN 0 AND 1
				OR score <> vgae_link_score(model, src, dst) OR probability <> vgae_link_probability(model, src, dst)) THEN
		RETURN 'links';
	END IF;
	IF EXISTS (SELECT FROM vgae_recommend_all(model, 2, include_known => true)
			WHERE NOT pg_temp.finite(score) OR NOT probability BETWEEN 0 AND 1)
		OR (SELECT count(*) FROM vgae_recommend_all(model, 1, include_known => true)) <> n - (i->>'nodes_not_recommended')::int THEN
		RETURN 'recommendations';
	END IF;
	IF (SELECT bool_or(NOT pg_temp.finite(score)) OR count(*) <> (i->>'edges')::int FROM vgae_anomalies(model, 1000000)) THEN
		RETURN 'anomalies';
	END IF;

	/*
	 * The probabilities of all pairs add up to the number of edges, but for a complete
	 * graph; those trained on stand for the test edges.
	 */
	total := (SELECT sum(probability) FROM vgae_predict_links(model, n * n, include_known => true));
	IF i->>'nodes_not_recommended' <> '0' THEN
		total := (SELECT sum(vgae_link_probability(model, a.node, b.node)) FROM vgae_embeddings(model) a, vgae_embeddings(model) b
			WHERE a.node < b.node OR a.node > b.node AND (i->>'directed')::boolean);
	END IF;
	IF abs(total - least((i->>'edges')::float8, pairs - 0.5))
			> total * (CASE i->'arguments'->>'test_fraction' WHEN '0' THEN 0.001 ELSE 0.1 END) THEN
		RETURN format('%s edges expected', round(total::numeric, 2));
	END IF;
	IF i->>'model' = 'vgae' AND EXISTS (SELECT FROM vgae_generate_graph(model, 20) WHERE NOT probability BETWEEN 0 AND 1) THEN
		RETURN 'generated graph';
	END IF;
	RETURN NULL;
END $$;

CREATE FUNCTION pg_temp.fault(model bytea, links boolean DEFAULT true) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	i jsonb := vgae_info(model);
	graph boolean := i->>'model' ~ 'gae';
	gaussian boolean := i->>'model' ~ '^v';
BEGIN
	IF pg_temp.missing(i) IS NOT NULL THEN
		RETURN 'without ' || pg_temp.missing(i);
	END IF;
	IF EXISTS (SELECT FROM vgae_history(model) WHERE NOT pg_temp.finite(loss) OR NOT pg_temp.finite(reconstruction)
			OR pg_temp.finite(kl) <> gaussian OR NOT pg_temp.finite(coalesce(validation_loss, 0))) THEN
		RETURN 'history';
	END IF;
	IF EXISTS (SELECT FROM vgae_embeddings(model) WHERE cardinality(embedding) <> (i->>'latent_dim')::int
			OR NOT pg_temp.finite(embedding) OR coalesce(pg_temp.finite(stddev), false) <> gaussian)
		OR (SELECT count(*) FROM vgae_embeddings(model)) <> (i->>'nodes')::int THEN
		RETURN 'embeddings';
	END IF;
	IF gaussian AND links AND EXISTS (SELECT FROM vgae_sample_posterior(model, 2) WHERE NOT pg_temp.finite(latent)) THEN
		RETURN 'samples';
	END IF;
	IF graph AND links THEN
		RETURN pg_temp.fault_in_links(model);
	END IF;
	IF NOT graph AND EXISTS (SELECT FROM vgae_embeddings(model) WHERE NOT pg_temp.finite(vgae_decode(model, embedding))) THEN
		RETURN 'decoded rows';
	END IF;
	RETURN NULL;
EXCEPTION WHEN numeric_value_out_of_range THEN
	RETURN CASE WHEN SQLERRM <> 'value out of range: overflow' THEN SQLERRM END;	-- of a decoded row, as of any float
END $$;

/* What comes of a training with these arguments */
CREATE FUNCTION pg_temp.outcome(arguments text, links boolean DEFAULT true) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	model bytea;
BEGIN
	EXECUTE format('SELECT vgae_train(%s)', arguments) INTO model;
	RETURN coalesce('FAULT in ' || pg_temp.fault(model, links), 'sound');
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || ' ' || SQLERRM;
END $$;


/* ---- Graphs ---- */

CREATE TEMP TABLE graph (place serial, name text, arguments text);
INSERT INTO graph (name, arguments) VALUES
	('no row', '''SELECT 1, 2 WHERE false'''),
	('no row, one node', '''SELECT 1, 2 WHERE false'', ''VALUES (1)'''),
	('one node', '''VALUES (1, 1)'''),
	('two nodes', '''VALUES (1, 2)'''),
	('two nodes and all of their edges', '''VALUES (1, 2), (2, 1), (1, 1)'''),
	('one edge, nine isolated nodes', '''VALUES (1, 2)'', ''SELECT generate_series(1, 10)'''),
	('three nodes', '''VALUES (1, 2), (2, 3)'''),
	('a path', '''SELECT i, i + 1 FROM generate_series(1, 30) AS i'''),
	('a clique', '''SELECT i, j FROM generate_series(1, 12) AS i, generate_series(1, 12) AS j'''),
	('two cliques', '''SELECT i + c, j + c FROM generate_series(1, 6) AS i, generate_series(1, 6) AS j, (VALUES (0), (6)) AS o (c)'''),
	('a star', '''SELECT 0, i FROM generate_series(1, 50) AS i'''),
	('two kinds', '''SELECT i, -j FROM generate_series(1, 8) AS i, generate_series(1, 8) AS j'''),
	('weights of 1e-30', '''SELECT src, dst, 1e-30 FROM karate'''),
	('weights of 1e30', '''SELECT src, dst, 1e30 FROM karate'''),
	('weights from 1e-30 to 1e30', '''SELECT src, dst, power(10.0, (src + dst) % 61 - 30) FROM karate'''),
	('the largest weights', '''SELECT src, dst, 3.4e38 FROM karate'''),
	('the smallest weights', '''SELECT src, dst, 1e-45 FROM karate'''),
	('features that are zero', '''karate'', ''SELECT generate_series(1, 34), 0::real, 0'''),
	('nodes without features', '''karate'', features => ''VALUES (1, 1), (2, 1), (2, 2)'''),
	('tiny features', '''karate'', ''SELECT id, degree * 1e-170 AS x, degree * 1e-300 AS y FROM members'''),
	('large features', '''karate'', ''SELECT id, degree * 1e30, ARRAY[degree * 1e10]::real[] FROM members''');
CREATE TEMP TABLE option (name text, arguments text);
INSERT INTO option VALUES
	('', ''), ('untrained', ', epochs => 0'), ('all pairs', ', negatives => ''Infinity'''), ('sampled', ', negatives => 1'),
	('few sampled', ', negatives => 1e-9'), ('scaled', ', latent_scale => 1.8'), ('masked', ', edge_mask => 0.99'),
	('dropout', ', dropout => 0.99'), ('all of that', ', dropout => 0.5, edge_mask => 0.5, latent_scale => 3, negatives => 2'),
	('patience', ', patience => 3, validation_fraction => 0.3'), ('all held out', ', validation_fraction => 0.5, test_fraction => 0.49'),
	('linear', ', hidden_dims => ''{}'''), ('deep', ', hidden_dims => ''{8,4,4,8}'''), ('narrow', ', hidden_dims => ''{1}'', latent_dim => 2'),
	('wide', ', hidden_dims => ''{512}'', latent_dim => 512, epochs => 2');
SELECT g.name, outcome, count(*) AS trainings, CASE WHEN count(*) < 20 THEN string_agg(DISTINCT o.name, ', ') END AS options
FROM graph AS g, option AS o, (VALUES ('gae', 'false'), ('vgae', 'true')) AS m (model, directed),
	pg_temp.outcome(concat(g.arguments, ', model => ''', model, ''', directed => ', directed,
		CASE WHEN o.arguments ~ 'epochs' THEN '' ELSE ', epochs => 10' END,
		CASE WHEN o.arguments ~ 'latent_dim' THEN '' ELSE ', latent_dim => 4' END, o.arguments)) AS outcome
GROUP BY g.place, g.name, outcome ORDER BY g.place, outcome COLLATE "C";
SELECT pg_temp.outcome('''karate'', latent_dim => 1') AS one_dimension,
	pg_temp.outcome('''karate'', latent_dim => 1, directed => true') AS one_for_two;

/* A column of numbers near 1e-170 is not a constant one: it says as much as in other units. */
SELECT bool_and(near(a.embedding, b.embedding)) AS unit_does_not_matter
FROM vgae_embeddings(vgae_train('karate', 'SELECT id, degree FROM members', epochs => 20)) AS a
	JOIN vgae_embeddings(vgae_train('karate', 'SELECT id, degree * 1e-170 FROM members', epochs => 20)) AS b USING (node);

/* Duplicates whose weights add up to more than there is */
SELECT vgae_train('SELECT 1, 2, 3e38 FROM generate_series(1, 2)') IS NULL;

/* A hub of 100 000 nodes, 10 000 features, sparse and dense, and 512 dimensions */
RESET vgae.threads;
SELECT pg_temp.outcome('''SELECT 0, i FROM generate_series(1, 100000) AS i'', model => ''gae'', epochs => 2, latent_dim => 2', false) AS star,
	pg_temp.outcome('''SELECT 0, i FROM generate_series(1, 100000) AS i'', epochs => 1, latent_dim => 2, directed => true', false) AS directed_star;
SELECT pg_temp.outcome('''karate'', features => ''SELECT node, (node * 7919 + i * i) % 10000 FROM generate_series(1, 34) AS node,
		generate_series(1, 600) AS i'', epochs => 5') AS sparse_graph,
	pg_temp.outcome('model => ''vae'', features => ''SELECT node, (node * 7919 + i * i) % 10000 FROM generate_series(1, 34) AS node,
		generate_series(1, 600) AS i'', epochs => 5') AS sparse_rows,
	pg_temp.outcome('model => ''ae'', nodes => ''SELECT node, array_agg(sin(node * i)::real) FROM generate_series(1, 20) AS node,
		generate_series(1, 10000) AS i GROUP BY node'', epochs => 5, latent_dim => 512') AS dense_rows;


/* ---- Rows ---- */

SET vgae.threads = 1;
CREATE TEMP TABLE row_set (place serial, name text, arguments text);
INSERT INTO row_set (name, arguments) VALUES
	('no row', 'nodes => ''SELECT 1, 2.5 AS x WHERE false'''),
	('no feature', 'nodes => ''VALUES (1), (2)'''),
	('one row', 'nodes => ''VALUES (1, 0.5)'''),
	('two rows', 'nodes => ''VALUES (1, 0.5), (2, 1)'''),
	('rows alike', 'nodes => ''SELECT generate_series(1, 20), 7, ARRAY[7, 8]::real[]'''),
	('zeros', 'nodes => ''SELECT generate_series(1, 20), 0, ARRAY[0, 0]::real[]'''),
	('tiny numbers', 'nodes => ''SELECT id, x * 1e-170 AS x, x * 1e-300 AS y, x * 1e-320 AS z FROM points'''),
	('large numbers', 'nodes => ''SELECT id, x * 1e30, y FROM points'''),
	('the largest numbers', 'nodes => ''SELECT id, 3.4e38 * sin(id), y FROM points'''),
	('numbers far apart', 'nodes => ''SELECT id, 1e15 + id FROM points'''),
	('tiny elements', 'nodes => ''SELECT id, ARRAY[x * 1e-40]::real[] FROM points'''),
	('sparse', 'features => ''SELECT id, id % 7 FROM points''');
TRUNCATE option;
INSERT INTO option VALUES
	('', ''), ('untrained', ', epochs => 0'), ('scaled', ', latent_scale => 1.8'), ('dropout', ', dropout => 0.99'),
	('patience', ', patience => 3, validation_fraction => 0.3'), ('all held out', ', validation_fraction => 0.5, test_fraction => 0.49'),
	('one by one', ', batch_size => 1'), ('one batch', ', batch_size => 2147483647'), ('linear', ', hidden_dims => ''{}'''),
	('deep', ', hidden_dims => ''{8,4,4,8}'''), ('one dimension', ', latent_dim => 1'), ('wide', ', hidden_dims => ''{512}'', latent_dim => 512, epochs => 2');
SELECT r.name, outcome, count(*) AS trainings, CASE WHEN count(*) < 12 THEN string_agg(DISTINCT o.name, ', ') END AS options
FROM row_set AS r, option AS o, unnest('{ae,vae}'::text[]) AS model,
	pg_temp.outcome(concat(r.arguments, ', model => ''', model, '''',
		CASE WHEN o.arguments ~ 'epochs' THEN '' ELSE ', epochs => 10' END,
		CASE WHEN o.arguments ~ 'latent_dim' THEN '' ELSE ', latent_dim => 4' END, o.arguments)) AS outcome
GROUP BY r.place, r.name, outcome ORDER BY r.place, outcome COLLATE "C";
SELECT values, pg_temp.outcome(format('model => %L, reconstruction => ''bce'', nodes => %L, epochs => 50', model, values)) AS outcome
FROM unnest('{ae,vae}'::text[]) AS model, unnest(ARRAY['SELECT i, 1 FROM generate_series(1, 9) AS i',
	'SELECT i, 0 FROM generate_series(1, 9) AS i', 'SELECT i, 1e-300 FROM generate_series(1, 9) AS i',
	'SELECT i, i % 2 FROM generate_series(1, 9) AS i']) AS values ORDER BY model, values COLLATE "C";


/* ---- Arguments so large or so small that numbers go out of range ---- */

/* Whether a step overflows is a matter of the machine's rounding: a sound model, or the error that says what to lower. */
TRUNCATE option;
INSERT INTO option
SELECT argument, format(', %s => %s', argument, value)
FROM unnest('{learning_rate,weight_decay,kl_weight,latent_scale}'::text[]) AS argument,
	unnest('{1e-300,1e-45,10,1e3,1e6,1e10,1e18,1e20,1e38,1e39,1e300}'::text[]) AS value;
SELECT o.name, count(*) AS trainings, count(*) FILTER (WHERE outcome <> 'sound') > 0 AS some_diverge,
	string_agg(DISTINCT outcome, ', ') FILTER (WHERE outcome NOT IN ('sound', '22003 training diverged')) AS else
FROM option AS o, unnest(ARRAY['''karate''', '''karate'', model => ''gae'', hidden_dims => ''{}''',
	'''karate'', ''members'', directed => true, negatives => 2', '''miserables'', model => ''gae''',
	'model => ''ae'', nodes => ''points''', 'model => ''vae'', nodes => ''points'', hidden_dims => ''{}''']) AS model,
	unnest('{0,1,10}'::int[]) AS epochs,
	pg_temp.outcome(concat(replace(model, 'miserables', 'SELECT length(src), ascii(dst), weight FROM miserables'), o.arguments,
		', latent_dim => 4, epochs => ', epochs)) AS outcome
GROUP BY o.name ORDER BY o.name;
SELECT vgae_train('karate', learning_rate => 1e30) IS NULL;
SELECT vgae_train('karate', latent_scale => 1e39) IS NULL;
SELECT vgae_train('karate', latent_scale => 1e39, epochs => 0) IS NULL;

/* With patience the best epoch is kept; but a training that then diverges is an error all the same. */
SELECT sqlstate_of($$SELECT vgae_train(nodes => 'points', model => 'ae', learning_rate => 1e30, patience => 5,
	validation_fraction => 0.2)$$) AS sqlstate;

/* kl_weight does nothing to a model without a Gaussian; latent_scale does something to every model. */
CREATE FUNCTION pg_temp.codes_of(arguments text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	codes text;
BEGIN
	EXECUTE format('SELECT string_agg(embedding::text, '' '' ORDER BY node) FROM vgae_embeddings(vgae_train(%s, epochs => 5))',
		arguments) INTO codes;
	RETURN codes;
END $$;
SELECT model, pg_temp.codes_of(call || ', kl_weight => 0') <> pg_temp.codes_of(call || ', kl_weight => 1000') AS kl_weight_matters,
	pg_temp.codes_of(call || ', latent_scale => 3') <> pg_temp.codes_of(call) AS latent_scale_matters
FROM unnest('{ae,vae,gae,vgae}'::text[]) WITH ORDINALITY AS m (model, place),
	LATERAL (SELECT CASE WHEN model ~ 'gae' THEN '''karate''' ELSE 'nodes => ''points''' END || format(', model => %L', model)) AS c (call)
ORDER BY place;
