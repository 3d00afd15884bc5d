/*
 * Node keys of every SQL type that can be one, in every form of call
 */
SET client_min_messages = warning;

/* The members of the club by keys of all types */
CREATE TYPE person AS ENUM ('Javert', 'Valjean', 'Cosette', 'Nobody');
CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
CREATE DOMAIN short_name AS text CHECK (length(VALUE) < 8);
CREATE DOMAIN identity AS uuid;
CREATE TABLE keyed AS
SELECT id::smallint AS as_smallint, id::integer AS as_integer, id::bigint AS as_bigint, id::bigint::oid AS as_oid,
	id::positive AS as_domain, id::text AS as_text, id::text::varchar(5) AS as_varchar, id::text::char(5) AS as_char,
	id::text::name AS as_name, uuid_of(id::int) AS as_uuid, uuid_of(id::int)::identity AS as_identity,
	uuid_of(id::int)::text AS uuid_as_text
FROM members;

/* ---- Functions that take a key */

/* Integer keys; text of any type is read as a key. */
SELECT count(*) AS nodes, bool_and(vgae_embedding(m, as_smallint) = embedding) AS smallint,
	bool_and(vgae_embedding(m, as_integer) = embedding) AS integer, bool_and(vgae_embedding(m, as_bigint) = embedding) AS bigint,
	bool_and(vgae_embedding(m, as_oid) = embedding) AS oid, bool_and(vgae_embedding(m, as_domain) = embedding) AS domain,
	bool_and(vgae_embedding(m, as_text) = embedding) AS text, bool_and(vgae_embedding(m, as_varchar) = embedding) AS varchar,
	bool_and(vgae_embedding(m, as_char) = embedding) AS char, bool_and(vgae_embedding(m, as_name) = embedding) AS name
FROM trained('karate') AS m, vgae_embeddings(m) JOIN keyed ON as_bigint = node;
/* uuid keys */
SELECT count(*) AS nodes, bool_and(vgae_embedding(m, as_uuid) = embedding) AS uuid,
	bool_and(vgae_embedding(m, as_identity) = embedding) AS domain, bool_and(vgae_embedding(m, uuid_as_text) = embedding) AS text,
	bool_and(vgae_embedding(m, upper(uuid_as_text)) = embedding) AS upper,
	bool_and(vgae_embedding(m, '{' || uuid_as_text || '}') = embedding) AS braces
FROM trained('karate_uuid') AS m, vgae_embeddings(m, NULL::uuid) JOIN keyed ON as_uuid = node;
/* Text keys */
SELECT count(*) AS nodes, bool_and(vgae_embedding(m, node) = embedding) AS text,
	bool_and(vgae_embedding(m, node::varchar) = embedding) AS varchar, bool_and(vgae_embedding(m, node::char(40)) = embedding) AS char,
	bool_and(vgae_embedding(m, node::name) = embedding) AS name
FROM trained('miserables') AS m, vgae_embeddings(m, NULL::text);
SELECT p, vgae_embedding(m, p) = vgae_embedding(m, p::text) AS enum, vgae_embedding(m, p::text::short_name) = vgae_embedding(m, p::text) AS domain
FROM trained('miserables') AS m, unnest(enum_range(NULL::person)) AS p;

/* Literals and mixtures */
SELECT vgae_link_score(m, 1, 2) = vgae_link_score(m, '1', '2') AS quoted, vgae_link_score(m, 1, 2) = vgae_link_score(m, 1, '2') AS one_quoted,
	vgae_link_score(m, 1, 2) = vgae_link_score(m, 1::smallint, 2::bigint) AS widths,
	vgae_link_score(m, 1, 2) = vgae_link_score(m, 1::positive, 2::smallint) AS types,
	vgae_link_score(m, 1, 2) = vgae_link_score(m, dst => 2, src => 1) AS by_name
