--
-- Related products, from nothing but who bought what.
--
--     psql -f examples/related_products.sql a_database
--
-- Its tables are temporary: nothing stays behind.
--
\ir lib/start.sql

-- A shop with ten aisles of twelve products, some of which sell far better than others.
-- A customer has two favourite aisles and sometimes buys elsewhere. The aisle is what we shall
-- judge the results by; the model is told of neither aisles nor tastes.

CREATE TEMP TABLE products AS
SELECT id, aisle || ' ' || 1 + (id - 1) % 12 AS name, aisle, 1.0 / (1 + (id - 1) % 12) ^ 0.8 AS popularity
FROM generate_series(1, 120) AS id, LATERAL (SELECT (ARRAY['garden', 'games', 'baking', 'music', 'travel', 'photo',
	'sewing', 'fishing', 'pets', 'office'])[1 + (id - 1) / 12]) AS aisles (aisle);

CREATE TEMP TABLE customers AS
SELECT c AS id, 0.5 + 1.5 * pg_temp.chance('eager', c::text) AS eager,
	ARRAY(SELECT aisle FROM products GROUP BY aisle ORDER BY pg_temp.chance('taste', c::text, aisle) LIMIT 2) AS tastes
FROM generate_series(1, 600) AS c;

CREATE TEMP TABLE purchases AS
SELECT c.id AS customer_id, p.id AS product_id
FROM customers c, products p
WHERE pg_temp.chance('buys', c.id::text, p.id::text) <
	eager * popularity * CASE WHEN aisle = ANY (tastes) THEN 0.55 ELSE 0.05 END;

-- Next month's purchases: one in ten, which the model will not see.

CREATE TEMP TABLE later_purchases AS
SELECT * FROM purchases WHERE pg_temp.chance('later', customer_id::text, product_id::text) < 0.1;
DELETE FROM purchases p USING later_purchases l WHERE (p.customer_id, p.product_id) = (l.customer_id, l.product_id);

\echo 'What was sold'
SELECT (SELECT count(*) FROM purchases) AS purchases, (SELECT count(*) FROM later_purchases) AS later,
	(SELECT count(DISTINCT customer_id) FROM purchases) AS customers,
	(SELECT count(DISTINCT product_id) FROM purchases) AS products;

-- A graph of two kinds of nodes, so the keys must tell them apart. Features are not needed.
-- The recipe of docs/quality.md for the best links, but without patience. Patience keeps the
-- epoch that best tells some held-out purchases from random pairs. Here seven of ten random
-- pairs are of two customers, so that is soon easy, and says nothing of who likes what.

CREATE TEMP TABLE models AS
SELECT 'shop' AS name, vgae_train($$SELECT 'customer ' || customer_id, 'product ' || product_id FROM purchases$$,
	model => 'gae', hidden_dims => '{}', latent_scale => 3, dropout => 0.5, edge_mask => 0.5) AS model;

-- Products are related when their embeddings point the same way, whatever their lengths, which
-- have to do with how much is sold. So divide each by its length: the sum of products of two
-- is then their cosine. (With pgvector it is embedding::vector(16) and its operator <=>.)

CREATE TEMP TABLE product_codes AS
SELECT p.id, ARRAY(SELECT x / length FROM unnest(embedding) AS x) AS code
FROM models, products p, vgae_embedding(model, 'product ' || p.id) AS embedding,
	LATERAL (SELECT sqrt(sum(x * x)) AS length FROM unnest(embedding) AS x) AS l
WHERE embedding IS NOT NULL;                            -- as it is for products never sold

CREATE TEMP TABLE related AS
SELECT a.id, r.id AS related, r.cosine
FROM product_codes a, LATERAL (
	SELECT b.id, (SELECT sum(x * y) FROM unnest(a.code, b.code) AS c (x, y)) AS cosine
	FROM product_codes b
	WHERE b.id <> a.id
	ORDER BY cosine DESC, b.id                          -- the id settles ties
	LIMIT 5) r;

