--
-- Small made-up tables, and a model of them, for the statements in docs.
--
--     createdb tryout
--     psql -f examples/sample_tables.sql tryout
--
-- Unlike those of the examples, these tables stay: drop the database when you are done.
--
\set ON_ERROR_STOP on
BEGIN;

CREATE EXTENSION IF NOT EXISTS vgae;

-- Made-up data need chance, but the same everywhere: a number below n that depends on the
-- arguments only.
CREATE FUNCTION pg_temp.pick(what text, n int) RETURNS int LANGUAGE sql IMMUTABLE
	AS 'SELECT (hashtextextended($1, 0) & 1048575)::int % $2';

-- People have friends in their own circle of twenty.

CREATE TABLE friendships AS
SELECT id AS src, (id / 20 * 20 + pg_temp.pick(id || ' knows ' || n, 20)) AS dst
FROM generate_series(0, 99) AS id, generate_series(1, 4) AS n;

-- Papers of ten fields cite within their field and, one time in five, elsewhere.

CREATE TABLE papers AS
SELECT id, 'Paper ' || id AS title, 2010 + id / 20 AS year,
	(ARRAY['here', 'there', 'elsewhere'])[1 + id % 10 % 3] AS venue
FROM generate_series(1, 219) AS id;

CREATE TABLE citations AS
SELECT id AS src, CASE pg_temp.pick(id || ' strays ' || n, 5)
	WHEN 0 THEN 1 + pg_temp.pick(id || ' cites ' || n, id - 1)
	ELSE id - 10 * (1 + pg_temp.pick(id || ' cites ' || n, (id - 1) / 10)) END AS dst, year + n - 1 AS year
FROM papers, generate_series(1, 4) AS n WHERE id > 10;

CREATE TABLE paper_words AS
SELECT id AS paper, id % 10 * 10 + pg_temp.pick(id || ' says ' || n, 20) AS word
FROM papers, generate_series(1, 6) AS n;

CREATE TABLE candidate_pairs AS SELECT id AS a, id + 10 AS b FROM generate_series(1, 100) AS id;

-- Today there is one paper more.

CREATE TABLE papers_today AS SELECT * FROM papers UNION ALL SELECT 220, 'Paper 220', 2021, 'here';
CREATE TABLE citations_today AS SELECT * FROM citations UNION ALL SELECT 220, 10, 2021;
CREATE TABLE paper_words_today AS SELECT * FROM paper_words UNION ALL SELECT 220, 5;

-- Customers buy from the one aisle of six that they like. The last has bought nothing yet.

CREATE TABLE customers AS
SELECT id, 20 + pg_temp.pick(id || ' is', 60) AS age, 1000 * (15 + pg_temp.pick(id || ' earns', 50)) AS income,
	(ARRAY['basic', 'gold', 'plus'])[1 + id % 3] AS segment
FROM generate_series(1, 120) AS id;

CREATE TABLE products AS SELECT id, 'aisle ' || (id - 1) / 10 AS aisle FROM generate_series(1, 60) AS id;

CREATE TABLE purchases AS
SELECT id AS customer_id, 1 + id % 6 * 10 + pg_temp.pick(id || ' buys ' || n, 10) AS product_id, 2016 + n AS year
FROM customers, generate_series(1, 4) AS n WHERE id < 120;

-- Models, as in the README.

CREATE TABLE models (name text PRIMARY KEY, model bytea, trained_at timestamptz DEFAULT now());
ALTER TABLE models ALTER model SET STORAGE EXTERNAL;      -- weights do not compress: do not try

INSERT INTO models (name, model)
SELECT 'papers', vgae_train(
    edges    => 'citations',                              -- a table or view with src and dst
    nodes    => 'SELECT id, year, venue FROM papers',     -- or any SELECT: id first, then features
    features => 'SELECT paper, word FROM paper_words');   -- sparse features in long form

COMMIT;