FROM trained('karate') AS m;
SELECT vgae_link_score(m, 'Valjean', 'Javert') = vgae_link_score(m, 'Valjean'::name, 'Javert'::text) AS name_and_text,
	vgae_link_score(m, 'Valjean', 'Javert') = vgae_link_score(m, 'Valjean'::char(30), 'Javert'::varchar) AS char_and_varchar,
	vgae_link_score(m, 'Valjean', 'Javert') = vgae_link_score(m, 'Valjean'::person, 'Javert') AS enum_and_quoted,
	vgae_link_score(m, 'Valjean'::name, repeat('x', 70)) IS NULL AS longer_than_a_name
FROM trained('miserables') AS m;
SELECT vgae_link_score(m, uuid_of(1), uuid_of(2)) = vgae_link_score(m, '00000000-0000-0000-0000-000000000001', '00000000000000000000000000000002') AS quoted,
	vgae_link_score(m, uuid_of(1), uuid_of(2)) = vgae_link_score(m, uuid_of(1), '00000000000000000000000000000002') AS one_quoted,
	vgae_link_score(m, uuid_of(1), uuid_of(2)) = vgae_link_score(m, uuid_of(1)::identity, uuid_of(2)) AS domain
FROM trained('karate_uuid') AS m;
SELECT vgae_link_probability(m, 1, 2, 10, 7) = vgae_link_probability(m, '1', '2', 10, 7) AS quoted,
	vgae_link_probability(m, 1, 2, samples => 10) = vgae_link_probability(m, '1', '2', samples => 10) AS by_name
FROM trained('karate') AS m;

/* Parameters: of a type, or of none */
PREPARE score AS SELECT vgae_link_score(m, $1, $2) = vgae_link_score(m, 1, 2) AS same FROM trained('karate') AS m;
EXECUTE score (1, 2);
EXECUTE score ('1', '2');
PREPARE score_of_one AS SELECT count(vgae_link_score(m, id, $1)) AS scores FROM trained('karate') AS m, members;
EXECUTE score_of_one (2);
PREPARE score_of_uuid AS SELECT count(vgae_link_probability(m, $1, as_uuid)) AS scores FROM trained('karate_uuid') AS m, keyed;
EXECUTE score_of_uuid ('00000000-0000-0000-0000-000000000001');
PREPARE score_of_types (smallint, bigint) AS SELECT vgae_link_score(m, $1, $2) = vgae_link_score(m, 1, 2) AS same FROM trained('karate') AS m;
EXECUTE score_of_types (1, 2);
PREPARE embedding AS SELECT vgae_embedding(m, $1) IS NOT NULL AS known FROM trained('karate_uuid') AS m;
EXECUTE embedding ('00000000-0000-0000-0000-000000000001');
SET plan_cache_mode = force_generic_plan;
EXECUTE embedding ('00000000-0000-0000-0000-000000000002');
EXECUTE score_of_one (3);
RESET plan_cache_mode;
DEALLOCATE ALL;

/* Views, PL/pgSQL, and calls whose types change from one call site to the next */
CREATE TEMP VIEW scores AS
SELECT id, vgae_link_score(trained('karate'), id, 1) AS by_integer, vgae_link_score(trained('karate'), '1', id::text) AS by_text,
	vgae_link_score(trained('karate'), id::smallint, '1') AS by_smallint
FROM members;
SELECT count(*), bool_and(by_integer = by_text) AS text, bool_and(by_integer = by_smallint) AS smallint FROM scores;
DO $$
DECLARE
	m bytea := trained('karate');
	n bytea := trained('karate_uuid');
	whole bigint := 1;
	small smallint := 1;
	word text := '1';
	u uuid := uuid_of(1);
BEGIN
	FOR i IN 1 .. 3 LOOP
		ASSERT vgae_embedding(m, whole) = vgae_embedding(m, small) AND vgae_embedding(m, whole) = vgae_embedding(m, word)
			AND vgae_embedding(m, i) IS NOT NULL AND vgae_embedding(n, u) = vgae_embedding(n, u::text);
	END LOOP;
END $$;
SELECT e.* FROM (VALUES (1, '1'), (2, '2')) AS v (i, t), LATERAL (SELECT vgae_embedding(trained('karate'), i) = vgae_embedding(trained('karate'), t) AS same) AS e;

