/*
 * vgae_train_into: a model stored in a table.  What it is to other sessions is
 * tested in test/t.
 */
SET client_min_messages = warning;

/* The model is that of vgae_train; and a second one replaces it. */
CREATE TABLE stored (id serial, name text UNIQUE, model bytea, trained_at timestamptz, note text DEFAULT 'new');
CALL vgae_train_into('stored', 'club', 'karate', hidden_dims => '{16}', latent_dim => 8);
SELECT id, name, model = trained('karate') AS same, trained_at BETWEEN now() - interval '1 hour' AND now() AS just_now, note
FROM stored;
UPDATE stored SET note = 'kept', trained_at = NULL;
CALL vgae_train_into('stored', 'club', edges => 'karate', model => 'gae', hidden_dims => '{16}', latent_dim => 8);
SELECT count(*), bool_and(model = trained('karate_gae')) AS same, bool_and(trained_at IS NOT NULL) AS trained,
	string_agg(note, ',') AS note FROM stored;

/* Every input and kind of key; from a model to go on with, which a function fetches */
CALL vgae_train_into('stored', 'members', 'karate', nodes => 'members', hidden_dims => '{16}', latent_dim => 8);
CALL vgae_train_into('stored', 'points', nodes => 'points', model => 'vae', hidden_dims => '{16}', latent_dim => 2,
	epochs => 400);
CALL vgae_train_into('stored', 'miserables', 'miserables', hidden_dims => '{16}', latent_dim => 8);
CALL vgae_train_into('stored', 'warm', 'karate', hidden_dims => '{16}', latent_dim => 8, epochs => 3,
	warm_start => trained('karate'));
SELECT name, model = CASE name WHEN 'members' THEN trained('karate_members') WHEN 'points' THEN trained('points_vae')
	WHEN 'miserables' THEN trained('miserables')
	ELSE vgae_train('karate', hidden_dims => '{16}', latent_dim => 8, epochs => 3, warm_start => trained('karate')) END AS same
FROM stored WHERE name <> 'club' ORDER BY name;

/* From a model of the same table, named by its row: as by warm_start */
CALL vgae_train_into('stored', 'warm from', 'karate', hidden_dims => '{16}', latent_dim => 8, epochs => 3,
	warm_start_from => 'warm');
CALL vgae_train_into('stored', 'warm', 'karate', hidden_dims => '{16}', latent_dim => 8, epochs => 3,
	warm_start_from => 'warm');
SELECT w.model = f.model AS same, f.model = vgae_train('karate', hidden_dims => '{16}', latent_dim => 8, epochs => 3,
		warm_start => vgae_train('karate', hidden_dims => '{16}', latent_dim => 8, epochs => 3, warm_start => trained('karate'))) AS as_warm_start,
	vgae_info(f.model)->'arguments'->'warm_start' AS warm_start
FROM stored AS w, stored AS f WHERE w.name = 'warm' AND f.name = 'warm from';
DELETE FROM stored WHERE name = 'warm from';
CREATE TABLE heir () INHERITS (stored);
INSERT INTO heir (name, model) VALUES ('warm', 'not the one'), ('inherited', trained('karate'));
CALL vgae_train_into('stored', 'warm', 'karate', hidden_dims => '{16}', latent_dim => 8, epochs => 1, warm_start_from => 'warm');
CALL vgae_train_into('stored', 'warm', 'SELECT 1 / 0, 1', warm_start_from => 'inherited');
DROP TABLE heir;
INSERT INTO stored (name, model) VALUES ('empty', NULL), ('damaged', 'no model');
CALL vgae_train_into('stored', 'warm', 'SELECT 1 / 0, 1', warm_start_from => 'nobody');
CALL vgae_train_into('stored', 'warm', 'SELECT 1 / 0, 1', warm_start_from => 'empty');
CALL vgae_train_into('stored', 'warm', 'SELECT 1 / 0, 1', warm_start_from => 'damaged');
CALL vgae_train_into('stored', 'warm', 'SELECT 1 / 0, 1', warm_start_from => 'points');
CALL vgae_train_into('stored', 'warm', 'SELECT 1 / 0, 1', warm_start => trained('karate'), warm_start_from => 'club');
SELECT count(*) AS changed FROM stored WHERE name = 'warm' AND (vgae_info(model)->>'epochs_run')::int <> 1;
DELETE FROM stored WHERE name IN ('empty', 'damaged');

