/*
 * What weights of their own beside strong features cost new nodes: a tenth of Cora's papers are
 * new; half of their citations are known when they are encoded, and the others are told from
 * random pairs of a new paper and another.
 *
 *     psql -X -v data="$VGAE_DATA" -f test/bench/new_nodes.sql
 *
 * in a database with the extension.  Prints the AUC of these citations, and the validation AUC of
 * the training, for node_weights false and true: means of three seeds.
 */
SET client_min_messages = error;
CREATE TEMP TABLE citation (src int, dst int);
CREATE TEMP TABLE word (node int, feature int);
\cd :data
\copy citation from 'cora/edges.csv' csv header
\copy word from 'cora/features.csv' csv header
CREATE TEMP TABLE paper AS
SELECT node, abs(hashint4(node)) % 10 = 0 AS new FROM (SELECT DISTINCT node FROM word) AS w;
CREATE TEMP TABLE known AS
SELECT src, dst, a.new OR b.new AS of_new, abs(hashint8(src::bigint * 100000 + dst)) % 2 = 0 AS told
FROM citation JOIN paper AS a ON a.node = src JOIN paper AS b ON b.node = dst;
CREATE TEMP TABLE trained AS
SELECT own, vgae_train('SELECT src, dst FROM known WHERE NOT of_new', 'SELECT node FROM paper WHERE NOT new',
	'SELECT node, feature FROM word JOIN paper USING (node) WHERE NOT new', node_weights => own, seed => seed) AS model, seed
FROM (VALUES (false), (true)) AS v (own), generate_series(1, 3) AS seed;
CREATE TEMP TABLE pair AS
SELECT src, dst, true AS cited FROM known WHERE of_new AND NOT told
UNION ALL
SELECT a.node, b.node, false FROM paper AS a, paper AS b
WHERE a.new AND a.node <> b.node AND abs(hashint8(a.node::bigint * 100000 + b.node)) % 500 = 0;
CREATE TEMP TABLE code AS
SELECT own, seed, e.node, e.embedding
FROM trained, vgae_encode_graph(model, 'SELECT src, dst FROM known WHERE NOT of_new OR told', 'SELECT node FROM paper', 'word') AS e;
CREATE INDEX ON code (own, seed, node);
ANALYZE code;
SELECT own AS node_weights, round(avg(auc)::numeric, 3) AS auc_of_new_nodes, (SELECT round(avg((vgae_info(model)->>'validation_auc')::numeric), 3)
	FROM trained AS t WHERE t.own = s.own) AS validation_auc
FROM (SELECT own, seed, vgae_auc((SELECT sum(x * y) FROM unnest(a.embedding, b.embedding) AS u (x, y)), cited) AS auc
	FROM pair JOIN code AS a ON a.node = src JOIN code AS b USING (own, seed) WHERE b.node = dst GROUP BY own, seed) AS s
GROUP BY own ORDER BY own;