/* NULL */
SELECT vgae_embedding(m, NULL) IS NULL AS untyped, vgae_embedding(m, NULL::uuid) IS NULL AS uuid,
	vgae_link_score(m, NULL, 1) IS NULL AS one, vgae_link_probability(m, NULL, NULL) IS NULL AS both
FROM trained('karate') AS m;

/* What cannot be read as a key of the model, and types that no key of it has */
SELECT vgae_embedding(trained('karate'), 'Valjean') IS NULL;
SELECT vgae_link_score(trained('karate'), '1', '');
SELECT vgae_link_score(trained('karate'), '12345678901234567890', '1');
SELECT vgae_link_probability(trained('karate_uuid'), uuid_of(1)::text, 'Valjean');
SELECT vgae_link_score(trained('karate'), 1, 'Valjean');
SELECT vgae_link_score(trained('miserables'), 1, 2);
SELECT vgae_link_score(trained('miserables'), 'Valjean', 2);
SELECT vgae_embedding(trained('miserables'), uuid_of(1));
SELECT vgae_embedding(trained('karate'), uuid_of(1));
SELECT vgae_embedding(trained('karate_uuid'), 1);
SELECT vgae_embedding(trained('karate_uuid'), 'Valjean'::person);
SELECT vgae_embedding(trained('karate'), 1.0);
SELECT vgae_embedding(trained('karate'), ARRAY[1]);
SELECT call, sqlstate_of('SELECT vgae_embedding' || call) AS sqlstate
FROM unnest(ARRAY['(trained(''karate''), ''Valjean'')', '(trained(''karate''), ''12345678901234567890'')',
	'(trained(''karate_uuid''), ''1'')', '(trained(''miserables''), 1)', '(trained(''karate''), now())']) AS call;

/* ---- Functions that return keys */

/* The type of the keys is that of key_type. */
SELECT pg_typeof(node) AS type, count(*), min(node) FROM vgae_embeddings(trained('karate')) GROUP BY 1;
SELECT pg_typeof(node) AS type, count(*), min(node) FROM vgae_embeddings(trained('karate'), NULL::integer) GROUP BY 1;
SELECT pg_typeof(node) AS type, count(*), min(node) FROM vgae_embeddings(trained('karate'), NULL::smallint) GROUP BY 1;
SELECT pg_typeof(node) AS type, count(*), min(node) FROM vgae_embeddings(trained('karate'), NULL::oid) GROUP BY 1; -- would take -1 for 4294967295
SELECT pg_typeof(node) AS type, count(*), min(node) FROM vgae_embeddings(trained('karate'), NULL::positive) GROUP BY 1;
SELECT pg_typeof(node) AS type, count(*), min(node COLLATE "C") FROM vgae_embeddings(trained('miserables'), NULL::text) GROUP BY 1;
SELECT pg_typeof(node) AS type, count(*), min(node COLLATE "C") FROM vgae_embeddings(trained('miserables'), NULL::varchar) GROUP BY 1;
SELECT pg_typeof(node) AS type, count(*), min(node COLLATE "C") FROM vgae_embeddings(trained('miserables'), NULL::char(30)) GROUP BY 1; -- would drop spaces
SELECT pg_typeof(node) AS type, count(*), min(node::text) FROM vgae_embeddings(trained('karate_uuid'), NULL::uuid) GROUP BY 1;
SELECT pg_typeof(node) AS type, count(*), min(node::text) FROM vgae_embeddings(trained('karate_uuid'), NULL::identity) GROUP BY 1;
SELECT pg_typeof(node) AS type, count(*), min(node) FROM vgae_embeddings(vgae_train($$VALUES ('Valjean', 'Cosette')$$, epochs => 0), NULL::person) GROUP BY 1;
SELECT bool_and(i.node = p.node AND i.embedding = p.embedding) AS same
FROM vgae_embeddings(trained('karate')) AS i JOIN vgae_embeddings(trained('karate'), NULL::positive) AS p ON i.node = p.node;
/* A value that the type cannot hold is an error, not cut. */
SELECT node FROM vgae_embeddings(vgae_train('VALUES (1, 2), (2, 70000)', epochs => 0), NULL::smallint);
SELECT node FROM vgae_embeddings(vgae_train('VALUES (1, 2), (2, -1)', epochs => 0), NULL::positive);
SELECT node FROM vgae_embeddings(trained('miserables'), NULL::short_name);
SELECT node FROM vgae_embeddings(trained('miserables'), NULL::person);