/* Where it may commit: DO and procedures, also in a loop over a query */
DO $$
DECLARE
	graph record;
BEGIN
	CALL vgae_train_into('stored', 'do', 'karate', epochs => 2);
	FOR graph IN SELECT n FROM generate_series(1, 2) AS n LOOP
		CALL vgae_train_into('stored', 'loop ' || graph.n, 'karate', epochs => graph.n);
	END LOOP;
	COMMIT;
	CALL vgae_train_into('stored', 'after commit', 'karate', epochs => 2);
END
$$;
CREATE PROCEDURE retrain(text) LANGUAGE plpgsql AS $$ BEGIN CALL vgae_train_into('stored', $1, 'karate', epochs => 4); END $$;
CALL retrain('procedure');
SELECT name, vgae_info(model)->>'epochs_run' AS epochs FROM stored WHERE length(model) < length(trained('karate')) * 10
	AND name ~ 'do|loop|commit|procedure' ORDER BY name;

/* Where it may not: nothing is read, and what the transaction did is not committed. */
BEGIN;
INSERT INTO stored (name) VALUES ('never');
CALL vgae_train_into('stored', 'block', 'SELECT 1 / 0, 1');
ROLLBACK;
CREATE FUNCTION train_in_function() RETURNS void LANGUAGE plpgsql
AS $$ BEGIN CALL vgae_train_into('stored', 'function', 'SELECT 1 / 0, 1'); END $$;
SELECT train_in_function();
DO $$
BEGIN
	CALL vgae_train_into('stored', 'subtransaction', 'SELECT 1 / 0, 1');
EXCEPTION WHEN invalid_transaction_termination THEN
	RAISE WARNING '%', SQLERRM;
END
$$;
CREATE PROCEDURE retrain_as_owner() LANGUAGE plpgsql SECURITY DEFINER
AS $$ BEGIN CALL vgae_train_into('stored', 'definer', 'SELECT 1 / 0, 1'); END $$;
CALL retrain_as_owner();
CREATE PROCEDURE retrain_with_setting() LANGUAGE plpgsql SET work_mem = '8MB'
AS $$ BEGIN CALL vgae_train_into('stored', 'setting', 'SELECT 1 / 0, 1'); END $$;
CALL retrain_with_setting();

/* A role of which nothing is left when the model is stored */
CREATE ROLE regress_vgae_passing;
GRANT ALL ON stored TO regress_vgae_passing;
\set VERBOSITY terse
DO $$
BEGIN
	SET LOCAL ROLE regress_vgae_passing;
	CALL vgae_train_into('stored', 'passing', 'VALUES (1, 2)', learning_rate => 1e30);
END
$$;
\set VERBOSITY default
DROP OWNED BY regress_vgae_passing;
DROP ROLE regress_vgae_passing;

SET default_transaction_read_only = on;
CALL vgae_train_into('stored', 'read only', 'SELECT 1 / 0, 1');

/* A transaction that may write is followed by the one that stores, which may not: seen before the training. */
DO $$
BEGIN
	COMMIT;
	SET TRANSACTION READ WRITE;
	CALL vgae_train_into('stored', 'read only', 'karate', learning_rate => 1e30);
END
$$;
RESET default_transaction_read_only;
SELECT count(*) FROM stored WHERE name ~ 'never|block|function|subtransaction|definer|setting|passing|read only';

/* The session's isolation is not that of the transaction that stores, and it is as it was after it. */
CREATE TABLE isolated (name text PRIMARY KEY, model bytea, trained_at timestamptz,
	isolation text DEFAULT current_setting('transaction_isolation'));
SET default_transaction_isolation = serializable;
DO $$
BEGIN
	CALL vgae_train_into('isolated', 'a', 'karate', epochs => 2);
	INSERT INTO isolated (name) VALUES ('after it');
END
$$;
RESET default_transaction_isolation;
SELECT name, isolation FROM isolated ORDER BY name;

