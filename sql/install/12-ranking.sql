/* Scores of rankings */

/*
 * The state is the rows so far, so both aggregates share one transition when a
 * query calls them on the same arguments: a final function must not change it.
 */
CREATE FUNCTION vgae_ranking_transition(state bytea, score float8, label boolean) RETURNS bytea
AS 'MODULE_PATHNAME', 'vgae_ranking_transition'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION vgae_ranking_transition(bytea, float8, boolean) IS
$$Adds a row to the state of the aggregates vgae_auc and vgae_average_precision.
It is not meant to be called directly.$$;

CREATE FUNCTION vgae_ranking_combine(state bytea, other bytea) RETURNS bytea
AS 'MODULE_PATHNAME', 'vgae_ranking_combine'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100;

COMMENT ON FUNCTION vgae_ranking_combine(bytea, bytea) IS
$$Merges two states of the aggregates vgae_auc and vgae_average_precision.
It is not meant to be called directly.$$;

CREATE FUNCTION vgae_auc_final(state bytea) RETURNS float8
AS 'MODULE_PATHNAME', 'vgae_auc_final'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000;

COMMENT ON FUNCTION vgae_auc_final(bytea) IS
$$Computes the result of the aggregate vgae_auc from its state.
It is not meant to be called directly.$$;

CREATE FUNCTION vgae_average_precision_final(state bytea) RETURNS float8
AS 'MODULE_PATHNAME', 'vgae_average_precision_final'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000;

COMMENT ON FUNCTION vgae_average_precision_final(bytea) IS
$$Computes the result of the aggregate vgae_average_precision from its state.
It is not meant to be called directly.$$;

CREATE AGGREGATE vgae_auc(score float8, label boolean) (
	SFUNC = vgae_ranking_transition,
	STYPE = bytea,
	COMBINEFUNC = vgae_ranking_combine,
	FINALFUNC = vgae_auc_final,
	PARALLEL = SAFE
);

COMMENT ON AGGREGATE vgae_auc(float8, boolean) IS
$$Returns the area under the ROC curve of any scores: the share of the pairs of a true and a false label in
which the true one has the higher score, ties counting one half.
Rows where score or label is NULL are left out; the result is NULL unless both labels occur.
A score that is NaN is an error.
Example: SELECT vgae_auc(vgae_link_score(model, src, dst), is_edge) FROM models, candidate_pair$$;

CREATE AGGREGATE vgae_average_precision(score float8, label boolean) (
	SFUNC = vgae_ranking_transition,
	STYPE = bytea,
	COMBINEFUNC = vgae_ranking_combine,
	FINALFUNC = vgae_average_precision_final,
	PARALLEL = SAFE
);

COMMENT ON AGGREGATE vgae_average_precision(float8, boolean) IS
$$Returns the average precision of any scores, higher ones meaning that the label is likelier true: the
precision at each threshold weighted by the recall gained there, equal scores forming one threshold.
Rows where score or label is NULL are left out; the result is NULL unless both labels occur.
A score that is NaN is an error.
Example: SELECT vgae_average_precision(vgae_link_score(model, src, dst), is_edge) FROM models, candidate_pair$$;
