/*
 * Models kept for the session: which one a call gets, and how much is kept
 */
\c -
SET client_min_messages = warning;

/* How many parsed models this session keeps, and in how much memory; NULL before PostgreSQL 14, which does not tell */
CREATE FUNCTION kept(OUT models bigint, OUT bytes numeric) LANGUAGE plpgsql AS $$
BEGIN
	IF to_regclass('pg_backend_memory_contexts') IS NOT NULL THEN
		SELECT count(*) FILTER (WHERE name = 'vgae model'), coalesce(sum(total_bytes), 0) INTO models, bytes
		FROM pg_backend_memory_contexts WHERE name IN ('vgae model', 'vgae core');
	END IF;
END $$;
CREATE FUNCTION keeps(low bigint, high bigint) RETURNS boolean LANGUAGE sql
AS $$ SELECT models BETWEEN low AND high IS NOT FALSE FROM kept() $$;
CREATE FUNCTION keeps_bytes(low bigint, high bigint) RETURNS boolean LANGUAGE sql
AS $$ SELECT bytes BETWEEN low AND high IS NOT FALSE FROM kept() $$;
CREATE FUNCTION kind(bytea) RETURNS text LANGUAGE sql AS $$ SELECT vgae_info($1)->>'model' $$;

/* Stored out of line, as all but the smallest models are */
CREATE TABLE stored (name text PRIMARY KEY, model bytea);
ALTER TABLE stored ALTER model SET STORAGE EXTERNAL;
INSERT INTO stored SELECT name, model FROM models WHERE name IN ('karate', 'karate_gae');
SELECT bool_and(pg_column_size(model) > 2000) AS out_of_line FROM stored;

/* One model, whatever calls it and however often */
SELECT keeps(0, 0) AS none;
SELECT kind(model) FROM stored WHERE name = 'karate';
SELECT keeps(1, 1) AS one;
SELECT count(vgae_link_score(model, src, dst)), count(vgae_embedding(model, src)) FROM stored, karate WHERE name = 'karate';
SELECT count(*) FROM stored, vgae_embeddings(model) WHERE name = 'karate';
SELECT keeps(1, 1) AS one;
SELECT kind(model) FROM stored WHERE name = 'karate_gae';
SELECT keeps(2, 2) AS two;

/* A small constant is no stored model, nor is one that was just made. */
SELECT kind(vgae_train('karate', epochs => 1)), kind(model || '') FROM stored WHERE name = 'karate';
SELECT keeps(2, 2) AS two;

/* Two copies are two values. */
CREATE TABLE copies AS SELECT * FROM stored;
SELECT name, kind(model) FROM copies ORDER BY name;
SELECT keeps(4, 4) AS four;

/* A changed model is seen at once, by the transaction that changes it, too. */
UPDATE copies SET model = (SELECT model FROM stored WHERE name = 'karate_gae') WHERE name = 'karate';
SELECT name, kind(model) FROM copies ORDER BY name;
BEGIN;
UPDATE copies SET model = (SELECT model FROM stored WHERE name = 'karate') WHERE name = 'karate';
SELECT name, kind(model) FROM copies ORDER BY name;
SAVEPOINT inside;
UPDATE copies SET model = (SELECT model FROM stored WHERE name = 'karate') WHERE name = 'karate_gae';
SELECT name, kind(model) FROM copies ORDER BY name;
ROLLBACK TO inside;
SELECT name, kind(model) FROM copies ORDER BY name;
ROLLBACK;
SELECT name, kind(model) FROM copies ORDER BY name;

/* A cursor goes on seeing what it saw at the beginning. */
BEGIN;
DECLARE reading CURSOR FOR SELECT i, kind(model) FROM copies, generate_series(1, 3) AS i WHERE name = 'karate' ORDER BY i;
FETCH 1 FROM reading;
UPDATE copies SET model = (SELECT model FROM stored WHERE name = 'karate') WHERE name = 'karate';
SELECT kind(model) FROM copies WHERE name = 'karate';
FETCH ALL FROM reading;
COMMIT;
SELECT kind(model) FROM copies WHERE name = 'karate';

