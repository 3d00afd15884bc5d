/*
 * vgae_evaluate: how well a model tells links from non-links
 */

/*
 * The model's own row: the same figures as the aggregates give over the scores of the
 * pairs.  The positives are edges trained on, of which it warns.
 */
SET client_min_messages = error;
CREATE FUNCTION of_model(model bytea, positives text, negatives text DEFAULT NULL, seed bigint DEFAULT 0)
RETURNS TABLE (method text, auc float8, average_precision float8, hits_at_10 float8, hits_at_50 float8,
	hits_at_100 float8, mrr float8, positives bigint, negatives bigint)
LANGUAGE sql AS $$SELECT * FROM vgae_evaluate($1, $2, $3, $4) AS e WHERE e.method = 'vgae'$$;
CREATE TEMP TABLE non_edges AS
SELECT a.id AS src, b.id AS dst FROM members a JOIN members b ON a.id < b.id
WHERE NOT EXISTS (SELECT FROM karate k WHERE (k.src, k.dst) IN ((a.id, b.id), (b.id, a.id)));
SELECT method, abs(e.auc - s.auc) < 1e-9 AS auc,
	abs(e.average_precision - s.average_precision) < 1e-9 AS average_precision, positives, negatives
FROM of_model(trained('karate'), 'karate', 'non_edges') AS e,
	(SELECT vgae_auc(vgae_link_score(trained('karate'), src, dst), label) AS auc,
	vgae_average_precision(vgae_link_score(trained('karate'), src, dst), label) AS average_precision
	FROM (SELECT src, dst, true AS label FROM karate UNION ALL SELECT src, dst, false FROM non_edges) AS pair) AS s;
WITH ranked AS (
	SELECT k.src, k.dst, count(*) FILTER (WHERE n.score > k.score) AS above,
	count(*) FILTER (WHERE n.score = k.score) AS level
	FROM (SELECT src, dst, vgae_link_score(trained('karate'), src, dst) AS score FROM karate) AS k,
		(SELECT vgae_link_score(trained('karate'), src, dst) AS score FROM non_edges) AS n
	GROUP BY k.src, k.dst
)
SELECT abs(hits_at_10 - avg((above + level < 10)::int)) < 1e-9 AS hits_at_10,
	abs(hits_at_50 - avg((above + level < 50)::int)) < 1e-9 AS hits_at_50,
	abs(hits_at_100 - avg((above + level < 100)::int)) < 1e-9 AS hits_at_100,
	abs(mrr - avg(1 / (1 + above + level / 2.0))) < 1e-9 AS mrr
FROM ranked, of_model(trained('karate'), 'karate', 'non_edges') GROUP BY hits_at_10, hits_at_50, hits_at_100,
	mrr;
/* Ranges, and random non-edges when no negatives are given */
SELECT method, positives, negatives, auc BETWEEN 0 AND 1 AS auc, average_precision BETWEEN 0
	AND 1 AS average_precision, hits_at_10 BETWEEN 0 AND hits_at_50 AS hits_at_10,
	hits_at_50 <= hits_at_100 AS hits_at_50, hits_at_100 <= 1 AS hits_at_100, mrr > 0 AND mrr <= 1 AS mrr
FROM of_model(trained('karate'), 'karate');
SELECT a.auc = b.auc AS repeatable, a.auc = c.auc AS other_seed
FROM of_model(trained('karate'), 'karate') AS a, of_model(trained('karate'), 'karate', NULL, 0) AS b,
	of_model(trained('karate'), 'karate', seed => 1) AS c;
SELECT method, positives, negatives FROM of_model(trained('miserables'),
	'SELECT src, dst FROM miserables WHERE weight > 5', $$VALUES ('Valjean', 'Napoleon'), ('Javert', 'OldMan')$$);
SELECT method, positives, negatives FROM of_model(trained('karate_uuid'),
	'SELECT uuid_of(src), uuid_of(dst) FROM karate');
