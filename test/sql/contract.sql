/*
 * What the extension creates, compared with what its documentation promises.
 * A query that prints no row has found no difference.
 */
SET client_min_messages = warning;

/*
 * form: 'plain', one function; 'key', overloads in which KEY is bigint, text or
 * uuid; 'key_type', the same with KEY_TYPE nothing, "key_type text, " or
 * "key_type uuid, ".  TRAINING stands for the arguments of a training.
 */
CREATE TEMP TABLE training AS SELECT
	'edges text DEFAULT NULL::text, nodes text DEFAULT NULL::text, features text DEFAULT NULL::text, '
	'model text DEFAULT ''vgae''::text, hidden_dims integer[] DEFAULT ''{32}''::integer[], latent_dim integer DEFAULT 16, '
	'epochs integer DEFAULT 200, learning_rate double precision DEFAULT 0.01, dropout double precision DEFAULT 0, '
	'weight_decay double precision DEFAULT 0, kl_weight double precision DEFAULT 1, '
	'latent_scale double precision DEFAULT NULL::double precision, edge_mask double precision DEFAULT 0, '
	'directed boolean DEFAULT false, negatives double precision DEFAULT NULL::double precision, '
	'reconstruction text DEFAULT ''mse''::text, batch_size integer DEFAULT NULL::integer, '
	'validation_fraction double precision DEFAULT 0.05, test_fraction double precision DEFAULT 0, '
	'patience integer DEFAULT NULL::integer, warm_start bytea DEFAULT NULL::bytea, seed bigint DEFAULT 0, '
	'node_weights boolean DEFAULT NULL::boolean' AS list;
CREATE TEMP TABLE contract (name text, form text, volatility text, parallel text, strict boolean, arguments text,
	result text);
INSERT INTO contract VALUES
('vgae_train', 'plain', 'volatile', 'restricted', false, 'TRAINING', 'bytea'),
('vgae_estimate', 'plain', 'stable', 'restricted', false, 'TRAINING',
	'TABLE(nodes bigint, edges bigint, features bigint, memory_bytes bigint, model_bytes bigint)'),
('vgae_train_into', 'plain', 'volatile', 'unsafe', false, 'target regclass, name text, TRAINING, warm_start_from text DEFAULT NULL::text',
	NULL),
('vgae_get_progress', 'plain', 'stable', 'restricted', true, '',
	'TABLE(pid integer, datid oid, usesysid oid, phase text, epoch integer, epochs integer, loss double precision, '
	'validation_score double precision, started timestamp with time zone, estimated_end timestamp with time zone)'),
('vgae_version', 'plain', 'stable', 'safe', true, '', 'text'),
('vgae_info', 'plain', 'immutable', 'safe', true, 'model bytea', 'jsonb'),
('vgae_history', 'plain', 'immutable', 'safe', true, 'model bytea',
	'TABLE(epoch integer, loss double precision, reconstruction double precision, kl double precision, '
	'validation_auc double precision, validation_ap double precision, validation_loss double precision)'),
('vgae_embeddings', 'plain', 'immutable', 'safe', true, 'model bytea',
	'TABLE(node bigint, embedding real[], stddev real[])'),
('vgae_embeddings', 'plain', 'immutable', 'safe', false, 'model bytea, key_type anyelement',
	'TABLE(node anyelement, embedding real[], stddev real[])'),
('vgae_embedding', 'plain', 'immutable', 'safe', true, 'model bytea, node anycompatible', 'real[]'),
('vgae_embedding', 'plain', 'immutable', 'safe', true, 'model bytea, node text', 'real[]'),
('vgae_encode', 'plain', 'immutable', 'safe', true, 'model bytea, features double precision[]', 'real[]'),
('vgae_encode_graph', 'plain', 'stable', 'restricted', false,
	'model bytea, edges text DEFAULT NULL::text, nodes text DEFAULT NULL::text, features text DEFAULT NULL::text',
	'TABLE(node bigint, embedding real[], stddev real[])'),
