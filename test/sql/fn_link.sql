/*
 * vgae_link_score, vgae_link_probability, vgae_predict_links, vgae_recommend,
 * vgae_recommend_all, vgae_anomalies
 */
SET client_min_messages = warning;

/* All pairs of the club, with what the model says of each */
CREATE TEMP TABLE pairs AS
SELECT a.id AS src, b.id AS dst, vgae_link_score(model, a.id, b.id) AS score,
	vgae_link_probability(model, a.id, b.id) AS probability,
	EXISTS (SELECT FROM karate k WHERE (k.src, k.dst) IN ((a.id, b.id), (b.id, a.id))) AS known
FROM models, members a, members b WHERE name = 'karate';
SELECT count(*) AS pairs, count(score) AS scores, count(probability) AS probabilities FROM pairs;

/* The score is the inner product of the embeddings, and symmetric. */
SELECT bool_and(abs(pairs.score - dot(a.embedding, b.embedding)) < 1e-4) AS inner_product
FROM pairs, vgae_embeddings(trained('karate')) AS a, vgae_embeddings(trained('karate')) AS b
WHERE (a.node, b.node) = (src, dst);
SELECT bool_and(a.score = b.score) AS symmetric_score,
	bool_and(a.probability = b.probability) AS symmetric_probability
FROM pairs a JOIN pairs b ON (a.src, a.dst) = (b.dst, b.src);

/* The probability rises with the score and adds up to about the number of edges. */
SELECT bool_and(probability BETWEEN 0 AND 1) AS in_range, bool_and(rises) AS rises
FROM (SELECT probability, probability >= lag(probability, 1, 0::float8) OVER (ORDER BY score) AS rises
	FROM pairs) AS p;
SELECT sum(probability) / count(*) FILTER (WHERE known) BETWEEN 0.8 AND 1.25 AS about_the_number_of_edges FROM pairs
	WHERE src < dst;
SELECT avg(probability) FILTER (WHERE known) > 1.3 * avg(probability) FILTER (WHERE NOT known) AS edges_are_likelier
	FROM pairs WHERE src < dst;

/* A directed model: source half times target half, and no symmetry */
SELECT bool_and(abs(vgae_link_score(model, a.node, b.node) - dot(a.embedding[:4], b.embedding[5:])) < 1e-4)
		AS source_times_target,
	bool_and(vgae_link_score(model, a.node, b.node) = vgae_link_score(model, b.node, a.node)) AS symmetric
FROM models, vgae_embeddings(model) AS a, vgae_embeddings(model) AS b WHERE name = 'karate_directed';

/* Text and uuid keys; a uuid model is the integer model under other names, where nothing is held out. */
SELECT count(vgae_link_score(trained('miserables'), src, dst)) AS scores,
	count(vgae_link_probability(trained('miserables'), src, dst)) AS probabilities FROM miserables;
CREATE TEMP TABLE renamed AS
SELECT vgae_train('karate', epochs => 20, validation_fraction => 0) AS of_integers,
	vgae_train('SELECT uuid_of(src), uuid_of(dst) FROM karate', epochs => 20, validation_fraction => 0) AS of_uuids;
SELECT bool_and(vgae_link_score(of_uuids, uuid_of(src), uuid_of(dst)) = vgae_link_score(of_integers, src, dst)) AS same_scores,
	bool_and(vgae_link_probability(of_uuids, uuid_of(src), uuid_of(dst)) =
		vgae_link_probability(of_integers, src, dst)) AS same_probabilities
FROM pairs, renamed WHERE src % 5 = 0;

/* Averaged over samples: repeatable, changed by the seed, and in the end near the same for another seed */
SELECT a = b AS repeatable, a = c AS other_seed, a BETWEEN 0 AND 1 AS in_range, abs(many - other) < 0.05 AS settles
FROM models, LATERAL (SELECT vgae_link_probability(model, 1, 33, 10) AS a,
	vgae_link_probability(model, 1, 33, samples => 10, seed => 0) AS b,
	vgae_link_probability(model, 1, 33, 10, 1) AS c, vgae_link_probability(model, 1, 33, 20000, 2) AS many,
	vgae_link_probability(model, 1, 33, 20000, 3) AS other) AS p