/* Forms of calls */
SELECT count(*) AS by_name FROM vgae_embeddings(model => trained('miserables'), key_type => NULL::text);
SELECT count((e).node) AS in_the_target_list FROM (SELECT vgae_embeddings(trained('miserables'), NULL::text) AS e) AS one;
SELECT name, count(*) FROM models, LATERAL vgae_embeddings(model, NULL::uuid) WHERE name = 'karate_uuid' GROUP BY 1;
CREATE TEMP VIEW codes AS SELECT e.* FROM models, vgae_embeddings(model, NULL::varchar) AS e WHERE name = 'miserables';
SELECT pg_typeof(node), count(*) FROM codes GROUP BY 1;
PREPARE codes (bytea) AS SELECT count(*) FROM vgae_embeddings($1, NULL::text);
EXECUTE codes (trained('miserables'));
DEALLOCATE codes;
DO $$
DECLARE
	of_node record;
	nodes int := 0;
BEGIN
	FOR of_node IN SELECT * FROM vgae_embeddings(trained('karate_uuid'), NULL::uuid) LOOP
		nodes := nodes + 1;
	END LOOP;
	ASSERT nodes = 34;
END $$;

/* vgae_encode_graph has its defaults in both forms. */
SELECT pg_typeof(e.node), count(*) FROM vgae_encode_graph(trained('karate_members'), 'karate', 'members') AS e GROUP BY 1;
SELECT pg_typeof(e.node), count(*) FROM vgae_encode_graph(trained('karate_members'), nodes => 'members') AS e GROUP BY 1;
SELECT pg_typeof(e.node), count(*) FROM vgae_encode_graph(trained('karate_members'), NULL::integer, 'karate', 'members') AS e GROUP BY 1;
SELECT pg_typeof(e.node), count(*) FROM vgae_encode_graph(trained('karate_members'), key_type => NULL::text,
	nodes => 'SELECT id::text, degree, officer, team FROM members') AS e GROUP BY 1;
SELECT pg_typeof(e.node), count(*) FROM vgae_encode_graph(trained('karate_members'), NULL::varchar,
	edges => 'SELECT src::text, dst::text FROM karate', nodes => 'SELECT id::text, degree, officer, team FROM members') AS e GROUP BY 1;
SELECT pg_typeof(e.node), count(*) FROM vgae_encode_graph(trained('karate_members'), NULL::uuid,
	'SELECT uuid_of(src), uuid_of(dst) FROM karate', 'SELECT uuid_of(id), degree, officer, team FROM members') AS e GROUP BY 1;
SELECT pg_typeof(e.node), count(*) FROM vgae_encode_graph(trained('karate_members'), key_type => NULL::uuid,
	nodes => 'SELECT uuid_of(id), degree, officer, team FROM members') AS e GROUP BY 1;
SELECT count(*) FROM vgae_encode_graph(trained('karate_members'), nodes => 'SELECT id::text, degree, officer, team FROM members');
/* A text without a name is edges, where it can be. */
SELECT count(*) FROM vgae_encode_graph(trained('karate_members'), NULL::text, nodes => 'SELECT id::text, degree, officer, team FROM members');
SELECT pg_typeof(e.node), count(*) FROM vgae_encode_graph(trained('karate_members'), NULL::text, nodes => 'members') AS e GROUP BY 1;

/* Where a count comes next: it may be an integer of any width, and a text is key_type. */
SELECT (SELECT count(*) FROM vgae_predict_links(m)) AS by_default, (SELECT count(*) FROM vgae_predict_links(m, 3)) AS integer,
	(SELECT count(*) FROM vgae_predict_links(m, 3::smallint)) AS smallint, (SELECT count(*) FROM vgae_predict_links(m, 3::bigint)) AS bigint,
	(SELECT count(*) FROM vgae_predict_links(m, k => 3::bigint)) AS by_name, (SELECT count(*) FROM vgae_predict_links(m, k => '3')) AS quoted