('vgae_encode_graph', 'plain', 'stable', 'restricted', false,
	'model bytea, key_type anyelement, edges text DEFAULT NULL::text, nodes text DEFAULT NULL::text, features text DEFAULT NULL::text',
	'TABLE(node anyelement, embedding real[], stddev real[])'),
('vgae_link_score', 'plain', 'immutable', 'safe', true, 'model bytea, src anycompatible, dst anycompatible',
	'double precision'),
('vgae_link_score', 'plain', 'immutable', 'safe', true, 'model bytea, src text, dst text', 'double precision'),
('vgae_link_probability', 'plain', 'immutable', 'safe', false,
	'model bytea, src anycompatible, dst anycompatible, samples integer DEFAULT 0, seed bigint DEFAULT 0',
	'double precision'),
('vgae_link_probability', 'plain', 'immutable', 'safe', false,
	'model bytea, src text, dst text, samples integer DEFAULT 0, seed bigint DEFAULT 0', 'double precision'),
('vgae_predict_links', 'key_type', 'immutable', 'safe', false,
	'model bytea, KEY_TYPEk bigint DEFAULT 10, min_probability double precision DEFAULT 0, include_known boolean DEFAULT false',
	'TABLE(src KEY, dst KEY, score double precision, probability double precision)'),
('vgae_recommend', 'key', 'immutable', 'safe', false,
	'model bytea, node KEY, k bigint DEFAULT 10, min_probability double precision DEFAULT 0, include_known boolean DEFAULT false',
	'TABLE(node KEY, score double precision, probability double precision)'),
('vgae_recommend_all', 'key_type', 'immutable', 'safe', false,
	'model bytea, KEY_TYPEk bigint DEFAULT 10, min_probability double precision DEFAULT 0, include_known boolean DEFAULT false',
	'TABLE(src KEY, dst KEY, score double precision, probability double precision)'),
('vgae_anomalies', 'key_type', 'immutable', 'safe', false, 'model bytea, KEY_TYPEk bigint DEFAULT 10',
	'TABLE(src KEY, dst KEY, score double precision, probability double precision)'),
('vgae_evaluate', 'plain', 'stable', 'restricted', false,
	'model bytea, positives text, negatives text DEFAULT NULL::text, seed bigint DEFAULT 0',
	'TABLE(method text, auc double precision, average_precision double precision, hits_at_10 double precision, '
	'hits_at_50 double precision, hits_at_100 double precision, mrr double precision, positives bigint, negatives bigint)'),
('vgae_plot', 'plain', 'stable', 'restricted', false,
	'model bytea, kind text DEFAULT ''latent''::text, labels text DEFAULT NULL::text', 'text'),
('vgae_auc', 'plain', 'immutable', 'safe', false, 'score double precision, label boolean', 'double precision'),
('vgae_average_precision', 'plain', 'immutable', 'safe', false, 'score double precision, label boolean',
	'double precision'),
('vgae_ranking_transition', 'plain', 'immutable', 'safe', false, 'state bytea, score double precision, label boolean',
	'bytea'),
('vgae_ranking_combine', 'plain', 'immutable', 'safe', false, 'state bytea, other bytea', 'bytea'),
('vgae_auc_final', 'plain', 'immutable', 'safe', true, 'state bytea', 'double precision'),
('vgae_average_precision_final', 'plain', 'immutable', 'safe', true, 'state bytea', 'double precision'),
('vgae_sample_posterior', 'key_type', 'immutable', 'safe', false,
	'model bytea, KEY_TYPEn bigint DEFAULT 1, seed bigint DEFAULT 0',
	'TABLE(node KEY, sample integer, latent real[])'),
('vgae_sample_prior', 'plain', 'immutable', 'safe', false,
	'model bytea, n bigint DEFAULT 1, seed bigint DEFAULT 0', 'TABLE(sample integer, latent real[])'),