WHERE name = 'karate';
SELECT vgae_link_probability(trained('miserables'), 'Valjean', 'Javert', 10) BETWEEN 0 AND 1 AS text,
	vgae_link_probability(trained('karate_uuid'), uuid_of(1), uuid_of(2), 10) BETWEEN 0 AND 1 AS uuid;
SELECT vgae_link_probability(trained('karate_gae'), 1, 2, 10) IS NULL;
SELECT vgae_link_probability(trained('karate'), 1, 2, -1) IS NULL;
SELECT vgae_link_probability(trained('karate'), 1, 2, NULL::int) IS NULL;
SELECT vgae_link_probability(trained('karate'), 1, 2, 10, NULL) IS NULL;
SELECT sqlstate_of($$SELECT vgae_link_probability(trained('karate_gae'), 1, 2, 10)$$) AS no_posterior,
	sqlstate_of($$SELECT vgae_link_probability(trained('karate'), 1, 2, -1)$$) AS negative,
	sqlstate_of($$SELECT vgae_link_probability(trained('karate'), 1, 2, NULL::int)$$) AS null_samples,
	sqlstate_of($$SELECT vgae_link_probability(trained('karate'), 1, 2, 10, NULL)$$) AS null_seed;

/* Unknown and NULL keys and models */
SELECT vgae_link_score(trained('karate'), 1, 4711) IS NULL AS dst,
	vgae_link_score(trained('karate'), 4711, 1) IS NULL AS src,
	vgae_link_score(trained('karate'), NULL::int, 1) IS NULL AS null_src,
	vgae_link_score(NULL, 1, 2) IS NULL AS null_model,
	vgae_link_score(trained('miserables'), 'Valjean', 'Nobody') IS NULL AS text,
	vgae_link_score(trained('karate_uuid'), uuid_of(1), uuid_of(4711)) IS NULL AS uuid;
SELECT vgae_link_probability(trained('karate'), 1, 4711) IS NULL AS dst,
	vgae_link_probability(trained('karate'), 4711, 1) IS NULL AS src,
	vgae_link_probability(trained('karate'), NULL::int, 1) IS NULL AS null_src,
	vgae_link_probability(trained('karate'), 1, NULL::int) IS NULL AS null_dst,
	vgae_link_probability(NULL, 1, 2) IS NULL AS null_model,
	vgae_link_probability(trained('miserables'), 'Valjean', 'Nobody') IS NULL AS text,
	vgae_link_probability(trained('karate_uuid'), uuid_of(1), uuid_of(4711)) IS NULL AS uuid;

/* Keys of the wrong type, and models without links */
SELECT vgae_link_score(trained('karate'), 'Valjean', 'Javert') IS NULL;
SELECT vgae_link_score(trained('miserables'), 1, 2) IS NULL;
SELECT vgae_link_score(trained('karate_uuid'), '00000000-0000-0000-0000-000000000001',
	'00000000-0000-0000-0000-000000000002') IS NULL;
SELECT vgae_link_score(trained('points_ae'), 1, 2) IS NULL;
SELECT vgae_link_probability(trained('karate'), uuid_of(1), uuid_of(2)) IS NULL;
SELECT vgae_link_probability(trained('points_vae'), 1, 2) IS NULL;
SELECT sqlstate_of($$SELECT vgae_link_score(trained('karate'), 'Valjean', 'Javert')$$) AS key_type,
	sqlstate_of($$SELECT vgae_link_score(trained('points_ae'), 1, 2)$$) AS rows_model;

/* vgae_predict_links: the k best of all pairs that are not known, exactly and in order */
CREATE TEMP VIEW predicted AS
SELECT p.* FROM ROWS FROM (vgae_predict_links(trained('karate'))) WITH ORDINALITY
	AS p (src, dst, score, probability, place);