\o :details
\qecho 'Who looks at "fishing 3" may also like'
SELECT p.name, round(cosine::numeric, 2) AS cosine
FROM related r JOIN products p ON p.id = related
WHERE r.id = (SELECT id FROM products WHERE name = 'fishing 3') ORDER BY cosine DESC, related;
\o

-- Do related products come from the same aisle? Compare with counting how many customers bought
-- both, and with that count divided by the square root of the product's sales, lest bestsellers
-- be related to everything.

CREATE TEMP TABLE sales AS
SELECT product_id, count(*) AS sold FROM purchases GROUP BY product_id;

CREATE TEMP TABLE bought_together AS
SELECT id, related, row_number() OVER (PARTITION BY id ORDER BY customers DESC, related) AS place,
	row_number() OVER (PARTITION BY id ORDER BY customers / sqrt(sold) DESC, related) AS place_by_share
FROM (SELECT a.product_id AS id, b.product_id AS related, count(*) AS customers
	FROM purchases a JOIN purchases b ON b.customer_id = a.customer_id AND b.product_id <> a.product_id
	GROUP BY a.product_id, b.product_id) AS pairs
	JOIN sales ON sales.product_id = related;

\echo 'Of ten related products (rounded), how many come from the same aisle?'
SELECT method, round(10 * avg((a.aisle = b.aisle)::int)) AS same_aisle_of_10
FROM (SELECT 1, 'model', id, related FROM related
	UNION ALL SELECT 2, 'bought together', id, related FROM bought_together WHERE place <= 5
	UNION ALL SELECT 3, 'bought together, for its sales', id, related FROM bought_together WHERE place_by_share <= 5)
		AS methods (place, method, id, related)
	JOIN products a ON a.id = methods.id JOIN products b ON b.id = related
GROUP BY place, method ORDER BY place;

-- And products for a customer: the best of those not bought yet, by the table as it is now. All
-- 72 000 pairs of the two kinds are scored; a customer without a purchase gets NULL, and goes.

CREATE TEMP TABLE offers AS
SELECT customer_id, product_id
FROM (SELECT c.id AS customer_id, p.id AS product_id,
		row_number() OVER (PARTITION BY c.id ORDER BY score DESC, p.id) AS place
	FROM models m, customers c, products p, vgae_link_score(m.model, 'customer ' || c.id, 'product ' || p.id) AS score
	WHERE score IS NOT NULL
		AND NOT EXISTS (SELECT FROM purchases b WHERE (b.customer_id, b.product_id) = (c.id, p.id))) AS ranked
WHERE place <= 5;

-- Would they have been good offers? The yardstick is to offer bestsellers to everybody.

CREATE TEMP TABLE bestsellers AS
SELECT customer_id, product_id
FROM (SELECT c.customer_id, s.product_id,
		row_number() OVER (PARTITION BY c.customer_id ORDER BY sold DESC, s.product_id) AS place
	FROM (SELECT DISTINCT customer_id FROM purchases) AS c, sales s
	WHERE NOT EXISTS (
		SELECT FROM purchases b WHERE (b.customer_id, b.product_id) = (c.customer_id, s.product_id))) AS ranked
WHERE place <= 5;

\echo 'How many offers are to the customer''s taste, and how many were taken up later?'
SELECT method, count(*) AS offers, round(10 * avg((aisle = ANY (tastes))::int)) AS to_their_taste_of_10,
	round(100.0 * count(l.product_id) / count(*)) AS bought_later_of_100
FROM (SELECT 1, 'model', * FROM offers UNION ALL SELECT 2, 'bestsellers', * FROM bestsellers)
		AS methods (place, method, customer_id, product_id)
	JOIN customers c ON c.id = customer_id JOIN products p ON p.id = product_id
	LEFT JOIN later_purchases l USING (customer_id, product_id)
GROUP BY place, method ORDER BY place;