('vgae_decode', 'plain', 'immutable', 'safe', true, 'model bytea, latent double precision[]', 'real[]'),
('vgae_decode_link', 'plain', 'immutable', 'safe', true, 'model bytea, a double precision[], b double precision[]',
	'double precision'),
('vgae_reconstruct', 'plain', 'immutable', 'safe', true, 'model bytea, features double precision[]', 'real[]'),
('vgae_interpolate', 'plain', 'immutable', 'safe', false,
	'model bytea, from_latent double precision[], to_latent double precision[], steps bigint DEFAULT 10',
	'TABLE(step integer, t double precision, latent real[], decoded real[])'),
('vgae_generate_graph', 'plain', 'immutable', 'safe', false,
	'model bytea, nodes integer, seed bigint DEFAULT 0',
	'TABLE(src integer, dst integer, probability double precision)'),
('vgae_rows_support', 'plain', 'immutable', 'safe', true, 'internal', 'internal'),
('vgae_node_rows_support', 'plain', 'immutable', 'safe', true, 'internal', 'internal'),
('vgae_link_probability_support', 'plain', 'immutable', 'safe', true, 'internal', 'internal'),
('vgae_reals_support', 'plain', 'immutable', 'safe', true, 'internal', 'internal');

CREATE TEMP VIEW promised AS
SELECT name, volatility, parallel, strict,
	replace(replace(replace(arguments, 'KEY_TYPE', CASE key WHEN 'bigint' THEN '' ELSE 'key_type ' || key || ', ' END),
	'KEY', key), 'TRAINING', (SELECT list FROM training)) AS arguments,
	replace(result, 'KEY', key) AS result
FROM contract, unnest(CASE form WHEN 'plain' THEN '{bigint}' ELSE '{bigint,text,uuid}'::text[] END) AS key;

/* Everything that belongs to the extension; since PostgreSQL 17 the types of a view's rows do, too. */
CREATE TEMP VIEW member AS
SELECT d.classid, d.objid
FROM pg_depend d JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid
WHERE e.extname = 'vgae' AND d.deptype = 'e' AND d.classid <> 'pg_type'::regclass;

CREATE TEMP VIEW created AS
SELECT p.oid, p.proname::text AS name,
	CASE p.provolatile WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable' ELSE 'volatile' END AS volatility,
	CASE p.proparallel WHEN 's' THEN 'safe' WHEN 'r' THEN 'restricted' ELSE 'unsafe' END AS parallel,
	p.proisstrict AS strict,
	/* those of procedures are marked IN since PostgreSQL 14 */
	regexp_replace(pg_get_function_arguments(p.oid), '\mIN ', '', 'g') AS arguments,
	pg_get_function_result(p.oid) AS result
FROM member m JOIN pg_proc p ON m.classid = 'pg_proc'::regclass AND m.objid = p.oid;

SELECT count(*) AS functions FROM created;
/* promised, but not created so */
SELECT * FROM promised EXCEPT SELECT name, volatility, parallel, strict, arguments, result FROM created ORDER BY 1, 5;
/* created, but not promised so */
SELECT name, volatility, parallel, strict, arguments, result FROM created EXCEPT SELECT * FROM promised ORDER BY 1, 5;

/* The aggregates */
SELECT a.aggfnoid::regprocedure AS aggregate, a.aggtransfn, a.aggcombinefn, a.aggfinalfn,
	a.aggtranstype::regtype, a.aggfinalmodify, a.agginitval
FROM pg_aggregate a JOIN created c ON a.aggfnoid = c.oid ORDER BY c.name;

/* An argument whose default is not NULL makes a function not strict. */
SELECT name, arguments FROM created WHERE strict AND arguments LIKE '%DEFAULT%';

/* A symbol of the library is the function's name, for all of its forms. */
SELECT c.oid::regprocedure AS function, p.prosrc
FROM created c JOIN pg_proc p USING (oid)
WHERE p.prokind <> 'a' AND p.prosrc <> c.name;