SELECT count(*) AS links, bool_and(src < dst) AS one_way, count(DISTINCT (src, dst)) AS different FROM predicted;
SELECT bool_and(ordered) AS best_first
FROM (SELECT score <= lag(score, 1, 'Infinity') OVER (ORDER BY place) AS ordered FROM predicted) AS o;
SELECT bool_or(known) AS known, bool_and(abs(p.score - pairs.score) < 1e-4) AS same_score,
	bool_and(abs(p.probability - pairs.probability) < 1e-4) AS same_probability
FROM predicted p JOIN pairs USING (src, dst);
SELECT array_agg((src, dst)::text ORDER BY score DESC, src, dst) = (SELECT array_agg((src, dst)::text ORDER BY place)
	FROM predicted) AS exact
FROM (SELECT src, dst, score FROM pairs WHERE src < dst AND NOT known ORDER BY score DESC, src, dst LIMIT 10) AS best;
SELECT count(*) AS links, bool_or(known) AS known, count(*) FILTER (WHERE known) AS known_links
	FROM vgae_predict_links(trained('karate'), 1000000, include_known => true) JOIN pairs USING (src, dst);
SELECT count(*) AS links, bool_or(known) AS known FROM vgae_predict_links(trained('karate'), k => 2147483647)
	JOIN pairs USING (src, dst);
SELECT count(*) > 0 AS "some", min(probability) >= 0.2 AS none_below,
	count(*) = (SELECT count(*) FROM pairs WHERE src < dst AND NOT known AND probability >= 0.2) AS all_above
FROM vgae_predict_links(trained('karate'), 1000, 0.2);
SELECT count(*) FROM vgae_predict_links(trained('karate'), 10, min_probability => 1);
SELECT count(*) FROM vgae_predict_links(trained('karate'), 1);
SELECT count(*) FROM vgae_predict_links(trained('karate'), 1000, 0, true);
SELECT (SELECT count(*) FROM vgae_predict_links(m, most)) AS predict_links, (SELECT count(*) FROM vgae_recommend(m, 12, most)) AS recommend,
	(SELECT count(*) FROM vgae_recommend_all(m, most)) AS recommend_all, (SELECT count(*) FROM vgae_anomalies(m, most)) AS anomalies
FROM trained('karate') AS m, CAST(9223372036854775807 AS bigint) AS most;
SELECT count(*) AS links,
	bool_or((src, dst) IN (SELECT src, dst FROM miserables UNION ALL SELECT dst, src FROM miserables)) AS known
FROM vgae_predict_links(trained('miserables'), NULL::text, 50);
SELECT bool_and((u.src, u.dst) = (uuid_of(i.src::int), uuid_of(i.dst::int))) AS same_links
FROM ROWS FROM (vgae_predict_links((SELECT of_uuids FROM renamed), NULL::uuid, 5), vgae_predict_links((SELECT of_integers FROM renamed), 5))
	AS both_ (src, dst, score, probability, isrc, idst, iscore, iprobability),
	LATERAL (SELECT src, dst) AS u, LATERAL (SELECT isrc AS src, idst AS dst) AS i;
SELECT count(*) AS pairs, bool_or(src > dst) AS both_directions,
	bool_or((src, dst) IN (SELECT src, dst FROM karate)) AS known
FROM vgae_predict_links(trained('karate_directed'), 1000000);

/* Known are all edges of the input: those held out, too. */
SELECT count(*) AS links,
	bool_or((src, dst) IN (SELECT src, dst FROM karate UNION ALL SELECT dst, src FROM karate)) AS known
FROM vgae_predict_links(vgae_train('karate', test_fraction => 0.4, validation_fraction => 0.2, epochs => 5), 1000);
/* Where every pair is an edge there is nothing to predict. */
SELECT (SELECT count(*) FROM vgae_predict_links(model)) AS predicted,
	(SELECT count(*) FROM vgae_predict_links(model, include_known => true)) AS known,
	(SELECT count(*) FROM vgae_recommend(model, 1)) AS recommended,
	(SELECT count(*) FROM vgae_recommend_all(model)) AS of_all,
	(SELECT count(*) FROM vgae_anomalies(model)) AS anomalies