FROM trained('karate') AS m;
SELECT (SELECT count(*) FROM vgae_predict_links(m, NULL::text)) AS by_default, (SELECT count(*) FROM vgae_predict_links(m, NULL::text, 3)) AS positional,
	(SELECT count(*) FROM vgae_predict_links(m, NULL::varchar, 3::bigint)) AS varchar, (SELECT count(*) FROM vgae_predict_links(m, NULL::text, k => 3)) AS by_name,
	(SELECT count(*) FROM vgae_predict_links(m, NULL, k => 3)) AS untyped, (SELECT count(*) FROM vgae_predict_links(m, key_type => ''::text, k => 3)) AS all_by_name
FROM trained('miserables') AS m;
SELECT (SELECT count(*) FROM vgae_recommend_all(m, NULL::uuid)) AS by_default, (SELECT count(*) FROM vgae_recommend_all(m, NULL::uuid, 2)) AS recommend_all,
	(SELECT count(*) FROM vgae_anomalies(m, NULL::uuid, 2)) AS anomalies, (SELECT count(*) FROM vgae_sample_posterior(m, NULL::uuid, 2, 5)) AS sample_posterior,
	(SELECT count(*) FROM vgae_sample_posterior(m, NULL::identity, seed => 5)) AS seed
FROM trained('karate_uuid') AS m;
SELECT (SELECT count(*) FROM vgae_recommend_all(m, 2)) AS recommend_all, (SELECT count(*) FROM vgae_anomalies(m, 2::smallint)) AS anomalies,
	(SELECT count(*) FROM vgae_sample_posterior(m, 2, 5)) AS sample_posterior, (SELECT count(*) FROM vgae_sample_prior(m, 2::bigint)) AS sample_prior
FROM trained('karate') AS m;
PREPARE predicted AS SELECT count(*) FROM vgae_predict_links(trained('karate'), k => $1);
EXECUTE predicted (3);
PREPARE predicted_text AS SELECT count(*) FROM vgae_predict_links(trained('miserables'), NULL::text, $1, $2);
EXECUTE predicted_text (3, 0.1);
DEALLOCATE ALL;
CREATE TEMP VIEW links AS SELECT l.* FROM models, vgae_predict_links(model, NULL::text, 3) AS l WHERE name = 'miserables';
SELECT count(*) FROM links;

/* The wrong form */
SELECT count(*) FROM vgae_embeddings(trained('miserables'));
SELECT count(*) FROM vgae_embeddings(trained('karate'), NULL::text);
SELECT count(*) FROM vgae_embeddings(trained('karate_uuid'), NULL::bigint);
SELECT count(*) FROM vgae_embeddings(trained('miserables'), NULL::name);
SELECT count(*) FROM vgae_embeddings(trained('karate'), NULL::numeric);
SELECT count(*) FROM vgae_predict_links(trained('miserables'), 3);
SELECT count(*) FROM vgae_recommend_all(trained('karate'), NULL::text);
SELECT count(*) FROM vgae_anomalies(trained('karate_uuid'), NULL::text, 3);
SELECT count(*) FROM vgae_sample_posterior(trained('miserables'), NULL::uuid);

/* ---- vgae_recommend, which takes keys and returns them */

