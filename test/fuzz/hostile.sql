/*
 * Damaged models through every function that takes one: see seeds.sql for the
 * models, and damage_sql.c for what is done to them.
 *
 * CALL attack(first, last) damages every seed with the numbers first … last, calls
 * everything with the result, and adds up the outcomes in table "outcome".
 */

/* What is called: the functions with a bytea among their arguments, by the catalog. */
CREATE TABLE calls (seed text, call int, function text, expression text);

CREATE FUNCTION argument(s seeds, name text, type regtype) RETURNS text LANGUAGE sql AS $$
	SELECT name || ' => ' || CASE
		WHEN name IN ('model', 'warm_start') THEN 'm'
		WHEN type = 'anyelement'::regtype THEN CASE WHEN s.name ~ '_text' THEN 'NULL::text' ELSE 'NULL::uuid' END
		WHEN name = 'key_type' THEN 'NULL::' || type
		WHEN name IN ('node', 'src', 'dst') THEN CASE type
			WHEN 'bigint'::regtype THEN '3'
			WHEN 'anycompatible'::regtype THEN CASE WHEN s.name ~ '_uuid' THEN format('%L::uuid', uuid_key(3)) ELSE '3' END
			WHEN 'text'::regtype THEN format('%L::text', text_key(3))
			ELSE format('%L::uuid', uuid_key(3)) END
		WHEN type = 'float8[]'::regtype THEN format('%L', CASE name WHEN 'features' THEN s.x ELSE s.z END)
		WHEN name = 'positives' THEN quote_literal(s.pairs)
		WHEN name IN ('edges', 'features') OR (name, type) = ('nodes', 'text'::regtype) THEN
			quote_nullable(to_jsonb(s) ->> name)
		WHEN name = 'nodes' THEN '5'		-- of a new graph
		WHEN name = 'samples' AND s.kind = 'vgae' THEN '2'
		WHEN name = 'include_known' THEN 'true'
	END $$;

INSERT INTO calls
SELECT s.name, row_number() OVER (PARTITION BY s.name ORDER BY p.oid), p.oid::regprocedure,
	format(CASE WHEN proretset THEN '(SELECT string_agg(r::text, '';'') FROM %s(%s) r)' ELSE '%s(%s)' END, proname,
		CASE WHEN 'warm_start' = ANY (proargnames) THEN 'warm_start => m, ' || training(s, 1)
			ELSE (SELECT string_agg(argument(s, proargnames[a], proargtypes[a - 1]), ', ')
				  FROM generate_series(1, pronargs) a) END)
FROM seeds s, pg_extension e JOIN pg_depend d ON d.refobjid = e.oid JOIN pg_proc p ON p.oid = d.objid
WHERE extname = 'vgae' AND d.classid = 'pg_proc'::regclass AND 'bytea'::regtype = ANY (proargtypes)
	AND prokind = 'f' AND NOT 'state' = ANY (proargnames);

/* The planner looks at a model that is a constant. */
CREATE FUNCTION planned(m bytea) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	plan text;
BEGIN
	EXECUTE format('EXPLAIN SELECT vgae_embeddings(%L::bytea)', m) INTO plan;
	RETURN plan;
END $$;
INSERT INTO calls
SELECT seed, max(call) + 1, 'planned', 'planned(m)' FROM calls GROUP BY seed;

/*
 * The functions of aggregates take states instead, which other aggregates
 * could hand to them.
 */
CREATE AGGREGATE ranking_state(score float8, label boolean) (SFUNC = vgae_ranking_transition, STYPE = bytea);
CREATE AGGREGATE combine_states(bytea) (SFUNC = vgae_ranking_combine, STYPE = bytea, FINALFUNC = vgae_auc_final);
INSERT INTO seeds (name, model)
SELECT 'ranking', ranking_state(i, i % 3 = 0) FROM generate_series(1, 20) i;
INSERT INTO calls VALUES
	('ranking', 1, 'vgae_auc_final', 'vgae_auc_final(m)'),
	('ranking', 2, 'vgae_average_precision_final', 'vgae_average_precision_final(m)'),
	('ranking', 3, 'vgae_ranking_combine',
	 '(SELECT combine_states(state) FROM (SELECT model FROM seeds WHERE name = ''ranking'' UNION ALL SELECT m) s (state))'),
	('ranking', 4, 'vgae_ranking_combine', '(SELECT combine_states(state) FROM (VALUES (m), (m)) s (state))');

/* call_SEED(model): the SQLSTATE of each call; for an answer 00000, unless it tells of what is no number */
DO $do$
DECLARE
	seed text;
	body text;
BEGIN
	FOR seed, body IN
		SELECT c.seed, string_agg(format($$
			BEGIN
				answer := %s;
				states := states || CASE WHEN answer ~ 'NaN|Infinity' THEN 'no number' ELSE '00000' END;
			EXCEPTION WHEN OTHERS THEN
				states := states || SQLSTATE;
			END;$$, expression), '' ORDER BY call)
		FROM calls c GROUP BY c.seed
	LOOP
		EXECUTE format($$
			CREATE FUNCTION %I(m bytea) RETURNS text[] LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan
			AS 'DECLARE answer text; states text[]; BEGIN %s RETURN states; END'$$,
			'call_' || seed, replace(body, '''', ''''''));
	END LOOP;
END $do$;

CREATE TABLE outcome (seed text, call int, state text, count bigint, number bigint);

/*
 * Half of the damaged models lie out of line, where the session's cache sees them:
 * PostgreSQL puts only rows of more than two kilobytes there.
 */
CREATE TABLE damaged (seed text, number bigint, filler text, model bytea) WITH (toast_tuple_target = 128);
ALTER TABLE damaged ALTER filler SET STORAGE PLAIN, ALTER model SET STORAGE EXTERNAL;

CREATE PROCEDURE attack(first bigint, last bigint) LANGUAGE plpgsql AS $$
DECLARE
	batch CONSTANT bigint := 200;
	one record;
BEGIN
	FOR start IN first .. last BY batch LOOP
		TRUNCATE damaged;
		INSERT INTO damaged
		SELECT name, number, repeat('x', (number % 2)::int * 2100), damage(model, number)
		FROM seeds, generate_series(start, least(start + batch - 1, last)) number;
		FOR one IN SELECT DISTINCT seed FROM damaged LOOP
			EXECUTE format($q$
				INSERT INTO outcome
				SELECT seed, call, state, count(*), min(number)
				FROM damaged, LATERAL unnest(%I(model)) WITH ORDINALITY states (state, call)
				WHERE seed = %L GROUP BY seed, call, state$q$, 'call_' || one.seed, one.seed);
		END LOOP;
		COMMIT;
	END LOOP;
END $$;
