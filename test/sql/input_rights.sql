/*
 * What a query may do: it reads, with the rights of the caller
 */
SET client_min_messages = warning;
\set SHOW_CONTEXT never

/* A function in the query cannot write either, and cannot allow itself to. */
CREATE TABLE written (n int);
CREATE SEQUENCE counter;
CREATE FUNCTION writes(n int) RETURNS int LANGUAGE sql AS $$ INSERT INTO written VALUES (n) RETURNING n $$;
SELECT * FROM graph_of('SELECT writes(src), dst FROM karate');
SELECT * FROM graph_of('SELECT nextval(''counter''), dst FROM karate');
SELECT sqlstate_of($$SELECT vgae_train('SELECT src, dst FROM karate
	WHERE set_config(''transaction_read_only'', ''off'', false) IS NOT NULL AND writes(src) > 0')$$) LIKE '25%'
	AS allowing_itself_is_refused;
SELECT sqlstate_of($$SELECT vgae_train('SELECT writes(src), dst FROM karate')$$) AS writing;
/* Afterwards, also after an error in a subtransaction, the caller can write as before. */
BEGIN;
SELECT vgae_train('karate', epochs => 1) IS NOT NULL AS trained,
	sqlstate_of($$SELECT vgae_train('SELECT writes(src), dst FROM karate')$$) AS writing;
SHOW transaction_read_only;
SELECT writes(1);
COMMIT;
TABLE written;
/* In a read-only transaction training works, and leaves it read-only. */
BEGIN READ ONLY;
SELECT vgae_train('karate', epochs => 1) IS NOT NULL AS trained;
SHOW transaction_read_only;
SELECT writes(2);
ROLLBACK;
/* Training within a query of training, since reading is all that it does */
SELECT node_count
	FROM graph_of('SELECT src, dst FROM karate WHERE vgae_train(''VALUES (1, 2), (2, 3)'', epochs => 1) IS NOT NULL');

/* With the caller's rights, row security included */
DROP ROLE IF EXISTS regress_vgae_reader;
CREATE ROLE regress_vgae_reader;
CREATE TABLE guarded AS TABLE karate;
ALTER TABLE guarded ENABLE ROW LEVEL SECURITY;
CREATE POLICY few ON guarded USING (src < 3);
GRANT SELECT ON guarded TO regress_vgae_reader;
REVOKE ALL ON miserables FROM PUBLIC;
SET ROLE regress_vgae_reader;
SELECT vgae_train('miserables') IS NULL;
SELECT vgae_train('SELECT src, dst FROM miserables') IS NULL;
SELECT (vgae_info(vgae_train('guarded', epochs => 1))->>'edges')::int = (SELECT count(*)
	FROM guarded) AS only_what_the_policy_shows, count(*) AS shown FROM guarded;
RESET ROLE;
DROP TABLE guarded;
DROP ROLE regress_vgae_reader;

DROP TABLE written;
DROP SEQUENCE counter;
DROP FUNCTION writes(int);