SELECT pg_typeof(node), count(*) FROM vgae_recommend(trained('karate'), 1, 3) GROUP BY 1;
SELECT pg_typeof(r.node), count(*) FROM keyed, vgae_recommend(trained('karate'), as_smallint, 3) AS r WHERE as_integer < 3 GROUP BY 1;
SELECT pg_typeof(r.node), count(*) FROM keyed, vgae_recommend(trained('karate'), as_bigint, 3::bigint) AS r WHERE as_integer < 3 GROUP BY 1;
SELECT pg_typeof(r.node), count(*) FROM keyed, vgae_recommend(trained('karate'), as_domain, 3) AS r WHERE as_integer < 3 GROUP BY 1;
SELECT pg_typeof(node), count(*) FROM vgae_recommend(trained('miserables'), 'Valjean', 3) GROUP BY 1;
SELECT pg_typeof(r.node), count(*) FROM (VALUES ('Valjean'::text)) AS v (t), vgae_recommend(trained('miserables'), t, 3) AS r GROUP BY 1;
SELECT pg_typeof(r.node), count(*) FROM (VALUES ('Valjean'::varchar)) AS v (t), vgae_recommend(trained('miserables'), t, 3) AS r GROUP BY 1;
SELECT pg_typeof(r.node), count(*) FROM (VALUES ('Valjean'::char(30))) AS v (t), vgae_recommend(trained('miserables'), t, 3) AS r GROUP BY 1;
SELECT pg_typeof(r.node), count(*) FROM keyed, vgae_recommend(trained('karate_uuid'), as_uuid, 3) AS r WHERE as_integer < 3 GROUP BY 1;
SELECT pg_typeof(r.node), count(*) FROM keyed, vgae_recommend(trained('karate_uuid'), as_identity, 3) AS r WHERE as_integer < 3 GROUP BY 1;
/* As text: the partners are the same, written so. */
SELECT i.node::text = t.node AS same_node, i.score = t.score AS same_score
FROM ROWS FROM (vgae_recommend(trained('karate'), 1, 3), vgae_recommend(trained('karate'), '1', 3)) AS r (node, score, probability, t_node, t_score, t_probability),
	LATERAL (SELECT r.node, r.score) AS i, LATERAL (SELECT r.t_node AS node, r.t_score AS score) AS t;
SELECT u.node::text = t.node AS same_node
FROM ROWS FROM (vgae_recommend(trained('karate_uuid'), uuid_of(1), 3), vgae_recommend(trained('karate_uuid'), '{00000000-0000-0000-0000-000000000001}', 3))
		AS r (node, score, probability, t_node, t_score, t_probability),
	LATERAL (SELECT r.node) AS u, LATERAL (SELECT r.t_node AS node) AS t;
PREPARE partners AS SELECT pg_typeof(node), count(*) FROM vgae_recommend(trained('karate'), $1, $2) GROUP BY 1;
EXECUTE partners (1, 3);
PREPARE partners_of (bigint) AS SELECT pg_typeof(node), count(*) FROM vgae_recommend(trained('karate'), $1) GROUP BY 1;
EXECUTE partners_of (1);
PREPARE partners_of_uuid AS SELECT pg_typeof(node), count(*) FROM vgae_recommend(trained('karate_uuid'), $1, k => 3) GROUP BY 1;
EXECUTE partners_of_uuid ('00000000-0000-0000-0000-000000000001');
DEALLOCATE ALL;
SELECT count(*) FROM vgae_recommend(trained('karate'), 'Valjean');
SELECT count(*) FROM vgae_recommend(trained('miserables'), 1);
SELECT count(*) FROM vgae_recommend(trained('karate'), uuid_of(1));
SELECT count(*) FROM vgae_recommend(trained('karate'), 1, 9223372036854775807) AS every_partner;

DROP VIEW codes, links, scores;
DROP TABLE keyed;
DROP DOMAIN positive, short_name, identity;
DROP TYPE person;

/* An oid beside another key would cast that one, too; and a text in the place of a count is none. */
SELECT vgae_link_score(trained('karate'), -1, 1::oid);
SELECT count(*) FROM vgae_predict_links(trained('miserables'), '3');
PREPARE count_of_links AS SELECT count(*) FROM vgae_predict_links(trained('miserables'), $1);
EXECUTE count_of_links(3);
PREPARE count_by_name AS SELECT count(*) FROM vgae_predict_links(trained('miserables'), NULL::text, k => $1);
EXECUTE count_by_name(3);
SELECT count(*) FROM vgae_recommend_all(trained('miserables'), 'garbage');
SELECT count(*) FROM vgae_anomalies(trained('miserables'), '3');
SELECT count(*) FROM vgae_sample_posterior(trained('miserables'), '3');
/* A long text is cut in messages. */
SELECT vgae_embedding(trained('karate'), repeat('x', 100));