FROM (SELECT vgae_train('VALUES (1, 2), (2, 3), (1, 3)', epochs => 5) AS model) AS complete;

/* vgae_recommend: the same for one node */
SELECT count(*) AS nodes, bool_and(recommended = best) AS exact
FROM (SELECT id, array_agg(r.node ORDER BY r.place) AS recommended,
		(SELECT array_agg(dst ORDER BY score DESC, dst)
			FROM (SELECT dst::bigint, score FROM pairs WHERE src = id AND dst <> id AND NOT known
				ORDER BY score DESC, dst LIMIT 3) AS b) AS best
	FROM members, LATERAL ROWS FROM (vgae_recommend(trained('karate'), id, 3)) WITH ORDINALITY
		AS r (node, score, probability, place)
	GROUP BY id) AS each;
SELECT count(*) AS partners, bool_or(known) AS known, bool_and(abs(r.score - pairs.score) < 1e-4) AS same_score,
	bool_and(abs(r.probability - pairs.probability) < 1e-4) AS same_probability
FROM vgae_recommend(trained('karate'), 1) AS r JOIN pairs ON (src, dst) = (1, r.node);
SELECT count(*) AS partners, bool_or(node = 1) AS itself
	FROM vgae_recommend(trained('karate'), 1, 1000, include_known => true);
SELECT count(*) = (SELECT count(*) FROM pairs WHERE src = 12 AND dst <> 12 AND NOT known) AS all_unknown
	FROM vgae_recommend(trained('karate'), 12, 1000);
SELECT count(*) = (SELECT count(*) FROM pairs WHERE src = 12 AND dst <> 12 AND NOT known
	AND probability >= 0.1) AS all_above
FROM vgae_recommend(trained('karate'), 12, 1000, 0.1);
SELECT count(*) AS partners, bool_or(node = 'Valjean') AS itself
	FROM vgae_recommend(trained('miserables'), 'Valjean', k => 5);
SELECT count(*) AS partners FROM vgae_recommend(trained('karate_uuid'), uuid_of(1), 5);
SELECT count(*) AS partners, count(*) = 33 - (SELECT count(*) FROM karate WHERE src = 1) AS all_but_targets,
	bool_and(abs(score - vgae_link_score(trained('karate_directed'), 1, node)) < 1e-4) AS from_1
FROM vgae_recommend(trained('karate_directed'), 1, 1000);
SELECT count(*) AS unknown_int FROM vgae_recommend(trained('karate'), 4711);
SELECT count(*) AS unknown_text FROM vgae_recommend(trained('miserables'), 'Nobody');
SELECT count(*) AS unknown_uuid FROM vgae_recommend(trained('karate_uuid'), uuid_of(4711));
SELECT count(*) AS null_node FROM vgae_recommend(trained('karate'), NULL::int);
SELECT count(*) AS null_model FROM vgae_recommend(NULL, 1);
SELECT m.id, count(r.node) AS partners
FROM (VALUES (1), (4711), (2), (NULL)) AS m (id)
	LEFT JOIN LATERAL vgae_recommend(trained('karate'), m.id, 2) AS r ON true
GROUP BY 1 ORDER BY 1;
SELECT count(*) FROM vgae_recommend(trained('karate'), 'Valjean');
SELECT count(*) FROM vgae_recommend(trained('miserables'), 1);
SELECT count(*) FROM vgae_recommend(trained('karate_uuid'), '00000000-0000-0000-0000-000000000001');
SELECT count(*) FROM vgae_recommend(trained('points_ae'), 1);
SELECT count(*) FROM vgae_recommend(trained('karate'), 1, 0);
SELECT count(*) FROM vgae_recommend(trained('karate'), 1, 10, 2);

/* vgae_recommend_all: vgae_recommend of every node, in the order of the nodes */
SELECT count(*) AS links, count(DISTINCT src) AS nodes, bool_and(place = expected) AS in_order
FROM (SELECT src, place, row_number() OVER (ORDER BY src, score DESC, dst) AS expected
	FROM ROWS FROM (vgae_recommend_all(trained('karate'), 4)) WITH ORDINALITY
		AS a (src, dst, score, probability, place)) AS o;