/* Prepared statements, planned once, with the model from a table and as a parameter */
SET plan_cache_mode = force_generic_plan;
PREPARE kind_of(text) AS SELECT vgae_info(model)->>'model' AS kind FROM copies WHERE name = $1;
PREPARE kind_given(bytea) AS SELECT vgae_info($1)->>'model' AS kind;
EXECUTE kind_of('karate');
EXECUTE kind_of('karate_gae');
UPDATE copies SET model = (SELECT model FROM stored WHERE name = 'karate_gae');
EXECUTE kind_of('karate');
DO $$
DECLARE
	m bytea;
	kinds text = '';
BEGIN
	FOR i IN 1 .. 3 LOOP
		FOR m IN SELECT model FROM stored ORDER BY name LOOP
			kinds = kinds || ' ' || (vgae_info(m)->>'model');
		END LOOP;
		m = m || '';			/* the same in line */
		kinds = kinds || ' ' || (vgae_info(m)->>'model');
	END LOOP;
	RAISE WARNING 'kinds:%', kinds;
END $$;
RESET plan_cache_mode;
DEALLOCATE ALL;

/* What becomes of the table */
TRUNCATE copies;
INSERT INTO copies SELECT name, model FROM stored WHERE name = 'karate';
SELECT name, kind(model) FROM copies;
VACUUM FULL copies;
SELECT name, kind(model) FROM copies;
BEGIN;
TRUNCATE copies;
INSERT INTO copies SELECT name, model FROM stored WHERE name = 'karate_gae';
SELECT name, kind(model) FROM copies;
ROLLBACK;
SELECT name, kind(model) FROM copies;
ALTER TABLE copies ADD filler serial;
SELECT name, kind(model) FROM copies;
DELETE FROM copies;
VACUUM copies;
INSERT INTO copies SELECT name, model FROM stored WHERE name = 'karate_gae';
SELECT name, kind(model) FROM copies;
DROP TABLE copies;
BEGIN;
CREATE TEMP TABLE passing ON COMMIT DELETE ROWS AS SELECT * FROM stored;
SELECT name, kind(model) FROM passing ORDER BY name;
COMMIT;
INSERT INTO passing SELECT * FROM stored;
SELECT count(*) FROM passing;
DROP TABLE passing;

/* What is gone is freed when the cache is next at work. */
SELECT kind(model) FROM stored WHERE name = 'karate';
SELECT keeps(0, 2) AS only_stored;

/* The header of a known model does not make a model of other bytes, stored or not. */
CREATE TABLE crafted AS
SELECT set_byte(model, length(model) - 20, 1 + get_byte(model, length(model) - 20) % 255) AS model,
	substr(model, 1, 3000) AS short
FROM stored WHERE name = 'karate';
ALTER TABLE crafted ALTER model SET STORAGE EXTERNAL;
SELECT kind(model) FROM stored WHERE name = 'karate';
SELECT coalesce(models, 0) AS before FROM kept() \gset
SELECT kind(model) FROM crafted;
SELECT kind(model) FROM crafted;
SELECT kind(model || '') FROM crafted;
SELECT kind(short) FROM crafted;
SELECT keeps(:before, :before) AS nothing_kept;
SELECT kind(model) FROM stored WHERE name = 'karate';
SELECT name, sqlstate_of(format('SELECT kind(%s) FROM stored, crafted WHERE name = %L', both_, name))
FROM stored, unnest(ARRAY['stored.model || substr(crafted.model, 1, 0)', 'crafted.model']) AS both_ ORDER BY name, both_;
DROP TABLE crafted;

/* An error in the middle of a query does not free what another one uses. */
DO $$
DECLARE
	m bytea = (SELECT model FROM stored WHERE name = 'karate');
	kinds text[];
