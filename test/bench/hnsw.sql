/*
 * Partners of one node: vgae_recommend, which is exact, against pgvector's HNSW index.
 *
 *	psql -X -v nodes=100000 -f test/bench/hnsw.sql
 *	psql -X -v nodes=100000 -v m=32 -v ef_construction=200 -f test/bench/hnsw.sql
 *
 * in a database with both extensions; leaves it as it was. Times are medians of single
 * queries of one session, and recall is that of the 10 best partners of 500 nodes.
 */
\if :{?m}
\else
	\set m 16
	\set ef_construction 64
\endif
\set ON_ERROR_STOP on
\set QUIET on
BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL maintenance_work_mem = '1GB';
SET LOCAL enable_sort = off;
SELECT setseed(0.5) \g /dev/null

/* Groups of 100 nodes; seven of ten edges stay in the group. */
CREATE TEMP TABLE edges AS
SELECT (i % :nodes)::int AS src,
	(CASE WHEN random() < 0.7 THEN i % :nodes / 100 * 100 + floor(random() * 100) ELSE floor(random() * :nodes) END)::int AS dst
FROM generate_series(0, 10 * :nodes::bigint - 1) AS i;
CREATE TEMP TABLE nodes AS
SELECT i AS id, (SELECT array_agg((sin(i / 100 * (j * j + 0.1)) + random() - 0.5)::real) FROM generate_series(1, 16) AS j) AS features
FROM generate_series(0, :nodes - 1) AS i;
CREATE TEMP TABLE trained AS
SELECT vgae_train('edges', nodes => 'nodes', model => 'gae', epochs => 20, negatives => 1) AS model;

CREATE TEMP TABLE vectors AS SELECT node, embedding::vector(16) FROM trained, vgae_embeddings(model);
ALTER TABLE vectors ADD PRIMARY KEY (node);
CREATE TEMP TABLE timings (method text, node int, partner int[], milliseconds float8);
CREATE FUNCTION pg_temp.measure(method text, query text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	asked int;
	found int[];
	start timestamptz;
BEGIN
	FOR asked IN SELECT node FROM vectors ORDER BY hashint8(node) LIMIT 500
	LOOP
		start := clock_timestamp();
		EXECUTE query INTO found USING asked;
		INSERT INTO timings
		VALUES (method, asked, found, 1000 * extract(epoch FROM clock_timestamp() - start));
	END LOOP;
END $$;
SELECT pg_temp.measure('vgae_recommend', $$SELECT array_agg(r.node)
	FROM trained, vgae_recommend(model, $1, k => 10, include_known => true) AS r$$) \g /dev/null
\set index_query '$$SELECT array_agg(node) FROM (SELECT node FROM vectors WHERE node <> $1 ORDER BY embedding <#> (SELECT embedding FROM vectors WHERE node = $1) LIMIT 10) AS n$$'

SELECT clock_timestamp() AS start \gset
CREATE INDEX hnsw ON vectors USING hnsw (embedding vector_ip_ops) WITH (m = :m, ef_construction = :ef_construction);
SELECT round(extract(epoch FROM clock_timestamp() - :'start')) AS build_seconds,
	pg_size_pretty(pg_relation_size('hnsw')) AS index_size, pg_size_pretty(length(model)::bigint) AS model_size
FROM trained;
SET LOCAL hnsw.ef_search = 40;
SELECT pg_temp.measure('HNSW, ef_search 40', :index_query) \g /dev/null
SET LOCAL hnsw.ef_search = 200;
SELECT pg_temp.measure('HNSW, ef_search 200', :index_query) \g /dev/null

SELECT t.method, round(percentile_cont(0.5) WITHIN GROUP (ORDER BY t.milliseconds)::numeric, 2) AS milliseconds,
	round(avg((SELECT count(*) FROM unnest(t.partner) AS p WHERE p = ANY (e.partner)) / 10.0), 3) AS recall
FROM timings AS t JOIN timings AS e USING (node)
WHERE e.method = 'vgae_recommend' GROUP BY t.method ORDER BY t.method DESC;
ROLLBACK;