/* No object lacks a comment, overloads share one, and it is not a mere line. */
SELECT pg_describe_object(classid, objid, 0) AS without_comment
FROM member WHERE coalesce(obj_description(objid, classid::regclass::text::name), '') = '';
SELECT name FROM created GROUP BY name HAVING count(DISTINCT obj_description(oid, 'pg_proc')) > 1;
SELECT name FROM created WHERE length(obj_description(oid, 'pg_proc')) NOT BETWEEN 80 AND 1700;
SELECT count(*) = 1 AS extension_has_comment FROM pg_extension e
WHERE extname = 'vgae' AND obj_description(oid, 'pg_extension') IS NOT NULL;

/* Everything is named vgae_*, lives in the extension's schema and is for everyone. */
SELECT classid::regclass, count(*) FROM member GROUP BY 1 ORDER BY 1;
SELECT name FROM created WHERE name !~ '^vgae_';
SELECT name FROM created c JOIN pg_proc p USING (oid) WHERE p.proacl IS NOT NULL OR p.prosecdef;
SELECT relname, relkind, has_table_privilege('public', objid, 'SELECT') AS everybody_reads
FROM member JOIN pg_class c ON classid = 'pg_class'::regclass AND objid = c.oid ORDER BY relname;
SELECT attname, atttypid::regtype FROM pg_attribute WHERE attrelid = 'vgae_progress'::regclass ORDER BY attnum;

/* Costs are ordered as the work is. */
SELECT p.proname FROM created c JOIN pg_proc p USING (oid) WHERE p.proretset AND p.procost < 100;
SELECT (SELECT min(procost) FROM pg_proc WHERE proname = 'vgae_train')
	> (SELECT max(procost) FROM pg_proc WHERE proname ~ '^vgae_' AND proname <> 'vgae_train') AS training_costs_most;

/* The planner knows more of functions whose rows or cost an argument gives. */
SELECT p.prosupport, string_agg(DISTINCT p.proname, ', ' ORDER BY p.proname) AS functions
FROM created c JOIN pg_proc p USING (oid) WHERE p.prosupport <> 0 GROUP BY 1 ORDER BY 1::text;

/* Settings have descriptions, once the library is loaded. */
SELECT vgae_version() IS NOT NULL AS loaded;
SELECT name, setting = boot_val AS default, unit, vartype, context, short_desc, extra_desc
FROM pg_settings WHERE name LIKE 'vgae.%' ORDER BY name;

/* The version, in one place */
SELECT extversion = vgae_version() AS library_matches FROM pg_extension WHERE extname = 'vgae';
/* What the control file says, by what it made: pg_available_extension_versions does not look into the directory where Debian's builds test a package. */
SELECT e.extrelocatable AS relocatable, r.extname AS requires
FROM pg_extension e
	JOIN pg_depend d ON d.classid = e.tableoid AND d.objid = e.oid AND d.refclassid = e.tableoid
	JOIN pg_extension r ON r.oid = d.refobjid
WHERE e.extname = 'vgae';

/* The extension moves to another schema, and its functions and aggregates still work there. */
BEGIN;
CREATE SCHEMA "Other Place";
ALTER EXTENSION vgae SET SCHEMA "Other Place";
SELECT "Other Place".vgae_version() = extversion AS moved FROM pg_extension WHERE extname = 'vgae';
SELECT round("Other Place".vgae_auc(x, x > 3)::numeric, 3) AS auc FROM generate_series(1, 5) AS x;
SELECT count(*) FROM "Other Place".vgae_embeddings((SELECT model FROM models WHERE name = 'karate'));
SELECT count(*) FROM pg_proc WHERE proname ~ '^vgae_' AND pronamespace <> '"Other Place"'::regnamespace;
ROLLBACK;