SELECT count(*) AS links, count(a.dst) AS of_all, count(r.node) AS of_each,
	bool_and(abs(a.score - r.score) < 1e-4) AS same_score,
	bool_and(abs(a.probability - r.probability) < 1e-4) AS same_probability
FROM (SELECT id, one.* FROM members, vgae_recommend(trained('karate'), id, 4) AS one) AS r
	FULL JOIN vgae_recommend_all(trained('karate'), 4) AS a ON (a.src, a.dst) = (r.id, r.node);
SELECT count(*) AS all_pairs FROM vgae_recommend_all(trained('karate'), 1000, include_known => true);
SELECT count(*) = (SELECT count(*) FROM pairs WHERE src <> dst AND NOT known AND probability >= 0.3) AS all_above
	FROM vgae_recommend_all(trained('karate'), 1000, 0.3);
SELECT count(*) AS links, count(DISTINCT src) AS nodes FROM vgae_recommend_all(trained('miserables'), NULL::text, 2);
SELECT count(*) AS links, count(DISTINCT src) AS nodes FROM vgae_recommend_all(trained('karate_uuid'), NULL::uuid, 2);
SELECT count(*) AS links, count(DISTINCT src) AS nodes FROM vgae_recommend_all(trained('karate_directed'));

/* vgae_anomalies: the known edges with the lowest scores, lowest first */
SELECT array_agg((src, dst)::text ORDER BY place) = (SELECT array_agg((src, dst)::text ORDER BY score, src, dst)
	FROM (SELECT src, dst, score FROM pairs WHERE known AND src < dst
		ORDER BY score, src, dst LIMIT 10) AS worst) AS exact, count(*) AS edges
FROM ROWS FROM (vgae_anomalies(trained('karate'))) WITH ORDINALITY AS a (src, dst, score, probability, place);
SELECT count(*) AS edges, bool_and(known) AS known,
	bool_and(abs(a.probability - pairs.probability) < 1e-4) AS same_probability
	FROM vgae_anomalies(trained('karate'), 1000) AS a JOIN pairs USING (src, dst);
SELECT count(*) AS edges,
	bool_and((src, dst) IN (SELECT src, dst FROM miserables UNION ALL SELECT dst, src FROM miserables)) AS known
FROM vgae_anomalies(trained('miserables'), NULL::text, 7);
SELECT count(*) AS edges FROM vgae_anomalies(trained('karate_uuid'), NULL::uuid);
SELECT count(*) AS edges, bool_and((src, dst) IN (SELECT src, dst FROM karate)) AS as_directed
	FROM vgae_anomalies(trained('karate_directed'), 1000);

/* The wrong overload */
SELECT count(*) FROM vgae_predict_links(trained('miserables'));
SELECT count(*) FROM vgae_predict_links(trained('karate'), NULL::text, 5);
SELECT count(*) FROM vgae_recommend_all(trained('karate_uuid'));
SELECT count(*) FROM vgae_recommend_all(trained('miserables'), NULL::uuid);
SELECT count(*) FROM vgae_anomalies(trained('miserables'));
SELECT count(*) FROM vgae_anomalies(trained('karate'), NULL::uuid);

/* Models without links */
SELECT count(*) FROM vgae_predict_links(trained('points_ae'));
SELECT count(*) FROM vgae_recommend_all(trained('points_vae'));
SELECT count(*) FROM vgae_anomalies(trained('points_ae'));
SELECT vgae_decode_link(trained('points_ae'), '{1,2}', '{1,2}') IS NULL;