BEGIN
	FOR i IN 1 .. 3 LOOP
		kinds = kinds || (vgae_info(m)->>'model');
		BEGIN
			PERFORM count(1 / (i - i)) FROM stored, vgae_embeddings(model);
		EXCEPTION WHEN division_by_zero THEN
			NULL;
		END;
	END LOOP;
	RAISE WARNING 'kinds: %', kinds;
END $$;

/* More models than are kept: each call gets its own, and those in use stay. */
CREATE TABLE many AS SELECT i, name, model FROM stored, generate_series(1, 60) AS i;
SELECT name, count(*), count(DISTINCT vgae_link_score(model, 1, 2)) AS scores FROM many GROUP BY name ORDER BY name;
SELECT keeps(2, 64) AS bounded;
SELECT many.name, count(*), bool_and(vgae_link_score(many.model, src, dst) = vgae_link_score(stored.model, src, dst)) AS same
FROM many JOIN stored USING (name), (SELECT * FROM karate LIMIT 5) AS k GROUP BY many.name ORDER BY many.name;
SELECT name, count(*), sum(n) AS rows FROM many, LATERAL (SELECT count(*) AS n FROM vgae_embeddings(model)) AS e
GROUP BY name ORDER BY name;
SELECT positives, negatives
FROM stored, vgae_evaluate(model, $$SELECT a.id, b.id FROM members a, members b WHERE a.id < b.id
	AND (a.id, b.id) NOT IN (TABLE karate) AND (SELECT count(vgae_info(model)) FROM many) > 0 LIMIT 20$$)
WHERE name = 'karate' AND method = 'vgae';
SELECT keeps(2, 64) AS bounded;

/* A join that goes through the models for each row of the other table */
SET enable_hashagg = off;
SELECT name, count(*), bool_and(score = vgae_link_score(trained(name), src, dst)) AS same
FROM (SELECT name, src, dst, vgae_link_score(model, src, dst) AS score
	FROM karate CROSS JOIN LATERAL (SELECT * FROM stored WHERE src > 0) AS s) AS scores
GROUP BY name ORDER BY name;
RESET enable_hashagg;
DROP TABLE many;

/* The memory has a bound, but for the model used last. */
/* Autovacuum would write to pg_class how large the TOAST table is, and models of a table that changes there are forgotten. */
CREATE TABLE large (i int, model bytea) WITH (toast.autovacuum_enabled = off);
ALTER TABLE large ALTER model SET STORAGE EXTERNAL;
INSERT INTO large
SELECT i, vgae_train(nodes => 'SELECT i, i % 7 AS x FROM generate_series(1, 100000) AS i', model => 'ae',
	hidden_dims => '{}', latent_dim => 64, epochs => 0, validation_fraction => 0, seed => i)
FROM generate_series(1, 4) AS i;
SELECT count(*), count(DISTINCT vgae_embedding(model, 1)) AS embeddings, min(length(model)) / 1000000 AS megabytes FROM large;
SELECT keeps(2, 2) AS two, keeps_bytes(40000000, 67108864) AS bounded;
SELECT count(*) FROM large AS a, large AS b, large AS c
WHERE vgae_embedding(a.model, 1) || vgae_embedding(b.model, 2) || vgae_embedding(c.model, 3) IS NOT NULL;
SELECT keeps(2, 2) AS two, keeps_bytes(40000000, 67108864) AS bounded;
/* So has that of several call sites that are given models in line. */
DO $$
DECLARE
	m bytea;
	alike boolean;
BEGIN
	FOR m IN SELECT model || '' FROM large LOOP
		alike = vgae_embedding(m, 1) = vgae_embedding(m, 8) AND vgae_embedding(m, 2) = vgae_embedding(m, 9);
	END LOOP;
	RAISE WARNING 'alike: %, bounded: %', alike, keeps_bytes(200000000, 500000000);
END $$;
DROP TABLE large;
SELECT kind(model) FROM stored WHERE name = 'karate';
SELECT keeps_bytes(0, 10000000) AS freed;
DROP TABLE stored;
DROP FUNCTION kept, keeps, keeps_bytes, kind;