/* The table is looked at before anything is read. */
CREATE TABLE no_column (name text PRIMARY KEY, model bytea);
CALL vgae_train_into('no_column', 'a', 'SELECT 1 / 0, 1');
CREATE TABLE no_key (name text, model bytea, trained_at timestamptz);
CALL vgae_train_into('no_key', 'a', 'SELECT 1 / 0, 1');
CREATE UNIQUE INDEX ON no_key (name) WHERE model IS NOT NULL;
CREATE UNIQUE INDEX ON no_key (name, trained_at);
CREATE UNIQUE INDEX ON no_key (lower(name));
CREATE INDEX ON no_key (name);
ALTER TABLE no_key ADD UNIQUE (name) DEFERRABLE;
CALL vgae_train_into('no_key', 'a', 'SELECT 1 / 0, 1');
CREATE TABLE wrong_type (name text PRIMARY KEY, model text, trained_at timestamptz);
CALL vgae_train_into('wrong_type', 'a', 'SELECT 1 / 0, 1');
CREATE TABLE more_needed (name text PRIMARY KEY, model bytea, trained_at timestamptz, owner text NOT NULL);
CALL vgae_train_into('more_needed', 'a', 'SELECT 1 / 0, 1');
CREATE DOMAIN name_of_three AS varchar(3) CHECK (VALUE <> 'no');
CREATE DOMAIN owner_with_default AS text DEFAULT 'the owner';
CREATE TABLE short_name (name name_of_three UNIQUE, model bytea, trained_at date, owner owner_with_default NOT NULL);
CALL vgae_train_into('short_name', 'long name', 'SELECT 1 / 0, 1');
CALL vgae_train_into('short_name', 'no', 'SELECT 1 / 0, 1');
CALL vgae_train_into('short_name', 'yes', 'karate', epochs => 2);
CALL vgae_train_into('short_name', 'yes', 'karate', epochs => 2, warm_start_from => 'yes');
CALL vgae_train_into('short_name', 'yes', 'SELECT 1 / 0, 1', warm_start_from => 'long name');
SELECT name, owner, vgae_info(model)->'arguments'->'warm_start' AS warm_start FROM short_name;
CREATE TABLE number_name (name int PRIMARY KEY, model bytea, trained_at timestamptz);
CALL vgae_train_into('number_name', '1', 'SELECT 1 / 0, 1');
CREATE TABLE wrong_time (name text PRIMARY KEY, model bytea, trained_at interval);
CALL vgae_train_into('wrong_time', 'a', 'SELECT 1 / 0, 1');
CREATE TABLE ruled (name text PRIMARY KEY, model bytea, trained_at timestamptz);
CREATE RULE nothing AS ON UPDATE TO ruled DO ALSO NOTHING;
CALL vgae_train_into('ruled', 'a', 'SELECT 1 / 0, 1');
DROP RULE nothing ON ruled;
CREATE RULE nothing AS ON INSERT TO ruled DO INSTEAD NOTHING;
CALL vgae_train_into('ruled', 'a', 'SELECT 1 / 0, 1');
CREATE VIEW no_table AS SELECT * FROM stored;
CALL vgae_train_into('no_table', 'a', 'SELECT 1 / 0, 1');
CALL vgae_train_into('no_such_table', 'a', 'karate');
CALL vgae_train_into(4294967295::oid::regclass, 'a', 'karate');

/* So are the arguments. */
CALL vgae_train_into(NULL, 'a', 'karate');
CALL vgae_train_into('stored', NULL, 'karate');
CALL vgae_train_into('stored', 'a');
CALL vgae_train_into('stored', 'a', 'SELECT 1 / 0, 1', epochs => NULL);
CALL vgae_train_into('stored', 'a', 'SELECT 1 / 0, 1', latent_dim => 0);

/* An error of the reading or of the training leaves the former model. */
CALL vgae_train_into('stored', 'club', 'SELECT 1, NULL::int');
CALL vgae_train_into('stored', 'club', 'karate', learning_rate => 1e30);
SELECT model = trained('karate_gae') AS former FROM stored WHERE name = 'club';