SELECT method, positives, negatives, auc > 0.5 AS better_than_chance
	FROM of_model(trained('karate_directed'), 'karate');
SELECT a.auc = b.auc AS rows_in_another_order FROM of_model(trained('karate'), 'karate', 'non_edges') AS a,
	of_model(trained('karate'), 'TABLE karate ORDER BY random()', 'TABLE non_edges ORDER BY random()') AS b;
SELECT count(*) AS models, bool_and(auc > 0.5) AS better_than_chance FROM models, of_model(model, 'karate')
	WHERE name ~ '^karate($|_gae|_directed|_members)';

/* A pair counts once, in an undirected model also the other way round, and one of a node with itself not at all. */
SELECT positives, negatives FROM of_model(trained('karate'), 'VALUES (1, 2), (2, 1), (1, 2), (3, 3)',
	'VALUES (1, 34), (34, 1)');
SELECT positives, negatives FROM of_model(trained('karate_directed'), 'VALUES (1, 2), (2, 1), (1, 2), (3, 3)',
	'VALUES (1, 34), (34, 1)');
/* Columns by name or position, as of edges; a weight is ignored. */
SELECT a.auc = b.auc AS by_name, a.auc = c.auc AS with_weight
FROM of_model(trained('karate'), 'karate', 'non_edges') AS a,
	of_model(trained('karate'), 'SELECT 0 AS x, dst AS target, src AS source, now() FROM karate',
	'SELECT dst AS a, src AS b FROM non_edges') AS b,
	of_model(trained('karate'), 'SELECT src, dst, -1 AS weight FROM karate', 'non_edges') AS c;

