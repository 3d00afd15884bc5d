/*
 * What people see of a ranking: of Cora, with a tenth of the citations held back, the AUC and
 * Hits@10 of vgae_evaluate beside how many of ten suggestions a paper come true.
 *
 *     psql -X -v data="$VGAE_DATA" -f test/bench/top_of_ranking.sql
 *
 * in a database with the extension.  Models: means of three seeds.
 */
SET client_min_messages = error;
CREATE TEMP TABLE citation (src int, dst int);
CREATE TEMP TABLE word (node int, feature int);
\cd :data
\copy citation from 'cora/edges.csv' csv header
\copy word from 'cora/features.csv' csv header
CREATE TEMP TABLE held_back AS SELECT * FROM citation WHERE abs(hashint8(src::bigint * 100000 + dst)) % 10 = 0;
CREATE TEMP TABLE known AS TABLE citation EXCEPT TABLE held_back;
CREATE TEMP TABLE wanted AS
SELECT src AS node, dst AS partner FROM held_back UNION SELECT dst, src FROM held_back;
CREATE TEMP TABLE trained AS
SELECT 'defaults' AS method, 1 AS place, vgae_train('known', features => 'word', seed => s) AS model FROM generate_series(1, 3) AS s
UNION ALL
SELECT 'best links', 2, vgae_train('known', features => 'word', model => 'gae', hidden_dims => '{}', latent_scale => 2, dropout => 0.5,
	edge_mask => 0.5, epochs => 400, patience => 100, seed => s) FROM generate_series(1, 3) AS s
UNION ALL
SELECT 'defaults, without features', 3, vgae_train('known', nodes => 'SELECT DISTINCT node FROM word', seed => s) FROM generate_series(1, 3) AS s;

/* Adamic and Adar's score of all pairs with a common neighbour */
CREATE TEMP TABLE neighbour AS SELECT src AS node, dst AS other FROM known UNION SELECT dst, src FROM known;
CREATE TEMP TABLE adamic_adar AS
SELECT a.node, b.node AS partner, sum(1 / ln(d.degree)) AS score
FROM neighbour AS a JOIN neighbour AS b USING (other) JOIN (SELECT node AS other, count(*) AS degree FROM neighbour GROUP BY node) AS d USING (other)
WHERE a.node <> b.node GROUP BY a.node, b.node;
CREATE TEMP TABLE ten_by_common AS
SELECT node, partner FROM (
	SELECT node, partner, row_number() OVER (PARTITION BY node ORDER BY score DESC, partner) AS place FROM adamic_adar
	WHERE NOT EXISTS (SELECT FROM neighbour AS n WHERE n.node = adamic_adar.node AND n.other = partner)) AS r
WHERE place <= 10;

CREATE TEMP TABLE came_true AS
SELECT place, trained.method, (SELECT avg(hits) FROM (
		SELECT w.node, (SELECT count(*) FROM vgae_recommend(model, w.node, k => 10) AS r WHERE EXISTS (
			SELECT FROM wanted AS x WHERE x.node = w.node AND x.partner = r.node)) AS hits
		FROM (SELECT DISTINCT node FROM wanted) AS w) AS h) AS hits_of_ten,
	e.auc, e.average_precision, e.hits_at_10
FROM trained, vgae_evaluate(model, 'held_back') AS e WHERE e.method = 'vgae'
UNION ALL
SELECT 4, 'Adamic–Adar', (SELECT count(*) FROM ten_by_common JOIN wanted USING (node, partner))::float8 /
	(SELECT count(DISTINCT node) FROM wanted), e.auc, e.average_precision, e.hits_at_10
FROM (SELECT model FROM trained LIMIT 1) AS t, vgae_evaluate(model, 'held_back') AS e WHERE e.method = 'adamic_adar';
SELECT method, round(avg(auc)::numeric, 3) AS auc, round(avg(average_precision)::numeric, 3) AS ap,
	round(avg(hits_at_10)::numeric, 3) AS hits_at_10, round(avg(hits_of_ten)::numeric, 3) AS hits_of_ten
FROM came_true GROUP BY place, method ORDER BY place;