/* Privileges of the caller: to write, before anything is read; and to read */
CREATE ROLE regress_vgae_trainer;
GRANT INSERT (name, model, trained_at) ON stored TO regress_vgae_trainer;
GRANT USAGE ON SEQUENCE stored_id_seq TO regress_vgae_trainer;
SET ROLE regress_vgae_trainer;
CALL vgae_train_into('stored', 'trainer', 'SELECT 1 / 0, 1');
RESET ROLE;
GRANT UPDATE (model, trained_at) ON stored TO regress_vgae_trainer;
SET ROLE regress_vgae_trainer;
CALL vgae_train_into('stored', 'trainer', 'SELECT 1 / 0, 1');
RESET ROLE;
GRANT SELECT (name) ON stored TO regress_vgae_trainer;
SET ROLE regress_vgae_trainer;
CALL vgae_train_into('stored', 'trainer', 'karate', epochs => 2);
RESET ROLE;
GRANT SELECT ON karate TO regress_vgae_trainer;
SET ROLE regress_vgae_trainer;
CALL vgae_train_into('stored', 'trainer', 'karate', epochs => 2);
CALL vgae_train_into('stored', 'trainer', 'karate', epochs => 3);
RESET ROLE;
SELECT vgae_info(model)->>'epochs_run' AS epochs FROM stored WHERE name = 'trainer';
/* to start from a stored model: to read it, too; and what README grants is enough */
SET ROLE regress_vgae_trainer;
CALL vgae_train_into('stored', 'trainer', 'SELECT 1 / 0, 1', warm_start_from => 'trainer');
RESET ROLE;
GRANT SELECT (model) ON stored TO regress_vgae_trainer;
SET ROLE regress_vgae_trainer;
CALL vgae_train_into('stored', 'trainer', 'karate', epochs => 4, warm_start_from => 'trainer');
RESET ROLE;
SELECT vgae_info(model)->>'epochs_run' AS epochs, vgae_info(model)->'arguments'->'warm_start' AS warm_start FROM stored WHERE name = 'trainer';
CREATE TABLE granted (name text PRIMARY KEY, model bytea, trained_at timestamptz DEFAULT now());
GRANT INSERT, UPDATE, SELECT (name, model) ON granted TO regress_vgae_trainer;
SET ROLE regress_vgae_trainer;
CALL vgae_train_into('granted', 'club', 'karate', epochs => 2);
CALL vgae_train_into('granted', 'club', 'karate', epochs => 3, warm_start_from => 'club');
RESET ROLE;
SELECT vgae_info(model)->>'epochs_run' AS epochs, vgae_info(model)->'arguments'->'warm_start' AS warm_start FROM granted;
DROP TABLE granted;

/* Row-level security, a trigger that fills in what is needed, a partitioned table, odd names */
ALTER TABLE stored ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON stored TO regress_vgae_trainer USING (name = 'trainer');
SET ROLE regress_vgae_trainer;
CALL vgae_train_into('stored', 'trainer', 'karate', epochs => 5);
CALL vgae_train_into('stored', 'club', 'karate', epochs => 5);
CALL vgae_train_into('stored', 'trainer', 'karate', epochs => 6, warm_start_from => 'trainer');
CALL vgae_train_into('stored', 'trainer', 'SELECT 1 / 0, 1', warm_start_from => 'club');
RESET ROLE;
SELECT name, vgae_info(model)->>'epochs_run' AS epochs FROM stored WHERE name IN ('trainer', 'club') ORDER BY name;
CREATE FUNCTION fill_owner() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.owner := 'somebody'; RETURN NEW; END $$;
CREATE TRIGGER fill_owner BEFORE INSERT ON more_needed FOR EACH ROW EXECUTE FUNCTION fill_owner();
CALL vgae_train_into('more_needed', 'a', 'karate', epochs => 2);
SELECT name, owner FROM more_needed;
CREATE FUNCTION skip_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER skip_row BEFORE UPDATE ON more_needed FOR EACH ROW EXECUTE FUNCTION skip_row();
CALL vgae_train_into('more_needed', 'a', 'karate', epochs => 2);
CREATE SCHEMA "Odd Place";
CREATE TABLE "Odd Place"."mo""dels" (trained_at date, model bytea, name varchar(3) PRIMARY KEY) PARTITION BY LIST (name);
CREATE TABLE "Odd Place".a PARTITION OF "Odd Place"."mo""dels" FOR VALUES IN ('a');
CALL vgae_train_into('"Odd Place"."mo""dels"', 'a', 'karate', epochs => 2);
CALL vgae_train_into('"Odd Place"."mo""dels"', 'a', 'karate', epochs => 2, warm_start_from => 'a');
SELECT name, trained_at BETWEEN current_date - 1 AND current_date AS today, vgae_info(model)->'arguments'->'warm_start' AS warm_start
FROM "Odd Place".a;

DROP SCHEMA "Odd Place" CASCADE;
DROP TABLE stored, isolated, no_column, no_key, wrong_type, more_needed, short_name, number_name, wrong_time,
	ruled CASCADE;
DROP DOMAIN name_of_three, owner_with_default;
DROP FUNCTION fill_owner, skip_row, train_in_function;
DROP PROCEDURE retrain, retrain_as_owner, retrain_with_setting;
DROP OWNED BY regress_vgae_trainer;
DROP ROLE regress_vgae_trainer;
