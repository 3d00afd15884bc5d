/*
 * vgae_auc and vgae_average_precision, for any scores
 */
SET client_min_messages = warning;

/* Known values; the second is the example of scikit-learn's documentation. */
CREATE TEMP TABLE rankings (name text, score float8, label boolean);
INSERT INTO rankings VALUES
	('perfect', 0.9, true), ('perfect', 0.8, true), ('perfect', 0.2, false), ('perfect', 0.1, false),
	('example', 0.1, false), ('example', 0.4, false), ('example', 0.35, true), ('example', 0.8, true),
	('reversed', 0.1, true), ('reversed', 0.2, true), ('reversed', 0.8, false), ('reversed', 0.9, false),
	('all tied', 0.5, true), ('all tied', 0.5, false), ('all tied', 0.5, false), ('all tied', 0.5, false),
	('some tied', 1, true), ('some tied', 0.5, true), ('some tied', 0.5, false), ('some tied', 0, false),
	('some tied', 0, true),
	('infinite', 'Infinity', true), ('infinite', '-Infinity', false), ('infinite', 0, true),
	('infinite', 'Infinity', false),
	('signed zeros', 0, true), ('signed zeros', '-0', false),
	('NULLs left out', 0.9, true), ('NULLs left out', NULL, true), ('NULLs left out', 0.95, NULL),
	('NULLs left out', 0.1, false),
	('one label', 0.3, true), ('one label', 0.6, true), ('other label', 0.3, false), ('only NULLs', NULL, NULL);
SELECT name, round(vgae_auc(score, label)::numeric, 6) AS auc,
	round(vgae_average_precision(score, label)::numeric, 6) AS average_precision
FROM rankings GROUP BY name ORDER BY name COLLATE "C";
SELECT vgae_auc(score, label) IS NULL AS auc_of_nothing,
	vgae_average_precision(score, label) IS NULL AS average_precision_of_nothing FROM rankings WHERE false;
SELECT vgae_auc('NaN', true);
SELECT vgae_average_precision('NaN', false);
SELECT sqlstate_of($$SELECT vgae_auc(x, x > 1) FROM (VALUES (1), (2), ('NaN'::float8)) AS v (x)$$) AS nan;

/* FILTER, DISTINCT, ORDER BY, OVER, and other numeric types */
SELECT round(vgae_auc(score, label) FILTER (WHERE name = 'example')::numeric, 6) AS filter,
	round(vgae_auc(DISTINCT score, label) FILTER (WHERE name = 'all tied')::numeric, 6) AS "distinct",
	round(vgae_auc(score, label ORDER BY score DESC) FILTER (WHERE name = 'example')::numeric, 6) AS ordered,
	round(vgae_auc(score::real, label) FILTER (WHERE name = 'perfect')::numeric, 6) AS "real",
	round(vgae_auc((10 * score)::int, label) FILTER (WHERE name = 'perfect')::numeric, 6) AS integer
FROM rankings;
SELECT score, round(vgae_auc(score, label) OVER (ORDER BY score)::numeric, 6) AS auc_so_far,
	round(vgae_average_precision(score, label) OVER (ORDER BY score)::numeric, 6) AS average_precision_so_far
FROM rankings WHERE name = 'example';

/* Against the definitions in plain SQL, on many rows with ties */
CREATE TABLE many AS SELECT (i * 7919 % 1000) / 10.0::float8 AS score,
	(i * 7919 % 1000) + (i * 104729 % 500) > 900 AS label, i % 3 AS part FROM generate_series(1, 3000) AS i;
WITH auc AS (
	SELECT avg(CASE WHEN p.score > n.score THEN 1 WHEN p.score = n.score THEN 0.5 ELSE 0 END) AS value FROM many p,
	many n WHERE p.label AND NOT n.label
), threshold AS (
	SELECT score, count(*) FILTER (WHERE label) AS gained, sum(count(*)) OVER (ORDER BY score DESC) AS found,
	sum(count(*) FILTER (WHERE label)) OVER (ORDER BY score DESC) AS hit FROM many GROUP BY score
), average_precision AS (
	SELECT sum(gained * hit / found) / sum(gained) AS value FROM threshold
)
SELECT abs(vgae_auc(score, label) - (SELECT value FROM auc)) < 1e-9 AS auc,
	abs(vgae_average_precision(score, label) - (SELECT value FROM average_precision)) < 1e-9 AS average_precision
	FROM many;

/* Partial states from parallel workers, grouped and not, give the same. */
CREATE TEMP TABLE serial AS SELECT part, vgae_auc(score, label) AS auc,
	vgae_average_precision(score, label) AS average_precision FROM many GROUP BY ROLLUP (part);
ALTER TABLE many SET (parallel_workers = 2);
SET max_parallel_workers_per_gather = 2;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
EXPLAIN (COSTS OFF) SELECT vgae_auc(score, label), vgae_average_precision(score, label) FROM many;
SELECT p.auc = s.auc AS auc, p.average_precision = s.average_precision AS average_precision
FROM (SELECT vgae_auc(score, label) AS auc, vgae_average_precision(score, label) AS average_precision FROM many) AS p,
	serial s WHERE s.part IS NULL;
SELECT count(*) AS parts, bool_and(p.auc = s.auc) AS auc,
	bool_and(p.average_precision = s.average_precision) AS average_precision
FROM (SELECT part, vgae_auc(score, label) AS auc, vgae_average_precision(score, label) AS average_precision FROM many
	GROUP BY part) AS p JOIN serial s USING (part);
SET enable_partitionwise_aggregate = on;
CREATE TABLE halves (score float8, label boolean, part int) PARTITION BY LIST (part);
CREATE TABLE half_0 PARTITION OF halves FOR VALUES IN (0, 1);
CREATE TABLE half_1 PARTITION OF halves FOR VALUES IN (2);
INSERT INTO halves SELECT * FROM many;
SELECT h.auc = s.auc AS auc FROM (SELECT vgae_auc(score, label) AS auc FROM halves) AS h, serial s
	WHERE s.part IS NULL;
RESET enable_partitionwise_aggregate;
RESET max_parallel_workers_per_gather;
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;
DROP TABLE many, halves;

/* The support functions called by hand: an error, never a crash */
SELECT vgae_ranking_transition(NULL, 0.5, true);
SELECT vgae_auc_final('a foreign bytea that is long enough to hold a header of a state');
SELECT vgae_auc_final(NULL) IS NULL AS auc_of_nothing,
	vgae_average_precision_final(NULL) IS NULL AS average_precision_of_nothing;
SELECT call, sqlstate_of('SELECT ' || call) AS sqlstate
FROM unnest(ARRAY['vgae_auc_final(''\x00'')', 'vgae_auc_final(repeat(''x'', 1001)::bytea)',
	'vgae_average_precision_final(''\x00'')', 'vgae_ranking_combine(NULL, NULL)',
	'vgae_ranking_combine(''\x00'', ''\x00'')', 'vgae_ranking_transition(''\x00'', 1, true)']) AS call;
/* nor does an aggregate of one's own get by with a state that is none */
CREATE AGGREGATE pg_temp.forged(float8, boolean) (SFUNC = vgae_ranking_transition, STYPE = bytea,
	FINALFUNC = vgae_auc_final, INITCOND = 'not a state');
SELECT pg_temp.forged(x, x > 1) FROM generate_series(1, 3) AS x;
