/*
 * vgae_predict_links, vgae_recommend, vgae_recommend_all over more nodes than are
 * looked at together; what they return is in fn_link.
 */
SET client_min_messages = warning;

/* A ring with chords; a node and its neighbours on the ring are known. */
CREATE TEMP TABLE ring AS
SELECT vgae_train('SELECT i AS src, (i + 1) % 20000 AS dst FROM generate_series(0, 19999) AS i
	UNION ALL SELECT i, (i * 37 + 5) % 20000 FROM generate_series(0, 19999, 3) AS i',
	hidden_dims => '{}', latent_dim => 6, epochs => 1) AS model;
CREATE TEMP TABLE everybody AS
SELECT l.* FROM ring, vgae_recommend_all(model, k => 3) AS l;

/* Three links from each node, in the order of the nodes, none of them known */
SELECT count(*), count(DISTINCT src), count(*) FILTER (WHERE abs(src - dst) IN (0, 1, 19999)) AS wrong
FROM everybody;
SELECT bool_and(score = vgae_link_score(model, src, dst)) AS scores,
	bool_and(probability = vgae_link_probability(model, src, dst)) AS probabilities
FROM ring, everybody WHERE src % 100 = 0;

/* One node alone has the same partners: the first and the last, and where ranges meet. */
SELECT count(*), count(e.src) AS same
FROM ring CROSS JOIN unnest('{0, 1, 63, 64, 8191, 8192, 16383, 16384, 16385, 19999}'::bigint[]) AS n (node)
	CROSS JOIN LATERAL vgae_recommend(model, n.node, k => 3) AS l
	LEFT JOIN everybody e ON (e.src, e.dst, e.score, e.probability) = (n.node, l.node, l.score, l.probability);

/* The best of all is the best of somebody; each pair once. */
CREATE TEMP TABLE best AS
SELECT l.* FROM ring, vgae_predict_links(model, k => 1) AS l;
SELECT b.score = (SELECT max(score) FROM everybody) AS best,
	(b.src, b.dst) = (SELECT least(src, dst), greatest(src, dst) FROM everybody
		ORDER BY score DESC, least(src, dst), greatest(src, dst) LIMIT 1) AS first
FROM best b;

/*
 * Nodes without edges are in no list where there are no features to speak for them, as
 * sources or as targets; else they are as all others.
 */
CREATE TEMP TABLE half AS
SELECT features IS NOT NULL AS features, directed, vgae_train('SELECT i AS src, (i * i + 1) % 60 * 2 AS dst FROM generate_series(0, 119, 2) AS i',
	nodes => 'SELECT generate_series(0, 119) AS id', features => features, directed => directed, latent_dim => 4, epochs => 3) AS model
FROM unnest(ARRAY[NULL, 'SELECT i, i % 7 FROM generate_series(0, 119) AS i']) AS features, unnest(ARRAY[false, true]) AS directed;
CREATE TEMP TABLE half_pairs AS
SELECT h.features, h.directed, a.node AS src, b.node AS dst, vgae_link_score(model, a.node, b.node) AS score
FROM half AS h, vgae_embeddings(model) AS a, vgae_embeddings(model) AS b
WHERE a.node <> b.node AND (h.features OR a.node % 2 = 0 AND b.node % 2 = 0);
SELECT features, directed, vgae_info(model)->'isolated_nodes' AS isolated, vgae_info(model)->'nodes_not_recommended' AS not_recommended,
	(SELECT count(*) FROM vgae_recommend(model, 6, k => 1000, include_known => true)) AS partners,
	(SELECT count(*) FROM vgae_recommend(model, 7, k => 1000, include_known => true)) AS of_isolated,
	(SELECT count(*) FROM vgae_recommend_all(model, k => 1000, include_known => true)) AS of_all,
	(SELECT count(*) FROM vgae_predict_links(model, k => 1000000, include_known => true)) AS pairs
FROM half ORDER BY features, directed;
SELECT h.features, h.directed,
	(SELECT array_agg((src, dst, score)::text) FROM vgae_predict_links(model, k => 300, include_known => true))
	= (SELECT array_agg((src, dst, score)::text) FROM (SELECT src, dst, score FROM half_pairs AS p
		WHERE (p.features, p.directed) = (h.features, h.directed) AND (p.directed OR src < dst)
		ORDER BY score DESC, src, dst LIMIT 300) AS best) AS predict_links,
	(SELECT array_agg((src, dst, score)::text) FROM vgae_recommend_all(model, k => 3, include_known => true))
	= (SELECT array_agg((src, dst, score)::text ORDER BY src, place) FROM (SELECT src, dst, score,
			row_number() OVER (PARTITION BY src ORDER BY score DESC, dst) AS place FROM half_pairs AS p
		WHERE (p.features, p.directed) = (h.features, h.directed)) AS best WHERE place <= 3) AS recommend_all,
	(SELECT array_agg((node, score)::text) FROM vgae_recommend(model, 6, k => 20, include_known => true))
	= (SELECT array_agg((dst, score)::text) FROM (SELECT dst, score FROM half_pairs AS p
		WHERE (p.features, p.directed, src) = (h.features, h.directed, 6) ORDER BY score DESC, dst LIMIT 20) AS best) AS recommend
FROM half AS h ORDER BY features, directed;

/* One thread or several: the same rows in the same order */
SET vgae.threads = 3;
SELECT md5(string_agg(l::text, ',' ORDER BY n)) AS several FROM ring,
	vgae_predict_links(model, k => 500) WITH ORDINALITY AS l (src, dst, score, probability, n) \gset
SET vgae.threads = 1;
SELECT md5(string_agg(l::text, ',' ORDER BY n)) AS one FROM ring,
	vgae_predict_links(model, k => 500) WITH ORDINALITY AS l (src, dst, score, probability, n) \gset
SELECT :'one' = :'several' AS same_best;
SELECT count(*) AS changed FROM
	(SELECT l.* FROM ring, vgae_recommend_all(model, k => 3) AS l EXCEPT TABLE everybody) AS l;
RESET vgae.threads;

/* Cancelled in the middle */
SET statement_timeout = '50ms';
SELECT count(*) FROM ring, generate_series(1, 100000), LATERAL vgae_recommend(model, 1, k => 20000);
SELECT count(*) FROM ring, generate_series(1, 100000), LATERAL vgae_predict_links(model, k => 1000000);
RESET statement_timeout;

/* A list that takes more memory than the limit is refused before the system has none left. */
SET vgae.memory_limit = '150MB';
SET vgae.threads = 16;
SELECT sqlstate_of('SELECT count(*) FROM ring, vgae_predict_links(model, k => 2000000000)') AS too_many,
	(SELECT count(*) FROM ring, vgae_predict_links(model, k => 2000000000, min_probability => 1)) AS above_the_best,
	(SELECT count(*) FROM ring, vgae_predict_links(model, k => 1000)) AS few;
RESET vgae.threads;
SET vgae.memory_limit = '200kB';
SELECT count(*) FROM ring, vgae_recommend(model, 1, k => 20000);
SELECT sqlstate_of('SELECT vgae_recommend_all(model, k => 20000) FROM ring') AS recommend_all,
	sqlstate_of('SELECT vgae_anomalies(model, k => 20000) FROM ring') AS anomalies,
	(SELECT count(*) FROM ring, vgae_recommend(model, 1, k => 3)) AS few_partners,
	(SELECT count(*) FROM ring, vgae_anomalies(model, k => 3)) AS few_edges;
RESET vgae.memory_limit;