/* It goes away, and comes back in a schema where operators and catalogs lie in wait. */
BEGIN;
DROP EXTENSION vgae;
SELECT count(*) FROM pg_proc WHERE proname ~ '^vgae_';
CREATE SCHEMA trap;
CREATE FUNCTION trap.spring(oid, oid) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE 'trapped'; END $$;
CREATE OPERATOR trap.= (LEFTARG = oid, RIGHTARG = oid, FUNCTION = trap.spring);
CREATE FUNCTION trap.spring(name, text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE 'trapped'; END $$;
CREATE OPERATOR trap.= (LEFTARG = name, RIGHTARG = text, FUNCTION = trap.spring);
CREATE FUNCTION trap.format(text, regprocedure, text) RETURNS text LANGUAGE plpgsql
	AS $$ BEGIN RAISE 'trapped'; END $$;
CREATE TABLE trap.pg_proc ();
CREATE TABLE trap.pg_extension ();
CREATE DOMAIN trap.bytea AS text;
SET LOCAL search_path = trap, pg_catalog;
CREATE EXTENSION vgae SCHEMA trap;
RESET search_path;
SELECT count(*), count(obj_description(oid, 'pg_proc')) AS with_comment
FROM pg_proc WHERE proname ~ '^vgae_' AND pronamespace = 'trap'::regnamespace;
SELECT trap.vgae_version() = extversion AS created FROM pg_extension WHERE extname = 'vgae';
ROLLBACK;

/* An int, a literal, a uuid and a typed NULL find their forms. */
\a
EXPLAIN (VERBOSE, COSTS OFF)
SELECT vgae_embedding(model, 1), vgae_embedding(model, 1::smallint), vgae_embedding(model, 'a'),
	vgae_embedding(model, 'a'::varchar), vgae_embedding(model, uuid_of(1)),
	vgae_link_score(model, 1, 2), vgae_link_score(model, 'a', 'b'), vgae_link_probability(model, 1, 2, 100),
	vgae_link_probability(model, 'a', 'b', seed => 7)
FROM models;
EXPLAIN (VERBOSE, COSTS OFF)
SELECT vgae_anomalies(model, 5), vgae_anomalies(model, k => 5), vgae_anomalies(model, NULL::text, 5),
	vgae_recommend(model, 1, 5), vgae_recommend(model, 'a', k => 5),
	vgae_sample_posterior(model, 5), vgae_sample_posterior(model, NULL::uuid, 5, 7),
	vgae_predict_links(model, min_probability => 0.5), vgae_recommend_all(model, NULL)
FROM models;
\a
/* What is returned by which form, also where it is nothing */
SELECT pg_typeof(node) FROM (SELECT) AS one LEFT JOIN vgae_embeddings(NULL) ON true;
SELECT pg_typeof(node) FROM (SELECT) AS one LEFT JOIN vgae_embeddings(NULL, NULL::text) ON true;
SELECT pg_typeof(node) FROM (SELECT) AS one LEFT JOIN vgae_embeddings(NULL, NULL::uuid) ON true;
SELECT pg_typeof(src) FROM (SELECT) AS one LEFT JOIN vgae_predict_links(NULL, 10) ON true;
SELECT pg_typeof(src) FROM (SELECT) AS one LEFT JOIN vgae_predict_links(NULL, NULL::text, 10) ON true;
SELECT pg_typeof(node) FROM (SELECT) AS one LEFT JOIN vgae_encode_graph(NULL, 'karate', nodes => 'members') ON true;
SELECT pg_typeof(node) FROM (SELECT) AS one LEFT JOIN vgae_encode_graph(NULL, NULL::text, 'karate', 'members',
	NULL) ON true;
SELECT pg_typeof(node) FROM (SELECT) AS one LEFT JOIN vgae_encode_graph(NULL, key_type => NULL::text, nodes => 'members') ON true;
SELECT pg_typeof(node) FROM (SELECT) AS one LEFT JOIN vgae_encode_graph(NULL, NULL::uuid, 'karate', 'members',
	NULL) ON true;
SELECT pg_typeof(node) FROM (SELECT) AS one LEFT JOIN vgae_encode_graph(NULL, NULL::uuid, 'karate', 'members') ON true;