/* Arguments out of range, and NULL where the default is not */
SELECT count(*) FROM vgae_predict_links(trained('karate'), 0);
SELECT count(*) FROM vgae_predict_links(trained('karate'), -1);
SELECT count(*) FROM vgae_predict_links(trained('karate'), -9223372036854775808);
SELECT count(*) FROM vgae_predict_links(trained('karate'), 10, -0.1);
SELECT count(*) FROM vgae_predict_links(trained('karate'), 10, 1.1);
SELECT count(*) FROM vgae_predict_links(trained('karate'), 10, 'NaN');
SELECT count(*) FROM vgae_predict_links(trained('karate'), k => NULL);
SELECT count(*) FROM vgae_predict_links(trained('karate'), min_probability => NULL);
SELECT count(*) FROM vgae_predict_links(trained('karate'), include_known => NULL);
SELECT call, sqlstate_of('SELECT * FROM vgae_' || call) AS sqlstate
FROM unnest(ARRAY[
	'predict_links(trained(''karate''), 0)', 'predict_links(trained(''karate''), k => NULL)',
	'predict_links(trained(''karate''), 1, 2)',
	'predict_links(trained(''karate''), 1, NULL)', 'predict_links(trained(''karate''), 1, 0, NULL)',
	'predict_links(trained(''miserables''))',
	'recommend(trained(''karate''), 1, 0)', 'recommend(trained(''karate''), 1, NULL)',
	'recommend(trained(''karate''), 1, 1, 2)',
	'recommend(trained(''karate''), 1, 1, NULL)', 'recommend(trained(''karate''), 1, 1, 0, NULL)',
	'recommend(trained(''karate''), ''1'')',
	'recommend_all(trained(''karate''), 0)', 'recommend_all(trained(''karate''), k => NULL)',
	'recommend_all(trained(''karate''), 1, -1)',
	'recommend_all(trained(''karate''), 1, NULL)', 'recommend_all(trained(''karate''), 1, 0, NULL)',
	'recommend_all(trained(''miserables''))',
	'anomalies(trained(''karate''), 0)', 'anomalies(trained(''karate''), k => NULL)',
	'anomalies(trained(''miserables''))',
	'predict_links(trained(''points_ae''))', 'recommend(trained(''points_ae''), 1)',
	'recommend_all(trained(''points_ae''))', 'anomalies(trained(''points_ae''))']) AS call;

/* NULL models */
SELECT (SELECT count(*) FROM vgae_predict_links(NULL)) AS predict_links,
	(SELECT count(*) FROM vgae_predict_links(NULL, NULL::text)) AS predict_links_text,
	(SELECT count(*) FROM vgae_recommend_all(NULL)) AS recommend_all,
	(SELECT count(*) FROM vgae_recommend_all(NULL, NULL::uuid)) AS recommend_all_uuid,
	(SELECT count(*) FROM vgae_anomalies(NULL)) AS anomalies,
	(SELECT count(*) FROM vgae_anomalies(NULL, NULL::text)) AS anomalies_text;

/* LIMIT stops early, a cursor reads piece by piece, and a join over many models calls each. */
SELECT count(*) FROM (SELECT FROM vgae_recommend_all(trained('karate')) LIMIT 3) AS three;
BEGIN;
DECLARE piecewise CURSOR FOR SELECT dst > 0 AS row FROM vgae_recommend_all(trained('karate'), 2);
FETCH 2 FROM piecewise;
FETCH 1 FROM piecewise;
ROLLBACK;
SELECT name, count(*) FROM models, vgae_predict_links(model, 5) WHERE name ~ '^karate($|_gae|_directed|_members)'
	GROUP BY name ORDER BY name COLLATE "C";

/* In parallel workers the scores are the same. */
CREATE TABLE many_pairs AS SELECT src, dst, score FROM pairs, generate_series(1, 20);
ALTER TABLE many_pairs SET (parallel_workers = 2);
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET max_parallel_workers_per_gather = 2;
SELECT count(*) > 0 AS in_workers
FROM plan_of($$SELECT count(*) FROM many_pairs WHERE vgae_link_score((SELECT trained('karate')), src, dst) = score$$) AS line
WHERE line ~ 'Parallel Seq Scan on many_pairs';
SELECT count(*) AS same FROM many_pairs
WHERE vgae_link_score((SELECT trained('karate')), src, dst) = score;
RESET max_parallel_workers_per_gather;
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;
DROP TABLE many_pairs;
