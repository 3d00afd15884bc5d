/* Watch trainings */

/* What the view vgae_progress shows; it is not promised to stay. */
CREATE FUNCTION vgae_get_progress()
RETURNS TABLE (pid integer, datid oid, usesysid oid, phase text, epoch integer, epochs integer,
	loss float8, validation_score float8, started timestamptz, estimated_end timestamptz)
AS 'MODULE_PATHNAME', 'vgae_get_progress'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 100 ROWS 1;

COMMENT ON FUNCTION vgae_get_progress() IS
$$Returns a row for each training that is running, with the OIDs of its database and its user.
It is meant for the view vgae_progress, which has their names.$$;

CREATE VIEW vgae_progress AS
SELECT p.pid, d.datname, r.rolname AS usename, p.phase, p.epoch, p.epochs, p.loss, p.validation_score,
	p.started, p.estimated_end
FROM vgae_get_progress() p
	LEFT JOIN pg_catalog.pg_database d ON d.oid OPERATOR(pg_catalog.=) p.datid
	LEFT JOIN pg_catalog.pg_roles r ON r.oid OPERATOR(pg_catalog.=) p.usesysid;

GRANT SELECT ON vgae_progress TO PUBLIC;

COMMENT ON VIEW vgae_progress IS
$$Shows a row for each training that is running in any session of the server: the process, its database
and user, and how far it is.
phase is reading, training, then calibrating (gae and vgae) or encoding (ae and vae), and writing; epoch is
the last one that ended, of at most epochs; loss and validation_score (the mean of AUC and average
precision or, for ae and vae, the negative loss) are of that epoch; estimated_end is when the last epoch
would end, and NULL where that cannot be told.
As in pg_stat_activity, from phase on all is NULL for trainings of other users, unless the current user is a
member of that role or of pg_read_all_stats; and nothing is shown of sessions with track_activities off.
Example: SELECT pid, phase, epoch, epochs, estimated_end - now() AS remaining FROM vgae_progress$$;
