/*
 * vgae_progress: what a training shows of itself.  A query that gives the edges runs
 * while they are read, and so sees the training that it belongs to; what other
 * sessions see is tested in test/t.
 */
SET client_min_messages = warning;
SELECT * FROM vgae_progress;

/* Edges only if exactly this training is seen, as it should be */
CREATE VIEW karate_if_seen AS
SELECT k.* FROM karate k
WHERE 1 = (SELECT count(*) FROM vgae_progress)
	AND EXISTS (SELECT FROM vgae_progress p
		WHERE p.pid = pg_backend_pid() AND p.datname = current_database() AND p.usename = current_user
			AND p.phase = 'reading' AND p.epoch = 0 AND p.epochs = 7
			AND p.loss IS NULL AND p.validation_score IS NULL
			AND p.started BETWEEN now() AND clock_timestamp() AND p.estimated_end IS NULL);
SELECT vgae_info(vgae_train('karate_if_seen', epochs => 7))->>'edges' AS edges;
SELECT * FROM vgae_progress;

/* It stays after a query has been read, whose subtransaction is rolled back: nodes are read first. */
SELECT vgae_info(vgae_train('karate_if_seen', nodes => 'members', epochs => 7))->>'edges' AS edges;
SELECT * FROM vgae_progress;

/* An error ends what is shown, caught or not. */
SELECT vgae_train('SELECT 1, 1 / count(*) FROM vgae_progress WHERE phase = ''training''', epochs => 7);
SELECT * FROM vgae_progress;
DO $$
BEGIN
	PERFORM vgae_train('karate', learning_rate => 1e30, epochs => 7);
EXCEPTION WHEN numeric_value_out_of_range THEN
	RAISE WARNING 'diverged; % seen', (SELECT count(*) FROM vgae_progress);
END
$$;

/* A training within the reading of another: the outer one is seen again after it. */
SELECT vgae_info(vgae_train($$
	SELECT k.src, k.dst FROM karate k,
		(SELECT length(vgae_train('karate', epochs => 3)) AS inner_bytes OFFSET 0) i
	WHERE inner_bytes > 0 AND 7 = (SELECT epochs FROM vgae_progress)$$, epochs => 7))->>'edges' AS edges;

/* So is what COPY shows, and it goes on counting.  Before PostgreSQL 14 it shows nothing: NULL. */
CREATE FUNCTION copying() RETURNS text LANGUAGE plpgsql
AS $$
BEGIN
	PERFORM pg_stat_clear_snapshot();
	IF to_regclass('pg_stat_progress_copy') IS NOT NULL THEN
		RETURN (SELECT concat_ws(' ', command, type, tuples_processed) FROM pg_stat_progress_copy);
	END IF;
	RETURN NULL;
END
$$;
COPY (
	SELECT g, length(vgae_train('karate', epochs => g)) > 0 AS trained,
		copying() = 'COPY TO PIPE ' || g - 1 IS NOT FALSE AS copying,
		(SELECT count(*) FROM vgae_progress WHERE g > 0) AS training
	FROM generate_series(1, 2) AS g
) TO STDOUT;
/* So is it after a function that only reads. */
COPY (
	SELECT g, (SELECT edges FROM vgae_estimate('karate', epochs => g)) AS edges,
		copying() = 'COPY TO PIPE ' || g - 1 IS NOT FALSE AS copying
	FROM generate_series(1, 2) AS g
) TO STDOUT;

/* A failed subtransaction while edges are read clears it; it is shown again after the query. */
CREATE FUNCTION two_with_failure() RETURNS int LANGUAGE plpgsql
AS $$
BEGIN
	PERFORM 1 / 0;
EXCEPTION WHEN division_by_zero THEN
	RETURN 2;
END
$$;
SELECT vgae_info(vgae_train('SELECT src, dst FROM karate WHERE two_with_failure() = 2', epochs => 7))->>'edges' AS edges;
SELECT * FROM vgae_progress;

/* As of other commands, nothing is shown without track_activities. */
SET track_activities = off;
SELECT vgae_info(vgae_train('SELECT k.* FROM karate k WHERE NOT EXISTS (SELECT FROM vgae_progress)',
	epochs => 7))->>'edges' AS edges;
RESET track_activities;

DROP FUNCTION copying, two_with_failure;
DROP VIEW karate_if_seen;
