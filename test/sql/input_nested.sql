/*
 * Trainings within the queries of trainings
 */
SET client_min_messages = warning;
\set SHOW_CONTEXT never

/* A query may train, and so may the queries of that training, with threads of their own. */
SET vgae.threads = 2;
CREATE FUNCTION pg_temp.trains(depth int) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
	RETURN vgae_info(vgae_train(CASE depth WHEN 0 THEN 'SELECT src, dst FROM karate' ELSE
		format('SELECT src, dst + pg_temp.trains(%s) - 78 FROM karate WHERE src = 1', depth - 1) END, epochs => 1))->>'edges';
END $$;
SELECT pg_temp.trains(0) AS itself, pg_temp.trains(2) AS with_others_within;

/* Without an end it fails as any function that calls itself, and nothing is left of it. */
CREATE FUNCTION pg_temp.endless() RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
	RETURN length(vgae_train('SELECT pg_temp.endless(), 2'));
END $$;
SELECT sqlstate_of('SELECT pg_temp.endless()') AS sqlstate;
SELECT pg_temp.trains(1), (SELECT count(*) FROM vgae_progress) AS shown;

/* A cancel ends all of them; a handler that catches an error within goes on. */
CREATE FUNCTION pg_temp.long() RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
	RETURN length(vgae_train('karate', epochs => 1000000));
END $$;
SET statement_timeout = '100ms';
SELECT vgae_train('SELECT src, pg_temp.long() FROM karate');
RESET statement_timeout;
CREATE FUNCTION pg_temp.catches() RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
	PERFORM vgae_train('SELECT 1, 1 / (src - src) FROM karate');
EXCEPTION WHEN division_by_zero THEN
	RETURN length(vgae_train('karate', epochs => 1)) * 0 + 7;
END $$;
SELECT vgae_info(vgae_train('SELECT src, dst FROM karate WHERE pg_temp.catches() = 7', epochs => 1))->>'edges' AS edges;
RESET vgae.threads;