/* What a model is compared with, on the same pairs: against plain SQL */
CREATE FUNCTION same_heuristics(model bytea, edges text, directed boolean, positives text, negatives text)
RETURNS TABLE (method text, auc boolean, average_precision boolean, pairs bigint)
LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('CREATE TEMP TABLE half ON COMMIT DROP AS SELECT src, dst FROM (%s) AS e', edges);
	IF NOT directed THEN
		INSERT INTO half SELECT dst, src FROM half;
	END IF;
	EXECUTE format('CREATE TEMP TABLE pair ON COMMIT DROP AS SELECT src, dst, true AS label FROM (%s) AS p
		UNION ALL SELECT src, dst, false FROM (%s) AS n', positives, negatives);
	RETURN QUERY WITH degree AS (
		SELECT node, count(*) AS edges FROM (SELECT src AS node FROM half
			UNION ALL SELECT dst FROM half WHERE directed) AS ends GROUP BY node
	), scored AS (
		SELECT p.src, p.dst, p.label, c.common, c.adamic_adar,
			(SELECT count(*) FROM half WHERE half.src = p.src) * (SELECT count(*) FROM half WHERE half.dst = p.dst) AS preferential
		FROM pair AS p, LATERAL (
			SELECT count(*) AS common, coalesce(sum(1 / ln(d.edges::float8)), 0) AS adamic_adar
			FROM half AS a JOIN half AS b ON a.dst = b.src JOIN degree AS d ON d.node = a.dst
			WHERE a.src = p.src AND b.dst = p.dst) AS c
	), expected AS (
		SELECT 'common_neighbours' AS method, vgae_auc(common, label) AS auc, vgae_average_precision(common, label) AS ap FROM scored
		UNION ALL SELECT 'adamic_adar', vgae_auc(scored.adamic_adar, label), vgae_average_precision(scored.adamic_adar, label) FROM scored
		UNION ALL SELECT 'preferential_attachment', vgae_auc(preferential, label), vgae_average_precision(preferential, label) FROM scored
	)
	SELECT e.method, abs(e.auc - x.auc) < 1e-9, abs(e.average_precision - x.ap) < 1e-9, e.positives + e.negatives
	FROM vgae_evaluate(model, positives, negatives) AS e JOIN expected AS x ON x.method = e.method;
	DROP TABLE half, pair;
END$$;
CREATE TABLE kept_back AS SELECT src, dst FROM karate WHERE (src * 7 + dst) % 5 = 0;
SELECT * FROM same_heuristics(vgae_train('SELECT src, dst FROM karate EXCEPT TABLE kept_back', nodes => 'members', epochs => 5),
	'SELECT src, dst FROM karate EXCEPT TABLE kept_back', false, 'TABLE kept_back', 'TABLE non_edges');
SELECT * FROM same_heuristics(vgae_train('SELECT src, dst FROM karate EXCEPT TABLE kept_back', nodes => 'members', epochs => 5, directed => true),
	'SELECT src, dst FROM karate EXCEPT TABLE kept_back', true, 'TABLE kept_back', 'TABLE non_edges');
/* the encoder as it was before training, up to what is lost by storing it in half the bytes */
SELECT directed, abs(e.auc - u.auc) < 0.01 AS same_as_no_epochs, e.auc <> t.auc AS other_than_trained
FROM unnest(ARRAY[false, true]) AS directed,
	LATERAL (SELECT auc FROM vgae_evaluate(vgae_train('karate', nodes => 'members', epochs => 30, directed => directed),
	'karate', 'non_edges') WHERE method = 'untrained_encoder') AS e,
	LATERAL of_model(vgae_train('karate', nodes => 'members', epochs => 0, directed => directed), 'karate', 'non_edges') AS u,
	LATERAL of_model(vgae_train('karate', nodes => 'members', epochs => 30, directed => directed), 'karate', 'non_edges') AS t;
SELECT array_agg(method) AS methods, count(DISTINCT (positives, negatives)) AS kinds_of_pairs
	FROM vgae_evaluate(trained('miserables'), 'SELECT src, dst FROM miserables WHERE weight > 5');
/*
 * Heuristics that know nothing have no figures: where no positive has a common neighbour,
 * whatever the negatives have; where all nodes have the same number of edges.
 */
CREATE FUNCTION heuristics(model bytea, positives text, negatives text DEFAULT NULL)
RETURNS TABLE (method text, auc numeric, others int, pairs bigint)
LANGUAGE sql AS $$SELECT e.method, round(e.auc::numeric, 2), num_nonnulls(e.average_precision, e.hits_at_10, e.hits_at_50, e.hits_at_100, e.mrr),
	e.positives + e.negatives
FROM vgae_evaluate(model, positives, negatives) AS e WHERE e.method <> 'vgae' AND e.method <> 'untrained_encoder'$$;
CREATE TABLE purchases AS
SELECT 'customer ' || c AS src, 'product ' || (c * c + p * p * 7) % 13 AS dst
FROM generate_series(1, 40) AS c, generate_series(1, 1 + c % 6) AS p;
SELECT negatives, b.* FROM (VALUES ('random', NULL), ('of one kind', 'SELECT DISTINCT a.src, b.src AS dst FROM purchases a, purchases b'),
	('of two kinds', 'SELECT DISTINCT a.src, b.dst FROM purchases a, purchases b EXCEPT TABLE purchases')) AS n (negatives, query),
	heuristics(vgae_train('purchases', epochs => 1), 'purchases', query) AS b;
CREATE TABLE circle AS SELECT i AS src, i % 20 + 1 AS dst FROM generate_series(1, 20) AS i;
SELECT * FROM heuristics(vgae_train('circle', epochs => 1), 'VALUES (1, 3), (2, 4)', 'VALUES (1, 5), (7, 9)');
DROP TABLE purchases, circle;
/* What cannot be honest raises a warning: test edges do not count, nor do edges that the model does not know. */
SET client_min_messages = warning;
SELECT method FROM vgae_evaluate(trained('karate'), 'karate', 'non_edges') LIMIT 1;
SELECT method FROM vgae_evaluate(vgae_train('karate', epochs => 1, test_fraction => 0.5), 'karate', 'non_edges') LIMIT 1;
SELECT method FROM vgae_evaluate(trained('miserables'), $$VALUES ('Valjean', 'Napoleon'), ('Cosette', 'Valjean')$$,
	$$VALUES ('Javert', 'OldMan'), ('Valjean', 'Javert')$$) LIMIT 1;
SELECT method FROM vgae_evaluate(vgae_train('SELECT src, dst FROM karate EXCEPT TABLE kept_back', nodes => 'members', epochs => 1),
	'TABLE kept_back') LIMIT 1;

/* What the model stores of its own held-out edges */
SELECT (i->>'test_auc')::float8 BETWEEN 0 AND 1 AS test_auc, (i->>'test_ap')::float8 BETWEEN 0 AND 1 AS test_ap,
	(i->>'validation_auc')::float8 BETWEEN 0 AND 1 AS validation_auc
FROM vgae_info(vgae_train('karate', test_fraction => 0.1, validation_fraction => 0.1, epochs => 20)) AS i;

/* Errors */
SELECT auc FROM vgae_evaluate(trained('karate'), 'VALUES (1, 2), (4711, 3), (1, 4712), (4711, 4)');
SELECT auc FROM vgae_evaluate(trained('karate'), 'karate', 'VALUES (1, 4711)');
SELECT auc FROM vgae_evaluate(trained('miserables'), $$VALUES ('Valjean', 'Nobody')$$);
SELECT auc FROM vgae_evaluate(trained('karate'), $$VALUES ('Valjean', 'Javert')$$);
SELECT auc FROM vgae_evaluate(trained('miserables'), 'karate');
SELECT auc FROM vgae_evaluate(trained('karate'), 'karate', 'miserables');
SELECT auc FROM vgae_evaluate(trained('karate'), 'VALUES (1, NULL::int)');
SELECT auc FROM vgae_evaluate(trained('karate'), 'no_such_table');
SELECT auc FROM vgae_evaluate(trained('karate'), 'SELECT src FROM karate');
SELECT auc FROM vgae_evaluate(trained('karate'), 'DELETE FROM karate RETURNING src, dst');
SELECT auc FROM vgae_evaluate(trained('karate'), 'SELECT src, dst FROM karate WHERE false');
SELECT auc FROM vgae_evaluate(trained('karate'), 'karate', 'SELECT src, dst FROM karate WHERE false');
SELECT auc FROM vgae_evaluate(trained('karate'), 'VALUES (1, 1), (2, 2)');
SELECT auc FROM vgae_evaluate(trained('karate'), 'VALUES (1, 2), (1, 3), (1, 34)', 'VALUES (3, 1), (1, 34), (9, 10)');
SELECT auc FROM vgae_evaluate(vgae_train('VALUES (1, 2), (2, 3), (1, 3)', epochs => 1), 'VALUES (1, 2)');
SELECT auc FROM vgae_evaluate(trained('karate'), 'karate', seed => NULL);
SELECT auc FROM vgae_evaluate(trained('points_ae'), 'karate');
SELECT call, sqlstate_of('SELECT * FROM vgae_evaluate' || call) AS sqlstate
FROM unnest(ARRAY['(trained(''karate''), ''VALUES (1, 4711)'')', '(trained(''karate''), ''miserables'')',
	'(trained(''karate''), ''no_such_table'')',
	'(trained(''karate''), ''SELECT src, dst FROM karate WHERE false'')',
	'(trained(''karate''), ''karate'', ''karate'')', '(trained(''karate''), ''VALUES (1, NULL::int)'')',
	'(trained(''karate''), ''karate'', seed => NULL)', '(trained(''points_ae''), ''karate'')']) AS call;
SELECT (SELECT count(*) FROM vgae_evaluate(NULL, 'karate')) AS null_model,
	(SELECT count(*) FROM vgae_evaluate(trained('karate'), NULL)) AS null_positives;
