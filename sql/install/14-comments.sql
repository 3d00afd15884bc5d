/*
 * The overloads of a function share one comment: it stands with the first of
 * them and is copied to the others here.  The functions are those that belong
 * to the extension and their names are printed by regprocedure; with every
 * operator qualified, what else lies in the target schema cannot interfere.
 */
DO $$
DECLARE
	uncommented record;
BEGIN
	FOR uncommented IN
		WITH member AS (
			SELECT p.oid, p.proname, pg_catalog.obj_description(p.oid, 'pg_proc') AS comment
			FROM pg_catalog.pg_extension e, pg_catalog.pg_depend d, pg_catalog.pg_proc p
			WHERE e.extname OPERATOR(pg_catalog.=) 'vgae'
				AND d.refclassid OPERATOR(pg_catalog.=) e.tableoid
				AND d.refobjid OPERATOR(pg_catalog.=) e.oid
				AND d.deptype OPERATOR(pg_catalog.=) 'e'
				AND d.classid OPERATOR(pg_catalog.=) p.tableoid
				AND d.objid OPERATOR(pg_catalog.=) p.oid
		)
		SELECT overload.oid::pg_catalog.regprocedure AS signature, first.comment
		FROM member overload, member first
		WHERE overload.comment IS NULL
			AND first.comment IS NOT NULL
			AND first.proname OPERATOR(pg_catalog.=) overload.proname
	LOOP
		EXECUTE pg_catalog.format('COMMENT ON FUNCTION %s IS %L',
			uncommented.signature, uncommented.comment);
	END LOOP;
END
$$;
